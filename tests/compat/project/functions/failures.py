"""Errors of every kind, from queries and from mutations."""

from __future__ import annotations

from typing import Any

from functions import counters
from reactor import AppError, MutationCtx, QueryCtx, mutation, query


@query
async def refuse(ctx: QueryCtx, *, data: Any) -> None:
    raise AppError(data)


@query
async def crash(ctx: QueryCtx, *, message: str) -> None:
    raise RuntimeError(message)


@mutation
async def refuse_write(ctx: MutationCtx, *, data: Any, name: str = "refused") -> None:
    """Writes first, so that a failure that does not roll back shows."""
    await counters.add(ctx, name, 1)
    raise AppError(data)


@mutation
async def crash_write(ctx: MutationCtx, *, message: str, name: str = "crashed") -> None:
    await counters.add(ctx, name, 1)
    raise RuntimeError(message)


async def require_at_least(ctx: QueryCtx, name: str, least: int) -> int:
    counter = await counters.find(ctx, name)
    value = 0 if counter is None else counter.value
    if value < least:
        raise AppError({"code": "TOO_LOW", "value": value})
    return value


@query
async def at_least(ctx: QueryCtx, *, name: str, least: int) -> int:
    """Fails until the counter has reached `least`."""
    return await require_at_least(ctx, name, least)


@mutation
async def refuse_below(ctx: MutationCtx, *, name: str, least: int) -> int:
    """Fails until the counter has reached `least`; then adds one."""
    await require_at_least(ctx, name, least)
    return await counters.add(ctx, name, 1)
