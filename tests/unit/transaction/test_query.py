"""Queries: order, ranges, filters, the ways to read, and what each depends on."""

from __future__ import annotations

from typing import Any

import pytest

from reactor import limits
from reactor.errors import DatabaseError, LimitError
from reactor.log.commit import Invalidation
from reactor.schema.columns import Bound, Field
from reactor.schema.index import IndexRef
from reactor.schema.table import Table
from reactor.transaction.query import IndexedQuery, OrderedQuery
from reactor.transaction.transaction import SCAN_CHUNK, MustRestart
from tests.unit.transaction.world import Event, Key, Note, User, World, drive, note


class Foreign(Table, name="notes_elsewhere"):
    """A table of another project."""

    n: Field[int]


def numbers(query: OrderedQuery[Note]) -> list[int]:
    return [row.n for row in drive(query.collect())]


def filled(count: int, topic: str = "ai") -> World:
    world = World()
    with world.mutation() as db:
        for n in range(count):
            drive(db.insert(note(topic, n)))
    world.clock.advance(1.0)
    return world


def by(world: World, index: IndexRef[Note], *bounds: Bound[Note]) -> IndexedQuery[Note]:
    return world.reader().query(Note).with_index(index, *bounds)


def added(world: World, topic: str, n: int) -> Invalidation | None:
    tx = world.tx()
    drive(world.writer(tx).insert(note(topic, n)))
    return tx.commit("test:add")


def test_a_table_is_read_by_creation_time() -> None:
    world = World()
    world.insert(note(n=3), note(n=1), note(n=2))
    assert numbers(world.reader().query(Note)) == [3, 1, 2]
    assert numbers(world.reader().query(Note).order("desc")) == [2, 1, 3]
    assert numbers(world.reader().query(Note).order("asc")) == [3, 1, 2]


def test_an_empty_table() -> None:
    world = World()
    query = world.reader().query
    assert drive(query(Note).collect()) == []
    assert drive(query(Note).first()) is None
    assert drive(query(Note).unique()) is None
    assert drive(query(Note).count()) == 0
    assert drive(query(Note).nth(0)) is None


def test_an_index_orders_by_its_columns_then_by_creation_time() -> None:
    world = World()
    world.insert(note("b", 1), note("a", 2), note("a", 1, title="first"), note("a", 1))
    rows = drive(world.reader().query(Note).with_index(Note.by_topic_and_n).collect())
    assert [(row.topic, row.n, row.title) for row in rows] == [
        ("a", 1, "first"), ("a", 1, "untitled"), ("a", 2, "untitled"), ("b", 1, "untitled"),
    ]  # fmt: skip
    ai = world.reader().query(Note).with_index(Note.by_topic_and_n, Note.topic == "a")
    assert numbers(ai.order("desc")) == [2, 1, 1]


def test_an_upper_bound_holds_what_is_missing() -> None:
    """protocol.md 1.5: `rank < 5` finds the notes without a rank, as Convex does."""
    world = World()
    world.insert(note(n=1), note(n=2, rank=3.0), note(n=3, rank=7.0))
    assert numbers(by(world, Note.by_rank, Note.rank < 5.0)) == [1, 2]
    assert numbers(by(world, Note.by_rank, Note.rank.is_present(), Note.rank < 5.0)) == [2]
    assert numbers(by(world, Note.by_rank, Note.rank.is_absent())) == [1]


def test_take_and_first() -> None:
    world = filled(5)
    query = world.reader().query
    assert [row.n for row in drive(query(Note).take(2))] == [0, 1]
    assert [row.n for row in drive(query(Note).order("desc").take(2))] == [4, 3]
    assert drive(query(Note).take(0)) == []
    assert len(drive(query(Note).take(99))) == 5
    first = drive(query(Note).order("desc").first())
    assert first is not None
    assert first.n == 4


@pytest.mark.parametrize("n", [-1, 1.0, True, "2", None])
def test_take_and_nth_want_a_whole_number(n: Any) -> None:
    world = filled(1)
    with pytest.raises(DatabaseError):
        drive(world.reader().query(Note).take(n))
    with pytest.raises(DatabaseError):
        drive(world.reader().query(Note).nth(n))


def test_unique() -> None:
    """`unique()` on two documents is an error in Convex's words, not a random one of them."""
    world = World()
    one, two, _ = world.insert(note("a"), note("a"), note("b"))
    found = drive(by(world, Note.by_topic, Note.topic == "b").unique())
    assert found is not None
    assert drive(by(world, Note.by_topic, Note.topic == "c").unique()) is None
    with pytest.raises(DatabaseError) as caught:
        drive(by(world, Note.by_topic, Note.topic == "a").unique())
    assert str(caught.value) == (
        f"unique() query returned more than one result from table notes:\n [{one}, {two}, ...]"
    )


