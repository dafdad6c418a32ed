"""The one writer: finished transactions become a totally ordered log.

A commit is validated, given its timestamp and applied in memory at once, so that later transactions
build on it; its rows join the open batch, and nothing about it may leave the node before storage
says that batch is durable (`durable_ts`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reactor.log.replacing import Retired, Swap, swap_in
from reactor.log.snapshot import FILLING, Snapshot, TableData, Touch, Write
from reactor.log.subscriptions import Subscriptions, Token
from reactor.log.window import Commit, Window
from reactor.storage.base import (
    DROP_ROWS,
    FIRST_STORE,
    RETIRED,
    Batch,
    DocumentRow,
    TableRow,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    tables: list[TableRow] = field(default_factory=list[TableRow])
    meta: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    drops: list[int] = field(default_factory=list[int])

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

    `orphans` are the stores that no table points at, with the number of documents in each: what an
    import is still writing, what one left behind, and what was replaced.
    """

    def __init__(self, clock: Clock, last_ts: int, numbers: TableNumbers) -> None:
        self.clock = clock
        self.last_ts = last_ts
        self.durable_ts = last_ts
        self.numbers = numbers
        self.snapshot = Snapshot()
        self.subscriptions = Subscriptions()
        self.window = Window(last_ts)
        self.retired = Retired()
        self.orphans: dict[int, int] = {}
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
            table.store = self._store_for(known)
            self._batch.tables.append((known, table.name, table.store))
        table.number, table.store = known, table.store or known
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
        swaps: Sequence[Swap] = (),
    ) -> Invalidation:
        """Makes a transaction's writes the newest state.

        Args:
            writes: at most one per document.
            reads: everything the transaction read.
            begin_ts: the timestamp at which all of it was true.
            source: the function that ran.
            ts: from `next_ts`, when a write had to know it.
            swaps: tables whose contents or numbers change as a whole; `writes` touch none of them.

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
            rows.append((write.table.store, write.text, ts, write.new))
        self.last_ts = ts
        self._batch.transactions += 1
        self.window.append(Commit(ts, source, touches))
        if swaps:
            self._swap(swaps, tokens)
        return Invalidation(ts, tokens, touches)

    def _swap(self, swaps: Sequence[Swap], tokens: dict[Token, None]) -> None:
        # Order: readers are found by the indexes that they read, which the swap exchanges.
        self.subscriptions.readers_of({swap.table for swap in swaps}, tokens)
        self.numbers.move({swap.table.name: swap.number for swap in swaps})
        for swap in swaps:
            table = swap.table
            if swap.contents is not None and table.store:
                self._orphan(table.store, len(table.documents))
            swap_in(swap, self.retired)
            table.store = table.store or self._store_for(table.number)
            self.orphans.pop(table.store, None)
            self._batch.tables.append((table.number, table.name, table.store))
        # No older state can be told from here on, so whoever is under way starts again.
        self.window.cut(self.last_ts)

    def _orphan(self, store: int, rows: int) -> None:
        self.orphans[store] = rows
        if store < FIRST_STORE:
            self.remember(f"{RETIRED}{store}", str(self.last_ts))

    def _store_for(self, number: int) -> int:
        """The number itself, unless documents of another table's past or present lie there."""
        stores = {table.store for table in self.snapshot.tables.values()}
        if number not in self.orphans and number not in stores:
            return number
        store = self.next_store()
        del self.orphans[store]
        return store

    def next_store(self) -> int:
        """A store that nothing lies in yet; until something points at it, it is an orphan."""
        used = (*self.orphans, *(table.store for table in self.snapshot.tables.values()))
        store = max((FIRST_STORE - 1, *used)) + 1
        self.orphans[store] = 0
        return store

    def stage(self, store: int, documents: Sequence[tuple[str, bytes]], source: str) -> int:
        """Commits rows to a store that no table points at: they become durable, and change nothing.

        Args:
            store: where they go.
            documents: id text and canonical JSON of each.
            source: on whose behalf.

        Returns:
            The timestamp that is durable once they are.
        """
        ts = self._empty_commit(source)
        self._batch.rows.extend((store, id, ts, raw) for id, raw in documents)
        self.orphans[store] += len(documents)
        return ts

    def drop(self, store: int, source: str) -> int:
        """Removes the next `DROP_ROWS` documents of a store that no table points at.

        Returns:
            The timestamp that is durable once they are gone.
        """
        self._batch.drops.append(store)
        self.orphans[store] -= DROP_ROWS
        if self.orphans[store] <= 0:
            del self.orphans[store]
        return self._empty_commit(source)

    def _empty_commit(self, source: str) -> int:
        ts = self.last_ts = self.next_ts()
        self._batch.transactions += 1
        self.window.append(Commit(ts, source, []))
        return ts

    def filled(self, table: TableData) -> Invalidation:
        """A staged index of a table is filled: who asked how far it is must ask again."""
        tokens: dict[Token, None] = {}
        self.subscriptions.affected(Touch(table, FILLING, None, None, []), tokens)
        return Invalidation(self._empty_commit("filling"), tokens, [])

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
            drops=tuple(taken.drops),
        )
