"""Jobs, from the queue to their end.

    pending ──► running ──► success | failed | canceled
       ▲           │
       └─ failed, and to be tried again

Every arrow is part of one mutation of this component, together with whatever it sets off: the
attempt that is scheduled, the handler that is told, the next job that may start. So a pool never
runs more than it may, and a job ends once, whatever crashes.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from reactor import (
    ActionCtx,
    ActionFn,
    Arguments,
    Id,
    MutationCtx,
    MutationFn,
    Object,
    QueryCtx,
    RangeQuery,
    internal_action,
    internal_mutation,
    internal_query,
    limits,
    mutation,
    query,
)
from reactor.contrib.workpool.outcome import Outcome, Status
from reactor.contrib.workpool.retry import Backoff, delay_ms
from reactor.contrib.workpool.schema import Watch, Work
from reactor.errors import ScheduleRefused


class Asked(Object):
    """What `enqueue` is given: the job, its pool, and what becomes of it."""

    pool: str
    parallel: int
    kind: Literal["mutation", "action"]
    handle: str
    args: Any
    backoff: Backoff | None
    then: str | None
    context: Any


class Attempt(Object):
    """What an attempt needs to know."""

    handle: str
    args: Any


@mutation
async def enqueue(ctx: MutationCtx, *, asked: Asked) -> str:
    """Adds a job, and starts it if there is room; its id."""
    id = await ctx.db.insert(
        Work(
            pool=asked.pool,
            parallel=asked.parallel,
            kind=asked.kind,
            handle=asked.handle,
            args=asked.args,
            backoff=asked.backoff,
            then=asked.then,
            context=asked.context,
            state="pending",
            due=ctx.now_ms(),
        )
    )
    await _start(ctx, asked.pool, asked.parallel)
    return id


@mutation
async def cancel(ctx: MutationCtx, *, id: str) -> bool:
    """Keeps a job from being tried (again); whether it had not ended yet."""
    work = await _find(ctx, id)
    if work is None or work.ended is not None:
        return False
    if work.state == "running" and not await _call_off(ctx, work):
        await ctx.db.patch(work.id, Work.is_canceled.set(True))
        return True
    await _end(ctx, work, Outcome(kind="canceled"))
    return True


async def _call_off(ctx: MutationCtx, work: Work) -> bool:
    """Cancels an attempt that has not begun; whether that was possible."""
    job = None if work.job is None else await ctx.db.get(work.job)
    if job is None or job.state.kind != "pending":
        return False
    try:
        await ctx.scheduler.cancel(job.id)
    except ScheduleRefused:  # the job is what asks: a mutation cannot cancel itself
        return False
    return True


@query
async def status(ctx: QueryCtx, *, id: str) -> Status | None:
    """How a job stands; None when it ended long ago, or never was."""
    work = await _find(ctx, id)
    if work is None:
        return None
    return Status(kind=work.state, attempts=work.attempts, error=work.error)


async def _find(ctx: QueryCtx, id: str) -> Work | None:
    known = ctx.db.normalize_id(Work, id)
    return None if known is None else await ctx.db.get(known)


# --- attempts ---------------------------------------------------------------------------------


@internal_mutation
async def run_mutation(ctx: MutationCtx, *, id: Id[Work], attempt: int) -> None:
    """One attempt of a mutation: what it writes, and that it did, are one commit."""
    work = await _running(ctx, id, attempt)
    if work is None:
        return
    try:
        found: Any = await ctx.run_mutation(MutationFn.ref(work.handle), Arguments(work.args))
        outcome = Outcome(kind="success", return_value=found)
    except Exception as error:  # whatever it raises is how it ended
        outcome = _failed(error)
    await _settle(ctx, work, outcome)


@internal_action
async def run_action(ctx: ActionCtx, *, id: Id[Work], attempt: int) -> None:
    """One attempt of an action."""
    work = await ctx.run_query(begun, id=id, attempt=attempt)
    if work is None:
        return
    try:
        found: Any = await ctx.run_action(ActionFn.ref(work.handle), Arguments(work.args))
        outcome = Outcome(kind="success", return_value=found)
    except Exception as error:  # whatever it raises is how it ended
        outcome = _failed(error)
    await ctx.run_mutation(settle, id=id, attempt=attempt, outcome=outcome)


@internal_query
async def begun(ctx: QueryCtx, *, id: Id[Work], attempt: int) -> Attempt | None:
    """What an attempt that is to be made needs; None when it is no longer wanted."""
    work = await _running(ctx, id, attempt)
    return None if work is None else Attempt(handle=work.handle, args=work.args)


@internal_mutation
async def settle(ctx: MutationCtx, *, id: Id[Work], attempt: int, outcome: Outcome) -> None:
    """Takes in how an attempt ended, once."""
    work = await _running(ctx, id, attempt)
    if work is not None:
        await _settle(ctx, work, outcome)


async def _running(ctx: QueryCtx, id: Id[Work], attempt: int) -> Work | None:
    work = await ctx.db.get(id)
    if work is None or work.state != "running" or work.attempts != attempt:
        return None
    return work


def _failed(error: Exception) -> Outcome:
    text = str(error) or type(error).__name__
    return Outcome(kind="failed", error=text[: limits.POOL_ERROR_CHARS_MAX])


# --- what an end sets off ---------------------------------------------------------------------


async def _settle(ctx: MutationCtx, work: Work, outcome: Outcome) -> None:
    """An attempt has ended: another one later, or the end of the job."""
    backoff = work.backoff
    is_over = outcome.kind == "success" or backoff is None or work.attempts >= backoff.attempts
    if is_over or work.is_canceled or backoff is None:
        if work.is_canceled and outcome.kind == "failed":
            outcome = Outcome(kind="canceled", error=outcome.error)
        await _end(ctx, work, outcome)
        return
    wait = timedelta(milliseconds=delay_ms(backoff, work.attempts, ctx.random))
    due_ms = ctx.now_ms() + wait / timedelta(milliseconds=1)
    changes = (Work.state.set("pending"), Work.due.set(due_ms), Work.error.set(outcome.error))
    await ctx.db.patch(work.id, *changes, Work.job.set(None))
    await ctx.scheduler.run_after(wait, wake, pool=work.pool, parallel=work.parallel)
    await _start(ctx, work.pool, work.parallel)


async def _end(ctx: MutationCtx, work: Work, outcome: Outcome) -> None:
    await ctx.db.patch(
        work.id,
        Work.state.set(outcome.kind),
        Work.ended.set(ctx.now_ms()),
        Work.error.set(outcome.error),
        Work.args.set({}),
        Work.context.set(None),
    )
    if work.then is not None:
        await _tell(ctx, work, work.then, outcome)
    await _sweep(ctx)
    await _start(ctx, work.pool, work.parallel)


async def _tell(ctx: MutationCtx, work: Work, handler: str, outcome: Outcome) -> None:
    """Schedules the handler: exactly once, since this commits with the end of the job."""
    fn = MutationFn.ref(handler)
    try:
        await ctx.scheduler.run_after(0, fn, work_id=work.id, context=work.context, result=outcome)
    except Exception as error:  # it was checked when the job was enqueued; the code has changed
        await ctx.db.patch(work.id, Work.error.set(f"{handler} was not told: {error}"))


async def _sweep(ctx: MutationCtx) -> None:
    before = ctx.now_ms() - limits.POOL_KEPT_S * 1000
    bounds = (Work.ended >= 0.0, Work.ended < before)
    old = ctx.db.query(Work).with_index(Work.by_ended, *bounds)
    for work in await old.take(limits.POOL_SWEEP_BATCH):
        await ctx.db.delete(work.id)


@internal_mutation
async def wake(ctx: MutationCtx, *, pool: str, parallel: int) -> None:
    """A job has waited long enough for its next attempt."""
    await _start(ctx, pool, parallel)


async def _start(ctx: MutationCtx, pool: str, parallel: int) -> None:
    """Starts as many jobs as there is room for, the one that is due longest first."""
    mine = (Work.pool == pool, Work.state == "running")
    running = await ctx.db.query(Work).with_index(Work.by_pool, *mine).count()
    if running >= parallel:
        return
    due = (Work.pool == pool, Work.state == "pending", Work.due <= ctx.now_ms())
    waiting = ctx.db.query(Work).with_index(Work.by_pool, *due)
    for work in await waiting.take(parallel - running):
        await _begin(ctx, work)


async def _begin(ctx: MutationCtx, work: Work) -> None:
    attempt = work.attempts + 1
    fn = run_action if work.kind == "action" else run_mutation
    job = await ctx.scheduler.run_after(0, fn, id=work.id, attempt=attempt)
    changes = (Work.state.set("running"), Work.attempts.set(attempt), Work.job.set(job))
    await ctx.db.patch(work.id, *changes)
    await _keep_watch(ctx)


# --- after a crash ----------------------------------------------------------------------------


async def _keep_watch(ctx: MutationCtx) -> None:
    """Makes sure that somebody will look for lost jobs."""
    watch = await ctx.db.query(Watch).first()
    if watch is not None:
        job = await ctx.db.get(watch.job)
        if job is not None and job.state.kind == "pending":
            return
        await ctx.db.delete(watch.id)
    await _look_later(ctx)


async def _look_later(ctx: MutationCtx) -> None:
    job = await ctx.scheduler.run_after(timedelta(seconds=limits.POOL_LOOK_S), look)
    await ctx.db.insert(Watch(job=job))


@internal_mutation
async def look(ctx: MutationCtx) -> None:
    """Takes up jobs whose attempt ended without a word: the server stopped while it ran."""
    for work in await _running_jobs(ctx).take(limits.POOL_PARALLEL_MAX):
        job = None if work.job is None else await ctx.db.get(work.job)
        if job is not None and job.state.kind in ("pending", "inProgress"):
            continue
        why = None if job is None else job.state.error
        await _settle(ctx, work, Outcome(kind="failed", error=why or "the attempt was lost"))
    watch = await ctx.db.query(Watch).first()
    if watch is not None:
        await ctx.db.delete(watch.id)
    if await _running_jobs(ctx).first() is not None:
        await _look_later(ctx)


def _running_jobs(ctx: QueryCtx) -> RangeQuery[Work]:
    return ctx.db.query(Work).with_index(Work.by_state, Work.state == "running")
