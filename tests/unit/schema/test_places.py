"""Tables of several spaces in one storage: where they stand, which numbers they get."""

from __future__ import annotations

import pytest

from reactor import limits
from reactor.errors import LimitError
from reactor.schema.places import TableNumbers, place_of, split_place


def test_places_lead_back_to_space_and_table() -> None:
    assert (place_of("", "news"), place_of("a/b", "news")) == ("news", "a/b/news")
    assert split_place("news") == ("", "news")
    assert split_place("a/b/news") == ("a/b", "news")


def test_each_kind_has_numbers_of_its_own_in_every_space() -> None:
    """An id says by its number whether a system table's document is meant."""
    numbers = TableNumbers({"news": 10_004, "a/_storage": 700})
    places = ("users", "a/news", "_storage", "a/b/_jobs")
    assert [numbers.allocate(place) for place in places] == [10_005, 10_006, 701, 702]
    assert numbers == {
        "news": 10_004, "a/_storage": 700, "users": 10_005, "a/news": 10_006, "_storage": 701,
        "a/b/_jobs": 702,
    }  # fmt: skip


def test_a_space_sees_its_own_tables_only_and_sees_new_ones() -> None:
    numbers = TableNumbers()
    own, inner = numbers.of("a"), numbers.of("a/b")
    numbers.learn({"a/news": 10_001, "a/b/news": 10_002, "news": 10_003})
    numbers.allocate("a/users")
    assert own == {"news": 10_001, "users": 10_004}
    assert inner == {"news": 10_002}
    assert numbers.of("a") is own


def test_tables_of_all_spaces_count_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "TABLES_MAX", 2)
    numbers = TableNumbers({"news": 10_001, "a/news": 10_002})
    with pytest.raises(LimitError):
        numbers.allocate("b/news")
