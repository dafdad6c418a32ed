"""Time, behind a seam: the real clock in a server, a virtual one in tests and simulations."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time; everything in reactor that needs it is handed one of these."""

    def now_ns(self) -> int:
        """Nanoseconds since the Unix epoch."""
        ...

    def now_ms(self) -> float:
        """Milliseconds since the Unix epoch, with fraction."""
        ...

    def monotonic(self) -> float:
        """Seconds that never go back, from an arbitrary start."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Waits; on a virtual clock, until the clock is moved that far."""
        ...

    async def back_off(self, seconds: float) -> None:
        """Waits before another try; how long is a matter of load, so a virtual clock takes none."""
        ...


class SystemClock:
    """The machine's clock."""

    def now_ns(self) -> int:
        """Nanoseconds since the Unix epoch."""
        return time.time_ns()

    def now_ms(self) -> float:
        """Milliseconds since the Unix epoch, with fraction."""
        return time.time() * 1000.0

    def monotonic(self) -> float:
        """Seconds that never go back, from an arbitrary start."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Waits on the event loop."""
        await asyncio.sleep(seconds)

    async def back_off(self, seconds: float) -> None:
        """Waits on the event loop."""
        await asyncio.sleep(seconds)


class OffsetClock(SystemClock):
    """The machine's clock, shifted: what a server sees whose clock was set back.

    Args:
        offset_ms: added to the time; negative for the past.
    """

    def __init__(self, offset_ms: float) -> None:
        self._offset_ms = offset_ms

    def now_ns(self) -> int:
        """Nanoseconds since the Unix epoch, shifted."""
        return time.time_ns() + int(self._offset_ms * 1_000_000)

    def now_ms(self) -> float:
        """Milliseconds since the Unix epoch, shifted."""
        return time.time() * 1000.0 + self._offset_ms


class VirtualClock:
    """A clock that stands still until it is moved; for tests and simulations.

    Args:
        start_ms: where it starts, in milliseconds since the Unix epoch.
    """

    def __init__(self, start_ms: float = 1_767_225_600_000.0) -> None:
        self._start_ms = start_ms
        self._elapsed = 0.0
        self._sleepers: list[tuple[float, asyncio.Future[None]]] = []

    def now_ns(self) -> int:
        """Nanoseconds since the Unix epoch."""
        return int(self.now_ms() * 1_000_000)

    def now_ms(self) -> float:
        """Milliseconds since the Unix epoch, with fraction."""
        return self._start_ms + self._elapsed * 1000.0

    def monotonic(self) -> float:
        """Seconds since the clock was made."""
        return self._elapsed

    async def sleep(self, seconds: float) -> None:
        """Waits until `advance` has moved the clock this far."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._elapsed + seconds, waiter))
        await waiter

    async def back_off(self, seconds: float) -> None:
        """Lets the others have a turn: who could move the clock may be who waits for the try."""
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        """Moves the clock and wakes everyone whose time has come, earliest first."""
        self._elapsed += seconds
        # Sums of fractions miss their mark by a hair; a nanosecond on nobody can tell.
        reached = self._elapsed + 1e-9
        due = sorted((s for s in self._sleepers if s[0] <= reached), key=lambda s: s[0])
        self._sleepers = [s for s in self._sleepers if s[0] > reached]
        for _, waiter in due:
            if not waiter.done():
                waiter.set_result(None)
