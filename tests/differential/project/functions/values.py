"""Every value, there and back."""

from __future__ import annotations

from typing import Any

from reactor import ActionCtx, Id, MutationCtx, QueryCtx, action, mutation, query
from schema import Value


@query
async def echo(ctx: QueryCtx, *, value: Any) -> Any:
    return value


@mutation
async def echo_write(ctx: MutationCtx, *, value: Any) -> Any:
    return value


@action
async def echo_action(ctx: ActionCtx, *, value: Any) -> Any:
    return value


@query
async def nothing(ctx: QueryCtx) -> None:
    return None


@mutation
async def store(ctx: MutationCtx, *, value: Any) -> Id[Value]:
    return await ctx.db.insert(Value(value=value))


@query
async def load(ctx: QueryCtx, *, id: Id[Value]) -> Any:
    stored = await ctx.db.get(id)
    return None if stored is None else stored.value


@query.options(name="all")
async def all_(ctx: QueryCtx) -> Any:
    return [one.value for one in await ctx.db.query(Value).collect()]
