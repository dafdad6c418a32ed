"""Documents that differ from the resident state: a transaction's own writes, or an older past."""

from __future__ import annotations

from bisect import bisect_left, insort
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from reactor.log.snapshot import ID_BYTES, IndexData, Keys, TableData, number_at
from reactor.search.query import Differing

if TYPE_CHECKING:
    from reactor.log.snapshot import WirePath
    from reactor.log.sums import Total
    from reactor.search.text import TextIndex


@dataclass(slots=True)
class Pending:
    """One document in the overlay.

    Args:
        text: the id as clients see it.
        base: its JSON in the resident state, None when it is not there.
        new: its JSON here, None when it is not there.
        parsed: `new`, parsed, when it is at hand.
        is_write: whether it is to be committed; False for a past version.
        keys: the keys of `new`, computed when they are first asked for.
    """

    text: str
    base: bytes | None
    new: bytes | None
    parsed: dict[str, Any] | None
    is_write: bool
    keys: Keys | None = None

    def keys_in(self, table: TableData, id: bytes) -> Keys:
        """The keys of `new` in every index of its table."""
        assert self.new is not None, "a deleted document has no keys"
        if self.keys is None or len(self.keys) != len(table.indexes):
            self.keys = table.keys(id, self.new, self.parsed)
        return self.keys


class _PendingIndex:
    """The overlay's entries in one index, in order, and the resident keys that they replace."""

    __slots__ = ("hidden", "keys", "values")

    def __init__(self) -> None:
        self.keys: list[bytes] = []
        self.values: dict[bytes, bytes] = {}
        self.hidden: list[bytes] = []


def _base_key(index: IndexData, id: bytes, base: bytes) -> bytes:
    return _key_of(index, index.table.keys(id, base))


def _key_of(index: IndexData, keys: Keys) -> bytes:
    return next(key for one, _, key in keys if one is index)


class Overlay:
    """The differing documents of one table, readable through every index.

    Args:
        table: whose documents they are.
    """

    __slots__ = ("_indexes", "_texts", "documents", "table")

    def __init__(self, table: TableData) -> None:
        self.table = table
        self.documents: dict[bytes, Pending] = {}
        self._indexes: dict[IndexData, _PendingIndex] = {}
        self._texts: dict[TextIndex, Differing] = {}

    def put(self, id: bytes, pending: Pending) -> None:
        """Sets what a document is here."""
        before = self.documents.get(id)
        self.documents[id] = pending
        for index, entries in self._indexes.items():
            if before is not None:
                self._take_out(index, entries, id, before)
            elif pending.base is not None:
                insort(entries.hidden, _base_key(index, id, pending.base))
            self._bring_in(index, entries, id, pending)
        for differing in self._texts.values():
            if before is None and pending.base is not None:
                differing.gone.apply(id, None, pending.base)
            differing.own.apply(id, before.new if before is not None else None, pending.new)

    def forget(self, id: bytes) -> None:
        """Makes a document that is here what it is in the resident state."""
        pending = self.documents.pop(id)
        for index, entries in self._indexes.items():
            self._take_out(index, entries, id, pending)
            if pending.base is not None:
                key = _base_key(index, id, pending.base)
                del entries.hidden[bisect_left(entries.hidden, key)]
        for differing in self._texts.values():
            differing.own.apply(id, pending.new, None)
            if pending.base is not None:
                differing.gone.apply(id, pending.base, None)

    def _bring_in(
        self, index: IndexData, entries: _PendingIndex, id: bytes, pending: Pending
    ) -> None:
        if pending.new is not None:
            key = _key_of(index, pending.keys_in(self.table, id))
            insort(entries.keys, key)
            entries.values[key] = pending.new

    def _take_out(
        self, index: IndexData, entries: _PendingIndex, id: bytes, pending: Pending
    ) -> None:
        if pending.new is not None:
            key = _key_of(index, pending.keys_in(self.table, id))
            del entries.keys[bisect_left(entries.keys, key)]
            del entries.values[key]

    def _entries(self, index: IndexData) -> _PendingIndex:
        entries = self._indexes.get(index)
        if entries is None:
            entries = self._indexes[index] = _PendingIndex()
            for id, pending in self.documents.items():
                if pending.base is not None:
                    entries.hidden.append(_base_key(index, id, pending.base))
                if pending.new is not None:
                    key = _key_of(index, pending.keys_in(self.table, id))
                    entries.keys.append(key)
                    entries.values[key] = pending.new
            entries.keys.sort()
            entries.hidden.sort()
        return entries

    def differing(self, index: TextIndex) -> Differing:
        """The overlay's documents as a text index has them, and the resident ones they replace."""
        found = self._texts.get(index)
        if found is None:
            found = self._texts[index] = Differing(index.empty(), index.empty(), self.documents)
            pending = self.documents.items()
            found.gone.load([(id, one.base) for id, one in pending if one.base is not None])
            found.own.load([(id, one.new) for id, one in pending if one.new is not None])
        return found

    def slice(
        self, index: IndexData, low: bytes, high: bytes, limit: int, *, reverse: bool
    ) -> tuple[list[bytes], list[bytes]]:
        """A range of the resident index with the overlay's documents in their places."""
        entries = self._entries(index)
        own = entries.keys[bisect_left(entries.keys, low) : bisect_left(entries.keys, high)]
        first, last = bisect_left(entries.hidden, low), bisect_left(entries.hidden, high)
        hidden = set(entries.hidden[first:last])
        keys, values = index.blocks.slice(low, high, limit + len(hidden), reverse=reverse)
        if not own and not hidden:
            return keys, values
        merged = {key: value for key, value in zip(keys, values, strict=True) if key not in hidden}
        for key in own:
            merged[key] = entries.values[key]
        order = sorted(merged, reverse=reverse)[:limit]
        return order, [merged[key] for key in order]

    def count(self, index: IndexData, low: bytes, high: bytes) -> int:
        """How many documents lie in a range of the index, the overlay's included."""
        entries = self._entries(index)
        return (
            index.blocks.count(low, high)
            - (bisect_left(entries.hidden, high) - bisect_left(entries.hidden, low))
            + (bisect_left(entries.keys, high) - bisect_left(entries.keys, low))
        )

    def total(self, index: IndexData, path: WirePath, low: bytes, high: bytes) -> Total:
        """The sum of a column over a range of the index, the overlay's documents included."""
        entries, sums = self._entries(index), index.sums[path]
        found = sums.total(low, high)
        first, last = bisect_left(entries.hidden, low), bisect_left(entries.hidden, high)
        found.add_all(map(sums.number, entries.hidden[first:last]), -1)
        own = entries.keys[bisect_left(entries.keys, low) : bisect_left(entries.keys, high)]
        found.add_all(number_at(orjson.loads(entries.values[key]), path) for key in own)
        return found


def id_of(key: bytes) -> bytes:
    """The document's id at the end of an index key."""
    return key[-ID_BYTES:]
