"""A store in memory, for tests and simulations: durable as long as the object lives."""

from __future__ import annotations

import asyncio
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from reactor.errors import StorageFailed
from reactor.storage.base import DROP_ROWS, Batch, Done, Opened

if TYPE_CHECKING:
    from collections.abc import Iterator


class MemoryStorage:
    """Keeps batches in dictionaries and reports them durable on the loop's next turn.

    Tests decide what the disk does: `hold` keeps batches in flight until `release`, `fail_next`
    makes one fail, `kill` takes the power away. Opening it again is a restart: what was durable is
    there, what was still in flight is lost, as if the process had been killed.
    """

    def __init__(self) -> None:
        self._documents: dict[tuple[int, str], bytes] = {}
        self._tables: dict[str, tuple[int, int]] = {}
        self._meta: dict[str, str] = {}
        self._last_ts = 0
        self._was_opened = False
        self._is_open = False
        self.is_held = False
        self._next_error: BaseException | None = None
        self._failure: BaseException | None = None
        self._in_flight: tuple[Batch, Done] | None = None
        self._landing: asyncio.Handle | None = None
        self._idle = asyncio.Event()

    def fail_next(self, error: BaseException) -> None:
        """Makes the next batch that would land fail with this error, and every later append too."""
        self._next_error = error

    def spare_next(self) -> None:
        """Takes `fail_next` back, unless it has struck."""
        self._next_error = None

    def hold(self) -> None:
        """Keeps batches in flight until `release`."""
        self.is_held = True
        if self._landing is not None:
            self._landing.cancel()
            self._landing = None

    def release(self) -> None:
        """Lets the batch in flight land on the loop's next turn, and later ones as they come."""
        self.is_held = False
        if self._in_flight is not None and self._landing is None:
            self._landing = asyncio.get_running_loop().call_soon(self._land)

    def kill(self) -> None:
        """Loses the batch in flight and refuses every later one, until it is opened again."""
        self._next_error = self._failure = StorageFailed("The node was killed.")
        self.is_held = False
        if self._landing is not None:
            self._landing.cancel()
        if self._in_flight is not None:
            self._land()

    async def open(self) -> Opened:
        """What has landed; a batch still in flight is dropped and its `done` never called."""
        if self._landing is not None:
            self._landing.cancel()
        self._landing = self._in_flight = self._failure = self._next_error = None
        self._idle.set()
        is_new, self._was_opened, self._is_open = not self._was_opened, True, True
        stores = {name: store for name, (_, store) in self._tables.items()}
        rows = Counter(store for store, _ in self._documents)
        return Opened(
            last_ts=self._last_ts,
            tables={name: number for name, (number, _) in self._tables.items()},
            meta=dict(self._meta),
            is_new=is_new,
            stores=stores,
            orphans={store: rows[store] for store in rows.keys() - stores.values()},
        )

    def load(self) -> Iterator[tuple[int, str, bytes]]:
        """Every current document: store, id text, body; ordered by store, then id."""
        stores = {store for _, store in self._tables.values()}
        for (store, key), body in sorted(self._documents.items()):
            if store in stores:
                yield store, key, body

    def append(self, batch: Batch, done: Done) -> None:
        """Takes a batch; it lands on the loop's next turn unless the store is held."""
        assert self._in_flight is None, "one batch is in flight at a time"
        loop = asyncio.get_running_loop()
        failure = self._failure
        if failure is None and not self._is_open:
            failure = StorageFailed("The store is not open.")
        if failure is not None:
            loop.call_soon(done, failure)
            return
        self._in_flight = (batch, done)
        self._idle.clear()
        if not self.is_held:
            self._landing = loop.call_soon(self._land)

    async def close(self) -> None:
        """Waits for the batch in flight; a held store must be released for that."""
        if self._is_open:
            await self._idle.wait()
            self._is_open = False

    def _land(self) -> None:
        assert self._in_flight is not None
        batch, done = self._in_flight
        self._in_flight = self._landing = None
        self._idle.set()
        self._failure, self._next_error = self._next_error, None
        if self._failure is None:
            self._apply(batch)
        done(self._failure)

    def _apply(self, batch: Batch) -> None:
        for store, key, _, body in batch.rows:
            if body is None:
                self._documents.pop((store, key), None)
            else:
                self._documents[store, key] = body
        for number, name, store in batch.tables:
            taken = [one for one, (known, _) in self._tables.items() if known == number]
            for one in taken:
                del self._tables[one]
            self._tables[name] = (number, store)
        for store in batch.drops:
            doomed = islice((place for place in self._documents if place[0] == store), DROP_ROWS)
            for place in list(doomed):
                del self._documents[place]
        self._meta.update(batch.meta)
        if batch.transactions:
            assert batch.ts > self._last_ts, "timestamps never go back"
            self._last_ts = batch.ts
