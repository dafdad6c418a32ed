"""Files in memory: the contract, and a place that refuses when a test says so."""

from __future__ import annotations

import pytest

from reactor.errors import FilesFailed
from reactor.storage.memory_blobs import MemoryBlobs
from tests.unit.storage.blob_contract import OWNER, BlobContract, key, listed, pieces, read


class TestMemoryBlobs(BlobContract):
    @pytest.fixture
    async def blobs(self) -> MemoryBlobs:
        blobs = MemoryBlobs()
        await blobs.open(OWNER)
        return blobs


async def test_a_place_that_refuses() -> None:
    """Tests of what depends on files can take the place away and give it back."""
    blobs = MemoryBlobs()
    await blobs.open(OWNER)
    blobs.failure = FilesFailed("the bucket is gone")
    name = key()
    with pytest.raises(FilesFailed):
        await blobs.put(name, pieces(b"a"))
    with pytest.raises(FilesFailed):
        await read(blobs, name, 0, 1)
    with pytest.raises(FilesFailed):
        await blobs.delete([name])
    with pytest.raises(FilesFailed):
        await listed(blobs)
    blobs.failure = None
    assert await listed(blobs) == set()
