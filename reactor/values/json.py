# Parsed JSON is Any, and narrowing it by its type leaves the types of its elements open:
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false
"""Values as wire JSON, and wire JSON in the other formats of the HTTP API.

Canonical wire JSON has its keys sorted by UTF-8 bytes, no whitespace, and a point or an exponent in
every float; int64, bytes and the floats that JSON lacks are objects with one `$` key.

Source: protocol.md 1.1, 1.2, 4.2.
"""

from __future__ import annotations

import math
import struct
from binascii import a2b_base64, b2a_base64
from enum import StrEnum
from itertools import filterfalse
from types import NoneType
from typing import TYPE_CHECKING, Any, Final

import orjson

from reactor import limits
from reactor.errors import BadRequest, ValueNotAllowed
from reactor.values.types import ABSENT, Int64

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_pack_float = struct.Struct("<d").pack
_unpack_float = struct.Struct("<d").unpack
_SAFE_INT: Final = 2**53
_LEAVES: Final = frozenset((str, float, bool, NoneType))
_ONLY_INT: Final = frozenset((int,))
_ONLY_FLOAT: Final = frozenset((float,))
_DOLLAR: Final = ord("$")


class _Refused(ValueNotAllowed):
    """Part of a value is refused; each container that it stands in adds its step on the way up."""

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.steps: list[str] = []

    def located(self) -> ValueNotAllowed:
        """The same, with the path from the top."""
        path = "".join(reversed(self.steps))
        return ValueNotAllowed(f"{self} (at {path})" if path else str(self), code=self.code)


# --- wire JSON to values ----------------------------------------------------------------------


def loads(text: bytes | str) -> Any:
    """The value of wire JSON text; of duplicate keys the last one counts.

    Raises:
        ValueNotAllowed: it is malformed, or no Convex value.
    """
    try:
        parsed = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ValueNotAllowed(f"malformed JSON: {error}") from None
    return from_json(parsed)


def from_json(parsed: Any) -> Any:
    """The value of parsed wire JSON; every JSON number is a float.

    Args:
        parsed: what orjson or msgspec gave; they refuse malformed Unicode, which is not looked for
            again. The value shares no list and no dict with it.

    Raises:
        ValueNotAllowed: TooNestedError, ArrayTooLong, TooManyFieldsError, InvalidFieldName, or a
            `$` form that is none; the message says where.
    """
    try:
        return _read(parsed, limits.VALUE_NESTING_MAX)
    except _Refused as refused:
        raise refused.located() from None
    except OverflowError:
        raise ValueNotAllowed("a number is beyond what 64-bit floats can hold") from None


def _read(parsed: Any, room: int) -> Any:
    kind = type(parsed)
    if kind is dict:
        return _read_object(parsed, room)
    if kind is list:
        return _read_array(parsed, room)
    return float(parsed) if kind is int else parsed


def _read_object(fields: dict[str, Any], room: int) -> Any:
    if len(fields) == 1:
        ((only, body),) = fields.items()
        if only[:1] == "$":
            return _read_special(only, body)
    _check_nesting(room)
    check_fields(fields)
    out = fields.copy()
    name = ""
    try:
        for name, item in fields.items():
            if type(item) not in _LEAVES:
                out[name] = _read(item, room - 1)
    except _Refused as refused:
        refused.steps.append(f".{name}")
        raise
    return out


def _read_array(items: list[Any], room: int) -> list[Any]:
    _check_nesting(room)
    check_array(len(items))
    kinds = set(map(type, items))
    if kinds <= _LEAVES:
        return items.copy()
    if kinds <= _ONLY_INT:
        return list(map(float, items))
    out = list(items)
    at = 0
    try:
        for at, item in enumerate(items):
            if type(item) not in _LEAVES:
                out[at] = _read(item, room - 1)
    except _Refused as refused:
        refused.steps.append(f"[{at}]")
        raise
    return out


def _read_special(name: str, body: Any) -> Any:
    try:
        if name not in ("$integer", "$float", "$bytes") or type(body) is not str:
            raise ValueError
        data = a2b_base64(body, strict_mode=True)
        if name == "$bytes":
            return data
        if len(data) != 8:
            raise ValueError
        if name == "$integer":
            return Int64(int.from_bytes(data, "little", signed=True))
        number: float = _unpack_float(data)[0]
        if not _is_special(number):
            raise ValueError
        return _one_nan(number)
    except ValueError:
        raise _Refused(
            f"{{{name[:64]!r}: …}} is no value; field names may not start with '$'"
        ) from None


