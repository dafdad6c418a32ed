"""The values that Python has no type for: a missing key and a 64-bit integer.

A Convex value is None, a bool, a number (int or float: one JavaScript number type), an Int64, a
str, bytes, a list of values, or a dict from field names to values.
"""

from __future__ import annotations

import enum
from typing import Any, Final, Self

from reactor.errors import ValueNotAllowed


class Absent(enum.Enum):
    """`T | None | Absent` with the default ABSENT: the rare value that tells missing from null."""

    ABSENT = "ABSENT"

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent.ABSENT


class Int64(int):
    """A JavaScript bigint on the wire; plain int and float are JavaScript numbers.

    Its arithmetic gives int; wrap the result again.

    Raises:
        ValueNotAllowed: the number does not fit in 64 bits, sign included.
    """

    __slots__ = ()

    def __new__(cls, value: Any = 0) -> Self:
        """An Int64 from anything that int() takes."""
        number = super().__new__(cls, value)
        if not -(2**63) <= number < 2**63:
            raise ValueNotAllowed(f"{int(number)} does not fit in a 64-bit integer")
        return number

    def __repr__(self) -> str:
        return f"Int64({int(self)})"
