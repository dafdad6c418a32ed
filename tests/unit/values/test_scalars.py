"""Validators of single values: what each takes, gives, prints and exports."""

from __future__ import annotations

import enum
import math
from typing import Any

import orjson
import pytest

from reactor.errors import ValueNotAllowed
from reactor.values.display import display, shown
from reactor.values.ids import encode_id
from reactor.values.json import to_json
from reactor.values.scalars import (
    Mismatch,
    Validator,
    VAny,
    VBoolean,
    VBytes,
    VId,
    VInt64,
    VLiteral,
    VNull,
    VNumber,
    VString,
)
from reactor.values.types import Int64

TABLES = {"users": 10_001, "news": 10_002, "_storage": 512}
USER = encode_id(10_001, bytes(16))
NEWS = encode_id(10_002, bytes(16))
FILE = encode_id(512, bytes(16))
WHOLE = VNumber(whole=True)


def read(validator: Validator, wire: Any) -> Any:
    return validator.reader(TABLES)(wire)


def write(validator: Validator, value: Any) -> Any:
    return validator.writer(TABLES)(value)


class Color(enum.StrEnum):
    RED = "red"


class Loud(str, enum.Enum):  # noqa: UP042  # what people wrote before StrEnum
    RED = "red"


class Level(enum.IntEnum):
    LOW = 1


class Size(enum.Enum):
    SMALL = "s"
    LARGE = 40


ROUND_TRIPS: list[tuple[Validator, Any, Any]] = [
    (VNull(), None, None),
    (VNumber(), 1.5, 1.5),
    (VNumber(), -0.0, {"$float": "AAAAAAAAAIA="}),
    (VNumber(), math.inf, {"$float": "AAAAAAAA8H8="}),
    (WHOLE, 5, 5.0),
    (WHOLE, 2**53, 2.0**53),
    (WHOLE, -(2**53), -(2.0**53)),
    (VInt64(), Int64(5), {"$integer": "BQAAAAAAAAA="}),
    (VBoolean(), True, True),
    (VString(), "é", "é"),
    (VBytes(), b"\x01", {"$bytes": "AQ=="}),
    (VAny(), [Int64(5), {"a": None}], [{"$integer": "BQAAAAAAAAA="}, {"a": None}]),
    (VLiteral("a"), "a", "a"),
    (VLiteral(1), 1, 1.0),
    (VLiteral(True), True, True),
    (VLiteral(Int64(5)), Int64(5), {"$integer": "BQAAAAAAAAA="}),
    (VLiteral("red", Color.RED), Color.RED, "red"),
    (VLiteral("red", Loud.RED), Loud.RED, "red"),
    (VLiteral(1, Level.LOW), Level.LOW, 1.0),
    (VLiteral("s", Size.SMALL), Size.SMALL, "s"),
    (VLiteral(40, Size.LARGE), Size.LARGE, 40.0),
    (VId("users"), USER, USER),
]


@pytest.mark.parametrize(("validator", "value", "wire"), ROUND_TRIPS, ids=repr)
def test_round_trip(validator: Validator, value: Any, wire: Any) -> None:
    """What a handler stores is what another handler and the client read, type included."""
    assert write(validator, value) == wire
    back = read(validator, orjson.loads(orjson.dumps(wire)))
    assert back == value
    assert type(back) is type(value)
    assert validator.problem(wire, "", TABLES) is None


def test_nan_round_trip() -> None:
    wire = write(VNumber(), math.nan)
    assert wire == {"$float": "AAAAAAAA+H8="}
    assert math.isnan(read(VNumber(), wire))


REFUSED_ON_THE_WIRE: list[tuple[Validator, list[Any]]] = [
    (VNull(), [False, 0.0, "", {}]),
    (VNumber(), [None, True, "1", {"$integer": "BQAAAAAAAAA="}, {"$float": "AAAAAAAA+D8="}, {}]),
    (WHOLE, [1.5, True, "1", 2.0**53 + 2, 2**53 + 1, {"$float": "AAAAAAAA+H8="}, None]),
    (VInt64(), [5, 5.0, "5", {"$integer": "AAAA"}, {"$bytes": "AQ=="}, None]),
    (VBoolean(), [0.0, 1.0, None, "true"]),
    (VString(), [None, 1.0, {}, ["a"]]),
    (VBytes(), ["AQ==", {"$integer": "BQAAAAAAAAA="}, {"$bytes": 1}]),
    (VAny(), [{"$x": 1}, {"é": 1}]),
    (VLiteral("a"), ["b", None, [], {}, {"a": 1}]),
    (VLiteral(1), [True, "1", {"$integer": "AQAAAAAAAAA="}]),
    (VLiteral(True), [1.0, "true"]),
    (VLiteral(Int64(1)), [1.0, True]),
    (VId("users"), [NEWS, FILE, "u", 5.0, None, USER.upper()]),
]


