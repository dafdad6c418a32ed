"""A server that will be killed: appends batches as fast as it can, says which are durable."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from reactor.storage.appenders import WriterKind
from reactor.storage.base import Batch, DocumentRow
from reactor.storage.sqlite import SqliteStorage

SIZES = (1, 40, 3, 900, 128, 7)
PADDING = b"x" * 700


def rows_of(ts: int) -> list[DocumentRow]:
    """The batch of a timestamp: new documents, some that every batch rewrites, one deleted."""
    body = b'{"batch":%d,"padding":"%b"}' % (ts, PADDING)
    count = SIZES[ts % len(SIZES)]
    rows: list[DocumentRow] = [(ts % 3, f"{ts:06}-{n:04}", ts, body) for n in range(count)]
    rows += [(4, f"shared-{n}", ts, body) for n in range(5)]
    if ts > 1:
        rows.append(((ts - 1) % 3, f"{ts - 1:06}-0000", ts, None))
    return rows


def documents_at(ts: int) -> dict[tuple[int, str], bytes]:
    """What the batches up to a timestamp leave."""
    documents: dict[tuple[int, str], bytes] = {}
    for each in range(1, ts + 1):
        for table, id, _, body in rows_of(each):
            if body is None:
                del documents[table, id]
            else:
                documents[table, id] = body
    return documents


def say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


async def main(path: Path, writer: WriterKind) -> None:
    storage = SqliteStorage(path, writer)
    opened = await storage.open()
    last = opened.last_ts
    say(storage.writer_pid or 0)

    def append(ts: int) -> None:
        tables = [(n, f"table{n}", n) for n in range(5)] if ts == 1 else []
        storage.append(Batch(ts, 1, rows_of(ts), tables, [("ts", str(ts))], ""), done)

    def done(error: BaseException | None) -> None:
        nonlocal last
        if error is not None:
            sys.exit(str(error))
        last += 1
        say(last)
        append(last + 1)

    append(last + 1)
    await asyncio.Event().wait()


if __name__ == "__main__":
    kind: WriterKind = "process" if sys.argv[2] == "process" else "thread"
    asyncio.run(main(Path(sys.argv[1]), kind))
