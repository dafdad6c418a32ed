"""Pages; `tests/property/test_pagination.py` puts them together under random writes."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from reactor import limits
from reactor.errors import DatabaseError, InvalidCursor, LimitError
from reactor.schema.objects import Page, PaginationOptions
from reactor.transaction.query import IndexedQuery
from reactor.transaction.transaction import SCAN_CHUNK, Transaction
from tests.unit.transaction.world import Note, World, drive, note


def options(num_items: int = 2, cursor: str | None = None, **more: Any) -> PaginationOptions:
    return PaginationOptions(num_items=num_items, cursor=cursor, **more)


def filled(*numbers: int) -> World:
    world = World()
    add(world, *numbers)
    return world


def add(world: World, *numbers: int, topic: str = "ai") -> None:
    with world.mutation() as db:
        for n in numbers:
            drive(db.insert(note(topic, n)))
    world.clock.advance(1.0)


def remove(world: World, n: int) -> None:
    with world.mutation() as db:
        row = drive(db.query(Note).filter(lambda row: row.n == n).first())
        assert row is not None
        drive(db.delete(row.id))


def by_n(world: World, tx: Transaction | None = None, topic: str = "ai") -> IndexedQuery[Note]:
    return world.reader(tx).query(Note).with_index(Note.by_topic_and_n, Note.topic == topic)


def page(world: World, one: PaginationOptions, tx: Transaction | None = None) -> Page[Note]:
    return drive(by_n(world, tx).paginate(one))


def numbers(found: Page[Note]) -> list[int]:
    return [row.n for row in found.page]


def test_pages_follow_each_other() -> None:
    world = filled(1, 2, 3, 4, 5)
    first = page(world, options())
    assert (numbers(first), first.is_done) == ([1, 2], False)
    second = page(world, options(cursor=first.continue_cursor))
    assert (numbers(second), second.is_done) == ([3, 4], False)
    third = page(world, options(cursor=second.continue_cursor))
    assert (numbers(third), third.is_done) == ([5], True)
    after = page(world, options(cursor=third.continue_cursor))
    assert (numbers(after), after.is_done) == ([], True)
    assert after.continue_cursor == third.continue_cursor


def test_backwards() -> None:
    world = filled(1, 2, 3)
    first = drive(by_n(world).order("desc").paginate(options()))
    assert numbers(first) == [3, 2]
    second = drive(by_n(world).order("desc").paginate(options(cursor=first.continue_cursor)))
    assert (numbers(second), second.is_done) == ([1], True)


def test_an_empty_list_is_done() -> None:
    found = page(World(), options())
    assert (found.page, found.is_done) == ([], True)


def test_a_full_last_page_is_followed_by_an_empty_one() -> None:
    """The engine does not look past a page to learn that it was the last."""
    world = filled(1, 2)
    first = page(world, options())
    assert (numbers(first), first.is_done) == ([1, 2], False)
    second = page(world, options(cursor=first.continue_cursor))
    assert (numbers(second), second.is_done) == ([], True)


def test_a_page_that_ends_where_a_chunk_ends() -> None:
    world = filled(*range(2 * SCAN_CHUNK))
    first = page(world, options(SCAN_CHUNK))
    assert (len(first.page), first.is_done) == (SCAN_CHUNK, False)
    rest = page(world, options(2 * SCAN_CHUNK, first.continue_cursor))
    assert (len(rest.page), rest.is_done) == (SCAN_CHUNK, True)


def test_a_position_is_a_key_not_an_offset() -> None:
    """Rows that come and go before a page do not shift it."""
    world = filled(10, 20, 30, 40)
    first = page(world, options())
    add(world, 5, 15)
    remove(world, 10)
    remove(world, 20)  # the very row that the cursor names
    assert numbers(page(world, options(cursor=first.continue_cursor))) == [30, 40]


def test_an_end_cursor_takes_everything_up_to_it() -> None:
    """Adjacent pages stay adjacent: `num_items` no longer counts."""
    world = filled(10, 20, 30)
    first = page(world, options())
    add(world, 5, 15, 17)
    again = page(world, options(end_cursor=first.continue_cursor))
    assert (numbers(again), again.is_done) == ([5, 10, 15, 17, 20], False)
    assert again.continue_cursor == first.continue_cursor
    second = page(world, options(cursor=first.continue_cursor))
    assert numbers(second) == [30]
    add(world, 99)
    last = page(world, options(1, first.continue_cursor, end_cursor=second.continue_cursor))
    assert (numbers(last), last.is_done) == ([30, 99], True)
    none = page(world, options(cursor=None, end_cursor=None))
    assert numbers(none) == [5, 10]


def test_a_journal_keeps_the_end_of_a_live_page() -> None:
    """A live page grows in place instead of pushing its last row into the next page."""
    world = filled(10, 20, 30)
    tx = world.tx()
    first = page(world, options(), tx)
    assert tx.page_end == first.continue_cursor
    add(world, 15)
    again = world.tx()
    again.journal = tx.page_end
    found = page(world, options(), again)
    assert numbers(found) == [10, 15, 20]
    assert found.continue_cursor == again.page_end == tx.page_end


def test_the_journal_of_another_query_is_ignored() -> None:
    """After a deploy that changed the query, clients send a journal that no longer fits."""
    world = filled(10, 20, 30)
    for journal in ("garbage", page_end_of_another(world)):
        tx = world.tx()
        tx.journal = journal
        assert numbers(page(world, options(), tx)) == [10, 20]


def page_end_of_another(world: World) -> str:
    tx = world.tx()
    drive(world.reader(tx).query(Note).paginate(options()))
    assert tx.page_end is not None
    return tx.page_end


def test_foreign_cursors() -> None:
    """React starts over when it sees this error's data."""
    world = filled(1, 2, 3)
    add(world, 1, 2, 3, topic="law")
    mine = page(world, options()).continue_cursor
    queries = [
        by_n(world, topic="law"),
        by_n(world).order("desc"),
        world.reader().query(Note),
        world.reader().query(Note).with_index(Note.by_topic, Note.topic == "ai"),
    ]
    for query in queries:
        with pytest.raises(InvalidCursor) as caught:
            drive(query.paginate(options(cursor=mine)))
        assert caught.value.data["paginationError"] == "InvalidCursor"


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "!!!!", "é", "A" * 20_000, base64.urlsafe_b64encode(b"0" * 9).decode(), "A" * 11],
)
def test_garbled_cursors(cursor: str) -> None:
    for one in (options(cursor=cursor), options(end_cursor=cursor)):
        with pytest.raises(InvalidCursor):
            page(filled(1), one)


