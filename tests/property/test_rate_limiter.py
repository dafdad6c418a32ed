"""The rate limiter against a model in exact fractions, over virtual time."""

from __future__ import annotations

import asyncio
import math
from datetime import timedelta
from fractions import Fraction

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from reactor import MutationCtx
from reactor.contrib import Rate, RateLimited, RateLimiter
from reactor.contrib.rate_limiter.rate import Level, level_at, wait_ms
from tests.unit.contrib.world import open_shop

steps = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.integers(0, 5_000)),
        st.tuples(st.just("consume"), st.integers(1, 4)),
        st.tuples(st.just("reserve"), st.integers(1, 9)),
        st.tuples(st.just("wait out"), st.integers(1, 4)),
    ),
    max_size=25,
)
rates = st.tuples(
    st.sampled_from(["window", "bucket"]), st.integers(4, 9), st.integers(1, 7_000), st.booleans()
)


class Model:
    """A rate in exact arithmetic, told in words: windows one by one, a bucket drop by drop."""

    def __init__(self, kind: str, count: int, per_ms: int, burst: int) -> None:
        self.kind, self.count, self.per, self.burst = kind, count, per_ms, burst
        self.tokens = Fraction(burst)
        self.now = 0
        self.opened: int | None = None

    def wait(self, ms: int) -> None:
        self.now += ms
        if self.kind == "bucket":
            self.tokens = min(
                Fraction(self.burst), self.tokens + Fraction(ms * self.count, self.per)
            )
            return
        while self.opened is not None and self.now >= self.opened + self.per:
            self.tokens += self.count
            self.opened += self.per
            if self.tokens >= self.burst:
                self.tokens, self.opened = Fraction(self.burst), None

    def wait_for(self, tokens: int) -> int:
        lacking = tokens - self.tokens
        if lacking <= 0:
            return 0
        if self.kind == "bucket":
            return math.ceil(lacking * self.per / self.count)
        opened = self.now if self.opened is None else self.opened
        return opened + math.ceil(lacking / self.count) * self.per - self.now

    def take(self, tokens: int) -> None:
        if self.opened is None:
            self.opened = self.now
        self.tokens -= tokens


def made(rate: tuple[str, int, int, bool]) -> tuple[Rate, Model]:
    kind, count, per_ms, wide = rate
    per = timedelta(milliseconds=per_ms)
    burst = count * 2 if wide and kind == "bucket" else count
    model = Model(kind, count, per_ms, burst)
    if kind == "bucket":
        return Rate.token_bucket(count, per, burst=burst), model
    return Rate.fixed_window(count, per), model


@settings(max_examples=500, deadline=None)
@given(rates, steps)
def test_the_arithmetic_is_exact(
    rate: tuple[str, int, int, bool], moves: list[tuple[str, int]]
) -> None:
    """No wait is a millisecond too long or too short, however the clock's floats fall."""
    limit, model = made(rate)
    stored: Level | None = None
    seconds = 0.0
    for what, amount in moves:
        ms = amount if what == "wait" else model.wait_for(amount) if what == "wait out" else 0
        model.wait(ms)
        seconds += ms / 1000
        if what == "wait":
            continue
        now_ms = 1_767_225_600_000.0 + seconds * 1000.0
        level = level_at(limit, stored, now_ms)
        expected = model.wait_for(amount)
        assert wait_ms(limit, level, amount, now_ms) == expected
        if expected <= (1_500 if what == "reserve" else 0):
            model.take(amount)
            stored = Level(level.tokens - amount, level.since_ms)


@settings(max_examples=15, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(rates, steps)
def test_it_grants_what_the_model_grants(
    rate: tuple[str, int, int, bool], moves: list[tuple[str, int]]
) -> None:
    """Never a token too many, never one too few, and what it says to wait is enough."""
    limit, model = made(rate)
    asyncio.run(_compare(RateLimiter("x", limit), model, moves))


async def _compare(limiter: RateLimiter, model: Model, moves: list[tuple[str, int]]) -> None:
    async with open_shop() as shop:
        for what, amount in moves:
            if what == "wait":
                model.wait(amount)
                shop.clock.advance(amount / 1000)
                continue
            if what == "wait out":
                ms = model.wait_for(amount)
                model.wait(ms)
                shop.clock.advance(ms / 1000)
            within = timedelta(milliseconds=1_500) if what == "reserve" else timedelta()

            async def body(
                ctx: MutationCtx, amount: int = amount, within: timedelta = within
            ) -> int:
                try:
                    wait = await limiter.reserve(ctx, count=amount, within=within)
                except RateLimited as error:
                    return -round((error.retry_after + within) / timedelta(milliseconds=1))
                return round(wait / timedelta(milliseconds=1))

            expected = model.wait_for(amount)
            if timedelta(milliseconds=expected) > within:
                expected = -expected
            else:
                model.take(amount)
            assert await shop.run(body) == expected