# --- values to wire JSON ----------------------------------------------------------------------


def to_json(value: Any) -> Any:
    """A structure that orjson turns into the value's wire JSON.

    An object whose class has a method `__wire__()` is taken as what that returns, unchecked.

    Args:
        value: the value; tuples count as lists, and fields that are ABSENT are left out.

    Raises:
        ValueNotAllowed: it is no Convex value, holds text that is no valid Unicode, or breaks a
            structural limit; the message says where.
    """
    try:
        return _write(value, limits.VALUE_NESTING_MAX)
    except _Refused as refused:
        raise refused.located() from None


def dumps(value: Any) -> bytes:
    """The canonical wire JSON of a value.

    Raises:
        ValueNotAllowed: as `to_json`.
    """
    return orjson.dumps(to_json(value), option=orjson.OPT_SORT_KEYS)


def compact(text: bytes) -> bytes:
    """The same bytes without spare room behind them.

    orjson leaves what it writes in a buffer of some kilobytes; what is kept must not keep that.
    """
    return bytes(memoryview(text))


def _write(value: Any, room: int) -> Any:
    kind = type(value)
    if kind is str:
        return value if value.isascii() else _checked_text(value)
    if kind is float:
        return _special_float(value) if _is_special(value) else value
    if kind is bool or value is None:
        return value
    if kind is dict:
        return _write_object(value, room)
    if kind is list or kind is tuple:
        return _write_array(value, room)
    if kind is int:
        if -_SAFE_INT <= value <= _SAFE_INT:
            return float(value)
        raise _Refused(
            f"{value} is beyond 2^53, where JavaScript numbers lose digits; use Int64 for a 64-bit "
            "integer"
        )
    return _write_rare(value, room)


def _write_object(fields: dict[Any, Any], room: int) -> dict[str, Any]:
    _check_nesting(room)
    check_fields(fields)
    out: dict[str, Any] = {}
    name = ""
    try:
        for name, item in fields.items():
            kind = type(item)
            if (kind is str and item.isascii()) or item is None or kind is bool:
                out[name] = item
            elif item is not ABSENT:
                out[name] = _write(item, room - 1)
    except _Refused as refused:
        refused.steps.append(f".{name}")
        raise
    return out


def _write_array(items: list[Any] | tuple[Any, ...], room: int) -> list[Any]:
    _check_nesting(room)
    check_array(len(items))
    if _ONLY_FLOAT.issuperset(map(type, items)) and _are_plain(items):
        return list(items)
    out = list(items)
    at = 0
    try:
        for at, item in enumerate(items):
            out[at] = _write(item, room - 1)
    except _Refused as refused:
        refused.steps.append(f"[{at}]")
        raise
    return out


def _write_rare(value: Any, room: int) -> Any:
    if isinstance(value, Int64):
        return {"$integer": _base64(value.to_bytes(8, "little", signed=True))}
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"$bytes": _base64(value)}
    write = getattr(type(value), "__wire__", None)
    if write is not None:
        return write(value)
    if isinstance(value, dict):
        return _write_object(value, room)
    if isinstance(value, (list, tuple)):
        return _write_array(value, room)
    # Other subclasses, enumerations among them, are what they inherit from.
    if isinstance(value, str):
        return _write(str.__str__(value), room)
    if isinstance(value, int):
        return _write(int(value), room)
    if isinstance(value, float):
        return _write(float(value), room)
    raise _Refused(
        f"{type(value).__name__} is no Convex value; use None, bool, int, float, Int64, str, "
        "bytes, list, dict or an Object"
    )


def _are_plain(numbers: Collection[float]) -> bool:
    """Whether no float of a vector is special: its sum is finite only if all of them are."""
    return math.isfinite(sum(numbers)) and not any(map(_is_special, filterfalse(None, numbers)))


def _is_special(number: float) -> bool:
    """Whether a float has a `$float` form: NaN, the infinities and -0.0."""
    return number - number != 0.0 or (number == 0.0 and math.copysign(1.0, number) < 0.0)


def _special_float(number: float) -> dict[str, str]:
    return {"$float": _base64(_pack_float(_one_nan(number)))}


def _one_nan(number: float) -> float:
    """The number; of the many NaNs the one that clients know."""
    return math.nan if number != number else number


