"""Read sets: which writes make a result stale."""

from __future__ import annotations

from reactor.log.reads import ReadSet
from reactor.log.snapshot import TableData
from tests.unit.log.world import World, id_, news_table, part, point, raw, reading, whole


def test_an_empty_read_set_is_never_touched() -> None:
    world = World()
    assert not ReadSet.empty().is_touched_by([world.apply(1, raw(1))])


def test_points() -> None:
    """`get` of a missing document is touched by its creation, and by nothing else."""
    world = World()
    reads = point(world.table, 1)
    assert reads.is_touched_by([world.apply(1, raw(1))])
    assert not reads.is_touched_by([world.apply(2, raw(2))])
    assert reads.is_touched_by([world.apply(2, None), world.apply(1, None)])
    assert not point(TableData("news", 1), 1).is_touched_by([world.apply(1, raw(1))])


def test_ranges_hold_the_old_and_the_new_key() -> None:
    """A document that leaves a list changes it as one that enters does."""
    world = World()
    reads = reading(whole(world.table.indexes["by_topic"], "ai"))
    assert not reads.is_touched_by([world.apply(1, raw(1, topic="law"))])
    assert reads.is_touched_by([world.apply(1, raw(1, topic="ai"))])
    assert reads.is_touched_by([world.apply(1, raw(1, topic="law"))])
    assert not reads.is_touched_by([world.apply(1, None)])


def test_a_changed_document_touches_indexes_whose_key_stayed() -> None:
    """protocol.md 6.1: the content changed, though not its place."""
    world = World()
    world.apply(1, raw(1, topic="ai", n=1))
    reads = reading(whole(world.table.indexes["by_topic"], "ai"))
    assert reads.is_touched_by([world.apply(1, raw(1, topic="ai", n=2))])


def test_the_ends_of_a_range() -> None:
    world = World()
    index = world.table.indexes["by_topic_and_n"]
    reads = reading(part(index, "ai", low=2, high=4))
    touched = [reads.is_touched_by([world.apply(n, raw(n, topic="ai", n=n))]) for n in range(6)]
    assert touched == [False, False, True, True, False, False]


def test_ranges_of_another_tables_index() -> None:
    world = World()
    reads = reading(whole(news_table().indexes["by_topic"]))
    assert not reads.is_touched_by([world.apply(1, raw(1, topic="ai"))])


def test_merge() -> None:
    """What a nested query read counts as read by its caller."""
    world = World()
    reads = point(world.table, 1)
    other = reading(whole(world.table.indexes["by_topic"], "ai"))
    other.points[world.table, id_(2)] = None
    reads.merge(other)
    assert list(reads.points) == [(world.table, id_(1)), (world.table, id_(2))]
    assert reads.ranges == other.ranges
    reads.merge(ReadSet.empty())
    assert reads.ranges == other.ranges
