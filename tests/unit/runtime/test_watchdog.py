"""The main thread is looked at when it is busy, between two bytecodes."""

from __future__ import annotations

import signal
import time
from types import FrameType

import pytest

from reactor.runtime.watchdog import Watchdog


class Enough(BaseException):
    """Raised into a loop that would not end."""


def burn() -> None:
    while True:
        pass


def test_a_busy_thread_is_looked_at_and_can_be_interrupted() -> None:
    seen: list[str] = []

    def look(frame: FrameType) -> bool:
        seen.append(frame.f_code.co_name)
        if len(seen) == 3:
            raise Enough
        return False

    with Watchdog(0.01, look), pytest.raises(Enough):
        burn()
    assert seen == ["burn"] * 3


def test_who_could_not_act_is_asked_again_soon() -> None:
    """The ticks are long here; without the hurry this would take a minute."""
    seen: list[float] = []

    def look(_: FrameType) -> bool:
        seen.append(time.process_time())
        if len(seen) == 20:
            raise Enough
        return True

    with Watchdog(0.2, look), pytest.raises(Enough):
        burn()
    assert seen[-1] - seen[0] < 2


def test_a_thread_that_waits_is_not_looked_at() -> None:
    """Nothing wakes an idle server."""
    seen: list[int] = []

    def look(_: FrameType) -> bool:
        seen.append(1)
        return False

    with Watchdog(0.01, look):
        time.sleep(0.1)
    assert not seen


def test_the_signal_is_given_back() -> None:
    before = signal.getsignal(signal.SIGVTALRM)
    with Watchdog(0.01, lambda _: False):
        assert signal.getsignal(signal.SIGVTALRM) is not before
    assert signal.getsignal(signal.SIGVTALRM) is before
