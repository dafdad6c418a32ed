"""Staged indexes: filled after the start, a few documents at a time, while the node serves.

    STAGED --begin--> FILLING --last step--> FILLED

From its first step on the index follows every write, so what a step has not reached yet may come
and go: a step takes in the version that is there when it comes by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from reactor import limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from reactor.log.snapshot import IndexData, Snapshot, TableData
    from reactor.log.terms import Follower, Terms


class Filling(Protocol):
    """One staged index on its way.

    Attributes:
        table: whose it is.
        name: the table and the index.
        done: documents that it has taken in.
        total: documents that there were when it began.
        batch: documents of one step, so that it is over soon.
    """

    table: TableData
    name: str
    done: int
    total: int
    batch: int

    @property
    def is_filled(self) -> bool:
        """Whether every document is in the index."""
        ...

    def step(self, limit: int) -> bool:
        """Takes in at most so many documents; whether there are more."""
        ...


class IndexFilling:
    """A staged index that is ordered.

    Args:
        index: declared with `stage_index`, empty.
    """

    def __init__(self, index: IndexData) -> None:
        self.index, self.table = index, index.table
        self.name, self.batch = str(index), limits.FILL_BATCH
        self.done = 0
        self.total = len(index.table.documents)
        self._waiting: Iterator[bytes] | None = None

    @property
    def is_filled(self) -> bool:
        """Whether every document is in the index."""
        return self._waiting is not None and not self.index.is_filling

    def step(self, limit: int) -> bool:
        """Takes in some documents; whether there are more.

        Args:
            limit: documents; a thousand take about two milliseconds.
        """
        index, table = self.index, self.index.table
        if self._waiting is None:
            self.total = len(table.documents)
            self._waiting = iter(list(table.documents))
            index.is_filling = True
            table.indexes[index.name] = index
        for _ in range(limit):
            id = next(self._waiting, None)
            if id is None:
                index.is_filling = False
                self.done = self.total
                return False
            self.done += 1
            raw = table.documents.get(id)
            if raw is not None:
                index.put(index.key(id, raw), raw)
        return True


class Growing:
    """A staged index that is not ordered; it follows its table (`reactor.log.terms.Follower`).

    A document that was there before it is followed once a step has taken it in.

    Args:
        follower: the index, empty.
    """

    def __init__(self, follower: Follower) -> None:
        self.follower = follower
        self.waiting: dict[bytes, None] = {}

    def empty(self) -> Growing:
        """The same index without documents, for contents that will replace the table's."""
        return Growing(self.follower.empty())

    def load(self, documents: Iterable[tuple[bytes, bytes]]) -> None:
        """Has the documents wait for their steps."""
        self.waiting = dict.fromkeys(id for id, _ in documents)

    def apply(self, id: bytes, old: bytes | None, new: bytes | None) -> Sequence[Terms]:
        """Takes a write in, unless its document still waits; nobody reads a staged index."""
        if id not in self.waiting:
            self.follower.apply(id, old, new)
        elif new is None:
            del self.waiting[id]
        return ()


class FollowerFilling:
    """A staged index that is not ordered.

    Args:
        table: whose it is, loaded.
        name: its name among the table's followers, where it is `Growing`.
    """

    def __init__(self, table: TableData, name: str) -> None:
        self.table, self._index = table, name
        self.name, self.batch = f"{table.name}.{name}", limits.FOLLOWER_FILL_BATCH
        self.total = len(self._growing.waiting)
        self.done = 0

    @property
    def is_filled(self) -> bool:
        """Whether every document is in the index."""
        return not self._growing.waiting

    @property
    def _growing(self) -> Growing:
        # Looked up each time: contents that replace the table's bring their own, filled.
        growing = self.table.followers[self._index]
        assert isinstance(growing, Growing), "declared as staged"
        return growing

    def step(self, limit: int) -> bool:
        """Takes in some documents; whether there are more.

        Args:
            limit: documents; one takes some 50 microseconds, and long ones end the step early
                (`FOLLOWER_FILL_BYTES`).
        """
        growing, documents = self._growing, self.table.documents
        room = limits.FOLLOWER_FILL_BYTES
        for _ in range(min(limit, len(growing.waiting))):
            id, _ = growing.waiting.popitem()
            raw = documents[id]
            growing.follower.apply(id, None, raw)
            room -= len(raw)
            if room <= 0:
                break
        self.done = self.total - len(growing.waiting)
        return bool(growing.waiting)


def fillings(snapshot: Snapshot) -> list[Filling]:
    """Every staged index of every table, none of them begun."""
    found: list[Filling] = []
    for table in snapshot.tables.values():
        found += [IndexFilling(index) for index in table.staged.values()]
        found += [
            FollowerFilling(table, name)
            for name, follower in table.followers.items()
            if isinstance(follower, Growing)
        ]
    return found
