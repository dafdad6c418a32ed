"""Text search beside SQLite's FTS5 and tantivy, on the same documents and the same queries.

python -m bench.search [--documents N] [--queries N]

Times are CPU time of one thread, so that other work on the machine does not count. Every engine
answers with the ids of the best 20 published documents; memory is what the process grows by.
tantivy is for this bench only: pip install tantivy.
"""

from __future__ import annotations

import argparse
import gc
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson

from bench.corpus import Corpus, Text
from reactor.search.analyzer import Analyzer
from reactor.search.query import TextQuery
from reactor.search.text import TextIndex
from reactor.values.order import encode_key

TAKE = 20
START_MS = 1_760_000_000_000.0
WRITES = 200
WRITER_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Engine:
    """One way to search.

    Args:
        find: ids of the best documents of a query.
        write: adds one document, to be found by the next query.
        build_s: seconds to index everything.
        bytes: what the process grew by.
    """

    find: Callable[[str], list[int]]
    write: Callable[[int, Text], None]
    build_s: float
    bytes: int


def measured(build: Callable[[], tuple[Any, Any]]) -> Engine:
    """An engine with the time and memory that building it took."""
    gc.collect()
    before, start = _resident(), time.process_time()
    find, write = build()
    seconds = time.process_time() - start
    gc.collect()
    return Engine(find, write, seconds, _resident() - before)


def _resident() -> int:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


def _stored(at: int, text: Text) -> tuple[bytes, bytes]:
    body = {"_creationTime": START_MS + at, "_id": str(at), "body": text.body}
    raw = orjson.dumps({**body, "isPublished": text.is_published}, option=orjson.OPT_SORT_KEYS)
    return at.to_bytes(16, "big"), raw


def reactor(documents: list[tuple[bytes, bytes]]) -> tuple[Any, Any]:
    """Reactor's own index, as a query function's transaction uses it."""
    index = TextIndex(("body",), (("isPublished",),), Analyzer())
    index.load(documents)
    published = encode_key(True)

    def find(query: str) -> list[int]:
        terms = tuple(index.analyzer.query(query))
        hits = TextQuery(index, terms, (0,), (published,)).hits(None)
        return [int.from_bytes(hit[2], "big") for hit in islice(hits, TAKE)]

    def write(at: int, text: Text) -> None:
        id, raw = _stored(at, text)
        index.apply(id, None, raw)

    return find, write


def fts5(texts: list[Text]) -> tuple[Any, Any]:
    """SQLite in memory, with prefix indexes; published or not is a second, indexed column."""
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute("CREATE VIRTUAL TABLE texts USING fts5(body, flag, prefix='3 4', detail=column)")
    insert = "INSERT INTO texts(rowid, body, flag) VALUES (?, ?, ?)"
    db.execute("BEGIN")
    db.executemany(insert, ((at, one.body, _flag(one)) for at, one in enumerate(texts)))
    db.execute("COMMIT")
    db.execute("INSERT INTO texts(texts, rank) VALUES ('rank', 'bm25(1.0, 0.0)')")

    def find(query: str) -> list[int]:
        first, second = query.split()
        match = f'body:("{first}" OR "{second}"*) AND flag:yes'
        rows = db.execute(
            "SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?", (match, TAKE)
        )
        return [row[0] for row in rows]

    def write(at: int, text: Text) -> None:
        db.execute(insert, (at, text.body, _flag(text)))

    return find, write


def _flag(text: Text) -> str:
    return "yes" if text.is_published else "no"


