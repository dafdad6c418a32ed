"""Every Convex value, there and back."""

from __future__ import annotations

from typing import Any, cast

from reactor import Id, Int64, MutationCtx, QueryCtx, mutation, query
from schema import Measure, Value


@query
async def echo(ctx: QueryCtx, *, value: Any) -> Any:
    return value


@mutation
async def echo_write(ctx: MutationCtx, *, value: Any) -> Any:
    return value


@mutation
async def store(ctx: MutationCtx, *, value: Any) -> Id[Value]:
    return await ctx.db.insert(Value(value=value))


@query
async def load(ctx: QueryCtx, *, id: Id[Value]) -> Any:
    stored = await ctx.db.get(id)
    return None if stored is None else stored.value


@mutation
async def measure(
    ctx: MutationCtx,
    *,
    text: str,
    number: float,
    whole: int,
    big: Int64,
    flag: bool,
    raw: bytes,
    maybe: str | None = None,
) -> Measure:
    measure_id = await ctx.db.insert(
        Measure(text=text, number=number, whole=whole, big=big, flag=flag, raw=raw, maybe=maybe)
    )
    return await ctx.db.require(measure_id)


@query
async def wrong_result(ctx: QueryCtx) -> int:
    return cast("int", "not a number")
