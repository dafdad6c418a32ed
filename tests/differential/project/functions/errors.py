"""Failures of every kind."""

from __future__ import annotations

from typing import Any

from reactor import ActionCtx, AppError, MutationCtx, QueryCtx, action, mutation, query
from schema import Row


@query
async def refuse(ctx: QueryCtx, *, data: Any) -> None:
    raise AppError(data)


@action
async def refuse_action(ctx: ActionCtx, *, data: Any) -> None:
    raise AppError(data)


@mutation
async def refuse_write(ctx: MutationCtx, *, data: Any) -> None:
    await ctx.db.insert(Row(label="refused"))
    raise AppError(data)


@query
async def crash(ctx: QueryCtx, *, message: str) -> None:
    raise RuntimeError(message)


@mutation
async def crash_write(ctx: MutationCtx, *, message: str) -> None:
    raise RuntimeError(message)


@action
async def crash_action(ctx: ActionCtx, *, message: str) -> None:
    raise RuntimeError(message)
