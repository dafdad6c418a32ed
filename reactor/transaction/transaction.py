"""A transaction: reads at one timestamp, its own writes on top, everything it read recorded.

A handler that does not suspend sees one state by construction. When one does suspend, other commits
may land; before its next read the transaction checks that nothing it has read so far was changed,
and moves its timestamp forward, or asks to be run again (`MustRestart`). What it read is therefore
always true at one timestamp, `begin_ts`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

from reactor.errors import DatabaseError, NotRetained, UniqueViolation
from reactor.log.commit import Invalidation, Log, ReadsChanged
from reactor.log.reads import Range, ReadSet
from reactor.log.snapshot import IndexData, TableData, Write, after_key, prefix_end
from reactor.transaction.overlay import Overlay, Pending, id_of
from reactor.transaction.usage import Usage
from reactor.values.order import encode_key
from reactor.values.types import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reactor.log.snapshot import WirePath
    from reactor.search.query import TextQuery
    from reactor.search.ranking import Hit

SCAN_CHUNK: Final = 128
"""Rows fetched at a time while a filter decides: larger reads rows for nobody, smaller loops."""


_MISSING: Final = encode_key(ABSENT)


class MustRestart(BaseException):
    """What this transaction read has changed; its function must run again from the start.

    Not an Exception, so that a handler's `except Exception` cannot swallow it.
    """

    def __init__(self, cause: ReadsChanged) -> None:
        super().__init__(str(cause))
        self.cause = cause


class Transaction:
    """One function run's view of the database.

    Args:
        log: the log that it reads from and commits to.
        now_ms: the frozen clock of the run, ms since the epoch.
        at_ts: read the state at this recent timestamp instead of the newest.

    Raises:
        NotRetained: the log no longer remembers `at_ts`.
    """

    __slots__ = (
        "_creation_ms", "_is_closed", "_past_ts", "_undo", "begin_ts", "journal", "log",
        "now_ms", "overlays", "page_end", "reads", "usage",
    )  # fmt: skip

    def __init__(self, log: Log, now_ms: float, at_ts: int | None = None) -> None:
        self.log = log
        self.now_ms = now_ms
        self.begin_ts = log.last_ts
        self.reads = ReadSet.empty()
        self.overlays: dict[TableData, Overlay] = {}
        self.usage = Usage()
        self.journal: str | None = None
        self.page_end: str | None = None
        self._creation_ms = now_ms
        self._is_closed = False
        self._undo: list[tuple[Overlay, bytes, Pending | None]] = []
        self._past_ts = at_ts if at_ts is not None and at_ts <= log.last_ts else None
        if self._past_ts is not None:
            self._go_back(self._past_ts)

    def _go_back(self, ts: int) -> None:
        if not self.log.window.covers(ts):
            raise NotRetained(f"timestamp {ts} is older than the log keeps")
        self.overlays = {}
        for table, before in self.log.window.undo(ts).items():
            overlay = self.overlays[table] = Overlay(table)
            for id, raw in before.items():
                now = table.documents.get(id)
                if now != raw:
                    overlay.put(id, Pending("", now, raw, None, is_write=False))

    def close(self) -> None:
        """Ends the transaction; a handler's left-over task that still uses it gets an error."""
        self._is_closed = True

    def settle(self) -> None:
        """Makes sure that the state read next is the state read so far.

        Raises:
            DatabaseError: the function has ended.
            MustRestart: what it read has changed.
        """
        if self._is_closed:
            raise DatabaseError(
                "the function that this database belongs to has ended; await everything it starts"
            )
        if self.begin_ts == self.log.last_ts:
            return
        if self._past_ts is not None:
            self._go_back(self._past_ts)
        else:
            try:
                self.log.check(self.reads, self.begin_ts)
            except ReadsChanged as changed:
                raise MustRestart(changed) from None
        self.begin_ts = self.log.last_ts

    def get(self, table: TableData, id: bytes) -> bytes | None:
        """One document's JSON by its internal id; None when it is not there."""
        self.settle()
        self.usage.query()
        self.reads.points[table, id] = None
        raw = self.peek(table, id)
        if raw is not None:
            self.usage.read([raw])
        return raw

    def peek(self, table: TableData, id: bytes) -> bytes | None:
        """`get` without recording the read."""
        overlay = self.overlays.get(table)
        if overlay is not None:
            pending = overlay.documents.get(id)
            if pending is not None:
                return pending.new
        return table.documents.get(id)

    def slice(
        self, index: IndexData, low: bytes, high: bytes, limit: int, *, reverse: bool
    ) -> tuple[list[bytes], list[bytes]]:
        """Keys and documents of an index range; the caller records what it consumed."""
        self.settle()
        overlay = self.overlays.get(index.table)
        if overlay is None:
            return index.blocks.slice(low, high, limit, reverse=reverse)
        return overlay.slice(index, low, high, limit, reverse=reverse)

    def count(self, index: IndexData, low: bytes, high: bytes) -> int:
        """How many documents an index range holds."""
        self.settle()
        overlay = self.overlays.get(index.table)
        if overlay is None:
            return index.blocks.count(low, high)
        return overlay.count(index, low, high)

    def sum(self, index: IndexData, path: WirePath, low: bytes, high: bytes) -> float:
        """The sum of a column that the index sums, over a range of it."""
        self.settle()
        overlay = self.overlays.get(index.table)
        if overlay is None:
            return index.sums[path].total(low, high).rounded()
        return overlay.total(index, path, low, high).rounded()

    def nth(
        self, index: IndexData, low: bytes, high: bytes, offset: int, *, reverse: bool
    ) -> tuple[bytes, bytes] | None:
        """Key and document `offset` places into an index range; None past its end."""
        self.settle()
        overlay = self.overlays.get(index.table)
        if overlay is not None:
            keys, found = overlay.slice(index, low, high, offset + 1, reverse=reverse)
            return (keys[offset], found[offset]) if offset < len(found) else None
        key = index.blocks.nth(low, high, offset, reverse=reverse)
        if key is None:
            return None
        return key, index.blocks.slice(key, after_key(key), 1, reverse=False)[1][0]

    def hits(self, table: TableData, query: TextQuery) -> Iterator[Hit]:
        """What a text search finds, best first, recorded as read; take the hits before writing."""
        self.settle()
        self.reads.terms.update(dict.fromkeys(query.reads()))
        overlay = self.overlays.get(table)
        return query.hits(None if overlay is None else overlay.differing(query.index))

    def record(self, index: IndexData, depth: int, prefix: bytes, low: bytes, high: bytes) -> None:
        """Adds an interval that was consumed to the read set."""
        self.reads.ranges.append(Range(index, depth, prefix, low, high))

    def next_creation_time(self) -> float:
        """Begin time for the first insert, the next double for each further one."""
        current = self._creation_ms
        self._creation_ms = math.nextafter(current, math.inf)
        return current

    def write(
        self,
        table: TableData,
        id: bytes,
        text: str,
        new: bytes | None,
        parsed: dict[str, Any] | None,
    ) -> None:
        """Sets a document's JSON, or deletes it; unique indexes are checked.

        Raises:
            DatabaseError: the key of a unique index is taken.
            LimitError: too many writes, or too many bytes.
        """
        self.settle()
        overlay = self.overlays.get(table)
        if overlay is None:
            overlay = self.overlays[table] = Overlay(table)
        before = overlay.documents.get(id)
        self.usage.write(len(new) if new is not None else 0)
        base = before.base if before is not None else table.documents.get(id)
        pending = Pending(text, base, new, parsed, is_write=True)
        if new is not None and table.has_unique:
            self._check_unique(table, id, pending)
        overlay.put(id, pending)
        self._undo.append((overlay, id, before))

    def _check_unique(self, table: TableData, id: bytes, pending: Pending) -> None:
        for index, parts, _ in pending.keys_in(table, id):
            if not index.unique or _MISSING in parts:
                continue
            depth = len(parts) - 1
            prefix = b"".join(parts[:depth])
            low, high = whole(prefix)
            self.record(index, depth, prefix, low, high)
            keys, _ = self.slice(index, low, high, 2, reverse=False)
            if any(id_of(key) != id for key in keys):
                raise UniqueViolation(
                    f"a document of table {table.name!r} already has this key in the unique index "
                    f"{index.name!r}; read it first, and patch it instead of adding another"
                )

    def savepoint(self) -> int:
        """How many writes there were, to be given to `restore` when a nested call fails."""
        return len(self._undo)

    def restore(self, saved: int) -> None:
        """Takes back every write since the savepoint; what was read stays read."""
        while len(self._undo) > saved:
            overlay, id, before = self._undo.pop()
            if before is None:
                overlay.forget(id)
            else:
                overlay.put(id, before)

    def writes(self) -> list[Write]:
        """What is to be committed, in the order of first writing; no-ops are left out."""
        out: list[Write] = []
        for table, overlay in self.overlays.items():
            for id, pending in overlay.documents.items():
                if pending.is_write and pending.new != pending.base:
                    out.append(
                        Write(
                            table,
                            id,
                            pending.text,
                            pending.base,
                            pending.new,
                            pending.parsed,
                            pending.keys,
                        )
                    )
        return out

    def commit(
        self, source: str, extra: list[Write] | None = None, ts: int | None = None
    ) -> Invalidation | None:
        """Commits the writes; None when there is nothing to write.

        Args:
            source: the function that ran.
            extra: writes of the engine's own, such as the deduplication record.
            ts: the log's next timestamp, when `extra` had to know it.

        Raises:
            ReadsChanged: another commit changed what was read.
        """
        writes = self.writes()
        if extra:
            writes.extend(extra)
        if not writes:
            self.log.check(self.reads, self.begin_ts)
            return None
        return self.log.commit(writes, self.reads, self.begin_ts, source, ts)


def consumed(
    low: bytes, high: bytes, keys: list[bytes], *, exhausted: bool, reverse: bool
) -> tuple[bytes, bytes]:
    """The part of a range that a read consumed: all of it, or up to the last key looked at."""
    if exhausted or not keys:
        return low, high
    return (keys[-1], high) if reverse else (low, after_key(keys[-1]))


def whole(prefix: bytes) -> tuple[bytes, bytes]:
    """The range of every key below a prefix."""
    return prefix, prefix_end(prefix)
