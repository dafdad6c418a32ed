"""What is due when: calls in the order of their times, made outside of any task.

One heap and one sleeper serve every kind of thing that waits for a time. Nothing wakes up while
nothing is due, and a long queue is worked off in slices, so that the loop stays with its clients.
"""

from __future__ import annotations

import heapq
import itertools
from typing import TYPE_CHECKING, Any

from reactor import limits

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from reactor.runtime.clock import Clock
    from reactor.runtime.tasks import Background

Entry = tuple[float, int, "Callable[[Any], None]", Any]


class Agenda:
    """Calls that are made at their times.

    Args:
        clock: the time, and sleep.
        background: owns the sleeper.
        soon: runs something in the loop's next turn, outside of any task.
    """

    def __init__(
        self, clock: Clock, background: Background, soon: Callable[[Callable[[], None]], None]
    ) -> None:
        self.clock = clock
        self._background = background
        self._soon = soon
        self._heap: list[Entry] = []
        self._order = itertools.count()
        self._sleeper: asyncio.Task[None] | None = None
        self._sleeps_until_ms = 0.0
        self._is_called = False
        self._is_open = True

    def __len__(self) -> int:
        return len(self._heap)

    def at(self, due_ms: float, call: Callable[[Any], None], argument: Any) -> None:
        """Makes a call at a time; equal times in the order in which they were given.

        Args:
            due_ms: milliseconds since the epoch; a time that has passed means the next turn.
            call: if it raises, the loop reports it.
            argument: what it is called with.
        """
        if self._is_open:
            heapq.heappush(self._heap, (due_ms, next(self._order), call, argument))
            self._arm()

    @property
    def next_ms(self) -> float | None:
        """When the next call is due, in milliseconds since the epoch; None when nothing waits."""
        return self._heap[0][0] if self._heap else None

    @property
    def is_due(self) -> bool:
        """Whether a call is to be made now."""
        return bool(self._heap) and self._heap[0][0] <= self.clock.now_ms()

    def sift(self, keep: Callable[[Callable[[Any], None], Any], bool]) -> None:
        """Forgets calls that have become pointless, so that they take no room until their time."""
        self._heap = [entry for entry in self._heap if keep(entry[2], entry[3])]
        heapq.heapify(self._heap)

    def _arm(self) -> None:
        """Makes sure that somebody wakes up for the first call."""
        if not self._heap or self._is_called:
            return
        due_ms = self._heap[0][0]
        if due_ms <= self.clock.now_ms():
            self._is_called = True
            self._soon(self._call)
        elif self._sleeper is None or due_ms < self._sleeps_until_ms:
            if self._sleeper is not None:
                self._sleeper.cancel()
            self._sleeps_until_ms = due_ms
            self._sleeper = self._background.start(self._sleep(due_ms))

    async def _sleep(self, due_ms: float) -> None:
        while (wait_ms := due_ms - self.clock.now_ms()) > 0:
            # In pieces: a clock that is set forward brings the time nearer, but wakes nobody.
            await self.clock.sleep(min(wait_ms / 1000.0, limits.AGENDA_SLEEP_MAX_S))
        self._sleeper = None
        self._arm()

    def _call(self) -> None:
        """Makes the calls that are due, so many in this turn."""
        self._is_called = False
        now_ms = self.clock.now_ms()
        try:
            for _ in range(limits.SCHEDULED_STARTS_PER_TURN):
                if not self._heap or self._heap[0][0] > now_ms:
                    break
                _, _, call, argument = heapq.heappop(self._heap)
                call(argument)
        finally:
            # Whatever one of them raises is the loop's to report; the others still come.
            self._arm()

    def close(self) -> None:
        """Makes no further call."""
        self._is_open = False
        self._heap.clear()
        if self._sleeper is not None:
            self._sleeper.cancel()
