"""Who must re-run: from a write's keys to the live queries that read them.

Most reads are whole equality prefixes, found by one dictionary look-up per registered depth.
Partial ranges below a prefix are kept in blocks sorted by their low end, each block with the
highest high end inside, so that a write visits only the blocks that can hold it. The cost of a
write does not depend on live queries that it does not touch.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from typing import TYPE_CHECKING, Final

from reactor.log.snapshot import IndexData, TableData, Touch, prefix_end
from reactor.log.terms import TermReaders

if TYPE_CHECKING:
    from reactor.log.reads import Range, ReadSet

BLOCK_MAX: Final = 64
"""Ranges in a block: larger, more of them are looked at one by one; smaller, more blocks are."""

GROUP: Final = 64
"""Blocks under one second-level maximum."""

Token = object
"""What is subscribed: opaque here, a live query above."""

_Entry = tuple[bytes, bytes, int, Token]
_Place = tuple[bytes, bytes, int]


class RangeSet:
    """Partial ranges below one prefix, for "which of them hold this key?"."""

    __slots__ = ("_blocks", "_firsts", "_maxima", "_tops", "size")

    def __init__(self) -> None:
        self._blocks: list[list[_Entry]] = []
        self._firsts: list[_Place] = []
        self._maxima: list[bytes] = []
        self._tops: list[bytes] = []
        self.size = 0

    def add(self, low: bytes, high: bytes, token: Token) -> None:
        """Adds one range."""
        self.size += 1
        entry = (low, high, id(token), token)
        place = entry[:3]
        if not self._blocks:
            self._blocks.append([entry])
            self._firsts.append(place)
            self._maxima.append(high)
            self._tops.append(high)
            return
        at = max(bisect_right(self._firsts, place) - 1, 0)
        block = self._blocks[at]
        insort(block, entry, key=_place_of)
        self._firsts[at] = block[0][:3]
        if high > self._maxima[at]:
            self._maxima[at] = high
            if high > self._tops[at // GROUP]:
                self._tops[at // GROUP] = high
        if len(block) > BLOCK_MAX:
            half = block[BLOCK_MAX // 2 :]
            del block[BLOCK_MAX // 2 :]
            self._blocks.insert(at + 1, half)
            self._firsts.insert(at + 1, half[0][:3])
            self._maxima[at] = max(entry[1] for entry in block)
            self._maxima.insert(at + 1, max(entry[1] for entry in half))
            self._regroup(at // GROUP)

    def discard(self, low: bytes, high: bytes, token: Token) -> None:
        """Removes one range, if it is there."""
        place = (low, high, id(token))
        at = bisect_right(self._firsts, place) - 1
        if at < 0:
            return
        block = self._blocks[at]
        position = bisect_left(block, place, key=_place_of)
        if position == len(block) or block[position][:3] != place:
            return
        del block[position]
        self.size -= 1
        if not block:
            del self._blocks[at], self._firsts[at], self._maxima[at]
            self._regroup(at // GROUP)
            return
        self._firsts[at] = block[0][:3]
        if high == self._maxima[at]:
            self._maxima[at] = max(entry[1] for entry in block)
            if high == self._tops[at // GROUP]:
                self._regroup(at // GROUP, groups=1)

    def _regroup(self, first: int, groups: int | None = None) -> None:
        """Computes the second-level maxima again, from one group on."""
        count = -(-len(self._maxima) // GROUP)
        del self._tops[count:]
        for group in range(first, count if groups is None else first + groups):
            top = max(self._maxima[group * GROUP : (group + 1) * GROUP])
            if group < len(self._tops):
                self._tops[group] = top
            else:
                self._tops.append(top)

    def everyone(self, out: dict[Token, None]) -> None:
        """Adds the tokens of every range."""
        out.update((entry[3], None) for block in self._blocks for entry in block)

    def holding(self, key: bytes, out: dict[Token, None]) -> None:
        """Adds the tokens of every range that holds the key."""
        end = bisect_left(self._firsts, (key + b"\x00", b"", 0))
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


def _place_of(entry: _Entry) -> _Place:
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

    def everyone(self, out: dict[Token, None]) -> None:
        """Adds every token here."""
        for tokens in self.whole.values():
            out.update(tokens)
        for ranges in self.ranges.values():
            ranges.everyone(out)


class Subscriptions:
    """Which tokens read what."""

    def __init__(self) -> None:
        self._points: dict[tuple[TableData, bytes], dict[Token, None]] = {}
        self._depths: dict[IndexData, dict[int, _Depth]] = {}
        self._terms = TermReaders()

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
        self._terms.add(token, reads.terms)

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
        self._terms.remove(token, reads.terms)

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
        for terms in touch.terms:
            self._terms.affected(terms, out)

    def readers_of(self, tables: set[TableData], out: dict[Token, None]) -> None:
        """Adds the tokens that read anything at all of these tables."""
        for (table, _), tokens in self._points.items():
            if table in tables:
                out.update(tokens)
        for index, depths in self._depths.items():
            if index.table in tables:
                for depth in depths.values():
                    depth.everyone(out)
        for table in tables:
            for follower in table.followers.values():
                self._terms.readers_of(follower, out)


def _is_whole(interval: Range) -> bool:
    return interval.low == interval.prefix and interval.high == prefix_end(interval.prefix)
