"""A table's next contents, filled beside it and put in its place in one moment.

An import of a million documents cannot be one transaction's writes. Its rows go to a store of their
own on disk and into indexes of their own in memory, a few at a time, where nobody sees them; then
one commit points the table at them. A crash before that leaves the table as it was, and on disk a
store that no table points at, which is dropped when the node opens again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reactor.log.snapshot import prefix_end
from reactor.values.order import encode_key
from reactor.values.types import ABSENT

if TYPE_CHECKING:
    from reactor.log.blocks import Blocks
    from reactor.log.snapshot import IndexData, TableData

_MISSING = encode_key(ABSENT)


class NotUnique(Exception):
    """Two documents share an id, or a key of a unique index.

    Args:
        index: the index's name; "" for the id itself.
    """

    def __init__(self, index: str) -> None:
        super().__init__(index)
        self.index = index


class Replacement:
    """The next contents of one table.

    Args:
        table: whose contents they will be; its indexes are theirs.
        number: the table's number from then on, which its ids carry.
        store: where its rows lie in storage.
    """

    __slots__ = ("contents", "number", "table")

    def __init__(self, table: TableData, number: int, store: int) -> None:
        self.table, self.number = table, number
        self.contents = table.twin(number, store)

    def __len__(self) -> int:
        return len(self.contents.documents)

    def add(self, id: bytes, raw: bytes, document: dict[str, Any]) -> None:
        """Adds one document.

        Args:
            id: the 16-byte internal id.
            raw: its canonical JSON.
            document: the same, parsed.

        Raises:
            NotUnique: its id, or its key in a unique index, is there already.
        """
        contents = self.contents
        if id in contents.documents:
            raise NotUnique("")
        keys = contents.keys(id, raw, document)
        if contents.has_unique:
            for index, parts, _ in keys:
                if index.unique and _is_taken(index, parts):
                    raise NotUnique(index.name)
        contents.documents[id] = raw
        for index, _, key in keys:
            index.put(key, raw)
        for follower in contents.followers.values():
            follower.apply(id, None, raw)


def _is_taken(index: IndexData, parts: list[bytes]) -> bool:
    if _MISSING in parts:
        return False
    prefix = b"".join(parts[:-1])
    return index.blocks.count(prefix, prefix_end(prefix)) > 0


@dataclass(slots=True)
class Swap:
    """One table's change when new contents take their places.

    Args:
        table: the table.
        number: its number from then on.
        contents: what it holds from then on; None leaves its documents as they are.
    """

    table: TableData
    number: int
    contents: TableData | None


class Retired:
    """Documents and indexes that nothing refers to any more, to be let go of a little at a time.

    A million documents let go at once would hold the loop for their count.
    """

    def __init__(self) -> None:
        self._documents: list[dict[bytes, bytes]] = []
        self._blocks: list[Blocks] = []

    def take(self, table: TableData) -> None:
        """Takes over what a table held; its own objects get new contents, or go."""
        self._documents.append(table.documents)
        self._blocks += [index.blocks for index in table.indexes.values()]

    def release(self, count: int) -> bool:
        """Lets go of about so many entries; whether anything is left."""
        while count > 0 and self._documents:
            documents = self._documents[-1]
            for _ in range(min(count, len(documents))):
                documents.popitem()
                count -= 1
            if not documents:
                self._documents.pop()
        while count > 0 and self._blocks:
            gone = self._blocks[-1].shrink()
            if not gone:
                self._blocks.pop()
            count -= gone
        return bool(self._documents or self._blocks)


def swap_in(swap: Swap, retired: Retired) -> None:
    """Gives a table its number and its contents; its object, which readers know, stays."""
    swap.table.number = swap.number
    if swap.contents is not None:
        retired.take(swap.table)
        swap.table.adopt(swap.contents)
