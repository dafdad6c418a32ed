# Parsed JSON is Any, and narrowing it by its type leaves the types of its elements open:
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false
"""Values as wire JSON, and wire JSON in the other formats of the HTTP API.

Canonical wire JSON has its keys sorted by UTF-8 bytes, no whitespace, and a point or an exponent in
every float; int64, bytes and the floats that JSON lacks are objects with one `$` key.

Source: protocol.md 1.1, 1.2, 4.2.
"""

from __future__ import annotations

import base64
import binascii
import math
import struct
from enum import StrEnum
from typing import Any, Final

import orjson

from reactor import limits
from reactor.errors import BadRequest, ValueNotAllowed
from reactor.values.types import Int64

_pack_float = struct.Struct("<d").pack
_unpack_float = struct.Struct("<d").unpack
_SAFE_INT: Final = 2**53


def loads(text: bytes | str) -> Any:
    """The value of wire JSON text.

    Raises:
        ValueNotAllowed: it is malformed, or no Convex value.
    """
    try:
        parsed = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ValueNotAllowed(f"malformed JSON: {error}") from None
    return from_json(parsed)


def from_json(parsed: Any, depth: int = 0) -> Any:
    """The value of parsed wire JSON; every JSON number is a float.

    Args:
        parsed: what a JSON parser gave.
        depth: how many objects and arrays it stands in.

    Raises:
        ValueNotAllowed: TooNestedError, ArrayTooLong, TooManyFieldsError, a bad field name, or a
            `$` form that is none.
    """
    kind = type(parsed)
    if kind is int:
        return float(parsed)
    if kind is list:
        _check_nesting(depth + 1)
        check_array(len(parsed))
        return [from_json(item, depth + 1) for item in parsed]
    if kind is dict:
        if len(parsed) == 1 and (name := next(iter(parsed))).startswith("$"):
            return _special(name, parsed[name])
        _check_nesting(depth + 1)
        check_fields(parsed)
        return {name: from_json(item, depth + 1) for name, item in parsed.items()}
    return parsed


def _special(name: str, body: Any) -> Any:
    try:
        if name not in ("$integer", "$float", "$bytes") or not isinstance(body, str):
            raise ValueError
        data = base64.b64decode(body, validate=True)
        if name == "$bytes":
            return data
        if len(data) != 8:
            raise ValueError
        if name == "$integer":
            return Int64(int.from_bytes(data, "little", signed=True))
        number: float = _unpack_float(data)[0]
        if math.isfinite(number) and not (number == 0 and math.copysign(1, number) < 0):
            raise ValueError
        return number
    except (ValueError, binascii.Error):
        raise ValueNotAllowed(
            f"{{{name!r}: …}} is no value; field names may not start with '$'"
        ) from None


def _check_nesting(depth: int) -> None:
    if depth > limits.VALUE_NESTING_MAX:
        raise ValueNotAllowed(
            f"Value is too nested (maximum nesting {limits.VALUE_NESTING_MAX})",
            code="TooNestedError",
        )


def check_array(length: int) -> None:
    """Refuses an array of so many elements when they are too many.

    Raises:
        ValueNotAllowed: ArrayTooLong.
    """
    if length > limits.ARRAY_LENGTH_MAX:
        raise ValueNotAllowed(
            f"Array length is too long ({length} > maximum length {limits.ARRAY_LENGTH_MAX})",
            code="ArrayTooLong",
        )


def check_fields(fields: dict[Any, Any]) -> None:
    """Refuses an object that has too many fields, or a field that may not be named so.

    Raises:
        ValueNotAllowed: TooManyFieldsError, InvalidFieldName, or a name that is no text.
    """
    if len(fields) > limits.OBJECT_FIELDS_MAX:
        raise ValueNotAllowed(
            f"Object has too many fields ({len(fields)} > maximum number "
            f"{limits.OBJECT_FIELDS_MAX})",
            code="TooManyFieldsError",
        )
    for name in fields:
        if type(name) is not str:
            raise ValueNotAllowed(f"field name {name!r} is no text")
        if name[:1] == "$" or len(name) > limits.FIELD_NAME_CHARS_MAX or not _is_plain(name):
            raise ValueNotAllowed(
                f"Field name {name[:64]!r} is not allowed: printable ASCII, at most "
                f"{limits.FIELD_NAME_CHARS_MAX} characters, not starting with '$'",
                code="InvalidFieldName",
            )


