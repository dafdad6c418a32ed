"""Transactions: one state, own writes on top, everything read recorded."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Coroutine
from typing import Any

import orjson
import pytest

from reactor import limits
from reactor.errors import DatabaseError, LimitError, NotRetained, UniqueViolation
from reactor.log.commit import ReadsChanged
from reactor.log.snapshot import IndexData
from reactor.transaction.transaction import MustRestart, consumed
from reactor.values.ids import decode_id
from tests.unit.log.world import point, reading
from tests.unit.log.world import whole as whole_range
from tests.unit.transaction.world import Note, User, World, drive, note


def test_own_writes_are_seen_and_nobody_elses() -> None:
    """A mutation reads what it wrote; a query beside it does not until the commit."""
    world = World()
    tx = world.tx()
    db = world.writer(tx)
    id = drive(db.insert(note(title="draft")))
    assert drive(db.require(id)).title == "draft"
    assert drive(world.reader().get(id)) is None
    tx.commit("test")
    assert drive(world.reader().require(id)).title == "draft"


def test_a_commit_without_writes_is_none() -> None:
    world = World()
    (id,) = world.insert(note())
    tx = world.tx()
    drive(world.writer(tx).patch(id, Note.n.set(1)))
    ts = world.log.last_ts
    assert tx.commit("test") is None
    assert world.log.last_ts == ts


def test_no_ops_are_left_out() -> None:
    """Writing a document as it was wakes no subscription."""
    world = World()
    (id,) = world.insert(note(n=1))
    tx = world.tx()
    db = world.writer(tx)
    drive(db.patch(id, Note.n.set(2)))
    drive(db.patch(id, Note.n.set(1)))
    drive(db.delete(drive(db.insert(note()))))
    assert tx.writes() == []
    assert tx.commit("test") is None


def test_extra_writes_make_a_commit() -> None:
    """A mutation that writes nothing is still remembered for deduplication."""
    world = World()
    other = world.tx()
    drive(world.writer(other).insert(note()))
    tx = world.tx()
    done = tx.commit("test", other.writes())
    assert done is not None
    assert len(world.table(Note).documents) == 1


def test_creation_times_grow_within_a_transaction() -> None:
    """Rows of one mutation keep their order in `by_creation_time`."""
    world = World()
    tx = world.tx()
    db = world.writer(tx)
    times = [drive(db.require(drive(db.insert(note())))).creation_time for _ in range(4)]
    assert times[0] == world.clock.now_ms()
    for before, after in itertools.pairwise(times):
        assert after == math.nextafter(before, math.inf)


def test_a_conflict_refuses_the_commit() -> None:
    """Two mutations that read and write one counter do not both win."""
    world = World()
    (id,) = world.insert(note(n=1))
    first, second = world.tx(), world.tx()
    for tx in (first, second):
        db = world.writer(tx)
        drive(db.patch(id, Note.n.set(drive(db.require(id)).n + 1)))
    first.commit("test:first")
    with pytest.raises(ReadsChanged) as caught:
        second.commit("test:second")
    assert (caught.value.table, caught.value.source) == ("notes", "test:first")
    assert drive(world.reader().require(id)).n == 2


def test_a_read_only_transaction_is_checked_at_its_commit() -> None:
    world = World()
    (id,) = world.insert(note())
    tx = world.tx()
    drive(world.reader(tx).get(id))
    with world.mutation() as db:
        drive(db.delete(id))
    with pytest.raises(ReadsChanged):
        tx.commit("test")


def test_a_suspended_function_moves_forward_while_nothing_it_read_changed() -> None:
    """It sees one state: the newest, as long as that agrees with what it saw."""
    world = World()
    one, two = world.insert(note(n=1), note(n=2))
    tx = world.tx()
    db = world.reader(tx)
    drive(db.get(one))
    with world.mutation() as other:
        drive(other.patch(two, Note.n.set(20)))
    assert drive(db.require(two)).n == 20
    assert tx.begin_ts == world.log.last_ts


@pytest.mark.parametrize("call", ["get", "query", "count", "nth", "insert"])
def test_a_suspended_function_restarts_when_what_it_read_changed(call: str) -> None:
    """It never sees half of another mutation, by any way of reading or writing."""
    world = World()
    one, two = world.insert(note(n=1), note(n=2))
    tx = world.tx()
    db = world.writer(tx)
    drive(db.get(one))
    with world.mutation() as other:
        drive(other.patch(one, Note.n.set(10)))
        drive(other.patch(two, Note.n.set(20)))
    query = db.query(Note)
    handlers: dict[str, Callable[[], Coroutine[Any, Any, Any]]] = {
        "get": lambda: db.get(two),
        "query": query.collect,
        "count": query.count,
        "nth": lambda: query.nth(0),
        "insert": lambda: db.insert(note()),
    }
    with pytest.raises(MustRestart) as caught:
        drive(handlers[call]())
    assert caught.value.cause.table == "notes"


@pytest.mark.parametrize("call", ["count", "nth"])
def test_a_suspended_function_may_first_read_what_changed_meanwhile(call: str) -> None:
    """A range counts as read when it is read, so what came before does not restart anything."""
    world = World()
    tx = world.tx()
    query = world.reader(tx).query(Note)
    world.insert(note())
    if call == "count":
        assert drive(query.count()) == 1
    else:
        assert drive(query.nth(0)) is not None
    assert tx.commit("test") is None


def test_must_restart_cannot_be_swallowed() -> None:
    """`except Exception` in a handler does not turn a stale read into a result."""
    assert not issubclass(MustRestart, Exception)


@pytest.mark.parametrize("call", ["get", "query", "count", "nth", "insert"])
def test_a_left_over_task_gets_an_error(call: str) -> None:
    """A task that outlives its mutation cannot write into nothing."""
    world = World()
    (id,) = world.insert(note())
    tx = world.tx()
    db = world.writer(tx)
    query = db.query(Note)
    handlers: dict[str, Callable[[], Coroutine[Any, Any, Any]]] = {
        "get": lambda: db.get(id),
        "query": query.collect,
        "count": query.count,
        "nth": lambda: query.nth(0),
        "insert": lambda: db.insert(note()),
    }
    tx.close()
    with pytest.raises(DatabaseError):
        drive(handlers[call]())


def test_savepoints() -> None:
    """A nested mutation that fails loses its own writes and no others; its reads still count."""
    world = World()
    (kept,) = world.insert(note(n=1))
    tx = world.tx()
    db = world.writer(tx)
    before = drive(db.insert(note(topic="before")))
    saved = tx.savepoint()
    after = drive(db.insert(note(topic="after")))
    drive(db.patch(kept, Note.n.set(2)))
    drive(db.patch(before, Note.n.set(2)))
    tx.restore(saved)
    assert drive(db.get(after)) is None
    assert drive(db.require(kept)).n == 1
    assert drive(db.require(before)).n == 1
    assert [row.topic for row in drive(db.query(Note).collect())] == ["ai", "before"]
    assert (world.table(Note), decode_id(kept)[1]) in tx.reads.points
    assert len(tx.writes()) == 1


def test_the_past() -> None:
    """`/api/query_at_ts` answers from the documents and indexes of that moment."""
    world = World()
    world.insert(note("a", 1))
    (changed,) = world.insert(note("b", 2))
    (gone,) = world.insert(note("c", 3))
    ts = world.log.last_ts
    with world.mutation() as db:
        drive(db.patch(changed, Note.topic.set("z")))
        drive(db.delete(gone))
        new = drive(db.insert(note("n", 9)))
    past = world.reader(world.tx(ts))
    assert drive(past.require(changed)).topic == "b"
    assert drive(past.require(gone)).topic == "c"
    assert drive(past.get(new)) is None
    rows = drive(past.query(Note).with_index(Note.by_topic).collect())
    assert [row.topic for row in rows] == ["a", "b", "c"]
    assert drive(past.query(Note).count()) == 3
    third = drive(past.query(Note).with_index(Note.by_topic).nth(2))
    assert third is not None
    assert third.topic == "c"
    assert drive(world.reader(world.tx(world.log.last_ts)).query(Note).count()) == 3


@pytest.mark.parametrize("behind", [0, 1])
def test_the_past_does_not_move(behind: int) -> None:
    """A function that reads at a timestamp and suspends goes on reading at that timestamp."""
    world = World()
    (id,) = world.insert(note(n=1))
    ts = world.log.last_ts
    for _ in range(behind):
        world.insert(note())
    tx = world.tx(ts)
    db = world.reader(tx)
    assert drive(db.require(id)).n == 1
    with world.mutation() as other:
        drive(other.patch(id, Note.n.set(2)))
        drive(other.insert(note()))
    assert drive(db.require(id)).n == 1
    assert len(drive(db.query(Note).collect())) == 1
    assert drive(db.query(Note).count()) == 1


def test_the_past_that_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LOG_WINDOW_WRITES_MAX", 1)
    world = World()
    world.insert(note(), note(), note())
    with pytest.raises(NotRetained) as caught:
        world.tx(1)
    assert caught.value.code == "OutOfRetention"


def test_unique_indexes() -> None:
    """Two sign-ups with one address cannot both succeed."""
    world = World()
    (ann,) = world.insert(User(email="ann@x"))
    tx = world.tx()
    db = world.writer(tx)
    with pytest.raises(UniqueViolation) as caught:
        drive(db.insert(User(email="ann@x")))
    assert caught.value.code == "UniqueViolation"
    bob = drive(db.insert(User(email="bob@x")))
    with pytest.raises(UniqueViolation):
        drive(db.insert(User(email="bob@x")))
    with pytest.raises(UniqueViolation):
        drive(db.patch(bob, User.email.set("ann@x")))
    drive(db.patch(ann, User.handle.set("ann")))
    drive(db.patch(ann, User.email.set("a@x")))
    drive(db.insert(User(email="ann@x")))
    drive(db.delete(bob))
    drive(db.insert(User(email="bob@x")))
    tx.commit("test")


def test_a_key_that_only_starts_the_same_is_another_key() -> None:
    world = World()
    world.insert(User(email="a"), User(email="a\x00"), User(email="a\x00b"), User(email="ab"))
    assert drive(world.reader().query(User).count()) == 4


def test_missing_columns_are_not_compared() -> None:
    """Any number of users may have no handle."""
    world = World()
    world.insert(User(email="a"), User(email="b"), User(email="c", handle="c"))
    with pytest.raises(UniqueViolation):
        world.insert(User(email="d", handle="c"))


def test_unique_checks_race() -> None:
    """Two sign-ups at once: the second conflicts, runs again, and is refused."""
    world = World()
    first, second = world.tx(), world.tx()
    for tx in (first, second):
        drive(world.writer(tx).insert(User(email="ann@x")))
    first.commit("test")
    with pytest.raises(ReadsChanged):
        second.commit("test")


def test_writes_are_counted() -> None:
    world = World()
    tx = world.tx()
    tx.usage.documents_written = limits.DOCUMENTS_WRITTEN_MAX
    with pytest.raises(LimitError) as caught:
        drive(world.writer(tx).insert(note()))
    assert caught.value.code == "TooManyWrites"


def test_documents_are_canonical_json() -> None:
    """A restart, an export and the wire read the same bytes."""
    world = World()
    (id,) = world.insert(note(title="é", address=None))
    body = world.table(Note).documents[decode_id(id)[1]]
    assert body == orjson.dumps(orjson.loads(body), option=orjson.OPT_SORT_KEYS)
    assert orjson.loads(body) == {
        "_id": id, "_creationTime": world.clock.now_ms() - 1000.0, "topic": "ai", "n": 1.0,
        "title": "é", "parent": None, "tags": [],
    }  # fmt: skip


def test_consumed() -> None:
    """`take(n)` depends on nothing beyond its last row."""
    keys = [b"b", b"c"]
    assert consumed(b"a", b"z", keys, exhausted=True, reverse=False) == (b"a", b"z")
    assert consumed(b"a", b"z", [], exhausted=False, reverse=False) == (b"a", b"z")
    assert consumed(b"a", b"z", keys, exhausted=False, reverse=False) == (b"a", b"c\x00")
    assert consumed(b"a", b"z", keys[::-1], exhausted=False, reverse=True) == (b"b", b"z")


def test_what_was_read_is_recorded() -> None:
    world = World()
    (id,) = world.insert(note("ai", 1))
    tx = world.tx()
    db = world.reader(tx)
    index: IndexData = world.table(Note).indexes["by_topic"]
    drive(db.get(id))
    drive(db.query(Note).with_index(Note.by_topic, Note.topic == "ai").collect())
    expected = point(world.table(Note), int.from_bytes(decode_id(id)[1], "big"))
    assert tx.reads.points == expected.points
    assert tx.reads.ranges == reading(whole_range(index, "ai")).ranges
