"""`reactor check`, with and without the documents."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from reactor.app import load
from reactor.cli.checking import check_data, print_result
from reactor.cli.project import open_project
from reactor.errors import ProjectError
from reactor.runtime.settings import database_in
from reactor.storage.sqlite import SqliteStorage
from reactor.values.ids import encode_id
from tests.unit.storage.world import batch, store

NOTES = 10_001


def note(n: int, text: str) -> tuple[int, str, int, bytes]:
    id = encode_id(NOTES, n.to_bytes(16, "big"))
    return (
        NOTES,
        id,
        1,
        b'{"_creationTime":1.0,"_id":"%b","text":%b}' % (id.encode(), text.encode()),
    )


async def fill(folder: Path, *texts: str) -> SqliteStorage:
    storage = SqliteStorage(database_in(folder), "thread")
    await storage.open()
    rows = [note(n, text) for n, text in enumerate(texts)]
    await store(storage, batch(1, *rows, tables=[(NOTES, "notes", NOTES)]))
    return storage


def test_there_must_be_data_to_check(folder: Path) -> None:
    with pytest.raises(ProjectError, match="no database"):
        check_data(load(open_project(folder)), folder / "nowhere")


def test_documents_beside_a_running_server(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before a deploy one sees what the new schema would refuse, while the old one serves."""

    async def check() -> None:
        storage = await fill(folder, '"fine"', "1.0", "2.0")
        loaded = load(open_project(folder))
        report = check_data(loaded, database_in(folder))
        print_result(loaded, report, None, as_json=True)
        print_result(loaded, report, None, as_json=False)
        await storage.close()

    asyncio.run(check())
    first, _, rest = capsys.readouterr().out.partition("\n")
    data = json.loads(first)["data"]
    assert not data["isClean"]
    assert data["misfits"][0]["count"] == 2
    assert "notes: 2 of 3 documents do not match" in rest
    assert note(1, "")[1] in rest


def test_clean_documents(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def store_one() -> None:
        await (await fill(folder, '"fine"')).close()

    asyncio.run(store_one())
    loaded = load(open_project(folder))
    print_result(loaded, check_data(loaded, database_in(folder)), None, as_json=False)
    assert capsys.readouterr().out.endswith("Every stored document matches the schema.\n")
