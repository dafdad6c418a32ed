"""What a text is found by."""

from __future__ import annotations

import pytest

from reactor import limits
from reactor.errors import LimitError
from reactor.search.analyzer import Analyzer, Term


def document(text: str) -> list[str]:
    return Analyzer().document(text)


def words(text: str) -> list[str]:
    return [term.word for term in Analyzer().query(text)]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("Belajar Python 3, dengan cepat!", ["belajar", "python", "3", "dengan", "cepat"]),
        ("anak-anak", ["anak", "anak"]),
        ("don't snake_case a/b", ["don", "t", "snake", "case", "a", "b"]),
        ("Café CAFE\u0301 cafe", ["cafe", "cafe", "cafe"]),
        ("Straße ÉCOLE ﬁnal", ["strasse", "ecole", "final"]),
        ("\uff21\uff22\uff23\uff11\uff12", ["abc12"]),
        ("co\u00adoperate", ["cooperate"]),
        ("Привет Ёлка", ["привет", "елка"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("العَرَبِيّة أحمد", ["العربية", "احمد"]),
        ("½ ™ 😀 — «»", ["1", "2", "tm"]),
        ("", []),
        (" .,;!?-_ \n", []),
    ],
)
def test_words(text: str, terms: list[str]) -> None:
    assert document(text) == terms
    assert words(text) == list(dict.fromkeys(terms))


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("東京大学", ["東京", "京大", "大学", "学"]),
        ("学", ["学"]),
        ("iPhone手机壳 15", ["iphone", "手机", "机壳", "壳", "15"]),
        ("한국어를", ["한국", "국어", "어를", "를"]),
        ("ﾊﾝｶｸ", ["ハン", "ンカ", "カク", "ク"]),
        ("กรุง", ["กร", "รุ", "ุง", "ง"]),
        ("ສະບາຍ", ["ສະ", "ະບ", "ບາ", "າຍ", "ຍ"]),
        ("ភាសា", ["ភា", "ាស", "សា", "ា"]),
        ("မြန်", ["မြ", "ြန", "န်", "်"]),
        ("ꦗꦮ", ["ꦗꦮ", "ꦮ"]),
    ],
)
def test_scripts_without_spaces(text: str, terms: list[str]) -> None:
    """Pairs of neighbours, and the last character by itself."""
    assert document(text) == terms


def test_a_query_looks_for_pairs_and_the_last_word_as_a_beginning() -> None:
    assert Analyzer().query("belajar 東京都 py") == [
        Term("belajar", False), Term("東京", False), Term("京都", False), Term("py", True)
    ]  # fmt: skip


def test_one_character_is_found_wherever_it_stands() -> None:
    """It begins a pair, or it is the last of its run and a term by itself."""
    assert Analyzer().query("学 x y") == [
        Term("学", True, True), Term("x", False), Term("y", True)
    ]  # fmt: skip
    assert any(term.startswith("学") for term in document("大学生"))
    assert any(term.startswith("学") for term in document("大学"))


def test_a_word_that_comes_twice_is_one_term_and_still_a_beginning() -> None:
    assert Analyzer().query("anak orang anak") == [Term("anak", True), Term("orang", False)]
    assert Analyzer().query("anak-anak") == [Term("anak", True)]


def test_long_words_are_no_terms() -> None:
    """Keys and hashes do not fill the index; a long Russian word is found all the same."""
    limit = limits.SEARCH_TERM_CHARS_MAX
    for letter in "aя":
        assert document(f"{letter * limit} {letter * (limit + 1)} b") == [letter * limit, "b"]
        assert words(f"{letter * limit} {letter * (limit + 1)} b") == [letter * limit, "b"]


def test_too_many_words_are_refused() -> None:
    many = " ".join(f"w{n}" for n in range(limits.SEARCH_TERMS_MAX))
    assert len(words(many)) == limits.SEARCH_TERMS_MAX
    with pytest.raises(LimitError) as caught:
        words(f"{many} one more")
    assert caught.value.code == "TooManySearchTerms"


def test_too_many_pairs_are_refused() -> None:
    """A page of Chinese is one run, and would walk through the index a thousand times."""
    run = "".join(chr(0x4E00 + n) for n in range(limits.SEARCH_PAIRS_MAX + 1))
    assert len(words(run)) == limits.SEARCH_PAIRS_MAX
    with pytest.raises(LimitError) as caught:
        words(run + "天")
    assert caught.value.code == "TooManySearchTerms"


def test_hostile_text_costs_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SEARCH_FOLDS_MAX", 10)
    analyzer = Analyzer()
    text = "".join(chr(0x100 + n) for n in range(200)) + "\ud800\U0010ffff\x00"
    assert analyzer.document(text) == Analyzer().document(text)
    assert len(analyzer._folds) <= 10  # pyright: ignore[reportPrivateUsage]
