"""Scheduled functions and crons, as a dashboard lists them."""

from __future__ import annotations

from typing import Any

import pytest

from reactor import limits
from reactor.transaction.system import SystemTable
from reactor.transaction.transaction import Transaction
from tests.unit.admin.tools import admin_client, ask, opts
from tests.unit.sample.world import World, add


async def store(world: World, table: str, *bodies: dict[str, Any]) -> list[str]:
    """Documents of the engine's own, as the scheduler would write them."""
    runner = world.hub.runner
    tx = Transaction(world.log, runner.clock.now_ms())
    rows = SystemTable(tx, table, runner.entropy)
    ids = [rows.insert(body) for body in bodies]
    invalidation = tx.commit("test")
    assert invalidation is not None
    world.hub.committed(invalidation)
    await world.settle()
    return ids


def job(kind: str, name: str = "counters.js:add", due_ms: float = 5.0) -> dict[str, Any]:
    body = {"name": name, "args": [{"name": "x"}], "scheduledTime": due_ms}
    ended = {} if kind in ("pending", "inProgress") else {"completedTime": 9.0}
    return {**body, **ended, "state": {"kind": kind}}


async def test_what_is_still_to_run_is_listed_live(world: World) -> None:
    client = admin_client(world)
    client.modify(
        add(1, "_system/frontend/paginatedScheduledJobs", paginationOpts=opts(), udfPath=None)
    )
    await world.settle()
    assert client.results[1]["page"] == []
    jobs = [job("pending", due_ms=7.0), job("success"), job("inProgress", due_ms=5.0)]
    await store(world, "_scheduled_functions", *jobs)
    states = [one["state"]["kind"] for one in client.results[1]["page"]]
    assert states == ["inProgress", "pending"]


async def test_jobs_of_one_function(world: World) -> None:
    jobs = [job("pending"), job("pending", "notes.js:write")]
    await store(world, "_scheduled_functions", *jobs)
    page = await ask(world, "paginatedScheduledJobs", paginationOpts=opts(), udfPath="notes:write")
    assert [one["name"] for one in page["page"]] == ["notes.js:write"]


async def test_the_arguments_of_a_job(world: World) -> None:
    [id] = await store(world, "_scheduled_functions", job("pending"))
    assert await ask(world, "scheduler:getArgs", id=id) == [{"name": "x"}]


async def states(world: World) -> list[str]:
    page = await world.backend.as_admin().call(
        "_system/cli/tableData",
        {"table": "_scheduled_functions", "order": "asc", "paginationOpts": opts()},
    )
    return [one["state"]["kind"] for one in page["page"]]


async def test_a_job_is_canceled_once(world: World) -> None:
    [first, second] = await store(world, "_scheduled_functions", job("pending"), job("success"))
    admin = world.backend.as_admin()
    for id, expected in [(first, True), (first, False), (second, False)]:
        assert await admin.call("_system/reactor/cancelJob", {"id": id}) is expected
    assert await states(world) == ["canceled", "success"]


async def test_all_jobs_of_a_function_are_canceled_step_by_step(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ADMIN_CANCELED_MAX", 2)
    jobs = [job("pending"), job("pending", "notes.js:write"), job("inProgress"), job("pending")]
    await store(world, "_scheduled_functions", *jobs)
    admin = world.backend.as_admin()
    path, args = "_system/reactor/cancelAllJobs", {"udfPath": "counters:add"}
    assert await admin.call(path, args) == {"canceled": 2, "hasMore": True}
    assert await admin.call(path, args) == {"canceled": 1, "hasMore": False}
    assert (await states(world)).count("pending") == 1
    assert await admin.call(path) == {"canceled": 1, "hasMore": False}


async def test_crons_and_their_runs(world: World) -> None:
    await store(world, "_cron_jobs", {"name": "a"}, {"name": "b"})
    runs = [{"name": name, "ts": float(ts)} for ts, name in enumerate("aba")]
    await store(world, "_cron_job_logs", *runs)
    assert [one["name"] for one in await ask(world, "listCronJobs")] == ["a", "b"]
    assert [one["name"] for one in await ask(world, "listCronJobRuns")] == ["a", "b", "a"]
    of_a = await ask(world, "listCronJobRuns", name="a", componentId=None)
    assert [one["ts"] for one in of_a] == [2.0, 0.0]
