"""The real engine in memory, on a virtual clock: `open_harness` for tests of your functions."""

from __future__ import annotations

from reactor.testing.faults import Fault, FaultPoint
from reactor.testing.feed import Feed
from reactor.testing.harness import Harness, open_harness
from reactor.testing.seeds import run_seeds

__all__ = ["Fault", "FaultPoint", "Feed", "Harness", "open_harness", "run_seeds"]
