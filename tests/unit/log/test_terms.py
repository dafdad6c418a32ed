"""Who reads which terms."""

from __future__ import annotations

from reactor.log.subscriptions import Token
from reactor.log.terms import TermRead, TermReaders, Terms

SOURCE, OTHER = "source", "other"


def read(word: str, *, prefix: bool = False, **columns: bytes) -> TermRead:
    at = {"a": 0, "b": 1}
    pairs = sorted((at[name], value) for name, value in columns.items())
    return TermRead(SOURCE, tuple(c for c, _ in pairs), tuple(v for _, v in pairs), word, prefix)


def terms(*words: str, a: bytes = b"1", b: bytes = b"2", source: str = SOURCE) -> Terms:
    return Terms(source, (a, b), tuple(sorted(words)))


def affected(readers: TermReaders, version: Terms) -> set[Token]:
    out: dict[Token, None] = {}
    readers.affected(version, out)
    return set(out)


READS = {
    "guru": read("guru"),
    "gu*": read("gu", prefix=True),
    "gur*": read("gur", prefix=True),
    "everything": read("", prefix=True),
    "guru, a=1": read("guru", a=b"1"),
    "guru, a=1, b=2": read("guru", a=b"1", b=b"2"),
    "guru, b=3": read("guru", b=b"3"),
    "gu*, b=3": read("gu", prefix=True, b=b"3"),
    "murid": read("murid"),
}


def test_a_version_finds_its_readers() -> None:
    """Only those whose word, or beginning, and values are the document's."""
    readers = TermReaders()
    for name, one in READS.items():
        readers.add(name, [one])
    cases = {
        terms("guru"): {"guru", "gu*", "gur*", "everything", "guru, a=1", "guru, a=1, b=2"},
        terms("guru", a=b"9", b=b"3"):
            {"guru", "gu*", "gur*", "everything", "guru, b=3", "gu*, b=3"},
        terms("gula", "air"): {"gu*", "everything"},
        terms("g"): {"everything"},
        terms("murid", "guru", a=b"0", b=b"0"): {"guru", "gu*", "gur*", "everything", "murid"},
        terms(): set[str](),
        terms("guru", source=OTHER): set[str](),
    }  # fmt: skip
    for version, expected in cases.items():
        assert affected(readers, version) == expected
        assert {name for name, one in READS.items() if one.finds(version)} == expected


def test_nothing_is_left_after_the_last_reader() -> None:
    readers = TermReaders()
    for name, one in READS.items():
        readers.add(name, [one])
        readers.add(name + "!", [one])
    for name, one in READS.items():
        readers.remove(name, [one])
    assert affected(readers, terms("murid")) == {"murid!", "everything!"}
    for name, one in READS.items():
        readers.remove(name + "!", [one])
    assert readers == TermReaders()
