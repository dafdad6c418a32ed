"""Garbage collection in moments that nobody waits for.

Automatic collections come in the middle of requests, and a full one visits everything that is
resident: the documents are bytes, but the lists of the indexes hold them, and 1,350,000 documents
take half a second. So what is resident is set aside, and collections are explicit.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Generator

    from reactor.runtime.clock import Clock

YOUNG_EVERY_S: Final = 0.1
YOUNG_OBJECTS: Final = 5_000
"""New objects before a young collection is worth its while."""
MIDDLE_EVERY: Final = 50
FULL_EVERY: Final = 1_200
"""Young rounds between collections of the middle and of all generations: 5 s and 2 minutes."""
FULL_S: Final = 0.05
"""A full collection that takes longer has visited new documents, 140,000 or so: they are set aside.
Shorter sets aside more of what may one day be garbage and then stays; longer is felt as a pause."""


@contextmanager
def by_hand() -> Generator[None]:
    """No automatic collections inside."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def set_aside() -> None:
    """Collects everything once; what is left is never visited again."""
    gc.collect()
    gc.freeze()


async def collect_when_idle(clock: Clock) -> None:
    """Collects by hand, in turns of its own, until cancelled."""
    rounds = 0
    while True:
        await clock.sleep(YOUNG_EVERY_S)
        rounds += 1
        if rounds % FULL_EVERY == 0:
            began = clock.monotonic()
            gc.collect(2)
            if clock.monotonic() - began > FULL_S:
                gc.freeze()
        elif rounds % MIDDLE_EVERY == 0:
            gc.collect(1)
        elif gc.get_count()[0] > YOUNG_OBJECTS:
            gc.collect(0)
