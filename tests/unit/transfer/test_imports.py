"""Imports: looked at, confirmed, carried out; nobody ever sees half of one."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from reactor import limits
from reactor.errors import TransferRefused
from reactor.transfer import imports
from reactor.transfer.records import Records
from reactor.values.ids import encode_id
from tests.unit.sample.schema import Note
from tests.unit.sample.world import open_world
from tests.unit.transfer.world import Client, archive, lines, rows, unpacked

NUMBER = 10_777


def counters(*names: str, number: int = NUMBER, start: int = 0) -> dict[str, bytes]:
    """An archive's entries: counters with ids of a table number."""
    documents = [
        {
            "_id": encode_id(number, (start + at).to_bytes(16, "big")),
            "_creationTime": float(at),
            "name": name,
            "value": float(at),
        }
        for at, name in enumerate(names)
    ]
    return {
        "_tables/documents.jsonl": lines({"name": "counters", "id": number}),
        "counters/documents.jsonl": lines(*documents),
        "counters/generated_schema.jsonl": b'"uniform"\n',
    }


async def names(client: Client) -> list[str]:
    table = client.world.log.snapshot.table("counters")
    _, raws = table.by_creation_time.blocks.slice(b"", b"\xff" * 40, 10_000, reverse=False)
    return [orjson.loads(raw)["name"] for raw in raws]


def failed(state: dict[str, Any], words: str) -> None:
    assert state["state"] == "failed", state
    assert words in state["error_message"]


async def test_an_export_comes_back(client: Client) -> None:
    """Ids, creation times and values: what a backup is for."""
    await client.world.add("a", 1)
    await client.world.add("b", 2)
    content = await client.export()
    await client.world.add("c", 3)
    await client.world.add("a", 40)
    ended = await client.load(content, "replace")
    assert ended == {"state": "completed", "num_rows_written": 2}
    again = unpacked(await client.export())
    assert again["counters/documents.jsonl"] == unpacked(content)["counters/documents.jsonl"]


async def test_it_comes_back_into_an_empty_deployment(client: Client) -> None:
    """Restoring on another machine is the usual case, and must need no flag."""
    await client.world.add("a", 1)
    content = await client.export()
    async with open_world(seed=7) as other:
        elsewhere = Client(other)
        assert (await elsewhere.load(content, "requireEmpty"))["state"] == "completed"
        assert (
            unpacked(await elsewhere.export())["counters/documents.jsonl"]
            == (unpacked(content)["counters/documents.jsonl"])
        )
        await other.add("a", 1)
        assert await names(elsewhere) == ["a"], "the document can be changed as before"


async def test_what_will_happen_is_said_first(client: Client) -> None:
    """Nobody should have to guess what --replace is about to delete."""
    await client.world.add("old")
    id = await client.upload(archive(counters("a", "b")), "replace", "zip")
    state = await client.settled(id)
    assert state["state"] == "waiting_for_confirmation"
    assert state["require_manual_confirmation"] is True
    assert (
        "counters: DELETE all 1 documents here and put 2 documents" in state["message_to_confirm"]
    )
    assert await names(client) == ["old"], "nothing happens before it is confirmed"


async def test_a_live_query_sees_one_switch(client: Client) -> None:
    """A page that shows half of an import would be wrong for as long as the import takes."""
    world = client.world
    await world.add("old")
    watcher = world.client(1)
    watcher.add(1, "counters:get", name="old")
    watcher.add(2, "counters:get", name="n7")
    await world.settle()
    assert watcher.results == {1: 1.0, 2: 0.0}
    seen = len(watcher.of("Transition"))
    documents = counters(*(f"n{n}" for n in range(2_000)))
    assert (await client.load(archive(documents), "replace"))["state"] == "completed"
    await world.settle()
    changes = [message["modifications"] for message in watcher.of("Transition")[seen:]]
    (both,) = [each for each in changes if each]
    assert {change["queryId"]: change["value"] for change in both} == {1: 0.0, 2: 7.0}


async def test_a_replaced_table_takes_the_number_of_the_file(client: Client) -> None:
    """References between imported documents hold ids, so ids must mean what they meant."""
    await client.world.add("old")
    before = client.world.log.numbers["counters"]
    assert (await client.load(archive(counters("a")), "replace"))["state"] == "completed"
    assert client.world.log.numbers["counters"] == NUMBER != before
    await client.world.add("new")
    (_, new) = rows(unpacked(await client.export())["counters/documents.jsonl"])
    assert new["_id"].startswith(encode_id(NUMBER, bytes(16))[:3])


