"""Exports: one at a time, of one moment, into a file of the data folder.

    requested --> in_progress --> completed
         |             |
         +-------------+--------> failed        an error, or a node that stopped meanwhile

Freezing every table costs the number of their blocks, and everything after it happens in a thread
that holds the GIL for a block at a time. A file is served only once it is whole: it gets its name
after it has reached the disk, and its record says `completed` after that.

Source: protocol.md 8.5.
"""

from __future__ import annotations

import asyncio
import os
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import anyio.from_thread
import anyio.to_thread
import structlog

from reactor import limits
from reactor.errors import BadRequest, FilesFailed
from reactor.files.tables import BLOBS
from reactor.schema.places import split_place
from reactor.transfer import layout
from reactor.transfer.archive import (
    Abandoned,
    Frozen,
    FrozenFiles,
    FrozenTable,
    write_archive,
)
from reactor.transfer.records import EXPORTS, Body, Records
from reactor.values.json import to_json
from reactor.values.types import Int64

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from reactor.files.store import Files
    from reactor.log.commit import Log
    from reactor.session.hub import Hub

_log = structlog.get_logger("reactor.transfer")
_OURS: Final = re.compile(r"snapshot_[0-9]+\.(zip|part)")
"""Names of our files; whatever else lies in the folder is somebody's and stays."""
_STEPS: Final = 50
"""How often an export tells how far it is."""


class Exports:
    """The exports of a node.

    Args:
        hub: the node.
        files: the stored files.
        folder: where finished exports are.
    """

    def __init__(self, hub: Hub, files: Files, folder: Path) -> None:
        self._hub, self._files, self._folder = hub, files, folder
        self._records = Records(hub, files.entropy, EXPORTS)
        self._task: asyncio.Task[None] | None = None
        self._is_running = False
        self._is_closed = False

    def recover(self) -> None:
        """Tidies up after a node that stopped in the middle, and what has had its time."""
        for record in self._records.all():
            if record["state"] in ("requested", "in_progress"):
                self._fail(record, "the server was stopped before the export was finished")
        self._prune()

    async def request(self, *, include_storage: bool) -> None:
        """Starts an export.

        Raises:
            BadRequest: one is under way.
        """
        if self._is_running:
            raise BadRequest("an export is under way already", code="ExportInProgress")
        record: Body = {
            "state": "requested",
            "format": {"format": "zip", "include_storage": include_storage},
        }
        id, ts = self._records.insert(record)
        found = self._records.get(id)
        assert found is not None, "it was just written"
        self._is_running = True
        self._task = self._hub.background.start(self._run(found))
        await self._hub.durable(ts)

    def file(self, start_ts: int) -> Path | None:
        """The finished file of the export at this timestamp; None when there is none."""
        wanted = _int64(start_ts)
        for record in self._records.all():
            if record["state"] == "completed" and record["start_ts"] == wanted:
                path = self._path(start_ts)
                return path if path.is_file() else None
        return None

    async def close(self) -> None:
        """Leaves an unfinished export; the next start says that it failed."""
        self._is_closed = True
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _run(self, record: Body) -> None:
        try:
            await self._write(record)
        except Abandoned:
            return
        except OSError as error:
            _log.error("an export failed", error=str(error))
            self._fail(record, f"the file could not be written: {error.strerror}")
        except FilesFailed as error:
            _log.error("an export failed", error=str(error))
            self._fail(record, f"a stored file could not be read: {error}")
        except BaseException:
            if not self._is_closed:
                self._fail(record, "the server could not write the export; its log says why")
            raise
        finally:
            self._is_running = False

    async def _write(self, record: Body) -> None:
        hub, loop = self._hub, asyncio.get_running_loop()
        # Order: no await between the freeze and its timestamp; all tables are of one moment.
        frozen = freeze(hub.log)
        if record["format"]["include_storage"]:
            frozen.files = freeze_files(self._files)
        record |= {"state": "in_progress", "start_ts": _int64(frozen.ts)}
        record["progress_message"] = f"0 of {frozen.count:,} documents"
        self._records.put(record)
        # What a crash could still take back must not be in a file that somebody keeps.
        await hub.durable(frozen.ts)
        path = self._path(frozen.ts)
        made = datetime.fromtimestamp(hub.clock.now_ms() / 1000, UTC)
        progress = _Progress(frozen.count)

        def tell(done: int) -> None:
            record["progress_message"] = f"{done:,} of {frozen.count:,} documents"
            self._records.put(record)

        def wrote(count: int) -> None:
            if self._is_closed:
                raise Abandoned
            if progress.moved(count):
                loop.call_soon_threadsafe(tell, progress.done)

        self._files.readers += 1
        try:
            size = await anyio.to_thread.run_sync(write_file, path, frozen, made, wrote)
        finally:
            self._files.readers -= 1
        del record["progress_message"]
        record |= {
            "state": "completed",
            "complete_ts": _int64(hub.log.next_ts()),
            "zip_object_key": path.name,
            "size": float(size),
        }
        self._records.put(record)
        self._is_running = False
        self._prune()

    def _fail(self, record: Body, why: str) -> None:
        record.pop("progress_message", None)
        self._records.put(record | {"state": "failed", "error_message": why})

    def _path(self, ts: int) -> Path:
        return self._folder / f"snapshot_{ts}.zip"

    def _prune(self) -> None:
        """Forgets exports past their time, and removes files that no record stands for."""
        records = self._records.all()
        oldest_ms = self._hub.clock.now_ms() - limits.EXPORT_RETENTION_MS
        completed = [record for record in records if record["state"] == "completed"]
        kept = completed[-limits.EXPORTS_KEPT_MAX :]
        kept = [record for record in kept if record["_creationTime"] >= oldest_ms]
        newest = records[-1:]
        gone = [record for record in records if record not in kept and record not in newest]
        self._records.delete(gone)
        names = {record["zip_object_key"] for record in kept}
        if self._folder.is_dir():
            for path in self._folder.iterdir():
                if _OURS.fullmatch(path.name) and path.name not in names:
                    path.unlink(missing_ok=True)


