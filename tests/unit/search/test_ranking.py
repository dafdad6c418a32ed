"""The order of hits; `tests/property/test_search.py` compares it with a naive one."""

from __future__ import annotations

import pytest

from reactor.search import ranking
from reactor.search.analyzer import Term
from reactor.search.ranking import Weighted, ranked, weight
from reactor.search.text import TextIndex
from tests.unit.search.world import found, index, stored


def filled(*titles: str) -> TextIndex:
    one = index()
    one.load([stored(at, title) for at, title in enumerate(titles)])
    return one


def test_more_of_the_words_is_better() -> None:
    assert found(filled("guru", "murid", "guru dan murid", "air"), "murid guru ") == [2, 1, 0]


def test_short_documents_and_repeated_words_are_better() -> None:
    assert found(filled("guru " + "x " * 20, "guru x", "guru guru x"), "guru") == [2, 1, 0]


def test_the_newest_of_equals_comes_first() -> None:
    assert found(filled("guru", "guru", "guru"), "guru") == [2, 1, 0]


def test_a_whole_word_is_better_than_one_that_begins_with_it() -> None:
    """While "guru" is typed, "gurun" is found as well, but not before it."""
    one = filled("guru", "gurun", "gu")
    assert found(one, "guru") == [0, 1]
    assert found(one, "gur") == [1, 0]
    assert found(one, "guru x") == [0], "only the last word is a beginning"


def test_rare_words_weigh_more() -> None:
    one = index()
    one.load([*(stored(at, f"umum w{at}") for at in range(100)), stored(200, "langka w1 w2 w3")])
    assert found(one, "umum langka ")[0] == 200
    assert weight(100_000, 10) > weight(100_000, 1_000) > weight(100_000, 100_000) > 0
    assert weight(0, 0) > 0


def test_one_character_of_chinese_is_as_good_as_it_gets() -> None:
    """Whether it stands before another character or at the end of a run makes no difference."""
    assert found(filled("大学", "学生", "京都"), "学") == [1, 0]


def test_filters_pick_few_or_many() -> None:
    """A small group is scored one by one, a large one is met on the walk: the same order."""
    one = index()
    one.load(
        [
            stored(n, f"guru {'x ' * (n % 9)}", topic="all", author={"name": n % 50})
            for n in range(900)
        ]
    )
    everybody = found(one, "guru", topic="all")
    assert everybody == found(one, "guru")
    assert found(one, "guru", author=7) == [n for n in everybody if n % 50 == 7]
    assert found(one, "guru", topic="all", author=7) == found(one, "guru", author=7)


def test_a_hit_waits_for_a_newer_one_of_the_same_score(monkeypatch: pytest.MonkeyPatch) -> None:
    """The walk meets the older of two equals first, through the list that falls faster."""
    monkeypatch.setattr(ranking, "CHUNK_FIRST", 1)
    monkeypatch.setattr(ranking, "CHUNK_MAX", 1)
    one = filled("a", "b", "b", "b")
    terms = [Weighted(Term("a", False), 1000), Weighted(Term("b", False), 1000)]
    order = [int.from_bytes(id, "big") for _, _, id in ranked(one, terms, (), (), frozenset())]
    assert order == [3, 2, 1, 0]


def test_hits_are_found_as_they_are_asked_for() -> None:
    """Ten results of a common word do not cost a look at every document."""
    one = filled(*["guru"] * 5_000)
    walk = ranked(one, [Weighted(Term("guru", True), 1)], (), (), frozenset())
    del one.entries[0], one.entries[1 * 2048]
    assert int.from_bytes(next(walk)[2], "big") == 4_999


def test_hidden_documents_are_left_out() -> None:
    one = filled("guru", "guru")
    hidden = [id for _, _, id in ranked(one, [Weighted(Term("guru", False), 1)], (), (), [b"?"])]
    assert len(hidden) == 2
    left = ranked(one, [Weighted(Term("guru", False), 1)], (), (), hidden[:1])
    assert [hit[2] for hit in left] == hidden[1:]
