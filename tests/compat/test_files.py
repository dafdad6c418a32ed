"""Check 24: file storage, as a browser app uses it; over restarts and crashes as well."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx2

from tests.compat.conftest import Connect
from tests.compat.support.client import Client
from tests.compat.support.server import Server
from tests.compat.support.tokens import Issuer
from tests.unit.storage.s3 import s3_server

BYTES = bytes(range(256)) * 4_000
ENCODED = base64.b64encode(BYTES).decode()
DIGEST = base64.b64encode(hashlib.sha256(BYTES).digest()).decode()


async def store(client: Client, name: str) -> str:
    """Uploads a file and saves its id; gives the id."""
    url = await client.mutation("files:uploadUrl")
    answer = await client.ask("upload", url=url, base64=ENCODED, type="image/png")
    id: str = answer["storageId"]
    await client.mutation("files:save", name=name, file=id)
    return id


def files_on_disk(server: Server) -> list[Path]:
    return [path for path in (server.data_dir / "files").rglob("*") if path.is_file()]


def until_written(server: Server) -> None:
    """Waits until the bytes of an upload reach the disk."""
    deadline = time.monotonic() + 10
    while not any(path.stat().st_size for path in files_on_disk(server)):
        assert time.monotonic() < deadline, "nothing reached the disk"
        time.sleep(0.01)


async def test_the_flow_of_an_app(connect: Connect, server: Server, name: str) -> None:
    """Upload URL from a mutation, POST, id saved, URL from a live query, GET with a range."""
    client = await connect("npm", server.url)
    shown = client.subscribe("files:url", name=name)
    await shown.until(None)
    id = await store(client, name)
    await client.until(lambda: shown.seen[-1] is not None)
    url = shown.values[-1]
    assert id not in url
    whole = await client.ask("download", url=url, headers={})
    assert (whole["status"], whole["body"]) == (200, ENCODED)
    assert whole["headers"]["content-type"] == "image/png"
    assert whole["headers"]["content-length"] == str(len(BYTES))
    assert whole["headers"]["digest"] == f"sha-256={DIGEST}"
    part = await client.ask("download", url=url, headers={"Range": "bytes=1000-1002"})
    assert part["status"] == 206
    assert base64.b64decode(part["body"]) == BYTES[1000:1003]
    assert part["headers"]["content-range"] == f"bytes 1000-1002/{len(BYTES)}"
    document = await client.query("files:metadata", name=name)
    assert document["_id"] == id
    assert (document["sha256"], document["size"]) == (DIGEST, len(BYTES))
    assert document["contentType"] == "image/png"
    await client.mutation("files:remove", name=name)
    await shown.until(None)
    assert (await client.ask("download", url=url, headers={}))["status"] == 404


async def test_files_survive_a_restart(connect: Connect, own_server: Server, name: str) -> None:
    """Their URLs too, and so does an upload URL that was given out before."""
    client = await connect("npm", own_server.url)
    await store(client, name)
    url = await client.query("files:url", name=name)
    upload_url = await client.mutation("files:uploadUrl")
    own_server.crash()
    own_server.start()
    assert httpx2.get(url).content == BYTES
    assert httpx2.post(upload_url, content=b"later").status_code == 200


async def test_kill_9_in_the_middle_of_an_upload(connect: Connect, own_server: Server) -> None:
    """Neither a file nor half of one is there afterwards, and the URL still takes the whole."""
    client = await connect("npm", own_server.url)
    url: str = await client.mutation("files:uploadUrl")
    parts = urlsplit(url)
    _, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = f"POST {parts.path}?{parts.query} HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n"
    writer.write(head.encode() + b"x" * 3_000_000)
    await asyncio.to_thread(until_written, own_server)
    own_server.crash()
    writer.close()
    own_server.start()
    assert files_on_disk(own_server) == []
    assert await client.query("files:count") == 0
    assert httpx2.post(url, content=BYTES).status_code == 200
    assert await client.query("files:count") == 1


async def test_files_in_s3(connect: Connect, issuer: Issuer, tmp_path: Path, name: str) -> None:
    """The same flow with the bytes in a bucket, and nothing of them on the disk."""
    with s3_server() as bucket_server:
        bucket = bucket_server.new_bucket()
        place = {"REACTOR_FILES": f"s3://{bucket}/files", **bucket_server.variables}
        server = Server(tmp_path, {**issuer.env, **place})
        server.start()
        try:
            client = await connect("npm", server.url)
            await store(client, name)
            url = await client.query("files:url", name=name)
            part = await client.ask("download", url=url, headers={"Range": "bytes=-2"})
            assert (part["status"], base64.b64decode(part["body"])) == (206, BYTES[-2:])
            assert len(bucket_server.objects(bucket)) == 1
            assert files_on_disk(server) == []
        finally:
            server.kill()


async def test_a_large_file_passes_through_in_bounded_memory(
    connect: Connect, own_server: Server
) -> None:
    """200 MB in and out cost the server a few blocks, not 200 MB."""
    client = await connect("npm", own_server.url)
    url = await client.mutation("files:uploadUrl")
    block, blocks = b"x" * 2**20, 200

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(blocks):
            yield block

    before = own_server.memory_max()
    async with httpx2.AsyncClient(timeout=60) as http:
        answer = await http.post(url, content=chunks())
        id = answer.json()["storageId"]
        await client.mutation("files:save", name="large", file=id)
        size = 0
        async with http.stream("GET", await client.query("files:url", name="large")) as response:
            async for part in response.aiter_bytes():
                size += len(part)
    assert size == blocks * len(block)
    assert own_server.memory_max() - before < 64 * 2**20
