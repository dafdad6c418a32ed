"""Uploads and downloads over HTTP."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from starlette.types import Message

from reactor import limits
from reactor.errors import FilesFailed
from reactor.storage.blobs import BLOCK_BYTES
from tests.unit.edge.http import request
from tests.unit.files.world import Files, open_files

DIGEST = base64.b64encode(hashlib.sha256(b"0123456789").digest()).decode()
NOBODY = "3c5f0f9e-0a67-4d10-9d35-6a3a0b8d5a11"


@pytest.fixture
async def world() -> AsyncIterator[Files]:
    async with open_files() as running:
        yield running


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


async def upload(
    world: Files, body: bytes = b"0123456789", url: str | None = None, **headers: str
) -> httpx2.Response:
    to: str = url or await world.backend.call("files:uploadUrl")
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await request(world.node.http, "POST", path_of(to), body=body, headers=named)


async def stored(world: Files, body: bytes = b"0123456789", **headers: str) -> str:
    """The path of a file's URL."""
    answer = await upload(world, body, **headers)
    assert answer.status_code == 200, answer.text
    return path_of(await world.backend.call("files:url", {"id": answer.json()["storageId"]}))


async def get(world: Files, path: str, method: str = "GET", **headers: str) -> httpx2.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await request(world.node.http, method, path, headers=named)


def assert_error(answer: httpx2.Response, status: int, code: str) -> None:
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) == {"code", "message"}


async def test_an_upload_and_its_download(world: Files) -> None:
    """Every header of protocol.md 4.5."""
    answer = await upload(
        world, content_type="text/plain; charset=utf-8", digest=f"sha-256={DIGEST}"
    )
    assert set(answer.json()) == {"storageId"}
    (document,) = await world.backend.call("files:every")
    assert document["_id"] == answer.json()["storageId"]
    assert document["contentType"] == "text/plain; charset=utf-8"
    path = path_of(await world.backend.call("files:url", {"id": document["_id"]}))
    whole = await get(world, path)
    assert (whole.status_code, whole.content) == (200, b"0123456789")
    expected = {
        "content-type": "text/plain; charset=utf-8",
        "content-length": "10",
        "accept-ranges": "bytes",
        "cache-control": "private, max-age=2592000",
        "digest": f"sha-256={DIGEST}",
    }
    assert expected.items() <= dict(whole.headers).items()
    head = await get(world, path, "HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert expected.items() <= dict(head.headers).items()


async def test_one_range(world: Files) -> None:
    path = await stored(world)
    part = await get(world, path, range="bytes=2-4")
    assert (part.status_code, part.content) == (206, b"234")
    assert part.headers["content-range"] == "bytes 2-4/10"
    assert part.headers["content-length"] == "3"
    assert "digest" not in part.headers
    assert (await get(world, path, range="bytes=-3")).content == b"789"
    for asked in ("bytes=10-", "bytes=0-1,3-4"):
        outside = await get(world, path, range=asked)
        assert (outside.status_code, outside.headers["content-range"]) == (416, "bytes */10")


async def test_a_range_of_another_version_is_the_whole(world: Files) -> None:
    path = await stored(world)
    tag = (await get(world, path)).headers["etag"]
    assert (await get(world, path, range="bytes=1-1", if_range=tag)).status_code == 206
    assert (await get(world, path, range="bytes=1-1", if_range='"other"')).status_code == 200
    assert (await get(world, path, if_none_match=tag)).status_code == 304


async def test_a_file_without_a_type_and_without_bytes(world: Files) -> None:
    path = await stored(world, b"")
    assert (await world.backend.call("files:every"))[0]["contentType"] is None
    empty = await get(world, path)
    assert (empty.status_code, empty.content, empty.headers["content-length"]) == (200, b"", "0")
    assert (await get(world, path, range="bytes=0-")).status_code == 416


async def test_uploaded_pages_cannot_act_for_the_deployment(world: Files) -> None:
    """An HTML file that a stranger uploaded must not read the dashboard's admin key."""
    for kind, is_boxed in [("text/html", True), ("image/svg+xml", True), ("image/png", False)]:
        answer = await get(world, await stored(world, content_type=kind))
        assert ("content-security-policy" in answer.headers) is is_boxed
        assert answer.headers["x-content-type-options"] == "nosniff"


async def test_urls_that_lead_nowhere(world: Files) -> None:
    for path in ("/api/storage/nonsense", "/api/storage/a/b", "/api/storage/upload"):
        assert_error(await get(world, path), 400, "InvalidStoragePath")
    assert_error(await get(world, f"/api/storage/{NOBODY}"), 404, "FileNotFound")
    assert (await get(world, f"/api/storage/{NOBODY}", "HEAD")).status_code == 404


async def test_upload_urls_that_do_not_count(world: Files) -> None:
    """Forged, expired and used ones each say what they are."""
    url: str = await world.backend.call("files:uploadUrl")
    assert_error(await upload(world, url="/api/storage/upload"), 401, "InvalidUploadToken")
    assert_error(await upload(world, url=url + "x"), 401, "InvalidUploadToken")
    assert (await upload(world, url=url)).status_code == 200
    assert_error(await upload(world, url=url), 401, "UploadUrlUsed")
    late: str = await world.backend.call("files:uploadUrl")
    world.backend.clock.advance(limits.UPLOAD_URL_S)
    assert_error(await upload(world, url=late), 401, "UploadUrlExpired")
    assert world.counts() == (1, 1, 0, 1)


async def test_digests_are_checked(world: Files) -> None:
    """A file that was damaged on its way is refused, and the same URL still takes the right one."""
    url: str = await world.backend.call("files:uploadUrl")
    wrong = await upload(world, b"damaged", url, digest=f"SHA-256={DIGEST}")
    assert_error(wrong, 400, "DigestMismatch")
    assert_error(await upload(world, url=url, digest="sha-256=short"), 400, "InvalidDigest")
    assert await world.keys() == set()
    right = await upload(world, url=url, digest=f"md5=abc, sha-256={DIGEST}")
    assert right.status_code == 200


async def test_files_that_are_too_large(world: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "UPLOAD_BYTES_MAX", 5)
    assert_error(await upload(world), 413, "FileTooLarge")

    async def chunked() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"xx"

    url = path_of(await world.backend.call("files:uploadUrl"))
    transport = httpx2.ASGITransport(app=world.node.http)
    async with httpx2.AsyncClient(transport=transport, base_url="http://node.test") as client:
        assert_error(await client.post(url, content=chunked()), 413, "FileTooLarge")
    assert await world.keys() == set()


async def test_a_content_type_that_is_no_header(world: Files) -> None:
    assert_error(await upload(world, content_type="x" * 300), 400, "InvalidContentType")


async def raw_upload(world: Files, messages: asyncio.Queue[Message]) -> list[Message]:
    text: str = await world.backend.call("files:uploadUrl")
    url = urlsplit(text)
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
        "scheme": "http", "path": url.path, "raw_path": url.path.encode(), "root_path": "",
        "query_string": url.query.encode(), "headers": [(b"host", b"x")], "server": ("x", 80),
        "client": ("127.0.0.1", 1),
    }  # fmt: skip
    await world.node.http(scope, messages.get, send)
    return sent


