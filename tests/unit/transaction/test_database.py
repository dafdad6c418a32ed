"""`ctx.db`: what it stores, what it gives back, and what it refuses in Convex's words."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from reactor import limits
from reactor.errors import (
    DatabaseError,
    InvalidId,
    SchemaError,
    ValidationFailed,
    ValueNotAllowed,
)
from reactor.schema.columns import Change
from reactor.schema.system import StoredFile
from reactor.schema.table import Table
from reactor.values.ids import decode_id, encode_id
from reactor.values.types import ABSENT, Int64
from tests.unit.transaction.world import (
    Address,
    Click,
    Event,
    Key,
    Note,
    User,
    World,
    drive,
    note,
)

NOWHERE: Any = encode_id(10_099, bytes(16))


def body(world: World, id: str) -> dict[str, Any]:
    _, internal = decode_id(id)
    table = next(t for t in world.log.snapshot.tables.values() if internal in t.documents)
    found: dict[str, Any] = orjson.loads(table.documents[internal])
    return {key: value for key, value in found.items() if not key.startswith("_")}


def patched(id: Any, *changes: Change[Any], world: World) -> dict[str, Any]:
    with world.mutation() as db:
        drive(db.patch(id, *changes))
    return body(world, id)


# --- get ------------------------------------------------------------------------------------


def test_insert_and_get() -> None:
    world = World()
    home = Address(city="Jakarta")
    (id,) = world.insert(note("ai", 3, address=home, tags=["x"], big=Int64(5), mood=None))
    assert decode_id(id)[0] == world.log.numbers["notes"]
    row = drive(world.reader().require(id))
    assert type(row) is Note
    assert (row.id, row.topic, row.n, row.title) == (id, "ai", 3, "untitled")
    assert (row.address, row.tags, row.big, row.mood) == (home, ["x"], Int64(5), None)
    assert (row.rank, row.parent, row.creation_time) == (None, None, 1_767_225_600_000.0)
    assert body(world, id) == {
        "topic": "ai", "n": 3.0, "title": "untitled", "parent": None, "tags": ["x"],
        "address": {"city": "Jakarta"}, "big": {"$integer": "BQAAAAAAAAA="}, "mood": None,
    }  # fmt: skip


def test_a_missing_document_is_none() -> None:
    world = World()
    (id,) = world.insert(note())
    with world.mutation() as db:
        drive(db.delete(id))
    assert drive(world.reader().get(id)) is None
    assert drive(world.reader().get(NOWHERE)) is None, "a table that is not known"


@pytest.mark.parametrize("id", ["", "abc", "j57000820c20a1g7104gm2rc1m70ynr9", None, 5])
def test_what_is_no_id(id: Any) -> None:
    world = World()
    db = world.writer()
    for handler in (db.get(id), db.delete(id), db.patch(id), db.replace(id, note())):
        with pytest.raises(InvalidId) as caught:
            drive(handler)
        assert caught.value.code == "InvalidId"
    with pytest.raises(InvalidId) as caught:
        drive(db.get(id))
    assert str(caught.value).startswith("Invalid argument `id` for `db.get`: Unable to decode ID")


def test_require() -> None:
    world = World()
    (id,) = world.insert(note())
    assert drive(world.reader().require(id)).id == id
    with pytest.raises(DatabaseError, match=r"^no such note") as caught:
        drive(world.reader().require(NOWHERE, "no such note"))
    assert caught.value.code == "DocumentNotFound"


def test_a_get_is_one_read() -> None:
    world = World()
    (id,) = world.insert(note())
    tx = world.tx()
    drive(world.reader(tx).get(id))
    assert (tx.usage.database_queries, tx.usage.documents_read) == (1, 1)
    drive(world.reader(tx).get(id))
    assert tx.usage.database_queries == 2


def test_a_get_of_nothing_depends_on_its_creation() -> None:
    world = World()
    tx = world.tx()
    db = world.writer()
    id = drive(db.insert(note()))
    assert drive(world.reader(tx).get(id)) is None
    done = db._tx.commit("test")  # pyright: ignore[reportPrivateUsage]
    assert world.is_stale(tx.reads, done)


def test_normalize_id() -> None:
    """A query string is told from an id before it is trusted as one."""
    world = World()
    (id,) = world.insert(note())
    (user,) = world.insert(User(email="x"))
    db = world.reader()
    assert db.normalize_id(Note, id) == id
    wrong: list[Any] = [user, NOWHERE, "x", "", id.upper(), None]
    for text in wrong:
        assert db.normalize_id(Note, text) is None


# --- insert ---------------------------------------------------------------------------------


def test_defaults_are_stored() -> None:
    world = World()
    (id,) = world.insert(note())
    assert body(world, id)["title"] == "untitled"
    assert body(world, id)["tags"] == []
    assert {"rank", "mood", "address"}.isdisjoint(body(world, id)), "None means: not there"


def test_a_stored_document_is_not_inserted_again() -> None:
    """A copy of a row is made by hand, with what should differ."""
    world = World()
    (id,) = world.insert(note())
    row = drive(world.reader().require(id))
    with pytest.raises(DatabaseError):
        drive(world.writer().insert(row))


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"topic": 5}, ".topic"),
        ({"n": 1.5}, ".n"),
        ({"n": Int64(1)}, ".n"),
        ({"rank": "x"}, ".rank"),
        ({"tags": ["a", 1]}, ".tags[1]"),
        ({"parent": False}, ".parent"),
        ({"big": 5}, ".big"),
    ],
)
def test_documents_match_their_table(wrong: dict[str, Any], path: str) -> None:
    """protocol.md 5.3: the sentence, then the validator's text with the path."""
    world = World()
    with pytest.raises(ValidationFailed) as caught:
        drive(world.writer().insert(note(**wrong)))
    assert caught.value.code == "SchemaEnforcementError"
    text = str(caught.value)
    assert text.startswith(
        'Failed to insert or update a document in table "notes" because it does not match the '
        "schema: "
    )
    assert f"\nPath: {path}\n" in text


