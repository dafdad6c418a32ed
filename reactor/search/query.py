"""One search: what it asks for, what it reads, and what it finds in a view of the state."""

from __future__ import annotations

import heapq
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reactor.log.terms import TermRead
from reactor.search.ranking import Weighted, ranked, weight

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from reactor.search.analyzer import Term
    from reactor.search.ranking import Hit
    from reactor.search.text import TextIndex


@dataclass(frozen=True, slots=True)
class Differing:
    """What a view of a table has otherwise than the resident state.

    Args:
        gone: the resident versions that are not to be seen.
        own: the versions to be seen in their place, and new documents.
        ids: of all of them.
    """

    gone: TextIndex
    own: TextIndex
    ids: Collection[bytes]


@dataclass(frozen=True, slots=True)
class TextQuery:
    """What is searched for.

    Args:
        index: the resident index.
        terms: from the analyzer.
        columns: positions of filter columns, ascending.
        values: what must stand there, encoded.
    """

    index: TextIndex
    terms: tuple[Term, ...]
    columns: tuple[int, ...]
    values: tuple[bytes, ...]

    def reads(self) -> Iterator[TermRead]:
        """Everything that the hits and their order depend on.

        Those are the terms, in documents with the given values; and what the terms weigh, which
        documents with other values change when their number passes a power of two.
        """
        statistics = self.index.statistics
        for term in self.terms:
            yield TermRead(self.index, self.columns, self.values, term.word, term.is_prefix)
            if len(self.terms) > 1:
                yield TermRead(statistics, (), (), term.word, term.is_prefix)
        if len(self.terms) > 1:
            yield TermRead(statistics, (), (), "", is_prefix=False)

    def hits(self, differing: Differing | None) -> Iterator[Hit]:
        """What matches, best first; nothing may be written until the last hit is taken.

        Args:
            differing: what the view has otherwise than the resident state.
        """
        if not self.terms:
            return iter(())
        terms = [Weighted(term, self._weight(term, differing)) for term in self.terms]
        if differing is None:
            return ranked(self.index, terms, self.columns, self.values, frozenset())
        base = ranked(self.index, terms, self.columns, self.values, differing.ids)
        own = ranked(differing.own, terms, self.columns, self.values, frozenset())
        return heapq.merge(base, own)

    def _weight(self, term: Term, differing: Differing | None) -> int:
        """A term weighs what the commonest of the terms does that it may stand for.

        A lone term is not weighed against any other.
        """
        if len(self.terms) == 1:
            return 1
        word, is_prefix, _ = term
        if differing is None:
            counts = self.index.counts(word, is_prefix=is_prefix)
            return weight(self.index.size, max(counts.values(), default=0))
        counts = Counter(self.index.counts(word, is_prefix=is_prefix))
        counts.update(differing.own.counts(word, is_prefix=is_prefix))
        counts.subtract(differing.gone.counts(word, is_prefix=is_prefix))
        size = self.index.size + differing.own.size - differing.gone.size
        return weight(size, max(counts.values(), default=0))
