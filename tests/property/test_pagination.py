"""Pages put together again are the list, whatever is written between them."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reactor.schema.objects import Page, PaginationOptions
from reactor.transaction.query import RangeQuery
from reactor.transaction.transaction import Transaction
from tests.unit.transaction.world import Note, World, drive, note

PAGES_MAX = 60
"""More pages than any list here can have: reading that goes on longer never ends."""

ns = st.integers(0, 30)
directions = st.sampled_from(["asc", "desc"])
# Written between two pages: rows that come, and rows that go.
churn = st.lists(st.tuples(st.lists(ns, max_size=3), st.lists(ns, max_size=3)), max_size=8)


class Shelf:
    """Notes with distinct numbers in one topic, between two topics that must not show."""

    def __init__(self, numbers: set[int]) -> None:
        self.world = World()
        self.ids: dict[int, Any] = {}
        self.world.insert(note("a", -1), note("c", 99))
        self.change(sorted(numbers), [])

    def change(self, come: list[int], go: list[int]) -> None:
        with self.world.mutation() as db:
            for n in go:
                if n in self.ids:
                    drive(db.delete(self.ids.pop(n)))
            for n in come:
                if n not in self.ids:
                    self.ids[n] = drive(db.insert(note("b", n)))

    def query(self, direction: Any, tx: Transaction | None = None) -> RangeQuery[Note]:
        query = self.world.reader(tx).query(Note)
        return query.with_index(Note.by_topic_and_n, Note.topic == "b").order(direction)

    def page(self, direction: Any, tx: Transaction | None = None, **options: Any) -> Page[Note]:
        options = {"num_items": 3, "cursor": None, **options}
        return drive(self.query(direction, tx).paginate(PaginationOptions(**options)))


def numbers(page: Page[Note]) -> list[int]:
    return [row.n for row in page.page]


@settings(max_examples=150)
@given(st.sets(ns), churn, st.integers(1, 5), directions)
def test_rows_that_stay_are_read_exactly_once(
    start: set[int], moves: list[tuple[list[int], list[int]]], size: int, direction: str
) -> None:
    """Scrolling a list that others write to loses no row, repeats none, and ends."""
    shelf = Shelf(start)
    stayed = set(start)
    read: list[Note] = []
    cursor: str | None = None
    for at in range(PAGES_MAX):
        page = shelf.page(direction, num_items=size, cursor=cursor)
        assert len(page.page) <= size
        read += page.page
        cursor = page.continue_cursor
        if page.is_done:
            break
        if at < len(moves):
            come, go = moves[at]
            stayed -= set(go)
            shelf.change(come, go)
    else:
        raise AssertionError("the pages never end")
    shown = [row.n for row in read]
    assert len({row.id for row in read}) == len(read), "no row twice"
    assert shown == sorted(shown, reverse=direction == "desc")
    assert stayed <= set(shown)
    assert set(shown) <= start | {n for come, _ in moves for n in come}


@settings(max_examples=150)
@given(st.sets(ns), churn, st.integers(1, 5), directions)
def test_live_pages_always_add_up_to_the_list(
    start: set[int], moves: list[tuple[list[int], list[int]]], size: int, direction: str
) -> None:
    """`usePaginatedQuery`: each page re-runs with its journal, and together they are the list."""
    shelf = Shelf(start)
    cursors: list[str | None] = [None]
    journals: list[str] = []
    for _ in range(PAGES_MAX):
        tx = shelf.world.tx()
        page = shelf.page(direction, tx, num_items=size, cursor=cursors[-1])
        assert tx.page_end == page.continue_cursor
        journals.append(page.continue_cursor)
        cursors.append(page.continue_cursor)
        if page.is_done:
            break
    for come, go in moves:
        shelf.change(come, go)
        shown: list[int] = []
        for cursor, journal in zip(cursors, journals, strict=False):
            tx = shelf.world.tx()
            tx.journal = journal
            page = shelf.page(direction, tx, num_items=size, cursor=cursor)
            assert page.continue_cursor == journal, "the end stays where it was"
            shown += numbers(page)
        assert shown == sorted(shelf.ids, reverse=direction == "desc")


@settings(max_examples=100)
@given(st.sets(ns, min_size=3), churn, directions)
def test_a_split_page_is_its_two_halves(
    start: set[int], moves: list[tuple[list[int], list[int]]], direction: str
) -> None:
    """React replaces a page by two halves, and goes on seeing the same rows."""
    shelf = Shelf(start)
    page = shelf.page(direction, num_items=99)
    assert isinstance(page.split_cursor, str)
    for come, go in [([], []), *moves]:
        shelf.change(come, go)
        whole = shelf.page(direction, end_cursor=page.continue_cursor)
        left = shelf.page(direction, end_cursor=page.split_cursor)
        right = shelf.page(direction, cursor=page.split_cursor, end_cursor=page.continue_cursor)
        assert numbers(left) + numbers(right) == numbers(whole)
        assert numbers(whole) == sorted(shelf.ids, reverse=direction == "desc")


@settings(max_examples=100)
@given(st.sets(ns), churn, directions, st.integers(1, 4))
def test_a_page_is_stale_exactly_when_it_would_read_otherwise(
    start: set[int], moves: list[tuple[list[int], list[int]]], direction: str, size: int
) -> None:
    """A live page that misses a write shows a wrong list for ever."""
    shelf = Shelf(start)
    tx = shelf.world.tx()
    before = shelf.page(direction, tx, num_items=size)
    for come, go in moves:
        ts = shelf.world.log.last_ts
        shelf.change(come, go)
        again = shelf.world.tx()
        again.journal = tx.page_end
        after = shelf.page(direction, again, num_items=size)
        commits = list(shelf.world.log.window.since(ts))
        stale = any(tx.reads.is_touched_by(commit.touches) for commit in commits)
        ids = [[row.id for row in page.page] for page in (before, after)]
        assert stale == (ids[0] != ids[1])
        before, tx = after, again