def test_a_refused_insert_leaves_nothing() -> None:
    world = World()
    tx = world.tx()
    with pytest.raises(ValidationFailed):
        drive(world.writer(tx).insert(note(topic=5)))  # type: ignore[arg-type]  # the mistake
    assert tx.writes() == []


def test_ids_in_columns_are_of_their_table() -> None:
    world = World()
    (id,) = world.insert(note())
    (user,) = world.insert(User(email="x", best_note=id))
    with pytest.raises(ValidationFailed) as caught:
        drive(world.writer().insert(User(email="y", best_note=user)))
    assert "from table `users`" in str(caught.value)


def test_a_table_of_another_project() -> None:
    class Alien(Table, name="aliens"):
        pass

    with pytest.raises(SchemaError):
        drive(World().writer().insert(Alien()))


def deep(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


def test_size_and_depth_of_documents() -> None:
    world = World()
    room = limits.DOCUMENT_BYTES_MAX - 1000
    world.insert(note(title="x" * room))
    with pytest.raises(ValueNotAllowed) as caught:
        world.insert(note(title="x" * (room + 1000)))
    assert caught.value.code == "ValueTooLargeError"
    for depth, wrong in [(15, False), (16, True)]:
        row = note(meta=deep(depth))
        if not wrong:
            world.insert(row)
            continue
        with pytest.raises(ValueNotAllowed) as caught:
            world.insert(row)
        assert caught.value.code == "TooNestedError"
    world.insert(note(tags=["x"] * 8192))
    with pytest.raises(ValueNotAllowed) as caught:
        world.insert(note(tags=["x"] * 8193))
    assert caught.value.code == "ArrayTooLong"


def test_half_a_surrogate_pair_is_not_stored() -> None:
    """It would be on disk and in no client's language."""
    with pytest.raises(ValueNotAllowed):
        World().insert(note(title="\ud800"))


# --- patch ----------------------------------------------------------------------------------


def test_patch_changes_what_it_names() -> None:
    world = World()
    (id,) = world.insert(note(n=1, rank=2.0))
    changed = patched(id, Note.n.set(5), Note.rank.set(None), Note.title.set("t"), world=world)
    assert changed == {"topic": "ai", "n": 5.0, "title": "t", "parent": None, "tags": []}
    row = drive(world.reader().require(id))
    assert (row.n, row.rank, row.creation_time) == (5, None, 1_767_225_600_000.0)


def test_null_missing_and_absent() -> None:
    """`parent` holds null, `rank` goes missing, `mood` can do both."""
    world = World()
    (id,) = world.insert(note(parent="x", rank=1.0, mood="m"))
    assert patched(id, Note.parent.set(None), world=world)["parent"] is None
    assert "rank" not in patched(id, Note.rank.set(None), world=world)
    assert patched(id, Note.mood.set(None), world=world)["mood"] is None
    assert "mood" not in patched(id, Note.mood.set(ABSENT), world=world)
    assert "mood" not in patched(id, Note.mood.set(ABSENT), world=world), "gone already"


def test_given_skips_what_was_not_sent() -> None:
    world = World()
    (id,) = world.insert(note(n=1, title="t"))
    changed = patched(id, Note.n.given(None), Note.title.given("u"), world=world)
    assert (changed["n"], changed["title"]) == (1.0, "u")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (Note.n.set(1.5), ".n"),  # type: ignore[arg-type]  # the mistake
        (Note.topic.set(None), ".topic"),  # type: ignore[arg-type]  # the mistake
        (Note.tags.set(["a", 1]), ".tags[1]"),  # type: ignore[list-item]  # the mistake
        (Note.address.at(lambda a: a.city).set(5), ".address.city"),  # type: ignore[arg-type]
    ],
)
def test_patches_match_the_table(change: Change[Note], path: str) -> None:
    world = World()
    (id,) = world.insert(note(address=Address(city="x")))
    with pytest.raises(ValidationFailed) as caught:
        drive(world.writer().patch(id, change))
    assert caught.value.code == "SchemaEnforcementError"
    assert f"\nPath: {path}\n" in str(caught.value)


