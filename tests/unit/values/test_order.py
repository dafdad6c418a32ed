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
