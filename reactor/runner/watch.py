"""Ends functions that do not end by themselves, such as `while True: pass`, or fill the memory.

The loop's thread is watched, not the functions: whoever's code is on its stack after each tick of
processor time is charged with the tick, and with what the process has grown by since the last one.
A run that has used up its time or its memory is ended by an exception raised where its own code
stands, never inside the engine, whose state must stay whole.
"""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any, Final

from reactor import limits
from reactor.errors import DeveloperError, OutOfMemory, TimedOut
from reactor.runner.current import running
from reactor.runner.frames import asker
from reactor.runtime.memory import resident_bytes
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
    """A function has used up its time or its memory; `Execution.over` says which.

    Not an Exception, so that a handler's `except Exception` cannot swallow it.
    """


def time_allowed_s(run: Run) -> float:
    """The processor time that a run may use, in seconds."""
    return limits.TRANSACTION_MS_MAX / 1000 if run.tx is not None else float(limits.ACTION_S_MAX)


def mib_allowed(run: Run) -> int:
    """The memory that a run may use, in MiB."""
    return limits.TRANSACTION_MIB_MAX if run.tx is not None else limits.ACTION_MIB_MAX


def ended(run: Run) -> DeveloperError:
    """What a run that caught `Overdue` is told to have done."""
    return run.execution.over or TimedOut(time_allowed_s(run))


class _Judge:
    """Decides about the frame that stands there after a tick.

    Args:
        tick_s: seconds of processor time between two looks.
    """

    def __init__(self, tick_s: float) -> None:
        self._tick_s = tick_s
        self._bytes = resident_bytes()
        self._insists = False
        self._tracer: Any = None

    def __call__(self, frame: FrameType) -> bool:
        """Charges whoever runs, and ends it when it has used up its share; True: "ask again"."""
        if self._insists:
            sys.settrace(self._tracer)
            self._insists = False
        before, self._bytes = self._bytes, resident_bytes()
        run = running()
        if run is None:
            return False
        execution = run.execution
        execution.ticks += 1
        execution.grown = max(0, execution.grown + self._bytes - before)
        execution.over = execution.over or self._excess(run)
        if execution.over is None:
            return False
        if asker(frame) != "project":
            return True
        execution.caught += 1
        if execution.caught > 1 + SWALLOWED_MAX:
            self._insist(frame)
        raise Overdue

    def _excess(self, run: Run) -> DeveloperError | None:
        """What the run has used up, if anything."""
        execution, mib = run.execution, mib_allowed(run)
        if execution.ticks >= math.ceil(time_allowed_s(run) / self._tick_s):
            return TimedOut(time_allowed_s(run))
        return OutOfMemory(mib) if execution.grown > mib * 2**20 else None

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
