"""Functions that schedule others, and what they schedule."""

from __future__ import annotations

from datetime import datetime, timedelta

from reactor import (
    ActionCtx,
    AppError,
    Id,
    MutationCtx,
    MutationFn,
    QueryCtx,
    ScheduledFunction,
    action,
    internal_action,
    internal_mutation,
    mutation,
    query,
)
from tests.unit.sample.functions import counters, notes
from tests.unit.sample.functions._counting import store, value_of
from tests.unit.sample.gate import gate
from tests.unit.sample.schema import Note

Job = Id[ScheduledFunction]


@mutation
async def add_later(ctx: MutationCtx, name: str, ms: float = 0.0, by: int = 1) -> Job:
    return await ctx.scheduler.run_after(timedelta(milliseconds=ms), counters.add, name=name, by=by)


@mutation
async def add_at(ctx: MutationCtx, name: str, at: str) -> Job:
    return await ctx.scheduler.run_at(datetime.fromisoformat(at), counters.add, name)


@mutation
async def add_by_path(ctx: MutationCtx, path: str, name: str) -> Job:
    return await ctx.scheduler.run_after(0, MutationFn.ref(path), name=name)


@mutation
async def add_later_and_fail(ctx: MutationCtx, name: str) -> None:
    await ctx.scheduler.run_after(0, counters.add, name=name)
    raise AppError("refused")


@mutation
async def add_anyway(ctx: MutationCtx, name: str, fails: bool) -> None:
    before = await value_of(ctx, name)
    await ctx.scheduler.run_anyway(counters.add, name=name)
    await store(ctx, f"{name} itself", before + 1)
    if fails:
        raise AppError("refused")


@mutation
async def add_twice_and_fail_once(ctx: MutationCtx, name: str) -> None:
    await ctx.scheduler.run_after(0, counters.add, name=name)
    try:
        await ctx.run_mutation(add_later_and_fail, name=name)
    except AppError:
        return


@mutation
async def fail_later(ctx: MutationCtx) -> Job:
    return await ctx.scheduler.run_after(0, fail)


@internal_mutation
async def fail(ctx: MutationCtx) -> None:
    await store(ctx, "failed", 1)
    raise AppError({"code": "REFUSED"})


@mutation
async def cancel(ctx: MutationCtx, id: Job) -> None:
    await ctx.scheduler.cancel(id)


@mutation
async def count_down(ctx: MutationCtx, name: str, left: int) -> None:
    await store(ctx, name, left)
    if left:
        await ctx.scheduler.run_after(0, count_down, name=name, left=left - 1)


@internal_mutation
async def cancel_myself(ctx: MutationCtx) -> None:
    [mine] = [job async for job in ctx.db.query(ScheduledFunction) if job.completed_time is None]
    await ctx.scheduler.cancel(mine.id)


@mutation
async def cancel_myself_later(ctx: MutationCtx) -> Job:
    return await ctx.scheduler.run_after(0, cancel_myself)


@internal_mutation
async def note_the_caller(ctx: MutationCtx) -> None:
    identity = await ctx.auth.get_user_identity()
    await store(ctx, "admin", int(ctx.auth.is_admin and identity is None))


@mutation
async def note_the_caller_later(ctx: MutationCtx) -> None:
    await ctx.scheduler.run_after(0, note_the_caller)


@internal_action
async def act(ctx: ActionCtx, name: str) -> None:
    await gate.passing()
    await ctx.run_mutation(counters.add, name=name)
    await ctx.scheduler.run_after(0, counters.add, name=name, by=10)
    await ctx.run_mutation(add_later, name=name, by=100)


@internal_action
async def act_and_fail(ctx: ActionCtx, name: str) -> None:
    await ctx.scheduler.run_after(0, counters.add, name=name)
    raise AppError("refused")


@internal_action
async def write_slowly(ctx: ActionCtx, text: str) -> None:
    await gate.passing()
    await ctx.run_mutation(notes.write, text=text)
    await gate.passing()


@mutation
async def act_later(ctx: MutationCtx, name: str, ms: float = 0.0) -> Job:
    return await ctx.scheduler.run_after(timedelta(milliseconds=ms), act, name=name)


@mutation
async def act_and_fail_later(ctx: MutationCtx, name: str) -> Job:
    return await ctx.scheduler.run_after(0, act_and_fail, name=name)


@action
async def cancel_from_outside(ctx: ActionCtx, id: Job) -> None:
    await ctx.scheduler.cancel(id)


@mutation
async def slow_add_later(ctx: MutationCtx, name: str) -> Job:
    return await ctx.scheduler.run_after(0, counters.slow_add, name=name)


@mutation
async def tick_later(ctx: MutationCtx, every_ms: float) -> None:
    await ctx.scheduler.run_after(timedelta(milliseconds=every_ms), tick, every_ms=every_ms)


@internal_mutation
async def tick(ctx: MutationCtx, every_ms: float) -> None:
    """Notes the time, and comes again."""
    await ctx.db.insert(Note(text=str(ctx.now_ms()), owner="tick"))
    await ctx.run_mutation(tick_later, every_ms=every_ms)


@query
async def ticks(ctx: QueryCtx) -> list[float]:
    found = ctx.db.query(Note).with_index(Note.by_owner, Note.owner == "tick")
    return [float(note.text) for note in await found.collect()]


@query
async def jobs(ctx: QueryCtx) -> list[ScheduledFunction]:
    return await ctx.db.query(ScheduledFunction).collect()


@query
async def state(ctx: QueryCtx, id: Job) -> str:
    job = await ctx.db.get(id)
    return "deleted" if job is None else job.state.kind


@query
async def value(ctx: QueryCtx, name: str) -> int:
    return await value_of(ctx, name)
