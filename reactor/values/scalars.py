# Parsed JSON is Any, and narrowing it by its type leaves the types of its elements open:
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false
"""Validators of single values, and what every validator has in common.

A validator is a small immutable tree. For speed it is compiled once into two closures:

* a *reader* takes parsed wire JSON and gives the Python value that a handler sees;
* a *writer* takes a Python value and gives a structure that orjson turns into wire JSON.

Both raise `Mismatch`, without a text, when the value does not fit. Only then does `problem` walk
the tree again and word the refusal, so that values that fit pay nothing for good messages.

Source: protocol.md 5.7 (texts) and 9.2 (exported form).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from reactor.errors import InvalidId, ValueNotAllowed
from reactor.values.display import at, display, shown
from reactor.values.ids import decode_id
from reactor.values.json import from_json, to_json
from reactor.values.types import Int64

Read = Callable[[Any], Any]
Write = Callable[[Any], Any]
Tables = Mapping[str, int]
"""Table name to table number; live, because tables appear while the server runs."""

WHOLE_MAX: Final = 2**53
SYSTEM_TABLES_BELOW: Final = 10_000


class Mismatch(Exception):
    """A value does not fit; `Validator.problem` says why."""


class Validator:
    """One node of the tree."""

    def reader(self, tables: Tables) -> Read:
        """Compiles the function from parsed wire JSON to the Python value."""
        raise NotImplementedError

    def writer(self, tables: Tables) -> Write:
        """Compiles the function from a Python value to an orjson-able structure."""
        raise NotImplementedError

    def export(self) -> dict[str, Any]:
        """The validator as Convex's tools read it (protocol.md 9.2)."""
        raise NotImplementedError

    def text(self) -> str:
        """The validator as Convex prints it in messages, such as `v.string()`."""
        raise NotImplementedError

    def problem(self, value: Any, path: str, tables: Tables) -> str | None:
        """Why parsed wire JSON does not fit, in Convex's words; None when it does."""
        try:
            self.reader(tables)(value)
        except Mismatch:
            return wrong_type(self, value, path)
        return None


def wrong_type(validator: Validator, value: Any, path: str) -> str:
    """The message for a value of another type."""
    return (
        f"Value does not match validator.\n{at(path)}\n"
        f"Value: {shown(value)}\nValidator: {validator.text()}"
    )


@dataclass(frozen=True, slots=True)
class VNull(Validator):
    """Only null."""

    def reader(self, tables: Tables) -> Read:
        return _exactly_none

    def writer(self, tables: Tables) -> Write:
        return _exactly_none

    def export(self) -> dict[str, Any]:
        return {"type": "null"}

    def text(self) -> str:
        return "v.null()"


def _exactly_none(value: Any) -> None:
    if value is not None:
        raise Mismatch


@dataclass(frozen=True, slots=True)
class VNumber(Validator):
    """A JavaScript number; `whole` is our addition for Python's int: whole and within 2^53."""

    whole: bool = False

    def reader(self, tables: Tables) -> Read:
        return _read_whole if self.whole else _read_float

    def writer(self, tables: Tables) -> Write:
        return _write_whole if self.whole else _write_float

    def export(self) -> dict[str, Any]:
        return {"type": "number"}

    def text(self) -> str:
        return "v.number()"

    def problem(self, value: Any, path: str, tables: Tables) -> str | None:
        problem = Validator.problem(self, value, path, tables)
        if problem is None or not self.whole:
            return problem
        try:
            _read_float(value)
        except Mismatch:
            return problem
        return (
            f"NotAnInteger: the value is not a whole number within 2^53.\n{at(path)}\n"
            f"Value: {shown(value)}\nValidator: v.number()"
        )


def _read_float(value: Any) -> float:
    kind = type(value)
    if kind is float:
        return cast("float", value)
    if kind is int:
        return float(value)
    if kind is dict and "$float" in value:
        decoded = special(value)
        if type(decoded) is float:
            return decoded
    raise Mismatch


