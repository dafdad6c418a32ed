"""Wire JSON: what both official clients send, and what they can read."""

from __future__ import annotations

import math
import sys
from collections import defaultdict
from enum import IntEnum
from typing import Any, NamedTuple

import orjson
import pytest

from reactor import limits
from reactor.errors import BadRequest, ReactorError, ValueNotAllowed
from reactor.values.json import (
    Format,
    compact,
    dumps,
    from_json,
    loads,
    parse_format,
    reformat,
    to_json,
)
from reactor.values.order import compare
from reactor.values.types import ABSENT, Int64

# protocol.md 1.1
VECTORS: list[tuple[Any, bytes]] = [
    (None, b"null"),
    (True, b"true"),
    (False, b"false"),
    (Int64(0), b'{"$integer":"AAAAAAAAAAA="}'),
    (Int64(1), b'{"$integer":"AQAAAAAAAAA="}'),
    (Int64(-1), b'{"$integer":"//////////8="}'),
    (Int64(5), b'{"$integer":"BQAAAAAAAAA="}'),
    (Int64(123456789), b'{"$integer":"Fc1bBwAAAAA="}'),
    (Int64(2**63 - 1), b'{"$integer":"/////////38="}'),
    (Int64(-(2**63)), b'{"$integer":"AAAAAAAAAIA="}'),
    (math.nan, b'{"$float":"AAAAAAAA+H8="}'),
    (-0.0, b'{"$float":"AAAAAAAAAIA="}'),
    (math.inf, b'{"$float":"AAAAAAAA8H8="}'),
    (-math.inf, b'{"$float":"AAAAAAAA8P8="}'),
    (b"\x01\x02\x03", b'{"$bytes":"AQID"}'),
    (b"", b'{"$bytes":""}'),
    (b"\x00", b'{"$bytes":"AA=="}'),
    (1.0, b"1.0"),
    (0.0, b"0.0"),
    (2.0**53, b"9007199254740992.0"),
    ("é😀\n", '"é😀\\n"'.encode()),
    ([1.0, [], {}], b"[1.0,[],{}]"),
    ({"b": 1.0, "a": None, "": "", "B": b""}, b'{"":"","B":{"$bytes":""},"a":null,"b":1.0}'),
]


def code_of(error: pytest.ExceptionInfo[ReactorError]) -> str:
    return error.value.code


@pytest.mark.parametrize(("value", "wire"), VECTORS)
def test_vectors(value: Any, wire: bytes) -> None:
    """A client reads the number, bigint or bytes that the function returned, and not another."""
    assert dumps(value) == wire
    back = loads(wire)
    assert type(back) is type(value)
    assert compare(back, value) == 0


def test_every_json_number_is_a_float() -> None:
    """npm sends 1 for 1.0; a handler must not see an int where the number was a float."""
    for text in (b"1", b"1.0", b"1e0"):
        assert type(loads(text)) is float
    assert type(from_json(7)) is float


def test_large_and_small_floats_keep_an_exponent() -> None:
    """Without a point or an exponent the legacy Python client takes them for ints."""
    for number in (1e21, 1e-7, 5e-324, 1.7976931348623157e308):
        wire = dumps(number)
        assert b"e" in wire
        assert loads(wire) == number


def test_a_python_int_goes_out_as_a_float() -> None:
    """The legacy Python client refuses a bare 1."""
    assert dumps(1) == b"1.0"
    assert dumps([2**53, -(2**53)]) == b"[9007199254740992.0,-9007199254740992.0]"


def test_an_int_that_javascript_cannot_hold_is_refused() -> None:
    """9007199254740993 would silently arrive as ...992."""
    for beyond in (2**53 + 1, -(2**53) - 1):
        with pytest.raises(ValueNotAllowed, match="Int64"):
            to_json({"n": [beyond]})


@pytest.mark.parametrize(
    "wire",
    [
        {"$float": "AAAAAAAA+D8="},  # 1.5: not one of the four
        {"$float": "AAAAAAAAAAA="},  # +0
        {"$float": "AAAA"},
        {"$integer": "AAAA"},
        {"$integer": "AAAAAAAAAAA"},  # no padding
        {"$integer": "AAAAAAAAAA!="},
        {"$integer": 5},
        {"$bytes": "A"},
        {"$bytes": None},
        {"$set": []},
        {"$map": []},
        {"$undefined": None},
        {"$": 1},
        {"$a": 1, "b": 2},
        {"é": 1},
        {"a\n": 1},
        {"\x7f": 1},
        {"x" * 1025: 1},
    ],
)
def test_what_is_no_value(wire: Any) -> None:
    """What clients would refuse to read is refused before it is stored."""
    with pytest.raises(ValueNotAllowed):
        from_json(wire)


