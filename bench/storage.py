"""What durability costs: both writers beside raw SQLite and a bare fdatasync, and the first load.

python -m bench.storage [--seconds 1] [--documents 200000] [--dir FOLDER]

Every batch writes new documents of 300 bytes under random ids, as mutations do. "Busy" rows keep
the event loop at work all the time, as a loaded server's is, and say how much of its own speed the
loop keeps.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.limits import fdatasync_us, sqlite_inserts
from reactor.storage.appenders import WriterKind
from reactor.storage.base import Batch, DocumentRow
from reactor.storage.sqlite import SqliteStorage

BODY = b'{"_creationTime":1767225600000.5,"body":"' + b"x" * 257 + b'"}'
TABLE = 10_001
WRITERS: tuple[WriterKind, ...] = ("process", "thread")
ROUNDS = 15
ROW = "{:<34} {:>10} {:>11} {:>9} {:>12} {:>12} {:>6}"


class Appending:
    """Keeps one batch in flight until its time is over."""

    def __init__(self, storage: SqliteStorage, size: int, seconds: float, last_ts: int) -> None:
        self._storage, self._size, self.ts = storage, size, last_ts
        self._until = time.perf_counter() + seconds
        self._finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.latencies: list[float] = []
        self.spins = 0

    async def run(self, *, is_busy: bool) -> None:
        self._append()
        if is_busy:
            asyncio.get_running_loop().call_soon(self._spin)
        await self._finished

    def _append(self) -> None:
        self.ts += 1
        rows: list[DocumentRow] = [
            (TABLE, os.urandom(16).hex(), self.ts, BODY) for _ in range(self._size)
        ]
        self._sent = time.perf_counter()
        self._storage.append(Batch(self.ts, 1, rows, [], [], ""), self._done)

    def _done(self, error: BaseException | None) -> None:
        assert error is None, error
        now = time.perf_counter()
        self.latencies.append(now - self._sent)
        if now < self._until:
            self._append()
        else:
            self._finished.set_result(None)

    def _spin(self) -> None:
        spin()
        self.spins += 1
        if not self._finished.done():
            asyncio.get_running_loop().call_soon(self._spin)


def spin() -> None:
    """About 20 µs of Python."""
    for _ in range(500):
        pass


async def idle_spins(seconds: float) -> float:
    """How many spins a second the loop does with nobody beside it."""
    loop = asyncio.get_running_loop()
    finished: asyncio.Future[None] = loop.create_future()
    count, until = 0, time.perf_counter() + seconds

    def turn() -> None:
        nonlocal count
        spin()
        count += 1
        if time.perf_counter() < until:
            loop.call_soon(turn)
        else:
            finished.set_result(None)

    turn()
    await finished
    return count / seconds


@contextmanager
def subfolder(folder: Path) -> Generator[Path]:
    with tempfile.TemporaryDirectory(dir=folder) as name:
        yield Path(name)


async def appends(folder: Path, seconds: float) -> None:
    print(
        ROW.format("", "batches/s", "documents/s", "p50 us", "x SQLite 1/1", "x fdatasync", "loop")
    )
    for is_busy in (False, True):
        for kind in WRITERS:
            for size in (1, 10, 100):
                await one(folder, seconds, kind, size, is_busy=is_busy)


async def one(folder: Path, seconds: float, kind: WriterKind, size: int, *, is_busy: bool) -> None:
    """One line: medians over rounds, each beside its denominators; no machine is steady."""
    rounds: list[tuple[float, float, float, float, float]] = []
    slice_s = seconds / ROUNDS
    with subfolder(folder) as inner:
        storage = SqliteStorage(inner / "data.db", kind)
        ts = (await storage.open()).last_ts
        for _ in range(ROUNDS):
            with subfolder(folder) as raw:
                inserts, sync = sqlite_inserts(raw, slice_s), fdatasync_us(raw, 50)
            spins = await idle_spins(slice_s)
            appending = Appending(storage, size, slice_s, ts)
            started = time.perf_counter()
            await appending.run(is_busy=is_busy)
            spent = time.perf_counter() - started
            ts = appending.ts
            rate, p50 = len(appending.latencies) / spent, median(appending.latencies) * 1e6
            keeps = appending.spins / spent / spins
            rounds.append((rate, p50, rate * size / inserts, p50 / sync, keeps))
        await storage.close()
    rate, p50, to_sqlite, to_sync, keeps = (median(column) for column in zip(*rounds, strict=True))
    print(
        ROW.format(
            f"{kind}, batch {size}{', busy loop' if is_busy else ''}",
            f"{rate:,.0f}",
            f"{rate * size:,.0f}",
            f"{p50:,.0f}",
            f"{to_sqlite:.2f}",
            f"{to_sync:.2f}",
            f"{keeps:.0%}" if is_busy else "",
        ),
        flush=True,
    )


async def load(folder: Path, documents: int) -> None:
    with subfolder(folder) as inner:
        storage = SqliteStorage(inner / "data.db", "process")
        await storage.open()
        for ts in range(1, documents // 5_000 + 1):
            rows: list[DocumentRow] = [
                (TABLE, os.urandom(16).hex(), ts, BODY) for _ in range(5_000)
            ]
            landed: asyncio.Future[BaseException | None] = asyncio.Future()
            tables = [(TABLE, "documents", TABLE)] if ts == 1 else []
            storage.append(Batch(ts, 1, rows, tables, [], ""), landed.set_result)
            assert await landed is None
        await storage.close()
        started = time.perf_counter()
        await storage.open()
        opened = time.perf_counter()
        count = sum(1 for _ in storage.load())
        loaded = time.perf_counter()
        await storage.close()
    print(
        f"{count:,} documents: open {opened - started:.3f} s, load {loaded - opened:.3f} s "
        f"({(loaded - opened) / count * 1e6:.2f} s for a million)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Durable appends beside the disk's limits.")
    parser.add_argument("--seconds", type=float, default=1.5, help="for each line")
    parser.add_argument("--documents", type=int, default=200_000, help="to load")
    parser.add_argument("--dir", type=Path, default=Path("/var/tmp"), help="on a real disk")
    options = parser.parse_args()
    asyncio.run(appends(options.dir, options.seconds))
    asyncio.run(load(options.dir, options.documents))


if __name__ == "__main__":
    main()