@pytest.mark.parametrize(("validator", "wires"), REFUSED_ON_THE_WIRE, ids=repr)
def test_refused_arguments(validator: Validator, wires: list[Any]) -> None:
    """A handler never sees a value of another type than its annotation says."""
    for wire in wires:
        with pytest.raises(Mismatch):
            read(validator, wire)
        assert validator.problem(wire, "", TABLES) is not None


REFUSED_IN_PYTHON: list[tuple[Validator, list[Any]]] = [
    (VNull(), [False, 0]),
    (VNumber(), [True, Int64(1), "1", None, 2**53 + 1]),
    (WHOLE, [True, 1.5, math.inf, math.nan, Int64(1), 2**53 + 1]),
    (VInt64(), [5, 5.0]),
    (VBoolean(), [0, 1, None]),
    (VString(), [b"a", None, 1]),
    (VBytes(), ["a", None]),
    (VLiteral("a"), ["b", ["a"], {}, None, b"a"]),
    (VLiteral(1), [True, "1"]),
    (VId("users"), [NEWS, "u", None]),
]


@pytest.mark.parametrize(("validator", "values"), REFUSED_IN_PYTHON, ids=repr)
def test_refused_results(validator: Validator, values: list[Any]) -> None:
    """A document never holds a value of another type than its column says."""
    for value in values:
        with pytest.raises(Mismatch):
            write(validator, value)


def test_a_float_column_takes_ints() -> None:
    assert write(VNumber(), 3) == 3.0
    assert type(write(VNumber(), 3)) is float
    assert write(WHOLE, 3.0) == 3.0


def test_an_int_parameter_is_an_int() -> None:
    """`range(n)` fails on 5.0, which is how every client sends 5."""
    for wire in (5, 5.0):
        assert type(read(WHOLE, wire)) is int
    assert read(WHOLE, {"$float": "AAAAAAAAAIA="}) == 0
    assert type(read(VNumber(), 5)) is float


def test_any_bytes_are_bytes() -> None:
    for value in (bytearray(b"\x01"), memoryview(b"\x01")):
        assert write(VBytes(), value) == {"$bytes": "AQ=="}


def test_enums_that_are_texts_are_written_as_their_value() -> None:
    """`class Loud(str, Enum)` prints as Loud.RED, and must not be stored so."""
    for text in (Color.RED, Loud.RED):
        written = write(VString(), text)
        assert written == "red"
        assert type(written) is str
        assert to_json({"a": text}) == {"a": "red"}


def test_ids_outside_of_a_database() -> None:
    """`parse` of a webhook has no tables; any id will do there, but not any text."""
    assert VId("users").reader({})(NEWS) == NEWS
    with pytest.raises(Mismatch):
        VId("users").reader({})("n")


def test_ids_of_tables_that_appear_later() -> None:
    """A compiled function sees the tables that were created after it."""
    tables: dict[str, int] = {}
    check = VId("users").reader(tables)
    tables["users"] = 10_002
    assert check(NEWS) == NEWS
    with pytest.raises(Mismatch):
        check(USER)


def test_an_id_may_be_a_subclass_of_str() -> None:
    class Text(str):
        __slots__ = ()

    assert type(write(VId("users"), Text(USER))) is str


