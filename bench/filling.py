"""Staged indexes: what filling one takes, and how long it keeps others waiting at a time.

python -m bench.filling [--documents N] [--words N] [--dimensions N]

The slices are the server's own (`Filling.batch`), and so is the garbage
collection beside them. Lengths are wall time, and beside the longest its CPU time: on a busy
machine the first counts others' work too. "wait" is the longest that another task of the loop had
to wait for its turn, collections and all.
"""

from __future__ import annotations

import argparse
import asyncio
import time

import numpy as np
import orjson

from bench.corpus import Corpus
from reactor.log.filling import Growing, fillings
from reactor.log.snapshot import Snapshot
from reactor.runtime.clock import SystemClock
from reactor.runtime.garbage import by_hand, collect_when_idle, set_aside
from reactor.search.analyzer import Analyzer
from reactor.search.text import TextIndex
from reactor.search.vector import VectorTable

START_MS = 1_760_000_000_000.0
KINDS = 10


def documents(count: int, words: int, dimensions: int) -> list[tuple[bytes, bytes]]:
    """Stored documents: so many words, a vector of so many numbers, and a filter column."""
    chance = np.random.default_rng(7)
    found: list[tuple[bytes, bytes]] = []
    for at, text in enumerate(Corpus(count).texts):
        body = {
            "_creationTime": START_MS + at,
            "_id": str(at),
            "kind": float(at % KINDS),
            "text": " ".join(text.body.split()[:words]),
        }
        if dimensions:
            body["at"] = chance.standard_normal(dimensions).tolist()
        found.append((at.to_bytes(16, "big"), orjson.dumps(body)))
    return found


async def measure(name: str, stored: list[tuple[bytes, bytes]], dimensions: int) -> None:
    """Fills one index slice by slice and prints its line."""
    snapshot = Snapshot()
    table = snapshot.table("documents")
    if name == "ordered":
        table.stage_index(name, (("kind",),))
    elif name == "text":
        table.follow(name, Growing(TextIndex(("text",), (("kind",),), Analyzer())))
    else:
        table.follow(name, Growing(VectorTable(("at",), dimensions, (("kind",),))))
    snapshot.load(table, stored)
    set_aside()
    (filling,) = fillings(snapshot)
    wall: list[float] = []
    cpu: list[float] = []
    waits: list[float] = []
    beside = [
        asyncio.create_task(collect_when_idle(SystemClock())),
        asyncio.create_task(_waiting(waits)),
    ]
    await asyncio.sleep(0)
    goes_on = True
    while goes_on:
        start, started = time.perf_counter(), time.thread_time()
        goes_on = filling.step(filling.batch)
        cpu.append((time.thread_time() - started) * 1e3)
        wall.append((time.perf_counter() - start) * 1e3)
        await asyncio.sleep(0)
    for task in beside:
        task.cancel()
    each = sum(cpu) * 1e3 / len(stored)
    wall.sort()
    print(
        f"{name:<10} {len(wall):>8,} {each:>10.1f} {wall[len(wall) // 2]:>9.2f} "
        f"{wall[int(len(wall) * 0.99)]:>9.2f} {wall[-1]:>9.2f} {max(cpu):>9.2f} {max(waits):>9.2f}",
        flush=True,
    )


async def _waiting(waits: list[float]) -> None:
    """How long one turn of the loop takes, in milliseconds."""
    while True:
        start = time.perf_counter()
        await asyncio.sleep(0)
        waits.append((time.perf_counter() - start) * 1e3)


def main() -> None:
    """Prints a line for each kind of index."""
    parser = argparse.ArgumentParser(description="What filling a staged index takes.")
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--words", type=int, default=10)
    parser.add_argument("--dimensions", type=int, default=384)
    options = parser.parse_args()
    print(
        f"{'index':<10} {'slices':>8} {'µs/doc':>10} {'p50 ms':>9} {'p99 ms':>9} {'worst':>9} "
        f"{'its CPU':>9} {'wait':>9}"
    )
    short = documents(options.documents, options.words, 0)
    with_vectors = documents(options.documents, 1, options.dimensions)
    with by_hand():
        for name, stored in (("ordered", short), ("text", short), ("vector", with_vectors)):
            asyncio.run(measure(name, stored, options.dimensions))


if __name__ == "__main__":
    main()