def tantivy(texts: list[Text]) -> tuple[Any, Any]:
    """Tantivy in memory; a prefix is a regular expression over its terms."""
    import tantivy as library  # a dependency of this bench only

    builder = library.SchemaBuilder()
    builder.add_text_field("body", tokenizer_name="default")
    builder.add_boolean_field("published", indexed=True)
    builder.add_unsigned_field("at", stored=True)
    schema = builder.build()
    index = library.Index(schema)
    writer = index.writer(WRITER_BYTES, 1)

    def add(at: int, text: Text) -> None:
        writer.add_document(library.Document(body=text.body, published=text.is_published, at=at))

    for at, text in enumerate(texts):
        add(at, text)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    query_of, must, should = library.Query, library.Occur.Must, library.Occur.Should
    published = query_of.term_query(schema, "published", True)

    def find(query: str) -> list[int]:
        first, second = query.split()
        words = query_of.boolean_query(
            [
                (should, query_of.term_query(schema, "body", first)),
                (should, query_of.term_query(schema, "body", second)),
                (should, query_of.regex_query(schema, "body", second + ".*")),
            ]
        )
        searcher = index.searcher()
        found = searcher.search(query_of.boolean_query([(must, words), (must, published)]), TAKE)
        return [searcher.doc(address)["at"][0] for _, address in found.hits]

    second_writer: list[Any] = []

    def write(at: int, text: Text) -> None:
        if not second_writer:
            second_writer.append(index.writer(WRITER_BYTES, 1))
        second_writer[0].add_document(
            library.Document(body=text.body, published=text.is_published, at=at)
        )
        second_writer[0].commit()
        index.reload()

    return find, write


def times(find: Callable[[str], list[int]], queries: list[str]) -> list[float]:
    """CPU milliseconds of each query, sorted."""
    found: list[float] = []
    for query in queries:
        start = time.process_time_ns()
        find(query)
        found.append((time.process_time_ns() - start) / 1e6)
    return sorted(found)


def report(name: str, engine: Engine, queries: list[str], more: list[Text], size: int) -> None:
    """One line of the table."""
    found = times(engine.find, queries)
    start = time.process_time()
    for at, text in enumerate(more):
        engine.write(size + at, text)
    write_us = (time.process_time() - start) / len(more) * 1e6
    p50, p90, p99 = (found[len(found) * share // 100] for share in (50, 90, 99))
    mean = sum(found) / len(found)
    print(
        f"{name:<10} {p50:>8.2f} {p90:>8.2f} {p99:>8.2f} {mean:>8.2f} {engine.build_s:>9.2f} "
        f"{engine.bytes / 2**20:>9.0f} {write_us:>11.0f}",
        flush=True,
    )


ENGINES = ("reactor", "fts5", "tantivy")


def run(name: str, size: int, count: int) -> None:
    """Measures one engine in this process."""
    corpus = Corpus(size)
    queries = corpus.queries(count)
    more = [corpus.text() for _ in range(WRITES)]
    documents = [_stored(at, text) for at, text in enumerate(corpus.texts)]
    engines: dict[str, Callable[[], tuple[Any, Any]]] = {
        "reactor": lambda: reactor(documents),
        "fts5": lambda: fts5(corpus.texts),
        "tantivy": lambda: tantivy(corpus.texts),
    }
    report(name, measured(engines[name]), queries, more, size)


def main() -> None:
    """Prints the table; each engine has a process of its own, so that memory is its own."""
    parser = argparse.ArgumentParser(description="Text search beside FTS5 and tantivy.")
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--engine", choices=ENGINES, help="this one only, in this process")
    options = parser.parse_args()
    if options.engine:
        run(options.engine, options.documents, options.queries)
        return
    print(f"{options.documents:,} documents, {options.queries} queries; CPU time")
    print(
        f"{'':<10} {'p50 ms':>8} {'p90 ms':>8} {'p99 ms':>8} {'mean ms':>8} {'build s':>9} "
        f"{'memory MB':>9} {'write µs':>11}",
        flush=True,
    )
    for name in ENGINES:
        size, count = str(options.documents), str(options.queries)
        command = [sys.executable, "-m", "bench.search", "--engine", name]
        subprocess.run([*command, "--documents", size, "--queries", count], check=True)


if __name__ == "__main__":
    main()
