"""An ordered list of byte keys with a value beside each, in blocks.

A range read is two bisects and a slice; an insert moves at most one block. Values stand beside
their keys, so that a range of documents needs no look-up per row.

Source: limits.md section 3 (plain lists, sorted containers, B-trees and LMDB measured beside it).
"""

from __future__ import annotations

from bisect import bisect_left
from itertools import chain
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK_MAX: Final = 512
"""Entries in a block before it is split. Larger: inserts move more; smaller: more to bisect."""


class Blocks:
    """Sorted unique byte keys, each with one value."""

    __slots__ = ("_keys", "_lasts", "_shared", "_values")

    def __init__(self) -> None:
        self._keys: list[list[bytes]] = []
        self._values: list[list[bytes]] = []
        self._lasts: list[bytes] = []
        self._shared: set[int] = set()

    def __len__(self) -> int:
        return sum(map(len, self._keys))

    def extend_sorted(self, keys: list[bytes], values: list[bytes]) -> None:
        """Fills an empty list from keys in order and the value of each."""
        half = BLOCK_MAX // 2
        for start in range(0, len(keys), half):
            piece = keys[start : start + half]
            self._keys.append(piece)
            self._values.append(values[start : start + half])
            self._lasts.append(piece[-1])

    def __iter__(self) -> Iterator[bytes]:
        return chain.from_iterable(self._keys)

    def freeze(self) -> list[list[bytes]]:
        """The values in order as they are now, block by block; later writes leave them alone.

        It costs the number of blocks: one that is shared is copied when it is next written to.
        """
        self._shared.update(map(id, self._values))
        return self._values.copy()

    def _own(self, block: int) -> None:
        """Makes sure that nobody else holds a block's values, which are about to change."""
        values = self._values[block]
        # An id may outlive its list and then name another one; that is copied once for nothing.
        if id(values) in self._shared:
            self._shared.discard(id(values))
            self._values[block] = values.copy()

    def put(self, key: bytes, value: bytes) -> None:
        """Adds a key, or gives an existing one another value."""
        lasts = self._lasts
        if not lasts:
            self._keys.append([key])
            self._values.append([value])
            lasts.append(key)
            return
        block = bisect_left(lasts, key)
        if block == len(lasts):
            block -= 1
            if self._shared:
                self._own(block)
            keys, values = self._keys[block], self._values[block]
            keys.append(key)
            values.append(value)
            lasts[block] = key
        else:
            if self._shared:
                self._own(block)
            keys, values = self._keys[block], self._values[block]
            at = bisect_left(keys, key)
            if keys[at] == key:
                values[at] = value
                return
            keys.insert(at, key)
            values.insert(at, value)
        if len(keys) > BLOCK_MAX:
            self._split(block)

    def _split(self, block: int) -> None:
        keys, values = self._keys[block], self._values[block]
        # A block that grew at its end was filled in order; leaving it nearly full keeps a table
        # that is only appended to from wasting half of every block.
        cut = BLOCK_MAX - 16 if block == len(self._keys) - 1 else BLOCK_MAX // 2
        self._keys.insert(block + 1, keys[cut:])
        self._values.insert(block + 1, values[cut:])
        del keys[cut:], values[cut:]
        self._lasts.insert(block, keys[-1])

    def remove(self, key: bytes) -> None:
        """Removes a key that is there."""
        block = bisect_left(self._lasts, key)
        if self._shared:
            self._own(block)
        keys = self._keys[block]
        at = bisect_left(keys, key)
        assert keys[at] == key, "the index holds every key of its table"
        del keys[at]
        del self._values[block][at]
        if not keys:
            del self._keys[block], self._values[block], self._lasts[block]
        elif at == len(keys):
            self._lasts[block] = keys[-1]

    def discard(self, key: bytes) -> None:
        """Removes a key if it is there."""
        if self.count(key, key + b"\x00"):
            self.remove(key)

    def shrink(self) -> int:
        """Removes the last block and says how many entries it had; 0 when there is none left."""
        if not self._keys:
            return 0
        self._values.pop()
        self._lasts.pop()
        return len(self._keys.pop())

    def slice(
        self, low: bytes, high: bytes, limit: int, *, reverse: bool
    ) -> tuple[list[bytes], list[bytes]]:
        """Keys and values with `low <= key < high`, at most `limit`, from either end."""
        if reverse:
            return self._slice_down(low, high, limit)
        keys_out: list[bytes] = []
        values_out: list[bytes] = []
        block = bisect_left(self._lasts, low)
        while block < len(self._lasts) and limit > 0:
            keys = self._keys[block]
            start = bisect_left(keys, low) if not keys_out else 0
            stop = len(keys) if self._lasts[block] < high else bisect_left(keys, high)
            stop = min(stop, start + limit)
            if start >= stop:
                break
            keys_out += keys[start:stop]
            values_out += self._values[block][start:stop]
            limit -= stop - start
            if stop < len(keys):
                break
            block += 1
        return keys_out, values_out

    def _slice_down(self, low: bytes, high: bytes, limit: int) -> tuple[list[bytes], list[bytes]]:
        keys_out: list[bytes] = []
        values_out: list[bytes] = []
        block = min(bisect_left(self._lasts, high), len(self._lasts) - 1)
        while block >= 0 and limit > 0:
            keys = self._keys[block]
            stop = len(keys) if keys[-1] < high else bisect_left(keys, high)
            first = 0 if keys[0] >= low else bisect_left(keys, low)
            start = max(first, stop - limit)
            if start < stop:
                part = keys[start:stop]
                part.reverse()
                keys_out += part
                part = self._values[block][start:stop]
                part.reverse()
                values_out += part
                limit -= stop - start
            if first > 0:
                break
            block -= 1
        return keys_out, values_out

    def count(self, low: bytes, high: bytes) -> int:
        """How many keys lie in `low <= key < high`."""
        first, last = bisect_left(self._lasts, low), bisect_left(self._lasts, high)
        if first == len(self._lasts):
            return 0
        before = bisect_left(self._keys[first], low)
        if last == len(self._lasts):
            return sum(map(len, self._keys[first:])) - before
        upto = bisect_left(self._keys[last], high)
        return sum(map(len, self._keys[first:last])) + upto - before

    def nth(self, low: bytes, high: bytes, offset: int, *, reverse: bool) -> bytes | None:
        """The key `offset` places into a range, from either end; None past it."""
        size = self.count(low, high)
        if not 0 <= offset < size:
            return None
        at = size - 1 - offset if reverse else offset
        block = bisect_left(self._lasts, low)
        at += bisect_left(self._keys[block], low)
        while at >= len(self._keys[block]):
            at -= len(self._keys[block])
            block += 1
        return self._keys[block][at]