@pytest.mark.parametrize("key", [b"", b"\x00", b"\xff" * 40])
def test_a_made_up_key_stays_within_the_range(key: bytes) -> None:
    """A cursor with a tampered key shows no rows of another topic."""
    world = filled(1, 2)
    add(world, 7, topic="aa")
    add(world, 8, topic="zz")
    real = page(world, options()).continue_cursor
    data = base64.urlsafe_b64decode(real + "=" * (-len(real) % 4))
    forged = base64.urlsafe_b64encode(data[:9] + key).decode().rstrip("=")
    for one in (options(9, forged), options(9, None, end_cursor=forged)):
        assert set(numbers(page(world, one))) <= {1, 2}


def test_the_number_of_items() -> None:
    world = filled(1)
    for too_few in (0, -1):
        with pytest.raises(DatabaseError) as caught:
            page(world, options(too_few))
        assert str(caught.value) == "Must request at least 1 document while paginating"
    with pytest.raises(DatabaseError) as caught:
        page(world, options(limits.PAGE_ITEMS_MAX + 1))
    assert caught.value.code == "PageSizeTooLarge"
    assert page(world, options(limits.PAGE_ITEMS_MAX)).is_done


def test_one_page_per_function() -> None:
    """The journal holds one end."""
    world = filled(1, 2, 3)
    tx = world.tx()
    page(world, options(), tx)
    with pytest.raises(DatabaseError) as caught:
        page(world, options(), tx)
    assert caught.value.code == "MultiplePaginatedQueries"


def test_filters() -> None:
    world = filled(*range(10))
    found = drive(by_n(world).filter(lambda row: row.n % 2 == 1).paginate(options()))
    assert (numbers(found), found.is_done) == ([1, 3], False)
    rest = drive(
        by_n(world).filter(lambda row: row.n % 2 == 1).paginate(
            options(9, found.continue_cursor)
        )
    )  # fmt: skip
    assert (numbers(rest), rest.is_done) == ([5, 7, 9], True)


def test_rows_and_bytes_to_read_at_most() -> None:
    """A page that filters much may be short, or empty, and says how to go on."""
    world = filled(*range(10))
    tx = world.tx()
    query = by_n(world, tx).filter(lambda row: row.n > 7)
    found = drive(query.paginate(options(5, maximum_rows_read=4)))
    assert (numbers(found), found.is_done, tx.usage.documents_read) == ([], False, 4)
    rest = drive(
        by_n(world).filter(lambda row: row.n > 7).paginate(options(5, found.continue_cursor))
    )
    assert numbers(rest) == [8, 9]
    small = page(world, options(5, maximum_bytes_read=1))
    assert (numbers(small), small.is_done) == ([0], False), "at least one row, or it never ends"


