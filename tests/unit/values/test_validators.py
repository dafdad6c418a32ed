"""Validators of values inside values: arrays, records, unions, objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pytest

from reactor.errors import ValueNotAllowed
from reactor.values.ids import encode_id
from reactor.values.scalars import (
    Mismatch,
    Validator,
    VAny,
    VBoolean,
    VId,
    VInt64,
    VLiteral,
    VNull,
    VNumber,
    VString,
)
from reactor.values.types import ABSENT, Int64
from reactor.values.validators import VArray, VField, VObject, VRecord, VUnion, union_of

TABLES = {"users": 10_001}
USER = encode_id(10_001, bytes(16))
WHOLE = VNumber(whole=True)

PERSON = VObject(
    (
        VField("full_name", "fullName", VString()),
        VField("age", "age", WHOLE, optional=True, default=None),
        VField("tags", "tags", VArray(VString()), optional=True, factory=list),
        VField("nick", "nick", VUnion((VString(), VNull())), optional=True),
    )
)


def read(validator: Validator, wire: Any) -> Any:
    return validator.reader(TABLES)(wire)


def write(validator: Validator, value: Any) -> Any:
    return validator.writer(TABLES)(value)


def refuses(validator: Validator, *wires: Any) -> None:
    for wire in wires:
        with pytest.raises(Mismatch):
            read(validator, wire)
        assert validator.problem(wire, "", TABLES) is not None, wire


def test_arrays() -> None:
    numbers = VArray(WHOLE)
    assert read(numbers, [1, 2.0]) == [1, 2]
    assert write(numbers, (1, 2)) == [1.0, 2.0]
    assert read(numbers, []) == []
    refuses(numbers, None, "a", {}, [1, "a"], {"$bytes": ""})
    for value in ("ab", {1}, iter([1])):
        with pytest.raises(Mismatch):
            write(numbers, value)
    assert numbers.text() == "v.array(v.number())"
    assert numbers.export() == {"type": "array", "value": {"type": "number"}}


def test_arrays_have_at_most_8192_elements() -> None:
    """A typed list gets no further than an untyped one: Convex's clients would refuse it."""
    numbers = VArray(VNumber())
    assert len(read(numbers, [1.0] * 8192)) == 8192
    assert len(write(numbers, [1.0] * 8192)) == 8192
    for convert in (read, write):
        with pytest.raises(ValueNotAllowed) as caught:
            convert(numbers, [1.0] * 8193)
        assert caught.value.code == "ArrayTooLong"


def test_records() -> None:
    scores = VRecord(VString(), VNumber())
    assert read(scores, {"a": 1, "": 2.0}) == {"a": 1.0, "": 2.0}
    assert write(scores, MappingProxyType({"a": 1})) == {"a": 1.0}
    refuses(scores, [], None, {"a": "b"}, {"$integer": "BQAAAAAAAAA="}, {"$a": 1.0})
    with pytest.raises(Mismatch):
        write(scores, [("a", 1)])
    assert scores.text() == "v.record(v.string(), v.number())"
    assert scores.export() == {
        "type": "record",
        "keys": {"type": "string"},
        "values": {"fieldType": {"type": "number"}, "optional": False},
    }


def test_record_keys_follow_the_rules_of_field_names() -> None:
    """A key that Convex's clients cannot read is refused on its way in and on its way out."""
    scores = VRecord(VString(), VNumber())
    for name in ("é", "a\n", "x" * 1025):
        with pytest.raises(ValueNotAllowed):
            write(scores, {name: 1})
        with pytest.raises(ValueNotAllowed):
            read(scores, {name: 1.0})
    many = {str(n): 1.0 for n in range(1025)}
    with pytest.raises(ValueNotAllowed):
        read(scores, many)


def test_records_by_id() -> None:
    by_user = VRecord(VId("users"), VBoolean())
    assert read(by_user, {USER: True}) == {USER: True}
    refuses(by_user, {"somebody": True})


