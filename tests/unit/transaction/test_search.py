"""Searches in a transaction: ways to read, equalities, limits, what they subscribe to."""

from __future__ import annotations

from typing import Any

import pytest

from reactor import limits
from reactor.errors import DatabaseError, InvalidCursor, LimitError
from reactor.log.commit import ReadsChanged
from reactor.schema.columns import Bound
from reactor.schema.objects import Page, PaginationOptions
from reactor.transaction.query import OrderedQuery
from reactor.transaction.transaction import SCAN_CHUNK, MustRestart, Transaction
from reactor.values.types import ABSENT, Int64
from tests.unit.transaction.world import Address, Note, User, World, drive, note


def filled(*titles: str, **more: Any) -> World:
    world = World()
    with world.mutation() as db:
        for n, title in enumerate(titles):
            drive(db.insert(note(n=n, title=title, **more)))
    world.clock.advance(1.0)
    return world


def search(
    world: World, text: str, *equals: Bound[Note], tx: Transaction | None = None
) -> OrderedQuery[Note]:
    return world.reader(tx).query(Note).with_search_index(Note.search, text, *equals)


def numbers(notes: list[Note]) -> list[int]:
    return [one.n for one in notes]


def test_every_way_to_read() -> None:
    world = filled("guru", "guru murid", "air", "murid guru guru")
    assert numbers(drive(search(world, "murid guru").collect())) == [3, 1, 0]
    assert numbers(drive(search(world, "murid guru").take(2))) == [3, 1]
    assert drive(search(world, "guru").take(0)) == []
    first = drive(search(world, "murid guru").first())
    assert first is not None
    assert first.n == 3
    assert drive(search(world, "zzz").first()) is None
    only = drive(search(world, "air").unique())
    assert only is not None
    assert only.n == 2
    with pytest.raises(DatabaseError, match="more than one result"):
        drive(search(world, "guru").unique())
    odd = search(world, "guru").filter(lambda one: one.n % 2 == 1).filter(lambda one: one.n > 1)
    assert numbers(drive(odd.collect())) == [3]


def test_async_iteration_reads_on() -> None:
    """Past one chunk, in order, through filters, with own writes in between."""
    count = SCAN_CHUNK * 2 + 5
    world = filled(*["guru"] * count)
    tx = world.tx()
    db = world.writer(tx)

    async def read() -> list[int]:
        found: list[int] = []
        async for one in search(world, "guru", tx=tx).filter(lambda one: one.n % 2 == 0):
            found.append(one.n)
            await db.delete(one.id)
        return found

    expected = [n for n in reversed(range(count)) if n % 2 == 0]
    assert drive(read()) == expected
    assert len(drive(search(world, "guru", tx=tx).collect())) == count - len(expected)


def test_a_search_has_no_other_order() -> None:
    """`order` is not there, in types and at run time."""
    query: Any = search(filled("guru"), "guru")
    assert not hasattr(query, "order")


def test_a_query_is_read_once() -> None:
    query = search(filled("guru"), "guru")
    drive(query.collect())
    with pytest.raises(DatabaseError, match="already read"):
        drive(query.collect())


def test_equalities_are_on_declared_columns() -> None:
    world = World()
    with world.mutation() as db:
        for n, (rank, city) in enumerate([(1.0, "Bogor"), (None, "Bogor"), (1.0, None)]):
            address = None if city is None else Address(city=city)
            big = Int64(n) if n else None
            drive(db.insert(note(n=n, title="guru", rank=rank, address=address, big=big)))

    def found(*equals: Bound[Note]) -> list[int]:
        return sorted(numbers(drive(search(world, "guru", *equals).collect())))

    in_city: Any = Note.address.at(lambda address: address.city)
    assert found() == [0, 1, 2]
    assert found(Note.rank == 1.0) == [0, 2]
    assert found(Note.rank.is_(None)) == [1]
    assert found(in_city == "Bogor") == [0, 1]
    assert found(in_city == "Bogor", Note.rank == 1.0) == [0]
    assert found(Note.rank == 1.0, in_city == "Bogor") == [0]
    assert found(Note.big == Int64(2)) == [2]
    assert found(Note.big.is_(None)) == [0]
    assert found(Note.meta.is_absent()) == [0, 1, 2]
    assert found(Note.meta.is_(None)) == []
    assert found(Note.topic == "ai", Note.meta.is_(ABSENT)) == [0, 1, 2]


