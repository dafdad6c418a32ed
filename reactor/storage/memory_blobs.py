"""Files in memory, for tests: durable as long as the object lives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reactor.errors import FilesFailed
from reactor.storage.blobs import BLOCK_BYTES, KEYS_LISTED

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Sequence


class MemoryBlobs:
    """Keeps blobs in a dictionary; opening it again is a restart.

    A test may make it refuse: while `failure` is set, every call that touches bytes raises it.
    """

    def __init__(self) -> None:
        self.failure: FilesFailed | None = None
        self._owners: dict[str, dict[str, bytes]] = {}
        self._blobs: dict[str, bytes] = {}

    async def open(self, owner: str) -> None:
        """Takes the owner's part."""
        self._blobs = self._owners.setdefault(owner, {})

    async def put(self, key: str, blocks: AsyncIterator[bytes]) -> None:
        """Keeps a blob once all of it has come."""
        self._work()
        self._blobs[key] = b"".join([block async for block in blocks])

    async def read(self, key: str, start: int, length: int) -> AsyncGenerator[bytes, None]:
        """A part of a blob, block by block."""
        self._work()
        whole = self._blobs.get(key)
        if whole is None or start + length > len(whole):
            raise FilesFailed(f"blob {key} is missing", code="FileBytesMissing")
        for at in range(start, start + length, BLOCK_BYTES):
            yield whole[at : min(at + BLOCK_BYTES, start + length)]

    async def delete(self, keys: Sequence[str]) -> None:
        """Removes blobs."""
        self._work()
        for key in keys:
            self._blobs.pop(key, None)

    async def listing(self) -> AsyncGenerator[list[str], None]:
        """Every key, in batches."""
        self._work()
        every = list(self._blobs)
        for at in range(0, len(every), KEYS_LISTED):
            yield every[at : at + KEYS_LISTED]

    async def close(self) -> None:
        """Nothing: memory has no door."""

    def _work(self) -> None:
        if self.failure is not None:
            raise self.failure
