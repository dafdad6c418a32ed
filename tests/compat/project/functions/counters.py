"""A counter by name: the smallest thing that can be lost, doubled or reordered."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from reactor import MutationCtx, QueryCtx, internal_mutation, internal_query, mutation, query
from schema import Counter


async def find(ctx: QueryCtx, name: str) -> Counter | None:
    return await ctx.db.query(Counter).with_index(Counter.by_name, Counter.name == name).unique()


async def add(ctx: MutationCtx, name: str, by: int) -> int:
    counter = await find(ctx, name)
    if counter is None:
        await ctx.db.insert(Counter(name=name, value=by))
        return by
    await ctx.db.patch(counter.id, Counter.value.set(counter.value + by))
    return counter.value + by


@query
async def get(ctx: QueryCtx, *, name: str) -> int:
    counter = await find(ctx, name)
    return 0 if counter is None else counter.value


@mutation
async def increment(ctx: MutationCtx, *, name: str, by: int = 1) -> int:
    return await add(ctx, name, by)


@mutation
async def increment_slowly(ctx: MutationCtx, *, name: str, ms: int = 0) -> int:
    """Gives way between its read and its write, so that others can commit meanwhile."""
    counter = await find(ctx, name)
    before = 0 if counter is None else counter.value
    with suppress(TimeoutError):
        async with asyncio.timeout(ms / 1000):
            await asyncio.get_running_loop().create_future()
    after = await add(ctx, name, 1)
    assert after == before + 1, "a transaction sees one snapshot"
    return after


@mutation
async def touch(ctx: MutationCtx, *, name: str) -> None:
    """Writes what is there already."""
    counter = await find(ctx, name)
    if counter is not None:
        await ctx.db.patch(counter.id, Counter.value.set(counter.value))


@internal_query
async def secret(ctx: QueryCtx) -> str:
    return "only for the inside"


@internal_mutation
async def reset(ctx: MutationCtx, *, name: str) -> None:
    counter = await find(ctx, name)
    if counter is not None:
        await ctx.db.delete(counter.id)
