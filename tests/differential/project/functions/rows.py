"""Index ranges, orders, filters and pages; a query is described by its arguments."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Literal, cast

from functions.docs import made
from reactor import (
    ABSENT,
    Bound,
    FieldRef,
    Flat,
    Id,
    IndexedQuery,
    IndexRef,
    MutationCtx,
    Object,
    OrderedQuery,
    Page,
    PaginationOptions,
    QueryCtx,
    mutation,
    query,
)
from schema import Row

INDEXES: dict[str, IndexRef[Row]] = {
    "by_id": Row.by_id,
    "by_creation_time": Row.by_creation_time,
    "by_label": Row.by_label,
    "by_a": Row.by_a,
    "by_a_and_b": Row.by_a_and_b,
    "by_inner_x": Row.by_inner_x,
}
FIELDS: dict[str, FieldRef[Row, Any]] = {
    "_id": Row.id,
    "_creationTime": Row.creation_time,
    "label": Row.label,
    "a": Row.a,
    "b": Row.b,
    "inner.x": Row.inner.at(lambda inner: inner.x),
}
COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq,
    "neq": operator.ne,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
}


class Selection(Object):
    """A query over the rows.

    A range or filter is a list of [operator, field, value]; "absent" and "present" take no value.
    """

    index: str | None = None
    range: list[Any] | None = None
    order: Literal["asc", "desc"] | None = None
    filter: list[Any] | None = None


def _bound(step: list[Any]) -> Bound[Row]:
    op, field = step[0], FIELDS[step[1]]
    if op == "absent":
        return field.is_absent()
    if op == "present":
        return field.is_present()
    bound: Bound[Row] = COMPARE[op](field, step[2])
    return bound


def _keeps(step: list[Any]) -> Callable[[Row], bool]:
    op, name = step[0], step[1]
    match op:
        case "not":
            return lambda row: getattr(row, name) != step[2]
        case "absent":
            return lambda row: getattr(row, name) is ABSENT
        case "oneOf":
            return lambda row: getattr(row, name) in step[2]
        case "between":
            return lambda row: step[2][0] <= getattr(row, name) <= step[2][1]
        case _:
            return lambda row: bool(COMPARE[op](getattr(row, name), step[2]))


def _select(ctx: QueryCtx, chosen: Selection) -> OrderedQuery[Row]:
    start = ctx.db.query(Row)
    ranged: IndexedQuery[Row] = start
    if chosen.index is not None:
        bounds = [_bound(step) for step in chosen.range or []]
        ranged = start.with_index(INDEXES[chosen.index], *bounds)
    ordered: OrderedQuery[Row] = ranged if chosen.order is None else ranged.order(chosen.order)
    for step in chosen.filter or []:
        ordered = ordered.filter(_keeps(step))
    return ordered


@mutation
async def add(ctx: MutationCtx, *, rows: list[Any]) -> list[Id[Row]]:
    return [await ctx.db.insert(cast("Row", made("rows", row))) for row in rows]


async def _labelled(ctx: QueryCtx, label: str) -> Row:
    row = await ctx.db.query(Row).with_index(Row.by_label, Row.label == label).unique()
    assert row is not None
    return row


@mutation
async def remove(ctx: MutationCtx, *, labels: list[str]) -> None:
    for label in labels:
        await ctx.db.delete((await _labelled(ctx, label)).id)


@mutation
async def move(ctx: MutationCtx, *, label: str, a: Any) -> None:
    await ctx.db.patch((await _labelled(ctx, label)).id, Row.a.set(a))


@query
async def read(
    ctx: QueryCtx, *, chosen: Flat[Selection], end: str = "collect", n: float | None = None
) -> Any:
    rows = _select(ctx, chosen)
    match end:
        case "collect":
            return [row.label for row in await rows.collect()]
        case "take":
            whole = cast("int", int(n) if n is not None and n.is_integer() else n)
            return [row.label for row in await rows.take(whole)]
        case "first":
            row = await rows.first()
            return None if row is None else row.label
        case "unique":
            row = await rows.unique()
            return None if row is None else row.label
        case "iterate":
            labels: list[str] = []
            async for row in rows:
                if n is not None and len(labels) >= n:
                    break
                labels.append(row.label)
            return labels
        case _:
            raise ValueError(f"no end {end}")


class Labels(Object):
    """A page without its hints for splitting, which the mock counts in its own way."""

    page: list[str]
    is_done: bool
    continue_cursor: str


@query
async def page(ctx: QueryCtx, *, chosen: Flat[Selection], opts: PaginationOptions) -> Labels:
    found = await _select(ctx, chosen).paginate(opts)
    labels = [row.label for row in found.page]
    return Labels(page=labels, is_done=found.is_done, continue_cursor=found.continue_cursor)


@query
async def two_pages(ctx: QueryCtx, *, opts: PaginationOptions) -> Page[Row]:
    await ctx.db.query(Row).paginate(opts)
    return await ctx.db.query(Row).paginate(opts)


@query
async def ordered_twice(ctx: QueryCtx) -> Any:
    ordered: Any = ctx.db.query(Row).order("asc")
    return await ordered.order("desc").collect()


@query
async def used_twice(ctx: QueryCtx) -> Any:
    rows = ctx.db.query(Row)
    first, last = await rows.first(), await rows.order("desc").first()
    assert first is not None
    assert last is not None
    return [first.label, len(await rows.collect()), last.label]


@query
async def ordered_used_twice(ctx: QueryCtx) -> Any:
    rows = ctx.db.query(Row).order("desc")
    await rows.collect()
    return await rows.collect()


@query
async def by_ids(ctx: QueryCtx, *, ids: list[str]) -> list[str | None]:
    rows = [await ctx.db.get(cast("Id[Row]", id)) for id in ids]
    return [None if row is None else row.label for row in rows]


@mutation
async def add_and_read(
    ctx: MutationCtx, *, rows: list[Any], drop: list[str], chosen: Flat[Selection]
) -> list[str]:
    """Reads its own writes: its rows stand in their places among the stored ones."""
    for row in rows:
        await ctx.db.insert(cast("Row", made("rows", row)))
    for label in drop:
        await ctx.db.delete((await _labelled(ctx, label)).id)
    return [row.label for row in await _select(ctx, chosen).collect()]
