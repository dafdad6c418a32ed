"""Convex values as they stand on the wire."""

from __future__ import annotations

import base64
import struct
from typing import Any, TypeAlias

Wire: TypeAlias = Any
"""What JSON can hold; `$integer`, `$float` and `$bytes` objects stand for what it cannot."""


def integer(value: int) -> Wire:
    """An int64."""
    return {"$integer": base64.b64encode(struct.pack("<q", value)).decode()}


def special(value: float) -> Wire:
    """A NaN, an infinity or a negative zero."""
    return {"$float": base64.b64encode(struct.pack("<d", value)).decode()}


def raw(value: bytes) -> Wire:
    """Bytes."""
    return {"$bytes": base64.b64encode(value).decode()}


def timestamp(text: str) -> int:
    """The number in a message's `ts`."""
    return int.from_bytes(base64.b64decode(text, validate=True), "little")
