"""How often a job is tried, and how long it waits in between."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

from reactor import Object, limits
from reactor.errors import ProjectError

if TYPE_CHECKING:
    from reactor.runtime.random import Random


class Backoff(Object):
    """A Retry as the component keeps it; times in ms."""

    attempts: int
    first_ms: float
    base: float


class Retry:
    """Tries a job again when it fails, each time after a longer wait.

    Args:
        attempts: how often it is tried in all, the first time included.
        first_delay: the wait after the first failure, give or take half of it.
        base: what each further wait is multiplied by.

    Raises:
        ProjectError: a number makes no sense.
    """

    def __init__(
        self,
        *,
        attempts: int = 5,
        first_delay: timedelta = timedelta(milliseconds=500),
        base: float = 2,
    ) -> None:
        first_ms = first_delay / timedelta(milliseconds=1)
        if attempts < 1 or first_ms < 0 or not base >= 1 or not math.isfinite(base):
            raise ProjectError(
                f"a retry needs at least one attempt, a delay and a base from 1 up, not {attempts} "
                f"attempts, {first_delay}, {base}"
            )
        self.backoff = Backoff(attempts=attempts, first_ms=first_ms, base=float(base))


def delay_ms(backoff: Backoff, failures: int, random: Random) -> float:
    """The wait before the next attempt, between half and one and a half times the even one.

    Args:
        backoff: how waits grow.
        failures: attempts that have failed so far, from 1.
        random: makes jobs that failed together come back apart.
    """
    even_ms = backoff.first_ms * backoff.base ** min(failures - 1, 64)
    return min(even_ms, limits.POOL_DELAY_MAX_S * 1000) * (0.5 + random.random())