async def test_a_number_of_another_table_is_refused(client: Client) -> None:
    await client.world.backend.insert(Note(text="x"))
    taken = client.world.log.numbers["notes"]
    failed(
        await client.load(archive(counters("a", number=taken)), "replace"),
        f"ids of table number {taken}, which is notes's here",
    )
    ended = await client.load(archive(counters("a", number=taken)), "replaceAll")
    assert ended["state"] == "completed"
    assert client.world.log.numbers["counters"] == taken
    assert not client.world.log.snapshot.table("notes").documents
    await client.world.backend.insert(Note(text="y"))


async def test_an_empty_table_gives_its_number_up(client: Client) -> None:
    """Tables of schema.py have numbers from the first start on; they must not block a restore."""
    taken = client.world.log.numbers["notes"]
    ended = await client.load(archive(counters("a", number=taken)), "requireEmpty")
    assert ended["state"] == "completed"
    await client.world.backend.insert(Note(text="y"))
    assert client.world.log.numbers["notes"] != taken


async def test_what_must_be_empty_and_is_not_is_left_alone(client: Client) -> None:
    await client.world.add("old")
    failed(await client.load(archive(counters("a")), "requireEmpty"), "counters (1)")
    assert await names(client) == ["old"]


async def test_appending_adds_and_refuses_ids_that_are_there(client: Client) -> None:
    assert (await client.load(archive(counters("a", "b")), "append"))["state"] == "completed"
    more = archive(counters("c", start=10))
    assert (await client.load(more, "append"))["num_rows_written"] == 1
    assert sorted(await names(client)) == ["a", "b", "c"]
    failed(await client.load(more, "append"), "counters, line 1: the _id")
    other = archive(counters("d", start=20, number=NUMBER + 1))
    failed(await client.load(other, "append"), "--replace takes the file's number")


async def test_unique_keys_hold(client: Client) -> None:
    """A table that breaks its own promise could never be written to again."""
    failed(await client.load(archive(counters("a", "a")), "replace"), "counters, line 2: the key")
    await client.load(archive(counters("a")), "replace")
    failed(await client.load(archive(counters("a", start=9)), "append"), "line 1: the key")


async def test_rows_that_do_not_fit_the_schema_are_named(client: Client) -> None:
    await client.world.add("old")
    documents = lines({"name": "a", "value": 1.0}, {"name": "b", "value": "many"})
    state = await client.load(documents, "replace", "jsonLines", tableName="counters")
    failed(state, "counters, line 2 does not match the schema")
    assert await names(client) == ["old"]
    await client.turn()
    assert (await client.load(archive(counters("b")), "replace"))["state"] == "completed"


async def test_rows_without_ids_get_them(client: Client) -> None:
    content = b"name,value\na,1\nb,2\n"
    ended = await client.load(content, "requireEmpty", "csv", tableName="counters")
    assert ended == {"state": "completed", "num_rows_written": 2}
    first, second = rows(unpacked(await client.export())["counters/documents.jsonl"])
    assert first["_id"] != second["_id"]
    assert first["_creationTime"] < second["_creationTime"]


async def test_a_table_that_no_schema_names_is_kept(client: Client) -> None:
    """A restore must not lose what an older schema had; it says that nobody will see it."""
    id = await client.upload(lines({"x": 1}), "requireEmpty", "jsonLines", tableName="legacy")
    state = await client.settled(id)
    assert "No schema names legacy" in state["message_to_confirm"]
    await client.post("perform_import", {"importId": id})
    assert (await client.settled(id))["state"] == "completed"
    assert rows(unpacked(await client.export())["legacy/documents.jsonl"])[0]["x"] == 1.0


async def test_it_can_be_canceled(client: Client) -> None:
    await client.world.add("old")
    id = await client.upload(archive(counters("a")), "replace", "zip")
    await client.settled(id)
    await client.post("cancel_import", {"importId": id})
    failed(await client.settled(id), "canceled")
    answer = await client.send("POST", "perform_import", orjson.dumps({"importId": id}))
    assert (answer.status_code, answer.json()["code"]) == (400, "NotWaiting")
    assert await names(client) == ["old"]
    assert not list(client.world.node.transfer.uploads.path("x").parent.iterdir())


