"""The two values that Python has no type for."""

from __future__ import annotations

import pytest

from reactor.errors import ValueNotAllowed
from reactor.values.types import ABSENT, Absent, Int64


def test_int64_holds_exactly_64_bits() -> None:
    """A bigint past 64 bits would lose digits on its way to the client."""
    assert Int64(2**63 - 1) == 2**63 - 1
    assert Int64(-(2**63)) == -(2**63)
    for beyond in (2**63, -(2**63) - 1):
        with pytest.raises(ValueNotAllowed):
            Int64(beyond)


def test_int64_says_what_it_is() -> None:
    """A log line has to tell a bigint from a number."""
    assert repr(Int64(-5)) == "Int64(-5)"
    assert Int64("12") == 12
    assert Int64() == 0


def test_int64_arithmetic_gives_a_plain_int() -> None:
    """A sum may leave 64 bits, so it is wrapped again by whoever stores it."""
    assert type(Int64(2**63 - 1) + 1) is int


def test_absent_is_one_value() -> None:
    """`x is ABSENT` is how a handler tells a missing key from null."""
    assert Absent("ABSENT") is ABSENT
    assert repr(ABSENT) == "ABSENT"
