"""The one writer: finished transactions become a totally ordered log.

A commit is validated, given its timestamp and applied in memory at once, so that later transactions
build on it; its rows join the open batch, and nothing about it may leave the node before storage
says that batch is durable (`durable_ts`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reactor.log.snapshot import Snapshot, TableData, Touch, Write
from reactor.log.subscriptions import Subscriptions, Token
from reactor.log.window import Commit, Window
from reactor.storage.base import Batch, DocumentRow

if TYPE_CHECKING:
    from reactor.log.reads import ReadSet
    from reactor.runtime.clock import Clock
    from reactor.schema.places import TableNumbers


class ReadsChanged(Exception):
    """What a transaction read was changed by a later commit; it must run again.

    Args:
        table: the table whose document changed.
        source: the function that changed it.
    """

    def __init__(self, table: str, source: str) -> None:
        super().__init__(f'documents of table "{table}" were changed by {source}')
        self.table = table
        self.source = source


@dataclass(frozen=True, slots=True)
class Invalidation:
    """A commit: who must re-run because of it, and what it wrote."""

    ts: int
    tokens: dict[Token, None]
    touches: list[Touch]


@dataclass(slots=True)
class _OpenBatch:
    """Commits that wait for the disk."""

    transactions: int = 0
    rows: list[DocumentRow] = field(default_factory=list[DocumentRow])
    tables: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    meta: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    @property
    def is_empty(self) -> bool:
        return not (self.transactions or self.tables or self.meta)


class Log:
    """The order of all writes.

    Invariant: `durable_ts <= last_ts`, and both only grow.

    Args:
        clock: where timestamps come from, as long as it does not go back.
        last_ts: the newest timestamp in storage.
        numbers: shared with the schemas; grows as tables appear.
    """

    def __init__(self, clock: Clock, last_ts: int, numbers: TableNumbers) -> None:
        self.clock = clock
        self.last_ts = last_ts
        self.durable_ts = last_ts
        self.numbers = numbers
        self.snapshot = Snapshot()
        self.subscriptions = Subscriptions()
        self.window = Window(last_ts)
        self._batch = _OpenBatch()

    def number_of(self, table: TableData) -> int:
        """The table's number; a new table gets the next free one.

        Raises:
            LimitError: there are as many tables as there may be.
        """
        if table.number:
            return table.number
        known = self.numbers.get(table.name)
        if known is None:
            known = self.numbers.allocate(table.name)
            self._batch.tables.append((known, table.name))
        table.number = known
        return known

    def check(self, reads: ReadSet, begin_ts: int) -> None:
        """Whether what was read at `begin_ts` is still what one would read now.

        Raises:
            ReadsChanged: it is not, or the log no longer knows.
        """
        if begin_ts == self.last_ts:
            return
        if not self.window.covers(begin_ts):
            raise ReadsChanged("?", "a commit that the log no longer remembers")
        for commit in self.window.since(begin_ts):
            if reads.is_touched_by(commit.touches):
                touch = next(one for one in commit.touches if reads.is_touched_by((one,)))
                raise ReadsChanged(touch.table.name, commit.source)

    def commit(
        self,
        writes: list[Write],
        reads: ReadSet,
        begin_ts: int,
        source: str,
        ts: int | None = None,
    ) -> Invalidation:
        """Makes a transaction's writes the newest state.

        Args:
            writes: at most one per document.
            reads: everything the transaction read.
            begin_ts: the timestamp at which all of it was true.
            source: the function that ran.
            ts: from `next_ts`, when a write had to know it.

        Raises:
            ReadsChanged: another commit changed what was read.
        """
        self.check(reads, begin_ts)
        ts = self.next_ts() if ts is None else ts
        assert ts > self.last_ts, "timestamps only grow"
        tokens: dict[Token, None] = {}
        touches: list[Touch] = []
        rows = self._batch.rows
        for write in writes:
            touch = self.snapshot.apply(write)
            touches.append(touch)
            self.subscriptions.affected(touch, tokens)
            rows.append((write.table.number, write.text, ts, write.new))
        self.last_ts = ts
        self._batch.transactions += 1
        self.window.append(Commit(ts, source, touches))
        return Invalidation(ts, tokens, touches)

    def next_ts(self) -> int:
        """The timestamp that the next commit gets: the clock's, but never an old one."""
        return max(self.last_ts + 1, self.clock.now_ns())

    def remember(self, key: str, value: str) -> None:
        """Adds a setting to the open batch."""
        self._batch.meta.append((key, value))

    @property
    def has_batch(self) -> bool:
        """Whether something waits to be taken to storage."""
        return not self._batch.is_empty

    def take_batch(self) -> Batch:
        """Closes the open batch and hands it over; the next commit opens another."""
        taken, self._batch = self._batch, _OpenBatch()
        return Batch(
            ts=self.last_ts,
            transactions=taken.transactions,
            rows=taken.rows,
            tables=taken.tables,
            meta=taken.meta,
            digest="",
        )
