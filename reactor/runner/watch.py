"""Ends queries and mutations that do not end by themselves, such as `while True: pass`.

The loop's thread is watched, not the functions: whoever's code is on its stack after each tick of
processor time is charged with the tick. A run that has used up its time is ended by an exception
raised where its own code stands, never inside the engine, whose state must stay whole.
"""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any, Final

from reactor import limits
from reactor.runner.current import running
from reactor.runner.frames import asker
from reactor.runtime.watchdog import Watchdog

if TYPE_CHECKING:
    from types import FrameType

    from reactor.runner.context import Run

TICKS: Final = 20
"""Looks within the time of a transaction. Fewer ends it later than it should be; more costs each
function a little."""

TICK_S_MIN: Final = 0.005
"""The least time between two looks."""


SWALLOWED_MAX: Final = 2
"""How often a function may catch what ends it before it gets it again inside its except clause."""


class Overdue(BaseException):
    """A function has used up its time.

    Not an Exception, so that a handler's `except Exception` cannot swallow it.
    """


def time_allowed_s(run: Run) -> float:
    """The processor time that a run may use, in seconds."""
    return limits.TRANSACTION_MS_MAX / 1000 if run.tx is not None else float(limits.ACTION_S_MAX)


class _Judge:
    """Decides about the frame that stands there after a tick.

    Args:
        tick_s: seconds of processor time between two looks.
    """

    def __init__(self, tick_s: float) -> None:
        self._tick_s = tick_s
        self._insists = False
        self._tracer: Any = None

    def __call__(self, frame: FrameType) -> bool:
        """Charges whoever runs with a tick, and ends it after its last; True for "ask again"."""
        if self._insists:
            sys.settrace(self._tracer)
            self._insists = False
        run = running()
        if run is None:
            return False
        execution = run.execution
        execution.ticks += 1
        left = math.ceil(time_allowed_s(run) / self._tick_s) - execution.ticks
        if left > 0:
            return False
        if asker(frame) != "project":
            return True
        if left < -SWALLOWED_MAX:
            self._insist(frame)
        raise Overdue

    def _insist(self, frame: FrameType | None) -> None:
        """Raises again where it is caught: `except:` around a loop catches everything but that."""
        self._tracer, self._insists = sys.gettrace(), True
        sys.settrace(_ignore)
        while frame is not None and asker(frame) == "project":
            frame.f_trace = _until_raised
            frame = frame.f_back


def _ignore(*_: object) -> None:
    """Traces no new frame."""


def _until_raised(_: FrameType, event: str, argument: Any) -> Any:
    is_ours = event == "exception" and issubclass(argument[0], Overdue)
    return _once_raised if is_ours else _until_raised


def _once_raised(_: FrameType, event: str, __: Any) -> Any:
    if event == "line":
        raise Overdue
    return _once_raised


def watch() -> Watchdog:
    """Watches the thread that enters it."""
    tick_s = max(limits.TRANSACTION_MS_MAX / 1000 / TICKS, TICK_S_MIN)
    return Watchdog(tick_s, _Judge(tick_s))
