"""Stored files: their bytes, ids and addresses come back, and none is lost on the way."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from reactor.files.store import Files
from reactor.files.sweeper import Sweeper
from tests.unit.edge.http import request
from tests.unit.sample.world import open_world
from tests.unit.transfer.world import Client, archive, rows, unpacked

BIG = bytes(range(256)) * 8_192


def files_of(client: Client) -> Files:
    return client.world.hub.runner.files


async def keep(client: Client, content: bytes, kind: str | None = "image/png") -> str:
    async def chunks() -> AsyncIterator[bytes]:
        yield content

    return await files_of(client).receive(chunks(), content_type=kind)


async def bytes_of(client: Client, id: str) -> bytes:
    found = files_of(client).find(id)
    assert found is not None
    return b"".join([piece async for piece in files_of(client).read(found)])


def blobs(client: Client) -> set[str]:
    place: Any = client.world.node.blobs
    return set(place._blobs)


async def test_an_archive_has_their_bytes(client: Client) -> None:
    id, other = await keep(client, BIG), await keep(client, b"", None)
    without = unpacked(await client.export())
    assert not [name for name in without if name.startswith("_storage")]
    entries = unpacked(await client.export(storage=True))
    assert entries[f"_storage/{id}.png"] == BIG
    assert entries[f"_storage/{other}"] == b""
    first, second = rows(entries["_storage/documents.jsonl"])
    assert {first["_id"], second["_id"]} == {id, other}
    told = first if first["_id"] == id else second
    found = files_of(client).find(id)
    assert found is not None
    assert told == {**found.document, "internalId": found.uuid}


async def test_they_come_back_elsewhere_with_their_addresses(client: Client) -> None:
    """Documents hold ids of files, and pages hold their addresses."""
    id = await keep(client, BIG)
    found = files_of(client).find(id)
    assert found is not None
    content = await client.export(storage=True)
    async with open_world(seed=9) as other:
        elsewhere = Client(other)
        ended = await elsewhere.load(content, "requireEmpty")
        assert ended == {"state": "completed", "num_rows_written": 1}
        assert await bytes_of(elsewhere, id) == BIG
        answer = await request(other.node.http, "GET", f"/api/storage/{found.uuid}")
        assert (answer.content, answer.headers["content-type"]) == (BIG, "image/png")
        assert (
            unpacked(await elsewhere.export(storage=True))["_storage/documents.jsonl"]
            == (unpacked(content)["_storage/documents.jsonl"])
        )


async def test_replacing_leaves_no_bytes_behind(client: Client) -> None:
    kept = await keep(client, b"kept")
    content = await client.export(storage=True)
    gone = await keep(client, b"gone")
    assert (await client.load(content, "replace"))["state"] == "completed"
    assert files_of(client).find(gone) is None
    assert await bytes_of(client, kept) == b"kept"
    await Sweeper(files_of(client)).empty_garbage()
    assert len(blobs(client)) == 1
    assert not files_of(client).writing


async def test_appending_adds_them_and_refuses_twice(client: Client) -> None:
    id = await keep(client, b"there")
    found = files_of(client).find(id)
    assert found is not None
    content = await client.export(storage=True)
    ended = await client.load(content, "append")
    assert "line 1: the _id" in ended["error_message"]
    assert len(blobs(client)) == 1, "bytes of a failed import are taken back"
    files_of(client).transact("test", lambda tx: files_of(client).table(tx).remove(id))
    assert (await client.load(content, "append"))["num_rows_written"] == 1
    assert await bytes_of(client, id) == b"there"
    again = files_of(client).find(id)
    assert again is not None
    assert again.uuid == found.uuid


async def test_bytes_that_are_not_what_is_told_are_refused(client: Client) -> None:
    id = await keep(client, b"true")
    entries = unpacked(await client.export(storage=True))
    forged = archive({**entries, f"_storage/{id}.png": b"false"})
    ended = await client.load(forged, "replace")
    assert "have the sha-256" in ended["error_message"]
    del entries[f"_storage/{id}.png"]
    lacking = archive({**entries, "_storage/other": b""})
    ended = await client.load(lacking, "replace")
    assert "no bytes of the stored file" in ended["error_message"]
    assert await bytes_of(client, id) == b"true"
    assert len(blobs(client)) == 1


async def test_an_archive_without_bytes_leaves_them_alone(client: Client) -> None:
    id = await keep(client, b"here")
    await client.world.add("a")
    entries = unpacked(await client.export(storage=True))
    bare = {name: content for name, content in entries.items() if not name.endswith(".png")}
    assert (await client.load(archive(bare), "replace"))["num_rows_written"] == 1
    assert await bytes_of(client, id) == b"here"


async def test_a_file_deleted_while_it_is_exported_is_in_the_export(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sweeper must not take bytes away that the export is about to read."""
    id = await keep(client, b"going")
    files = files_of(client)
    read = files.blobs.read

    def deleted_meanwhile(key: str, start: int, length: int) -> Any:
        async def pieces() -> AsyncIterator[bytes]:
            if files.find(id) is not None:
                files.transact("test", lambda tx: files.table(tx).remove(id))
                await files.durable()
                assert await Sweeper(files).empty_garbage() == 0
            async for piece in read(key, start, length):
                yield piece

        return pieces()

    monkeypatch.setattr(files.blobs, "read", deleted_meanwhile)
    entries = unpacked(await client.export(storage=True))
    assert entries[f"_storage/{id}.png"] == b"going"
    assert await Sweeper(files).empty_garbage() == 1


async def test_bytes_that_are_lost_fail_the_export(client: Client) -> None:
    await keep(client, b"lost")
    await files_of(client).blobs.delete(list(blobs(client)))
    client.world.backend.clock.advance(0.001)
    await client.post("export/request/zip?includeStorage=true")
    found = await client.latest_export()
    assert found["state"] == "failed"
    assert "could not be read" in found["error_message"]
