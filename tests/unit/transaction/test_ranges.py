"""From comparisons to one interval of keys, and Convex's refusals."""

from __future__ import annotations

from typing import Any

import pytest

from reactor.errors import DatabaseError
from reactor.log.snapshot import prefix_end
from reactor.schema.columns import Bound
from reactor.schema.fields import Id
from reactor.schema.index import IndexRef
from reactor.transaction.query import index_data
from reactor.transaction.ranges import KeyRange, everything, key_range
from reactor.values.ids import decode_id, encode_id
from reactor.values.order import encode_key
from reactor.values.types import ABSENT, Int64
from tests.unit.transaction.world import Note, User, World, drive, note

AnyBounds = list[Bound[Any]]


def span(index: IndexRef[Note], *bounds: Bound[Any]) -> KeyRange:
    world = World()
    definition = world.definition(Note)
    return key_range(definition, index_data(world.tx(), definition, index), bounds)


def keys(*values: Any) -> bytes:
    return b"".join(map(encode_key, values))


def test_no_bounds_are_everything() -> None:
    assert span(Note.by_topic) == everything() == KeyRange(0, b"", b"", prefix_end(b""))


def test_equalities_are_a_prefix() -> None:
    """Their order does not matter, as long as they cover the first columns."""
    prefix = keys("ai", 2.0)
    expected = KeyRange(2, prefix, prefix, prefix_end(prefix))
    assert span(Note.by_topic_and_n, Note.topic == "ai", Note.n == 2) == expected
    assert span(Note.by_topic_and_n, Note.n == 2, Note.topic == "ai") == expected


def test_bounds_on_the_next_column() -> None:
    ai = Note.topic == "ai"
    prefix = keys("ai")
    two, five = keys("ai", 2.0), keys("ai", 5.0)
    cases: list[tuple[AnyBounds, bytes, bytes]] = [
        ([Note.n > 2], prefix_end(two), prefix_end(prefix)),
        ([Note.n >= 2], two, prefix_end(prefix)),
        ([Note.n < 5], prefix, five),
        ([Note.n <= 5], prefix, prefix_end(five)),
        ([Note.n >= 2, Note.n < 5], two, five),
        ([Note.n <= 5, Note.n > 2], prefix_end(two), prefix_end(five)),
    ]
    for bounds, low, high in cases:
        assert span(Note.by_topic_and_n, ai, *bounds) == KeyRange(1, prefix, low, high)


def test_a_range_that_ends_before_it_starts_is_empty() -> None:
    """`n > 5 and n < 2` gives nothing, and no error."""
    for bounds in ([Note.n > 5, Note.n < 2], [Note.n > 2, Note.n < 2]):
        found = span(Note.by_topic_and_n, Note.topic == "ai", *bounds)
        assert found.low == found.high


def test_the_creation_time_follows_every_index() -> None:
    """protocol.md 1.5: newest first within one topic and number."""
    prefix = keys("ai", 2.0)
    found = span(Note.by_topic_and_n, Note.topic == "ai", Note.n == 2, Note.creation_time >= 7.0)
    assert found == KeyRange(2, prefix, prefix + keys(7.0), prefix_end(prefix))
    exact = span(Note.by_topic, Note.topic == "ai", Note.creation_time == 7.0)
    assert (exact.depth, exact.prefix) == (2, keys("ai", 7.0))
    assert span(Note.by_creation_time, Note.creation_time > 7.0).low == prefix_end(keys(7.0))


def test_none_and_absent() -> None:
    """A column whose default is None stores None as a missing key; another stores null."""
    assert span(Note.by_rank, Note.rank.is_(None)).prefix == keys(ABSENT)
    assert span(Note.by_rank, Note.rank.is_absent()).prefix == keys(ABSENT)
    assert span(Note.by_rank, Note.rank.is_present()).low == prefix_end(keys(ABSENT))
    assert span(Note.by_parent, Note.parent.is_(None)).prefix == keys(None)
    assert span(Note.by_parent, Note.parent.is_absent()).prefix == keys(ABSENT)


def test_values_are_encoded_as_they_are_stored() -> None:
    assert span(Note.by_big, Note.big == Int64(5)).prefix == keys(Int64(5))
    assert span(Note.by_rank, Note.rank == 5).prefix == keys(5.0)
    assert span(Note.by_city, Note.address.at(lambda a: a.city) == "x").prefix == keys("x")


def test_ids() -> None:
    """by_id has no columns before the id, so all its readers stand under one prefix."""
    world = World()
    low, high = (encode_id(10_001, bytes([n] * 16)) for n in (3, 9))
    definition = world.definition(Note)
    index = index_data(world.tx(), definition, Note.by_id)
    found = key_range(definition, index, [Note.id > Id(low), Note.id <= Id(high)])
    inner = prefix_end(decode_id(low)[1]), prefix_end(decode_id(high)[1])
    assert found == KeyRange(0, b"", *inner)
    exact = key_range(definition, index, [Note.id == Id(low)])
    assert exact == KeyRange(0, b"", decode_id(low)[1], inner[0])


def test_what_remains_after_an_edge() -> None:
    whole = everything()
    assert whole.after(b"k", reverse=False) == whole._replace(low=b"k")
    assert whole.after(b"k", reverse=True) == whole._replace(high=b"k")


@pytest.mark.parametrize(
    ("bounds", "code"),
    [
        ([Note.topic == "a", Note.topic == "b"], "AlreadyDefinedBound"),
        ([Note.topic > "a", Note.topic >= "b"], "AlreadyDefinedBound"),
        ([Note.topic < "a", Note.topic <= "b"], "AlreadyDefinedBound"),
        ([Note.topic > "a", Note.n < 1], "BoundsOnMultipleFields"),
        ([Note.n == 1], "InvalidIndexRange"),
        ([Note.n > 1], "InvalidIndexRange"),
        ([Note.topic == "a", Note.topic > "a"], "InvalidIndexRange"),
        ([Note.topic == "a", Note.creation_time > 1.0], "InvalidIndexRange"),
        (
            [Note.topic == "a", Note.n == 1, Note.creation_time == 1.0, Note.n > 1],
            "InvalidIndexRange",
        ),
        ([Note.title == "a"], "FieldNotInIndex"),
        ([Note.id > Id("a")], "FieldNotInIndex"),
        ([User.email == "a"], "FieldNotInIndex"),
        ([Bound[Note](Note, "nothing", "eq", 1)], "FieldNotInIndex"),
        ([Note.address.at(lambda a: getattr(a, "no" + "thing")) == 1], "FieldNotInIndex"),
    ],
)
def test_refusals(bounds: AnyBounds, code: str) -> None:
    """A range that no index can answer fails when it is written, not by reading everything."""
    with pytest.raises(DatabaseError) as caught:
        span(Note.by_topic_and_n, *bounds)
    assert caught.value.code == code


def test_equality_does_not_find_longer_texts() -> None:
    """ "a" finds "a" alone, neither "ab" nor "a" with NUL behind it."""
    world = World()
    world.insert(*(note(topic) for topic in ("a", "a\x00", "a\x00b", "a\x01", "ab", "")))
    for topic in ("a", "a\x00", "ab", ""):
        rows = world.reader().query(Note).with_index(Note.by_topic, Note.topic == topic)
        assert [row.topic for row in drive(rows.collect())] == [topic]
    above = world.reader().query(Note).with_index(Note.by_topic, Note.topic > "a")
    assert [row.topic for row in drive(above.collect())] == ["a\x00", "a\x00b", "a\x01", "ab"]
