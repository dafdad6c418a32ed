"""Convex's total order: what an index range holds, and in which order it comes."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest

from reactor.errors import ValueNotAllowed
from reactor.values.order import compare, decode_key, encode_key
from reactor.values.types import ABSENT, Int64

# protocol.md 1.4, in order; each one is smaller than the next.
ASCENDING: list[Any] = [
    ABSENT,
    None,
    Int64(-(2**63)),
    Int64(-1),
    Int64(0),
    Int64(1),
    Int64(2**63 - 1),
    -math.inf,
    -1e308,
    -1.0,
    -5e-324,
    -0.0,
    0.0,
    5e-324,
    1.0,
    2.0**53,
    math.inf,
    math.nan,
    False,
    True,
    "",
    "\x00",
    "\x00\x00",
    "\x00a",
    "\x01",
    "\x02",
    "a",
    "a\x00",
    "a\x00\x00",
    "a\x00b",
    "a\x01",
    "aa",
    "b",
    "é",
    "\uffff",
    "😀",
    b"",
    b"\x00",
    b"\x00\x00",
    b"\x00\xff",
    b"\x01",
    b"\x01\x00",
    b"\xff",
    b"\xff\x00",
    [],
    [None],
    [None, None],
    [Int64(5)],
    [1.0],
    [1.0, "a"],
    ["a"],
    ["a", "b"],
    ["a\x00"],
    [[]],
    {},
    {"": None},
    {"a": 1.0},
    {"a": 1.0, "b": 1.0},
    {"a": 2.0},
    {"b": 0.0},
]


def test_the_order_of_the_sheet() -> None:
    """A range or `order("asc")` gives documents in the order that Convex gives them."""
    for smaller, larger in pairwise(ASCENDING):
        assert compare(smaller, larger) == -1, (smaller, larger)
        assert compare(larger, smaller) == 1, (smaller, larger)


def test_every_value_equals_itself() -> None:
    for value in ASCENDING:
        assert compare(value, value) == 0


def test_no_key_is_the_start_of_another() -> None:
    """An equality range is every key with a prefix: "a" must not find "a" + NUL + anything."""
    keys = [encode_key(value) for value in ASCENDING]
    for key in keys:
        assert [other for other in keys if other.startswith(key)] == [key]


def test_keys_of_several_columns_are_their_concatenation() -> None:
    """("a", 2) comes before ("a", 10) and before ("aa", 1): columns do not run together."""
    rows = [("", 9.0), ("a", 2.0), ("a", 10.0), ("a\x00", 0.0), ("aa", 1.0)]
    keys = [encode_key(text) + encode_key(number) for text, number in rows]
    assert keys == sorted(keys)


def test_keys_can_be_read_back() -> None:
    for value in ASCENDING:
        (back,) = decode_key(encode_key(value))
        assert type(back) is type(value)
        assert compare(back, value) == 0
    assert decode_key(encode_key("a") + encode_key(1.0)) == ["a", 1.0]


def test_a_python_int_is_a_javascript_number() -> None:
    assert encode_key(3) == encode_key(3.0)
    assert encode_key(3) != encode_key(Int64(3))


@pytest.mark.parametrize("value", [object(), {1, 2}, (1,), "\ud800"])
def test_what_has_no_place_in_an_index(value: Any) -> None:
    with pytest.raises(ValueNotAllowed):
        encode_key(value)


def test_bytes_that_are_no_key() -> None:
    with pytest.raises(ValueError, match="no value starts"):
        decode_key(b"\x7f")


class _Name(str):
    __slots__ = ()


class _Price(float):
    __slots__ = ()


def test_other_python_types_of_one_value() -> None:
    """What may be stored may stand in a range, in whatever type it comes."""
    assert encode_key(_Name("a")) == encode_key("a")
    assert encode_key(_Price(1.5)) == encode_key(1.5)
    assert encode_key(bytearray(b"\x01")) == encode_key(b"\x01")
    assert encode_key(0) == encode_key(0.0)
    assert encode_key(-3) == encode_key(-3.0)
    assert encode_key(-math.nan) == encode_key(math.nan)


def test_numbers_that_javascript_cannot_hold() -> None:
    """2^53 + 1 would find the documents of 2^53."""
    for beyond in (2**53 + 1, -(2**53) - 1, 10**400):
        with pytest.raises(ValueNotAllowed, match="Int64"):
            encode_key(beyond)


def test_absent_fields_are_not_there() -> None:
    assert encode_key({"a": ABSENT, "b": 1.0}) == encode_key({"b": 1.0})
    with pytest.raises(ValueNotAllowed, match="element"):
        encode_key([ABSENT])


def test_keys_of_nested_values_are_bounded() -> None:
    """A hostile value or cursor must not overflow the stack."""
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(ValueNotAllowed) as caught:
        encode_key(loop)
    assert caught.value.code == "TooNestedError"
    with pytest.raises(ValueError, match="no value starts"):
        decode_key(b"\x12" * 100_000)


@pytest.mark.parametrize(
    "key",
    [
        b"\x0d\x80",  # a float cut short
        b"\x08\x00",  # an int64 cut short
        b"\x10a",  # a text without an end
        b"\x10\x01\x00",  # an escape without its second half
        b"\x10\xff\x00",  # no UTF-8
        b"\x12\x03",  # an array without an end
        b"\x15\x03\x03\x00",  # a field whose name is no text
        b"\x15\x10a\x00\x00",  # a name without a value
        b"\x15\x10a\x00\x03\x10a\x00\x03\x00",  # a name twice
        b"\x15\x10b\x00\x03\x10a\x00\x03\x00",  # names out of order
        b"\x0d\xff\xf9" + bytes(6),  # a NaN that is not the one
    ],
)
def test_a_garbled_key_is_refused(key: bytes) -> None:
    """A cursor comes from a client; only what encode_key gives is read back."""
    with pytest.raises(ValueError):  # noqa: PT011  # the kinds of damage have no text in common
        decode_key(key)
