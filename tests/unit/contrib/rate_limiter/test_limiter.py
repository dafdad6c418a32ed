"""`RateLimiter` as an app uses it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from reactor import ActionCtx, AppError, MutationCtx
from reactor.contrib import MINUTE, SECOND, Rate, RateLimited, RateLimiter
from reactor.errors import DeveloperError, ProjectError
from reactor.testing import Harness, open_harness
from tests.unit.contrib.shop.functions import orders
from tests.unit.contrib.world import FUNCTIONS

bucket = RateLimiter("bucket", Rate.token_bucket(1, SECOND, burst=3))


async def test_more_than_the_rate_is_refused_until_it_is_time(shop: Harness) -> None:
    for _ in range(3):
        await shop.mutation(orders.buy, who="ada")
    await shop.advance(timedelta(seconds=20))
    with pytest.raises(AppError) as caught:
        await shop.mutation(orders.buy, who="ada")
    assert caught.value.data == {"kind": "RateLimited", "name": "orders", "retryAfter": 40_000.0}
    await shop.mutation(orders.buy, who="bob")
    await shop.advance(timedelta(milliseconds=39_999))
    assert await shop.query(orders.wait, who="ada") == 1.0
    await shop.advance(timedelta(milliseconds=1))
    await shop.mutation(orders.buy, who="ada")


async def test_a_mutation_that_fails_takes_nothing(shop: Harness) -> None:
    for _ in range(9):
        with pytest.raises(AppError, match="out of stock"):
            await shop.mutation(orders.buy_and_fail, who="ada")
    assert await shop.query(orders.wait, who="ada") is None


async def test_the_error_is_caught_by_its_class(shop: Harness) -> None:
    async def body(ctx: MutationCtx) -> timedelta:
        await bucket.consume(ctx, count=3)
        try:
            await bucket.consume(ctx, count=2)
        except RateLimited as error:
            return error.retry_after
        raise AssertionError("it was allowed")

    assert await shop.run(body) == timedelta(seconds=2)


async def test_actions_take_for_good(shop: Harness) -> None:
    assert [await shop.action(orders.call_out, who="ada") for _ in range(3)] == [2.0, 1.0, 0.0]
    with pytest.raises(AppError):
        await shop.action(orders.call_out, who="ada")


async def test_a_live_query_is_told_when_a_token_is_taken(shop: Harness) -> None:
    async with shop.subscribe(orders.wait, who="ada") as feed:
        assert await feed.next() is None
        for _ in range(3):
            await shop.mutation(orders.buy, who="ada")
        assert await feed.next() == 60_000.0
        await shop.mutation(orders.buy, who="bob")
        await shop.drain()
        assert feed.pushes == 2


async def test_reservations_say_how_long_to_wait(shop: Harness) -> None:
    """A worker that must not be refused spreads its calls by itself."""

    async def body(ctx: ActionCtx) -> list[Any]:
        waits = [await bucket.reserve(ctx, within=timedelta(seconds=2)) for _ in range(5)]
        with pytest.raises(RateLimited) as caught:
            await bucket.reserve(ctx, within=timedelta(seconds=2))
        return [*(wait.total_seconds() for wait in waits), caught.value.retry_after.total_seconds(),
                await bucket.remaining(ctx)]  # fmt: skip

    assert await shop.run_action(body) == [0, 0, 0, 1, 2, 1, -2]


async def test_a_reset_fills_it_again(shop: Harness) -> None:
    async def body(ctx: MutationCtx) -> list[float]:
        await bucket.consume(ctx, count=3, key="a")
        await bucket.consume(ctx, count=3)
        await bucket.reset(ctx, key="a")
        return [await bucket.remaining(ctx, key="a"), await bucket.remaining(ctx)]

    assert await shop.run(body) == [3.0, 0.0]


@pytest.mark.parametrize("count", [0, -1, float("nan"), float("inf"), 4])
async def test_impossible_counts_are_the_developers_mistake(shop: Harness, count: float) -> None:
    """Told at once, and not to a user who would wait for ever."""

    async def body(ctx: MutationCtx) -> None:
        with pytest.raises(DeveloperError) as caught:
            await bucket.retry_after(ctx, count=count)
        assert caught.value.code == "InvalidTokenCount"
        await bucket.consume(ctx, count=count)

    with pytest.raises(DeveloperError) as caught:
        await shop.run(body)
    assert caught.value.code == "InvalidTokenCount"


def test_the_number_of_shards_is_bounded() -> None:
    for shards in (0, 257):
        with pytest.raises(ProjectError):
            RateLimiter("x", Rate.fixed_window(1, MINUTE), shards=shards)


async def test_one_that_is_not_mounted_says_what_to_do() -> None:
    async with open_harness(functions=FUNCTIONS) as shop:
        with pytest.raises(DeveloperError, match=r"'rateLimiter' is not mounted .* components"):
            await shop.mutation(orders.buy, who="ada")
