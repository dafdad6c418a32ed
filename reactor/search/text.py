"""An inverted index over one column of text: from terms to the documents that hold them.

Every posting is one number, `level << 53 | moment`: how well the term describes the document, and
when the document was created. Read from the highest down, a term's postings give its best documents
first and the newest first among equals, so that a search stops as soon as it has enough.

What a document's level for a term is depends on nothing but the document: its place never has to be
computed again because of others. How much a term weighs does depend on others, and is worked out
for each query (`ranking.py`). Decision 0006.
"""

from __future__ import annotations

from array import array
from collections import Counter
from math import sqrt
from sys import intern
from typing import TYPE_CHECKING, Any, Final

import orjson

from reactor.log.snapshot import encode_stored, value_at
from reactor.log.terms import Terms
from reactor.search.postings import Postings, added, postings, removed
from reactor.search.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reactor.log.snapshot import WirePath
    from reactor.search.analyzer import Analyzer

MOMENT_BITS: Final = 53
MOMENT_MASK: Final = 2**MOMENT_BITS - 1
_MOMENTS_PER_MS: Final = 2_048
"""The creation time as a number of 53 bits, good until the year 2109. Two documents may share one:
what follows a moment is looked at as a whole."""

LEVEL_MAX: Final = 255
SATURATION: Final = 1.2
LENGTH_SHARE: Final = 0.75
"""BM25's k1 and b: how fast further occurrences stop to matter, and how much length does."""

PIVOT_WORDS: Final = 16
"""The length at which a document is neither short nor long. BM25 takes the average of all
documents here, and would have every level change with every write."""

SIZE_FLOOR: Final = 1_024
STATISTIC_FLOOR: Final = 16
"""The fewest documents that an index is taken to hold, and that a term is taken to stand in: below
them nothing that happens to other documents changes an order."""


class Entry:
    """One document as the index knows it.

    Args:
        id: its internal id.
        created: its creation time, ms.
        columns: the encoded values of the filter columns.
        words: its distinct terms, sorted.
        levels: for each of them 1 to 255, how well it describes the document.
    """

    __slots__ = ("columns", "created", "id", "levels", "next", "words")

    def __init__(
        self,
        id: bytes,
        created: float,
        columns: tuple[bytes, ...],
        words: tuple[str, ...],
        levels: bytes,
    ) -> None:
        self.id, self.created, self.columns = id, created, columns
        self.words, self.levels = words, levels
        self.next: Entry | None = None

    def chain(self) -> Iterator[Entry]:
        """This entry and those after it that were created at the same moment."""
        entry: Entry | None = self
        while entry is not None:
            yield entry
            entry = entry.next

    def is_found_like(self, other: Entry) -> bool:
        """Whether every search that finds one finds the other, in the same place."""
        return (
            self.words == other.words
            and self.levels == other.levels
            and self.columns == other.columns
            and self.created == other.created
        )

    def level_beginning(self, prefix: str, at: int) -> int:
        """The best level of the terms that begin with a prefix; `at` is where they would stand."""
        words, best = self.words, 0
        while at < len(words) and words[at].startswith(prefix):
            best = max(best, self.levels[at])
            at += 1
        return best