def _is_plain(name: str) -> bool:
    return name.isascii() and (name.isprintable() or not name)


def to_json(value: Any, depth: int = 0, path: str = "") -> Any:
    """A structure that orjson turns into the value's wire JSON.

    An object with a method `__wire__()` is taken as what that returns.

    Args:
        value: the value; tuples count as lists.
        depth: how many objects and arrays it stands in.
        path: where it stands, for errors.

    Raises:
        ValueNotAllowed: it is no Convex value, or breaks a structural limit.
    """
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return value
    if kind is float:
        if value - value == 0.0 and (value != 0.0 or math.copysign(1.0, value) > 0):
            return value
        # All NaNs are one value.
        return {"$float": _base64(_pack_float(math.nan if value != value else value))}
    if kind is int:
        if not -_SAFE_INT <= value <= _SAFE_INT:
            raise ValueNotAllowed(
                f"{value}{_at(path)} is beyond 2^53, where JavaScript numbers lose digits; "
                "use Int64 for a 64-bit integer"
            )
        return float(value)
    if kind is list or kind is tuple:
        _check_nesting(depth + 1)
        check_array(len(value))
        return [to_json(item, depth + 1, f"{path}[{at}]") for at, item in enumerate(value)]
    if kind is dict:
        _check_nesting(depth + 1)
        check_fields(value)
        return {name: to_json(item, depth + 1, f"{path}.{name}") for name, item in value.items()}
    return _rare_to_json(value, path)


def _rare_to_json(value: Any, path: str) -> Any:
    if isinstance(value, Int64):
        return {"$integer": _base64(value.to_bytes(8, "little", signed=True))}
    if isinstance(value, bytes | bytearray | memoryview):
        return {"$bytes": _base64(bytes(value))}
    write = getattr(value, "__wire__", None)
    if write is not None:
        return write()
    if isinstance(value, str):
        return str.__str__(value)  # an enum's own __str__ may print its name
    raise ValueNotAllowed(
        f"{type(value).__name__}{_at(path)} is no Convex value; use None, bool, int, float, Int64, "
        "str, bytes, list, dict or an Object"
    )


def _at(path: str) -> str:
    return f" at {path}" if path else ""


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def dumps(value: Any) -> bytes:
    """The canonical wire JSON of a value.

    Raises:
        ValueNotAllowed: it is no Convex value, or holds text that is no Unicode.
    """
    try:
        return orjson.dumps(to_json(value), option=orjson.OPT_SORT_KEYS)
    except TypeError as error:
        raise ValueNotAllowed(f"a text is no valid Unicode: {error}") from None


def compact(text: bytes) -> bytes:
    """The same bytes without spare room behind them.

    orjson leaves what it writes in a buffer of some kilobytes; what is kept must not keep that.
    """
    return bytes(memoryview(text))


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
    """The format of that name.

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
    if form is Format.ENCODED or (form is Format.JSON and b'"$' not in wire):
        return wire
    return orjson.dumps(_reformed(orjson.loads(wire), form), option=orjson.OPT_SORT_KEYS)


def _reformed(parsed: Any, form: Format) -> Any:
    if type(parsed) is list:
        return [_reformed(item, form) for item in parsed]
    if type(parsed) is not dict:
        return parsed
    if len(parsed) == 1 and (name := next(iter(parsed))).startswith("$"):
        return _reformed_special(name, parsed, form)
    return {key: _reformed(item, form) for key, item in parsed.items()}


def _reformed_special(name: str, parsed: dict[str, Any], form: Format) -> Any:
    value = _special(name, parsed[name])
    if isinstance(value, Int64):
        return str(int(value)) if form is Format.JSON else int(value)
    if isinstance(value, float):
        if value == 0.0:
            return value
        if form is Format.EXPORT:
            return parsed
        return "NaN" if value != value else ("Infinity" if value > 0 else "-Infinity")
    return parsed[name] if form is Format.JSON else parsed
