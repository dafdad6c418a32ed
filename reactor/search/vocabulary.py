"""The words of an index in order, to find those that begin alike."""

from __future__ import annotations

from bisect import bisect_left, insort
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

BLOCK_MAX: Final = 1_024
"""Words in a block: larger, more pointers move when one is added; smaller, more blocks."""

_HIGHEST: Final = "\U0010ffff"
"""The last code point: no letter, so above every word that begins alike."""


class Vocabulary:
    """Distinct words, sorted, in blocks."""

    __slots__ = ("_blocks", "_lasts")

    def __init__(self, words: Iterable[str] = ()) -> None:
        ordered = sorted(words)
        half = BLOCK_MAX // 2
        self._blocks = [ordered[at : at + half] for at in range(0, len(ordered), half)]
        self._lasts = [block[-1] for block in self._blocks]

    def add(self, word: str) -> None:
        """Adds a word that is not there."""
        if not self._blocks:
            self._blocks.append([word])
            self._lasts.append(word)
            return
        at = min(bisect_left(self._lasts, word), len(self._blocks) - 1)
        block = self._blocks[at]
        insort(block, word)
        self._lasts[at] = block[-1]
        if len(block) > BLOCK_MAX:
            half = BLOCK_MAX // 2
            self._blocks[at : at + 1] = [block[:half], block[half:]]
            self._lasts[at : at + 1] = [block[half - 1], block[-1]]

    def remove(self, word: str) -> None:
        """Removes a word that is there."""
        at = bisect_left(self._lasts, word)
        block = self._blocks[at]
        del block[bisect_left(block, word)]
        if block:
            self._lasts[at] = block[-1]
        else:
            del self._blocks[at], self._lasts[at]

    def beginning_with(self, prefix: str) -> list[str]:
        """Every word that begins with a prefix, in order."""
        beyond = prefix + _HIGHEST
        found: list[str] = []
        for at in range(bisect_left(self._lasts, prefix), len(self._blocks)):
            block = self._blocks[at]
            first = 0 if found else bisect_left(block, prefix)
            last = bisect_left(block, beyond)
            found += block[first:last]
            if last < len(block):
                break
        return found