class _Progress:
    """Counts, and says when another fiftieth is done."""

    def __init__(self, total: int) -> None:
        self._total, self._told, self.done = total, 0, 0

    def moved(self, count: int) -> bool:
        """Adds so many; whether it is time to tell."""
        self.done += count
        step = self.done * _STEPS // max(self._total, 1)
        if step == self._told:
            return False
        self._told = step
        return True


def freeze(log: Log) -> Frozen:
    """Every table of the project and its components as it is now, at the cost of their blocks."""
    tables: list[FrozenTable] = []
    count = 0
    for name, table in log.snapshot.tables.items():
        if table.number and not split_place(name)[1].startswith("_"):
            tables.append(FrozenTable(name, table.number, table.by_creation_time.blocks.freeze()))
            count += len(table.documents)
    return Frozen(log.last_ts, tables, count)


def freeze_files(files: Files) -> FrozenFiles:
    """Every stored file as it is now; their bytes are read later, from another thread."""
    tables = [
        FrozenTable(name, table.number, table.by_creation_time.blocks.freeze())
        for name, table in files.log.snapshot.tables.items()
        if split_place(name)[1] == layout.STORAGE and table.documents
    ]
    records = files.log.snapshot.table(BLOBS).by_creation_time.blocks.freeze()

    def read(blob: str, size: int) -> Iterator[bytes]:
        stream = files.blobs.read(blob, 0, size)

        async def following() -> bytes | None:
            return await anext(stream, None)

        try:
            while (piece := anyio.from_thread.run(following)) is not None:
                yield piece
        finally:
            anyio.from_thread.run(stream.aclose)

    return FrozenFiles(tables, records, read)


def write_file(path: Path, frozen: Frozen, made: datetime, wrote: Any) -> int:
    """Writes the archive under another name, and gives it its own once it is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    try:
        with part.open("wb") as file:
            write_archive(file, frozen, made, wrote)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        part.unlink(missing_ok=True)
    return path.stat().st_size


def _int64(value: int) -> Any:
    return to_json(Int64(value))
