"""What the log tests share: a table with indexes, documents in one line, a log on a still clock."""

from __future__ import annotations

from typing import Any

import orjson

from reactor.log.commit import Invalidation, Log
from reactor.log.reads import Range, ReadSet
from reactor.log.snapshot import IndexData, TableData, Touch, Write, prefix_end
from reactor.runtime.clock import VirtualClock
from reactor.schema.places import TableNumbers
from reactor.values.json import to_json
from reactor.values.order import encode_key

START = 1_767_225_600_000_000_000
"""The virtual clock's first nanosecond."""


def id_(number: int) -> bytes:
    return number.to_bytes(16, "big")


def raw(number: int, **fields: Any) -> bytes:
    """A stored document; its creation time is its number."""
    body = {"_id": f"doc{number}", "_creationTime": float(number), **to_json(fields)}
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def news_table() -> TableData:
    table = TableData("news", 10_001)
    table.add_index("by_topic", (("topic",),), unique=False)
    table.add_index("by_topic_and_n", (("topic",), ("n",)), unique=False)
    return table


class World:
    """A log with one table."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.log = Log(self.clock, 0, TableNumbers({"news": 10_001}))
        self.table = news_table()
        self.log.snapshot.tables["news"] = self.table

    def write(self, number: int, new: bytes | None) -> Write:
        old = self.table.documents.get(id_(number))
        return Write(self.table, id_(number), f"doc{number}", old, new)

    def commit(
        self, *writes: Write, reads: ReadSet | None = None, begin_ts: int | None = None
    ) -> Invalidation:
        begin_ts = self.log.last_ts if begin_ts is None else begin_ts
        return self.log.commit(list(writes), reads or ReadSet.empty(), begin_ts, "news:write")

    def put(self, number: int, **fields: Any) -> Invalidation:
        return self.commit(self.write(number, raw(number, **fields)))

    def delete(self, number: int) -> Invalidation:
        return self.commit(self.write(number, None))

    def apply(self, number: int, new: bytes | None) -> Touch:
        return self.log.snapshot.apply(self.write(number, new))


def point(table: TableData, number: int) -> ReadSet:
    return ReadSet({(table, id_(number)): None}, [])


def whole(index: IndexData, *values: Any) -> Range:
    """The range of every key below an equality prefix."""
    prefix = b"".join(map(encode_key, values))
    return Range(index, len(values), prefix, prefix, prefix_end(prefix))


def part(index: IndexData, *values: Any, low: Any, high: Any) -> Range:
    """`low <= column < high` below an equality prefix."""
    prefix = b"".join(map(encode_key, values))
    return Range(index, len(values), prefix, prefix + encode_key(low), prefix + encode_key(high))


def reading(*ranges: Range) -> ReadSet:
    return ReadSet({}, list(ranges))