def test_filters() -> None:
    world = filled(3 * SCAN_CHUNK)
    tx = world.tx()
    query = world.reader(tx).query(Note)
    even = query.filter(lambda row: row.n % 2 == 0).filter(lambda row: row.n > 2)
    assert [row.n for row in drive(even.take(3))] == [4, 6, 8]
    assert tx.usage.documents_read == 9, "filtered rows count as read"
    assert tx.usage.database_queries == 1
    down = world.reader().query(Note).order("desc").filter(lambda row: row.n % 100 == 0)
    assert numbers(down) == [300, 200, 100, 0]
    assert numbers(world.reader().query(Note).filter(lambda row: False)) == []


@pytest.mark.parametrize("answer", [None, 1, "yes"])
def test_filters_answer_true_or_false(answer: Any) -> None:
    """`filter(lambda d: d.author)` is a mistake that JavaScript would let through."""
    world = filled(1)
    with pytest.raises(DatabaseError):
        drive(world.reader().query(Note).filter(lambda row: answer).collect())


def test_iteration() -> None:
    world = filled(2 * SCAN_CHUNK + 3)

    async def gather(query: OrderedQuery[Note]) -> list[int]:
        return [row.n async for row in query]

    everything = list(range(2 * SCAN_CHUNK + 3))
    assert drive(gather(world.reader().query(Note))) == everything
    assert drive(gather(world.reader().query(Note).order("desc"))) == everything[::-1]
    odd = world.reader().query(Note).filter(lambda row: row.n % 2 == 1)
    assert drive(gather(odd)) == everything[1::2]


def test_iteration_with_other_reads_in_between() -> None:
    """`async for` over a large table may read other tables for each row."""
    world = filled(2 * SCAN_CHUNK + 3)
    world.insert(User(email="ann@x"), User(email="bob@x"))
    db = world.reader()

    async def gather() -> list[int]:
        found: list[int] = []
        async for row in db.query(Note):
            assert len(await db.query(User).with_index(User.by_email).collect()) == 2
            found.append(row.n)
        return found

    assert drive(gather()) == list(range(2 * SCAN_CHUNK + 3))


def test_iteration_reads_no_further_than_it_goes() -> None:
    world = filled(3 * SCAN_CHUNK)
    tx = world.tx()

    async def first() -> int:
        async for row in world.reader(tx).query(Note):
            return row.n
        return -1

    assert drive(first()) == 0
    assert tx.usage.documents_read == SCAN_CHUNK


def test_count_and_nth() -> None:
    world = filled(10)
    tx = world.tx()
    query = world.reader(tx).query(Note)
    assert drive(query.count()) == 10
    assert tx.usage.documents_read == 0, "counting reads no documents"
    for offset, n in [(0, 0), (9, 9), (10, None)]:
        found = drive(world.reader().query(Note).nth(offset))
        assert (found.n if found else None) == n
    found = drive(world.reader().query(Note).order("desc").nth(2))
    assert found is not None
    assert found.n == 7
    some = (
        world.reader()
        .query(Note)
        .with_index(Note.by_topic_and_n, Note.topic == "ai", Note.n >= 3, Note.n < 8)
    )
    assert drive(some.count()) == 5


def test_count_and_nth_with_own_writes() -> None:
    world = filled(3)
    db = world.writer()
    drive(db.insert(note("ai", 3)))
    first = drive(db.query(Note).first())
    assert first is not None
    drive(db.delete(first.id))
    assert drive(db.query(Note).count()) == 3
    found = [drive(db.query(Note).nth(at)) for at in range(4)]
    assert [row.n if row else None for row in found] == [1, 2, 3, None]
    last = drive(db.query(Note).order("desc").nth(0))
    assert last is not None
    assert last.n == 3


# What a read depends on: protocol.md 6.1.


def test_take_depends_on_nothing_beyond_its_last_row() -> None:
    """Compat check 16: a row beyond the fifth does not re-run `take(5)`, one within does."""
    world = filled(0)
    for n in (10, 20, 30):
        added(world, "ai", n)
    tx = world.tx()
    by_n = world.reader(tx).query(Note).with_index(Note.by_topic_and_n, Note.topic == "ai")
    assert [row.n for row in drive(by_n.take(2))] == [10, 20]
    assert not world.is_stale(tx.reads, added(world, "ai", 25))
    assert not world.is_stale(tx.reads, added(world, "law", 15))
    assert world.is_stale(tx.reads, added(world, "ai", 15))


