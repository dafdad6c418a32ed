"""Scheduled mutations, many due at once, and as many plain ones through the same runner.

A process of its own: `python -m bench.jobs '{"folder": …, "count": …}'` prints JSON.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from bench.measure import Result, percentile
from bench.processes import PROJECT
from reactor import Id, MutationCtx, MutationFn, ScheduledFunction, limits
from reactor.app import Node
from reactor.auth.identity import ANONYMOUS
from reactor.cli.project import open_project
from reactor.runner.run import Call
from reactor.runtime.settings import Settings

LEAD = timedelta(seconds=3)
"""Between the scheduling and the moment when everything is due: time for the scheduling itself."""


async def plain(node: Node, count: int) -> tuple[float, float]:
    """Mutations a second, begun in turns like scheduled ones; CPU µs of each."""
    runner, driver = node.hub.runner, node.hub.driver
    args = orjson.dumps({"channel": "plain", "text": "x" * 200})
    done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    left = count

    def finished(_: object, error: BaseException | None) -> None:
        nonlocal left
        assert error is None, error
        left -= 1
        if left == 0:
            done.set_result(None)

    def turn(waiting: int) -> None:
        for _ in range(min(waiting, limits.SCHEDULED_STARTS_PER_TURN)):
            driver.start(runner.mutation(Call("messages:send", args)), finished)
        if waiting > limits.SCHEDULED_STARTS_PER_TURN:
            node.hub.soon(lambda: turn(waiting - limits.SCHEDULED_STARTS_PER_TURN))

    started, cpu = time.perf_counter(), time.process_time()
    node.hub.soon(lambda: turn(count))
    await done
    await runner.durable()
    rate = count / (time.perf_counter() - started)
    return rate, (time.process_time() - cpu) / count * 1e6


async def scheduled(node: Node, count: int) -> tuple[float, float, list[float]]:
    """Scheduled mutations a second from when all are due; CPU µs of each; ms of lateness."""
    runner = node.hub.runner
    send = MutationFn.ref("messages:send")

    async def schedule(ctx: MutationCtx) -> list[Id[ScheduledFunction]]:
        return [
            await ctx.scheduler.run_at(due, send, channel="later", text="x" * 200)
            for _ in range(min(count, limits.FUNCTIONS_SCHEDULED_MAX))
        ]

    due = _now(node) + LEAD
    for _ in range(max(1, count // limits.FUNCTIONS_SCHEDULED_MAX)):
        await runner.unregistered(schedule, ANONYMOUS)
    await runner.durable()
    assert _now(node) < due, "scheduling took longer than the lead"
    cpu = time.process_time()
    while runner.jobs[""].unfinished_count():
        await node.hub.clock.sleep(0.002)
    await runner.durable()
    took = (_now(node) - due).total_seconds()
    cpu = time.process_time() - cpu
    raws = node.log.snapshot.table("_scheduled_functions").documents.values()
    jobs = [orjson.loads(raw) for raw in raws]
    assert all(job["state"] == {"kind": "success"} for job in jobs)
    late = [job["completedTime"] - job["scheduledTime"] for job in jobs]
    return len(jobs) / took, cpu / len(jobs) * 1e6, late


def _now(node: Node) -> datetime:
    return datetime.fromtimestamp(node.hub.clock.now_ms() / 1000, UTC)


async def measure(folder: str, count: int) -> Result:
    """Both, in one node."""
    settings = Settings(variables={}, data_dir=Path(folder))
    node = await Node.open(open_project(PROJECT), settings)
    await plain(node, count)  # warm
    rate, cpu = await plain(node, count)
    later, later_cpu, lateness = await scheduled(node, count)
    await node.close()
    return {
        "plain": rate, "plain_cpu": cpu, "scheduled": later, "scheduled_cpu": later_cpu,
        "p50": percentile(lateness, 0.5), "p99": percentile(lateness, 0.99),
    }  # fmt: skip


if __name__ == "__main__":
    run: Callable[..., Any] = asyncio.run
    with suppress(ImportError):
        import uvloop

        run = uvloop.run
    gc.disable()
    print(json.dumps(run(measure(**json.loads(sys.argv[1])))))
