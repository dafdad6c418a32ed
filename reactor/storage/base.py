"""What the engine asks of a store: load everything once, then append batches durably, in order.

The engine keeps every document resident as canonical JSON and answers reads itself, so a store has
no reads, no transactions and no conflicts: it holds rows, and says when a batch can no longer be
lost. Order: one batch is in flight at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

DocumentRow = tuple[int, str, int, bytes | None]
"""Store, id text, commit timestamp (ns), canonical JSON body; None as body: deleted."""

TableRow = tuple[int, str, int]
"""Table number, name, and the store that its documents lie in.

A store is a number under which documents lie together. A table's is its own number until all of
its contents are replaced at once: the new ones are written into another store, where nobody sees
them, and one row then points the table at it.
"""

Done = Callable[[BaseException | None], None]
"""Called once on the event loop: None when the batch is durable, else why it never will be."""


FIRST_STORE = 2**32
"""Stores from here on are no table's number, so that a table can be pointed at another."""

RETIRED = "retired:"
"""Before a table number: the setting that says that its store, once in use, was replaced. Documents
in a store that was never retired and has no table are no leftovers but a contradiction."""

DROP_ROWS = 2_000
"""Documents of a dropped store removed by one batch. More holds up the commits behind it; fewer
makes more batches."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Commits that become durable together, or not at all.

    The lists belong to the store until `done` is called; do not change them meanwhile. A batch
    without transactions carries only `tables` and `meta`, and leaves the last timestamp alone.
    """

    ts: int
    """The newest commit timestamp in it, in nanoseconds; newer than every earlier batch's."""
    transactions: int
    """How many commits it groups."""
    rows: list[DocumentRow]
    """What they wrote, in commit order; a later row of one id replaces an earlier one."""
    tables: list[TableRow]
    """Tables that are new, or have another number or store; a later row of one name or number
    replaces an earlier one."""
    meta: list[tuple[str, str]]
    """Settings to write, new or changed: key, value."""
    digest: str
    """The read sets' digest, for audits; may be empty."""
    drops: tuple[int, ...] = ()
    """Stores that no table points at any more: each loses up to `DROP_ROWS` of its documents."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What a store held when it was opened, beside its documents."""

    last_ts: int
    """The newest durable commit timestamp, in nanoseconds; 0 before the first commit."""
    tables: dict[str, int]
    """Each table's number by its name."""
    meta: dict[str, str]
    """The settings."""
    is_new: bool
    """Whether there was nothing before."""
    stores: dict[str, int]
    """Where each table's documents lie, by its name."""
    orphans: dict[int, int]
    """Stores that no table points at, which a crash left behind: how many documents in each."""


class Storage(Protocol):
    """A durable store, owned by one engine. Calls: `open`, `load`, any number of `append`, `close`.

    A store fails once and for good: after one failed append every later one fails, because what
    the engine holds in memory is ahead of the disk from then on.
    """

    async def open(self) -> Opened:
        """Takes the store for itself and brings its physical form up to date.

        Raises:
            ProjectError: the place cannot be used; the message says why and what to do.
            StorageFailed: what it holds contradicts itself.
        """
        ...

    def load(self) -> Iterator[tuple[int, str, bytes]]:
        """Every current document: store, id text, body; ordered by store, then id.

        Raises:
            ProjectError: the store turns out to be unreadable part of the way through.
        """
        ...

    def append(self, batch: Batch, done: Done) -> None:
        """Starts writing a batch and returns at once; `done` is never called from inside.

        Args:
            batch: the next batch; the one before it must be done.
            done: gets None once a crash can no longer take the batch back, or a StorageFailed.
        """
        ...

    async def close(self) -> None:
        """Waits for the batch in flight, then lets the store go; a second call does nothing."""
        ...
