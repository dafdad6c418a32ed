"""What every place for files must do; each implementation runs all of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from reactor.errors import FilesFailed
from reactor.runtime.random import SeededEntropy
from reactor.storage.blobs import BLOCK_BYTES, Blobs, new_key

OWNER = "0123456789abcdef"
entropy = SeededEntropy(7)


def key(now_ms: float = 1_767_225_600_000.0) -> str:
    return new_key(entropy, now_ms)


async def pieces(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def broken(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
    raise ZeroDivisionError("the client hung up")


async def read(blobs: Blobs, key: str, start: int, length: int) -> bytes:
    return b"".join([block async for block in blobs.read(key, start, length)])


async def listed(blobs: Blobs) -> set[str]:
    return {key async for batch in blobs.listing() for key in batch}


class BlobContract:
    """Subclasses give a fixture `blobs`: an opened, empty place."""

    async def test_what_was_put_is_read_back(self, blobs: Blobs) -> None:
        name = key()
        await blobs.put(name, pieces(b"hello ", b"world"))
        assert await read(blobs, name, 0, 11) == b"hello world"
        assert await read(blobs, name, 6, 3) == b"wor"
        assert await read(blobs, name, 3, 0) == b""
        assert await listed(blobs) == {name}

    async def test_an_empty_file_is_a_file(self, blobs: Blobs) -> None:
        name = key()
        await blobs.put(name, pieces())
        assert await read(blobs, name, 0, 0) == b""
        assert await listed(blobs) == {name}

    async def test_a_large_file_comes_in_blocks(self, blobs: Blobs) -> None:
        """A download holds one block in memory, however large the file is."""
        name = key()
        block = bytes(range(256)) * (BLOCK_BYTES // 256)
        await blobs.put(name, pieces(*[block] * 20))
        reading = blobs.read(name, 1, 20 * BLOCK_BYTES - 2)
        sizes = [len(part) async for part in reading]
        assert sum(sizes) == 20 * BLOCK_BYTES - 2
        assert max(sizes) <= 2 * BLOCK_BYTES
        assert await read(blobs, name, 5 * BLOCK_BYTES + 3, 4) == bytes([3, 4, 5, 6])

    async def test_half_a_file_is_no_file(self, blobs: Blobs) -> None:
        """An upload that breaks off leaves nothing, and the reason is the source's own."""
        name = key()
        with pytest.raises(ZeroDivisionError):
            await blobs.put(name, broken(*[b"x" * BLOCK_BYTES] * 10))
        assert await listed(blobs) == set()
        with pytest.raises(FilesFailed):
            await read(blobs, name, 0, 1)

    async def test_a_file_is_invisible_until_it_is_whole(self, blobs: Blobs) -> None:
        name = key()
        seen: list[set[str]] = []

        async def looking() -> AsyncIterator[bytes]:
            yield b"x" * BLOCK_BYTES
            seen.append(await listed(blobs))
            yield b"y"

        await blobs.put(name, looking())
        assert seen == [set()]
        assert await listed(blobs) == {name}

    async def test_a_blob_that_is_missing_or_short(self, blobs: Blobs) -> None:
        """Lost bytes are an error with a name, and never a shorter file."""
        name = key()
        with pytest.raises(FilesFailed) as missing:
            await read(blobs, name, 0, 1)
        assert missing.value.code == "FileBytesMissing"
        await blobs.put(name, pieces(b"abc"))
        with pytest.raises(FilesFailed) as short:
            await read(blobs, name, 0, 4)
        assert short.value.code == "FileBytesMissing"

    async def test_deleting_twice_is_deleting(self, blobs: Blobs) -> None:
        """A sweep that was cut off by a crash can be done again."""
        kept, gone = key(), key()
        await blobs.put(kept, pieces(b"a"))
        await blobs.put(gone, pieces(b"b"))
        await blobs.delete([gone, key()])
        await blobs.delete([gone])
        assert await listed(blobs) == {kept}

    async def test_a_reader_in_the_middle(self, blobs: Blobs) -> None:
        """Closing a download early leaves the file as it was."""
        name = key()
        await blobs.put(name, pieces(b"a" * BLOCK_BYTES, b"b" * BLOCK_BYTES))
        reading = blobs.read(name, 0, 2 * BLOCK_BYTES)
        assert (await anext(reading)).startswith(b"a")
        await reading.aclose()
        assert await read(blobs, name, BLOCK_BYTES, 1) == b"b"

    async def test_every_owner_sees_its_own(self, blobs: Blobs) -> None:
        """Two deployments on one place do not collect each other's files as garbage."""
        name = key()
        await blobs.put(name, pieces(b"a"))
        await blobs.open("fedcba9876543210")
        assert await listed(blobs) == set()
        await blobs.open(OWNER)
        assert await listed(blobs) == {name}

    async def test_listings_come_in_batches(
        self, blobs: Blobs, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        module = __import__(type(blobs).__module__, fromlist=["KEYS_LISTED"])
        monkeypatch.setattr(module, "KEYS_LISTED", 2)
        names = {key() for _ in range(5)}
        for name in names:
            await blobs.put(name, pieces(b"a"))
        batches = [batch async for batch in blobs.listing()]
        assert max(map(len, batches)) <= 2
        assert {name for batch in batches for name in batch} == names
        await blobs.close()