def test_a_required_column_cannot_be_removed() -> None:
    """Else the row could be stored, and never be read again."""
    world = World()
    (id,) = world.insert(note(address=Address(city="x")))
    for change in (
        Note.topic.set(ABSENT),  # type: ignore[arg-type]  # the mistake
        Note.address.at(lambda a: a.city).set(ABSENT),  # type: ignore[arg-type]  # the mistake
    ):
        with pytest.raises(ValidationFailed) as caught:
            drive(world.writer().patch(id, change))
        assert caught.value.code == "SchemaEnforcementError"
        assert "Object is missing the required field" in str(caught.value)


def test_nested_patches() -> None:
    world = World()
    (id,) = world.insert(note(address=Address(city="x")))
    city, zip_code = Note.address.at(lambda a: a.city), Note.address.at(lambda a: a.zip_code)
    changed = patched(id, city.set("y"), zip_code.set("1"), world=world)
    assert changed["address"] == {"city": "y", "zipCode": "1"}
    assert patched(id, zip_code.set(None), world=world)["address"] == {"city": "y"}
    found = world.reader().query(Note).with_index(Note.by_city, city == "y")
    assert [row.id for row in drive(found.collect())] == [id]


def test_a_nested_patch_leaves_no_half_an_object() -> None:
    """Without an address there is none to change: the whole of it must be set."""
    world = World()
    (id,) = world.insert(note())
    zip_code = Note.address.at(lambda a: a.zip_code)
    with pytest.raises(ValidationFailed) as caught:
        drive(world.writer().patch(id, zip_code.set("1")))
    assert "missing the required field `city`" in str(caught.value)
    assert "address" not in patched(id, zip_code.set(None), world=world), "nothing to remove"
    city = Note.address.at(lambda a: a.city)
    assert patched(id, city.set("x"), world=world)["address"] == {"city": "x"}


def test_a_nested_patch_of_any_value() -> None:
    world = World()
    (id,) = world.insert(note())
    inside = Note.meta.at(lambda m: m.deep.er)
    assert patched(id, inside.set(1), world=world)["meta"] == {"deep": {"er": 1.0}}
    assert patched(id, inside.set(ABSENT), world=world)["meta"] == {"deep": {}}
    for value in ("text", None, [1], Int64(1)):
        patched(id, Note.meta.set(value), world=world)
        with pytest.raises(DatabaseError):
            drive(world.writer().patch(id, inside.set(1)))
    unknown: Change[Any] = Change(Note, "parent.x", 1)
    with pytest.raises(DatabaseError):
        drive(world.writer().patch(id, unknown))


def test_patches_of_what_is_not_there() -> None:
    world = World()
    (id,) = world.insert(note())
    wrong: Any = User.email.set("x")
    with pytest.raises(DatabaseError) as caught:
        drive(world.writer().patch(id, wrong))
    assert str(caught.value) == 'expected to be an Id<"users">, got Id<"notes"> instead.'
    unknown: Change[Any] = Change(Note, "nothing", 1)
    with pytest.raises(DatabaseError):
        drive(world.writer().patch(id, unknown))
    for change in (Note.creation_time.set(1.0), Note.id.set(id)):
        with pytest.raises(DatabaseError):
            drive(world.writer().patch(id, change))


