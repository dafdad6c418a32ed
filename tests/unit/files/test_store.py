"""Bytes first, then the document; and the document goes before its bytes."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import AsyncIterator

import pytest

from reactor import limits
from reactor.errors import BadRequest, FilesFailed, LimitError, ValueNotAllowed
from reactor.files.store import parse_sha256
from reactor.storage.blobs import BLOCK_BYTES
from tests.unit.files.world import Files, once

DIGEST = hashlib.sha256(b"hello").digest()


async def test_a_file_is_what_was_sent(world: Files) -> None:
    id = await world.store(b"hello", "text/plain")
    record = world.files.find(id)
    assert record is not None
    assert (record.size, record.content_type) == (5, "text/plain")
    assert record.sha256 == base64.b64encode(DIGEST).decode()
    assert b"".join([b async for b in world.files.read(record)]) == b"hello"
    assert b"".join([b async for b in world.files.read(record, 1, 3)]) == b"ell"


@pytest.mark.parametrize(
    "sizes", [[BLOCK_BYTES], [BLOCK_BYTES - 1, 2], [5 * BLOCK_BYTES + 7], [1] * 99]
)
async def test_pieces_of_any_size_become_one_file(world: Files, sizes: list[int]) -> None:
    parts = [bytes([at % 251]) * size for at, size in enumerate(sizes)]
    id = await world.files.receive(once(*parts), content_type=None)
    record = world.files.find(id)
    assert record is not None
    whole = b"".join(parts)
    assert record.size == len(whole)
    assert base64.b64decode(record.sha256) == hashlib.sha256(whole).digest()
    assert b"".join([b async for b in world.files.read(record)]) == whole


async def test_a_file_is_durable_when_its_id_is_known(world: Files) -> None:
    """A client that saves the id in its own storage must not meet a server that forgot it."""
    world.storage.hold()
    storing = asyncio.ensure_future(world.store())
    await world.settle()
    assert not storing.done()
    world.storage.release()
    await storing


async def test_the_wrong_digest_stores_nothing(world: Files) -> None:
    with pytest.raises(BadRequest) as refusal:
        await world.files.receive(once(b"hellO"), content_type=None, sha256=DIGEST)
    assert refusal.value.code == "DigestMismatch"
    assert world.counts() == (0, 0, 0, 0)
    assert await world.keys() == set()
    await world.files.receive(once(b"hello"), content_type=None, sha256=DIGEST)


async def test_a_file_that_is_too_large(world: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused while it comes, not when all of it is there."""
    monkeypatch.setattr(limits, "UPLOAD_BYTES_MAX", 3)
    taken: list[bytes] = []

    async def endless() -> AsyncIterator[bytes]:
        while True:
            taken.append(b"xx")
            yield b"xx"

    with pytest.raises(LimitError) as refusal:
        await world.files.receive(endless(), content_type=None)
    assert refusal.value.code == "FileTooLarge"
    assert len(taken) == 2
    assert await world.keys() == set()


async def test_a_source_that_fails_stores_nothing(world: Files) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await world.files.receive(broken(), content_type=None)
    assert world.counts() == (0, 0, 0, 0)
    assert world.files.writing == set()


@pytest.mark.parametrize("text", ["", "a\r\nset-cookie: x", "a\x00", "日本", "x" * 256])
async def test_content_types_that_are_no_headers(world: Files, text: str) -> None:
    """What an uploader says must not become another header of every download."""
    with pytest.raises(ValueNotAllowed):
        await world.store(b"x", text)


async def test_one_upload_url_stores_one_file_even_in_a_race(world: Files) -> None:
    permit = world.files.permits.read(world.files.permits.issue("_storage"))
    both = [
        world.files.receive(once(name), content_type=None, permit=permit) for name in (b"a", b"b")
    ]
    results = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["BadRequest", "str"]
    assert world.counts() == (1, 1, 0, 1)
    assert len(await world.keys()) == 1


async def test_a_place_that_refuses_is_no_disaster(world: Files) -> None:
    world.blobs.failure = FilesFailed("the bucket is gone")
    with pytest.raises(FilesFailed):
        await world.store()
    assert world.node.failure is None
    world.blobs.failure = None
    await world.store()


async def test_bytes_without_a_commit_are_taken_back(world: Files) -> None:
    """An import that fails after a file was written leaves no bytes behind."""

    async def work() -> None:
        async with world.files.keeping(once(b"x"), None):
            assert len(await world.keys()) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await work()
    assert await world.keys() == set()


async def test_bytes_with_a_commit_stay_whatever_comes_after(world: Files) -> None:
    async def work() -> None:
        async with world.files.keeping(once(b"x"), None) as kept:
            world.files.transact("test", lambda tx: world.files.table(tx).add(kept))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await work()
    assert len(await world.keys()) == 1


def test_urls_are_the_deployments_own(world: Files) -> None:
    base = world.node.settings.variables["CONVEX_CLOUD_URL"]
    assert world.files.url("u") == f"{base}/api/storage/u"
    assert world.files.upload_url().startswith(f"{base}/api/storage/upload?token=")


def test_digests_in_both_spellings() -> None:
    assert parse_sha256(DIGEST.hex()) == DIGEST
    assert parse_sha256(DIGEST.hex().upper()) == DIGEST
    assert parse_sha256(base64.b64encode(DIGEST).decode()) == DIGEST
    for text in ("", "abc", "é", DIGEST.hex()[:-1], base64.b64encode(b"short").decode()):
        assert parse_sha256(text) is None
