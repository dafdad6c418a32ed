"""What the machine itself allows: the denominators that need no server."""

from __future__ import annotations

import os
import select
import socket
import sqlite3
import statistics
import time
from contextlib import closing
from pathlib import Path

PAGE = b"\x5a" * 4096
ROW = b"\x5a" * 300


class Disk:
    """A file on the disk that is measured."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "sync").open("wb", buffering=0)

    def sync_us(self) -> float:
        """Appends a page and waits for the disk; microseconds."""
        started = time.perf_counter()
        self._file.write(PAGE)
        os.fdatasync(self._file.fileno())
        return (time.perf_counter() - started) * 1e6

    def close(self) -> None:
        """Gives the file back."""
        self._file.close()


def fdatasync_us(folder: Path, times: int) -> float:
    """The median of appending a page and waiting for the disk, in microseconds."""
    with closing(Disk(folder)) as disk:
        return statistics.median(disk.sync_us() for _ in range(times))


def sqlite_inserts(folder: Path, seconds: float) -> float:
    """Rows a second that plain SQLite stores, one `FULL` commit in WAL mode for each."""
    with closing(sqlite3.connect(folder / "raw.sqlite3", isolation_level=None)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, data BLOB)")
        rows, started = 0, time.perf_counter()
        while (spent := time.perf_counter() - started) < seconds:
            db.execute("INSERT INTO t (data) VALUES (?)", (ROW,))
            rows += 1
        return rows / spent


def _read_all(address: tuple[str, int], count: int) -> None:
    """The other end, in a process of its own: reads until every writer is gone."""
    readers = [socket.create_connection(address) for _ in range(count)]
    poll = select.epoll()
    for reader in readers:
        poll.register(reader.fileno(), select.EPOLLIN)
    while count:
        for number, _ in poll.poll():
            if not os.read(number, 65_536):
                poll.unregister(number)
                count -= 1


def write_loop_us(count: int, frame_bytes: int, times: int) -> tuple[float, float]:
    """A bare `os.write` of one frame to many loopback sockets that another process reads.

    Returns:
        Microseconds of wall time for the whole loop and of CPU for one write; medians.
    """
    with socket.create_server(("127.0.0.1", 0), backlog=4_096) as server:
        child = os.fork()
        if child == 0:
            try:
                _read_all(server.getsockname(), count)
            finally:
                os._exit(0)
        writers = [server.accept()[0] for _ in range(count)]
    numbers = [writer.fileno() for writer in writers]
    frame = b"\x5a" * frame_bytes
    walls: list[float] = []
    cpus: list[float] = []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.thread_time()
        for number in numbers:
            os.write(number, frame)
        walls.append((time.perf_counter() - wall) * 1e6)
        cpus.append((time.thread_time() - cpu) * 1e6 / count)
        time.sleep(0.02)
    for writer in writers:
        writer.close()
    os.waitpid(child, 0)
    return statistics.median(walls), statistics.median(cpus)