def test_field_names_that_are_allowed() -> None:
    """The empty name, blanks and any printable ASCII are fields, `$` in the middle too."""
    wire = {"": 1.0, " ": 1.0, "a$b~": 1.0, "_x": 1.0, "x" * 1024: 1.0}
    assert from_json(wire) == wire
    assert to_json(wire) == wire


def test_malformed_json() -> None:
    for text in (b"{", b"NaN", b'"\\ud800"', b""):
        with pytest.raises(ValueNotAllowed):
            loads(text)


def test_arrays_have_at_most_8192_elements() -> None:
    for convert in (from_json, to_json):
        assert len(convert([0.0] * 8192)) == 8192
        with pytest.raises(ValueNotAllowed) as caught:
            convert([0.0] * 8193)
        assert code_of(caught) == "ArrayTooLong"
        assert str(caught.value) == "Array length is too long (8193 > maximum length 8192)"


def test_objects_have_at_most_1024_fields() -> None:
    for convert in (from_json, to_json):
        assert len(convert({str(n): None for n in range(1024)})) == 1024
        with pytest.raises(ValueNotAllowed) as caught:
            convert({str(n): None for n in range(1025)})
        assert code_of(caught) == "TooManyFieldsError"


def nested(depth: int) -> Any:
    value: Any = 1.0
    for level in range(depth):
        value = [value] if level % 2 else {"a": value}
    return value


def test_values_nest_at_most_64_deep() -> None:
    """A hostile argument must not overflow the stack."""
    for convert in (from_json, to_json):
        convert(nested(limits.VALUE_NESTING_MAX))
        with pytest.raises(ValueNotAllowed) as caught:
            convert(nested(limits.VALUE_NESTING_MAX + 1))
        assert code_of(caught) == "TooNestedError"


class _Coin:
    def __wire__(self) -> dict[str, Any]:
        return {"idr": 5.0}


