"""Exports: one moment, one at a time, whole or not at all."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import orjson
import pytest

from reactor import limits
from reactor.testing import open_harness
from reactor.transfer import exports
from reactor.transfer.exports import freeze
from reactor.transfer.records import EXPORTS, Records
from tests.unit.edge.http import request
from tests.unit.sample import schema
from tests.unit.sample.schema import Note
from tests.unit.sample.world import FUNCTIONS, World
from tests.unit.transfer.world import Client, rows, unpacked


class Slow:
    """A disk that writes when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.may_write = threading.Event()
        self.error: Exception | None = None
        write = exports.write_file

        def wait(*args: Any) -> int:
            assert self.may_write.wait(10)
            if self.error is not None:
                raise self.error
            return write(*args)

        monkeypatch.setattr(exports, "write_file", wait)


async def test_it_is_of_one_moment(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents that refer to each other must be as they were together, whatever is written while
    the export runs."""
    slow = Slow(monkeypatch)
    for n in range(600):
        await client.world.backend.insert(Note(text=str(n)))
    await client.world.add("a", 1)
    await client.post("export/request/zip?includeStorage=false")
    await client.turn()
    await client.world.add("a", 1)
    await client.world.add("b", 1)
    for n in range(600):
        await client.world.backend.insert(Note(text=f"later {n}"))
    slow.may_write.set()
    assert (await client.latest_export())["state"] == "completed"
    entries = await fetched(client)
    assert [row["value"] for row in rows(entries["counters/documents.jsonl"])] == [1.0]
    texts = [row["text"] for row in rows(entries["notes/documents.jsonl"])]
    assert sorted(texts, key=int) == [str(n) for n in range(600)]


async def fetched(client: Client) -> dict[str, bytes]:
    found = await client.latest_export()
    answer = await client.send("GET", f"export/zip/{int(found['start_ts'])}")
    assert answer.headers["content-disposition"] == (
        f"attachment; filename=snapshot_{int(found['start_ts'])}.zip"
    )
    return unpacked(answer.content)


async def test_only_one_runs(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow(monkeypatch)
    await client.post("export/request/zip")
    answer = await client.send("POST", "export/request/zip")
    assert (answer.status_code, answer.json()["code"]) == (400, "ExportInProgress")
    found = await client.ask("_system/cli/exports:getLatest")
    assert found["state"] in ("requested", "in_progress")
    while found["state"] == "requested":
        await client.turn()
        found = await client.ask("_system/cli/exports:getLatest")
    assert found["progress_message"] == "0 of 0 documents"
    early = await client.send("GET", f"export/zip/{int(found['start_ts'])}")
    assert early.status_code == 404, "no half file is served"
    slow.may_write.set()
    await client.latest_export()
    await client.export()


async def test_a_full_disk_fails_the_export(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = Slow(monkeypatch)
    slow.error = OSError(28, "No space left on device")
    slow.may_write.set()
    await client.post("export/request/zip")
    found = await client.latest_export()
    assert found["state"] == "failed"
    assert "No space left" in found["error_message"]


async def test_progress_is_told(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "EXPORT_PIECE_BYTES", 1)
    for n in range(1_200):
        await client.world.backend.insert(Note(text=str(n)))
    told: list[str] = []
    put = Records.put

    def spy(self: Any, record: Any) -> int:
        told.append(record.get("progress_message", ""))
        return put(self, record)

    monkeypatch.setattr(Records, "put", spy)
    await client.export()
    assert told[0] == "0 of 1,200 documents"
    assert "1,200 of 1,200 documents" in told


async def test_old_ones_go(client: Client) -> None:
    """A nightly export must not fill the disk."""
    for _ in range(limits.EXPORTS_KEPT_MAX + 2):
        await client.export()
        await client.world.add("a")
    folder = client.world.node.settings.data_dir / "exports"
    assert len(list(folder.iterdir())) == limits.EXPORTS_KEPT_MAX
    client.world.backend.clock.advance(limits.EXPORT_RETENTION_MS / 1000 + 1)
    await client.export()
    assert len(list(folder.iterdir())) == 1
    assert len(client.world.log.snapshot.table("_exports").documents) == 1


async def test_what_a_stopped_server_left_is_tidied(client: Client) -> None:
    """A client that waits for it must be told, and half a file must not lie around for ever."""
    node = client.world.node
    await client.export()
    record = {"state": "in_progress", "format": {"format": "zip", "include_storage": False}}
    client.world.backend.clock.advance(0.001)
    Records(node.hub, node.hub.runner.entropy, EXPORTS).insert(record)
    folder = node.settings.data_dir / "exports"
    (folder / "snapshot_5.part").write_bytes(b"half")
    (folder / "mine.tar").write_bytes(b"somebody's")
    node.transfer.exports.recover()
    found = await client.latest_export()
    assert found["state"] == "failed"
    assert "was stopped" in found["error_message"]
    assert sorted(path.suffix for path in folder.iterdir()) == [".tar", ".zip"]


async def test_a_node_that_stops_leaves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A restart must not wait for an export of gigabytes."""
    slow = Slow(monkeypatch)
    async with open_harness(functions=FUNCTIONS, schema=schema) as backend:
        client = Client(World(backend))
        await backend.insert(Note(text="x"))
        await client.post("export/request/zip")
        await client.turn()
        threading.Timer(0.05, slow.may_write.set).start()
        folder = backend.node.settings.data_dir / "exports"
        await backend.node.transfer.close()
        assert not list(folder.iterdir())


async def test_only_the_admin_may(client: Client) -> None:
    app = client.world.node.http
    for method, path in (
        ("POST", "export/request/zip"), ("GET", "export/zip/1"), ("POST", "import/start_upload"),
        ("POST", "import/upload_part"), ("POST", "import/finish_upload"),
        ("POST", "perform_import"), ("POST", "cancel_import"),
    ):  # fmt: skip
        answer = await request(app, method, f"/api/{path}")
        assert (answer.status_code, answer.json()["code"]) == (403, "BadDeployKey"), path


async def test_freezing_sees_only_what_is_the_projects(client: Client) -> None:
    await client.world.add("a")
    await asyncio.sleep(0)  # noqa: TID251
    frozen = freeze(client.world.log)
    assert sorted(table.name for table in frozen.tables) == ["counters", "notes"]
    assert frozen.count == 1
    (document,) = (raw for table in frozen.tables for block in table.blocks for raw in block)
    assert orjson.loads(document)["name"] == "a"
