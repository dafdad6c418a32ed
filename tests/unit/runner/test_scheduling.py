"""What a function can schedule, and what it is told when it cannot."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reactor import MutationCtx, MutationFn, QueryFn, limits
from reactor.errors import (
    AppError,
    DeveloperError,
    FunctionNotFound,
    LimitError,
    ScheduleRefused,
    ValidationFailed,
)
from reactor.runner.scheduling import checked_due, delay_ms, time_ms
from tests.unit.sample.functions import counters, later, notes
from tests.unit.sample.world import World

YEARS_5 = timedelta(days=5 * 365)


@pytest.mark.parametrize(
    ("delay", "ms"), [(0, 0.0), (timedelta(0), 0.0), (timedelta(milliseconds=1.5), 1.5)]
)
def test_delays_are_durations_or_zero(delay: Any, ms: float) -> None:
    assert delay_ms(delay) == ms


@pytest.mark.parametrize(
    ("delay", "words"),
    [
        (timedelta(seconds=-1), "non-negative"),
        (-1, "non-negative"),
        (math.nan, "finite"),
        (math.inf, "finite"),
        (5000, "timedelta(milliseconds=5000)"),
        (0.5, "no unit"),
        (True, "number"),
        ("0", "number"),
        (None, "number"),
    ],
)
def test_other_delays_are_refused(delay: Any, words: str) -> None:
    """A number without a unit would be taken for seconds by one and milliseconds by another."""
    with pytest.raises(ScheduleRefused) as caught:
        delay_ms(delay)
    assert caught.value.code == "InvalidScheduledFunctionDelay"
    assert words in str(caught.value)


def test_times_have_a_zone() -> None:
    """A time without a zone would mean another moment on a server elsewhere."""
    assert time_ms(datetime(1970, 1, 1, 0, 0, 0, 1500, tzinfo=UTC)) == 1.5
    bad: list[Any] = [datetime(2026, 1, 1), 5.0, None]  # noqa: DTZ001  # the mistake itself
    for when in bad:
        with pytest.raises(ScheduleRefused) as caught:
            time_ms(when)
        assert caught.value.code == "InvalidScheduledFunctionDelay"


def test_the_horizon_is_five_years_either_way() -> None:
    most = float(limits.SCHEDULE_HORIZON_MS)
    assert checked_due(most, 0.0) == most
    assert checked_due(0.0, most) == 0.0
    for due_ms, now_ms in ((most + 1, 0.0), (0.0, most + 1)):
        with pytest.raises(ScheduleRefused) as caught:
            checked_due(due_ms, now_ms)
        assert caught.value.code == "InvalidScheduledFunctionDelay"


async def test_a_document_shows_what_was_scheduled(world: World) -> None:
    """Users list and show their jobs by exactly these fields."""
    backend = world.backend
    now_ms = backend.clock.now_ms()
    id = await backend.mutation(later.add_later, name="x", ms=1500.0, by=3)
    [shown] = await backend.call("later:jobs")
    assert shown == {
        "_id": id,
        "_creationTime": now_ms,
        "name": "counters.js:add",
        "args": [{"name": "x", "by": 3.0}],
        "scheduledTime": now_ms + 1500,
        "state": {"kind": "pending"},
    }


async def test_a_failing_mutation_schedules_nothing(world: World) -> None:
    with pytest.raises(AppError):
        await world.backend.mutation(later.add_later_and_fail, name="x")
    await world.backend.drain()
    assert await world.backend.query(later.jobs) == []
    assert await world.backend.query(later.value, name="x") == 0


async def test_a_failing_nested_mutation_takes_back_only_its_own(world: World) -> None:
    await world.backend.mutation(later.add_twice_and_fail_once, name="x")
    [_] = await world.backend.query(later.jobs)
    await world.backend.drain()
    assert await world.backend.query(later.value, name="x") == 1


async def test_a_failing_action_has_scheduled_what_it_has(world: World) -> None:
    await world.backend.mutation(later.act_and_fail_later, name="x")
    await world.backend.drain()
    assert await world.backend.query(later.value, name="x") == 1


async def test_a_time_that_has_passed_means_at_once(world: World) -> None:
    id = await world.backend.mutation(later.add_at, name="x", at="2025-06-01T00:00:00+00:00")
    await world.backend.drain()
    assert await world.backend.query(later.value, name="x") == 1
    [job] = await world.backend.query(later.jobs)
    assert job.id == id
    assert job.scheduled_time == datetime(2025, 6, 1, tzinfo=UTC).timestamp() * 1000


@pytest.mark.parametrize("path", ["counters:add", "counters.js:add", "function://counters:add"])
async def test_functions_are_named_by_path_too(world: World, path: str) -> None:
    await world.backend.mutation(later.add_by_path, path=path, name="x")
    await world.backend.drain()
    assert await world.backend.query(later.value, name="x") == 1


async def test_what_is_not_there_cannot_be_scheduled(world: World) -> None:
    with pytest.raises(DeveloperError) as caught:
        await world.backend.mutation(later.add_by_path, path="counters:ad", name="x")
    assert caught.value.code == "FunctionNotFound"
    assert "Attempted to schedule function at nonexistent path: counters:ad" in str(caught.value)


async def _in_mutation(world: World, fn: Any, *args: Any, **kwargs: Any) -> None:
    async def schedule(ctx: MutationCtx) -> None:
        await ctx.scheduler.run_after(0, fn, *args, **kwargs)

    await world.backend.run(schedule)


async def test_queries_cannot_be_scheduled(world: World) -> None:
    for fn in (counters.get, QueryFn.ref("counters:get")):
        with pytest.raises(ScheduleRefused) as caught:
            await _in_mutation(world, fn, name="x")
        assert caught.value.code == "WrongFunctionKind"


async def test_a_function_of_no_project_cannot_be_scheduled(world: World) -> None:
    async def loose(ctx: MutationCtx) -> None:
        """Was never loaded."""

    with pytest.raises(FunctionNotFound) as caught:
        await _in_mutation(world, MutationFn[[], None](loose, "internal"))
    assert "loose" in str(caught.value)


@pytest.mark.parametrize("kwargs", [{}, {"name": 5}, {"name": "x", "more": 1}])
async def test_wrong_arguments_are_found_when_scheduling(
    world: World, kwargs: dict[str, Any]
) -> None:
    """In a week it would be too late to learn of it."""
    with pytest.raises(ValidationFailed) as caught:
        await _in_mutation(world, counters.add, **kwargs)
    assert caught.value.code == "ArgumentValidationError"


async def test_one_mutation_schedules_a_thousand(world: World) -> None:
    async def schedule(ctx: MutationCtx) -> None:
        for _ in range(limits.FUNCTIONS_SCHEDULED_MAX):
            await ctx.scheduler.run_after(0, counters.add, name="x")
        with pytest.raises(LimitError) as caught:
            await ctx.scheduler.run_after(0, counters.add, name="x")
        assert caught.value.code == "TooManyFunctionsScheduled"

    await world.backend.run(schedule)
    await world.backend.drain()
    assert await world.backend.query(later.value, name="x") == limits.FUNCTIONS_SCHEDULED_MAX


async def test_the_arguments_of_one_mutation_have_a_bound(world: World) -> None:
    text = "x" * (6 * 2**20)

    async def schedule(ctx: MutationCtx) -> None:
        await ctx.scheduler.run_after(0, notes.write, text=text)
        await ctx.scheduler.run_after(0, notes.write, text=text)
        with pytest.raises(LimitError) as caught:
            await ctx.scheduler.run_after(0, notes.write, text=text)
        assert caught.value.code == "ScheduledFunctionsArgumentsTooLarge"
        raise AppError("enough")

    with pytest.raises(AppError):
        await world.backend.run(schedule)


async def test_large_arguments_are_warned_of(world: World) -> None:
    lines: list[str] = []

    async def schedule(ctx: MutationCtx) -> None:
        text = "x" * (limits.SCHEDULED_ARGS_BYTES_WARNED + 1)
        await ctx.scheduler.run_after(0, notes.write, text=text)
        lines.extend(map(str, ctx._run.execution.lines))  # pyright: ignore[reportPrivateUsage]
        raise AppError("enough")

    with pytest.raises(AppError):
        await world.backend.run(schedule)
    assert lines[0].startswith("[WARN]")


async def test_canceling_by_a_wrong_id_says_what_is_wrong(world: World) -> None:
    note = await world.backend.mutation(notes.write, text="a")
    for id, words in ((note, 'got Id<"notes"> instead'), ("nothing", "Unable to decode ID")):

        async def cancel(ctx: MutationCtx, id: Any = id) -> None:
            await ctx.scheduler.cancel(id)

        with pytest.raises(DeveloperError) as caught:
            await world.backend.run(cancel)
        assert caught.value.code == "InvalidId"
        assert words in str(caught.value)


@pytest.mark.parametrize("fails", [True, False])
async def test_what_is_to_run_anyway_outlives_a_refusal(world: World, fails: bool) -> None:
    """An upload that is refused must go, though nothing of the refused call stays."""
    outcome = await world.mutate("later:addAnyway", name="x", fails=fails)
    assert (outcome.failure is not None) == fails
    await world.backend.drain()
    assert await world.backend.call("counters:get", {"name": "x"}) == 1
    assert await world.backend.call("counters:get", {"name": "x itself"}) == (0 if fails else 1)


async def test_what_is_to_run_anyway_is_checked(world: World) -> None:
    async def body(ctx: MutationCtx) -> None:
        await ctx.scheduler.run_anyway(counters.add)  # type: ignore[call-arg]  # what is tested

    with pytest.raises(ValidationFailed):
        await world.backend.run(body)
    await world.backend.drain()
    assert await world.backend.call("counters:get", {"name": "x"}) == 0
