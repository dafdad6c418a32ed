"""Which documents match, best first.

A document's score is the sum, over the terms of the query, of the term's weight (BM25's inverse
document frequency) times how well the term describes the document. Equal scores: the newest first,
then by id. Postings stand in the order of what they add, so the walk goes down the lists of all
terms at once, scores each document that it meets, and hands out whatever no document that it has
not met yet can beat (the threshold algorithm of Fagin, Lotem and Naor).
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from itertools import islice
from math import log
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from reactor.search.postings import Postings, highest
from reactor.search.text import (
    MOMENT_BITS,
    MOMENT_MASK,
    Entry,
    TextIndex,
    moment_of,
    rounded_count,
    rounded_size,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from reactor.search.analyzer import Term

EXACT: Final = 2
BEGINNING: Final = 1
"""A document that holds the whole term counts twice as much as one that only holds longer ones."""

CHUNK_FIRST: Final = 16
CHUNK_MAX: Final = 256
"""Postings of one list that are met before the bound is looked at again."""

FEW: Final = 256
"""Documents that are scored one by one without further thought."""

WEIGHT_UNIT: Final = 1_024
"""Weights are whole numbers, so that a score is the same in whichever order it is added up."""

Hit: TypeAlias = tuple[int, float, bytes]
"""A document that matches: its score and its creation time in ms, both negated, and its id. Sorted,
the best comes first."""


class Weighted(NamedTuple):
    """A term of a query with what it weighs."""

    term: Term
    weight: int


def weight(size: int, count: int) -> int:
    """What a term weighs that stands in `count` of `size` documents: BM25's, of rounded numbers."""
    all_of, some = rounded_size(size), rounded_count(count)
    return round(WEIGHT_UNIT * log(1 + (all_of - some + 0.5) / (some + 0.5))) or 1


