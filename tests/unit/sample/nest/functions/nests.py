"""Passes everything on to the component inside."""

from __future__ import annotations

from typing import Any

from reactor import MutationCtx, QueryCtx, mutation, query
from tests.unit.sample.nest import inner
from tests.unit.sample.tally.functions import tallies


@query
async def get(ctx: QueryCtx, name: str) -> int:
    return await ctx.run_query(inner(tallies.get), name=name)


@mutation
async def add(ctx: MutationCtx, name: str) -> str:
    return await ctx.run_mutation(inner(tallies.add), name=name)


@query
async def who(ctx: QueryCtx) -> list[Any]:
    return await ctx.run_query(inner(tallies.who))


@query
async def inner_handle(ctx: QueryCtx) -> str:
    return inner(tallies.get).handle
