"""Mutations exactly once, actions at most once, over errors, races, crashes and cancellation."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest

from reactor import limits
from reactor.errors import Conflict, InternalError
from reactor.runner.jobs import INTERRUPTED
from reactor.runner.run import Call, Outcome, Record
from reactor.runtime.settings import Settings
from tests.unit.sample.gate import gate
from tests.unit.scheduler.world import Machine

SUCCESS = {"kind": "success"}


async def value(machine: Machine, name: str = "x") -> Any:
    return await machine.query("later:value", name=name)


async def test_a_mutation_runs_once_and_is_a_success(machine: Machine) -> None:
    await machine.mutate("later:addLater", name="x", ms=10.0)
    await machine.settle()
    assert await value(machine) == 0
    await machine.advance(0.01)
    assert await value(machine) == 1
    assert await machine.states() == [SUCCESS]
    await machine.advance(1000)
    assert await value(machine) == 1


async def test_success_and_writes_are_one_commit(machine: Machine) -> None:
    """A crash between the two would run the mutation again, or never."""
    await machine.mutate("later:addLater", name="x", ms=10.0)
    before = machine.node.log.last_ts
    await machine.advance(0.01)
    [commit] = machine.node.log.window.since(before)
    assert {touch.table.name for touch in commit.touches} == {"counters", "_scheduled_functions"}


@pytest.mark.parametrize("moment", ["in flight", "durable"])
async def test_a_mutation_runs_once_over_a_crash(machine: Machine, moment: str) -> None:
    await machine.mutate("later:addLater", name="x", ms=10.0)
    if moment == "in flight":
        machine.storage.hold()
    await machine.advance(0.01)
    assert await value(machine) == 1
    machine.storage.release() if moment == "durable" else None
    await machine.start()
    machine.storage.release()
    await machine.settle()
    assert await value(machine) == 1
    assert await machine.states() == [SUCCESS]


async def test_what_was_due_meanwhile_runs_at_the_start(machine: Machine) -> None:
    await machine.mutate("later:addLater", name="x", ms=10.0)
    machine.node.timekeeper.close()
    machine.clock.advance(3600)
    await machine.start()
    await machine.settle()
    assert await value(machine) == 1


async def test_an_error_of_the_functions_own_is_final(machine: Machine) -> None:
    await machine.mutate("later:failLater")
    await machine.settle()
    [state] = await machine.states()
    assert state["kind"] == "failed"
    assert state["error"].startswith('Uncaught ConvexError: {"code":"REFUSED"}')
    await machine.advance(1e5)
    assert await value(machine, "failed") == 0


async def test_jobs_run_as_the_deployment_itself(machine: Machine) -> None:
    """Whoever scheduled it may be gone, or have lost the right to; the job is the deployment's."""
    await machine.mutate("later:noteTheCallerLater")
    await machine.settle()
    assert await value(machine, "admin") == 1


class _Flaky:
    """Stands in for the runner's `mutation`, and fails so many times."""

    def __init__(self, machine: Machine, error: Exception, times: int) -> None:
        self.runner: Any = machine.node.hub.runner
        self.real = self.runner.mutation
        self.error, self.left = error, times
        self.at: list[float] = []
        self.clock = machine.clock

    async def mutation(self, call: Call, record: Record | None = None) -> Outcome:
        self.at.append(self.clock.now_ms())
        if self.left:
            self.left -= 1
            raise self.error
        outcome: Outcome = await self.real(call, record)
        return outcome


@pytest.mark.parametrize(
    ("error", "first_ms", "most_ms"),
    [
        (Conflict("lost"), 100, 60_000),
        (InternalError("ours"), 500, 7_200_000),
        (ZeroDivisionError("ours too"), 500, 7_200_000),
    ],
)
async def test_lost_races_and_our_errors_are_tried_again_later_each_time(
    machine: Machine,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    first_ms: float,
    most_ms: float,
) -> None:
    await machine.mutate("later:addLater", name="x", ms=10.0)
    flaky = _Flaky(machine, error, 20)
    monkeypatch.setattr(machine.node.hub.runner, "mutation", flaky.mutation)
    agenda = machine.node.timekeeper.agenda
    while flaky.left:
        due_ms = agenda.next_ms
        assert due_ms is not None
        await machine.advance((due_ms - machine.clock.now_ms()) / 1000)
        assert await machine.states() == [{"kind": "pending"}]
    waits = [after - before for before, after in zip(flaky.at, flaky.at[1:], strict=False)]
    for n, wait_ms in enumerate(waits):
        expected = min(first_ms * 2**n, most_ms)
        assert 0.49 * expected <= wait_ms <= 1.01 * expected
    await machine.advance(7200)
    assert await value(machine) == 1
    assert await machine.states() == [SUCCESS]


async def test_an_action_runs_and_is_a_success(machine: Machine) -> None:
    await machine.mutate("later:actLater", name="x")
    gate.shut()
    await machine.settle()
    [state] = await machine.states()
    assert state["kind"] == "inProgress"
    assert len(state["request_id"]) == 16
    assert state["execution_id"] != state["request_id"]
    gate.open()
    await machine.settle(100)
    assert await value(machine) == 111
    assert await machine.states() == [SUCCESS] * 3