async def test_a_client_that_takes_too_long(world: Files) -> None:
    """A trickle does not hold a connection and a half-written file for ever."""
    messages: asyncio.Queue[Message] = asyncio.Queue()
    messages.put_nowait({"type": "http.request", "body": b"x" * BLOCK_BYTES, "more_body": True})
    uploading = asyncio.ensure_future(raw_upload(world, messages))
    await world.settle()
    world.backend.clock.advance(limits.UPLOAD_S - 1)
    await world.settle()
    assert not uploading.done()
    world.backend.clock.advance(1)
    start = (await uploading)[0]
    assert start["status"] == 408
    assert await world.keys() == set()
    assert world.counts() == (0, 0, 0, 0)


async def test_a_client_that_goes_away(world: Files) -> None:
    messages: asyncio.Queue[Message] = asyncio.Queue()
    messages.put_nowait({"type": "http.request", "body": b"x" * BLOCK_BYTES, "more_body": True})
    messages.put_nowait({"type": "http.disconnect"})
    await raw_upload(world, messages)
    assert await world.keys() == set()
    assert world.counts() == (0, 0, 0, 0)


async def test_lost_bytes_are_an_error_and_no_short_file(world: Files) -> None:
    path = await stored(world)
    await world.blobs.delete(list(await world.keys()))
    assert (await get(world, path)).status_code == 500
    world.blobs.failure = FilesFailed("the bucket is gone")
    assert_error(await upload(world), 500, "FileStoreFailed")


async def test_a_deleted_file_is_gone(world: Files) -> None:
    path = await stored(world)
    (document,) = await world.backend.call("files:every")
    await world.backend.call("files:remove", {"id": document["_id"]})
    assert (await get(world, path)).status_code == 404


async def test_browsers_of_any_origin_may_upload(world: Files) -> None:
    """The page of an app is on another origin than its deployment."""
    url = path_of(await world.backend.call("files:uploadUrl"))
    ask = {"origin": "https://app.test", "access-control-request-method": "POST"}
    preflight = await request(
        world.node.http, "OPTIONS", url,
        headers={**ask, "access-control-request-headers": "content-type,digest"},
    )  # fmt: skip
    assert preflight.status_code == 200
    assert "digest" in preflight.headers["access-control-allow-headers"]
    answer = await upload(world, url=url, origin="https://app.test")
    assert answer.headers["access-control-allow-origin"] == "https://app.test"
