"""Jobs under crashes at any time: each ends once, and no more run at once than may."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from reactor import MutationCtx
from reactor.contrib import Retry, Workpool
from reactor.testing import Harness
from tests.unit.contrib.shop.functions import jobs
from tests.unit.contrib.workpool.support import enqueue, notes, open_shop, settle
from tests.unit.sample.gate import gate

PARALLEL = 2
kinds = st.sampled_from(["send", "send", "fail", "pack", "break"])
enqueued = st.tuples(st.just("enqueue"), kinds)
steps = st.lists(
    st.one_of(
        enqueued,
        st.tuples(st.just("cancel"), st.integers(0, 5)),
        st.tuples(st.just("wait"), st.integers(0, 40_000)),
        st.tuples(st.just("let one through"), st.integers(0, 1)),
        st.tuples(st.just("crash"), st.none()),
    ),
    min_size=4,
    max_size=15,
)


@settings(max_examples=25, deadline=None)
@given(st.lists(enqueued, min_size=4, max_size=7), steps, st.booleans())
@example([("enqueue", "send")] * 5, [("let one through", 0)] * 2, False)
@example([("enqueue", "send")] * 3, [("wait", 35_000)] * 2, False)
def test_every_job_ends_exactly_once(
    first: list[tuple[str, Any]], moves: list[tuple[str, Any]], retries: bool
) -> None:
    """Whatever crashes and whoever cancels: one word per job, and mutations take effect once."""
    asyncio.run(_run(first + moves, Retry(attempts=2) if retries else None))


async def _run(moves: list[tuple[str, Any]], retry: Retry | None) -> None:
    pool = Workpool("pool", parallel=PARALLEL, retry=retry)
    ids: list[str] = []
    starts = 1 + sum(what == "crash" for what, _ in moves)
    gate.waiting.clear()
    gate.shut()
    async with open_shop() as shop:
        for what, value in moves:
            if what == "enqueue":
                ids.append(await _enqueue(shop, pool, value, f"{value}{len(ids)}"))
            elif what == "cancel" and value < len(ids):
                await _cancel(shop, pool, ids[int(value)])
            elif what == "wait":
                shop.clock.advance(value / 1000)
            elif what == "let one through" and value < len(gate.waiting):
                gate.waiting.pop(int(value)).set_result(None)
            elif what == "crash":
                gate.waiting.clear()
                await shop.restart()
            await settle(shop)
            _check_room(shop)
        gate.open()
        await shop.advance(timedelta(hours=1))
        texts = await notes(shop)
        told = [text.split(":")[0] for text in texts if ": " in text]
        assert sorted(told) == sorted(f"job{n}" for n in range(len(ids)))
        for n in range(len(ids)):
            assert texts.count(f"begin send{n}") <= starts, "again only after a crash"
            packed = texts.count(f"packed pack{n}")
            assert packed == (f"job{n}: success pack{n}" in texts)
        assert not any(text.startswith("packed break") for text in texts)


async def _enqueue(shop: Harness, pool: Workpool, kind: str, name: str) -> str:
    number = "".join(filter(str.isdigit, name))
    told = pool.then(jobs.told, context=f"job{number}")
    if kind == "send":
        return await enqueue(shop, told, jobs.send, parcel=jobs.Parcel(to_whom=name))
    if kind == "fail":
        return await enqueue(shop, told, jobs.fail_slowly, name=name)
    return await enqueue(shop, told, jobs.pack, name=name, breaks=kind == "break")


async def _cancel(shop: Harness, pool: Workpool, id: str) -> None:
    async def body(ctx: MutationCtx) -> bool:
        return await pool.cancel(ctx, id)

    await shop.run(body)


def _check_room(shop: Harness) -> None:
    works = shop.node.log.snapshot.table("workpool/works").documents.values()
    assert sum(b'"state":"running"' in raw for raw in works) <= PARALLEL
    assert len(gate.waiting) <= PARALLEL