class TextIndex:
    """A text index of one table; it follows the log (`reactor.log.terms.Follower`).

    A document whose column is missing, is no text, or holds no word, is not in the index.

    Args:
        path: the searched column.
        filters: the columns that a search may be narrowed by.
        analyzer: makes terms of text.
    """

    __slots__ = (
        "_analyzer", "_groups", "_path", "_postings", "_vocabulary", "entries", "filters", "size",
        "statistics",
    )  # fmt: skip

    def __init__(self, path: WirePath, filters: tuple[WirePath, ...], analyzer: Analyzer) -> None:
        self._path, self.filters, self._analyzer = path, filters, analyzer
        self._postings: dict[str, Postings] = {}
        self._groups: list[dict[bytes, Postings]] = [{} for _ in filters]
        self._vocabulary = Vocabulary()
        self.entries: dict[int, Entry] = {}
        self.size = 0
        self.statistics = object()

    @property
    def analyzer(self) -> Analyzer:
        """What makes terms of text here."""
        return self._analyzer

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left of any document."""
        return not (self.size or self.entries or self._postings or any(self._groups))

    def empty(self) -> TextIndex:
        """An index of the same column without documents."""
        return TextIndex(self._path, self.filters, self._analyzer)

    def load(self, documents: Iterable[tuple[bytes, bytes]]) -> None:
        """Fills an empty index; postings are sorted once, at the end."""
        numbers: dict[str, array[int]] = {}
        groups: list[dict[bytes, array[int]]] = [{} for _ in self.filters]
        for id, raw in documents:
            entry = self._entry(id, raw)
            if entry is None:
                continue
            moment = self._link(entry)
            for word, level in zip(entry.words, entry.levels, strict=True):
                number = level << MOMENT_BITS | moment
                known = numbers.get(word)
                if known is None:
                    numbers[word] = array("Q", (number,))
                else:
                    known.append(number)
            for group, value in zip(groups, entry.columns, strict=True):
                group.setdefault(value, array("Q")).append(moment)
        for word, one in numbers.items():
            self._postings[word] = one if len(one) == 1 else postings(one)
        for mine, group in zip(self._groups, groups, strict=True):
            for value, one in group.items():
                mine[value] = postings(one)
        self._vocabulary = Vocabulary(self._postings)

    def apply(self, id: bytes, old: bytes | None, new: bytes | None) -> list[Terms]:
        """Takes a write in; answers with the terms of both versions and of changed statistics."""
        before = self._find(id, old) if old is not None else None
        after = self._entry(id, new) if new is not None else None
        if before is not None and after is not None and before.is_found_like(after):
            return [Terms(self, before.columns, before.words)]
        touched: list[Terms] = []
        size = self.size
        if before is not None:
            self._take_out(before)
            touched.append(Terms(self, before.columns, before.words))
        if after is not None:
            self._put_in(after)
            touched.append(Terms(self, after.columns, after.words))
        statistics = self._crossed(before, after, size)
        if statistics:
            touched.append(Terms(self.statistics, (), tuple(sorted(statistics))))
        return touched

    def find(self, word: str) -> Postings | None:
        """The postings of a term."""
        return self._postings.get(word)

    def counts(self, word: str, *, is_prefix: bool) -> dict[str, int]:
        """In how many documents a term stands, or each of the terms that it begins."""
        if is_prefix:
            return {other: len(found) for other, found in self.beginning_with(word)}
        found = self._postings.get(word)
        return {} if found is None else {word: len(found)}

    def beginning_with(self, prefix: str) -> list[tuple[str, Postings]]:
        """The terms that begin with a prefix, in order, with their postings."""
        postings_of = self._postings
        return [(word, postings_of[word]) for word in self._vocabulary.beginning_with(prefix)]

    def group(self, column: int, value: bytes) -> Postings | None:
        """The moments of the documents that hold a value in a filter column."""
        return self._groups[column].get(value)

    def _entry(self, id: bytes, raw: bytes) -> Entry | None:
        document: dict[str, Any] = orjson.loads(raw)
        text = value_at(document, self._path)
        if type(text) is not str:
            return None
        counts = Counter(self._analyzer.document(text))
        if not counts:
            return None
        words = tuple(map(intern, sorted(counts)))
        room = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * sqrt(counts.total() / PIVOT_WORDS))
        levels = {n: round(LEVEL_MAX * n / (n + room)) or 1 for n in set(counts.values())}
        columns = tuple([encode_stored(value_at(document, path)) for path in self.filters])
        created = float(document["_creationTime"])
        return Entry(id, created, columns, words, bytes([levels[counts[word]] for word in words]))

    def _find(self, id: bytes, raw: bytes) -> Entry | None:
        """The entry of a stored document; its moment is all that is needed of its JSON."""
        created = float(orjson.loads(raw)["_creationTime"])
        first = self.entries.get(moment_of(created))
        if first is None:
            return None
        return next((one for one in first.chain() if one.id == id), None)

    def _link(self, entry: Entry) -> int:
        moment = moment_of(entry.created)
        entry.next = self.entries.get(moment)
        self.entries[moment] = entry
        self.size += 1
        return moment

    def _unlink(self, entry: Entry) -> int:
        moment = moment_of(entry.created)
        first = self.entries[moment]
        if first is entry:
            if entry.next is None:
                del self.entries[moment]
            else:
                self.entries[moment] = entry.next
        else:
            while first.next is not entry:
                assert first.next is not None, "an entry stands in the list of its moment"
                first = first.next
            first.next = entry.next
        self.size -= 1
        return moment

    def _put_in(self, entry: Entry) -> None:
        moment = self._link(entry)
        for word, level in zip(entry.words, entry.levels, strict=True):
            known = self._postings.get(word)
            if known is None:
                self._vocabulary.add(word)
            self._postings[word] = added(known, level << MOMENT_BITS | moment)
        for group, value in zip(self._groups, entry.columns, strict=True):
            group[value] = added(group.get(value), moment)

    def _take_out(self, entry: Entry) -> None:
        moment = self._unlink(entry)
        for word, level in zip(entry.words, entry.levels, strict=True):
            rest = removed(self._postings[word], level << MOMENT_BITS | moment)
            if rest is None:
                del self._postings[word]
                self._vocabulary.remove(word)
            else:
                self._postings[word] = rest
        for group, value in zip(self._groups, entry.columns, strict=True):
            rest = removed(group[value], moment)
            if rest is None:
                del group[value]
            else:
                group[value] = rest

    def _crossed(self, before: Entry | None, after: Entry | None, size: int) -> list[str]:
        """The terms whose rounded number of documents a write has changed; "" for all documents."""
        old = set(before.words) if before is not None else set[str]()
        new = set(after.words) if after is not None else set[str]()
        crossed = [word for word in new - old if self._crosses(word, -1)]
        crossed += [word for word in old - new if self._crosses(word, +1)]
        if rounded_size(size) != rounded_size(self.size):
            crossed.append("")
        return crossed

    def _crosses(self, word: str, before: int) -> bool:
        """Whether a term's number of documents is rounded otherwise than it was."""
        found = self._postings.get(word)
        count = 0 if found is None else len(found)
        return rounded_count(count) != rounded_count(count + before)


def moment_of(created: float) -> int:
    """A creation time, ms, as it stands in postings."""
    return min(max(int(created * _MOMENTS_PER_MS), 0), MOMENT_MASK)


def rounded_size(count: int) -> int:
    """How many documents an index is taken to hold: a power of two."""
    return max(SIZE_FLOOR, _power_above(count))


def rounded_count(count: int) -> int:
    """In how many documents a term is taken to stand: a power of two."""
    return max(STATISTIC_FLOOR, _power_above(count))


def _power_above(count: int) -> int:
    return 1 << (count - 1).bit_length() if count > 0 else 1