def test_unions_take_the_first_member_that_fits() -> None:
    either = VUnion((VInt64(), WHOLE, VNumber(), VNull()))
    for wire, value in [
        ({"$integer": "BQAAAAAAAAA="}, Int64(5)),
        (5.0, 5),
        (1.5, 1.5),
        (None, None),
    ]:
        found = read(either, wire)
        assert found == value
        assert type(found) is type(value)
        assert write(either, value) == wire
    refuses(either, "a", True, {})
    assert either.text() == "v.union(v.int64(), v.number(), v.number(), v.null())"
    assert either.export()["type"] == "union"


def test_a_union_of_nothing_takes_nothing() -> None:
    refuses(VUnion(()), None, 1.0, {})


def test_unions_of_literals() -> None:
    """One look-up, whatever their number; 1, "1", 1n and true stay apart."""
    literals = VUnion((VLiteral("a"), VLiteral(1), VLiteral(True), VLiteral(Int64(2))))
    for wire, value in [("a", "a"), (1.0, 1), (True, True), ({"$integer": "AgAAAAAAAAA="}, 2)]:
        assert read(literals, wire) == value
    refuses(literals, "1", False, 2.0, None, [], {}, {"$integer": "AQAAAAAAAAA="})
    wrong: list[Any] = ["1", False, 2, None, [], {}]
    for value in wrong:
        with pytest.raises(Mismatch):
            write(literals, value)
    assert write(literals, Int64(2)) == {"$integer": "AgAAAAAAAAA="}


def test_literals_beside_other_members() -> None:
    mixed = VUnion((VLiteral("a"), VNumber()))
    assert read(mixed, "a") == "a"
    assert read(mixed, 1) == 1.0
    refuses(mixed, "b")


def test_union_of_flattens() -> None:
    a, b, c = VString(), VNumber(), VNull()
    assert union_of([a]) is a
    assert union_of([VUnion((a, b)), c]) == VUnion((a, b, c))


def test_objects_fill_what_is_missing() -> None:
    """A handler sees the declared default, and its own list each time."""
    first = read(PERSON, {"fullName": "Ann"})
    assert first == {"full_name": "Ann", "age": None, "tags": [], "nick": ABSENT}
    first["tags"].append("x")
    assert read(PERSON, {"fullName": "Ann"})["tags"] == []


def test_objects_are_strict() -> None:
    """`v.optional` is not `null`, and a misspelt argument is no silently ignored one."""
    refuses(
        PERSON,
        {},
        {"full_name": "Ann"},
        {"fullName": "Ann", "more": 1},
        {"fullName": "Ann", "age": None},
        {"fullName": 5},
        None,
        [],
    )


def test_objects_leave_out_what_is_absent() -> None:
    wire = write(PERSON, {"full_name": "Ann", "age": None, "tags": ["x"], "nick": ABSENT})
    assert wire == {"fullName": "Ann", "tags": ["x"]}
    assert write(PERSON, {"full_name": "Ann", "age": 5, "nick": None}) == {
        "age": 5.0,
        "fullName": "Ann",
        "nick": None,
    }
    wrong: list[Any] = [{"age": 5}, {"full_name": ABSENT}, [], None]
    for value in wrong:
        with pytest.raises(Mismatch):
            write(PERSON, value)


def test_objects_are_written_in_wire_order() -> None:
    """Stored JSON is canonical: two equal documents are the same bytes."""
    names = VObject(tuple(VField(n, n, VNumber()) for n in ("b", "a", "B")))
    assert list(write(names, {"a": 1, "b": 2, "B": 3})) == ["B", "a", "b"]


def test_objects_with_a_rest() -> None:
    """`Flat[dict[str, Any]]` takes every field that is not declared."""
    open_ended = VObject((VField("a", "a", VNumber()),), rest="more")
    assert read(open_ended, {"a": 1, "b": 2, "c": {"$integer": "BQAAAAAAAAA="}}) == {
        "a": 1.0,
        "more": {"b": 2.0, "c": Int64(5)},
    }
    assert write(open_ended, {"a": 1, "more": {"b": 2}}) == {"a": 1.0, "b": 2.0}
    assert write(open_ended, {"a": 1, "more": {}}) == {"a": 1.0}
    assert open_ended.problem({"a": 1.0, "b": None}, "", TABLES) is None
    with pytest.raises(Mismatch):
        write(open_ended, {"a": 1, "more": {"a": 2}})
    with pytest.raises(Mismatch):
        read(open_ended, {"a": 1, "b": {"$x": 1}})
    assert VObject((), rest="more").text() == "v.any()"
    assert VObject((), rest="more").export() == {"type": "any"}


