"""Vector search beside numpy on the same vectors: what a matrix product and a partition cost.

python -m bench.vectors [--documents N] [--dimensions N] [--queries N]

CPU time of one thread would not be fair to a library that uses several, so these are wall times of
calls in turn; read the least and its ratio. Every answer is compared with numpy's: measured recall.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import orjson

from reactor.search.vector import VectorTable, unit_vector
from reactor.values.order import encode_key

TAKE = 10
KINDS = 10


def timed(calls: list[Callable[[], Any]]) -> tuple[float, float, float]:
    """The least, the median and the 99th percentile of calls, in milliseconds."""
    spans: list[float] = []
    for call in calls:
        start = time.perf_counter()
        call()
        spans.append((time.perf_counter() - start) * 1000)
    spans.sort()
    return spans[0], spans[len(spans) // 2], spans[int(len(spans) * 0.99)]


def main() -> None:
    """Builds the index, searches, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--dimensions", type=int, default=384)
    parser.add_argument("--queries", type=int, default=200)
    options = parser.parse_args()
    chance = np.random.default_rng(7)
    shape = (options.documents, options.dimensions)
    vectors = chance.standard_normal(shape).astype(np.float32)
    documents = [
        (
            number.to_bytes(16, "big"),
            orjson.dumps(
                {"v": row.astype(float).tolist(), "k": float(number % KINDS), "_creationTime": 1.0}
            ),
        )
        for number, row in enumerate(vectors)
    ]
    table = VectorTable(("v",), options.dimensions, (("k",),))
    start = time.perf_counter()
    table.load(documents)
    build_s = time.perf_counter() - start
    whole = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    queries = [
        unit
        for _ in range(options.queries)
        if (unit := unit_vector(chance.standard_normal(shape[1]).tolist(), shape[1])) is not None
    ]

    def ours(vector: Any, *wanted: tuple[int, bytes]) -> list[int]:
        search = table.begin(vector, wanted)
        found = search.finish(search.scores(TAKE), TAKE)
        return [int.from_bytes(id, "big") for id, _ in found]

    def numpys(vector: Any) -> list[int]:
        scores = whole @ vector
        best = np.argpartition(scores, -TAKE)[-TAKE:]
        return [int(one) for one in best[np.argsort(-scores[best])]]

    one_kind = (0, encode_key(3.0))
    rows = {
        "numpy, one matrix": timed([lambda q=q: numpys(q) for q in queries]),
        "reactor": timed([lambda q=q: ours(q) for q in queries]),
        "reactor, a tenth by a filter": timed([lambda q=q: ours(q, one_kind) for q in queries]),
    }
    found = sum(len({*ours(q)} & {*numpys(q)}) for q in queries)
    limit = rows["numpy, one matrix"][0]
    print(f"{'':<30} {'least ms':>9} {'p50 ms':>9} {'p99 ms':>9} {'x numpy':>9}")
    for name, (least, median, high) in rows.items():
        ratio = f"{least / limit:.2f}x"
        print(f"{name:<30} {least:>9.2f} {median:>9.2f} {high:>9.2f} {ratio:>9}")
    print(f"recall of the first {TAKE}: {found / (TAKE * len(queries)):.4f}")
    print(f"built in {build_s:.1f} s, {table.bytes_used() / 2**20:,.0f} MiB", end="; ")
    print(f"the vectors alone: {vectors.nbytes / 2**20:,.0f} MiB")


if __name__ == "__main__":
    main()
