"""`RateLimiter`: the typed face of the rate limiter component."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import ClassVar

from reactor import ActionCtx, AppError, Component, MutationCtx, QueryCtx, limits
from reactor.contrib.rate_limiter import schema
from reactor.contrib.rate_limiter.functions import limits as functions
from reactor.contrib.rate_limiter.functions.limits import Taken, Target
from reactor.contrib.rate_limiter.rate import Rate
from reactor.errors import DeveloperError, ProjectError


class RateLimited(AppError):
    """There are not enough tokens: {"kind": "RateLimited", "name": …, "retryAfter": ms}.

    Args:
        name: the limit's name.
        retry_after: when it is worth another try.
    """

    def __init__(self, name: str, retry_after: timedelta) -> None:
        retry_ms = retry_after / timedelta(milliseconds=1)
        super().__init__({"kind": "RateLimited", "name": name, "retryAfter": retry_ms})
        self.retry_after = retry_after


class RateLimiter:
    """How often something may happen: `sends = RateLimiter("sendMessage", Rate.…)`.

    Its state lives in a component of its own: `Reactor(components=[RateLimiter.component])`.

    Args:
        name: unique among the project's limits; two objects of one name share their tokens.
        rate: how often.
        shards: in how many equal parts it is kept. With 1 no token is ever refused that is there;
            more let uses at the same time meet less often, and each holds its part only.

    Raises:
        ProjectError: the number of shards makes no sense.
    """

    component: ClassVar[Component] = Component(
        "rateLimiter", functions="reactor.contrib.rate_limiter.functions", schema=schema
    )

    def __init__(self, name: str, rate: Rate, /, *, shards: int = 1) -> None:
        most = limits.RATE_SHARDS_MAX
        if not 1 <= shards <= most:
            raise ProjectError(f"limit {name!r}: 1 to {most} shards, not {shards}")
        self.name = name
        self.rate = rate
        self.shards = shards

    async def consume(
        self, ctx: MutationCtx | ActionCtx, /, *, key: str | None = None, count: float = 1
    ) -> None:
        """Takes tokens, or fails. In a mutation they come back when the mutation fails.

        Args:
            ctx: in an action each use is a transaction of its own, and stays.
            key: whose limit it is, such as a user's id; None for one that all share.
            count: how many tokens.

        Raises:
            RateLimited: they are not there; the data says when.
            DeveloperError: `count` is more than there ever are at once.
        """
        self._check_fits(count)
        taken = await self._take(ctx, key, count, timedelta())
        if not taken.ok:
            raise RateLimited(self.name, timedelta(milliseconds=taken.wait_ms))

    async def reserve(
        self,
        ctx: MutationCtx | ActionCtx,
        /,
        *,
        within: timedelta,
        key: str | None = None,
        count: float = 1,
    ) -> timedelta:
        """Takes tokens that will be there soon; whoever reserved waits that long, then goes ahead.

        Args:
            ctx: a mutation's or an action's.
            within: the longest wait that is worth while.
            key: whose limit it is; None for one that all share.
            count: how many tokens.

        Returns:
            How long to wait; zero when they are there now.

        Raises:
            RateLimited: it would take longer than `within`.
        """
        self._check(count)
        taken = await self._take(ctx, key, count, within)
        wait = timedelta(milliseconds=taken.wait_ms)
        if not taken.ok:
            raise RateLimited(self.name, wait - within)
        return wait

    async def retry_after(
        self,
        ctx: QueryCtx | ActionCtx,
        /,
        *,
        key: str | None = None,
        count: float = 1,
    ) -> timedelta | None:
        """How long until the tokens could be taken; None for now. Takes none.

        A live query is not run again because time has passed; it is when a token is taken.

        Raises:
            DeveloperError: `count` is more than there ever are at once.
        """
        self._check_fits(count)
        fn = self.component(functions.wait)
        waits = await ctx.run_query(fn, target=self._target(key), count=float(count))
        return timedelta(milliseconds=waits) if waits > 0 else None

    async def remaining(self, ctx: QueryCtx | ActionCtx, /, *, key: str | None = None) -> float:
        """Tokens that are there now; below zero when some are reserved."""
        return await ctx.run_query(self.component(functions.remaining), target=self._target(key))

    async def reset(self, ctx: MutationCtx | ActionCtx, /, *, key: str | None = None) -> None:
        """Makes the limit full again."""
        await ctx.run_mutation(self.component(functions.reset), name=self.name, key=key)

    async def _take(
        self, ctx: MutationCtx | ActionCtx, key: str | None, count: float, within: timedelta
    ) -> Taken:
        return await ctx.run_mutation(
            self.component(functions.take),
            target=self._target(key),
            count=float(count),
            within_ms=within / timedelta(milliseconds=1),
        )

    def _target(self, key: str | None) -> Target:
        return Target(name=self.name, key=key, rate=self.rate, shards=self.shards)

    def _check(self, count: float) -> None:
        if not (count > 0 and math.isfinite(count)):
            raise DeveloperError(
                f"limit {self.name!r}: {count} is no number of tokens", code="InvalidTokenCount"
            )

    def _check_fits(self, count: float) -> None:
        self._check(count)
        most = self.rate.burst / self.shards
        if count > most:
            raise DeveloperError(
                f"limit {self.name!r} never holds {count} tokens at once (most: {most}); raise its "
                "burst, lower its shards, or reserve them",
                code="InvalidTokenCount",
            )
