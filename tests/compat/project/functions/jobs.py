"""What runs later: steps that leave a row each, so that one too many or too few is seen."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from reactor import (
    ActionCtx,
    AppError,
    Id,
    MutationCtx,
    QueryCtx,
    ScheduledFunction,
    internal_action,
    internal_mutation,
    mutation,
    query,
)
from schema import Step


@internal_mutation
async def step(ctx: MutationCtx, *, run: str, number: int) -> None:
    await ctx.db.insert(Step(run=run, number=number))


@internal_action
async def slow_step(ctx: ActionCtx, *, run: str, number: int, ms: float) -> None:
    await ctx.run_mutation(step, run=run, number=number)
    await asyncio.sleep(ms / 1000)


@internal_mutation
async def broken(ctx: MutationCtx, *, run: str) -> None:
    await ctx.db.insert(Step(run=run, number=0))
    raise AppError({"code": "BROKEN"})


@mutation
async def later(ctx: MutationCtx, *, run: str, ms: float = 0.0) -> Id[ScheduledFunction]:
    return await ctx.scheduler.run_after(timedelta(milliseconds=ms), step, run=run, number=1)


@mutation
async def break_later(ctx: MutationCtx, *, run: str) -> Id[ScheduledFunction]:
    return await ctx.scheduler.run_after(0, broken, run=run)


@mutation
async def later_and_fail(ctx: MutationCtx, *, run: str) -> None:
    await ctx.scheduler.run_after(0, step, run=run, number=1)
    raise AppError("refused")


@mutation
async def cancel(ctx: MutationCtx, *, id: Id[ScheduledFunction]) -> None:
    await ctx.scheduler.cancel(id)


@mutation
async def fill(ctx: MutationCtx, *, run: str, mutations: int, actions: int, over_ms: float) -> None:
    """Spreads so many of each evenly over a while from now."""
    for number in range(mutations):
        delay = timedelta(milliseconds=over_ms * number / mutations)
        await ctx.scheduler.run_after(delay, step, run=run, number=number)
    for number in range(actions):
        delay = timedelta(milliseconds=over_ms * number / actions)
        await ctx.scheduler.run_after(delay, slow_step, run=run, number=1_000_000 + number, ms=20.0)


@query
async def steps(ctx: QueryCtx, *, run: str) -> list[int]:
    found = ctx.db.query(Step).with_index(Step.by_run, Step.run == run)
    return [done.number for done in await found.collect()]


@query
async def job(ctx: QueryCtx, *, id: Id[ScheduledFunction]) -> ScheduledFunction | None:
    return await ctx.db.get(id)


@query
async def jobs(ctx: QueryCtx, *, run: str) -> list[ScheduledFunction]:
    everything = ctx.db.query(ScheduledFunction)
    return await everything.filter(lambda one: one.args[0]["run"] == run).collect()


@query
async def unfinished(ctx: QueryCtx) -> int:
    waiting = ScheduledFunction.completed_time.is_absent()
    found = ctx.db.query(ScheduledFunction).with_index(ScheduledFunction.by_completion, waiting)
    return await found.count()
