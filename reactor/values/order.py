# Narrowing a value by its type leaves the types of its elements open:
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false
"""Convex's total order, as bytes that compare like the values they stand for.

Each encoded value ends by itself, and none is the beginning of another: keys of several columns are
their concatenation, an equality prefix is a byte prefix, and raw bytes (an id) may follow a key.

Source: protocol.md 1.4 and 1.5.
"""

from __future__ import annotations

import struct
from typing import Any, Final

from reactor import limits
from reactor.errors import ValueNotAllowed
from reactor.values.types import ABSENT, Int64

_pack = struct.Struct(">Bd").pack
_unpack = struct.Struct(">d").unpack
_SIGN: Final = 2**63
_SAFE_INT: Final = 2**53

_ABSENT, _NULL, _INT64, _FLOAT = b"\x01", b"\x03", b"\x08", b"\x0d"
_FALSE, _TRUE, _STRING, _BYTES = b"\x0e", b"\x0f", b"\x10", b"\x11"
_ARRAY, _OBJECT, _END = b"\x12", b"\x15", b"\x00"
_FLOAT_TAG: Final = _FLOAT[0]
_NAN: Final = _FLOAT + b"\xff\xf8" + bytes(6)
_INVERTED: Final = bytes(255 - byte for byte in range(256))
_CONSTANTS: Final = {_ABSENT: ABSENT, _NULL: None, _FALSE: False, _TRUE: True}


def encode_key(value: Any) -> bytes:
    """The sort key of one value, or of ABSENT.

    Raises:
        ValueNotAllowed: it is no Convex value, or nested too deep.
    """
    kind = type(value)
    if kind is str:
        # No key may be the start of another, or an equality range on "a" would hold "a\0b": so the
        # end mark stands nowhere inside, and what is escaped still sorts as before.
        if "\x00" in value or "\x01" in value:
            value = value.replace("\x01", "\x01\x02").replace("\x00", "\x01\x01")
        try:
            return f"\x10{value}\x00".encode()
        except UnicodeEncodeError:
            raise ValueNotAllowed("a text with half a surrogate pair is no valid Unicode") from None
    # Packing the negated number flips the sign bit, which is all that a positive one needs.
    if kind is float:
        return _pack(_FLOAT_TAG, -value) if value > 0.0 else _encode_float(value)
    if kind is int and 0 < value <= _SAFE_INT:
        return _pack(_FLOAT_TAG, -value)
    if value is None:
        return _NULL
    if value is ABSENT:
        return _ABSENT
    if kind is bool:
        return _TRUE if value else _FALSE
    return _encode_rare(value, limits.VALUE_NESTING_MAX)


def compare(a: Any, b: Any) -> int:
    """-1, 0 or 1: how two values, ABSENT among them, stand in the total order."""
    left, right = encode_key(a), encode_key(b)
    return (left > right) - (left < right)


def decode_key(key: bytes) -> list[Any]:
    """The values whose encodings stand one after another in `key`.

    Raises:
        ValueError: the bytes are no such encodings.
    """
    values: list[Any] = []
    at = 0
    while at < len(key):
        value, at = _decode(key, at, limits.VALUE_NESTING_MAX)
        values.append(value)
    # What the steps let pass (an odd escape, a name that comes twice) does not encode to itself.
    if b"".join(map(encode_key, values)) != key:
        raise ValueError("the bytes are not what their values encode to")
    return values


def _encode_float(value: float) -> bytes:
    """The key of a float that is not above zero, or NaN: all NaNs are one value."""
    if value != value:
        return _NAN
    tagged = _pack(_FLOAT_TAG, -value)
    if tagged[1] == 0x80:  # 0.0: its negation is nothing but the sign
        return tagged
    return _FLOAT + _pack(0, value)[1:].translate(_INVERTED)


def _encode_rare(value: Any, room: int) -> bytes:
    if isinstance(value, Int64):
        return _INT64 + int(value + _SIGN).to_bytes(8, "big")
    if isinstance(value, (dict, list)):
        return _encode_container(value, room)
    if isinstance(value, (bytes, bytearray, memoryview)):
        data = bytes(value).replace(b"\x01", b"\x01\x02").replace(b"\x00", b"\x01\x01")
        return _BYTES + data + _END
    if isinstance(value, int):
        if not -_SAFE_INT <= value <= _SAFE_INT:
            raise ValueNotAllowed(
                f"{value} is beyond 2^53, where JavaScript numbers lose digits; use Int64"
            )
        return encode_key(float(value))
    # Subclasses, enumerations among them, are what they inherit from.
    if isinstance(value, float):
        return encode_key(float(value))
    if isinstance(value, str):
        return encode_key(str.__str__(value))
    raise ValueNotAllowed(f"{type(value).__name__} is no Convex value and cannot stand in an index")


def _encode_container(value: dict[str, Any] | list[Any], room: int) -> bytes:
    if room == 0:
        raise ValueNotAllowed(
            f"Value is too nested (maximum nesting {limits.VALUE_NESTING_MAX})",
            code="TooNestedError",
        )
    if isinstance(value, list):
        return _ARRAY + b"".join([_encode_inner(item, room - 1) for item in value]) + _END
    parts: list[bytes] = []
    for name in sorted(value):
        if value[name] is not ABSENT:
            parts += encode_key(name), _encode_inner(value[name], room - 1)
    return _OBJECT + b"".join(parts) + _END


def _encode_inner(item: Any, room: int) -> bytes:
    if isinstance(item, (dict, list)):
        return _encode_container(item, room)
    if item is ABSENT:
        raise ValueNotAllowed("ABSENT may be the value of a field, not an element of an array")
    return encode_key(item)


def _decode(key: bytes, at: int, room: int) -> tuple[Any, int]:
    tag, at = key[at : at + 1], at + 1
    if tag in _CONSTANTS:
        return _CONSTANTS[tag], at
    if tag in (_FLOAT, _INT64):
        return _decode_number(tag, key[at : at + 8]), at + 8
    if tag in (_STRING, _BYTES):
        end = key.index(_END, at)
        data = key[at:end].replace(b"\x01\x01", b"\x00").replace(b"\x01\x02", b"\x01")
        return (data.decode() if tag == _STRING else data), end + 1
    if tag in (_ARRAY, _OBJECT) and room > 0:
        return _decode_container(tag, key, at, room - 1)
    raise ValueError(f"no value starts with {tag!r} here")


def _decode_number(tag: bytes, data: bytes) -> float | Int64:
    if len(data) < 8:
        raise ValueError("a number is cut short")
    if tag == _INT64:
        return Int64(int.from_bytes(data, "big") - _SIGN)
    is_positive = data[0] & 0x80
    number: float = _unpack(data if is_positive else data.translate(_INVERTED))[0]
    return -number if is_positive else number


def _decode_container(tag: bytes, key: bytes, at: int, room: int) -> tuple[Any, int]:
    items: list[Any] = []
    while key[at : at + 1] != _END:
        item, at = _decode(key, at, room)
        items.append(item)
    if tag == _ARRAY:
        return items, at + 1
    names = items[::2]
    if not all(type(name) is str for name in names):
        raise ValueError("the name of a field is no text")
    return dict(zip(names, items[1::2], strict=True)), at + 1
