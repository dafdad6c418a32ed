"""Appends batches to an SQLite file: the writer process's script, and the writer thread's loop.

Run by path with `python -I -S`, it must start within milliseconds, so it imports nothing but a few
modules of the standard library, and its SQL arrives as text in the first frame. The conversation:

    server → writer   hello (path as a URI, SQL texts), then batches, then () to close
    writer → server   (0, "") when it is ready, then (timestamp, "") for each durable batch,
                      or (timestamp, what went wrong), after which the writer is gone

A frame is eight bytes of length, little endian, and that many bytes of marshal; both ends are the
same interpreter. When the server dies the writer meets the end of the stream: it has finished all
it received whole by then, drops a frame cut short, and exits. It ignores the signals that a
terminal or a supervisor sends to the whole group, since the server decides when to stop.
"""

from __future__ import annotations

import marshal
import os
import signal
import sqlite3
import sys
from collections.abc import Callable  # noqa: TC003 - typing would cost more to import than this

Row = tuple[int, str, int, bytes | None]
Frame = tuple[
    int, int, str, list[Row], list[tuple[int, str, int]], list[tuple[str, str]], tuple[int, ...]
]
"""A batch as it travels: ts, transactions, digest, rows, tables, meta, drops."""

CHUNK_ROWS = 128
"""Rows in one statement. Each length is a statement of its own in SQLite's cache (about 270 bytes
a row, 2 MB for all lengths); a longer chunk gains nothing measurable."""

CHECKPOINT_PAGES = 4000
"""Pages in the write-ahead log (16 MB) before a commit copies them into the file. Fewer: more
copying of the same pages; more: that one commit takes longer (60 ms here, 84 at 8,000)."""

LOG_BYTES_MAX = 64 * 1024 * 1024
"""What an emptied write-ahead log keeps on disk after one giant batch made it grow."""

BUSY_SECONDS = 30.0
"""How long a commit waits for another program (a person with a shell) that holds the file."""

FAILURES = (sqlite3.Error, OSError, ValueError, TypeError, OverflowError, MemoryError)
"""What an append may raise: the disk's and SQLite's errors, and rows that SQLite cannot take."""


class Writer:
    """One connection to an SQLite file, to be used by the thread that made it.

    Args:
        uri: the file, as `file:…?mode=rw`; it must exist, with its tables.
        sql: the hot statements, as `reactor.storage.tables.hot_statements` compiles them.

    Raises:
        sqlite3.Error: the file cannot be opened.
    """

    def __init__(self, uri: str, sql: dict[str, str]) -> None:
        self._sql = sql
        self._db = db = sqlite3.connect(
            uri,
            uri=True,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            cached_statements=CHUNK_ROWS + 64,
        )
        db.execute("PRAGMA synchronous=FULL")
        db.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
        db.execute(f"PRAGMA journal_size_limit={LOG_BYTES_MAX}")
        db.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # opens the file for real

    def append(self, frame: Frame) -> None:
        """Makes one batch durable; when it raises, nothing of the batch is in the file.

        Raises:
            sqlite3.Error: the disk or the file said no.
        """
        ts, transactions, digest, rows, tables, meta, drops = frame
        latest = {(row[0], row[1]): row for row in rows}
        db, sql = self._db, self._sql
        db.execute("BEGIN IMMEDIATE")
        try:
            if transactions:
                db.execute(sql["commit"], (ts, transactions, len(latest), digest))
            for table in tables:
                db.execute(sql["table"], table)
            self._put([row for row in latest.values() if row[3] is not None])
            self._delete([key for key, row in latest.items() if row[3] is None])
            for setting in meta:
                db.execute(sql["setting"], setting)
            for store in drops:
                db.execute(sql["drop"], (store, store))
            db.execute("COMMIT")
        except BaseException:
            db.rollback()
            raise

    def close(self) -> None:
        """Copies the write-ahead log into the file and lets it go."""
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._db.close()

    def _put(self, rows: list[Row]) -> None:
        # One statement for many rows: sqlite3 gives up the GIL and takes it back around every step,
        # and beside a busy loop each row of an executemany would queue for it.
        head, group = self._sql["put_head"], self._sql["put_row"]
        for start in range(0, len(rows), CHUNK_ROWS):
            chunk = rows[start : start + CHUNK_ROWS]
            values = [value for row in chunk for value in row]
            self._db.execute(head + ", ".join([group] * len(chunk)), values)

    def _delete(self, keys: list[tuple[int, str]]) -> None:
        by_table: dict[int, list[str]] = {}
        for table, key in keys:
            by_table.setdefault(table, []).append(key)
        for table, ids in by_table.items():
            for start in range(0, len(ids), CHUNK_ROWS):
                chunk = ids[start : start + CHUNK_ROWS]
                marks = ", ".join("?" * len(chunk))
                self._db.execute(f"{self._sql['delete_head']}({marks})", (table, *chunk))


def serve(receive: Callable[[], object], acknowledge: Callable[[int, str], None]) -> bool:
    """Takes frames until the stream ends, it is told to close, or an append fails.

    Args:
        receive: gives the next frame, waiting for it; None when the server is gone.
        acknowledge: takes a timestamp and an error's text, empty for durable.

    Returns:
        Whether all went well.
    """
    hello = receive()
    if hello is None:
        return True
    try:
        writer = Writer(*hello)  # type: ignore[misc]  # the first frame is the arguments
    except FAILURES as error:
        acknowledge(0, describe(error))
        return False
    acknowledge(0, "")
    while (frame := receive()) is not None:
        if frame == ():
            writer.close()
            return True
        batch: Frame = frame  # type: ignore[assignment]  # every later frame is a batch
        try:
            writer.append(batch)
        except FAILURES as error:
            acknowledge(batch[0], describe(error))
            return False
        acknowledge(batch[0], "")
    return True


def describe(error: BaseException) -> str:
    """One line about an error; never empty, since empty means durable."""
    return " ".join(str(error).split()) or type(error).__name__


def pack(value: object) -> bytes:
    """A frame. marshal's version 2 looks for no shared objects, which is the fastest."""
    content = marshal.dumps(value, 2)  # type: ignore[arg-type]  # numbers, texts, bytes, lists
    return len(content).to_bytes(8, "little") + content


def read_frame(descriptor: int) -> object:
    """The next frame from a blocking stream; None when the stream ends before one is whole."""
    head = read_exactly(descriptor, 8)
    if head is None:
        return None
    content = read_exactly(descriptor, int.from_bytes(head, "little"))
    return None if content is None else marshal.loads(content)


def read_exactly(descriptor: int, length: int) -> bytearray | None:
    """So many bytes; None when the stream ends before them."""
    content = bytearray(length)
    rest = memoryview(content)
    while rest:
        try:
            count = os.readv(descriptor, [rest])
        except ConnectionError:  # the server died with acknowledgements unread
            return None
        if not count:
            return None
        rest = rest[count:]
    return content


def main() -> None:
    """The writer process: its standard input is its end of the socket pair."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)

    def acknowledge(ts: int, error: str) -> None:
        try:
            os.write(0, pack((ts, error)))
        except ConnectionError:
            return  # the server is dead; what it sent whole is still to be finished

    is_well = serve(lambda: read_frame(0), acknowledge)
    # Leaves at once: closing the file on the way out could hold its lock for a long checkpoint,
    # and the next server reads the write-ahead log as it is.
    sys.stderr.flush()
    os._exit(0 if is_well else 1)


if __name__ == "__main__":
    main()
