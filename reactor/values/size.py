# Parsed JSON is Any, and narrowing it by its type leaves the types of its elements open:
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false
"""How large a value counts, and how deep and large a document may be.

Source: protocol.md 1.2 and 1.3.
"""

from __future__ import annotations

from typing import Any, Final

from reactor import limits
from reactor.errors import ValueNotAllowed
from reactor.values.json import check_array, check_fields
from reactor.values.types import ABSENT

_NUMBER_BYTES: Final = 9
_ENDS_BYTES: Final = 2
_ONLY_FLOAT: Final = frozenset((float,))


def size_of(value: Any) -> int:
    """Bytes that a value counts; fields that are ABSENT do not.

    Raises:
        ValueNotAllowed: it is no Convex value, or breaks a structural limit.
    """
    return _measured(value)


def wire_size(parsed: Any) -> int:
    """`size_of` for parsed canonical wire JSON, without decoding it.

    Raises:
        ValueNotAllowed: it breaks a structural limit.
    """
    return _measured(parsed)


def check_document(parsed: Any) -> int:
    """Refuses a document past its limits.

    Args:
        parsed: its canonical wire JSON, system fields included.

    Returns:
        Its size in bytes, as limits count it.

    Raises:
        ValueNotAllowed: TooNestedError, ValueTooLargeError, ArrayTooLong or TooManyFieldsError.
    """
    try:
        size = _size(parsed, limits.DOCUMENT_NESTING_MAX)
    except _TooNested:
        raise ValueNotAllowed(
            f"Document is too nested (nested {nesting_of(parsed)} levels deep > maximum nesting "
            f"{limits.DOCUMENT_NESTING_MAX})",
            code="TooNestedError",
        ) from None
    if size > limits.DOCUMENT_BYTES_MAX:
        raise ValueNotAllowed(
            f"Value is too large ({size} bytes > maximum size {limits.DOCUMENT_BYTES_MAX} bytes)",
            code="ValueTooLargeError",
        )
    return size


def nesting_of(parsed: Any) -> int:
    """How many objects and arrays stand in each other; 0 for a single value."""
    deepest, level = 0, _containers([parsed])
    while level:
        deepest += 1
        inner: list[Any] = []
        for item in level:
            inner.extend(item if type(item) is list else item.values())
        level = _containers(inner)
    return deepest


def _containers(items: list[Any]) -> list[Any]:
    """The objects and arrays among items; a `$` form is a single value."""
    return [
        item
        for item in items
        if type(item) is list
        or (type(item) is dict and not any(name.startswith("$") for name in item))
    ]


class _TooNested(Exception):
    """The walk went deeper than it may; who started it knows how deep that is."""


def _measured(value: Any) -> int:
    try:
        return _size(value, limits.VALUE_NESTING_MAX)
    except _TooNested:
        raise ValueNotAllowed(
            f"Value is too nested (maximum nesting {limits.VALUE_NESTING_MAX})",
            code="TooNestedError",
        ) from None
    except UnicodeEncodeError:
        raise ValueNotAllowed("a text with half a surrogate pair is no valid Unicode") from None


def _size(value: Any, room: int) -> int:
    kind = type(value)
    if kind is str:
        return _ENDS_BYTES + _utf8_length(value)
    if kind is float:
        return _NUMBER_BYTES
    if value is None or kind is bool:
        return 1
    if kind is dict:
        return _object_size(value, room)
    if kind is list:
        return _array_size(value, room)
    return _rare_size(value, room)


def _object_size(fields: dict[Any, Any], room: int) -> int:
    # No value has a field whose name starts with `$`, so one walk serves values and wire JSON.
    if len(fields) == 1 and (special := _special_size(fields)):
        return special
    if room == 0:
        raise _TooNested
    check_fields(fields)
    # Each name counts its letters, which are ASCII, and one more.
    size = _ENDS_BYTES + len(fields) + len("".join(fields))
    for name, item in fields.items():
        kind = type(item)
        if kind is str and item.isascii():
            size += _ENDS_BYTES + len(item)
        elif kind is float:
            size += _NUMBER_BYTES
        elif item is ABSENT:
            size -= len(name) + 1
        else:
            size += _size(item, room - 1)
    return size


def _array_size(items: list[Any] | tuple[Any, ...], room: int) -> int:
    if room == 0:
        raise _TooNested
    check_array(len(items))
    if _ONLY_FLOAT.issuperset(map(type, items)):
        return _ENDS_BYTES + _NUMBER_BYTES * len(items)
    size = _ENDS_BYTES
    for item in items:
        size += _size(item, room - 1)
    return size


def _special_size(fields: dict[Any, Any]) -> int:
    """The size of a `$` form of wire JSON; 0 when it is none."""
    ((name, body),) = fields.items()
    if name == "$integer" or name == "$float":
        return _NUMBER_BYTES
    if name == "$bytes":
        # Four letters of base64 are three bytes, less one for each `=` at the end.
        data_bytes: int = len(body) // 4 * 3 - body[-2:].count("=")
        return _ENDS_BYTES + data_bytes
    return 0


def _rare_size(value: Any, room: int) -> int:
    if isinstance(value, (int, float)):
        return _NUMBER_BYTES
    if isinstance(value, str):
        return _ENDS_BYTES + _utf8_length(value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return _ENDS_BYTES + memoryview(value).nbytes
    if isinstance(value, dict):
        return _object_size(value, room)
    if isinstance(value, (list, tuple)):
        return _array_size(value, room)
    raise ValueNotAllowed(f"{type(value).__name__} is no Convex value")


def _utf8_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())