def special(value: Any) -> Any:
    """`from_json` for readers: what cannot be a value does not fit."""
    try:
        return from_json(value)
    except ValueNotAllowed:
        raise Mismatch from None


def _read_whole(value: Any) -> int:
    kind = type(value)
    if kind is float:
        if not value.is_integer():
            raise Mismatch
        value = int(value)
    elif kind is not int:
        if kind is dict and "$float" in value and special(value) == 0:
            return 0
        raise Mismatch
    if not -WHOLE_MAX <= value <= WHOLE_MAX:
        raise Mismatch
    return cast("int", value)


def _write_float(value: Any) -> Any:
    kind = type(value)
    if kind is float:
        # -0.0, NaN and the infinities have a form of their own on the wire.
        return value if value - value == 0.0 and value != 0.0 else to_json(value)
    if kind is int and -WHOLE_MAX <= value <= WHOLE_MAX:
        return float(value)
    raise Mismatch


def _write_whole(value: Any) -> Any:
    kind = type(value)
    if (kind is int and -WHOLE_MAX <= value <= WHOLE_MAX) or (
        kind is float and value.is_integer() and abs(value) <= WHOLE_MAX
    ):
        return float(value)
    raise Mismatch


@dataclass(frozen=True, slots=True)
class VInt64(Validator):
    """A JavaScript bigint."""

    def reader(self, tables: Tables) -> Read:
        return _read_int64

    def writer(self, tables: Tables) -> Write:
        return _write_int64

    def export(self) -> dict[str, Any]:
        return {"type": "bigint"}

    def text(self) -> str:
        return "v.int64()"


def _read_int64(value: Any) -> Int64:
    if type(value) is dict and "$integer" in value:
        decoded = special(value)
        if type(decoded) is Int64:
            return decoded
    raise Mismatch


def _write_int64(value: Any) -> Any:
    if type(value) is not Int64:
        raise Mismatch
    return to_json(value)


@dataclass(frozen=True, slots=True)
class VBoolean(Validator):
    """true or false."""

    def reader(self, tables: Tables) -> Read:
        return _exactly_bool

    def writer(self, tables: Tables) -> Write:
        return _exactly_bool

    def export(self) -> dict[str, Any]:
        return {"type": "boolean"}

    def text(self) -> str:
        return "v.boolean()"


def _exactly_bool(value: Any) -> bool:
    if value is True or value is False:
        return value
    raise Mismatch


@dataclass(frozen=True, slots=True)
class VString(Validator):
    """Any valid Unicode text."""

    def reader(self, tables: Tables) -> Read:
        return _exactly_str

    def writer(self, tables: Tables) -> Write:
        return _any_str

    def export(self) -> dict[str, Any]:
        return {"type": "string"}

    def text(self) -> str:
        return "v.string()"


def _exactly_str(value: Any) -> str:
    if type(value) is not str:
        raise Mismatch
    return value


def _any_str(value: Any) -> str:
    if type(value) is str:
        return value
    if isinstance(value, str):
        return str.__str__(value)  # an enum's own __str__ may print its name
    raise Mismatch


@dataclass(frozen=True, slots=True)
class VBytes(Validator):
    """A byte string."""

    def reader(self, tables: Tables) -> Read:
        return _read_bytes

    def writer(self, tables: Tables) -> Write:
        return _write_bytes

    def export(self) -> dict[str, Any]:
        return {"type": "bytes"}

    def text(self) -> str:
        return "v.bytes()"


def _read_bytes(value: Any) -> bytes:
    if type(value) is dict and "$bytes" in value:
        decoded = special(value)
        if type(decoded) is bytes:
            return decoded
    raise Mismatch


def _write_bytes(value: Any) -> Any:
    if not isinstance(value, bytes | bytearray | memoryview):
        raise Mismatch
    return to_json(bytes(value))


