"""Who must re-run; `tests/property/test_subscriptions.py` compares it with brute force."""

from __future__ import annotations

from reactor.log.reads import Range
from reactor.log.snapshot import TableData, Touch
from reactor.log.subscriptions import BLOCK_MAX, GROUP, RangeSet, Subscriptions, Token
from reactor.values.order import encode_key
from tests.unit.log.world import World, id_, news_table, part, point, raw, reading, whole


def affected(subscriptions: Subscriptions, touch: Touch) -> list[Token]:
    out: dict[Token, None] = {}
    subscriptions.affected(touch, out)
    return list(out)


def key(number: int) -> bytes:
    return number.to_bytes(4, "big")


def holding(ranges: RangeSet, number: int) -> set[Token]:
    out: dict[Token, None] = {}
    ranges.holding(key(number), out)
    return set(out)


def test_points() -> None:
    """`useQuery` of a missing document shows it once it is created."""
    world, subscriptions = World(), Subscriptions()
    reads = point(world.table, 1)
    subscriptions.add("a", reads)
    subscriptions.add("b", reads)
    assert affected(subscriptions, world.apply(1, raw(1))) == ["a", "b"]
    assert affected(subscriptions, world.apply(2, raw(2))) == []
    subscriptions.remove("a", reads)
    assert affected(subscriptions, world.apply(1, None)) == ["b"]
    subscriptions.remove("b", reads)
    assert affected(subscriptions, world.apply(1, raw(1))) == []


def test_a_write_finds_every_depth() -> None:
    """Readers of the whole index, of a topic, and of part of a topic."""
    world, subscriptions = World(), Subscriptions()
    index = world.table.indexes["by_topic_and_n"]
    sets = {
        "all": reading(whole(index)),
        "ai": reading(whole(index, "ai")),
        "ai 2": reading(whole(index, "ai", 2)),
        "ai 2 at 1": reading(whole(index, "ai", 2, 1)),
        "ai up to 3": reading(part(index, "ai", low=None, high=3)),
        "a to b": reading(part(index, low="a", high="b")),
        "law": reading(whole(index, "law")),
        "ai from 3": reading(part(index, "ai", low=3, high=9)),
    }
    for token, reads in sets.items():
        subscriptions.add(token, reads)
    found = affected(subscriptions, world.apply(1, raw(1, topic="ai", n=2)))
    assert set(found) == {"all", "ai", "ai 2", "ai 2 at 1", "ai up to 3", "a to b"}
    found = affected(subscriptions, world.apply(1, raw(1, topic="law")))
    assert set(found) == set(sets) - {"ai from 3"}, "the old key and the new one"
    for token, reads in sets.items():
        subscriptions.remove(token, reads)
    assert affected(subscriptions, world.apply(1, None)) == []


def test_nothing_is_left_after_the_last_unsubscribe() -> None:
    """A server that is up for a year does not grow by the queries that came and went."""
    world, subscriptions = World(), Subscriptions()
    index = world.table.indexes["by_topic"]
    reads = reading(whole(index, "ai"), part(index, low="a", high="c"))
    reads.points[world.table, id_(1)] = None
    for token in "ab":
        subscriptions.add(token, reads)
    for token in "ab":
        subscriptions.remove(token, reads)
    assert subscriptions.__dict__ == Subscriptions().__dict__


def test_the_same_range_twice() -> None:
    """A function that runs one query in a loop subscribes and unsubscribes as any other."""
    world, subscriptions = World(), Subscriptions()
    index = world.table.indexes["by_topic"]
    interval = part(index, low="a", high="c")
    reads = reading(interval, interval, whole(index, "b"), whole(index, "b"))
    subscriptions.add("a", reads)
    assert affected(subscriptions, world.apply(1, raw(1, topic="b"))) == ["a"]
    subscriptions.remove("a", reads)
    assert affected(subscriptions, world.apply(1, None)) == []


def test_an_empty_range_is_never_touched() -> None:
    world, subscriptions = World(), Subscriptions()
    index = world.table.indexes["by_topic"]
    low = encode_key("a")
    subscriptions.add("a", reading(Range(index, 0, b"", low, low)))
    assert affected(subscriptions, world.apply(1, raw(1, topic="a"))) == []


def test_range_set_over_many_blocks_and_groups() -> None:
    """Thousands of live pages over one list, each told only of its own rows."""
    ranges = RangeSet()
    count = BLOCK_MAX * GROUP * 2
    tokens = list(range(count))  # the same objects throughout: tokens are told by identity
    for number in tokens:
        ranges.add(key(number), key(number + 2), number)
    assert ranges.size == count
    for probe in (0, 1, 63, 64, 4096, count - 1, count):
        assert holding(ranges, probe) == {n for n in (probe - 1, probe) if 0 <= n < count}
    for number in tokens[::2]:
        ranges.discard(key(number), key(number + 2), number)
    assert ranges.size == count // 2
    for probe in (0, 1, 63, 64, 4096, count):
        assert holding(ranges, probe) == {n for n in (probe - 1, probe) if n % 2 and 0 < n < count}
    for number in tokens[1::2]:
        ranges.discard(key(number), key(number + 2), number)
    assert ranges.size == 0
    assert holding(ranges, 5) == set()


def test_range_set_with_one_low_end() -> None:
    """A thousand first pages start at the same key, and each can leave."""
    ranges = RangeSet()
    tokens = list(range(5 * BLOCK_MAX))
    for token in tokens:
        ranges.add(key(5), key(10 + token % 7), token)
    assert holding(ranges, 12) == {token for token in tokens if token % 7 > 2}
    assert holding(ranges, 4) == set()
    for token in tokens[::-1]:
        ranges.discard(key(5), key(10 + token % 7), token)
    assert ranges.size == 0


def test_range_set_ignores_what_was_never_added() -> None:
    ranges = RangeSet()
    ranges.add(key(1), key(3), "a")
    ranges.discard(key(1), key(4), "a")
    ranges.discard(key(0), key(3), "a")
    assert holding(ranges, 2) == {"a"}
    assert ranges.size == 1


def test_everyone_who_read_a_table_is_found() -> None:
    """When a table is replaced as a whole, partial ranges count as well as whole prefixes."""
    table = news_table()
    index = table.indexes["by_topic_and_n"]
    subscriptions = Subscriptions()
    subscriptions.add("point", point(table, 1))
    subscriptions.add("part", reading(part(index, "a", low=1.0, high=2.0)))
    subscriptions.add("whole", reading(whole(index, "a")))
    subscriptions.add("elsewhere", point(TableData("users", 10_002), 1))
    found: dict[object, None] = {}
    subscriptions.readers_of({table}, found)
    assert set(found) == {"point", "part", "whole"}
