"""Inside the component: which reads each figure is made of."""

from __future__ import annotations

from typing import Any

import pytest

from reactor import MutationCtx
from reactor.contrib import Aggregate, prefix
from reactor.contrib.aggregate.functions import items
from reactor.contrib.aggregate.functions.items import Target
from reactor.errors import DeveloperError
from reactor.testing import Harness

COMPONENT = Aggregate.component
plays = Aggregate[Any]("plays")
KEYS = [("chess",), ("chess", 5.0), ("chess", 9.0), ("go", 1.0), "solo"]


async def fill(ctx: MutationCtx) -> None:
    for at, key in enumerate(KEYS):
        await plays.insert(ctx, f"item{at}", key, value=10.0**at)


async def test_figures_read_no_documents(shop: Harness) -> None:
    """A count over a million items costs what one over ten does."""
    await shop.run(fill)

    async def look(ctx: MutationCtx) -> tuple[int, float, int, int]:
        tx = ctx._run.tx  # pyright: ignore[reportPrivateUsage]  # the test counts what was read
        assert tx is not None
        found = await plays.count(ctx), await plays.sum(ctx), await plays.rank(ctx, ("go", 1.0))
        return *found, tx.usage.documents_read

    assert await shop.run(look) == (5, 11_111.0, 3, 0)


async def test_an_upper_end_leaves_shorter_keys_out(shop: Harness) -> None:
    await shop.run(fill)

    async def look(ctx: MutationCtx) -> list[Any]:
        chess = prefix("chess")
        ranges = [chess, chess.below(9.0), chess.at_most(9.0)]
        ranges += [chess.above(5.0), chess.at_least(5.0)]
        return [await plays.count(ctx, one) for one in ranges]

    assert await shop.run(look) == [3, 1, 2, 1, 2]


async def test_ends_need_a_part_that_is_left(shop: Harness) -> None:
    async def look(ctx: MutationCtx) -> None:
        await plays.count(ctx, prefix(1, 2, 3, 4, 5, 6).at_least(7))

    with pytest.raises(DeveloperError) as caught:
        await shop.run(look)
    assert caught.value.code == "InvalidAggregateKey"


async def test_clearing_goes_step_by_step(shop: Harness) -> None:
    """A large namespace is cleared by an action, each batch a transaction of its own."""
    await shop.run(fill)
    target = Target(name="plays", namespace=None)
    assert await shop.mutation(COMPONENT(items.clear), target=target, limit=3)
    assert not await shop.mutation(COMPONENT(items.clear), target=target, limit=3)
    assert await shop.query(COMPONENT(items.count), target=target, bounds=prefix()) == 0
