"""Inside the component: what is stored, and how shards share the work."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from reactor import AppError
from reactor.testing import Harness
from tests.unit.contrib.shop.functions import orders
from tests.unit.contrib.world import open_shop
from tests.unit.sample.gate import gate

LIMITS = "rateLimiter/limits"


async def test_one_document_for_each_key(shop: Harness) -> None:
    for who in ("ada", "bob", "ada"):
        await shop.mutation(orders.buy, who=who)
    assert len(shop.node.log.snapshot.table(LIMITS).documents) == 2


async def test_shards_give_all_there_is_and_no_more() -> None:
    """Whatever chance picks, eight are granted, and the ninth has to wait for its shard."""
    for seed in range(5):
        async with open_shop(seed=seed) as shop:
            for _ in range(8):
                await shop.mutation(orders.buy_sharded)
            assert await refused(shop)
            assert len(shop.node.log.snapshot.table(LIMITS).documents) == 4
            await shop.advance(timedelta(seconds=30))
            assert not await refused(shop)


async def refused(shop: Harness) -> bool:
    try:
        await shop.mutation(orders.buy_sharded)
    except AppError as error:
        return bool(error.data["kind"] == "RateLimited")
    return False


async def test_mutations_at_the_same_time_take_no_token_twice(shop: Harness) -> None:
    """Five start together, before any has committed: three are served, two are told to wait."""
    gate.shut()
    tasks = [asyncio.ensure_future(shop.mutation(orders.buy_slowly)) for _ in range(5)]
    for _ in range(8):
        await shop.drain()
        gate.let_through()
        await shop.advance(timedelta(seconds=3))
    gate.open()
    done = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(one).__name__ for one in done if one is not None] == ["AppError", "AppError"]
    assert len(shop.node.log.snapshot.table("orders").documents) == 3
