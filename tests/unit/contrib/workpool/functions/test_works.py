"""Inside the component: jobs that a crash left behind, and what they need to be found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from reactor import MutationCtx
from reactor.contrib import Outcome
from reactor.contrib.workpool.functions import works
from reactor.contrib.workpool.functions.works import Asked
from reactor.testing import Harness
from tests.unit.contrib.shop.functions import jobs
from tests.unit.contrib.workpool.support import enqueue, notes, open_shop, settle
from tests.unit.sample.gate import gate


async def test_an_action_that_a_crash_interrupted_is_tried_again() -> None:
    """And its room is free again, though nobody was there to say that it had ended."""
    gate.shut()
    async with open_shop() as shop:
        pool = jobs.stubborn.then(jobs.told, context="x")
        for name in "ab":
            await enqueue(shop, pool, jobs.send, parcel=jobs.Parcel(to_whom=name))
        await enqueue(shop, pool, jobs.pack, name="c")
        await settle(shop)
        assert sorted(await notes(shop)) == ["begin a", "begin b"]
        gate.open()
        await shop.restart()
        await shop.advance(timedelta(seconds=29))
        assert len(await notes(shop)) == 2
        await shop.advance(timedelta(seconds=10))
        texts = await notes(shop)
        assert sorted(texts[2:]) == [
            "begin a", "begin b", "end a", "end b", "packed c", "x: success c",
            "x: success {'toWhom': 'a', 'weight': 2.0}",
            "x: success {'toWhom': 'b', 'weight': 2.0}",
        ]  # fmt: skip


async def test_without_retries_an_interrupted_action_has_failed() -> None:
    gate.shut()
    async with open_shop() as shop:
        pool = jobs.one.then(jobs.told, context="x")
        await enqueue(shop, pool, jobs.send, parcel=jobs.Parcel(to_whom="a"))
        await settle(shop)
        gate.open()
        await shop.restart()
        await shop.advance(timedelta(minutes=1))
        assert await notes(shop) == [
            "begin a", "x: failed Transient error while executing action",
        ]  # fmt: skip


async def test_what_had_not_begun_goes_on_after_a_crash() -> None:
    async with open_shop() as shop:
        pool = jobs.one.then(jobs.told, context="x")
        for name in "abc":
            await enqueue(shop, pool, jobs.pack, name=name)
        await shop.restart()
        await shop.drain()
        texts = await notes(shop)
        assert sorted(texts) == [
            "packed a", "packed b", "packed c", "x: success a", "x: success b", "x: success c",
        ]  # fmt: skip


async def test_an_attempt_counts_once(shop: Harness) -> None:
    """One that was given up for lost and answers after all must not end the job a second time."""
    pool = jobs.one.then(jobs.told, context="x")
    id: Any = await enqueue(shop, pool, jobs.pack, name="a")
    await shop.drain()
    settle_late = pool.component(works.settle)
    for attempt in (0, 1, 2):
        outcome = Outcome(kind="failed", error="late")
        await shop.mutation(settle_late, id=id, attempt=attempt, outcome=outcome)
    await shop.drain()
    assert await notes(shop) == ["packed a", "x: success a"]


async def test_a_handler_that_is_gone_keeps_no_job_from_ending(shop: Harness) -> None:
    """A release may remove it between the start of a job and its end."""
    pool = jobs.one.then(jobs.told)
    asked = Asked(
        pool="one", parallel=1, kind="mutation", handle=await handle_of_pack(shop),
        args={"name": "a"}, backoff=None, then="function://jobs:removed", context=None,
    )  # fmt: skip
    id = await shop.mutation(pool.component(works.enqueue), asked=asked)
    await shop.drain()
    status = await shop.query(pool.component(works.status), id=id)
    assert status is not None
    assert status.kind == "success"
    assert "function://jobs:removed was not told" in (status.error or "")
    assert await notes(shop) == ["packed a"]


async def handle_of_pack(shop: Harness) -> str:
    async def body(ctx: MutationCtx) -> str:
        return jobs.pack.handle

    return await shop.run(body)
