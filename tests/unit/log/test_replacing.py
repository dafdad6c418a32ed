"""A table whose contents change as a whole: nobody sees half, and whoever read it runs again."""

from __future__ import annotations

import orjson
import pytest

from reactor.log.commit import ReadsChanged
from reactor.log.filling import IndexFilling
from reactor.log.reads import ReadSet
from reactor.log.replacing import NotUnique, Replacement, Retired, Swap
from reactor.log.snapshot import BY_ID, TableData, Write
from reactor.log.terms import TermRead
from reactor.search.analyzer import Analyzer
from reactor.search.text import TextIndex
from tests.unit.log.world import World, id_, point, raw, reading, whole

STORE = 2**32


def stage(world: World) -> int:
    """A store for the next contents; the first one."""
    store = world.log.next_store()
    assert store == STORE
    return store


def replacement(table: TableData, *numbers: int, number: int = 10_001) -> Replacement:
    made = Replacement(table, number, STORE)
    for n in numbers:
        document = raw(n, topic="new")
        made.add(id_(n), document, orjson.loads(document))
    return made


def swap(world: World, made: Replacement) -> dict[object, None]:
    change = Swap(world.table, made.number, made.contents)
    reads = ReadSet.empty()
    return world.log.commit([], reads, world.log.last_ts, "import", swaps=[change]).tokens


def test_contents_change_in_one_moment() -> None:
    """Until the swap nothing of an import can be read; after it, nothing of what was there."""
    world = World()
    world.put(1, topic="old")
    made = replacement(world.table, 2, 3)
    assert list(world.table.documents) == [id_(1)]
    swap(world, made)
    assert list(world.table.documents) == [id_(2), id_(3)]
    for index in world.table.indexes.values():
        assert len(index.blocks) == 2
    assert world.log.take_batch().tables == [(10_001, "news", STORE)]


def test_later_writes_go_to_the_new_store() -> None:
    """Otherwise they would be lost with the old one at the next start."""
    world = World()
    swap(world, replacement(world.table, 2))
    world.put(2, topic="patched")
    assert world.log.take_batch().rows[-1][0] == STORE


def test_readers_of_the_table_run_again() -> None:
    """A live query of a replaced table must not show what is gone; others cost nothing."""
    world = World()
    other = world.log.snapshot.table("other")
    by_topic = world.table.indexes["by_topic"]
    for token, reads in (
        ("point", point(world.table, 9)),
        ("whole", reading(whole(by_topic, "old"))),
        ("other", point(other, 1)),
    ):
        world.log.subscriptions.add(token, reads)
    assert set(swap(world, replacement(world.table, 2))) == {"point", "whole"}


def test_who_is_under_way_starts_again() -> None:
    """A suspended mutation that read the old contents must not commit on top of the new ones."""
    world = World()
    world.put(1, topic="old")
    begin_ts = world.log.last_ts
    swap(world, replacement(world.table, 2))
    with pytest.raises(ReadsChanged):
        world.log.check(ReadSet.empty(), begin_ts)


def test_a_scan_by_id_sees_the_new_contents() -> None:
    """The index by id is built when it is first scanned, and must not be the old one's."""
    world = World()
    world.put(1)
    world.table.ordered_by_id()
    swap(world, replacement(world.table, 3, 2))
    assert BY_ID not in world.table.indexes
    keys, _ = world.table.ordered_by_id().blocks.slice(b"", b"\xff", 9, reverse=False)
    assert keys == [id_(2), id_(3)]


def test_a_number_can_change_hands() -> None:
    """Two tables of an import may have each other's numbers; both must end up with their own."""
    world = World()
    users = world.log.snapshot.table("users")
    assert world.log.number_of(users) == 10_002
    changes = [
        Swap(world.table, 10_002, replacement(world.table, number=10_002).contents),
        Swap(users, 10_001, None),
    ]
    world.log.commit([], ReadSet.empty(), world.log.last_ts, "import", swaps=changes)
    assert world.log.numbers == {"news": 10_002, "users": 10_001}
    assert (world.table.number, users.number, users.store) == (10_002, 10_001, 10_002)


def test_staged_rows_are_in_the_batch_and_nowhere_else() -> None:
    world = World()
    stage(world)
    ts = world.log.stage(STORE, [("doc7", b"{}")], "import")
    batch = world.log.take_batch()
    assert batch.rows == [(STORE, "doc7", ts, b"{}")]
    assert (batch.ts, batch.transactions) == (ts, 1)
    assert not world.table.documents


