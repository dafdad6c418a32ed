"""The input rules: what passes, what is refused, and in which form it is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from functions import validation
from reactor import ABSENT, AppError

EMOJI = "😀"


def refused(rule: Callable[..., object], *args: object) -> str:
    """The field that an INVALID_ARGUMENT names."""
    with pytest.raises(AppError) as caught:
        rule(*args)
    data = caught.value.data
    assert data["code"] == "INVALID_ARGUMENT"
    assert data["message"]
    assert data["reason"]
    return str(data["field"])


TEXTS: list[tuple[Callable[[str], str], str, int, int]] = [
    (validation.title, "title", 1, 200),
    (validation.name, "name", 1, 120),
    (validation.summary, "summary", 1, 1_000),
    (validation.description, "description", 0, 5_000),
    (validation.implication, "implication", 1, 5_000),
    (validation.content, "content", 1, 200_000),
    (validation.question, "question", 1, 1_000),
    (validation.prompt, "prompt", 1, 4_000),
    (validation.raw_text, "rawText", 1, 50_000),
    (validation.viewer_key, "viewerKey", 8, 64),
]


@pytest.mark.parametrize(("rule", "field", "shortest", "longest"), TEXTS)
def test_text_lengths(rule: Callable[[str], str], field: str, shortest: int, longest: int) -> None:
    """Lengths count code points, so an emoji is one."""
    assert rule(EMOJI * longest) == EMOJI * longest
    assert rule("x" * shortest) == "x" * shortest
    assert refused(rule, "x" * (longest + 1)) == field
    if shortest:
        assert refused(rule, "x" * (shortest - 1)) == field


def test_what_is_trimmed() -> None:
    """Titles and names lose their blanks; other texts are the author's."""
    assert validation.title(f"  {'x' * 200} ") == "x" * 200
    assert validation.name("\tAyu\n") == "Ayu"
    assert validation.summary(" s ") == " s "
    assert validation.prompt(f" {'x' * 4_000} ") == f" {'x' * 4_000} "
    for rule in (validation.title, validation.name, validation.prompt):
        refused(rule, " \n ")


@pytest.mark.parametrize(
    ("text", "stored"),
    [(" A@B.id ", "a@b.id"), ("Ünï@x.test", "ünï@x.test"), (f"{'a' * 249}@b.id", None)],
)
def test_emails(text: str, stored: str | None) -> None:
    """Addresses are compared in one form."""
    assert validation.email(text) == (stored or text)


@pytest.mark.parametrize("text", ["", "a", "@", "a@", "@b", "a@b@c", f"{'a' * 250}@b.id"])
def test_bad_emails(text: str) -> None:
    """What cannot receive mail is no address."""
    assert refused(validation.email, text) == "email"


URLS: list[tuple[Callable[[str], str], str]] = [
    (validation.source_url, "sourceUrl"),
    (validation.paper_url, "paperUrl"),
    (validation.image_url, "imageUrl"),
    (validation.avatar, "avatar"),
    (validation.video_url, "videoUrl"),
]


@pytest.mark.parametrize(("rule", "field"), URLS)
def test_urls(rule: Callable[[str], str], field: str) -> None:
    """D46: only web addresses become links and pictures."""
    for text in ("http://a", "HTTPS://A.test/é?q=1#x", f"https://a.test/{'x' * 2_033}"):
        assert rule(text) == text
    for text in (
        "a.test", "//a.test", "javascript:alert(1)", "JavaScript://a%0aalert(1)", "data:text/html",
        "java\nscript:x", "\x01javascript:x", " https://a.test", "https://a .test", "https://",
        "http:///x", "https://[::1", f"https://a.test/{'x' * 2_034}", "ftp://a.test",
    ):  # fmt: skip
        assert refused(rule, text) == field, text
    if field == "videoUrl":
        assert rule("") == ""
    else:
        assert refused(rule, "") == field


def test_tags() -> None:
    """Of tags that differ only in case the first stays, as it was written."""
    assert validation.tags([" AI ", "ai", "Law", "LAW "]) == ["AI", "Law"]
    assert validation.tags([]) == []
    assert len(validation.tags([str(number) for number in range(10)])) == 10
    for bad in ([""], ["  "], ["x" * 41], [str(number) for number in range(11)]):
        assert refused(validation.tags, bad) == "tags"
    assert validation.tags([EMOJI * 40]) == [EMOJI * 40]


