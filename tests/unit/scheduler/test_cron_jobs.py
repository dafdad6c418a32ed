"""Cron jobs on a running node: rhythm, restarts, changes of the code, the log of runs."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest

from reactor import Crons, limits
from reactor.runner.jobs import INTERRUPTED
from reactor.scheduler.cron_jobs import ms_of, ts_of
from reactor.transaction.system import SystemTable
from tests.unit.sample.functions import counters, later
from tests.unit.sample.gate import gate
from tests.unit.scheduler.world import Machine

HOUR, DAY = 3600.0, 86_400.0


def each(
    seconds: float = 60,
    fn: Any = counters.add,
    job: str = "job",
    args: dict[str, Any] | None = None,
) -> Crons:
    """One job that runs every so often."""
    crons = Crons()
    crons.interval(job, timedelta(seconds=seconds), fn, **(args or {"name": "x"}))
    return crons


def at(hour: int) -> Crons:
    """One job that runs each day."""
    crons = Crons()
    crons.daily("job", time(hour), counters.add, name="x")
    return crons


@pytest.fixture
def machine() -> Machine:
    """One whose node the test starts itself."""
    return Machine()


async def value(machine: Machine) -> Any:
    return await machine.query("later:value", name="x")


def job(machine: Machine) -> dict[str, Any]:
    [found] = machine.documents("_cron_jobs")
    return found


def next_s(machine: Machine) -> float:
    """Seconds until the job's next run."""
    next_ns: int = job(machine)["nextTs"]
    return (next_ns / 1e6 - machine.clock.now_ms()) / 1000


def logs(machine: Machine) -> list[dict[str, Any]]:
    return machine.documents("_cron_job_logs")


def test_timestamps_are_kept_to_the_microsecond() -> None:
    assert ms_of(ts_of(1_767_225_600_123.456)) == 1_767_225_600_123.456


async def test_an_interval_begins_at_the_start_and_goes_on(machine: Machine) -> None:
    await machine.start(each(60))
    await machine.settle()
    assert await value(machine) == 1
    for n in range(2, 5):
        await machine.advance(60)
        assert await value(machine) == n
    await machine.close()


async def test_a_clock_job_waits_for_its_time(machine: Machine) -> None:
    await machine.start(at(7))  # the machine's clock stands at midnight
    await machine.advance(7 * HOUR - 1)
    assert await value(machine) == 0
    await machine.advance(1)
    assert await value(machine) == 1
    assert next_s(machine) == DAY
    await machine.close()


async def test_the_document_of_a_job(machine: Machine) -> None:
    """Dashboards and exports read these fields."""
    await machine.start(at(7))
    await machine.advance(7 * HOUR)
    found = job(machine)
    now_ns = round(machine.clock.now_ms() * 1e6)
    assert {k: v for k, v in found.items() if not k.startswith("_")} == {
        "name": "job",
        "cronSpec": {
            "udfPath": "counters.js:add",
            "udfArgs": [{"name": "x"}],
            "cronSchedule": {"type": "daily", "hourUTC": 7, "minuteUTC": 0},
        },
        "state": {"type": "pending"},
        "prevTs": now_ns,
        "nextTs": now_ns + round(DAY * 1e9),
    }
    await machine.close()


async def test_the_log_of_a_run(machine: Machine) -> None:
    await machine.start(each())
    await machine.settle()
    [run] = logs(machine)
    assert {k: v for k, v in run.items() if not k.startswith("_")} == {
        "name": "job",
        "ts": round(machine.clock.now_ms() * 1e6),
        "udfPath": "counters.js:add",
        "udfArgs": {"type": "default", "value": [{"name": "x"}]},
        "status": {"type": "success", "result": {"type": "default", "value": 1.0}},
        "logLines": {"logLines": [], "isTruncated": False},
        "executionTime": 0.0,
    }
    await machine.close()


async def test_the_next_time_and_the_writes_are_one_commit(machine: Machine) -> None:
    """A crash between the two would run it twice, or skip it."""
    await machine.start(each())
    before = machine.node.log.last_ts
    await machine.settle()
    first = list(machine.node.log.window.since(before))[-1]
    assert {touch.table.name for touch in first.touches} == {"counters", "_cron_jobs"}
    await machine.close()


async def test_a_restart_with_the_same_code_changes_nothing(machine: Machine) -> None:
    await machine.start(each(60))
    await machine.settle()
    before = job(machine)
    await machine.advance(20)
    await machine.start(each(60))
    await machine.settle()
    assert job(machine) == before
    assert await value(machine) == 1
    await machine.advance(40)
    assert await value(machine) == 2
    await machine.close()


async def test_what_was_overdue_runs_once_and_the_rhythm_is_kept(machine: Machine) -> None:
    await machine.start(each(60))
    await machine.settle()
    machine.node.timekeeper.close()
    machine.clock.advance(600 + 10)
    await machine.start(each(60))
    await machine.settle()
    assert await value(machine) == 2, "nine missed runs are not made up for"
    assert next_s(machine) == 50
    await machine.close()


