"""The process's memory as the system sees it."""

from __future__ import annotations

import sys
from pathlib import Path

from reactor.runtime.memory import resident_bytes

MIB = 2**20


def test_what_is_taken_is_seen() -> None:
    before = resident_bytes()
    taken = bytearray(b"x") * (64 * MIB)
    seen = 64 * MIB if sys.platform == "linux" else 0
    assert abs(resident_bytes() - before - seen) < 8 * MIB
    assert len(taken) == 64 * MIB


def test_where_nothing_tells_nothing_is_counted() -> None:
    """On other systems functions run without this bound."""
    assert resident_bytes(Path("/nowhere/statm")) == 0
