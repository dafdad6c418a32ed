"""Items written and counted, each figure from one range of the index."""

from __future__ import annotations

from typing import Any

from reactor import (
    ABSENT,
    Bound,
    IndexedQuery,
    MutationCtx,
    Object,
    QueryCtx,
    mutation,
    query,
)
from reactor.contrib.aggregate.bounds import Bounds, Order
from reactor.contrib.aggregate.schema import PARTS, Item
from reactor.errors import DeveloperError


class Target(Object):
    """Which aggregate, and which of its namespaces."""

    name: str
    namespace: Any


class Entry(Object):
    """An item as it stands in an aggregate: a key of several parts is a list here."""

    item: str
    namespace: Any
    key: Any
    value: float


@mutation
async def insert(
    ctx: MutationCtx, *, target: Target, item: str, key: list[Any], value: float
) -> None:
    """Adds an item that is not there."""
    if await _find(ctx, target.name, item) is not None:
        raise DeveloperError(
            f"item {item} is in aggregate {target.name!r} already; use replace or put",
            code="AggregateItemExists",
        )
    await ctx.db.insert(_made(target, item, key, value))


@mutation
async def replace(
    ctx: MutationCtx, *, target: Target, item: str, key: list[Any], value: float
) -> None:
    """Moves an item that is there."""
    found = await _required(ctx, target.name, item)
    await ctx.db.replace(found.id, _made(target, item, key, value))


@mutation
async def put(ctx: MutationCtx, *, target: Target, item: str, key: list[Any], value: float) -> None:
    """Adds an item, or moves it."""
    found = await _find(ctx, target.name, item)
    if found is None:
        await ctx.db.insert(_made(target, item, key, value))
    else:
        await ctx.db.replace(found.id, _made(target, item, key, value))


@mutation
async def delete(ctx: MutationCtx, *, name: str, item: str) -> None:
    """Removes an item that is there."""
    found = await _required(ctx, name, item)
    await ctx.db.delete(found.id)


@mutation
async def clear(ctx: MutationCtx, *, target: Target, limit: int) -> bool:
    """Removes some items of a namespace; whether there are more."""
    found = await _range(ctx, target, Bounds()).take(limit + 1)
    for item in found[:limit]:
        await ctx.db.delete(item.id)
    return len(found) > limit


@query
async def count(ctx: QueryCtx, *, target: Target, bounds: Bounds) -> int:
    """How many items lie in a range."""
    return await _range(ctx, target, bounds).count()


@query
async def total(ctx: QueryCtx, *, target: Target, bounds: Bounds) -> float:
    """The sum of the values in a range."""
    return await _range(ctx, target, bounds).sum(Item.value)


@query
async def at(
    ctx: QueryCtx, *, target: Target, bounds: Bounds, offset: int, order: Order
) -> Entry | None:
    """The item at a position of a range."""
    found = await _range(ctx, target, bounds).order(order).nth(offset)
    return None if found is None else _entry(found)


@query
async def entries(
    ctx: QueryCtx, *, target: Target, bounds: Bounds, limit: int, order: Order
) -> list[Entry]:
    """The first items of a range."""
    found = await _range(ctx, target, bounds).order(order).take(limit)
    return [_entry(item) for item in found]


@query
async def find(ctx: QueryCtx, *, name: str, item: str) -> Entry | None:
    """An item, in whatever namespace it stands."""
    found = await _find(ctx, name, item)
    return None if found is None else _entry(found)


@query
async def rank(
    ctx: QueryCtx, *, target: Target, key: list[Any], item: str | None, order: Order
) -> int:
    """How many items stand before a key, or before an item at that key.

    Those before a key of three parts are those with a smaller first part, those with the same
    first and a smaller second, and so on: one count for each part, and no row is read.
    """
    before, smaller = 0, order == "asc"
    for part in range(len(key)):
        here = _columns(key[:part])
        edge = PARTS[part] < key[part] if smaller else PARTS[part] > key[part]
        before += await _where(ctx, target, [*here, edge]).count()
    if not smaller and len(key) < len(PARTS):
        longer = [*_columns(key), PARTS[len(key)].is_present()]
        before += await _where(ctx, target, longer).count()
    if item is not None:
        same = [*_columns(key), *(column.is_absent() for column in PARTS[len(key) :])]
        edge = Item.item < item if smaller else Item.item > item
        before += await _where(ctx, target, [*same, edge]).count()
    return before


def _made(target: Target, item: str, key: list[Any], value: float) -> Item:
    parts = {column.path: part for column, part in zip(PARTS, key, strict=False)}
    return Item(name=target.name, namespace=target.namespace, item=item, value=value, **parts)


def _entry(item: Item) -> Entry:
    parts = [getattr(item, column.path) for column in PARTS]
    key = [part for part in parts if part is not ABSENT]
    return Entry(
        item=item.item,
        namespace=item.namespace,
        key=key[0] if len(key) == 1 else key,
        value=item.value,
    )


async def _find(ctx: QueryCtx, name: str, item: str) -> Item | None:
    named = (Item.name == name, Item.item == item)
    return await ctx.db.query(Item).with_index(Item.by_item, *named).unique()


async def _required(ctx: QueryCtx, name: str, item: str) -> Item:
    found = await _find(ctx, name, item)
    if found is None:
        raise DeveloperError(
            f"item {item} is not in aggregate {name!r}; was it written without it?",
            code="AggregateItemMissing",
        )
    return found


def _range(ctx: QueryCtx, target: Target, bounds: Bounds) -> IndexedQuery[Item]:
    where, next_part = _columns(bounds.prefix), len(bounds.prefix)
    if bounds.lower is not ABSENT or bounds.upper is not ABSENT:
        if next_part == len(PARTS):
            raise DeveloperError(
                "the prefix has all parts of a key, so there is none left to lie between two ends",
                code="InvalidAggregateKey",
            )
        column = PARTS[next_part]
        if bounds.lower is not ABSENT:
            low = bounds.lower
            where.append(column >= low.value if low.closed else column > low.value)
        elif next_part > 0:
            # A key without that part sorts before all that have it, but has nothing to compare.
            where.append(column.is_present())
        if bounds.upper is not ABSENT:
            high = bounds.upper
            where.append(column <= high.value if high.closed else column < high.value)
    return _where(ctx, target, where)


def _columns(parts: list[Any]) -> list[Bound[Item]]:
    return [column.is_(part) for column, part in zip(PARTS, parts, strict=False)]


def _where(ctx: QueryCtx, target: Target, bounds: list[Bound[Item]]) -> IndexedQuery[Item]:
    own = (Item.name == target.name, Item.namespace.is_(target.namespace))
    return ctx.db.query(Item).with_index(Item.by_key, *own, *bounds)
