# Values are Any, and narrowing one by its type leaves the types of its elements open:
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false
"""Values, whatever they contain: codecs round-trip, the order is total, keys and sizes agree."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from reactor.values.json import Format, dumps, from_json, loads, reformat, to_json
from reactor.values.order import compare, decode_key, encode_key
from reactor.values.size import check_document, size_of, wire_size
from reactor.values.types import ABSENT, Int64

NAMES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=8).filter(
    lambda name: not name.startswith("$")
)
# NUL and 01 are what keys escape; half surrogates are no Unicode, and hypothesis makes none.
TEXTS = st.text(max_size=12) | st.text(st.sampled_from("a\x00\x01\x02é😀"), max_size=4)
BLOBS = st.binary(max_size=12) | st.lists(st.sampled_from([0, 1, 2, 255]), max_size=4).map(bytes)
NUMBERS = st.floats() | st.integers(-(2**53), 2**53)
BIGINTS = st.integers(-(2**63), 2**63 - 1).map(Int64)
SCALARS = st.none() | st.booleans() | NUMBERS | BIGINTS | TEXTS | BLOBS
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
WITH_ABSENT = VALUES | st.just(ABSENT)
TYPE_ORDER: list[type[Any]] = [type(None), Int64, float, bool, str, bytes, list, dict]


def normal(value: Any) -> Any:
    """The value as it comes back: plain ints are floats, and all NaNs are one."""
    if type(value) is int or type(value) is float:
        return "NaN" if value != value else (float(value), math.copysign(1.0, value))
    if isinstance(value, list):
        return [normal(item) for item in value]
    if isinstance(value, dict):
        return {name: normal(item) for name, item in value.items()}
    return (type(value), value)


def expected_order(a: Any, b: Any) -> int:
    """The order of protocol.md 1.4, written down without keys."""
    ranks = [
        -1 if one is ABSENT else TYPE_ORDER.index(float if type(one) is int else type(one))
        for one in (a, b)
    ]
    if ranks[0] != ranks[1]:
        return -1 if ranks[0] < ranks[1] else 1
    if type(a) is float or type(a) is int:
        a, b = float_rank(float(a)), float_rank(float(b))
    elif type(a) is dict:
        a, b = ([[*pair] for pair in sorted(one.items())] for one in (a, b))
    if type(a) is list:
        return next(
            (order for x, y in zip(a, b, strict=False) if (order := expected_order(x, y))),
            (len(a) > len(b)) - (len(a) < len(b)),
        )
    return 0 if a is b or a is None else (a > b) - (a < b)


def float_rank(number: float) -> tuple[float, float]:
    """NaN after everything, -0.0 before 0.0."""
    return (math.inf, 1.0) if number != number else (number, math.copysign(0.5, number))


@given(VALUES)
def test_wire_round_trip(value: Any) -> None:
    """What a function returns is what it gets when a client sends it back."""
    text = dumps(value)
    back = loads(text)
    assert normal(back) == normal(value)
    assert dumps(back) == text
    assert normal(from_json(to_json(value))) == normal(value)


@given(VALUES)
def test_wire_text_is_canonical(value: Any) -> None:
    """Equal values have equal bytes: results are compared, and deduplicated, by their text."""
    parsed = orjson.loads(dumps(value))
    assert orjson.dumps(parsed, option=orjson.OPT_SORT_KEYS) == dumps(value)
    if isinstance(value, dict):
        backwards = dict(reversed(value.items()))
        assert dumps(backwards) == dumps(value)


@given(VALUES)
def test_reading_leaves_what_was_parsed_alone(value: Any) -> None:
    """A handler may change its arguments; the engine still holds the parsed message."""
    parsed = orjson.loads(dumps(value))
    before = orjson.dumps(parsed)
    back = from_json(parsed)
    if isinstance(back, dict):
        back["new"] = 1.0
    elif isinstance(back, list):
        back.append(1.0)
    assert orjson.dumps(parsed) == before


@given(VALUES)
def test_the_other_formats_are_json(value: Any) -> None:
    """Every format of the HTTP API parses, and tells int64 from float in an export."""
    wire = dumps(value)
    assert reformat(wire, Format.ENCODED) == wire
    for form in (Format.JSON, Format.EXPORT):
        parsed = orjson.loads(reformat(wire, form))
        if isinstance(value, Int64):
            assert int(parsed) == value
            assert type(parsed) is (str if form is Format.JSON else int)


@given(WITH_ABSENT, WITH_ABSENT)
def test_keys_have_the_order_of_the_values(a: Any, b: Any) -> None:
    """An index gives documents in Convex's order."""
    assert compare(a, b) == expected_order(a, b)


@given(st.lists(WITH_ABSENT, max_size=8))
def test_the_order_is_total(values: list[Any]) -> None:
    for smaller, larger in pairwise(sorted(values, key=encode_key)):
        assert expected_order(smaller, larger) <= 0


@given(st.lists(WITH_ABSENT, max_size=4), st.lists(WITH_ABSENT, max_size=4))
def test_keys_of_several_columns(a: list[Any], b: list[Any]) -> None:
    """A key of two columns is ordered by the first, then by the second, and never by a mix."""
    left, right = (b"".join(map(encode_key, row)) for row in (a, b))
    assert ((left > right) - (left < right)) == expected_order(a, b)


@given(WITH_ABSENT, WITH_ABSENT)
def test_no_key_begins_another(a: Any, b: Any) -> None:
    """An equality range is all that begins with a key; it may hold no other value's documents."""
    left, right = encode_key(a), encode_key(b)
    assert left == right or not left.startswith(right)


@given(st.lists(WITH_ABSENT, max_size=4))
def test_keys_can_be_read_back(values: list[Any]) -> None:
    """The dashboard shows which range was read, in values."""
    key = b"".join(map(encode_key, values))
    assert normal(decode_key(key)) == normal(values)


@given(st.binary(max_size=24) | st.lists(WITH_ABSENT).map(lambda v: b"".join(map(encode_key, v))))
def test_reading_bytes_that_are_no_key(key: bytes) -> None:
    """Bytes either are a key, exactly, or are refused as none."""
    try:
        values = decode_key(key)
    except ValueError:
        return
    assert b"".join(map(encode_key, values)) == key


@given(VALUES)
def test_sizes_agree(value: Any) -> None:
    """A document counts the same before and after it was encoded."""
    parsed = orjson.loads(dumps(value))
    assert size_of(value) == wire_size(parsed) == check_document(parsed)


@given(st.dictionaries(NAMES, WITH_ABSENT, max_size=5))
def test_absent_fields_are_not_there(fields: dict[str, Any]) -> None:
    """A field that is ABSENT is one that is missing: on the wire, in keys and in sizes."""
    present = {name: item for name, item in fields.items() if item is not ABSENT}
    assert dumps(fields) == dumps(present)
    assert encode_key(fields) == encode_key(present)
    assert size_of(fields) == size_of(present)