@pytest.mark.parametrize(
    ("equals", "code"),
    [
        ((Note.n == 1,), "FieldNotInIndex"),
        ((Note.title == "guru",), "FieldNotInIndex"),
        ((User.email == "a@b.c",), "FieldNotInIndex"),
        ((Note.topic == "a", Note.topic == "b"), "AlreadyDefinedBound"),
        ((Note.topic > "a",), "DatabaseError"),
        ((Note.meta.is_present(),), "DatabaseError"),
    ],
)
def test_other_conditions_are_refused(equals: tuple[Bound[Note], ...], code: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        search(filled("guru"), "guru", *equals)
    assert caught.value.code == code


def test_an_index_of_another_table_is_refused() -> None:
    query: Any = filled().reader().query(User)
    with pytest.raises(DatabaseError) as caught:
        query.with_search_index(Note.search, "guru")
    assert caught.value.code == "IndexNotFoundError"


def test_a_staged_index_is_not_read() -> None:
    with pytest.raises(DatabaseError) as caught:
        filled().reader().query(Note).with_search_index(Note.search_parent, "guru")
    assert caught.value.code == "IndexStagedError"


def test_what_is_no_text_is_refused() -> None:
    text: Any = None
    with pytest.raises(DatabaseError, match="text to search for"):
        search(filled(), text)


def test_too_many_filters_and_words_are_refused() -> None:
    with pytest.raises(LimitError) as caught:
        search(filled(), "guru", *[Note.topic == "a"] * (limits.SEARCH_FILTERS_MAX + 1))
    assert caught.value.code == "TooManySearchFilters"
    with pytest.raises(LimitError) as caught:
        search(filled(), " ".join(f"w{n}" for n in range(limits.SEARCH_TERMS_MAX + 1)))
    assert caught.value.code == "TooManySearchTerms"


def test_a_search_finds_so_many_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that is asked for comes, or an error says that it does not: never a silent cut."""
    monkeypatch.setattr(limits, "SEARCH_RESULTS_MAX", 5)
    world = filled(*["guru"] * 5)
    assert len(drive(search(world, "guru").collect())) == 5
    assert drive(search(world, "guru").filter(lambda one: one.n > 9).first()) is None
    with world.mutation() as db:
        drive(db.insert(note(n=9, title="guru")))
    assert len(drive(search(world, "guru").take(5))) == 5
    for query in (
        search(world, "guru").collect(),
        search(world, "guru").take(6),
        search(world, "guru").filter(lambda one: one.n > 10).take(1),
    ):
        with pytest.raises(LimitError) as caught:
            drive(query)
        assert caught.value.code == "TooManySearchResults"


def options(num_items: int = 2, cursor: str | None = None, **more: Any) -> PaginationOptions:
    return PaginationOptions(num_items=num_items, cursor=cursor, **more)


def page(world: World, one: PaginationOptions, tx: Transaction | None = None) -> Page[Note]:
    return drive(search(world, "guru", tx=tx).paginate(one))


def test_pages_end_where_a_search_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SEARCH_RESULTS_MAX", 5)
    world = filled(*["guru"] * 9)
    first = page(world, options(4))
    assert (numbers(first.page), first.is_done) == ([8, 7, 6, 5], False)
    second = page(world, options(4, first.continue_cursor))
    assert (numbers(second.page), second.is_done) == ([4], True)
    assert isinstance(first.split_cursor, str)
    split = page(world, options(1, None, end_cursor=first.split_cursor))
    assert numbers(split.page) == [8, 7]
    rest = page(world, options(1, first.split_cursor, end_cursor=first.continue_cursor))
    assert numbers(rest.page) == [6, 5]


def test_a_pinned_page_grows_and_shrinks_in_place() -> None:
    """A live page of results keeps its end while better and worse documents come and go."""
    world = filled("guru x", "guru x x", "guru x x x", "guru x x x x")
    tx = world.tx()
    first = page(world, options(), tx)
    assert numbers(first.page) == [0, 1]
    with world.mutation() as db:
        drive(db.insert(note(n=9, title="guru")))
        drive(db.insert(note(n=8, title="guru x x x x x")))
    again = world.tx()
    again.journal = tx.page_end
    assert numbers(page(world, options(), again).page) == [9, 0, 1]
    following = page(world, options(5, first.continue_cursor))
    assert numbers(following.page) == [2, 3, 8]


def test_cursors_of_other_searches_are_refused() -> None:
    world = filled("guru murid", "guru murid", "guru murid")
    cursor = page(world, options()).continue_cursor
    for query in (
        search(world, "gur"),
        search(world, "guru murid"),
        search(world, "guru", Note.topic == "ai"),
        world.reader().query(Note),
    ):
        with pytest.raises(InvalidCursor):
            drive(query.paginate(options(cursor=cursor)))
    foreign = drive(world.reader().query(Note).paginate(options())).continue_cursor
    for bad in (foreign, cursor[:-3], cursor + "AAAA", "x"):
        with pytest.raises(InvalidCursor):
            page(world, options(cursor=bad))


def reads(world: World, text: str, *equals: Bound[Note]) -> Transaction:
    tx = world.tx()
    drive(search(world, text, *equals, tx=tx).collect())
    return tx


def is_touched(world: World, tx: Transaction, title: str, **more: Any) -> bool:
    writing = world.tx()
    drive(world.writer(writing).insert(note(n=99, title=title, **more)))
    return world.is_stale(tx.reads, writing.commit("test:insert"))


def test_only_commits_with_its_words_touch_a_search() -> None:
    """The promise of a live search: other people's words do not run it again."""
    world = filled("guru", "murid")
    tx = reads(world, "guru mur")
    assert not is_touched(world, tx, "air api belajar gurun")
    assert is_touched(world, tx, "murah")
    assert is_touched(world, tx, "guru")
    nothing = reads(world, "belum")
    assert not is_touched(world, nothing, "bel")
    assert is_touched(world, nothing, "belumlah")


def test_only_commits_with_its_values_touch_a_search() -> None:
    world = filled("guru")
    tx = reads(world, "guru", Note.topic == "ai", Note.rank.is_(None))
    assert not is_touched(world, tx, "guru", topic="law")
    assert not is_touched(world, tx, "guru", rank=1.0)
    assert is_touched(world, tx, "guru")


def test_patches_and_deletes_of_matches_touch_a_search() -> None:
    """Also a patch of a column that is not searched: the result shows it."""
    world = filled("guru")
    with world.mutation() as db:
        mine = drive(db.insert(note(n=5, title="guru")))
    tx = reads(world, "guru")
    for change in (Note.n.set(6), Note.title.set("murid"), Note.title.set("guru baru")):
        writing = world.tx()
        drive(world.writer(writing).patch(mine, change))
        assert world.is_stale(tx.reads, writing.commit("test:patch"))
    writing = world.tx()
    drive(world.writer(writing).delete(mine))
    assert world.is_stale(tx.reads, writing.commit("test:delete"))


def test_a_mutation_that_searched_conflicts_with_a_commit_of_its_words() -> None:
    """ "Insert unless it is there already" holds for searches as well."""
    world = filled("air")
    tx = reads(world, "guru")
    drive(world.writer(tx).insert(note(n=1, title="murid")))
    with world.mutation() as db:
        drive(db.insert(note(n=2, title="api")))
    drive(search(world, "guru", tx=tx).collect())
    with world.mutation() as db:
        drive(db.insert(note(n=3, title="guru")))
    with pytest.raises(MustRestart):
        drive(search(world, "murid", tx=tx).collect())
    with pytest.raises(ReadsChanged):
        tx.commit("test:mutation")


def test_a_failed_nested_call_takes_its_words_back() -> None:
    world = filled("guru")
    tx = world.tx()
    drive(world.writer(tx).insert(note(n=1, title="guru satu")))
    saved = tx.savepoint()
    drive(world.writer(tx).insert(note(n=2, title="guru dua")))
    assert numbers(drive(search(world, "guru", tx=tx).collect())) == [0, 2, 1]
    tx.restore(saved)
    assert numbers(drive(search(world, "guru", tx=tx).collect())) == [0, 1]
