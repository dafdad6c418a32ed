"""A number beside each key of an index, and the sum of any range of them.

Sums are exact: numbers are added as whole multiples of the smallest float there is, and rounded
once at the end. Added up as floats they would depend on the order of all writes since the start:
a restart or a re-run would answer differently from before.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reactor.log.blocks import BLOCK_MAX

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_UNIT_BITS: Final = 1074
"""The smallest float above zero is 2^-1074, and every finite one a whole multiple of it."""


@dataclass(slots=True)
class Total:
    """A sum on its way.

    Args:
        units: the finite numbers, in multiples of 2^-1074.
        above: how many infinities were added.
        below: how many negative infinities.
        undefined: how many NaN.
    """

    units: int = 0
    above: int = 0
    below: int = 0
    undefined: int = 0

    def add(self, number: float, times: int = 1) -> None:
        """Adds a number, or takes it away with `times` -1."""
        if math.isfinite(number):
            self.units += times * _units(number)
        elif math.isnan(number):
            self.undefined += times
        elif number > 0:
            self.above += times
        else:
            self.below += times

    def add_all(self, numbers: Iterable[float], times: int = 1) -> None:
        """Adds many numbers, or takes them away."""
        for number in numbers:
            self.add(number, times)

    def rounded(self) -> float:
        """The nearest float; infinite where the sum is too large for one."""
        if self.undefined or (self.above and self.below):
            return math.nan
        if self.above or self.below:
            return math.inf if self.above else -math.inf
        try:
            return self.units / (1 << _UNIT_BITS)
        except OverflowError:
            return math.inf if self.units > 0 else -math.inf


def _units(number: float) -> int:
    top, bottom = number.as_integer_ratio()
    return top << _UNIT_BITS - bottom.bit_length() + 1


@dataclass(slots=True)
class _Block:
    """Sorted keys, and a finite number for each."""

    keys: list[bytes]
    numbers: list[float]

    def between(self, start: int, stop: int, whole: int) -> int:
        """The units of some of its numbers; from the whole, when the others are fewer."""
        if 2 * (stop - start) <= len(self.keys):
            return sum(map(_units, self.numbers[start:stop]))
        others = self.numbers[:start] + self.numbers[stop:]
        return whole - sum(map(_units, others))


class Sums:
    """One summed column of one index: sorted keys, a number beside each, a sum for each block.

    The few numbers that are not finite are kept apart, and are 0 in their blocks.
    """

    __slots__ = ("_blocks", "_lasts", "_odd", "_units")

    def __init__(self) -> None:
        self._blocks: list[_Block] = []
        self._lasts: list[bytes] = []
        self._units: list[int] = []
        self._odd: dict[bytes, float] = {}

    def extend_sorted(self, pairs: Sequence[tuple[bytes, float]]) -> None:
        """Fills an empty list from pairs that are sorted by key."""
        half = BLOCK_MAX // 2
        for start in range(0, len(pairs), half):
            piece = pairs[start : start + half]
            numbers = [self._finite(key, number) for key, number in piece]
            self._add_block(len(self._blocks), [key for key, _ in piece], numbers)

    def _finite(self, key: bytes, number: float) -> float:
        if math.isfinite(number):
            return number
        self._odd[key] = number
        return 0.0

    def _add_block(self, at: int, keys: list[bytes], numbers: list[float]) -> int:
        units = sum(map(_units, numbers))
        self._blocks.insert(at, _Block(keys, numbers))
        self._lasts.insert(at, keys[-1])
        self._units.insert(at, units)
        return units

    def put(self, key: bytes, number: float) -> None:
        """Adds a key, or gives an existing one another number."""
        self._odd.pop(key, None)
        number = self._finite(key, number)
        if not self._blocks:
            self._add_block(0, [key], [number])
            return
        where = min(bisect_left(self._lasts, key), len(self._blocks) - 1)
        block = self._blocks[where]
        at = bisect_left(block.keys, key)
        if at < len(block.keys) and block.keys[at] == key:
            if block.numbers[at] == number:
                return
            self._units[where] -= _units(block.numbers[at])
            block.numbers[at] = number
        else:
            block.keys.insert(at, key)
            block.numbers.insert(at, number)
            self._lasts[where] = block.keys[-1]
        self._units[where] += _units(number)
        if len(block.keys) > BLOCK_MAX:
            self._split(where)

    def _split(self, where: int) -> None:
        block, half = self._blocks[where], BLOCK_MAX // 2
        keys, numbers = block.keys[half:], block.numbers[half:]
        del block.keys[half:], block.numbers[half:]
        self._lasts[where] = block.keys[-1]
        self._units[where] -= self._add_block(where + 1, keys, numbers)

    def remove(self, key: bytes) -> None:
        """Removes a key if it is there."""
        where = bisect_left(self._lasts, key)
        if where == len(self._blocks):
            return
        block = self._blocks[where]
        at = bisect_left(block.keys, key)
        if block.keys[at] != key:
            return
        self._odd.pop(key, None)
        self._units[where] -= _units(block.numbers[at])
        del block.keys[at], block.numbers[at]
        if block.keys:
            self._lasts[where] = block.keys[-1]
        else:
            del self._blocks[where], self._lasts[where], self._units[where]

    def number(self, key: bytes) -> float:
        """The number beside a key that is there."""
        block = self._blocks[bisect_left(self._lasts, key)]
        at = bisect_left(block.keys, key)
        assert block.keys[at] == key, "the sums of an index hold every key of it"
        return self._odd.get(key, block.numbers[at])

    def total(self, low: bytes, high: bytes) -> Total:
        """The sum over `low <= key < high`."""
        found = Total(self._between(low, high))
        found.add_all(number for key, number in self._odd.items() if low <= key < high)
        return found

    def _between(self, low: bytes, high: bytes) -> int:
        first, last = bisect_left(self._lasts, low), bisect_left(self._lasts, high)
        if first == len(self._lasts) or low >= high:
            return 0
        start = bisect_left(self._blocks[first].keys, low)
        if first == last:
            stop = bisect_left(self._blocks[first].keys, high)
            return self._part(first, start, stop) if start < stop else 0
        units = self._part(first, start, len(self._blocks[first].keys))
        units += sum(self._units[first + 1 : last])
        if last < len(self._blocks):
            units += self._part(last, 0, bisect_left(self._blocks[last].keys, high))
        return units

    def _part(self, where: int, start: int, stop: int) -> int:
        return self._blocks[where].between(start, stop, self._units[where])
