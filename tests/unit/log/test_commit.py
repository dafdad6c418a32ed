"""The one writer: order, timestamps, conflicts, and what goes to the disk."""

from __future__ import annotations

import pytest

from reactor import limits
from reactor.errors import LimitError
from reactor.log.commit import Log, ReadsChanged
from reactor.log.reads import ReadSet
from reactor.log.snapshot import TableData, Write
from reactor.runtime.clock import VirtualClock
from reactor.schema.places import TableNumbers
from tests.unit.log.world import START, World, id_, point, raw, reading, whole


def test_timestamps_follow_the_clock_and_only_grow() -> None:
    """A client's `maxObservedTimestamp` is never ahead of the server."""
    world = World()
    assert world.put(1).ts == START
    assert world.put(2).ts == START + 1, "the clock stands still"
    world.clock.advance(1.0)
    assert world.put(3).ts == START + 10**9
    world.clock.advance(-3600.0)
    assert world.put(4).ts == START + 10**9 + 1, "the clock was set back"


def test_timestamps_continue_after_a_restart_with_the_clock_set_back() -> None:
    log = Log(VirtualClock(), START + 10**18, TableNumbers())
    assert log.next_ts() == START + 10**18 + 1
    assert log.durable_ts == log.last_ts


def test_a_timestamp_that_a_write_had_to_know() -> None:
    world = World()
    ts = world.log.next_ts()
    done = world.log.commit([], ReadSet.empty(), 0, "x", ts)
    assert done.ts == ts == world.log.last_ts
    with pytest.raises(AssertionError):
        world.log.commit([], ReadSet.empty(), ts, "x", ts)


def test_a_commit_is_the_newest_state_at_once() -> None:
    world = World()
    world.put(1, topic="ai")
    assert world.table.documents == {id_(1): raw(1, topic="ai")}
    world.delete(1)
    assert world.table.documents == {}


def test_reads_that_changed_refuse_the_commit() -> None:
    """Two clients that increment one counter lose no increment."""
    world = World()
    world.put(1, n=1)
    begin = world.log.last_ts
    reads = point(world.table, 1)
    world.put(1, n=2)
    ts = world.log.last_ts
    with pytest.raises(ReadsChanged) as caught:
        world.commit(world.write(1, raw(1, n=2)), reads=reads, begin_ts=begin)
    assert (caught.value.table, caught.value.source) == ("news", "news:write")
    assert world.log.last_ts == ts
    assert world.table.documents[id_(1)] == raw(1, n=2)
    world.commit(world.write(1, raw(1, n=3)), reads=reads, begin_ts=ts)


def test_other_writes_do_not_conflict() -> None:
    """Two clients that write beside each other do not hold each other up."""
    world = World()
    begin = world.log.last_ts
    world.put(1, topic="law")
    reads = reading(whole(world.table.indexes["by_topic"], "ai"))
    world.commit(world.write(2, raw(2, topic="ai")), reads=reads, begin_ts=begin)
    with pytest.raises(ReadsChanged):
        world.commit(world.write(3, raw(3, topic="ai")), reads=reads, begin_ts=begin)


def test_a_conflict_names_the_table_that_changed() -> None:
    """The error a developer reads names the table to look at, not a neighbour in the commit."""
    world = World()
    users = world.log.snapshot.table("users")
    begin = world.log.last_ts
    world.commit(Write(users, id_(9), "u9", None, raw(9)), world.write(1, raw(1)))
    with pytest.raises(ReadsChanged) as caught:
        world.log.check(point(world.table, 1), begin)
    assert caught.value.table == "news"


def test_what_the_log_forgot_counts_as_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function that was suspended for minutes re-runs; it never commits on a guess."""
    monkeypatch.setattr(limits, "LOG_WINDOW_WRITES_MAX", 1)
    world = World()
    begin = world.log.last_ts
    for number in range(3):
        world.put(number)
    with pytest.raises(ReadsChanged):
        world.log.check(ReadSet.empty(), begin)
    world.log.check(point(world.table, 1), world.log.last_ts)


def test_commits_name_who_must_rerun() -> None:
    world = World()
    world.log.subscriptions.add("list", reading(whole(world.table.indexes["by_topic"], "ai")))
    world.log.subscriptions.add("one", point(world.table, 1))
    done = world.commit(world.write(1, raw(1, topic="ai")), world.write(2, raw(2, topic="ai")))
    assert done.ts == world.log.last_ts
    assert set(done.tokens) == {"list", "one"}
    assert list(world.put(3, topic="law").tokens) == []


def test_batches() -> None:
    """What was committed since the last batch goes to the disk as one."""
    world = World()
    assert not world.log.has_batch
    world.put(1)
    world.put(1, n=2)
    world.delete(1)
    assert world.log.has_batch
    batch = world.log.take_batch()
    assert (batch.ts, batch.transactions) == (world.log.last_ts, 3)
    assert batch.rows == [
        (10_001, "doc1", START, raw(1)),
        (10_001, "doc1", START + 1, raw(1, n=2)),
        (10_001, "doc1", START + 2, None),
    ]
    assert not world.log.has_batch
    world.put(2)
    assert [row[1] for row in world.log.take_batch().rows] == ["doc2"]
    assert len(batch.rows) == 3, "the store's batch is not written to any more"


def test_settings_wait_for_the_disk_too() -> None:
    world = World()
    world.log.remember("lease", "me")
    assert world.log.has_batch
    batch = world.log.take_batch()
    assert (batch.meta, batch.transactions, batch.rows) == ([("lease", "me")], 0, [])


def test_table_numbers() -> None:
    """Ids carry the number, so a table has one for ever: system tables 512…, others 10001…"""
    log = Log(VirtualClock(), 0, TableNumbers({"news": 10_007, "_storage": 600}))
    assert log.number_of(log.snapshot.table("news")) == 10_007
    assert log.number_of(log.snapshot.table("users")) == 10_008
    assert log.number_of(log.snapshot.table("users")) == 10_008
    assert log.number_of(log.snapshot.table("_jobs")) == 601
    assert log.numbers == {"news": 10_007, "_storage": 600, "users": 10_008, "_jobs": 601}
    assert log.take_batch().tables == [(10_008, "users", 10_008), (601, "_jobs", 601)]
    fresh = Log(VirtualClock(), 0, TableNumbers())
    assert fresh.number_of(TableData("_a", 0)) == limits.FIRST_SYSTEM_TABLE
    assert fresh.number_of(TableData("a", 0)) == limits.FIRST_USER_TABLE


def test_there_are_only_so_many_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TABLES_MAX", 1)
    log = Log(VirtualClock(), 0, TableNumbers({"news": 10_001}))
    with pytest.raises(LimitError):
        log.number_of(TableData("users", 0))
