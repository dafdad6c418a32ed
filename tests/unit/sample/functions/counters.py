"""Counters: read, add, add while suspended."""

from __future__ import annotations

import asyncio

from reactor import AppError, MutationCtx, QueryCtx, internal_query, mutation, query
from tests.unit.sample.functions._counting import store, value_of
from tests.unit.sample.gate import gate


@query
async def get(ctx: QueryCtx, name: str) -> int:
    return await value_of(ctx, name)


@query
async def is_big(ctx: QueryCtx, name: str) -> bool:
    return await value_of(ctx, name) >= 100


@internal_query
async def secret(ctx: QueryCtx) -> str:
    return "internal"


@mutation
async def add(ctx: MutationCtx, name: str, by: int = 1) -> int:
    value = await value_of(ctx, name) + by
    await store(ctx, name, value)
    return value


@mutation
async def add_and_fail(ctx: MutationCtx, name: str) -> None:
    await store(ctx, name, 1_000)
    raise AppError({"code": "REFUSED"})


@mutation
async def look(ctx: MutationCtx, name: str) -> int:
    return await value_of(ctx, name)


@mutation
async def slow_add(ctx: MutationCtx, name: str) -> int:
    value = await value_of(ctx, name)
    await gate.passing()
    await store(ctx, name, value + 1)
    return value + 1


@mutation
async def slow_take(ctx: MutationCtx, name: str) -> int:
    """Takes one, if there is one."""
    value = await value_of(ctx, name)
    await gate.passing()
    if not value:
        raise AppError({"code": "NOTHING_LEFT"})
    await store(ctx, name, value - 1)
    return value - 1


@query
async def slow_get(ctx: QueryCtx, name: str) -> int:
    value = await value_of(ctx, name)
    await gate.passing()
    return value


@query
async def slow_is_big(ctx: QueryCtx, name: str) -> bool:
    await gate.passing()
    return await value_of(ctx, name) >= 100


@query
async def slow_pair(ctx: QueryCtx, first: str, second: str) -> list[int]:
    one = await value_of(ctx, first)
    await gate.passing()
    return [one, await value_of(ctx, second)]


@query
async def by_sleep(ctx: QueryCtx, name: str) -> int:
    await asyncio.sleep(0)  # noqa: TID251  # handlers may use asyncio as they like
    return await value_of(ctx, name)


@query
async def by_gather(ctx: QueryCtx, name: str) -> int:
    one, two = await asyncio.gather(value_of(ctx, name), value_of(ctx, name))
    return max(one, two)


@query
async def by_group(ctx: QueryCtx, name: str) -> int:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(value_of(ctx, name))
    return task.result()


@query
async def by_timeout(ctx: QueryCtx, name: str) -> int:
    async with asyncio.timeout(10):
        await gate.passing()
        return await value_of(ctx, name)


@query
async def times_out(ctx: QueryCtx) -> str:
    try:
        async with asyncio.timeout(0):
            await asyncio.get_running_loop().create_future()
    except TimeoutError:
        return "timed out"
    return "went on"


@mutation
async def add_by_sleep(ctx: MutationCtx, name: str) -> int:
    await asyncio.sleep(0)  # noqa: TID251  # handlers may use asyncio as they like
    return await _add(ctx, name)


@mutation
async def add_by_gather(ctx: MutationCtx, name: str) -> int:
    _, value = await asyncio.gather(gate.passing(), _add(ctx, name))
    return value


@mutation
async def add_by_group(ctx: MutationCtx, name: str) -> int:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(_slowly(ctx, name))
    return task.result()


@mutation
async def fail_in_group(ctx: MutationCtx) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(_refuse())


@mutation
async def add_by_timeout(ctx: MutationCtx, name: str) -> int:
    async with asyncio.timeout(10):
        await gate.passing()
        return await _add(ctx, name)


async def _refuse() -> None:
    raise AppError({"code": "REFUSED"})


async def _add(ctx: MutationCtx, name: str) -> int:
    value = await value_of(ctx, name) + 1
    await store(ctx, name, value)
    return value


async def _slowly(ctx: MutationCtx, name: str) -> int:
    value = await value_of(ctx, name) + 1
    await gate.passing()
    await store(ctx, name, value)
    return value
