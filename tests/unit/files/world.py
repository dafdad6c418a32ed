"""The sample with its file storage in reach: what is stored, what is listed, what is left over."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import orjson

from reactor.files.sweeper import Sweeper
from reactor.files.tables import BLOBS, GARBAGE, PERMITS, STORAGE
from reactor.schema.fields import Id
from reactor.schema.system import StoredFile
from reactor.storage.memory_blobs import MemoryBlobs
from reactor.testing import Harness
from tests.unit.sample.world import World, harness


class Files(World):
    """A running sample."""

    def __init__(self, backend: Harness) -> None:
        super().__init__(backend)
        self.files = backend.node.hub.runner.files
        self.sweeper = Sweeper(self.files)
        self.blobs = cast("MemoryBlobs", backend.node.blobs)

    async def store(
        self, data: bytes = b"hello", content_type: str | None = None
    ) -> Id[StoredFile]:
        """A file, stored as an action would."""
        return cast(
            "Id[StoredFile]", await self.files.receive(once(data), content_type=content_type)
        )

    async def keys(self) -> set[str]:
        """Every blob that is there."""
        return {key async for batch in self.blobs.listing() for key in batch}

    def key_of(self, id: str) -> str:
        """The blob of a document."""
        record = self.files.find(id)
        assert record is not None
        return record.blob

    def rows(self, table: str) -> list[dict[str, object]]:
        """The documents of a hidden table."""
        return [orjson.loads(raw) for raw in self.log.snapshot.table(table).documents.values()]

    def counts(self) -> tuple[int, int, int, int]:
        """How many files, records, deleted files and used URLs there are."""
        tables = [self.log.snapshot.table(name) for name in (STORAGE, BLOBS, GARBAGE, PERMITS)]
        files, records, garbage, permits = (len(table.documents) for table in tables)
        return files, records, garbage, permits


async def once(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


@asynccontextmanager
async def open_files() -> AsyncGenerator[Files]:
    async with harness() as backend:
        world = Files(backend)
        try:
            yield world
        finally:
            world.storage.release()
