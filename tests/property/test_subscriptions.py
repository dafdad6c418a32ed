"""Read sets and subscriptions never miss a write that matters, and wake nobody else."""

from __future__ import annotations

from typing import Any
from unittest import mock

from hypothesis import given, settings
from hypothesis import strategies as st

from reactor.log import subscriptions as subscriptions_module
from reactor.log.reads import Range, ReadSet
from reactor.log.snapshot import Touch
from reactor.log.subscriptions import RangeSet, Subscriptions, Token
from reactor.values.order import encode_key
from reactor.values.types import ABSENT
from tests.unit.log.world import World, id_, part, raw, whole

topics = st.sampled_from(["a", "a\x00", "b"])
small = st.integers(0, 4)
# A read: the index, an equality prefix, and bounds on the next column or none.
range_reads = st.one_of(
    st.tuples(st.just("by_topic_and_n"), st.tuples(topics), st.none() | st.tuples(small, small)),
    st.tuples(st.just("by_topic_and_n"), st.tuples(topics, small), st.none()),
    st.tuples(st.just("by_topic_and_n"), st.just(()), st.none() | st.tuples(topics, topics)),
    st.tuples(st.just("by_topic"), st.tuples(topics), st.none() | st.tuples(small, small)),
    st.tuples(st.just("by_creation_time"), st.just(()), st.none() | st.tuples(small, small)),
)
read_sets = st.lists(
    st.tuples(st.lists(range_reads, max_size=3), st.lists(small, max_size=2)),
    min_size=1,
    max_size=8,
)
fields = st.none() | st.tuples(topics | st.just(ABSENT), small)
writes = st.lists(st.tuples(small, fields), max_size=12)


def read_set(world: World, ranges: list[Any], points: list[int]) -> ReadSet:
    intervals = [interval(world, *one) for one in ranges]
    return ReadSet({(world.table, id_(number)): None for number in points}, intervals)


def interval(world: World, name: str, prefix: tuple[Any, ...], bounds: Any) -> Range:
    index = world.table.indexes[name]
    if bounds is None:
        return whole(index, *prefix)
    return part(index, *prefix, low=bounds[0], high=bounds[1])


def body(number: int, fields: tuple[Any, int] | None) -> bytes | None:
    if fields is None:
        return None
    topic = {} if fields[0] is ABSENT else {"topic": fields[0]}
    return raw(number, n=fields[1], **topic)


def seen(world: World, reads: ReadSet) -> Any:
    """What a function with this read set would see, found by looking at every document."""
    points = {id: world.table.documents.get(id) for _, id in reads.points}
    rows: list[Any] = []
    for one in reads.ranges:
        for id, stored in world.table.documents.items():
            for index, _, key in world.table.keys(id, stored):
                if index is one.source and one.low <= key < one.high:
                    rows.append((one.low, one.high, index.name, key, stored))
    return points, sorted(rows)


@settings(max_examples=200)
@given(read_sets, writes, st.data())
def test_exactly_those_whose_view_changed_are_woken(
    sets: list[Any], moves: list[Any], data: st.DataObject
) -> None:
    """A stale list on a screen is a missed wake-up; a needless one is a slow server."""
    world, subscriptions = World(), Subscriptions()
    live = {f"query {at}": read_set(world, *one) for at, one in enumerate(sets)}
    for token, reads in live.items():
        subscriptions.add(token, reads)
    for number, wanted in moves:
        new = body(number, wanted)
        old = world.table.documents.get(id_(number))
        if old == new:
            continue  # the transaction drops writes that change nothing
        before = {token: seen(world, reads) for token, reads in live.items()}
        touch = world.apply(number, new)
        changed = {token for token, reads in live.items() if seen(world, reads) != before[token]}
        assert woken(subscriptions, touch) == changed
        assert {token for token, reads in live.items() if reads.is_touched_by([touch])} == changed
        ends = data.draw(st.booleans())
        if live and ends:
            gone = data.draw(st.sampled_from(sorted(live)))
            subscriptions.remove(gone, live.pop(gone))
    for token, reads in live.items():
        subscriptions.remove(token, reads)
    assert subscriptions.__dict__ == Subscriptions().__dict__, "nothing is left behind"


def woken(subscriptions: Subscriptions, touch: Touch) -> set[Token]:
    out: dict[Token, None] = {}
    subscriptions.affected(touch, out)
    return set(out)


def test_range_set_is_a_list_of_ranges() -> None:
    """With blocks of four and groups of two, some dozens of ranges make every kind of split."""
    with (
        mock.patch.object(subscriptions_module, "BLOCK_MAX", 4),
        mock.patch.object(subscriptions_module, "GROUP", 2),
    ):
        compare_range_set()


spans = st.tuples(st.integers(0, 20), st.integers(0, 20))


@settings(max_examples=300)
@given(st.lists(spans, max_size=60), st.data())
def compare_range_set(added: list[tuple[int, int]], data: st.DataObject) -> None:
    ranges, model = RangeSet(), dict[str, tuple[int, int]]()
    for at, (low, high) in enumerate(added):
        token = f"query {at}"
        ranges.add(encode_key(low), encode_key(high), token)
        model[token] = (low, high)
    check_range_set(ranges, model)
    for token in data.draw(st.permutations(sorted(model)))[: len(model) * 3 // 4]:
        low, high = model.pop(token)
        ranges.discard(encode_key(low), encode_key(high), token)
    check_range_set(ranges, model)
    for at, (low, high) in enumerate(added):
        ranges.add(encode_key(high), encode_key(low + 1), f"later {at}")
        model[f"later {at}"] = (high, low + 1)
    check_range_set(ranges, model)


def check_range_set(ranges: RangeSet, model: dict[str, tuple[int, int]]) -> None:
    assert ranges.size == len(model)
    for probe in range(-1, 22):
        out: dict[Token, None] = {}
        ranges.holding(encode_key(probe), out)
        assert set(out) == {token for token, (low, high) in model.items() if low <= probe < high}
