"""Terms: how documents are found by something other than a key, and who reads them that way.

An ordered index finds documents by intervals of keys; a text index finds them by words. An index
that is not ordered follows its table (`Follower`): every write is applied to it, and it answers
with the terms under which the old and the new version of the document stand. Reads name terms, or
the beginning of terms, and may be narrowed by equality of columns. The log knows neither what a
term means nor which index it belongs to: both are the follower's.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from reactor.log.subscriptions import Token


class Terms(NamedTuple):
    """What one version of a document is found by.

    Args:
        source: whose terms they are; compared by identity.
        columns: encoded values, one for each column that reads may be narrowed by.
        words: the terms, sorted, each once.
    """

    source: Hashable
    columns: tuple[bytes, ...]
    words: tuple[str, ...]


class TermRead(NamedTuple):
    """A term that was looked up, whether anything stood under it or not.

    Args:
        source: whose term it is.
        columns: positions in `Terms.columns` that the read is narrowed by, ascending.
        values: what stands there in the documents that were wanted.
        word: the term.
        is_prefix: whether every term that begins with `word` was looked up.
    """

    source: Hashable
    columns: tuple[int, ...]
    values: tuple[bytes, ...]
    word: str
    is_prefix: bool

    def finds(self, terms: Terms) -> bool:
        """Whether this read would have found that version of a document."""
        if terms.source is not self.source:
            return False
        if tuple([terms.columns[at] for at in self.columns]) != self.values:
            return False
        at = bisect_left(terms.words, self.word)
        if at == len(terms.words):
            return False
        found = terms.words[at]
        return found.startswith(self.word) if self.is_prefix else found == self.word


class Follower(Protocol):
    """An index that is kept in step with its table by the log, beside the ordered ones.

    Order: `load` comes first and once, then `apply` for every write in the order of commits.
    Neither may fail for any stored document: the write has happened.
    """

    def __hash__(self) -> int: ...

    def empty(self) -> Follower:
        """The same index without documents, for contents that will replace the table's."""
        ...

    def load(self, documents: Iterable[tuple[bytes, bytes]]) -> None:
        """Fills an empty index from (internal id, stored JSON) pairs."""
        ...

    def apply(self, id: bytes, old: bytes | None, new: bytes | None) -> Sequence[Terms]:
        """Takes a write in.

        Args:
            id: the document's internal id.
            old: its JSON before, None for an insert.
            new: its JSON after, None for a delete.

        Returns:
            the terms under which readers may have found, or would now find, the document.
        """
        ...


class _Words:
    """The readers of one source under one set of column values."""

    __slots__ = ("exact", "prefixes")

    def __init__(self) -> None:
        self.exact: dict[str, dict[Token, None]] = {}
        self.prefixes: dict[int, dict[str, dict[Token, None]]] = {}

    def table(self, read: TermRead) -> dict[str, dict[Token, None]]:
        if not read.is_prefix:
            return self.exact
        return self.prefixes.setdefault(len(read.word), {})

    @property
    def is_empty(self) -> bool:
        return not self.exact and not self.prefixes


_Narrowed = dict[tuple[int, ...], dict[tuple[bytes, ...], _Words]]


@dataclass(slots=True)
class TermReaders:
    """Who reads which terms.

    A version of a document finds its readers with one look-up for each set of columns that readers
    of its source are narrowed by, and then one for each of its words and each length that a
    prefix in use has. Readers of other words or other values cost nothing.
    """

    _sources: dict[Hashable, _Narrowed] = field(default_factory=dict["Hashable", _Narrowed])

    def add(self, token: Token, reads: Iterable[TermRead]) -> None:
        """Subscribes a token to terms."""
        for read in reads:
            by_values = self._sources.setdefault(read.source, {}).setdefault(read.columns, {})
            words = by_values.get(read.values)
            if words is None:
                words = by_values[read.values] = _Words()
            words.table(read).setdefault(read.word, {})[token] = None

    def remove(self, token: Token, reads: Iterable[TermRead]) -> None:
        """Takes a token's subscription back; `reads` is what was added."""
        for read in reads:
            narrowed = self._sources[read.source]
            by_values = narrowed[read.columns]
            words = by_values[read.values]
            table = words.table(read)
            tokens = table[read.word]
            tokens.pop(token, None)
            if tokens:
                continue
            del table[read.word]
            if read.is_prefix and not table:
                del words.prefixes[len(read.word)]
            if words.is_empty:
                del by_values[read.values]
                if not by_values:
                    del narrowed[read.columns]
                    if not narrowed:
                        del self._sources[read.source]

    def readers_of(self, source: object, out: dict[Token, None]) -> None:
        """Adds the tokens that looked up any term of a source."""
        for by_values in self._sources.get(source, {}).values():
            for words in by_values.values():
                for table in (words.exact, *words.prefixes.values()):
                    for tokens in table.values():
                        out.update(tokens)

    def affected(self, terms: Terms, out: dict[Token, None]) -> None:
        """Adds the tokens that looked up one of these terms."""
        narrowed = self._sources.get(terms.source)
        if narrowed is None:
            return
        for columns, by_values in narrowed.items():
            words = by_values.get(tuple([terms.columns[at] for at in columns]))
            if words is None:
                continue
            _collect(words.exact, terms.words, out)
            for length, prefixes in words.prefixes.items():
                _collect(prefixes, [word[:length] for word in terms.words], out)


def _collect(
    table: dict[str, dict[Token, None]], words: Sequence[str], out: dict[Token, None]
) -> None:
    if table:
        for word in words:
            tokens = table.get(word)
            if tokens is not None:
                out.update(tokens)