PRINTED: list[tuple[Validator, str, dict[str, Any]]] = [
    (VNull(), "v.null()", {"type": "null"}),
    (VNumber(), "v.number()", {"type": "number"}),
    (WHOLE, "v.number()", {"type": "number"}),
    (VInt64(), "v.int64()", {"type": "bigint"}),
    (VBoolean(), "v.boolean()", {"type": "boolean"}),
    (VString(), "v.string()", {"type": "string"}),
    (VBytes(), "v.bytes()", {"type": "bytes"}),
    (VAny(), "v.any()", {"type": "any"}),
    (VLiteral("a"), 'v.literal("a")', {"type": "literal", "value": "a"}),
    (VLiteral(True), "v.literal(true)", {"type": "literal", "value": True}),
    (VLiteral(1), "v.literal(1.0)", {"type": "literal", "value": 1.0}),
    (
        VLiteral(Int64(5)),
        "v.literal(5n)",
        {"type": "literal", "value": {"$integer": "BQAAAAAAAAA="}},
    ),
    (VId("users"), 'v.id("users")', {"type": "id", "tableName": "users"}),
]


@pytest.mark.parametrize(("validator", "text", "export"), PRINTED, ids=repr)
def test_printed_and_exported(validator: Validator, text: str, export: dict[str, Any]) -> None:
    """protocol.md 5.7 and 9.2: codegen and `function-spec` read the exported form."""
    assert validator.text() == text
    assert validator.export() == export


def test_the_text_of_a_wrong_type() -> None:
    """protocol.md 5.7: Convex's exact words, also at the root, where the path line is empty."""
    assert VString().problem(1, "", TABLES) == (
        "Value does not match validator.\n\nValue: 1.0\nValidator: v.string()"
    )
    assert VString().problem(1, ".a[0].b", TABLES) == (
        "Value does not match validator.\nPath: .a[0].b\nValue: 1.0\nValidator: v.string()"
    )


def test_the_text_of_a_wrong_literal() -> None:
    assert VLiteral("a").problem("b", "", TABLES) == (
        '`"b"` does not match literal validator `v.literal("a")`.'
    )
    assert VLiteral("a").problem("b", ".x", TABLES) == (
        '`"b"` does not match literal validator `v.literal("a")`.Path: .x'
    )


def test_the_texts_of_a_wrong_id() -> None:
    users = VId("users")
    assert users.problem(NEWS, ".x", TABLES) == (
        f'Found ID "{NEWS}" from table `news`, which does not match the table name in validator '
        '`v.id("users")`.Path: .x'
    )
    assert users.problem(FILE, "", TABLES) == (
        f'Found ID "{FILE}" from a system table, which does not match the table name in validator '
        '`v.id("users")`.'
    )
    for other in ("u", 5.0, encode_id(10_099, bytes(16))):
        problem = users.problem(other, "", TABLES)
        assert problem is not None
        assert problem.startswith("Value does not match validator.\n\n")
        assert problem.endswith('Validator: v.id("users")')


def test_the_text_of_a_number_that_is_not_whole() -> None:
    problem = WHOLE.problem(1.5, ".n", TABLES)
    assert problem is not None
    assert problem.startswith("NotAnInteger: ")
    assert "\nPath: .n\n" in problem
    assert WHOLE.problem("1", "", TABLES) == (
        'Value does not match validator.\n\nValue: "1"\nValidator: v.number()'
    )


def test_any_says_what_is_wrong() -> None:
    problem = VAny().problem({"$x": 1}, ".a", TABLES)
    assert problem is not None
    assert problem.endswith("\nPath: .a")
    with pytest.raises(ValueNotAllowed):
        write(VAny(), object())


@pytest.mark.parametrize(
    ("wire", "text"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (1, "1.0"),
        (1.5, "1.5"),
        ('a"b\\', '"a\\"b\\\\"'),
        ([1, "x"], '[1.0, "x"]'),
        ({"b": "x", "a": 1}, '{a: 1.0, b: "x"}'),
        ({}, "{}"),
        ({"$integer": "BQAAAAAAAAA="}, "5n"),
        ({"$bytes": "AQI="}, "Bytes(0102)"),
        ({"$float": "AAAAAAAAAIA="}, "-0.0"),
        ({"$x": 1}, "{'$x': 1}"),
    ],
)
def test_display(wire: Any, text: str) -> None:
    assert display(wire) == text


def test_messages_stay_readable() -> None:
    """A refused megabyte is not sent back in the refusal."""
    assert len(shown("x" * 100_000)) == 1001
    assert shown("x") == '"x"'
