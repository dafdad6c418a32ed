"""Removes bytes that no document has: deleted files soon, what a crash left behind in time.

Invariant: no blob is removed that a document has or may come to have. A key is given to at most one
document, in the commit that follows its writing; so a key that is neither in use nor being written
will never be in use again, once that is durable.
"""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

import structlog

from reactor import limits
from reactor.errors import FilesFailed
from reactor.files.tables import GARBAGE, PERMITS
from reactor.storage.blobs import made_ms
from reactor.transaction.system import SystemTable

if TYPE_CHECKING:
    from reactor.files.store import Files
    from reactor.transaction.system import Body
    from reactor.transaction.transaction import Transaction

_log = structlog.get_logger("reactor.files")


class Sweeper:
    """Keeps the place of the files clean.

    Args:
        files: whose place.
    """

    def __init__(self, files: Files) -> None:
        self._files = files

    async def run(self) -> None:
        """Sweeps until it is cancelled, orphans first: a restart cleans up after a crash."""
        clock = self._files.clock
        orphans_at = clock.monotonic()
        while True:
            try:
                if clock.monotonic() >= orphans_at:
                    await self.collect_orphans()
                    orphans_at = clock.monotonic() + limits.ORPHAN_SWEEP_S
                while await self.empty_garbage():
                    pass
            except FilesFailed as error:
                _log.warning("files could not be swept; trying again", error=str(error))
            self.forget_permits()
            await clock.sleep(limits.FILE_SWEEP_S)

    async def empty_garbage(self) -> int:
        """Removes the bytes of one batch of deleted files; returns how many.

        Raises:
            FilesFailed: the place refused; they stay listed.
        """
        files = self._files
        batch = files.resident.garbage(limits.FILE_SWEEP_BATCH)
        # An export that is being written still has files that were deleted since it began.
        if not batch or files.readers:
            return 0
        # Order: a deletion that a crash could take back must not have cost the bytes.
        await files.durable()
        keys = [row["blob"] for row in batch]
        assert not any(map(files.resident.is_referenced, keys)), "garbage is in no document"
        await files.blobs.delete(keys)
        self._forget(GARBAGE, batch)
        return len(batch)

    async def collect_orphans(self) -> int:
        """Removes blobs that never got a document, once they are old; returns how many.

        Raises:
            FilesFailed: the place refused.
        """
        files = self._files
        oldest_ms = files.clock.now_ms() - limits.ORPHAN_AGE_S * 1000
        removed = 0
        async with aclosing(files.blobs.listing()) as listing:
            async for keys in listing:
                orphans = [key for key in keys if made_ms(key) < oldest_ms and self._is_unused(key)]
                if orphans:
                    await files.durable()
                    await files.blobs.delete(orphans)
                    removed += len(orphans)
        if removed:
            _log.info("removed files that no document has", count=removed)
        return removed

    def _is_unused(self, key: str) -> bool:
        return key not in self._files.writing and not self._files.resident.is_referenced(key)

    def forget_permits(self) -> int:
        """Forgets one batch of used upload URLs that have expired; returns how many."""
        files = self._files
        batch = files.resident.expired_permits(files.clock.now_ms(), limits.FILE_SWEEP_BATCH)
        self._forget(PERMITS, batch)
        return len(batch)

    def _forget(self, name: str, rows: list[Body]) -> None:
        def forget(tx: Transaction) -> None:
            table = SystemTable(tx, name, self._files.entropy)
            for row in rows:
                if table.get(row["_id"]) is not None:
                    table.delete(row["_id"])

        if rows:
            self._files.transact("system:sweepFiles", forget)
