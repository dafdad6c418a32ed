"""Orders, as often as they are allowed."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from reactor import ActionCtx, AppError, MutationCtx, QueryCtx, action, mutation, query
from reactor.contrib import MINUTE, Rate, RateLimiter
from tests.unit.contrib.shop.schema import Order
from tests.unit.sample.gate import gate

orders: Final = RateLimiter("orders", Rate.fixed_window(3, MINUTE))
sharded: Final = RateLimiter("sharded", Rate.token_bucket(8, MINUTE), shards=4)


@mutation
async def buy(ctx: MutationCtx, *, who: str, price: float = 1.0) -> None:
    await orders.consume(ctx, key=who)
    await ctx.db.insert(Order(who=who, price=price))


@mutation
async def buy_and_fail(ctx: MutationCtx, *, who: str) -> None:
    await orders.consume(ctx, key=who)
    raise AppError("out of stock")


@mutation
async def buy_slowly(ctx: MutationCtx) -> None:
    """Everybody's limit, taken by mutations that are under way at the same time."""
    await orders.consume(ctx)
    await gate.passing()
    await ctx.db.insert(Order(who="", price=1.0))


@mutation
async def buy_sharded(ctx: MutationCtx) -> None:
    await sharded.consume(ctx)


@action
async def call_out(ctx: ActionCtx, *, who: str) -> float:
    await orders.consume(ctx, key=who)
    return await orders.remaining(ctx, key=who)


@query
async def wait(ctx: QueryCtx, *, who: str) -> float | None:
    found = await orders.retry_after(ctx, key=who)
    return None if found is None else found / timedelta(milliseconds=1)
