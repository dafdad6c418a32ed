"""`Workpool` as an app uses it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from reactor import ActionCtx, AppError, MutationCtx
from reactor.contrib import Workpool
from reactor.errors import DeveloperError, ProjectError
from reactor.testing import Harness
from tests.unit.contrib.shop.functions import jobs
from tests.unit.contrib.shop.schema import Note
from tests.unit.contrib.workpool.support import enqueue, notes
from tests.unit.sample.gate import gate


@pytest.fixture(autouse=True)
async def open_gate() -> AsyncIterator[None]:
    gate.open()
    yield
    gate.open()


async def test_jobs_run_and_their_end_is_told(shop: Harness) -> None:
    (id,) = await shop.mutation(jobs.send_parcels, names=["ada"])
    await shop.drain()
    assert await notes(shop) == [
        "begin ada", "end ada", "parcel: success {'toWhom': 'ada', 'weight': 2.0}",
    ]  # fmt: skip
    status = await shop.query(jobs.status, id=id)
    assert status is not None
    assert (status.kind, status.attempts, status.error) == ("success", 1, None)


async def test_a_mutation_that_fails_enqueues_nothing(shop: Harness) -> None:
    with pytest.raises(AppError):
        await shop.mutation(jobs.send_parcels, names=["ada"], fails=True)
    await shop.drain()
    assert await notes(shop) == []


async def test_no_more_run_at_once_than_may(shop: Harness) -> None:
    """Ten at once, three at a time, in the order of coming; each exactly once."""
    gate.shut()
    names = [str(n) for n in range(10)]
    await shop.mutation(jobs.send_parcels, names=names[:5])
    shop.clock.advance(0.001)
    await shop.mutation(jobs.send_parcels, names=names[5:])
    for _ in range(12):
        for _ in range(30):
            await shop.clock.sleep(0)
        said = [text.split()[0] for text in await notes(shop)]
        assert said.count("begin") - said.count("end") <= 3
        gate.let_through()
    gate.open()
    await shop.drain()
    texts = await notes(shop)
    begun = [text for text in texts if text.startswith("begin")]
    assert sorted(begun) == sorted(f"begin {name}" for name in names)
    assert sorted(begun[:3]) == ["begin 0", "begin 1", "begin 2"]
    assert sum(text.startswith("parcel: success") for text in texts) == 10


async def test_what_fails_is_tried_again_later(shop: Harness) -> None:
    pool = jobs.stubborn.then(jobs.told, context="x")
    await enqueue(shop, pool, jobs.fail, times=2, name="a")
    await shop.drain()
    assert await notes(shop) == ["tried a"]
    await shop.advance(timedelta(milliseconds=499))
    assert len(await notes(shop)) == 1
    await shop.advance(timedelta(milliseconds=1001))
    assert len(await notes(shop)) == 2
    await shop.advance(timedelta(seconds=3))
    assert await notes(shop) == ["tried a", "tried a", "tried a", "x: success done"]


async def test_what_goes_on_failing_is_told_once(shop: Harness) -> None:
    pool = jobs.stubborn.then(jobs.told, context="x")
    id = await enqueue(shop, pool, jobs.fail, times=99, name="a")
    await shop.advance(timedelta(minutes=5))
    assert await notes(shop) == ["tried a"] * 3 + ["x: failed {'code': 'LATER'}"]

    async def ask(ctx: ActionCtx) -> Any:
        return await pool.status(ctx, id)

    status = await shop.run_action(ask)
    assert (status.kind, status.attempts, status.error) == ("failed", 3, "{'code': 'LATER'}")


async def test_a_waiting_job_leaves_its_room_to_others(shop: Harness) -> None:
    pool = Workpool("narrow", parallel=1, retry=jobs.stubborn.retry)
    await enqueue(shop, pool, jobs.fail, times=1, name="a")
    await enqueue(shop, pool, jobs.fail, times=0, name="b")
    await shop.drain()
    assert await notes(shop) == ["tried a", "tried b"]


async def test_a_mutation_that_fails_leaves_nothing_but_its_end(shop: Harness) -> None:
    pool = jobs.one.then(jobs.told, context="x")
    await enqueue(shop, pool, jobs.pack, name="a", breaks=True)
    await enqueue(shop, pool, jobs.pack, name="b")
    await shop.drain()
    assert sorted(await notes(shop)) == ["packed b", "x: failed it broke", "x: success b"]


async def test_a_handler_that_fails_stops_nobody(shop: Harness) -> None:
    """It is undone and not run again, as the guide says; the jobs go on and stay as they ended."""
    jobs.told_in_vain.clear()
    for name in ("a", "b"):
        pool = jobs.one.then(jobs.told_and_fails, context=name)
        await enqueue(shop, pool, jobs.pack, name=name)
    await shop.advance(timedelta(hours=1))
    assert jobs.told_in_vain == ["a", "b"]
    assert await notes(shop) == ["packed a", "packed b"]


async def test_canceled_before_it_starts(shop: Harness) -> None:
    gate.shut()
    ids = await shop.mutation(jobs.send_parcels, names=["a", "b", "c", "d"])
    await shop.clock.sleep(0)

    async def cancel(ctx: MutationCtx) -> list[bool]:
        return [await jobs.three.cancel(ctx, id) for id in (ids[3], ids[3], "nonsense")]

    assert await shop.run(cancel) == [True, False, False]
    gate.open()
    await shop.drain()
    texts = await notes(shop)
    assert "begin d" not in texts
    assert texts.count("parcel: canceled None") == 1


async def test_canceled_while_it_runs(shop: Harness) -> None:
    """The attempt goes on; it is not tried again, and what it came to is told."""
    pool = jobs.stubborn.then(jobs.told, context="x")
    gate.shut()
    ids = await shop.mutation(jobs.send_parcels, names=["a"])
    failing = await enqueue(shop, pool, jobs.fail_slowly, name="b")
    for _ in range(60):
        await shop.clock.sleep(0)

    async def cancel(ctx: MutationCtx) -> list[bool]:
        return [await pool.cancel(ctx, id) for id in (ids[0], failing)]

    assert await shop.run(cancel) == [True, True]
    gate.open()
    await shop.advance(timedelta(minutes=1))
    texts = await notes(shop)
    assert "parcel: success {'toWhom': 'a', 'weight': 2.0}" in texts
    assert texts.count("tried b") == 1
    assert texts.count("x: canceled it broke") == 1


@pytest.mark.parametrize(
    ("fn", "end"), [(jobs.give_up, "canceled gave up"), (jobs.give_up_in_vain, "success True")]
)
async def test_a_job_may_cancel_itself(shop: Harness, fn: Any, end: str) -> None:
    """It goes on, as any job does that is running, and is not tried again."""
    id = await enqueue(shop, jobs.stubborn.then(jobs.told, context="x"), fn)
    await shop.insert(Note(text=id))
    await shop.advance(timedelta(minutes=1))
    assert await notes(shop) == [id, f"x: {end}"]


async def test_old_jobs_are_forgotten(shop: Harness) -> None:
    (id,) = await shop.mutation(jobs.send_parcels, names=["a"])
    await shop.advance(timedelta(hours=25))
    await shop.mutation(jobs.send_parcels, names=["b"])
    await shop.drain()
    assert await shop.query(jobs.status, id=id) is None
    assert len(shop.node.log.snapshot.table("workpool/works").documents) == 1


async def test_mistakes_are_found_when_a_job_is_enqueued(shop: Harness) -> None:
    """Not hours later, when there is nobody left to tell."""
    wrong = jobs.one.then(jobs.takes_too_little)
    mistakes: list[tuple[Workpool, Any, dict[str, Any]]] = [
        (jobs.one, jobs.pack, {"nam": "a"}),
        (jobs.one, jobs.pack, {"name": 3}),
        (wrong, jobs.pack, {"name": "a"}),
    ]
    for pool, fn, kwargs in mistakes:
        with pytest.raises(DeveloperError) as caught:
            await enqueue(shop, pool, fn, **kwargs)
        assert caught.value.code == "ArgumentValidationError"


@pytest.mark.parametrize("parallel", [0, 1_001])
def test_a_pool_has_room_for_some(parallel: int) -> None:
    with pytest.raises(ProjectError):
        Workpool("x", parallel=parallel)


async def test_an_idle_pool_schedules_nothing(shop: Harness) -> None:
    """A deployment at rest must not wake up every half minute for ever."""
    await shop.mutation(jobs.send_parcels, names=["a"])
    await shop.advance(timedelta(minutes=5))
    assert not list(shop.node.hub.runner.jobs["workpool"].unfinished())