def _base64(data: bytes | bytearray | memoryview) -> str:
    return b2a_base64(data, newline=False).decode()


def _checked_text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _Refused("a text with half a surrogate pair is no valid Unicode") from None
    return text


# --- what both ways check ---------------------------------------------------------------------


def check_array(length: int) -> None:
    """Refuses an array of so many elements when they are too many.

    Raises:
        ValueNotAllowed: ArrayTooLong.
    """
    if length > limits.ARRAY_LENGTH_MAX:
        raise _Refused(
            f"Array length is too long ({length} > maximum length {limits.ARRAY_LENGTH_MAX})",
            code="ArrayTooLong",
        )


def check_fields(fields: dict[Any, Any]) -> None:
    """Refuses an object that has too many fields, or a field that may not be named so.

    Raises:
        ValueNotAllowed: TooManyFieldsError, InvalidFieldName, or a name that is no text.
    """
    if len(fields) > limits.OBJECT_FIELDS_MAX:
        raise _Refused(
            f"Object has too many fields ({len(fields)} > maximum number "
            f"{limits.OBJECT_FIELDS_MAX})",
            code="TooManyFieldsError",
        )
    try:
        names = "".join(fields)
    except TypeError:
        name = next(name for name in fields if not isinstance(name, str))
        raise _Refused(f"field name {name!r} is no text") from None
    # All names at once are settled in C; one by one they are looked at where that leaves a doubt.
    if (
        "$" in names
        or len(names) > limits.FIELD_NAME_CHARS_MAX
        or not (names.isascii() and names.isprintable())
    ):
        _check_names(fields)


def _check_names(names: Iterable[str]) -> None:
    for name in names:
        if (
            name.startswith("$")
            or len(name) > limits.FIELD_NAME_CHARS_MAX
            or not (name.isascii() and name.isprintable())
        ):
            raise _Refused(
                f"Field name {name[:64]!r} is not allowed: printable ASCII, at most "
                f"{limits.FIELD_NAME_CHARS_MAX} characters, not starting with '$'",
                code="InvalidFieldName",
            )


def _check_nesting(room: int) -> None:
    if room == 0:
        raise _Refused(
            f"Value is too nested (maximum nesting {limits.VALUE_NESTING_MAX})",
            code="TooNestedError",
        )


# --- formats ----------------------------------------------------------------------------------


class Format(StrEnum):
    """How values are written in an HTTP answer."""

    JSON = "json"
    ENCODED = "convex_encoded_json"
    EXPORT = "export_json"


_FORMATS: Final = {
    "json": Format.JSON,
    "convex_clean_json": Format.JSON,
    "convex_encoded_json": Format.ENCODED,
    "convex_json": Format.ENCODED,
    "export_json": Format.EXPORT,
}


def parse_format(name: str | None, default: Format) -> Format:
    """The format of that name, or the default for None.

    Raises:
        BadRequest: BadFormat, when there is none.
    """
    if name is None:
        return default
    found = _FORMATS.get(name)
    if found is None:
        raise BadRequest(f"format {name[:64]!r} is none of {', '.join(_FORMATS)}", code="BadFormat")
    return found


def reformat(wire: bytes, form: Format) -> bytes:
    """Canonical wire JSON in another format."""
    # The formats differ in `$` forms only; a text that starts with $ merely costs the walk. One
    # byte is found a hundred times faster than two, and most results have no $ at all.
    if form is Format.ENCODED or _DOLLAR not in wire or b'"$' not in wire:
        return wire
    return orjson.dumps(_reformed(orjson.loads(wire), form))


def _reformed(parsed: Any, form: Format) -> Any:
    if type(parsed) is list:
        return [_reformed(item, form) for item in parsed]
    if type(parsed) is not dict:
        return parsed
    if len(parsed) == 1 and (name := next(iter(parsed))).startswith("$"):
        return _reformed_special(name, parsed, form)
    return {key: _reformed(item, form) for key, item in parsed.items()}


def _reformed_special(name: str, parsed: dict[str, Any], form: Format) -> Any:
    value = _read_special(name, parsed[name])
    if isinstance(value, Int64):
        return str(int(value)) if form is Format.JSON else int(value)
    if isinstance(value, float):
        if value == 0.0:
            return value
        if form is Format.EXPORT:
            return parsed
        return "NaN" if value != value else ("Infinity" if value > 0 else "-Infinity")
    return parsed[name] if form is Format.JSON else parsed
