"""What the shop sells, counted as it goes."""

from __future__ import annotations

from typing import Any, Final

from reactor import AppError, Id, MutationCtx, QueryCtx, mutation, query
from reactor.contrib import Aggregate, TableAggregate, prefix
from tests.unit.contrib.shop.schema import Order

sales: Final = TableAggregate(
    Order, key=lambda order: (order.who, order.price), value=lambda order: order.price
)
plays: Final = Aggregate[tuple[str, float]]("plays")


@mutation
async def sell(ctx: MutationCtx, *, who: str, price: float) -> Id[Order]:
    return await sales.insert(ctx, Order(who=who, price=price))


@mutation
async def sell_and_fail(ctx: MutationCtx, *, who: str) -> None:
    await sales.insert(ctx, Order(who=who, price=1.0))
    raise AppError("out of stock")


@mutation
async def reprice(ctx: MutationCtx, *, id: Id[Order], price: float) -> None:
    await sales.patch(ctx, id, Order.price.set(price))


@mutation
async def give_to(ctx: MutationCtx, *, id: Id[Order], who: str) -> None:
    await sales.replace(ctx, id, Order(who=who, price=0.0))


@mutation
async def cancel(ctx: MutationCtx, *, id: Id[Order]) -> None:
    await sales.delete(ctx, id)


@query
async def bought(ctx: QueryCtx, *, who: str) -> list[float]:
    """How many orders of a customer, and for how much."""
    return [await sales.count(ctx, prefix(who)), await sales.sum(ctx, prefix(who))]


@query
async def dearest(ctx: QueryCtx, *, who: str) -> Any:
    found = await sales.max(ctx, prefix(who))
    return None if found is None else found.key


@query
async def place(ctx: QueryCtx, *, rating: float) -> int:
    """How many play chess better than that."""
    rank = await plays.rank(ctx, ("chess", rating), order="desc")
    return rank - await plays.count(ctx, prefix("go"))
