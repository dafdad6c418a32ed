"""Garbage collection in moments that nobody waits for.

Automatic collections come in the middle of requests, and a full one visits everything that is
resident. Documents are bytes, which the collector does not visit, so explicit collections are
short.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from reactor.runtime.clock import Clock

YOUNG_EVERY_S: Final = 0.1
YOUNG_OBJECTS: Final = 5_000
"""New objects before a young collection is worth its while."""
MIDDLE_EVERY: Final = 50
FULL_EVERY: Final = 1_200
"""Young rounds between collections of the middle and of all generations: 5 s and 2 minutes."""


async def collect_when_idle(clock: Clock) -> None:
    """Collects by hand, in turns of its own, until cancelled; then automatic collection is back."""
    gc.disable()
    rounds = 0
    try:
        while True:
            await clock.sleep(YOUNG_EVERY_S)
            rounds += 1
            if rounds % FULL_EVERY == 0:
                gc.collect(2)
            elif rounds % MIDDLE_EVERY == 0:
                gc.collect(1)
            elif gc.get_count()[0] > YOUNG_OBJECTS:
                gc.collect(0)
    finally:
        gc.enable()
