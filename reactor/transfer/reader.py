"""Reads an import's file in a process of its own, and hands over what it finds.

The process has a bound on its memory, imports nothing of the project, and stops when nobody reads
what it says. It takes a job on its standard input, and answers with frames: eight bytes of length,
little endian, and that many bytes of marshal.

    ("sections", [(name, number, count), …])   the answer to a survey
    ("rows", table, [row, …])                  documents, a few at a time
    ("file", table, row)                       a stored file; its bytes follow, then ("whole",)
    ("bytes", piece)
    ("end",)                                   that was all
    ("refused", message, code)                 the file cannot be used
"""

from __future__ import annotations

import asyncio
import io
import json
import marshal
import os
import resource
import sys
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reactor import limits
from reactor.errors import TransferRefused
from reactor.schema.places import split_place
from reactor.storage.writer import pack
from reactor.transfer import layout
from reactor.transfer.source import FileFormat, Section, Source, open_source

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator

    from reactor.transfer.rows import Row

Rows = list[tuple[int, str, int, bytes, bytes]]
"""Documents as they travel: line, id, number and internal bytes in it, canonical JSON."""

_SCRIPT: Final = "from reactor.transfer.reader import main; main()"
_STREAM_BYTES: Final = 2**20


@dataclass(frozen=True, slots=True)
class Job:
    """What a reader is to do.

    Args:
        path: the file.
        form: what it is written in.
        table: its table, for formats that hold one.
        component: where its tables go; "" for the project itself.
        tables: whose documents to hand over, in this order; empty for a survey. Those of
            `_storage` come with their bytes.
        skip: how many documents of a table to pass over, by its name.
    """

    path: str
    form: FileFormat
    table: str = ""
    component: str = ""
    tables: list[str] = field(default_factory=list[str])
    skip: dict[str, int] = field(default_factory=dict[str, int])

    def open(self) -> Source:
        """The file, opened."""
        return open_source(Path(self.path), self.form, self.table, self.component)


def answers(job: Job) -> Iterator[tuple[Any, ...]]:
    """What a reader answers to a job, in order."""
    try:
        source = job.open()
        if not job.tables:
            yield ("sections", [(s.name, s.number, s.count) for s in source.survey()])
        for table in job.tables:
            skip = job.skip.get(table, 0)
            if split_place(table)[1] == layout.STORAGE:
                yield from _stored(table, islice(source.stored(table), skip, None))
            else:
                for batch in _batches(islice(source.documents(table), skip, None)):
                    yield ("rows", table, batch)
    except TransferRefused as refused:
        yield ("refused", str(refused), refused.code)
    except MemoryError:
        yield (
            "refused",
            f"the file needs more than {limits.IMPORT_READER_BYTES_MAX} bytes of memory to be read",
            TransferRefused.code,
        )
    else:
        yield ("end",)


def _stored(table: str, files: Iterator[tuple[Row, Iterator[bytes]]]) -> Iterator[tuple[Any, ...]]:
    for row, pieces in files:
        yield ("file", table, tuple(row))
        for piece in pieces:
            yield ("bytes", piece)
        yield ("whole",)


def _batches(rows: Iterator[Row]) -> Iterator[Rows]:
    batch: Rows = []
    size = 0
    for row in rows:
        batch.append((row.line, row.id, row.number, row.internal, row.raw))
        size += len(row.raw)
        if len(batch) >= limits.IMPORT_BATCH_ROWS or size >= limits.IMPORT_BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


class Reading:
    """The server's end of a reader at work.

    Args:
        receive: gives the next frame's content.
    """

    def __init__(self, receive: Callable[[], Any]) -> None:
        self._receive = receive

    async def _next(self) -> tuple[Any, ...]:
        try:
            frame: tuple[Any, ...] = await self._receive()
        except asyncio.IncompleteReadError:
            raise TransferRefused(
                "the process that reads the file was ended from outside; start the import again"
            ) from None
        if frame[0] == "refused":
            raise TransferRefused(frame[1], code=frame[2])
        return frame

    async def sections(self) -> list[Section]:
        """The answer to a survey.

        Raises:
            TransferRefused: the file cannot be used.
        """
        _, found = await self._next()
        return [Section(*each) for each in found]

    async def batches(self) -> AsyncIterator[tuple[str, Rows, AsyncIterator[bytes] | None]]:
        """Documents, a few at a time, with their table.

        A stored file comes alone, with its bytes, which must be read before the next batch.

        Raises:
            TransferRefused: the file cannot be used, whatever was handed over before.
        """
        while (frame := await self._next())[0] != "end":
            if frame[0] == "file":
                yield frame[1], [frame[2]], self._pieces()
            else:
                yield frame[1], frame[2], None

    async def _pieces(self) -> AsyncIterator[bytes]:
        while (frame := await self._next())[0] == "bytes":
            yield frame[1]


@asynccontextmanager
async def reading(job: Job) -> AsyncGenerator[Reading]:
    """A reader at work, for as long as the block lasts."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _SCRIPT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        start_new_session=True, limit=_STREAM_BYTES,
    )  # fmt: skip
    assert process.stdin is not None, "it was asked for"
    stream = process.stdout
    assert stream is not None, "it was asked for"

    async def receive() -> Any:
        size = int.from_bytes(await stream.readexactly(8), "little")
        return marshal.loads(await stream.readexactly(size))

    try:
        process.stdin.write(json.dumps(asdict(job)).encode())
        process.stdin.close()
        yield Reading(receive)
    finally:
        if process.returncode is None:
            process.kill()
        # What it had still to say must be read before its end is noticed.
        while await stream.read(_STREAM_BYTES):
            pass
        await process.wait()


def main() -> None:
    """The reader process."""
    bound = limits.IMPORT_READER_BYTES_MAX
    resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
    os.nice(10)  # whoever waits for the server goes first
    job = Job(**json.load(sys.stdin))
    out = io.FileIO(1, "w")
    try:
        for answer in answers(job):
            _write(out, pack(answer))
    except BrokenPipeError:
        return  # the server has gone, or no longer wants it


def _write(out: io.FileIO, content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[out.write(rest) :]