def test_slugs() -> None:
    """An editor's slug has the form of all others."""
    for good in ("a", "a-b", "2026-11", "a" * 80):
        assert validation.slug(good) == good
    for bad in ("", "-a", "a-", "a--b", "A", "a b", "é", "a/b", "a\n", "a" * 101):
        assert refused(validation.slug, bad) == "slug"


@pytest.mark.parametrize(
    ("value", "count"), [(None, 20), (1, 1), (1.0, 1), (100, 100), (101, 100), (1e300, 100)]
)
def test_limits(value: float | None, count: int) -> None:
    """D26: too much is cut, nonsense is refused."""
    assert validation.limit(value) == count
    for bad in (0, -1, 1.5, float("nan"), float("inf"), float("-inf"), -0.0):
        assert refused(validation.limit, bad) == "limit"


NUMBERS: list[tuple[Callable[[float], float], str, float]] = [
    (validation.duration, "duration", 10_000),
    (validation.score, "score", 100),
    (validation.time_spent, "timeSpent", 100_000),
]


@pytest.mark.parametrize(("rule", "field", "highest"), NUMBERS)
def test_numbers(rule: Callable[[float], float], field: str, highest: float) -> None:
    """D81: NaN and infinity are refused like anything out of range."""
    for good in (0, 0.5, highest):
        assert rule(good) == good
    for bad in (-0.1, highest + 0.1, float("nan"), float("inf"), float("-inf")):
        assert refused(rule, bad) == field


def test_whole_numbers_say_both_ends() -> None:
    """Whoever asks for 366 days is told that there are 365 at most; a list's limit has no end."""
    for rule, value, reason in (
        (validation.stats_days, 366, "must be a whole number from 1 to 365"),
        (validation.limit, 0, "must be a whole number from 1"),
    ):
        with pytest.raises(AppError) as failed:
            rule(value)
        assert failed.value.data["reason"] == reason


def test_quiz_rules() -> None:
    """D49: a question has one right answer among different ones."""
    answers = validation.options([" a ", "b"])
    assert answers == [" a ", "b"]
    assert validation.correct_index(1, answers) == 1
    for bad in (["a"], list("abcdefg"), ["a", " a"], ["a", " "], ["a", "x" * 301]):
        assert refused(validation.options, bad) == "options"
    for index in (-1, 2, 0.5, float("nan")):
        field = refused(validation.correct_index, index, answers)
        assert field == "correctIndex"


def test_choices() -> None:
    """Settings take the values that the site knows."""
    assert validation.language("en") == "en"
    assert validation.theme("system") == "system"
    assert refused(validation.language, "EN") == "language"
    assert refused(validation.theme, "") == "theme"


def test_search_terms() -> None:
    """Searches are words; too short ones find nothing, too long ones are refused."""
    assert validation.search_terms(" UU-PDP  'Klausul' ") == ["uu", "pdp", "klausul"]
    assert validation.search_terms(" a ") == []
    assert validation.search_terms("") == []
    assert len(validation.search_terms("a b " * 50)) == 16
    assert refused(validation.search_terms, "x" * 201) == "query"


@pytest.mark.parametrize(
    "value", [{"x": float("nan")}, {"x": b"bytes"}, {"x": "é" * 2_100}, "x" * 4_095]
)
def test_bad_metadata(value: Any) -> None:
    """D112: notifications carry a note, not a document."""
    assert refused(validation.metadata, value) == "metadata"


def test_metadata() -> None:
    """Anything that is JSON and small is taken as it is."""
    for value in (None, {"a": [1, "é", None]}, "x" * 4_094):
        assert validation.metadata(value) == value


def test_given_and_clearable() -> None:
    """A rule is for what was sent; null clears where it may."""
    assert validation.given(validation.title, None) is None
    assert validation.given(validation.title, " x ") == "x"
    assert validation.clearable(validation.title, ABSENT) is ABSENT
    assert validation.clearable(validation.title, None) is None
    assert validation.clearable(validation.title, " x ") == "x"