async def test_a_changed_schedule_is_counted_anew(machine: Machine) -> None:
    await machine.start(at(7))
    await machine.settle()
    await machine.start(at(9))
    await machine.settle()
    assert next_s(machine) == 9 * HOUR
    assert len(machine.documents("_cron_jobs")) == 1
    await machine.close()


async def test_changed_arguments_keep_the_schedule(machine: Machine) -> None:
    await machine.start(each(60))
    await machine.settle()
    await machine.advance(20)
    await machine.start(each(60, args={"name": "x", "by": 5}))
    await machine.settle()
    assert await value(machine) == 1
    assert next_s(machine) == 40
    await machine.advance(40)
    assert await value(machine) == 6
    await machine.close()


async def test_a_removed_job_is_gone_with_its_log(machine: Machine) -> None:
    await machine.start(each())
    await machine.settle()
    await machine.start(each(job="other"))
    await machine.settle()
    assert [found["name"] for found in machine.documents("_cron_jobs")] == ["other"]
    assert {run["name"] for run in logs(machine)} == {"other"}
    await machine.start()
    assert machine.documents("_cron_jobs") == []
    await machine.advance(1000)
    assert await value(machine) == 2
    await machine.close()


async def test_a_failed_run_is_logged_and_the_next_one_comes(machine: Machine) -> None:
    await machine.start(each(60, counters.add_and_fail))
    await machine.settle()
    await machine.advance(60)
    statuses = [run["status"] for run in logs(machine)]
    assert [status["type"] for status in statuses] == ["err", "err"]
    assert statuses[0]["error"]["value"].startswith('Uncaught ConvexError: {"code":"REFUSED"}')
    assert await value(machine) == 0
    assert next_s(machine) == 60
    await machine.close()


async def test_a_job_never_runs_twice_at_the_same_time(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten minutes of a job that runs each minute: what was missed is skipped."""
    monkeypatch.setattr(limits, "TRANSACTION_S_MAX", 3_600)
    gate.shut()
    await machine.start(each(60, counters.slow_add))
    await machine.settle()
    await machine.advance(600 + 10)
    assert len(gate.waiting) == 1
    gate.let_through()
    await machine.settle()
    assert await value(machine) == 1
    assert next_s(machine) == 50
    await machine.close()


async def test_an_action_is_in_progress_while_it_runs(machine: Machine) -> None:
    gate.shut()
    await machine.start(each(60, later.act))
    await machine.settle()
    assert job(machine)["state"] == {"type": "inProgress"}
    gate.open()
    await machine.settle(100)
    assert job(machine)["state"] == {"type": "pending"}
    assert await value(machine) == 111
    await machine.close()


async def test_an_interrupted_action_is_logged_and_not_run_again(machine: Machine) -> None:
    gate.shut()
    await machine.start(each(60, later.act))
    await machine.settle()
    await machine.start(each(60, later.act))
    await machine.settle()
    assert len(gate.waiting) == 1
    [run] = logs(machine)
    assert run["status"] == {"type": "err", "error": {"type": "default", "value": INTERRUPTED}}
    assert next_s(machine) == 60
    await machine.close()


async def test_only_the_last_runs_are_kept(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CRON_RUNS_KEPT", 3)
    await machine.start(each(60))
    await machine.settle()
    for _ in range(5):
        await machine.advance(60)
    results = [run["status"]["result"]["value"] for run in logs(machine)]
    assert results == [4.0, 5.0, 6.0]
    await machine.close()


async def test_large_arguments_and_results_are_cut(machine: Machine) -> None:
    name = "é" * 2000
    await machine.start(each(args={"name": name}))
    await machine.settle()
    [run] = logs(machine)
    assert run["udfArgs"]["type"] == "truncated"
    assert len(run["udfArgs"]["value"].encode()) <= limits.CRON_LOG_BYTES_MAX
    await machine.close()


async def test_jobs_are_spread_over_the_minute(machine: Machine) -> None:
    crons = Crons()
    for n in range(50):
        crons.daily(f"job {n}", time(7), counters.add, name="x")
    await machine.start(crons, CRON_SPLAY_SECONDS="60")
    midnight = machine.clock.now_ms()
    delays = [
        found["nextTs"] / 1e9 - midnight / 1000 - 7 * HOUR
        for found in machine.documents("_cron_jobs")
    ]
    assert all(0 <= delay < 60 and delay % 1 == 0 for delay in delays)
    assert len(set(delays)) > 20
    await machine.advance(7 * HOUR + 60)
    assert await value(machine) == 50
    after = [found["nextTs"] / 1e9 - midnight / 1000 for found in machine.documents("_cron_jobs")]
    assert [one - DAY - 7 * HOUR for one in after] == delays, "each late by its own, always"
    await machine.close()


async def test_a_job_that_was_deleted_by_hand_ends(machine: Machine) -> None:
    """Whoever clears the table by an import gets no errors; the next start adds it again."""
    await machine.start(each(60))
    await machine.settle()
    [found] = machine.documents("_cron_jobs")
    runner = machine.node.hub.runner
    runner.transact(
        "test", lambda tx: SystemTable(tx, "_cron_jobs", runner.entropy).delete(found["_id"])
    )
    await machine.advance(120)
    assert await value(machine) == 1
    assert machine.node.timekeeper.is_idle
    await machine.close()
