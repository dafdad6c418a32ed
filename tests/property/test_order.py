# Values are Any, and narrowing one leaves the types of its elements open:
# pyright: reportUnknownArgumentType=false, reportUnknownVariableType=false
"""The order of index keys is Convex's total order, for any two values."""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from reactor.values.json import dumps, loads
from reactor.values.order import compare, decode_key, encode_key
from reactor.values.types import ABSENT, Int64

# Few letters, so that prefixes, NULs and equal values come up often.
texts = st.one_of(
    st.text(alphabet="\x00\x01\x02ab\x7fé\uffff😀", max_size=6), st.text(max_size=8)
).filter(lambda text: text.isascii() or text == text.encode(errors="ignore").decode())
binaries = st.one_of(
    st.lists(st.sampled_from([0, 1, 2, 254, 255]), max_size=6).map(bytes), st.binary(max_size=8)
)
names = st.text(alphabet="ab$ ~", max_size=3).filter(lambda name: not name.startswith("$"))
int64s = st.integers(-(2**63), 2**63 - 1).map(Int64)
scalars = st.one_of(st.none(), int64s, st.floats(allow_nan=True), st.booleans(), texts, binaries)
values: st.SearchStrategy[Any] = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(names, inner, max_size=3)),
    max_leaves=6,
)


def sign(left: Any, right: Any) -> int:
    larger, smaller = bool(left > right), bool(left < right)
    return larger - smaller


def rank(value: Any) -> int:
    """protocol.md 1.4: undefined < null < int64 < float64 < boolean < string < bytes < …"""
    kinds = (type(ABSENT), type(None), Int64, float, bool, str, bytes, list, dict)
    return kinds.index(type(value))


def by_the_rules(left: Any, right: Any) -> int:
    """protocol.md 1.4, read aloud; nothing here looks at encoded keys."""
    if rank(left) != rank(right):
        return sign(rank(left), rank(right))
    match left:
        case float():
            return sign(total(left), total(right))
        case str():
            return sign([*map(ord, left)], [*map(ord, right)])
        case bool() | int() | bytes():
            return sign(left, right)
        case list():
            return elementwise(left, right)
        case dict():
            return elementwise(flat(left), flat(right))
        case _:
            return 0


def total(number: float) -> int:
    """IEEE 754's totalOrder as an integer: -Inf < … < -0 < +0 < … < +Inf < NaN, all NaNs one."""
    if number != number:
        return 2**63
    bits: int = struct.unpack(">q", struct.pack(">d", number))[0]
    return bits if bits >= 0 else -(bits & 2**63 - 1) - 1


def flat(fields: dict[str, Any]) -> list[Any]:
    return [part for pair in sorted(fields.items(), key=lambda pair: pair[0]) for part in pair]


def elementwise(left: list[Any], right: list[Any]) -> int:
    for one, other in zip(left, right, strict=False):
        found = by_the_rules(one, other)
        if found:
            return found
    return sign(len(left), len(right))


@given(values, values)
@example("a", "a\x00")
@example(["a"], ["a\x00"])
@example({"a": None}, {"a": None, "b": None})
@example(-0.0, 0.0)
def test_keys_compare_as_the_rules_say(left: Any, right: Any) -> None:
    """An index range, `order()` and a page's edge agree with Convex's `compareValues`."""
    assert compare(left, right) == by_the_rules(left, right)


@given(st.lists(st.one_of(values, st.just(ABSENT)), max_size=8))
def test_the_order_is_total(some: list[Any]) -> None:
    """Any set of documents has one order, whatever order they were stored in."""
    ordered = sorted(some, key=encode_key)
    backwards = some[::-1]
    assert [encode_key(v) for v in sorted(backwards, key=encode_key)] == [
        encode_key(v) for v in ordered
    ]
    for smaller, larger in pairwise(ordered):
        assert compare(smaller, larger) <= 0
        assert compare(larger, smaller) == -compare(smaller, larger)


@given(st.lists(values, max_size=3), st.lists(values, max_size=3))
def test_keys_of_several_columns_compare_column_by_column(
    left: list[Any], right: list[Any]
) -> None:
    """Columns never run into each other: ("a", …) is below ("aa", …) in any case."""
    size = min(len(left), len(right))
    keys = [b"".join(map(encode_key, one[:size])) for one in (left, right)]
    assert sign(*keys) == elementwise(left[:size], right[:size])


@given(values, values)
def test_no_key_starts_another(left: Any, right: Any) -> None:
    """An equality range holds the documents that are equal, and no others."""
    a, b = encode_key(left), encode_key(right)
    assert b.startswith(a) == (a == b)


@given(values)
def test_keys_and_json_lose_nothing(value: Any) -> None:
    (back,) = decode_key(encode_key(value))
    assert compare(back, value) == 0
    again = loads(dumps(value))
    assert dumps(again) == dumps(value)
    assert rank(again) == rank(value)
