"""Chance, behind a seam: the system's entropy in a server, one seed in tests."""

from __future__ import annotations

import os
import random
import uuid
from typing import Protocol


class Entropy(Protocol):
    """A source of random bytes."""

    def token(self, length: int) -> bytes:
        """`length` random bytes."""
        ...

    def seeded(self) -> random.Random:
        """A fresh generator for one function run."""
        ...


class SystemEntropy:
    """The operating system's random bytes, drawn in blocks."""

    def __init__(self) -> None:
        self._block = b""
        self._at = 0

    def token(self, length: int) -> bytes:
        """`length` random bytes; at most 4,096."""
        end = self._at + length
        if end > len(self._block):
            self._block = os.urandom(4096)
            self._at, end = 0, length
        piece = self._block[self._at : end]
        self._at = end
        return piece

    def seeded(self) -> random.Random:
        """A generator seeded from the operating system."""
        return random.Random(self.token(16))


class SeededEntropy:
    """Everything from one seed, so that a run can be repeated.

    Args:
        seed: any integer; the same seed gives the same bytes.
    """

    def __init__(self, seed: int) -> None:
        self._source = random.Random(seed)

    def token(self, length: int) -> bytes:
        """`length` bytes from the seed."""
        return self._source.randbytes(length)

    def seeded(self) -> random.Random:
        """A generator seeded from the seed."""
        return random.Random(self._source.getrandbits(64))


Random = random.Random
"""The generator that functions see as `ctx.random`."""


def uuid_from(source: random.Random) -> uuid.UUID:
    """A version 4 UUID drawn from a generator, so that it repeats with its seed."""
    return uuid.UUID(bytes=source.randbytes(16), version=4)
