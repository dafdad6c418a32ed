"""The index: which documents are in it, what a write touches, what is left behind."""

from __future__ import annotations

from typing import Any

import pytest

from reactor.search import text as text_module
from reactor.search.text import (
    MOMENT_MASK,
    SIZE_FLOOR,
    STATISTIC_FLOOR,
    moment_of,
    rounded_count,
    rounded_size,
)
from reactor.values.order import encode_key
from reactor.values.types import ABSENT, Int64
from tests.unit.search.world import found, hits, id_, index, raw, stored


@pytest.mark.parametrize("title", [None, 7, True, ["guru"], {"guru": "guru"}, "", "—!"])
def test_documents_without_words_are_not_in_it(title: Any) -> None:
    one = index()
    one.load([stored(1, title), stored(2, "guru")])
    assert one.size == 1
    assert found(one, "guru") == [2]
    assert [t.words for t in one.apply(id_(1), raw(title, created=1.0), None)] == []
    assert one.size == 1


def test_a_document_that_lacks_the_column_is_not_in_it() -> None:
    one = index()
    assert one.apply(id_(1), None, b'{"_creationTime":1.0,"_id":"x"}') == []
    assert one.is_empty


def test_a_write_tells_both_versions_terms_and_columns() -> None:
    one = index()
    old, new = raw("guru baru", topic="ai"), raw("murid baru", topic="law")
    one.apply(id_(1), None, old)
    touched = one.apply(id_(1), old, new)
    ai, law, absent = encode_key("ai"), encode_key("law"), encode_key(ABSENT)
    assert [(t.source, t.columns, t.words) for t in touched] == [
        (one, (ai, absent), ("baru", "guru")), (one, (law, absent), ("baru", "murid"))
    ]  # fmt: skip
    assert found(one, "guru") == []
    assert found(one, "murid", topic="law") == [1]


def test_a_write_to_other_columns_touches_and_moves_nothing() -> None:
    """A live search shows documents, so it runs again; the index stays as it is."""
    one = index()
    old, new = raw("guru", views=1), raw("guru", views=2)
    one.apply(id_(1), None, old)
    entry = one.entries[moment_of(1.0)]
    (touched,) = one.apply(id_(1), old, new)
    assert touched.words == ("guru",)
    assert one.entries[moment_of(1.0)] is entry


def test_values_of_filter_columns_are_index_values() -> None:
    """null is not missing, and an int64 is no float."""
    one = index()
    values: list[Any] = [None, 1.0, Int64(1), "1", True, ["a"], {"a": 1.0}]
    one.load([stored(at, "guru", topic=value) for at, value in enumerate(values)])
    one.apply(*stored_args(99, "guru"))
    for at, value in enumerate(values):
        assert found(one, "guru", topic=value) == [at]
    assert found(one, "guru", topic=ABSENT) == [99]
    assert found(one, "guru", topic="?") == []


def stored_args(number: int, title: str, **fields: Any) -> tuple[bytes, None, bytes]:
    id, body = stored(number, title, **fields)
    return id, None, body


def test_filters_look_inside_objects_and_all_must_hold() -> None:
    one = index()
    one.load(
        [
            stored(1, "guru", topic="ai", author={"name": "Ani"}),
            stored(2, "guru", topic="ai", author={"name": "Budi"}),
            stored(3, "guru", topic="law", author={"name": "Ani"}),
        ]
    )
    assert found(one, "guru", author="Ani") == [3, 1]
    assert found(one, "guru", author="Ani", topic="ai") == [1]


def test_nothing_is_left_of_deleted_documents() -> None:
    """A table that is filled and emptied for a year keeps no word of it."""
    one = index()
    documents = [stored(n, f"guru w{n} {'a' * (n % 30)}", topic=n % 3) for n in range(300)]
    for id, body in documents:
        one.apply(id, None, body)
    for id, body in documents:
        one.apply(id, body, None)
    assert one.is_empty
    assert one.beginning_with("") == []


def test_two_documents_of_one_moment() -> None:
    """Imported documents may share their creation time."""
    one = index()
    documents = [stored(n, title, created=5.0) for n, title in enumerate(["guru", "murid", "guru"])]
    for id, body in documents:
        one.apply(id, None, body)
    assert found(one, "guru") == [0, 2]
    assert found(one, "murid") == [1]
    one.apply(id_(0), documents[0][1], None)
    assert found(one, "guru") == [2]
    one.apply(id_(2), documents[2][1], None)
    one.apply(id_(1), documents[1][1], None)
    assert one.is_empty


def test_a_huge_document_is_searchable() -> None:
    """1 MiB of words; what it is found by stays bounded by its length."""
    one = index()
    huge = " ".join(f"w{n % 5000}" for n in range(150_000))
    one.load([stored(1, huge), stored(2, "w7 short")])
    assert found(one, "w7") == [2, 1]
    assert found(one, "w4999") == [1]


@pytest.mark.parametrize("created", [-5.0, 0.0, 1e300, 4.4e12])
def test_any_creation_time_has_a_place(created: float) -> None:
    one = index()
    one.load([stored(1, "guru", created=created), stored(2, "guru", created=1.0)])
    assert 0 <= moment_of(created) <= MOMENT_MASK
    assert sorted(found(one, "guru")) == [1, 2]
    one.apply(id_(1), raw("guru", created=created), None)
    assert found(one, "guru") == [2]


def test_statistics_are_rounded_up_to_powers_of_two() -> None:
    assert [rounded_count(n) for n in (0, 1, 16, 17, 32, 33)] == [16, 16, 16, 32, 32, 64]
    assert [rounded_size(n) for n in (0, 1024, 1025, 5000)] == [1024, 1024, 2048, 8192]
    assert rounded_count(STATISTIC_FLOOR) == STATISTIC_FLOOR
    assert rounded_size(SIZE_FLOOR) == SIZE_FLOOR


def test_a_write_tells_when_a_statistic_passes_a_power_of_two(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Other documents change an order then, and only then."""
    monkeypatch.setattr(text_module, "STATISTIC_FLOOR", 2)
    monkeypatch.setattr(text_module, "SIZE_FLOOR", 4)
    one = index()

    def crossed(id: int, old: bytes | None, new: bytes | None) -> list[str]:
        touched = one.apply(id_(id), old, new)
        return [word for terms in touched if terms.source is one.statistics for word in terms.words]

    body = [raw("guru", created=float(n)) for n in range(6)]
    assert [crossed(n, None, body[n]) for n in range(6)] == [[], [], ["guru"], [], ["", "guru"], []]
    assert crossed(5, body[5], raw("guru baru", created=5.0)) == []
    assert crossed(5, raw("guru baru", created=5.0), None) == []
    assert crossed(4, body[4], None) == ["", "guru"]
    assert hits(one, "guru")
