"""Rates, and what is left of one at a time: arithmetic only, times in ms since the epoch."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

from reactor import Object
from reactor.errors import ProjectError

_ROUNDING: Final = 1e-9
"""Tokens that may be missing: less than anybody counts, more than what rounding loses. What is
missing is carried as a debt, so it never adds up."""


class Rate(Object):
    """So many per so long: `Rate.fixed_window(100, HOUR)`, `Rate.token_bucket(10, MINUTE)`."""

    kind: Literal["fixedWindow", "tokenBucket"]
    count: float
    per_ms: float
    burst: float

    @staticmethod
    def fixed_window(count: float, per: timedelta, /) -> Rate:
        """All at once or spread, then none until the window ends.

        A window opens with the first use after the one before it has ended.

        Args:
            count: tokens of each window.
            per: how long a window is.

        Raises:
            ProjectError: a number is not positive.
        """
        return _rate("fixedWindow", count, per, count)

    @staticmethod
    def token_bucket(count: float, per: timedelta, /, *, burst: float | None = None) -> Rate:
        """Tokens flow in steadily, and what is not used is kept up to `burst`.

        Args:
            count: tokens that flow in over `per`.
            per: how long that takes.
            burst: tokens that the bucket holds, `count` by default; it starts full.

        Raises:
            ProjectError: a number is not positive.
        """
        return _rate("tokenBucket", count, per, count if burst is None else burst)

    def share(self, shards: int) -> Rate:
        """One of so many equal parts."""
        return Rate(
            kind=self.kind,
            count=self.count / shards,
            per_ms=self.per_ms,
            burst=self.burst / shards,
        )


def _rate(
    kind: Literal["fixedWindow", "tokenBucket"], count: float, per: timedelta, burst: float
) -> Rate:
    per_ms = per / timedelta(milliseconds=1)
    numbers = (count, per_ms, burst)
    if not all(number > 0 and math.isfinite(number) for number in numbers):
        raise ProjectError(f"a rate needs positive numbers, not {count} per {per}, burst {burst}")
    return Rate(kind=kind, count=float(count), per_ms=per_ms, burst=float(burst))


@dataclass(frozen=True, slots=True)
class Level:
    """What is left of a rate.

    Args:
        tokens: how many; below zero when some are reserved that are not there yet.
        since_ms: when that was so; for a window, when it opened.
    """

    tokens: float
    since_ms: float


def level_at(rate: Rate, stored: Level | None, now_ms: float) -> Level:
    """What is left now.

    Args:
        rate: the rate.
        stored: what was left after the last use; None when there was none.
        now_ms: not before the last use, or nothing has come in since.
    """
    if stored is None:
        return Level(rate.burst, now_ms)
    elapsed_ms = max(0.0, now_ms - stored.since_ms)
    if rate.kind == "tokenBucket":
        gained = elapsed_ms * rate.count / rate.per_ms
        return Level(min(rate.burst, stored.tokens + gained), now_ms)
    windows = math.floor(elapsed_ms / rate.per_ms)
    if windows == 0:
        return Level(min(rate.burst, stored.tokens), stored.since_ms)
    tokens = min(rate.burst, stored.tokens + windows * rate.count)
    is_full = tokens == rate.burst
    return Level(tokens, now_ms if is_full else stored.since_ms + windows * rate.per_ms)


def wait_ms(rate: Rate, level: Level, count: float, now_ms: float) -> float:
    """How long until so many tokens are there: whole milliseconds, 0 for now.

    Args:
        rate: the rate.
        level: what is left now.
        count: how many are wanted.
        now_ms: the time.
    """
    lacking = count - level.tokens
    if lacking <= _ROUNDING:
        return 0.0
    if rate.kind == "tokenBucket":
        return float(math.ceil((lacking - _ROUNDING) * rate.per_ms / rate.count))
    windows = math.ceil((lacking - _ROUNDING) / rate.count)
    return float(max(1, math.ceil(level.since_ms + windows * rate.per_ms - now_ms)))
