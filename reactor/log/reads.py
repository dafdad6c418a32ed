"""Read sets: what a function read, as ids, ranges of index keys, and terms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reactor.log.snapshot import IndexData, TableData, Touch
    from reactor.log.terms import TermRead


class Range(NamedTuple):
    """An interval of one index (its source), `low <= key < high`, below an equality prefix.

    `depth` is the number of index columns in `prefix`, so that a write finds the readers of its
    prefix by a dictionary look-up.
    """

    source: IndexData
    depth: int
    prefix: bytes
    low: bytes
    high: bytes


@dataclass(slots=True)
class ReadSet:
    """Everything that could change a function's result.

    Args:
        points: documents read by id, there or not.
        ranges: index intervals actually consumed.
        terms: what was looked up in indexes that are not ordered.
    """

    points: dict[tuple[TableData, bytes], None]
    ranges: list[Range]
    terms: dict[TermRead, None] = field(default_factory=dict["TermRead", None])

    @staticmethod
    def empty() -> ReadSet:
        """A read set without reads."""
        return ReadSet({}, [])

    def is_touched_by(self, touches: Iterable[Touch]) -> bool:
        """Whether any of these writes lies in something that was read."""
        points = self.points
        by_index: dict[int, list[Range]] | None = None
        for touch in touches:
            if (touch.table, touch.id) in points:
                return True
            if by_index is None:
                by_index = {}
                for interval in self.ranges:
                    by_index.setdefault(id(interval.source), []).append(interval)
            for index, _, key in touch.keys:
                for interval in by_index.get(id(index), ()):
                    if interval.low <= key < interval.high:
                        return True
            if self.terms and any(
                read.finds(terms) for terms in touch.terms for read in self.terms
            ):
                return True
        return False

    def merge(self, other: ReadSet) -> None:
        """Adds another function's reads, as when a child call read them."""
        self.points.update(other.points)
        self.ranges.extend(other.ranges)
        self.terms.update(other.terms)
