"""Functions that run later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal, cast

from functions import calls
from reactor import (
    ActionCtx,
    Id,
    MutationCtx,
    QueryCtx,
    ScheduledFunction,
    action,
    internal_mutation,
    mutation,
    query,
)
from schema import Row

SOON_MS = 1000
Job = Id[ScheduledFunction]


def _span(ms: float) -> timedelta | Literal[0]:
    return timedelta(milliseconds=ms) if ms else 0


@mutation
async def after(ctx: MutationCtx, *, ms: float, label: str) -> Job:
    return await ctx.scheduler.run_after(_span(ms), calls.add, label=label)


@mutation
async def at(ctx: MutationCtx, *, ms: float, label: str) -> Job:
    when = ctx.now() + timedelta(milliseconds=ms)
    return await ctx.scheduler.run_at(when, calls.add, label=label)


@mutation
async def several(ctx: MutationCtx, *, labels: list[str]) -> int:
    for label in labels:
        await ctx.scheduler.run_after(0, calls.add, label=label)
    return len(await ctx.db.query(Row).collect())


@mutation
async def after_and_fail(ctx: MutationCtx, *, ms: float, label: str) -> None:
    await ctx.scheduler.run_after(_span(ms), calls.add, label=label)
    raise RuntimeError("after scheduling")


@mutation
async def child_fails(ctx: MutationCtx, *, ms: float, label: str) -> str | None:
    await ctx.scheduler.run_after(0, calls.add, label="kept")
    try:
        await ctx.run_mutation(after_and_fail, ms=ms, label=label)
    except RuntimeError:
        return "failed"
    return None


@mutation
async def failing(ctx: MutationCtx) -> Job:
    return await ctx.scheduler.run_after(0, calls.add_then_throw, label="lost")


@mutation
async def an_action(ctx: MutationCtx) -> Job:
    return await ctx.scheduler.run_after(0, calls.action_writes)


@mutation
async def failing_action(ctx: MutationCtx) -> Job:
    return await ctx.scheduler.run_after(0, calls.action_fails_late)


@mutation
async def an_internal(ctx: MutationCtx) -> Job:
    return await ctx.scheduler.run_after(0, calls.secret_add, label="secret")


@action
async def from_action(ctx: ActionCtx, *, ms: float, label: str) -> Job:
    return await ctx.scheduler.run_after(_span(ms), calls.add, label=label)


@action
async def from_action_that_fails(ctx: ActionCtx, *, ms: float, label: str) -> None:
    await ctx.scheduler.run_after(_span(ms), calls.add, label=label)
    raise RuntimeError("after scheduling")


@mutation
async def chain(ctx: MutationCtx, *, left: int) -> None:
    await ctx.db.insert(Row(label=f"{left} left"))
    if left > 0:
        await ctx.scheduler.run_after(0, chain, left=left - 1)


@internal_mutation
async def note_caller(ctx: MutationCtx) -> None:
    identity = await ctx.auth.get_user_identity()
    await ctx.db.insert(Row(label="nobody" if identity is None else "somebody"))


@mutation
async def who_later(ctx: MutationCtx) -> Job:
    return await ctx.scheduler.run_after(0, note_caller)


@mutation
async def cancel(ctx: MutationCtx, *, id: str) -> None:
    await ctx.scheduler.cancel(cast("Job", id))


@mutation
async def schedule_and_cancel(ctx: MutationCtx, *, label: str) -> Job:
    id = await ctx.scheduler.run_after(0, calls.add, label=label)
    await ctx.scheduler.cancel(id)
    return id


@action
async def cancel_by_action(ctx: ActionCtx, *, id: str) -> None:
    await ctx.scheduler.cancel(cast("Job", id))


@query
async def is_completed(ctx: QueryCtx, *, id: str) -> bool:
    job = await ctx.db.require(cast("Job", id))
    return job.completed_time is not None


@query
async def state(ctx: QueryCtx, *, id: str) -> Any:
    job = await ctx.db.get(cast("Job", id))
    if job is None:
        return None
    return {"name": job.name.replace(".js", ""), "args": job.args, "kind": job.state.kind}


@query
async def unfinished(ctx: QueryCtx) -> int:
    jobs = await ctx.db.query(ScheduledFunction).collect()
    unfinished = [job for job in jobs if job.state.kind in ("pending", "inProgress")]
    return len([job for job in unfinished if job.scheduled_time < ctx.now_ms() + SOON_MS])