def test_split_cursors() -> None:
    """A page that grew too long can be read as two."""
    world = filled(*range(5))
    assert page(world, options(2)).split_cursor is None
    found = page(world, options(5))
    assert isinstance(found.split_cursor, str)
    left = page(world, options(5, end_cursor=found.split_cursor))
    right = page(world, options(5, found.split_cursor, end_cursor=found.continue_cursor))
    assert numbers(left) == [0, 1]
    assert numbers(right) == [2, 3, 4]


def test_split_recommended(monkeypatch: pytest.MonkeyPatch) -> None:
    world = filled(*range(6))
    assert page(world, options(6)).page_status is None
    monkeypatch.setattr(limits, "PAGE_SPLIT_DOCUMENTS", 5)
    assert page(world, options(5)).page_status is None
    assert page(world, options(6)).page_status == "SplitRecommended"


def test_split_recommended_by_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    world = filled(*range(6))
    tx = world.tx()
    page(world, options(6), tx)
    monkeypatch.setattr(limits, "BYTES_READ_MAX", tx.usage.bytes_read)
    assert page(world, options(6)).page_status == "SplitRecommended"
    assert page(world, options(4)).page_status is None


def test_split_required() -> None:
    world = filled(*range(9))
    found = page(world, options(9, maximum_rows_read=5))
    assert (numbers(found), found.page_status) == ([0, 1, 2, 3, 4], "SplitRequired")
    assert page(world, options(9, maximum_rows_read=2)).page_status is None


def test_a_pinned_page_past_the_read_limit_must_be_split(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page that grew past what one function may read is split, and no row of it is lost."""
    world = filled(*range(3))
    first = page(world, options(3))
    add(world, *(-n for n in range(1, 8)))
    monkeypatch.setattr(limits, "DOCUMENTS_READ_MAX", 8)
    found = page(world, options(3, end_cursor=first.continue_cursor))
    assert found.page_status == "SplitRequired"
    assert found.continue_cursor == first.continue_cursor
    split = found.split_cursor
    assert isinstance(split, str)
    left = page(world, options(3, end_cursor=split))
    right = page(world, options(3, split, end_cursor=first.continue_cursor))
    assert numbers(left) + numbers(right) == list(range(-7, 3))


# What a page depends on.


def test_a_page_depends_on_its_own_rows() -> None:
    """Of a hundred live pages over one list, an insert re-runs one."""
    world = filled(10, 20, 30, 40)
    txs = [world.tx(), world.tx()]
    first = page(world, options(), txs[0])
    page(world, options(cursor=first.continue_cursor), txs[1])
    for n, stale in [(15, [True, False]), (20, [True, False]), (25, [False, True])]:
        tx = world.tx()
        drive(world.writer(tx).insert(note("ai", n - 1)))
        done = tx.commit("test")
        assert [world.is_stale(one.reads, done) for one in txs] == stale
    tx = world.tx()
    drive(world.writer(tx).insert(note("ai", 45)))
    done = tx.commit("test")
    assert [world.is_stale(one.reads, done) for one in txs] == [False, False]


def test_a_last_page_depends_on_what_comes_after_it() -> None:
    world = filled(10, 20)
    tx = world.tx()
    assert page(world, options(5), tx).is_done
    other = world.tx()
    drive(world.writer(other).insert(note("ai", 99)))
    assert world.is_stale(tx.reads, other.commit("test"))


def test_a_page_that_fails_depends_on_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A live page that failed recovers once its rows are mended."""
    world = filled(0, 1)
    failed, limited = world.tx(), world.tx()
    with pytest.raises(ZeroDivisionError):
        drive(by_n(world, failed).filter(lambda row: 1 // row.n > 0).paginate(options()))
    with monkeypatch.context() as patch:
        patch.setattr(limits, "DOCUMENTS_READ_MAX", 1)
        with pytest.raises(LimitError):
            page(world, options(), limited)
    other = world.tx()
    drive(world.writer(other).insert(note("ai", -1)))
    done = other.commit("test")
    assert world.is_stale(failed.reads, done)
    assert world.is_stale(limited.reads, done)


def test_own_writes_are_on_the_page() -> None:
    world = filled(10, 30)
    tx = world.tx()
    drive(world.writer(tx).insert(note("ai", 20)))
    assert numbers(page(world, options(), tx)) == [10, 20]


@pytest.mark.parametrize("bound", ["maximum_rows_read", "maximum_bytes_read"])
def test_a_page_that_may_read_nothing_is_refused(bound: str) -> None:
    """An empty page that says it is done would hide every row behind it."""
    with pytest.raises(DatabaseError):
        page(filled(1, 2), options(2, None, **{bound: -1}))
