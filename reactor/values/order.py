# Parsed JSON is Any, and narrowing it by its type leaves the types of its elements open:
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false
"""Convex's total order, as bytes that compare like the values they stand for.

Each encoded value ends by itself, so that keys of several columns are their concatenation.

Source: protocol.md 1.4 and 1.5.
"""

from __future__ import annotations

import struct
from typing import Any, Final

from reactor.errors import ValueNotAllowed
from reactor.values.types import ABSENT, Int64

_pack = struct.Struct(">d").pack
_unpack = struct.Struct(">d").unpack
_ALL_BITS: Final = 2**64 - 1
_SIGN: Final = 2**63

_ABSENT, _NULL, _INT64, _FLOAT = b"\x01", b"\x03", b"\x08", b"\x0d"
_FALSE, _TRUE, _STRING, _BYTES = b"\x0e", b"\x0f", b"\x10", b"\x11"
_ARRAY, _OBJECT, _END = b"\x12", b"\x15", b"\x00"


def encode_key(value: Any) -> bytes:
    """The sort key of one value, or of ABSENT.

    Raises:
        ValueNotAllowed: it is no Convex value.
    """
    kind = type(value)
    if kind is str:
        return _STRING + _escaped(_utf8(value)) + _END
    if kind is float or kind is int:
        bits: int = int.from_bytes(_pack(value), "big")
        return _FLOAT + (bits ^ _ALL_BITS if bits & _SIGN else bits | _SIGN).to_bytes(8, "big")
    if value is ABSENT:
        return _ABSENT
    if value is None:
        return _NULL
    if kind is bool:
        return _TRUE if value else _FALSE
    return _encode_rare(value, kind)


def _encode_rare(value: Any, kind: type[Any]) -> bytes:
    if kind is Int64:
        return _INT64 + int(value + _SIGN).to_bytes(8, "big")
    if kind is bytes:
        return _BYTES + _escaped(value) + _END
    if kind is list:
        return _ARRAY + b"".join([encode_key(item) for item in value]) + _END
    if kind is dict:
        pairs = [encode_key(name) + encode_key(value[name]) for name in sorted(value)]
        return _OBJECT + b"".join(pairs) + _END
    raise ValueNotAllowed(f"{kind.__name__} is no Convex value and cannot stand in an index")


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise ValueNotAllowed("a text with half a surrogate pair is no valid Unicode") from None


def _escaped(data: bytes) -> bytes:
    # No key may be the start of another, or an equality range on "a" would hold "a\0b": so the
    # end mark stands nowhere inside, and what is escaped still sorts as before.
    if b"\x00" in data or b"\x01" in data:
        return data.replace(b"\x01", b"\x01\x02").replace(b"\x00", b"\x01\x01")
    return data


def compare(a: Any, b: Any) -> int:
    """-1, 0 or 1: how two values stand in the total order."""
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
        value, at = _decode(key, at)
        values.append(value)
    return values


def _decode(key: bytes, at: int) -> tuple[Any, int]:
    tag, at = key[at : at + 1], at + 1
    constants = {_ABSENT: ABSENT, _NULL: None, _FALSE: False, _TRUE: True}
    if tag in constants:
        return constants[tag], at
    if tag in (_FLOAT, _INT64):
        bits = int.from_bytes(key[at : at + 8], "big")
        if tag == _INT64:
            return Int64(bits - _SIGN), at + 8
        raw = bits ^ _SIGN if bits & _SIGN else bits ^ _ALL_BITS
        return _unpack(raw.to_bytes(8, "big"))[0], at + 8
    if tag in (_STRING, _BYTES):
        data, at = _unescaped(key, at)
        return (data.decode() if tag == _STRING else data), at
    if tag in (_ARRAY, _OBJECT):
        return _decode_items(key, at, is_object=tag == _OBJECT)
    raise ValueError(f"no value starts with {tag!r}")


def _unescaped(key: bytes, at: int) -> tuple[bytes, int]:
    end = key.index(_END, at)
    return key[at:end].replace(b"\x01\x01", b"\x00").replace(b"\x01\x02", b"\x01"), end + 1


def _decode_items(key: bytes, at: int, *, is_object: bool) -> tuple[Any, int]:
    items: list[Any] = []
    while key[at : at + 1] != _END:
        item, at = _decode(key, at)
        items.append(item)
    if not is_object:
        return items, at + 1
    return dict(zip(items[::2], items[1::2], strict=True)), at + 1