@dataclass
class _Point:
    x: float


def test_objects_of_a_class() -> None:
    def take(value: Any) -> Mapping[str, Any]:
        if not isinstance(value, _Point):
            raise Mismatch
        return vars(value)

    point = VObject((VField("x", "x", VNumber()),), lambda values: _Point(**values), take)
    assert read(point, {"x": 1}) == _Point(1.0)
    assert write(point, _Point(2)) == {"x": 2.0}
    with pytest.raises(Mismatch):
        write(point, {"x": 2})


def test_objects_printed_and_exported() -> None:
    assert PERSON.text() == (
        "v.object({fullName: v.string(), age: v.optional(v.number()), "
        "tags: v.optional(v.array(v.string())), "
        "nick: v.optional(v.union(v.string(), v.null()))})"
    )
    export = PERSON.export()
    assert list(export["value"]) == ["age", "fullName", "nick", "tags"]
    assert export["value"]["fullName"] == {"fieldType": {"type": "string"}, "optional": False}
    assert export["value"]["age"] == {"fieldType": {"type": "number"}, "optional": True}


def test_a_field_without_a_value() -> None:
    assert VField("a", "a", VAny(), optional=True).missing() is ABSENT
    assert VField("a", "a", VAny(), factory=dict).missing() == {}


# protocol.md 5.7: Convex's exact texts.

NESTED = VObject((VField("a", "a", VArray(VObject((VField("b", "b", VString()),)))),))


def test_the_text_of_a_missing_field() -> None:
    assert NESTED.problem({}, "", TABLES) == (
        "Object is missing the required field `a`. Consider wrapping the field validator in "
        "`v.optional(...)` if this is expected.\n\nObject: {}\n"
        "Validator: v.object({a: v.array(v.object({b: v.string()}))})"
    )
    assert NESTED.problem({"a": [{"b": "x"}, {}]}, "", TABLES) == (
        "Object is missing the required field `b`. Consider wrapping the field validator in "
        "`v.optional(...)` if this is expected.\nPath: .a[1]\nObject: {}\n"
        "Validator: v.object({b: v.string()})"
    )


def test_the_text_of_an_extra_field() -> None:
    assert NESTED.problem({"a": [{"b": "x", "c": 1}]}, "", TABLES) == (
        "Object contains extra field `c` that is not in the validator.\nPath: .a[0]\n"
        'Object: {b: "x", c: 1.0}\nValidator: v.object({b: v.string()})'
    )


def test_the_text_of_a_wrong_value_inside() -> None:
    assert NESTED.problem({"a": [{"b": 1}]}, "", TABLES) == (
        "Value does not match validator.\nPath: .a[0].b\nValue: 1.0\nValidator: v.string()"
    )
    assert NESTED.problem({"a": {}}, "", TABLES) == (
        "Value does not match validator.\nPath: .a\nValue: {}\n"
        "Validator: v.array(v.object({b: v.string()}))"
    )


def test_the_text_of_no_union_member() -> None:
    assert VUnion((VString(), VNull())).problem(True, ".x", TABLES) == (
        "Value does not match validator.\nPath: .x\nValue: true\n"
        "Validator: v.union(v.string(), v.null())"
    )


def test_the_paths_into_a_record() -> None:
    by_user = VRecord(VId("users"), VNumber())
    assert by_user.problem({"x": 1.0}, ".m", TABLES) == (
        'Value does not match validator.\nPath: .m.keys()\nValue: "x"\nValidator: v.id("users")'
    )
    assert by_user.problem({USER: "y"}, ".m", TABLES) == (
        'Value does not match validator.\nPath: .m.values()\nValue: "y"\nValidator: v.number()'
    )
