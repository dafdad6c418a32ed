"""Sorted 64-bit numbers, read from the highest down.

Most terms stand in few documents: their numbers are one array. Those of common terms are arrays in
blocks, so that adding one moves no more than a block.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK_MAX: Final = 1_024
"""Numbers in a block: larger, more bytes move when one is added; smaller, more blocks."""


class Run:
    """Many sorted numbers, in blocks."""

    __slots__ = ("blocks", "lasts", "size")

    def __init__(self, numbers: array[int]) -> None:
        half = BLOCK_MAX // 2
        self.size = len(numbers)
        self.blocks = [numbers[at : at + half] for at in range(0, len(numbers), half)]
        self.lasts = [block[-1] for block in self.blocks]

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[int]:
        for block in self.blocks:
            yield from block

    def __reversed__(self) -> Iterator[int]:
        for block in reversed(self.blocks):
            yield from reversed(block)

    def add(self, number: int) -> None:
        """Adds a number, also one that is there already."""
        at = min(bisect_left(self.lasts, number), len(self.blocks) - 1)
        block = self.blocks[at]
        block.insert(bisect_left(block, number), number)
        self.lasts[at] = block[-1]
        self.size += 1
        if len(block) > BLOCK_MAX:
            half = BLOCK_MAX // 2
            self.blocks[at : at + 1] = [block[:half], block[half:]]
            self.lasts[at : at + 1] = [block[half - 1], block[-1]]

    def remove(self, number: int) -> None:
        """Removes one occurrence of a number that is there."""
        at = bisect_left(self.lasts, number)
        block = self.blocks[at]
        position = bisect_left(block, number)
        assert block[position] == number, "a posting is removed once"
        del block[position]
        self.size -= 1
        if block:
            self.lasts[at] = block[-1]
        else:
            del self.blocks[at], self.lasts[at]


Postings: TypeAlias = "array[int] | Run"


def postings(numbers: list[int] | array[int]) -> Postings:
    """The numbers, sorted."""
    ordered = array("Q", sorted(numbers))
    return ordered if len(ordered) <= BLOCK_MAX else Run(ordered)


def added(to: Postings | None, number: int) -> Postings:
    """The same postings with one number more; the given ones are used up."""
    if to is None:
        return array("Q", (number,))
    if isinstance(to, Run):
        to.add(number)
        return to
    to.insert(bisect_left(to, number), number)
    return to if len(to) <= BLOCK_MAX else Run(to)


def removed(of: Postings, number: int) -> Postings | None:
    """The same postings with one number less, None when that was the last."""
    if isinstance(of, Run):
        of.remove(number)
        return of if of.size > BLOCK_MAX // 4 else array("Q", of)
    at = bisect_left(of, number)
    assert of[at] == number, "a posting is removed once"
    del of[at]
    return of or None


def highest(of: Postings) -> int:
    """The highest number."""
    return of.lasts[-1] if isinstance(of, Run) else of[-1]
