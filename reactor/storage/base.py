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
"""Table number, id text, commit timestamp (ns), canonical JSON body; None as body: deleted."""

Done = Callable[[BaseException | None], None]
"""Called once on the event loop: None when the batch is durable, else why it never will be."""


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
    tables: list[tuple[int, str]]
    """Newly created tables: number, name."""
    meta: list[tuple[str, str]]
    """Settings to write, new or changed: key, value."""
    digest: str
    """The read sets' digest, for audits; may be empty."""


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
        """Every current document: table number, id text, body; ordered by table, then id.

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
