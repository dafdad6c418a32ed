"""A search: what it reads, and what it finds where a view differs from the resident state."""

from __future__ import annotations

from reactor.log.terms import TermRead
from reactor.search.query import Differing
from reactor.values.order import encode_key
from tests.unit.search.world import hits, id_, index, query, raw, stored


def test_what_a_search_reads() -> None:
    """The words in documents that fit, and what the words weigh."""
    one = index()
    ai = encode_key("ai")
    assert set(query(one, "guru mur", topic="ai").reads()) == {
        TermRead(one, (0,), (ai,), "guru", False),
        TermRead(one, (0,), (ai,), "mur", True),
        TermRead(one.statistics, (), (), "guru", False),
        TermRead(one.statistics, (), (), "mur", True),
        TermRead(one.statistics, (), (), "", False),
    }


def test_a_search_for_nothing_reads_and_finds_nothing() -> None:
    """The empty search box of a page costs nothing, and is never run again."""
    one = index()
    one.load([stored(1, "guru")])
    for text in ("", "  ", "?!", "x" * 33):
        assert list(query(one, text).reads()) == []
        assert hits(one, text) == []


def test_a_view_replaces_hides_and_adds() -> None:
    one, gone, own = index(), index(), index()
    one.load([stored(1, "guru a"), stored(2, "guru b"), stored(3, "guru c")])
    gone.load([stored(1, "guru a"), stored(2, "guru b")])
    own.load([stored(1, "murid"), stored(4, "guru d")])
    differing = Differing(gone, own, [id_(1), id_(2), id_(4)])
    plain = index()
    plain.load([stored(1, "murid"), stored(3, "guru c"), stored(4, "guru d")])
    for text in ("guru", "murid", "gu", "guru murid", "a", "zzz"):
        assert hits(one, text, differing) == hits(plain, text)


def test_a_view_weighs_words_as_it_counts_them() -> None:
    """A mutation that adds many documents ranks as a query does after its commit."""
    one, gone, own = index(), index(), index()
    base = [stored(n, "guru murid") for n in range(40)]
    one.load(base)
    gone.load(base[:30])
    more = [stored(n, "guru air x" if n % 2 else "murid api") for n in range(100, 300)]
    own.load(more)
    plain = index()
    plain.load(base[30:] + more)
    ids = [id for id, _ in base[:30] + more]
    for text in ("guru murid ", "mur", "guru air"):
        assert hits(one, text, Differing(gone, own, ids)) == hits(plain, text)
    assert raw("x")