def test_take_backwards() -> None:
    world = filled(0)
    for n in (10, 20, 30):
        added(world, "ai", n)
    tx = world.tx()
    by_n = world.reader(tx).query(Note).with_index(Note.by_topic_and_n, Note.topic == "ai")
    assert [row.n for row in drive(by_n.order("desc").take(2))] == [30, 20]
    assert not world.is_stale(tx.reads, added(world, "ai", 15))
    assert world.is_stale(tx.reads, added(world, "ai", 25))
    assert world.is_stale(tx.reads, added(world, "ai", 35))


def test_a_take_that_found_too_few_depends_on_the_whole_range() -> None:
    world = filled(0)
    added(world, "ai", 10)
    tx = world.tx()
    by_n = world.reader(tx).query(Note).with_index(Note.by_topic_and_n, Note.topic == "ai")
    assert len(drive(by_n.take(2))) == 1
    assert world.is_stale(tx.reads, added(world, "ai", 99))
    assert not world.is_stale(tx.reads, added(world, "b", 99))


@pytest.mark.parametrize("wanted", [1, 2])
def test_a_filtered_take_depends_on_the_rows_that_it_looked_at(wanted: int) -> None:
    """Even when its last hit is the last row there is."""
    world = filled(0)
    for n in (10, 20, 30):
        added(world, "ai", n)
    tx = world.tx()
    by_n = world.reader(tx).query(Note).with_index(Note.by_topic_and_n, Note.topic == "ai")
    hits = drive(by_n.filter(lambda row: row.n >= 20).take(wanted))
    assert [row.n for row in hits] == [20, 30][:wanted]
    assert not world.is_stale(tx.reads, added(world, "ai", 40))
    assert world.is_stale(tx.reads, added(world, "ai", 15)), "looked at, though filtered out"


def test_nothing_taken_is_nothing_read() -> None:
    world = filled(1)
    tx = world.tx()
    drive(world.reader(tx).query(Note).take(0))
    assert not world.is_stale(tx.reads, added(world, "ai", 1))


def test_an_empty_range_is_read_too() -> None:
    """A list that is empty fills when the first row comes."""
    world = World()
    tx = world.tx()
    query = world.reader(tx).query(Note).with_index(Note.by_topic, Note.topic == "ai")
    assert drive(query.collect()) == []
    assert world.is_stale(tx.reads, added(world, "ai", 1))


@pytest.mark.parametrize("call", ["count", "nth", "sum"])
def test_count_nth_and_sum_depend_on_the_range(call: str) -> None:
    world = filled(2)
    tx = world.tx()
    query = world.reader(tx).query(Note).with_index(Note.by_topic_and_n, Note.topic == "ai")
    if call == "count":
        assert drive(query.count()) == 2
    elif call == "sum":
        assert drive(query.sum(Note.n)) == 1.0
    else:
        assert drive(query.nth(2)) is None
    assert not world.is_stale(tx.reads, added(world, "law", 1))
    assert world.is_stale(tx.reads, added(world, "ai", 1))


def test_a_position_depends_on_what_stands_before_it() -> None:
    """A leaderboard's third place is not asked for again when the hundredth changes."""
    world = filled(5)
    for direction, before, behind in (("asc", -1, 9), ("desc", 9, -1)):
        tx = world.tx()
        query = world.reader(tx).query(Note).with_index(Note.by_topic_and_n, Note.topic == "ai")
        assert drive(query.order(direction).nth(2)) is not None  # type: ignore[arg-type]
        assert not world.is_stale(tx.reads, added(world, "ai", behind))
        assert world.is_stale(tx.reads, added(world, "ai", before))


def test_only_summed_columns_are_summed() -> None:
    """The price is paid on every write, so it is asked for, and the error says how."""
    query = filled(3).reader()
    unsummed = query.query(Note).with_index(Note.by_topic)
    for ask in (query.query(Note).sum(Note.n), unsummed.sum(Note.n)):
        with pytest.raises(DatabaseError, match=r"sums=\['n'\]") as caught:
            drive(ask)
        assert caught.value.code == "ColumnNotSummed"
    with pytest.raises(DatabaseError):
        drive(query.query(Note).with_index(Note.by_topic_and_n).sum(Foreign.n))  # type: ignore[arg-type]
    assert drive(query.query(Note).with_index(Note.by_topic_and_n).sum(Note.rank)) == 0.0


