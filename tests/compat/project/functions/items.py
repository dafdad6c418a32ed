"""Ordered rows in buckets: ranges, pages, points."""

from __future__ import annotations

from reactor import Id, MutationCtx, Page, PaginationOptions, QueryCtx, mutation, query
from schema import Item


@mutation
async def add(ctx: MutationCtx, *, bucket: str, rank: float, label: str = "") -> Id[Item]:
    return await ctx.db.insert(Item(bucket=bucket, rank=rank, label=label))


@mutation
async def add_many(ctx: MutationCtx, *, bucket: str, ranks: list[float]) -> list[Id[Item]]:
    return [await ctx.db.insert(Item(bucket=bucket, rank=rank, label="")) for rank in ranks]


@mutation
async def relabel(ctx: MutationCtx, *, id: Id[Item], label: str) -> None:
    await ctx.db.patch(id, Item.label.set(label))


@mutation
async def remove(ctx: MutationCtx, *, id: Id[Item]) -> None:
    await ctx.db.delete(id)


@query
async def get(ctx: QueryCtx, *, id: Id[Item]) -> Item | None:
    return await ctx.db.get(id)


@query
async def first_five(ctx: QueryCtx, *, bucket: str) -> list[float]:
    rows = ctx.db.query(Item).with_index(Item.by_bucket_and_rank, Item.bucket == bucket)
    return [row.rank for row in await rows.take(5)]


@query
async def between(ctx: QueryCtx, *, bucket: str, low: float, high: float) -> list[float]:
    rows = ctx.db.query(Item).with_index(
        Item.by_bucket_and_rank, Item.bucket == bucket, Item.rank >= low, Item.rank < high
    )
    return [row.rank for row in await rows.collect()]


@query
async def highest(ctx: QueryCtx, *, bucket: str) -> float | None:
    """The rank only: a change of the row's label is read, yet leaves the result as it was."""
    rows = ctx.db.query(Item).with_index(Item.by_bucket_and_rank, Item.bucket == bucket)
    row = await rows.order("desc").first()
    return None if row is None else row.rank


@query
async def page(ctx: QueryCtx, *, pagination_opts: PaginationOptions, bucket: str) -> Page[Item]:
    rows = ctx.db.query(Item).with_index(Item.by_bucket_and_rank, Item.bucket == bucket)
    return await rows.paginate(pagination_opts)
