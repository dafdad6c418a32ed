"""From text to the terms that it is found by.

A word is a run of letters, digits and the marks that belong to them; everything else separates.
Words are compared without case, without accents, and without the wide, narrow and ligature forms of
letters; there is no stemming. Scripts that are written without spaces are cut into pairs of
neighbouring characters: what has all pairs of a word nearly always has the word. The last
character of such a run is a term as well, so that one character, looked up as the beginning of
terms, is found wherever it stands.

Source: protocol.md 5.6 and 7 (Convex: words at non-alphanumerics, long ones dropped, lower case).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from reactor import limits
from reactor.errors import LimitError

_ASCII_WORD: Final = re.compile(r"[a-z0-9]+")

_UNSPACED: Final = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f"  # Burmese
    "\u1780-\u17ff\u19e0-\u19ff"  # Khmer
    "\u1100-\u11ff\uac00-\ud7ff"  # Korean: it has spaces, but particles are written on
    "\u1950-\u19df\u1a20-\u1aaf"  # Tai Le, New Tai Lue, Tai Tham
    "\u1b00-\u1b7f\ua980-\ua9df"  # Balinese, Javanese
    "\u3005-\u3007\u3031-\u3035\u3040-\u312f\u31f0-\u31ff"  # Japanese, bopomofo
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese
)
_RUNS: Final = re.compile(f"([{_UNSPACED}]+)")

_ACCENTS: Final = {
    *range(0x0300, 0x0370),
    *range(0x0591, 0x05C8),
    *range(0x0610, 0x061B),
    *range(0x064B, 0x0660),
    0x0670,
}
"""Marks that words of European scripts, Hebrew and Arabic are found without."""

_DROPPED: Final = {0x00AD, 0x0640, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10)}
"""Soft hyphens, tatweels, joiners, variation selectors: they stand in words and are not seen."""


class Term(NamedTuple):
    """One term of a query.

    Args:
        word: what it is called in the index.
        is_prefix: whether terms that begin with it match as well.
        is_part: whether it is one character of a script without spaces, of which longer terms are
            no weaker a match.
    """

    word: str
    is_prefix: bool
    is_part: bool = False


class _Folds(dict[int, str]):
    """For `str.translate`: what each character is compared as; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = _fold(code)
        if len(self) < limits.SEARCH_FOLDS_MAX:
            self[code] = folded
        return folded


def _fold(code: int) -> str:
    if code in _DROPPED or code in _ACCENTS:
        return ""
    character = chr(code)
    if not _is_word_part(character):
        return " "
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    bare = "".join(part for part in parts if ord(part) not in _ACCENTS)
    return "".join(
        part if _is_word_part(part) else " " for part in unicodedata.normalize("NFC", bare)
    )


def _is_word_part(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")


class Analyzer:
    """Turns documents and queries into terms, by the same rules."""

    __slots__ = ("_folds",)

    def __init__(self) -> None:
        self._folds = _Folds()

    def document(self, text: str) -> list[str]:
        """Every term of a document's text, as often as it stands there."""
        if text.isascii():
            words = _ASCII_WORD.findall(text.lower())
            return [word for word in words if len(word) <= limits.SEARCH_TERM_CHARS_MAX]
        terms: list[str] = []
        for piece, is_unspaced in self._pieces(text):
            if not is_unspaced:
                if len(piece) <= limits.SEARCH_TERM_CHARS_MAX:
                    terms.append(piece)
                continue
            terms += [piece[at : at + 2] for at in range(len(piece) - 1)]
            terms.append(piece[-1])
        return terms

    def query(self, text: str) -> list[Term]:
        """The terms that a query asks for, each once; the last is looked up as a prefix.

        Raises:
            LimitError: TooManySearchTerms.
        """
        pieces = [
            (piece, is_unspaced)
            for piece, is_unspaced in self._pieces(text)
            if is_unspaced or len(piece) <= limits.SEARCH_TERM_CHARS_MAX
        ]
        distinct = len(set(pieces))
        if distinct > limits.SEARCH_TERMS_MAX:
            raise LimitError(
                f"Search query has too many terms: {distinct} (limit: {limits.SEARCH_TERMS_MAX}). "
                "Search for fewer words.",
                code="TooManySearchTerms",
            )
        terms: dict[str, Term] = {}
        for at, (piece, is_unspaced) in enumerate(pieces):
            if not is_unspaced:
                _add(terms, Term(piece, at == len(pieces) - 1))
            elif len(piece) == 1:
                _add(terms, Term(piece, True, True))
            else:
                for start in range(len(piece) - 1):
                    _add(terms, Term(piece[start : start + 2], False))
        if len(terms) > limits.SEARCH_PAIRS_MAX:
            raise LimitError(
                f"Search query is too long: it has {len(terms)} pairs of characters (limit: "
                f"{limits.SEARCH_PAIRS_MAX}). Search for fewer characters.",
                code="TooManySearchTerms",
            )
        return list(terms.values())

    def _pieces(self, text: str) -> list[tuple[str, bool]]:
        """Words, and runs of a script without spaces."""
        if text.isascii():
            return [(word, False) for word in _ASCII_WORD.findall(text.lower())]
        folded = unicodedata.normalize("NFKC", text).translate(self._folds)
        pieces: list[tuple[str, bool]] = []
        for word in folded.split():
            if word.isascii() or _RUNS.search(word) is None:
                pieces.append((word, False))
                continue
            # The pattern is a group, so every second part is a run.
            for at, part in enumerate(_RUNS.split(word)):
                if part:
                    pieces.append((part, at % 2 == 1))
        return pieces


def _add(terms: dict[str, Term], term: Term) -> None:
    """A word that comes twice is one term, and a prefix if it is one anywhere."""
    known = terms.get(term.word)
    if known is None or term.is_prefix:
        terms[term.word] = term