async def test_it_can_be_canceled_while_it_runs(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever notices too late that it is the wrong file must still be in time."""
    monkeypatch.setattr(limits, "IMPORT_STAGE_ROWS", 64)
    await client.world.add("old")
    id = await client.upload(archive(counters(*map(str, range(5_000)))), "replace", "zip")
    await client.settled(id)
    await client.post("perform_import", {"importId": id})
    while "1," not in (await client.ask("_system/cli/queryImport", importId=id))["state"].get(
        "progress_message", ""
    ):
        await client.turn()
    await client.post("cancel_import", {"importId": id})
    for _ in range(200):
        await client.turn()
    failed(await client.settled(id), "canceled")
    assert await names(client) == ["old"]
    await swept(client)


async def swept(client: Client) -> None:
    """Everything that is not needed is gone, on disk as in memory."""
    while client.world.log.orphans or client.world.log.retired.release(0):
        await client.turn()
    await client.world.hub.durable(client.world.log.last_ts)


async def test_what_was_replaced_is_dropped(client: Client) -> None:
    """Otherwise every import would leave a copy of the data behind, for good."""
    for n in range(3):
        content = archive(counters(*(f"{n}-{at}" for at in range(300))))
        assert (await client.load(content, "replace"))["state"] == "completed"
    await swept(client)
    storage: Any = client.world.storage
    assert len([1 for store, _ in storage._documents if store >= 2**32]) == 300


async def test_progress_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = counters(*map(str, range(1_000))) | {
        "notes/documents.jsonl": lines({"text": "x", "owner": ""})
    }
    id = await client.upload(archive(entries), "replace", "zip")
    await client.settled(id)
    told: list[Any] = []
    put = Records.put

    def spy(self: Any, record: Any) -> int:
        told.append(record["state"])
        return put(self, record)

    monkeypatch.setattr(Records, "put", spy)
    await client.post("perform_import", {"importId": id})
    await client.settled(id)
    messages = [state.get("progress_message", "") for state in told]
    assert "Importing counters: 512 of 1,000 documents" in messages
    assert told[-1]["checkpoint_messages"] == ["Read 1,000 documents of counters"]


async def test_the_list_shows_all(client: Client) -> None:
    await client.load(archive(counters("a")), "replace")
    found = await client.ask("_system/cli/queryImport:list")
    assert [one["state"]["state"] for one in found] == ["completed"]


async def test_a_reader_that_is_killed_fails_the_import_only(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that makes its reader die must not take the server along, nor block the next one."""

    def broken(_: Any) -> Any:
        raise TransferRefused("the process that reads the file was ended from outside")

    with monkeypatch.context() as patched:
        patched.setattr(imports, "reading", broken)
        failed(await client.load(archive(counters("a")), "replace"), "ended from outside")
    assert (await client.load(archive(counters("a")), "replace"))["state"] == "completed"


async def test_a_bug_of_ours_fails_the_import_only(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(imports, "make_plan", broken)
        failed(await client.load(archive(counters("a")), "replace"), "its log says why")
    assert (await client.load(archive(counters("a")), "replace"))["state"] == "completed"


@pytest.mark.parametrize(
    "body",
    [
        {"mode": "replace", "format": "zip", "tableName": "x"},
        {"mode": "replace", "format": "csv"},
        {"mode": "replace", "format": "csv", "tableName": "../x"},
        {"mode": "upsert", "format": "zip"},
        {"mode": "replace", "format": "xml"},
    ],
)
async def test_what_makes_no_sense_is_refused(client: Client, body: Any) -> None:
    whole: dict[str, Any] = {"import": body, "uploadToken": "x", "partTokens": []}
    answer = await client.send("POST", "import/finish_upload", orjson.dumps(whole))
    assert answer.status_code == 400


async def test_a_system_table_cannot_be_imported(client: Client) -> None:
    """A forged table of files or environment variables would be a way around every check."""
    for name in ("_environment_variables", "_storage"):
        spec = {"mode": "replace", "format": "jsonLines", "tableName": name}
        whole: dict[str, Any] = {"import": spec, "uploadToken": "x", "partTokens": []}
        answer = await client.send("POST", "import/finish_upload", orjson.dumps(whole))
        assert answer.json()["code"] == "InvalidTable"
    state = await client.load(lines({"x": 1}), "replace", "jsonLines", tableName="no good")
    failed(state, "cannot name a table")
    entries = {"_environment_variables/documents.jsonl": lines({"x": 1})} | counters("a")
    assert (await client.load(archive(entries), "replace"))["num_rows_written"] == 1