def test_a_filter_that_fails_depends_on_the_rows() -> None:
    """A live query that failed on a bad row recovers once the row is mended."""
    world = filled(3)
    tx = world.tx()
    query = world.reader(tx).query(Note)
    with pytest.raises(ZeroDivisionError):
        drive(query.filter(lambda row: 1 // row.n > 0).collect())
    with world.mutation() as db:
        rows = drive(db.query(Note).collect())
        drive(db.patch(rows[0].id, Note.n.set(5)))
    (commit,) = world.log.window.since(tx.begin_ts)
    assert tx.reads.is_touched_by(commit.touches)


def test_a_limit_that_is_reached_depends_on_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A live query over too many rows recovers once there are fewer."""
    world = filled(3)
    monkeypatch.setattr(limits, "DOCUMENTS_READ_MAX", 2)
    tx = world.tx()
    with pytest.raises(LimitError) as caught:
        drive(world.reader(tx).query(Note).collect())
    assert caught.value.code == "TooManyDocumentsRead"
    assert world.is_stale(tx.reads, added(world, "ai", 1))


def test_a_large_read_counts_every_row() -> None:
    world = filled(5000)
    tx = world.tx()
    assert len(drive(world.reader(tx).query(Note).collect())) == 5000
    assert tx.usage.documents_read == 5000


def test_iteration_restarts_when_its_rows_change_under_way() -> None:
    """`async for` with a pause in it never shows two states of a table."""
    world = filled(2 * SCAN_CHUNK)

    async def gather() -> int:
        seen = 0
        async for row in world.reader(world.tx()).query(Note):
            seen += 1
            if seen == 1:
                with world.mutation() as db:
                    await db.patch(row.id, Note.n.set(99))
        return seen

    with pytest.raises(MustRestart):
        drive(gather())


# What a query refuses.


def test_a_table_starts_as_many_queries_as_are_asked_of_it() -> None:
    """`rows = db.query(T)`, then its first row and its count: code from Convex does that."""
    rows = filled(2).reader().query(Note)
    assert len(drive(rows.collect())) == drive(rows.count()) == 2
    assert drive(rows.order("desc").first()) == drive(rows.collect())[1]


def test_a_query_is_read_once() -> None:
    world = filled(1)
    query = by(world, Note.by_topic_and_n)
    drive(query.collect())
    for again in (query.collect, query.first, query.unique, query.count):
        with pytest.raises(DatabaseError):
            drive(again())
    with pytest.raises(DatabaseError):
        query.filter(lambda row: True)
    with pytest.raises(DatabaseError):
        query.order("asc")


def test_directions() -> None:
    wrong: Any = "down"
    with pytest.raises(DatabaseError):
        World().reader().query(Note).order(wrong)


def test_indexes_of_other_tables() -> None:
    other: Any = User.by_email
    with pytest.raises(DatabaseError) as caught:
        World().reader().query(Note).with_index(other)
    assert caught.value.code == "IndexNotFoundError"
    assert str(caught.value) == "Index notes.by_email not found."


def test_an_index_that_is_not_filled() -> None:
    world = World()
    del world.table(Note).indexes["by_topic"]
    with pytest.raises(DatabaseError) as caught:
        world.reader().query(Note).with_index(Note.by_topic)
    assert caught.value.code == "IndexNotFoundError"


def test_a_staged_index_is_not_read() -> None:
    """It may not hold every document yet, and a result must never depend on that."""
    world = World()
    table = world.table(Note)
    table.staged["by_topic"] = table.indexes.pop("by_topic")
    with pytest.raises(DatabaseError) as caught:
        world.reader().query(Note).with_index(Note.by_topic)
    assert caught.value.code == "IndexStagedError"


def test_by_id_and_by_creation_time_are_indexes() -> None:
    world = filled(4)
    ids = sorted(row.id for row in drive(world.reader().query(Note).collect()))
    by_id = drive(world.reader().query(Note).with_index(Note.by_id).collect())
    assert [row.id for row in by_id] == ids
    part = world.reader().query(Note).with_index(Note.by_id, Note.id > ids[1])
    assert [row.id for row in drive(part.collect())] == ids[2:]
    assert numbers(world.reader().query(Note).with_index(Note.by_creation_time)) == [0, 1, 2, 3]


def test_a_variant_reads_the_whole_table() -> None:
    """`query(Event)` gives each row as its own class."""
    world = World()
    world.insert(Key(kind="key", letter="a"))
    (row,) = drive(world.reader().query(Event).collect())
    assert isinstance(row, Key)
    assert row.letter == "a"
