"""Tables and documents: one class, one table; a document is frozen and decoded when read."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from reactor.schema.columns import Field
from reactor.schema.fields import field
from reactor.schema.system import ScheduledFunction, StoredFile
from reactor.schema.table import Document, Table, stored
from reactor.values.json import to_json
from tests.unit.transaction.world import Click, Event, Note, User, World, drive, note


class Draft(Table, name="drafts", camel=False):
    page_url: Field[str]
    tags: Field[list[str]] = field(default_factory=list)


def row(world: World) -> Note:
    (id,) = world.insert(note(n=5))
    found: Note = drive(world.reader().require(id))
    return found


def test_a_class_is_a_table() -> None:
    assert Draft.__table_name__ == "drafts"
    assert not Draft.__camel__
    assert list(Draft.__specs__) == ["page_url", "tags"]
    assert StoredFile.__table_name__ == "_storage"
    assert ScheduledFunction.__table_name__ == "_scheduled_functions"


def test_a_subclass_without_a_name_is_a_variant() -> None:
    assert Event.__variants__[0] is Click
    assert Click.__table_name__ == "events"
    assert Note.__variants__ == []


def test_a_new_document_has_no_id() -> None:
    """It gets one when it is inserted; until then, asking for it is a mistake."""
    draft = Draft(page_url="u")
    assert (draft.page_url, draft.tags) == ("u", [])
    for name in ("id", "creation_time"):
        with pytest.raises(AttributeError, match="only stored documents have an id"):
            getattr(draft, name)
    with pytest.raises(TypeError):
        Draft()  # type: ignore[call-arg]  # the mistake
    with pytest.raises(TypeError):
        Draft(page_url="u", nothing=1)  # type: ignore[call-arg]  # the mistake


def test_documents_are_frozen() -> None:
    """A handler's copy never reaches the store, so changing it would be lost."""
    for document in (note(), row(World())):
        frozen: Any = document
        with pytest.raises(AttributeError):
            frozen.n = 2
        with pytest.raises(AttributeError):
            frozen.nothing = 2
        with pytest.raises(AttributeError):
            del frozen.n


def test_a_stored_document_is_decoded_when_it_is_read() -> None:
    """Rows that a filter passes by cost no decoding."""
    calls: list[bytes] = []

    def decode(raw: bytes) -> dict[str, Any]:
        calls.append(raw)
        return {"id": "x", "creation_time": 1.0, **orjson.loads(raw)}

    document: Any = stored(Draft, b'{"page_url":"u"}', decode)
    assert calls == []
    assert (document.page_url, document.id) == ("u", "x")
    assert len(calls) == 1


def test_a_column_that_the_stored_document_lacks() -> None:
    """After a column was added, old rows say what they lack, the second time too."""

    def decode(raw: bytes) -> dict[str, Any]:
        return {"id": "x", "creation_time": 1.0}

    document: Any = stored(Draft, b"{}", decode)
    for _ in range(2):
        with pytest.raises(AttributeError, match="page_url"):
            _ = document.page_url


def test_equality() -> None:
    world = World()
    first = row(world)
    again = drive(world.reader().require(first.id))
    assert first == again
    assert hash(first) == hash(again)
    assert first != row(world)
    assert note() == note()
    assert note() != note(n=7)
    assert note() != first
    assert note() != User(email="x")
    assert note() != "note"
    assert len({note(), note()}) == 2, "without an id, each is itself"


def test_repr() -> None:
    assert repr(Draft(page_url="u")) == "Draft(page_url='u', tags=[])"
    document = row(World())
    assert f"id={document.id!r}" in repr(document)
    world = World()
    unread = row(world)
    assert "topic='ai'" in repr(unread)


def test_documents_in_results_without_a_declared_type() -> None:
    """A stored document goes out as it is stored, a new one as it would be."""
    assert to_json(Draft(page_url="u")) == {"page_url": "u", "tags": []}
    world = World()
    document = row(world)
    wire = orjson.loads(orjson.dumps(to_json([document])))
    assert wire[0]["_id"] == document.id
    assert wire[0]["n"] == 5.0


def test_documents_are_documents() -> None:
    assert issubclass(StoredFile, Document)
    assert not issubclass(StoredFile, Table)
