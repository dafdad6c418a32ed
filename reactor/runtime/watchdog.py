"""Notices that the main thread is busy, and looks at what it is doing between two bytecodes."""

from __future__ import annotations

import signal
import threading
import time
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

HURRY_S: Final = 0.002
"""Seconds until the next look when the last one could not act; shorter only burns time."""


class Watchdog:
    """Calls a function in the main thread after each `tick_s` seconds of processor time.

    A thread of its own reads the main thread's processor clock and sends that thread a signal; the
    signal's handler runs in the main thread, between two bytecodes of whatever is on its stack,
    and may raise into it. A thread that sleeps costs nothing, and is not looked at. Where the
    interpreter's main thread is another one (a server inside an application), nothing happens.

    Args:
        tick_s: seconds of processor time between two looks.
        look: given the frame on the stack; whether it should look again very soon.
    """

    def __init__(self, tick_s: float, look: Callable[[FrameType], bool]) -> None:
        self._tick_s = tick_s
        self._look = look
        self._stop = threading.Event()
        self._hurries = False
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Starts watching the thread that enters, if it is the main one."""
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGVTALRM, self._signalled)
            self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Ends the watch."""
        if self._thread is not None:
            self._stop.set()
            self._thread.join()
            signal.signal(signal.SIGVTALRM, self._before)

    def _watch(self) -> None:
        thread = threading.main_thread().ident
        assert thread is not None, "a thread that runs has an id"
        clock = time.CLOCK_PROCESS_CPUTIME_ID
        if hasattr(time, "pthread_getcpuclockid"):  # not on macOS
            clock = time.pthread_getcpuclockid(thread)
        seen = time.clock_gettime(clock)
        while not self._stop.wait(HURRY_S if self._hurries else self._tick_s):
            now = time.clock_gettime(clock)
            if self._hurries or now - seen >= self._tick_s:
                seen = now
                signal.pthread_kill(thread, signal.SIGVTALRM)

    def _signalled(self, _: int, frame: FrameType | None) -> None:
        self._hurries = False
        if frame is not None:
            self._hurries = self._look(frame)
