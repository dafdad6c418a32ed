"""`Aggregate` and `TableAggregate` as an app uses them."""

from __future__ import annotations

from typing import Any

import pytest

from reactor import ActionCtx, AppError, MutationCtx
from reactor.contrib import Aggregate, TableAggregate, prefix
from reactor.errors import DeveloperError
from reactor.testing import Harness
from tests.unit.contrib.shop.functions import sales
from tests.unit.contrib.shop.schema import Order

plays = Aggregate[Any]("plays")


async def test_a_table_and_its_figures_stay_in_step(shop: Harness) -> None:
    first = await shop.mutation(sales.sell, who="ada", price=2.0)
    second = await shop.mutation(sales.sell, who="ada", price=3.0)
    await shop.mutation(sales.sell, who="bob", price=5.0)
    assert await shop.query(sales.bought, who="ada") == [2, 5.0]
    await shop.mutation(sales.reprice, id=first, price=7.0)
    assert await shop.query(sales.bought, who="ada") == [2, 10.0]
    assert await shop.query(sales.dearest, who="ada") == ["ada", 7.0]
    await shop.mutation(sales.give_to, id=first, who="bob")
    assert await shop.query(sales.bought, who="bob") == [2, 5.0]
    await shop.mutation(sales.cancel, id=second)
    assert await shop.query(sales.bought, who="ada") == [0, 0.0]
    assert await shop.query(sales.dearest, who="ada") is None


async def test_what_fails_is_not_counted(shop: Harness) -> None:
    with pytest.raises(AppError):
        await shop.mutation(sales.sell_and_fail, who="ada")
    assert await shop.query(sales.bought, who="ada") == [0, 0.0]


async def test_a_live_figure_follows_its_own_range_only(shop: Harness) -> None:
    """A thousand customers watch their own sums; an order disturbs one of them."""
    async with shop.subscribe(sales.bought, who="ada") as feed:
        assert await feed.next() == [0, 0.0]
        runs = shop.node.hub.runner.query_runs
        await shop.mutation(sales.sell, who="bob", price=1.0)
        await shop.drain()
        assert shop.node.hub.runner.query_runs == runs
        await shop.mutation(sales.sell, who="ada", price=1.0)
        assert await feed.next() == [1, 1.0]


async def test_every_figure(shop: Harness) -> None:
    async def body(ctx: MutationCtx) -> list[Any]:
        for name, rating in [("a", 10.0), ("b", 20.0), ("c", 20.0), ("d", 30.0)]:
            await plays.insert(ctx, name, rating, value=1.0, namespace="chess")
        await plays.insert(ctx, "e", 99.0, namespace="go")
        own: dict[str, Any] = {"namespace": "chess"}
        low, high = await plays.min(ctx, **own), await plays.max(ctx, **own)
        second = await plays.at(ctx, 1, order="desc", **own)
        assert low
        assert high
        assert second
        top = await plays.entries(ctx, limit=2, order="desc", **own)
        return [
            [low.item, high.item, second.item, [entry.item for entry in top]],
            [await plays.rank(ctx, rating, **own) for rating in (5.0, 20.0, 25.0, 30.0, 99.0)],
            [await plays.rank(ctx, r, order="desc", **own) for r in (5.0, 20.0, 30.0)],
            [await plays.rank(ctx, 20.0, item=name, **own) for name in "abc"],
            await plays.at(ctx, 4, **own),
            [await plays.count(ctx), await plays.count(ctx, prefix(20.0), **own)],
        ]

    assert await shop.run(body) == [
        ["a", "d", "c", ["d", "c"]],
        [0, 1, 3, 3, 4],
        [4, 1, 0],
        [1, 1, 2],
        None,
        [0, 2],
    ]


async def test_items_have_one_place(shop: Harness) -> None:
    async def body(ctx: MutationCtx) -> list[Any]:
        await plays.insert(ctx, "x", 1)
        await plays.replace(ctx, "x", ("a", 2), value=5, namespace="other")
        moved = await plays.find(ctx, "x")
        assert moved is not None
        await plays.put(ctx, "x", 3)
        await plays.put(ctx, "y", 3)
        await plays.delete(ctx, "y")
        gone = await plays.find(ctx, "y")
        return [moved.key, moved.value, moved.namespace, await plays.count(ctx), gone]

    assert await shop.run(body) == [["a", 2.0], 5.0, "other", 1, None]


@pytest.mark.parametrize(
    ("what", "args", "code"),
    [
        (plays.insert, ("x", 1), "AggregateItemExists"),
        (plays.replace, ("y", 1), "AggregateItemMissing"),
        (plays.delete, ("y",), "AggregateItemMissing"),
        (plays.put, ("z", ()), "InvalidAggregateKey"),
    ],
)
async def test_figures_that_would_be_wrong_are_refused(
    shop: Harness, what: Any, args: tuple[Any, ...], code: str
) -> None:
    """A count that drifts away from what it counts is worse than an error."""

    async def body(ctx: MutationCtx) -> None:
        await plays.insert(ctx, "x", 1)
        await what(ctx, *args)

    with pytest.raises(DeveloperError) as caught:
        await shop.run(body)
    assert caught.value.code == code


async def test_a_value_must_be_a_number(shop: Harness) -> None:

    def wrong(order: Order) -> Any:
        return order.who

    broken = TableAggregate(Order, key=lambda order: order.price, value=wrong)

    async def body(ctx: MutationCtx) -> None:
        await broken.insert(ctx, Order(who="ada", price=1.0))

    with pytest.raises(DeveloperError) as caught:
        await shop.run(body)
    assert caught.value.code == "InvalidAggregateValue"


async def test_actions_can_write_and_clear(shop: Harness) -> None:
    async def body(ctx: ActionCtx) -> list[int]:
        for at in range(5):
            await plays.insert(ctx, str(at), at)
        before = await plays.count(ctx)
        await plays.clear(ctx)
        return [before, await plays.count(ctx)]

    assert await shop.run_action(body) == [5, 0]
