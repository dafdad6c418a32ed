"""The aggregate against plain lists."""

from __future__ import annotations

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reactor import MutationCtx
from reactor.contrib import Aggregate, Bounds, prefix
from reactor.values.order import encode_key
from tests.unit.contrib.world import open_shop

part = st.one_of(st.none(), st.booleans(), st.integers(-2, 2), st.sampled_from(["", "a", "b"]))
keys = st.lists(part, min_size=1, max_size=3).map(tuple)
names = st.sampled_from("abcdefgh")
spaces = st.sampled_from([None, 0, "x"])
puts = st.lists(
    st.one_of(
        st.tuples(st.just("put"), names, keys, st.integers(-9, 9), spaces),
        st.tuples(st.just("delete"), names),
    ),
    max_size=25,
)
ends = st.one_of(st.none(), st.tuples(part, st.booleans()))
asked = st.tuples(st.lists(part, max_size=2).map(tuple), ends, ends, spaces, keys, names)

Row = tuple[str, tuple[Any, ...], float, Any]


def order(value: Any) -> bytes:
    return encode_key(float(value) if type(value) is int else value)


def place(row: Row) -> tuple[list[bytes], str]:
    return [order(one) for one in row[1]], row[0]


def inside(row: Row, question: Any) -> bool:
    start, low, high, namespace, _, _ = question
    key = row[1]
    if order(row[3]) != order(namespace):
        return False
    if [order(one) for one in key[: len(start)]] != [order(one) for one in start]:
        return False
    if low is None and high is None:
        return True
    if len(key) <= len(start):
        return False
    here = order(key[len(start)])
    if low is not None and (here < order(low[0]) or (here == order(low[0]) and not low[1])):
        return False
    return high is None or here < order(high[0]) or (here == order(high[0]) and high[1])


def bounds_of(question: Any) -> Bounds:
    start, low, high, *_ = question
    bounds = prefix(*start)
    if low is not None:
        bounds = bounds.at_least(low[0]) if low[1] else bounds.above(low[0])
    if high is not None:
        bounds = bounds.at_most(high[0]) if high[1] else bounds.below(high[0])
    return bounds


@settings(max_examples=40, deadline=None)
@given(puts, st.lists(asked, min_size=1, max_size=8))
def test_every_figure_is_what_a_list_says(steps: list[Any], questions: list[Any]) -> None:
    asyncio.run(_compare(steps, questions))


async def _compare(steps: list[Any], questions: list[Any]) -> None:
    aggregate = Aggregate[Any]("x")
    rows: dict[str, Row] = {}
    async with open_shop() as shop:

        async def write(ctx: MutationCtx) -> None:
            for what, name, *rest in steps:
                if what == "put":
                    key, value, namespace = rest
                    await aggregate.put(ctx, name, key, value=value, namespace=namespace)
                    rows[name] = (name, key, float(value), namespace)
                elif name in rows:
                    await aggregate.delete(ctx, name)
                    del rows[name]

        async def look(ctx: MutationCtx) -> None:
            for question in questions:
                await _ask(ctx, aggregate, rows, question)

        await shop.run(write)
        await shop.run(look)


async def _ask(
    ctx: MutationCtx, aggregate: Aggregate[Any], rows: dict[str, Row], question: Any
) -> None:
    bounds = bounds_of(question)
    *_, namespace, key, name = question
    whose: dict[str, Any] = {"namespace": namespace}
    found = sorted((row for row in rows.values() if inside(row, question)), key=place)
    assert await aggregate.count(ctx, bounds, **whose) == len(found)
    assert await aggregate.sum(ctx, bounds, **whose) == sum(row[2] for row in found)
    for offset in range(len(found) + 1):
        entry = await aggregate.at(ctx, offset, bounds, **whose)
        assert (entry.item if entry else None) == (found[offset][0] if found[offset:] else None)
    listed = await aggregate.entries(ctx, bounds, limit=3, order="desc", **whose)
    assert [entry.item for entry in listed] == [row[0] for row in found[::-1][:3]]
    own = [place(row) for row in rows.values() if order(row[3]) == order(namespace)]
    at = [order(one) for one in key]
    assert await aggregate.rank(ctx, key, **whose) == sum(one < at for one, _ in own)
    behind = sum(one > at for one, _ in own)
    assert await aggregate.rank(ctx, key, order="desc", **whose) == behind
    before = sum((one, item) < (at, name) for one, item in own)
    assert await aggregate.rank(ctx, key, item=name, **whose) == before