def test_a_dropped_store_travels_with_the_batch() -> None:
    world = World()
    stage(world)
    world.log.drop(STORE, "import")
    assert world.log.take_batch().drops == (STORE,)
    assert not world.log.has_batch
    assert not world.log.orphans


def test_what_was_replaced_is_an_orphan_until_it_is_dropped() -> None:
    """A number that still names rows on disk must not be given to a new table."""
    world = World()
    world.put(1)
    stage(world)
    swap(world, replacement(world.table, 2, number=9_999))
    assert world.log.orphans == {10_001: 1}
    assert world.log.take_batch().meta == [("retired:10001", str(world.log.last_ts))]
    assert world.log.number_of(world.log.snapshot.table("users")) == 10_002
    assert world.log.next_store() == STORE + 1


def test_the_same_id_twice_is_refused() -> None:
    world = World()
    with pytest.raises(NotUnique) as refused:
        replacement(world.table, 1, 1)
    assert refused.value.index == ""


def test_a_key_of_a_unique_index_twice_is_refused() -> None:
    """A table that breaks its own promise could never be written to again."""
    table = TableData("users", 10_003)
    table.add_index("by_email", (("email",),), unique=True)
    made = Replacement(table, 10_003, STORE)
    for n, fields in enumerate(({"email": "a"}, {}, {}, {"email": "b"})):
        document = raw(n, **fields)
        made.add(id_(n), document, orjson.loads(document))
    document = raw(9, email="a")
    with pytest.raises(NotUnique) as refused:
        made.add(id_(9), document, orjson.loads(document))
    assert refused.value.index == "by_email"


def test_what_was_replaced_is_let_go_of_in_steps() -> None:
    """A million documents freed at once would hold every client up."""
    world = World()
    for n in range(30):
        world.put(n)
    swap(world, replacement(world.table, 99))
    retired = world.log.retired
    steps = 1
    while retired.release(10):
        steps += 1
    assert steps > 3
    assert not Retired().release(10)


def test_a_staged_index_is_filled_with_the_new_contents() -> None:
    """An index that is being filled while an import comes would otherwise miss its documents."""
    world = World()
    for n in range(10):
        world.put(n, age=float(n))
    world.table.stage_index("by_age", (("age",),))
    filling = IndexFilling(world.table.staged["by_age"])
    filling.step(3)
    swap(world, replacement(world.table, *range(20, 50)))
    while filling.step(3):
        pass
    index = world.table.indexes["by_age"]
    assert sorted(key[-16:] for key in index.blocks) == [id_(n) for n in range(20, 50)]
    world.delete(21)
    assert len(index.blocks) == 29


def test_sums_are_of_the_new_contents() -> None:
    """An index that keeps a sum must not go on adding to the one of what is gone."""
    world = World()
    table = TableData("prices", 10_009)
    index = table.add_index("by_topic_sum", (("topic",),), unique=False, sums=(("n",),))
    world.log.snapshot.tables["prices"] = table
    made = Replacement(table, 10_009, world.log.next_store())
    for n in (1, 2, 3):
        document = raw(n, topic="a", n=float(n))
        made.add(id_(n), document, orjson.loads(document))
    change = Swap(table, 10_009, made.contents)
    world.log.commit([], ReadSet.empty(), world.log.last_ts, "import", swaps=[change])
    assert index.sums[("n",)].total(b"", b"\xff" * 40).rounded() == 6.0
    world.commit(Write(table, id_(2), "doc2", table.documents[id_(2)], None))
    assert index.sums[("n",)].total(b"", b"\xff" * 40).rounded() == 4.0


def test_what_follows_a_table_follows_its_new_contents() -> None:
    """A search must find what was imported, not what is gone; and who searched runs again."""
    world = World()
    text = TextIndex(("text",), (), Analyzer())
    world.table.follow("search_text", text)
    world.put(1, text="ancient")
    found = TermRead(text, (), (), "ancient", is_prefix=False)
    world.log.subscriptions.add("search", ReadSet({}, [], terms={found: None}))
    made = Replacement(world.table, 10_001, STORE)
    document = raw(2, text="modern")
    made.add(id_(2), document, orjson.loads(document))
    assert set(swap(world, made)) == {"search"}
    now = world.table.followers["search_text"]
    assert isinstance(now, TextIndex)
    assert now.find("ancient") is None
    assert now.find("modern") is not None
    world.delete(2)
    assert now.is_empty
