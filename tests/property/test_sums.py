"""Sums, counts and positions of an index against plain lists, with and without pending writes."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from reactor.log.sums import Sums
from tests.unit.transaction.world import Note, World, drive, note

numbers = st.one_of(
    st.none(), st.integers(-9, 9), st.floats(-1e6, 1e6), st.sampled_from([1e300, -1e300])
)
moves = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2), numbers), max_size=40)


@settings(max_examples=100)
@given(moves, st.integers(0, 40), st.integers(-1, 3), st.integers(-1, 3))
def test_a_range_sums_to_what_it_holds(
    steps: list[tuple[int, int, float | None]], committed: int, low: int, high: int
) -> None:
    """The first writes are committed, the rest pending in the transaction that asks."""
    world = World()
    ids: dict[int, Any] = {}
    rows: dict[int, tuple[int, float | None]] = {}

    def write(db: Any, step: tuple[int, int, float | None]) -> None:
        which, n, rank = step
        if which in ids and rank is None and n == 0:
            drive(db.delete(ids.pop(which)))
            del rows[which]
            return
        rows[which] = (n, rank)
        made = note("x", n, rank=rank)
        if which in ids:
            drive(db.replace(ids[which], made))
        else:
            ids[which] = drive(db.insert(made))

    for step in steps[:committed]:
        with world.mutation() as db:
            write(db, step)
    tx = world.tx()
    for step in steps[committed:]:
        write(world.writer(tx), step)
    bounds = (Note.topic == "x", Note.n >= low, Note.n < high)
    query = world.reader(tx).query(Note).with_index(Note.by_topic_and_n, *bounds)
    inside = [rank for n, rank in rows.values() if low <= n < high]
    expected = sum((Fraction(rank) for rank in inside if rank is not None), Fraction())
    assert drive(query.sum(Note.rank)) == float(expected)


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 40), st.floats(allow_nan=False)), max_size=80), st.data())
def test_small_blocks_split_and_vanish_alike(puts: list[tuple[int, float]], data: Any) -> None:
    kept: dict[bytes, float] = {}
    sums = Sums()
    with patch("reactor.log.sums.BLOCK_MAX", 4):
        for n, number in puts:
            key = bytes([n])
            if number == 0.0:
                sums.remove(key)
                kept.pop(key, None)
            else:
                sums.put(key, number)
                kept[key] = number
    low, high = sorted(data.draw(st.tuples(st.integers(0, 41), st.integers(0, 41))))
    inside = [x for key, x in kept.items() if bytes([low]) <= key < bytes([high])]
    total = sums.total(bytes([low]), bytes([high])).rounded()
    assert repr(total) == repr(_exactly(inside))


def _exactly(numbers: list[float]) -> float:
    odd = [number for number in numbers if math.isinf(number)]
    if odd:
        return sum(odd)
    total = sum(map(Fraction, numbers), Fraction())
    try:
        return float(total)
    except OverflowError:
        return math.inf if total > 0 else -math.inf
