"""The real engine in memory, on a virtual clock: `open_harness` for tests of your functions."""

from __future__ import annotations

from reactor.testing.feed import Feed
from reactor.testing.harness import Harness, open_harness

__all__ = ["Feed", "Harness", "open_harness"]
