"""Jobs of one table: fed by commits, taken up at the start, canceled, forgotten."""

from __future__ import annotations

from typing import Any

import pytest

from reactor import limits
from reactor.errors import InvalidId
from reactor.runner.jobs import TABLE
from reactor.transaction.system import SystemTable
from reactor.transaction.transaction import Transaction
from tests.unit.sample.gate import gate
from tests.unit.scheduler.world import Machine

DAY_S = 86_400


async def value(machine: Machine, name: str = "x") -> Any:
    return await machine.query("later:value", name=name)


async def kinds(machine: Machine) -> list[str]:
    return sorted([state["kind"] for state in await machine.states()])


async def test_jobs_run_in_the_order_of_their_times(machine: Machine) -> None:
    for ms in (30.0, 10.0, 20.0):
        await machine.mutate("later:addLater", name=f"x{ms:.0f}", ms=ms)
    await machine.advance(0.02)
    assert [await value(machine, f"x{ms}") for ms in (10, 20, 30)] == [1, 1, 0]


async def test_a_job_may_schedule_itself_again_and_again(machine: Machine) -> None:
    await machine.mutate("later:countDown", name="x", left=100)
    await machine.settle(1000)
    assert await value(machine) == 0
    assert await kinds(machine) == ["success"] * 100


async def test_pending_jobs_survive_a_restart_in_their_order(machine: Machine) -> None:
    for ms in (30.0, 10.0, 20.0):
        await machine.mutate("later:addLater", name=f"x{ms:.0f}", ms=ms)
    await machine.start()
    await machine.advance(0.02)
    assert [await value(machine, f"x{ms}") for ms in (10, 20, 30)] == [1, 1, 0]
    await machine.advance(0.01)
    assert await value(machine, "x30") == 1


async def test_postponing_over_and_over_fills_no_memory(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A form that cancels and schedules its expiry with each keystroke runs for years."""
    monkeypatch.setattr(limits, "PRUNE_BATCH", 10)
    for _ in range(100):
        id = await machine.mutate("later:addLater", name="x", ms=1e9)
        await machine.mutate("later:cancel", id=id)
    kept = await machine.mutate("later:addLater", name="x", ms=1e9)
    assert len(machine.node.timekeeper.agenda) < 30
    await machine.advance(1e6)
    assert await machine.query("later:state", id=kept) in ("success", "deleted")
    assert await value(machine) == 1


async def test_ended_jobs_are_kept_for_a_week(machine: Machine) -> None:
    first = await machine.mutate("later:addLater", name="x")
    await machine.settle()
    await machine.advance(3 * DAY_S)
    second = await machine.mutate("later:addLater", name="x")
    await machine.advance(4 * DAY_S - 60)
    assert await machine.query("later:state", id=first) == "success"
    await machine.advance(120)
    assert await machine.query("later:state", id=first) == "deleted"
    assert await machine.query("later:state", id=second) == "success"
    await machine.advance(3 * DAY_S)
    assert await machine.query("later:state", id=second) == "deleted"


async def test_many_old_jobs_are_forgotten_in_bounded_commits(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PRUNE_BATCH", 10)
    await machine.mutate("later:countDown", name="x", left=35)
    await machine.settle(500)
    before = machine.node.log.last_ts
    await machine.advance(8 * DAY_S)
    commits = list(machine.node.log.window.since(before))
    assert sorted([len(commit.touches) for commit in commits]) == [5, 10, 10, 10]
    assert await machine.states() == []


async def test_old_jobs_are_forgotten_after_a_restart_too(machine: Machine) -> None:
    await machine.mutate("later:addLater", name="x")
    await machine.settle()
    machine.node.timekeeper.close()
    machine.clock.advance(8 * DAY_S)
    await machine.start()
    await machine.advance(3600)
    assert await machine.states() == []


async def test_an_operator_cancels_one_job(machine: Machine) -> None:
    queue = machine.queue
    id = await machine.mutate("later:addLater", name="x", ms=10.0)
    assert queue.cancel(id) is True
    assert queue.cancel(id) is False
    with pytest.raises(InvalidId):
        queue.cancel("nothing")
    await machine.advance(1)
    assert await value(machine) == 0


@pytest.mark.parametrize("path", ["counters:add", "counters.js:add"])
async def test_an_operator_cancels_all_jobs_of_a_function(machine: Machine, path: str) -> None:
    queue = machine.queue
    for ms in (30.0, 10.0, 20.0):
        await machine.mutate("later:addLater", name="x", ms=ms)
    gate.shut()
    await machine.mutate("later:actLater", name="x")
    await machine.settle()
    assert [job.due_ms - machine.clock.now_ms() for job in queue.unfinished(path)] == [10, 20, 30]
    assert queue.cancel_all(path) == 3
    assert [job.name for job in queue.unfinished()] == ["later.js:act"]
    assert queue.cancel_all() == 1
    assert queue.cancel_all() == 0
    assert await kinds(machine) == ["canceled"] * 4


async def test_canceling_all_takes_bounded_commits(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PRUNE_BATCH", 4)
    for _ in range(10):
        await machine.mutate("later:addLater", name="x", ms=1000.0)
    before = machine.node.log.last_ts
    assert machine.queue.cancel_all() == 10
    commits = list(machine.node.log.window.since(before))
    assert sorted([len(commit.touches) for commit in commits]) == [2, 4, 4]


async def test_many_interrupted_actions_fail_at_the_start(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate.shut()
    for _ in range(5):
        await machine.mutate("later:actLater", name="x")
    await machine.settle()
    monkeypatch.setattr(limits, "PRUNE_BATCH", 2)
    await machine.start()
    assert await kinds(machine) == ["failed"] * 5


async def test_what_an_import_brings_is_queued(machine: Machine) -> None:
    """Pending jobs of a restored backup run, whoever wrote their documents."""
    runner = machine.node.hub.runner
    due_ms = machine.clock.now_ms() + 10
    runner.transact("import", lambda tx: runner.jobs[""].add(tx, "counters.js:add", ARGS, due_ms))
    await machine.advance(0.01)
    assert await value(machine) == 1


async def test_an_import_may_give_a_job_another_time(machine: Machine) -> None:
    """Restoring a backup over what is there replaces documents."""
    id = await machine.mutate("later:addLater", name="x", ms=10_000.0)
    runner = machine.node.hub.runner

    def postpone(tx: Transaction, ms: float) -> None:
        table = SystemTable(tx, TABLE, runner.entropy)
        body = table.get(id)
        assert body is not None
        table.put(id, {**body, "scheduledTime": body["scheduledTime"] + ms})

    runner.transact("import", lambda tx: postpone(tx, -9_000.0))
    await machine.advance(1)
    assert await value(machine) == 1
    id = await machine.mutate("later:addLater", name="x", ms=1_000.0)
    runner.transact("import", lambda tx: postpone(tx, 9_000.0))
    await machine.advance(9)
    assert await value(machine) == 1
    await machine.advance(1)
    assert await value(machine) == 2


ARGS = b'{"name":"x"}'