def test_a_patch_that_changes_nothing_writes_nothing() -> None:
    """Compat check 17: no write, no conflict, no re-run."""
    world = World()
    (id,) = world.insert(note(n=1))
    tx = world.tx()
    db = world.writer(tx)
    drive(db.patch(id))
    drive(db.patch(id, Note.n.set(1)))
    drive(db.replace(id, note(n=1)))
    assert tx.usage.documents_written == 0
    assert tx.writes() == []


# --- replace --------------------------------------------------------------------------------


def test_replace() -> None:
    world = World()
    (id,) = world.insert(note(n=1, rank=2.0))
    before = drive(world.reader().require(id))
    with world.mutation() as db:
        drive(db.replace(id, note("law", 7)))
    after = drive(world.reader().require(id))
    assert (after.topic, after.n, after.rank) == ("law", 7, None)
    assert (after.id, after.creation_time) == (id, before.creation_time)


def test_replace_with_a_stored_document() -> None:
    """Its own row may be put back; another row's is a mistake, read or not."""
    world = World()
    one, two = world.insert(note(n=1), note(n=2))
    with world.mutation() as db:
        row = drive(db.require(one))
        drive(db.patch(one, Note.n.set(9)))
        drive(db.replace(one, row))
    assert drive(world.reader().require(one)).n == 1
    for is_read in (False, True):
        row = drive(world.reader().require(one))
        if is_read:
            assert row.n == 1
        with pytest.raises(DatabaseError) as caught:
            drive(world.writer().replace(two, row))
        assert str(caught.value) == (f"Provided document ID {one} doesn't match '_id' field {two}")


def test_replace_matches_the_table() -> None:
    world = World()
    (id,) = world.insert(note())
    with pytest.raises(ValidationFailed) as caught:
        drive(world.writer().replace(id, note(n=1.5)))  # type: ignore[arg-type]  # the mistake
    assert caught.value.code == "SchemaEnforcementError"
    other: Any = User(email="x")
    with pytest.raises(DatabaseError):
        drive(world.writer().replace(id, other))


# --- delete ---------------------------------------------------------------------------------


def test_writes_of_what_is_not_there() -> None:
    """protocol.md 5.3: Convex's words, which apps match on."""
    world = World()
    (id,) = world.insert(note())
    with world.mutation() as db:
        drive(db.delete(id))
    db = world.writer()
    for handler, verb in [
        (db.patch(id, Note.n.set(2)), "Update"),
        (db.replace(id, note()), "Replace"),
        (db.delete(id), "Delete"),
        (db.delete(NOWHERE), None),
    ]:
        with pytest.raises(DatabaseError) as caught:
            drive(handler)
        assert caught.value.code == "DocumentNotFound"
        if verb is not None:
            assert str(caught.value) == f"{verb} on nonexistent document ID {id}"


def test_deleting_twice_in_one_mutation() -> None:
    world = World()
    (id,) = world.insert(note())
    db = world.writer()
    drive(db.delete(id))
    with pytest.raises(DatabaseError):
        drive(db.delete(id))
    with pytest.raises(DatabaseError):
        drive(db.patch(id, Note.n.set(2)))


def test_system_tables_are_read_only() -> None:
    world = World()
    table = world.table(StoredFile)
    id: Any = encode_id(world.log.number_of(table), bytes(16))
    for handler in (world.writer().delete(id), world.writer().patch(id)):
        with pytest.raises(DatabaseError) as caught:
            drive(handler)
        assert str(caught.value) == "System tables (prefixed with `_`) are read-only."
    assert drive(world.reader().get(id)) is None


# --- variants -------------------------------------------------------------------------------


def test_variants() -> None:
    """A table of several shapes stores each and gives each back as its class."""
    world = World()
    click, key = world.insert(Click(kind="click", x=1.0), Key(kind="key", letter="a"))
    found = drive(world.reader().require(click))
    assert isinstance(found, Click)
    assert found.x == 1.0
    rows: list[Event] = drive(world.reader().query(Event).collect())
    assert [type(row) for row in rows] == [Click, Key]
    assert patched(key, Key.letter.set("b"), world=world) == {"kind": "key", "letter": "b"}


def test_a_patch_may_not_mix_variants() -> None:
    """Each column alone is right, the document as a whole is not."""
    world = World()
    (key,) = world.insert(Key(kind="key", letter="a"))
    wrong: Any = Click.kind.set("click")
    with pytest.raises(ValidationFailed) as caught:
        drive(world.writer().patch(key, wrong))
    assert caught.value.code == "SchemaEnforcementError"


def test_a_document_may_not_mix_variants() -> None:
    wrong: Any = "click"
    with pytest.raises(ValidationFailed):
        World().insert(Key(kind=wrong, letter="a"))
