"""What clients ask of the atlas."""

from __future__ import annotations

from typing import Any

from reactor import ActionCtx, Id, MutationCtx, QueryCtx, action, internal_query, mutation
from tests.unit.sample.atlas.schema import Place


@mutation
async def add(
    ctx: MutationCtx, *, name: str, likeness: list[float], country: str = "id"
) -> Id[Place]:
    return await ctx.db.insert(Place(name=name, country=country, likeness=likeness))


@internal_query
async def names_of(ctx: QueryCtx, *, ids: list[Id[Place]]) -> list[str]:
    found = [await ctx.db.get(id) for id in ids]
    return [place.name for place in found if place is not None]


@action
async def like(ctx: ActionCtx, *, likeness: list[float], limit: int = 10) -> list[str]:
    """As Convex's developers do it: ids from the index, documents from a query."""
    found = await ctx.vector_search(Place.nearest, likeness, limit=limit)
    return await ctx.run_query(names_of, ids=[one.id for one in found])


@action
async def scores(ctx: ActionCtx, *, likeness: list[float]) -> Any:
    return await ctx.vector_search(Place.nearest, likeness)
