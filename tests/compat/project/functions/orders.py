"""Two tables that must never be seen apart: an order knows how many lines it has."""

from __future__ import annotations

from reactor import MutationCtx, QueryCtx, mutation, query
from schema import Line, Order


async def find(ctx: QueryCtx, name: str) -> Order | None:
    return await ctx.db.query(Order).with_index(Order.by_name, Order.name == name).unique()


@mutation
async def add_line(ctx: MutationCtx, *, name: str) -> int:
    order = await find(ctx, name)
    if order is None:
        order = await ctx.db.require(await ctx.db.insert(Order(name=name)))
    number = order.line_count + 1
    await ctx.db.insert(Line(order_id=order.id, number=number))
    await ctx.db.patch(order.id, Order.line_count.set(number))
    return number


@query
async def line_count(ctx: QueryCtx, *, name: str) -> int:
    order = await find(ctx, name)
    return 0 if order is None else order.line_count


@query
async def lines(ctx: QueryCtx, *, name: str) -> list[int]:
    order = await find(ctx, name)
    if order is None:
        return []
    rows = ctx.db.query(Line).with_index(Line.by_order, Line.order_id == order.id)
    return [row.number for row in await rows.collect()]
