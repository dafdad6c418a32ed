"""Who must re-run: from a write's keys to the live queries that read them.

Most reads are whole equality prefixes, found by one dictionary look-up per registered depth.
Partial ranges below a prefix are kept in blocks sorted by their low end, each block with the
highest high end inside, so that a write visits only the blocks that can hold it. The cost of a
write does not depend on live queries that it does not touch.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from typing import TYPE_CHECKING, Final

from reactor.log.snapshot import IndexData, TableData, Touch, prefix_end

if TYPE_CHECKING:
    from reactor.log.reads import Range, ReadSet

BLOCK_MAX: Final = 64
"""Ranges in a block: larger, more of them are looked at one by one; smaller, more blocks are."""

GROUP: Final = 64
"""Blocks under one second-level maximum."""

Token = object
"""What is subscribed: opaque here, a live query above."""

_Entry = tuple[bytes, bytes, int, Token]


class RangeSet:
    """Partial ranges below one prefix, for "which of them hold this key?"."""

    __slots__ = ("_blocks", "_lows", "_maxima", "_tops", "size")

    def __init__(self) -> None:
        self._blocks: list[list[_Entry]] = []
        self._lows: list[bytes] = []
        self._maxima: list[bytes] = []
        self._tops: list[bytes] = []
        self.size = 0

    def add(self, low: bytes, high: bytes, token: Token) -> None:
        """Adds one range."""
        self.size += 1
        entry = (low, high, id(token), token)
        if not self._blocks:
            self._blocks.append([entry])
            self._lows.append(low)
            self._maxima.append(high)
            self._tops.append(high)
            return
        at = max(bisect_right(self._lows, low) - 1, 0)
        block = self._blocks[at]
        insort(block, entry, key=_sort_key)
        self._lows[at] = block[0][0]
        if high > self._maxima[at]:
            self._maxima[at] = high
            if high > self._tops[at // GROUP]:
                self._tops[at // GROUP] = high
        if len(block) > BLOCK_MAX:
            half = block[BLOCK_MAX // 2 :]
            del block[BLOCK_MAX // 2 :]
            self._blocks.insert(at + 1, half)
            self._lows.insert(at + 1, half[0][0])
            self._maxima[at] = max(entry[1] for entry in block)
            self._maxima.insert(at + 1, max(entry[1] for entry in half))
            self._regroup(at // GROUP)

    def discard(self, low: bytes, high: bytes, token: Token) -> None:
        """Removes one range that was added."""
        key = (low, high, id(token))
        at = max(bisect_right(self._lows, low) - 1, 0)
        # Equal low ends may have been split over several blocks; walk back to the first of them.
        while at > 0 and self._lows[at] == low:
            at -= 1
        while at < len(self._blocks):
            block = self._blocks[at]
            for position, entry in enumerate(block):
                if entry[:3] == key:
                    del block[position]
                    self.size -= 1
                    self._shrunk(at)
                    return
            at += 1

    def _shrunk(self, at: int) -> None:
        block = self._blocks[at]
        if block:
            self._lows[at] = block[0][0]
            self._maxima[at] = max(entry[1] for entry in block)
        else:
            del self._blocks[at], self._lows[at], self._maxima[at]
        self._regroup(at // GROUP)

    def _regroup(self, group: int) -> None:
        wanted = -(-len(self._maxima) // GROUP)
        if wanted != len(self._tops):
            self._tops = [
                max(self._maxima[at : at + GROUP]) for at in range(0, len(self._maxima), GROUP)
            ]
            return
        for one in range(group, wanted):
            self._tops[one] = max(self._maxima[one * GROUP : (one + 1) * GROUP])

    def holding(self, key: bytes, out: dict[Token, None]) -> None:
        """Adds the tokens of every range that holds the key."""
        end = bisect_right(self._lows, key)
        for group, top in enumerate(self._tops):
            start = group * GROUP
            if start >= end:
                return
            if top <= key:
                continue
            for at in range(start, min(start + GROUP, end)):
                if self._maxima[at] <= key:
                    continue
                for low, high, _, token in self._blocks[at]:
                    if low > key:
                        break
                    if key < high:
                        out[token] = None


def _sort_key(entry: _Entry) -> tuple[bytes, bytes, int]:
    return entry[:3]


class _Depth:
    """The readers of one index at one prefix depth."""

    __slots__ = ("ranges", "whole")

    def __init__(self) -> None:
        self.whole: dict[bytes, dict[Token, None]] = {}
        self.ranges: dict[bytes, RangeSet] = {}

    @property
    def is_empty(self) -> bool:
        return not self.whole and not self.ranges


class Subscriptions:
    """Which tokens read what."""

    def __init__(self) -> None:
        self._points: dict[tuple[TableData, bytes], dict[Token, None]] = {}
        self._depths: dict[IndexData, dict[int, _Depth]] = {}
        self._environment: dict[Token, None] = {}

    def add(self, token: Token, reads: ReadSet) -> None:
        """Subscribes a token to everything in a read set."""
        for point in reads.points:
            self._points.setdefault(point, {})[token] = None
        for interval in set(reads.ranges):
            depth = self._depths.setdefault(interval.source, {}).setdefault(
                interval.depth, _Depth()
            )
            if _is_whole(interval):
                depth.whole.setdefault(interval.prefix, {})[token] = None
            else:
                ranges = depth.ranges.setdefault(interval.prefix, RangeSet())
                ranges.add(interval.low, interval.high, token)
        if reads.environment:
            self._environment[token] = None

    def remove(self, token: Token, reads: ReadSet) -> None:
        """Takes a token's subscription back; `reads` is what was added."""
        for point in reads.points:
            tokens = self._points.get(point)
            if tokens is not None:
                tokens.pop(token, None)
                if not tokens:
                    del self._points[point]
        for interval in set(reads.ranges):
            depth = self._depths[interval.source][interval.depth]
            if _is_whole(interval):
                whole = depth.whole[interval.prefix]
                whole.pop(token, None)
                if not whole:
                    del depth.whole[interval.prefix]
            else:
                ranges = depth.ranges[interval.prefix]
                ranges.discard(interval.low, interval.high, token)
                if not ranges.size:
                    del depth.ranges[interval.prefix]
            if depth.is_empty:
                del self._depths[interval.source][interval.depth]
                if not self._depths[interval.source]:
                    del self._depths[interval.source]
        self._environment.pop(token, None)

    def affected(self, touch: Touch, out: dict[Token, None]) -> None:
        """Adds the tokens that read something which this write touched."""
        tokens = self._points.get((touch.table, touch.id))
        if tokens is not None:
            out.update(tokens)
        for index, parts, key in touch.keys:
            depths = self._depths.get(index)
            if depths is None:
                continue
            for count, depth in depths.items():
                prefix = b"".join(parts[:count])
                whole = depth.whole.get(prefix)
                if whole is not None:
                    out.update(whole)
                ranges = depth.ranges.get(prefix)
                if ranges is not None:
                    ranges.holding(key, out)

    def environment_readers(self) -> list[Token]:
        """The tokens that read an environment variable."""
        return list(self._environment)


def _is_whole(interval: Range) -> bool:
    return interval.low == interval.prefix and interval.high == prefix_end(interval.prefix)
