"""Documents as a dashboard shows and changes them."""

from __future__ import annotations

from typing import Any

import pytest

from reactor import limits
from tests.unit.admin.tools import admin_client, ask, opts, refusal, texts, write
from tests.unit.sample.world import World, add


async def shown(world: World, **args: Any) -> list[str]:
    page = await ask(world, "paginatedTableDocuments", table="notes", paginationOpts=opts(), **args)
    return [note["text"] for note in page["page"]]


async def test_documents_are_found_by_their_ids(world: World) -> None:
    [id] = await write(world, "a")
    assert (await ask(world, "getById", id=id, componentId=None))["text"] == "a"
    for wrong in ("nonsense", id[:-1] + ("0" if id[-1] != "0" else "1")):
        assert await ask(world, "getById", id=wrong) is None
    wanted = [{"id": id, "tableName": "notes"}, {"id": id, "tableName": "counters"}]
    wanted += [{"id": "nonsense", "tableName": "notes"}]
    found = await ask(world, "listById", ids=wanted)
    assert [document and document["text"] for document in found] == ["a", None, None]


async def test_a_document_that_is_shown_is_live(world: World) -> None:
    [id] = await write(world, "a")
    client = admin_client(world)
    client.modify(add(1, "_system/frontend/getById", id=id))
    await world.settle()
    await ask(world, "patchDocumentsFields", table="notes", fields={"text": "b"}, ids=[id])
    await world.settle()
    assert client.results[1]["text"] == "b"
    await world.backend.call("notes:remove", {"id": id})
    await world.settle()
    assert client.results[1] is None


async def test_pages_show_the_newest_first(world: World) -> None:
    await write(world, "a", "b", "c")
    assert await shown(world) == ["c", "b", "a"]
    assert await shown(world, filters=None) == ["c", "b", "a"]
    scanned = await ask(world, "listTableScan", table="notes", limit=2)
    assert [note["text"] for note in scanned] == ["c", "b"]


async def test_documents_are_added_together_or_not_at_all(world: World) -> None:
    good = {"text": "a", "owner": ""}
    added = await ask(world, "addDocument", table="notes", documents=[good, good])
    assert (added["success"], len(added["ids"])) == (True, 2)
    error = await refusal(world, "addDocument", table="notes", documents=[good, {"text": 1}])
    assert error.code == "SchemaEnforcementError"
    assert await texts(world) == ["a", "a"]


@pytest.mark.parametrize(
    ("document", "code", "words"),
    [
        ({"text": 1.0}, "SchemaEnforcementError", "Value does not match validator"),
        ({"owner": "x"}, "SchemaEnforcementError", "missing the required field `text`"),
        ({"text": "a", "owner": "", "more": 1}, "SchemaEnforcementError", "extra field `more`"),
        ({"text": "a", "owner": "", "_id": "x"}, "DatabaseError", "gets its _id"),
        ({"text": "a", "owner": "", "_x": 1}, "InvalidFieldName", "underscore"),
    ],
)
async def test_documents_obey_the_schema(
    world: World, document: dict[str, Any], code: str, words: str
) -> None:
    """A dashboard must not store what the project's own functions could not read."""
    error = await refusal(world, "addDocument", table="notes", documents=[document])
    assert error.code == code
    assert words in str(error)


async def test_fields_of_some_or_all_documents_are_set(world: World) -> None:
    ids = await write(world, "a", "b", "c")
    patch = {"table": "notes", "fields": {"owner": "ann"}}
    await ask(world, "patchDocumentsFields", **patch, ids=ids[:1])
    assert [(await ask(world, "getById", id=id))["owner"] for id in ids] == ["ann", "", ""]
    await ask(world, "patchDocumentsFields", **patch)
    assert [(await ask(world, "getById", id=id))["owner"] for id in ids] == ["ann"] * 3
    for fields in ({"text": 3.0}, {"more": 1.0}, {"_id": "x"}):
        await refusal(world, "patchDocumentsFields", table="notes", fields=fields, ids=ids)
    assert await texts(world) == ["a", "b", "c"]


async def test_a_document_takes_anothers_place(world: World) -> None:
    [id] = await write(world, "a")
    before = await ask(world, "getById", id=id)
    await ask(world, "replaceDocument", id=id, document={**before, "text": "b"})
    after = await ask(world, "getById", id=id)
    assert after == {**before, "text": "b"}
    for document in ({"text": 1.0, "owner": ""}, {**before, "_creationTime": 1.0}):
        await refusal(world, "replaceDocument", id=id, document=document)
    [other] = await write(world, "x")
    await world.backend.call("notes:remove", {"id": other})
    error = await refusal(world, "replaceDocument", id=other, document={"text": "", "owner": ""})
    assert error.code == "DocumentNotFound"
    assert (await refusal(world, "replaceDocument", id="nonsense", document={})).code == "InvalidId"


async def test_documents_are_deleted(world: World) -> None:
    ids = await write(world, "a", "b", "c")
    places = [{"id": id, "tableName": "notes"} for id in ids[:2]]
    await ask(world, "deleteDocuments", toDelete=places)
    assert await texts(world) == ["c"]
    places = [{"id": ids[2], "tableName": "notes"}, {"id": ids[0], "tableName": "notes"}]
    assert (await refusal(world, "deleteDocuments", toDelete=places)).code == "DocumentNotFound"
    assert await texts(world) == ["c"], "all or nothing"


async def test_an_id_of_another_table_deletes_nothing(world: World) -> None:
    [id] = await write(world, "a")
    wrong = [{"id": id, "tableName": "counters"}]
    assert (await refusal(world, "deleteDocuments", toDelete=wrong)).code == "DocumentNotFound"


async def test_a_table_is_cleared_step_by_step(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(world, "a", "b", "c")
    monkeypatch.setattr(limits, "ADMIN_CLEAR_DOCUMENTS_MAX", 2)
    step = await ask(world, "clearTablePage", tableName="notes", cursor=None)
    assert (step["deleted"], step["hasMore"]) == (2, True)
    step = await ask(world, "clearTablePage", tableName="notes", cursor=step["continueCursor"])
    assert (step["deleted"], step["hasMore"]) == (1, False)
    assert await texts(world) == []


async def test_the_engines_own_tables_are_read_only(world: World) -> None:
    """A dashboard's user who could write `_session_requests` could forge answers."""
    changes: list[tuple[str, dict[str, Any]]] = [
        ("addDocument", {"table": "_environment_variables", "documents": [{"name": "A"}]}),
        ("patchDocumentsFields", {"table": "_storage", "fields": {}}),
        ("clearTablePage", {"tableName": "_scheduled_functions"}),
        ("deleteDocuments", {"toDelete": [{"id": "x", "tableName": "_tables"}]}),
    ]
    for path, args in changes:
        assert "read-only" in str(await refusal(world, path, **args))


async def test_values_that_json_has_no_form_for(world: World) -> None:
    await ask(world, "createTable", table="scratch")
    document = {"big": {"$integer": "AQAAAAAAAAA="}, "raw": {"$bytes": "AQID"}, "n": 1}
    admin = world.backend.as_admin()
    [id] = (
        await admin.call(
            "_system/frontend/addDocument", {"table": "scratch", "documents": [document]}
        )
    )["ids"]
    found = await ask(world, "getById", id=id)
    assert (found["big"], found["raw"], found["n"]) == (1, b"\x01\x02\x03", 1.0)


async def test_no_component_is_taken_for_another(world: World) -> None:
    error = await refusal(world, "tableSize", tableName="notes", componentId="billing")
    assert error.code == "ComponentNotFound"
