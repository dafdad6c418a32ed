"""The resident state: what documents and index keys a write leaves behind."""

from __future__ import annotations

import pytest

from reactor.log.snapshot import (
    BY_CREATION_TIME,
    BY_ID,
    IndexData,
    Snapshot,
    TableData,
    Touch,
    after_key,
    encode_stored,
    prefix_end,
    value_at,
)
from reactor.values.order import encode_key
from reactor.values.types import ABSENT, Int64
from tests.unit.log.world import World, id_, news_table, raw


def key(number: int, *values: object) -> bytes:
    return b"".join(map(encode_key, (*values, float(number)))) + id_(number)


def rows(index: IndexData) -> list[tuple[bytes, bytes]]:
    found = index.blocks.slice(b"", prefix_end(b""), 10**6, reverse=False)
    return list(zip(*found, strict=True))


def by_name(touch: Touch) -> dict[str, list[bytes]]:
    out: dict[str, list[bytes]] = {}
    for index, _, one in touch.keys:
        out.setdefault(index.name, []).append(one)
    return out


def test_prefix_end_is_the_smallest_bytes_above() -> None:
    """A range ends exactly behind its last key: neither a row too many nor one too few."""
    assert prefix_end(b"a") == b"b"
    assert prefix_end(b"a\xff") == b"b"
    assert prefix_end(b"a\x00") == b"a\x01"
    for prefix in (b"", b"\xff" * 16):
        assert prefix_end(prefix) > b"\xff" * 16


def test_after_key() -> None:
    assert b"a" < after_key(b"a") < b"a\x01"


def test_value_at() -> None:
    document = {"a": {"b": 1.0}, "c": None, "d": "x"}
    assert value_at(document, ("a", "b")) == 1.0
    assert value_at(document, ("c",)) is None
    for path in (("x",), ("a", "x"), ("c", "x"), ("d", "x")):
        assert value_at(document, path) is ABSENT


def test_encode_stored() -> None:
    """An index over bigints sorts them as numbers, not as their base64."""
    assert encode_stored({"$integer": "BQAAAAAAAAA="}) == encode_key(Int64(5))
    assert encode_stored([1.0, {"a": None}]) == encode_key([1.0, {"a": None}])
    assert encode_stored("a") == encode_key("a")
    assert encode_stored(ABSENT) == encode_key(ABSENT)


def test_keys_are_columns_then_creation_time_then_id() -> None:
    table = news_table()
    keys = {index.name: one for index, _, one in table.keys(id_(7), raw(7, topic="ai", n=1))}
    assert keys == {
        BY_CREATION_TIME: key(7),
        "by_topic": key(7, "ai"),
        "by_topic_and_n": key(7, "ai", 1.0),
    }


def test_a_missing_column_sorts_first() -> None:
    table = news_table()
    keys = {index.name: one for index, _, one in table.keys(id_(7), raw(7, n=1))}
    assert keys["by_topic"] == key(7, ABSENT)


def test_parts_are_the_key_without_the_id() -> None:
    """Subscriptions find the readers of a prefix by them."""
    for index, parts, one in news_table().keys(id_(7), raw(7, topic="ai", n=1)):
        assert b"".join(parts) + id_(7) == one
        assert len(parts) == len(index.paths) + 1


def test_insert_change_delete() -> None:
    """A changed document moves in the indexes whose key changed, and shows its new self in all."""
    world = World()
    index = world.table.indexes["by_topic_and_n"]
    first, second, third = raw(1, topic="ai", n=1), raw(1, topic="ai", n=2), raw(1, topic="law")

    touch = world.apply(1, first)
    assert (touch.old, touch.new) == (None, first)
    assert rows(index) == [(key(1, "ai", 1.0), first)]

    touch = world.apply(1, second)
    assert (touch.old, touch.new) == (first, second)
    assert rows(index) == [(key(1, "ai", 2.0), second)]
    assert rows(world.table.indexes["by_topic"]) == [(key(1, "ai"), second)]
    assert rows(world.table.by_creation_time) == [(key(1), second)]
    touched = by_name(touch)
    assert sorted(touched["by_topic_and_n"]) == [key(1, "ai", 1.0), key(1, "ai", 2.0)]
    assert touched["by_topic"] == [key(1, "ai")], "its readers see another document there"

    world.apply(1, third)
    touch = world.apply(1, None)
    assert (touch.old, touch.new) == (third, None)
    assert by_name(touch)["by_topic"] == [key(1, "law")]
    assert world.table.documents == {}
    assert all(rows(one) == [] for one in world.table.indexes.values())


def test_by_id_is_built_when_it_is_first_scanned() -> None:
    """A table that nobody scans by id does not pay for the order."""
    world = World()
    for number in (3, 1, 2):
        world.apply(number, raw(number))
    assert BY_ID not in world.table.indexes
    index = world.table.ordered_by_id()
    assert index is world.table.ordered_by_id()
    assert [one for one, _ in rows(index)] == [id_(1), id_(2), id_(3)]
    world.apply(2, None)
    touch = world.apply(4, raw(4))
    assert [one for one, _ in rows(index)] == [id_(1), id_(3), id_(4)]
    assert by_name(touch)[BY_ID] == [id_(4)]


def test_keys_from_before_by_id_came_into_being() -> None:
    """A transaction that was already writing when another scanned by id loses no row there."""
    world = World()
    write = world.write(1, raw(1))
    write.keys = world.table.keys(id_(1), raw(1))
    index = world.table.ordered_by_id()
    world.log.snapshot.apply(write)
    assert [one for one, _ in rows(index)] == [id_(1)]


def test_loading_gives_what_writing_gave() -> None:
    """After a restart every index answers as before."""
    world = World()
    loaded = news_table()
    bodies = [(id_(n), raw(n, topic="ab"[n % 2], n=-n)) for n in range(50)]
    for id, body in bodies:
        world.apply(int.from_bytes(id, "big"), body)
    Snapshot().load(loaded, bodies[::-1])
    assert loaded.documents == world.table.documents
    for name, index in loaded.indexes.items():
        assert rows(index) == rows(world.table.indexes[name])


def test_indexes_are_declared_before_documents() -> None:
    world = World()
    world.apply(1, raw(1))
    with pytest.raises(AssertionError):
        world.table.add_index("late", (("n",),), unique=False)


def test_an_unknown_table_is_empty() -> None:
    """A query of a table that was never written to answers with nothing."""
    snapshot = Snapshot()
    table = snapshot.table("new")
    assert table is snapshot.table("new")
    assert (table.number, table.documents) == (0, {})
    assert repr(table.by_creation_time) == "new.by_creation_time"


def test_unique_indexes_are_remembered() -> None:
    table = TableData("users", 1)
    table.add_index("by_age", (("age",),), unique=False)
    assert not table.has_unique
    table.add_index("by_email", (("email",),), unique=True)
    table.add_index("by_name", (("name",),), unique=False)
    assert table.has_unique
