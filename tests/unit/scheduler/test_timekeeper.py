"""The scheduler of a node as a whole."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reactor import Id, MutationCtx, ScheduledFunction
from reactor.errors import DeveloperError
from tests.unit.sample.board import left, right
from tests.unit.sample.gate import gate
from tests.unit.sample.tally.functions import tallies
from tests.unit.sample.world import open_board
from tests.unit.scheduler.world import Machine


async def test_it_is_idle_when_nothing_is_due_and_nothing_runs(machine: Machine) -> None:
    timekeeper = machine.node.timekeeper
    assert timekeeper.is_idle
    await machine.mutate("later:addLater", name="x", ms=10.0)
    assert timekeeper.is_idle
    gate.shut()
    await machine.mutate("later:actLater", name="x")
    assert not timekeeper.is_idle
    await machine.settle()
    assert not timekeeper.is_idle
    gate.open()
    await machine.settle(100)
    assert timekeeper.is_idle


async def test_a_closed_one_begins_nothing(machine: Machine) -> None:
    await machine.mutate("later:addLater", name="x", ms=10.0)
    machine.node.timekeeper.close()
    await machine.advance(1)
    assert await machine.query("later:value", name="x") == 0


async def test_components_schedule_their_own_functions_in_tables_of_their_own() -> None:
    async with open_board() as board:
        id = await board.mutation(left(tallies.add_later), name="x")
        assert await board.query(left(tallies.job_states)) == ["pending"]
        assert await board.query(right(tallies.job_states)) == []
        assert [job.id for job in board.node.timekeeper.queues["left"].unfinished()] == [id]
        await board.advance(timedelta(seconds=1))
        assert await board.query(left(tallies.get), name="x") == 1
        assert await board.query(right(tallies.get), name="x") == 0
        assert await board.query(left(tallies.job_states)) == ["success"]


async def test_the_app_schedules_functions_of_its_components() -> None:
    """The job is the app's, which can cancel it; the function runs where it is mounted."""
    async with open_board() as board:

        async def schedule(ctx: MutationCtx) -> list[Id[ScheduledFunction]]:
            delay = timedelta(seconds=1)
            return [
                await ctx.scheduler.run_after(delay, right(tallies.add), name="x"),
                await ctx.scheduler.run_after(delay, right(tallies.add), name="y"),
            ]

        async def cancel(ctx: MutationCtx) -> list[str]:
            await ctx.scheduler.cancel(ids[1])
            return [job.name async for job in ctx.db.query(ScheduledFunction)]

        ids = await board.run(schedule)
        assert await board.run(cancel) == ["right;tallies.js:add"] * 2
        await board.advance(timedelta(seconds=1))
        assert await board.query(right(tallies.get), name="x") == 1
        assert await board.query(right(tallies.get), name="y") == 0


async def test_a_component_cannot_cancel_what_is_not_its_own() -> None:
    async with open_board() as board:
        id = await board.mutation(left(tallies.add_later), name="x")
        with pytest.raises(DeveloperError) as caught:
            await board.mutation(right(tallies.cancel), id=id)
        assert caught.value.code == "InvalidId"
        assert "left" not in str(caught.value), "whose id it is stays unknown"


async def test_components_have_crons_of_their_own() -> None:
    async with open_board() as board:
        assert board.node.loaded.timetables["left"].spec().keys() == {"at three"}
        assert board.node.loaded.timetables[""].spec() == {}
        await board.advance(timedelta(days=2))
        assert await board.query(left(tallies.get), name="nights") == 2
        assert await board.query(right(tallies.get), name="nights") == 2