async def test_an_action_is_noted_durably_before_it_begins(machine: Machine) -> None:
    """Otherwise a crash right after its first request would run it a second time."""
    gate.shut()
    await machine.mutate("later:actLater", name="x", ms=10.0)
    machine.storage.hold()
    await machine.advance(0.01)
    assert gate.waiting == []
    machine.storage.release()
    await machine.settle()
    assert len(gate.waiting) == 1


async def test_an_action_that_was_interrupted_has_failed(machine: Machine) -> None:
    gate.shut()
    await machine.mutate("later:actLater", name="x")
    await machine.settle()
    assert len(gate.waiting) == 1
    await machine.start()
    await machine.settle()
    assert await machine.states() == [{"kind": "failed", "error": INTERRUPTED}]
    assert len(gate.waiting) == 1, "it did not run again"


async def test_an_action_that_had_not_begun_runs_after_the_crash(machine: Machine) -> None:
    await machine.mutate("later:actLater", name="x", ms=10.0)
    machine.storage.hold()
    await machine.advance(0.01)
    await machine.start()
    machine.storage.release()
    await machine.settle(100)
    assert await value(machine) == 111


async def test_a_failed_action_says_why(machine: Machine) -> None:
    await machine.mutate("later:actAndFailLater", name="x")
    await machine.settle()
    failed, success = sorted(await machine.states(), key=lambda state: str(state["kind"]))
    assert failed["kind"] == "failed"
    assert failed["error"].startswith("Uncaught ConvexError: refused")
    assert success == SUCCESS


async def test_canceled_before_its_time_it_never_runs(machine: Machine) -> None:
    id = await machine.mutate("later:addLater", name="x", ms=10.0)
    await machine.mutate("later:cancel", id=id)
    await machine.advance(1)
    assert await value(machine) == 0
    assert await machine.states() == [{"kind": "canceled"}]


async def test_a_canceled_action_goes_on_and_schedules_nothing(machine: Machine) -> None:
    gate.shut()
    id = await machine.mutate("later:actLater", name="x")
    await machine.settle()
    await machine.mutate("later:cancel", id=id)
    gate.open()
    await machine.settle(100)
    assert await value(machine) == 1, "the action's own mutation ran; its two jobs did not"
    assert await machine.states() == [{"kind": "canceled"}] * 3


async def test_a_mutation_canceled_while_it_runs_leaves_nothing(machine: Machine) -> None:
    gate.shut()
    id = await machine.mutate("later:slowAddLater", name="x")
    await machine.settle()
    assert len(gate.waiting) == 1
    await machine.mutate("later:cancel", id=id)
    gate.open()
    await machine.settle()
    assert await value(machine) == 0
    assert await machine.states() == [{"kind": "canceled"}]


async def test_a_mutation_cannot_cancel_itself(machine: Machine) -> None:
    await machine.mutate("later:cancelMyselfLater")
    await machine.settle()
    [state] = await machine.states()
    assert state["kind"] == "failed"
    assert "A mutation cannot cancel itself" in state["error"]


async def test_further_actions_wait_for_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "SCHEDULED_ACTIONS_MAX", 2)
    machine = Machine()
    await machine.start()
    gate.shut()
    for n in range(5):
        await machine.mutate("later:actLater", name=f"x{n}")
    await machine.settle()
    assert len(gate.waiting) == 2
    kinds = sorted([state["kind"] for state in await machine.states()])
    assert kinds == ["inProgress"] * 2 + ["pending"] * 3
    await machine.mutate("later:addLater", name="beside")
    await machine.settle()
    assert await value(machine, "beside") == 1, "mutations do not wait for actions"
    gate.open()
    await machine.settle(200)
    assert [await value(machine, f"x{n}") for n in range(5)] == [111] * 5
    await machine.close()


async def test_a_job_whose_function_is_gone_fails(machine: Machine) -> None:
    """A function was renamed while calls of it were waiting."""
    await machine.mutate("later:addLater", name="x", ms=10.0)
    functions = machine.node.loaded.root.functions.by_path
    add = functions.pop("counters:add")
    await machine.advance(0.01)
    functions["counters:add"] = add
    [state] = await machine.states()
    assert state["kind"] == "failed"
    assert "Could not find function for 'counters:add'" in state["error"]


async def test_a_stopping_node_leaves_its_actions_to_the_next(machine: Machine) -> None:
    gate.shut()
    await machine.mutate("later:actLater", name="x")
    await machine.settle()
    await machine.node.close()
    await machine.start()
    assert await machine.states() == [{"kind": "failed", "error": INTERRUPTED}]


async def test_when_the_disk_refuses_no_action_begins(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Settings, "stop", Mock())
    gate.shut()
    await machine.mutate("later:actLater", name="x", ms=10.0)
    machine.storage.fail_next(OSError("full"))
    await machine.advance(0.01)
    assert gate.waiting == []
    await machine.start()
    await machine.settle()
    assert len(gate.waiting) == 1, "the note was lost with the disk, so it runs now"
