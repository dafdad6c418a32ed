"""Staged indexes: filled after the start, a few documents at a time, while the node serves.

    STAGED --begin--> FILLING --last step--> FILLED

From its first step on the index follows every write, so what a step has not reached yet may come
and go: a step takes in the version that is there when it comes by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reactor.log.snapshot import IndexData, Snapshot


class Filling:
    """One staged index on its way.

    Args:
        index: declared with `stage_index`, empty.
    """

    def __init__(self, index: IndexData) -> None:
        self.index = index
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


def fillings(snapshot: Snapshot) -> list[Filling]:
    """Every staged index of every table, none of them begun."""
    return [Filling(index) for table in snapshot.tables.values() for index in table.staged.values()]