class _Name(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "not the text"


def test_python_values_that_have_a_wire_form() -> None:
    assert to_json((1, "a")) == [1.0, "a"]
    assert to_json(bytearray(b"\x01")) == to_json(memoryview(b"\x01")) == {"$bytes": "AQ=="}
    assert to_json([_Coin()]) == [{"idr": 5.0}]


def test_a_subclass_of_str_is_its_text() -> None:
    """An enum that is a str goes out as its value, whatever its __str__ prints."""
    wire = to_json(_Name("draft"))
    assert wire == "draft"
    assert type(wire) is str


@pytest.mark.parametrize("value", [object(), {1}, 1j, ABSENT, {"a": [object()]}])
def test_python_values_that_have_none(value: Any) -> None:
    with pytest.raises(ValueNotAllowed, match="no Convex value"):
        to_json(value)


def test_the_refusal_says_where() -> None:
    with pytest.raises(ValueNotAllowed, match=r"at \.a\[1\]\.b"):
        to_json({"a": [1, {"b": {3}}]})


def test_keys_that_are_no_text() -> None:
    with pytest.raises(ValueNotAllowed):
        to_json({1: "a"})


def test_half_a_surrogate_pair_is_no_text() -> None:
    """orjson and both clients would choke on it."""
    with pytest.raises(ValueNotAllowed):
        dumps({"a": "\ud800"})


def test_all_nans_are_one() -> None:
    assert dumps(-math.nan) == dumps(math.nan)


def test_formats_by_name() -> None:
    assert parse_format(None, Format.ENCODED) is Format.ENCODED
    assert parse_format("json", Format.ENCODED) is Format.JSON
    assert parse_format("convex_clean_json", Format.ENCODED) is Format.JSON
    assert parse_format("convex_encoded_json", Format.JSON) is Format.ENCODED
    assert parse_format("convex_json", Format.JSON) is Format.ENCODED
    assert parse_format("export_json", Format.JSON) is Format.EXPORT
    with pytest.raises(BadRequest) as caught:
        parse_format("xml", Format.JSON)
    assert code_of(caught) == "BadFormat"


def test_reformat() -> None:
    """protocol.md 4.2: what each `format` of the HTTP API makes of the special values."""
    value = {
        "big": Int64(-5), "nan": math.nan, "up": math.inf, "down": [-math.inf, -0.0],
        "raw": b"\x01", "n": 1.0,
    }  # fmt: skip
    wire = dumps(value)
    assert reformat(wire, Format.ENCODED) == wire
    assert orjson.loads(reformat(wire, Format.JSON)) == {
        "big": "-5", "nan": "NaN", "up": "Infinity", "down": ["-Infinity", -0.0],
        "raw": "AQ==", "n": 1.0,
    }  # fmt: skip
    export = orjson.loads(reformat(wire, Format.EXPORT))
    assert export["big"] == -5
    assert type(export["big"]) is int
    assert export["nan"] == {"$float": "AAAAAAAA+H8="}
    assert export["raw"] == {"$bytes": "AQ=="}
    assert type(export["n"]) is float


def test_reformat_leaves_plain_json_alone() -> None:
    wire = dumps({"price": "$5", "a": [1.0, None]})
    assert orjson.loads(reformat(wire, Format.JSON)) == orjson.loads(wire)
    assert reformat(b"[1.0]", Format.JSON) == b"[1.0]"


class _Level(IntEnum):
    HIGH = 3


class _Price(float):
    __slots__ = ()


class _Point(NamedTuple):
    x: float
    y: float


def test_subclasses_are_what_they_inherit_from() -> None:
    """An IntEnum, a defaultdict or a named tuple needs no conversion by hand."""
    levels: defaultdict[str, list[float]] = defaultdict(list, a=[1.0])
    given = [_Level.HIGH, _Price(1.5), levels, _Point(1.0, 2.0)]
    wire = to_json(given)
    assert wire == [3.0, 1.5, {"a": [1.0]}, [1.0, 2.0]]
    assert [type(item) for item in wire] == [float, float, dict, list]


def test_fields_that_are_absent_are_left_out() -> None:
    """As JavaScript's undefined; an array has no place for it."""
    assert to_json({"a": ABSENT, "b": 1.0}) == {"b": 1.0}
    with pytest.raises(ValueNotAllowed, match=r"at \[0\]"):
        to_json([ABSENT])


def test_vectors_of_numbers() -> None:
    """A list of numbers takes a short cut, which must not miss the floats that JSON lacks."""
    assert from_json([1, 2]) == [1.0, 2.0]
    assert {type(item) for item in from_json([1, 2])} == {float}
    assert to_json([0.0, 1.5]) == [0.0, 1.5]
    for special in (-0.0, math.nan, math.inf):
        assert to_json([1.0, special])[1] == to_json(special)
    # Their sum is infinite, and they are not.
    assert to_json([1e308, 1e308]) == [1e308, 1e308]


def test_a_number_that_no_float_holds() -> None:
    with pytest.raises(ValueNotAllowed, match="floats"):
        from_json({"n": 10**400})


def test_refusals_say_where_when_reading_too() -> None:
    """The path of a wrong argument, in the words of the caller."""
    for wire in ({"a": [1.0, {"$no": ""}]}, {"a": ["x", {"b": 1.0, "$c": 2.0}]}):
        with pytest.raises(ValueNotAllowed, match=r"\(at \.a\[1\]\)"):
            from_json(wire)


def test_half_a_surrogate_pair_says_where() -> None:
    with pytest.raises(ValueNotAllowed, match=r"Unicode \(at \.a\[0\]\)"):
        to_json({"a": ["\ud800"]})


def test_what_goes_in_is_not_what_comes_out() -> None:
    """A handler that changes its arguments changes nobody else's."""
    for convert in (from_json, to_json):
        inner: dict[str, Any] = {"b": [1.0]}
        given = {"a": inner}
        made = convert(given)
        made["a"]["b"].append(2.0)
        made["a"]["c"] = None
        assert given == {"a": {"b": [1.0]}}


def test_the_last_of_two_keys_counts() -> None:
    assert loads(b'{"a":1,"a":2}') == {"a": 2.0}


def test_a_value_that_holds_itself_is_too_nested() -> None:
    """It ends with a sentence, not with Python's recursion limit."""
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(ValueNotAllowed) as caught:
        to_json(loop)
    assert code_of(caught) == "TooNestedError"


def test_compact_text_keeps_no_spare_room() -> None:
    """A million resident documents must not keep orjson's buffers."""
    text = dumps({"a": "b"})
    assert compact(text) == text
    assert sys.getsizeof(compact(text)) == sys.getsizeof(b"") + len(text)