@dataclass(frozen=True, slots=True)
class VAny(Validator):
    """Any Convex value."""

    def reader(self, tables: Tables) -> Read:
        return special

    def writer(self, tables: Tables) -> Write:
        return to_json

    def export(self) -> dict[str, Any]:
        return {"type": "any"}

    def text(self) -> str:
        return "v.any()"

    def problem(self, value: Any, path: str, tables: Tables) -> str | None:
        try:
            from_json(value)
        except ValueNotAllowed as error:
            return f"{error}\n{at(path)}"
        return None


@dataclass(frozen=True, slots=True)
class VLiteral(Validator):
    """One value; `python` is what the handler sees when that differs (an enum member)."""

    value: Any
    python: Any = None

    def reader(self, tables: Tables) -> Read:
        return literal_reader([self])

    def writer(self, tables: Tables) -> Write:
        return literal_writer([self])

    def export(self) -> dict[str, Any]:
        return {"type": "literal", "value": to_json(self.value)}

    def text(self) -> str:
        return f"v.literal({display(self.value)})"

    def problem(self, value: Any, path: str, tables: Tables) -> str | None:
        try:
            self.reader(tables)(value)
        except Mismatch:
            return f"`{shown(value)}` does not match literal validator `{self.text()}`.{at(path)}"
        return None


def _literal_key(value: Any) -> tuple[str, Any]:
    """0, False and "0" are different literals although Python finds some of them equal."""
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, Int64):
        return ("bigint", int(value))
    if isinstance(value, int | float):
        return ("number", float(value))
    return ("string", value)


def literal_reader(literals: Sequence[VLiteral]) -> Read:
    """Reads any of these literals; one dictionary look-up however many there are."""
    known = {
        _literal_key(one.value): one.value if one.python is None else one.python for one in literals
    }

    def read(value: Any) -> Any:
        if type(value) is dict:
            value = special(value)
        if type(value) is list or type(value) is dict:
            raise Mismatch
        try:
            return known[_literal_key(value)]
        except KeyError:
            raise Mismatch from None

    return read


def literal_writer(literals: Sequence[VLiteral]) -> Write:
    """Writes any of these literals, and the enum members that they are read as."""
    known = {_literal_key(one.value): to_json(one.value) for one in literals}
    known |= {
        _literal_key(one.python): to_json(one.value) for one in literals if one.python is not None
    }

    def write(value: Any) -> Any:
        try:
            return known[_literal_key(value)]
        except (KeyError, TypeError):
            raise Mismatch from None

    return write


@dataclass(frozen=True, slots=True)
class VId(Validator):
    """The id of a document of one table."""

    table: str

    def reader(self, tables: Tables) -> Read:
        name = self.table

        def read(value: Any) -> str:
            if type(value) is not str:
                raise Mismatch
            try:
                number, _ = decode_id(value)
            except InvalidId:
                raise Mismatch from None
            expected = tables.get(name)
            # A reader made outside a database has no table numbers: any id will do.
            if number != expected and expected is not None:
                raise Mismatch
            return value

        return read

    def writer(self, tables: Tables) -> Write:
        read = self.reader(tables)

        def write(value: Any) -> str:
            # Not only plain strings: normalize_id and enums give subclasses.
            found: str = read(str(value)) if isinstance(value, str) else read(value)
            return found

        return write

    def export(self) -> dict[str, Any]:
        return {"type": "id", "tableName": self.table}

    def text(self) -> str:
        return f'v.id("{self.table}")'

    def problem(self, value: Any, path: str, tables: Tables) -> str | None:
        if not isinstance(value, str):
            return wrong_type(self, value, path)
        try:
            number, _ = decode_id(value)
        except InvalidId:
            return wrong_type(self, value, path)
        if number == tables.get(self.table):
            return None
        other = next((name for name, n in tables.items() if n == number), None)
        if other is None:
            return wrong_type(self, value, path)
        origin = "a system table" if number < SYSTEM_TABLES_BELOW else f"table `{other}`"
        return (
            f'Found ID "{value}" from {origin}, which does not match the table name '
            f"in validator `{self.text()}`.{at(path)}"
        )