def ranked(
    index: TextIndex,
    terms: Sequence[Weighted],
    columns: Sequence[int],
    values: Sequence[bytes],
    hidden: Collection[bytes],
) -> Iterator[Hit]:
    """The documents of an index that match, best first, found as they are asked for.

    Args:
        index: where to search; it must not change until the last hit is taken.
        terms: what to search for.
        columns: positions of filter columns.
        values: what must stand there.
        hidden: ids of documents that are left out.
    """
    fits = _filter(list(zip(columns, values, strict=True)), hidden)
    lists = [one for term in terms for one in _lists(index, term)]
    postings = sum(one.size for one in lists)
    for column, value in zip(columns, values, strict=True):
        group = index.group(column, value)
        if group is None:
            return iter(())
        if len(group) <= max(FEW, postings // 16):
            return iter(sorted(_scored(index, group, _scorer(terms), fits)))
    return _Walk(index, lists, fits).hits()


def _scored(index: TextIndex, moments: Postings, score: _Score, fits: _Fits) -> Iterator[Hit]:
    for moment in dict.fromkeys(moments):
        for entry in index.entries[moment].chain():
            found = score(entry) if fits(entry) else 0
            if found:
                yield -found, -entry.created, entry.id


class _List:
    """A sorted list of what one term adds to documents: the term itself or those it begins.

    No document that was not met stands above `front`; `size` postings are left below it.
    """

    __slots__ = ("factor", "front", "is_only", "postings", "size", "term")

    def __init__(
        self, term: Weighted, factor: int, postings: Iterator[int], size: int, *, is_only: bool
    ) -> None:
        self.term, self.factor, self.is_only = term, factor * term.weight, is_only
        self.postings, self.size = postings, size
        self.front = 0

    @property
    def gain(self) -> int:
        """What a document that was not met may get from here."""
        return self.factor * (self.front >> MOMENT_BITS)

    @property
    def slope(self) -> float:
        """How much the bound falls per posting, were the list met to its end."""
        return self.gain / self.size


class _Walk:
    """One walk down the lists of all terms.

    Invariant: a document that was not met is in no list above the list's front, and in none at all
    that has come to its end.
    """

    __slots__ = ("_entries", "_fits", "_live", "_met", "_waiting")

    def __init__(self, index: TextIndex, lists: list[_List], fits: _Fits) -> None:
        self._entries = index.entries
        self._live = lists
        self._fits = fits
        self._met: set[int] = set()
        self._waiting: list[Hit] = []

    def hits(self) -> Iterator[Hit]:
        """What matches, best first."""
        waiting = self._waiting
        for one in list(self._live):
            self._advance(one, 1)
        chunk = CHUNK_FIRST
        while self._live:
            best, newest = self._bound()
            while waiting and _is_settled(waiting[0], best, newest):
                yield heapq.heappop(waiting)
            # Short lists of weighty terms first: past their ends, the bound is what is left.
            self._advance(max(self._live, key=_slope_of), chunk)
            chunk = min(chunk * 2, CHUNK_MAX)
        waiting.sort()
        yield from waiting

    def _advance(self, one: _List, count: int) -> None:
        """Goes down one list; at its end, nothing that was not met can gain from it."""
        self._meet(one, count)
        one.size -= count
        if one.size <= 0:
            self._live.remove(one)

    def _meet(self, one: _List, count: int) -> None:
        """Scores the next documents of a list that were not met before."""
        met, entries, fits, waiting = self._met, self._entries, self._fits, self._waiting
        terms = dict.fromkeys(other.term for other in self._live)
        score = _scorer(terms)
        # What a document has of this list's term is known, unless other lists of it tell more.
        del terms[one.term]
        is_known, factor, beside = one.is_only, one.factor, _scorer(terms) if terms else None
        front = 0
        for front in islice(one.postings, count):
            moment = front & MOMENT_MASK
            if moment in met:
                continue
            met.add(moment)
            entry = entries[moment]
            if is_known and entry.next is None:
                if fits(entry):
                    found = factor * (front >> MOMENT_BITS)
                    if beside is not None:
                        found += beside(entry)
                    heapq.heappush(waiting, (-found, -entry.created, entry.id))
                continue
            for each in entry.chain():
                if fits(each) and (found := score(each)):
                    heapq.heappush(waiting, (-found, -each.created, each.id))
        one.front = front

    def _bound(self) -> tuple[int, int]:
        """The best score of documents that were not met, and how new they may be if they have it.

        A document that has it stands right below the front of one list of every term.
        """
        gains: dict[Weighted, tuple[int, int]] = {}
        for one in self._live:
            reached = (one.gain, one.front & MOMENT_MASK)
            gains[one.term] = max(reached, gains.get(one.term, reached))
        return sum(gain for gain, _ in gains.values()), min(newest for _, newest in gains.values())


def _slope_of(one: _List) -> float:
    return one.slope


def _is_settled(hit: Hit, best: float, newest: int) -> bool:
    if -hit[0] != best:
        return -hit[0] > best
    # Of the moment itself every document has been met.
    return moment_of(-hit[1]) >= newest


def _lists(index: TextIndex, weighted: Weighted) -> list[_List]:
    """The lists of one term: of itself, and of longer ones."""
    word, is_prefix, is_part = weighted.term
    whole = index.find(word)
    longer: list[Postings] = []
    if is_prefix:
        longer = [one for name, one in index.beginning_with(word) if name != word]
    lists: list[_List] = []
    if whole is not None:
        postings, is_only = iter(reversed(whole)), not longer
        lists.append(_List(weighted, EXACT, postings, len(whole), is_only=is_only))
    if longer:
        factor, size = EXACT if is_part else BEGINNING, sum(map(len, longer))
        lists.append(_List(weighted, factor, _merged(longer), size, is_only=whole is None))
    return lists


def _merged(lists: list[Postings]) -> Iterator[int]:
    """Many postings as one, from the highest down; a list is opened when its turn comes."""
    lists.sort(key=highest)
    heap: list[tuple[int, int, Iterator[int]]] = []
    while True:
        while lists and (not heap or highest(lists[-1]) >= -heap[0][0]):
            opened = iter(reversed(lists.pop()))
            heapq.heappush(heap, (-next(opened), len(lists), opened))
        if not heap:
            return
        minus, number, opened = heap[0]
        if len(heap) == 1 and not lists:
            yield -minus
            yield from opened
            return
        yield -minus
        following = next(opened, None)
        if following is None:
            heapq.heappop(heap)
        else:
            heapq.heapreplace(heap, (-following, number, opened))


def _filter(pairs: list[tuple[int, bytes]], hidden: Collection[bytes]) -> _Fits:
    """The function that says whether a document may be found at all."""
    if not pairs and not hidden:
        return lambda entry: True
    if len(pairs) == 1 and not hidden:
        ((only, wanted),) = pairs
        return lambda entry: entry.columns[only] == wanted

    def fits(entry: Entry) -> bool:
        for column, value in pairs:
            if entry.columns[column] != value:
                return False
        return entry.id not in hidden

    return fits


def _scorer(terms: Iterable[Weighted]) -> _Score:
    """The function that gives a document's score for some terms."""
    parts = [
        (weight_, word, is_prefix, EXACT if is_part else BEGINNING)
        for (word, is_prefix, is_part), weight_ in terms
    ]

    def score(entry: Entry) -> int:
        words, levels = entry.words, entry.levels
        total = 0
        for weight_, word, is_prefix, factor in parts:
            at = bisect_left(words, word)
            if at == len(words):
                continue
            gain = EXACT * levels[at] if words[at] == word else 0
            if is_prefix:
                gain = max(gain, factor * entry.level_beginning(word, at))
            total += weight_ * gain
        return total

    return score


if TYPE_CHECKING:
    _Score = Callable[[Entry], int]
    _Fits = Callable[[Entry], bool]
