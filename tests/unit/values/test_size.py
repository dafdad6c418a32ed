"""Sizes and nesting: which documents are refused, by the same numbers as `getConvexSize`."""

from __future__ import annotations

from typing import Any

import pytest

from reactor import limits
from reactor.errors import ValueNotAllowed
from reactor.values.json import to_json
from reactor.values.size import check_document, nesting_of, size_of, wire_size
from reactor.values.types import ABSENT, Int64

SYSTEM: dict[str, Any] = {"_id": "j57000820c20a1g7104gm2rc1m70ynr8", "_creationTime": 1.5}


@pytest.mark.parametrize(
    ("value", "size"),
    [
        (None, 1),
        (True, 1),
        (1.0, 9),
        (1, 9),
        (Int64(1), 9),
        ("", 2),
        ("é", 4),
        ("😀", 6),
        (b"abc", 5),
        ([], 2),
        ([1.0, "a"], 14),
        ({}, 2),
        ({"a": 1.0, "bb": [None]}, 19),
        ({"name": "Ann", **SYSTEM}, 73),
    ],
)
def test_vectors(value: Any, size: int) -> None:
    """protocol.md 1.3."""
    assert size_of(value) == size
    assert wire_size(to_json(value)) == size


def test_absent_fields_count_nothing() -> None:
    assert size_of({"a": ABSENT}) == size_of({})


def test_what_has_no_size() -> None:
    with pytest.raises(ValueNotAllowed):
        size_of(object())


DEPTHS: list[tuple[Any, int]] = [
    (None, 0),
    ("a", 0),
    (Int64(1), 0),
    (b"a", 0),
    ([], 1),
    ({}, 1),
    ([1.0], 1),
    ({"a": Int64(1)}, 1),
    ({"a": [b"x"]}, 2),
    ([[], {"a": {}}], 3),
]


@pytest.mark.parametrize(("value", "depth"), DEPTHS)
def test_nesting(value: Any, depth: int) -> None:
    """A bigint or bytes is one value, although JSON writes it as an object."""
    assert nesting_of(to_json(value)) == depth


def nested(depth: int, inside: Any) -> Any:
    value: Any = inside
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize("inside", [1.0, Int64(1), b"x"])
def test_documents_nest_at_most_16_deep(inside: Any) -> None:
    check_document(to_json(nested(16, inside)))
    with pytest.raises(ValueNotAllowed) as caught:
        check_document(to_json(nested(17, inside)))
    assert caught.value.code == "TooNestedError"


def test_documents_take_at_most_a_mebibyte() -> None:
    """The limit counts the system fields, as Convex's does."""
    room = limits.DOCUMENT_BYTES_MAX - size_of({"text": "", **SYSTEM})
    check_document({"text": "x" * room, **SYSTEM})
    with pytest.raises(ValueNotAllowed) as caught:
        check_document({"text": "x" * (room + 1), **SYSTEM})
    assert caught.value.code == "ValueTooLargeError"


class _Name(str):
    __slots__ = ()


class _Fields(dict[str, Any]):
    pass


def test_sizes_of_other_python_types() -> None:
    """What may be stored has a size, in whatever type it comes."""
    assert size_of(_Name("é")) == size_of("é")
    assert size_of(_Fields(a=1.0)) == size_of({"a": 1.0})
    assert size_of((1, "a")) == size_of([1.0, "a"])
    assert size_of(bytearray(3)) == size_of(memoryview(bytes(3))) == 5
    assert size_of([1.0, 2.0]) == 20
    assert size_of({"a": ["é"], "b": "é"}) == 16


def test_sizes_of_what_breaks_another_limit() -> None:
    """A size is no way around the bounds of structure."""
    loop: list[Any] = []
    loop.append(loop)
    looped: dict[str, Any] = {}
    looped["a"] = looped
    for value, code in (
        (loop, "TooNestedError"),
        (looped, "TooNestedError"),
        ([None] * 8193, "ArrayTooLong"),
        ({str(at): None for at in range(1025)}, "TooManyFieldsError"),
        ({1: None}, "ValueNotAllowed"),
        ("\ud800", "ValueNotAllowed"),
    ):
        with pytest.raises(ValueNotAllowed) as caught:
            size_of(value)
        assert caught.value.code == code


def test_arrays_and_objects_of_documents_are_bounded() -> None:
    for document, code in (
        ({"a": [None] * 8193}, "ArrayTooLong"),
        ({"a": {str(at): None for at in range(1025)}}, "TooManyFieldsError"),
    ):
        with pytest.raises(ValueNotAllowed) as caught:
            check_document(document)
        assert caught.value.code == code


def test_the_size_of_a_document_is_returned() -> None:
    assert check_document({"name": "Ann", **SYSTEM}) == 73
