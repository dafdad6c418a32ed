"""Functions that tell what they know about themselves."""

from __future__ import annotations

from reactor import (
    ActionCtx,
    DeploymentInfo,
    FunctionInfo,
    MutationCtx,
    QueryCtx,
    RequestInfo,
    action,
    internal_mutation,
    internal_query,
    mutation,
    query,
)
from tests.unit.sample.schema import Note


@query
async def names(ctx: QueryCtx) -> list[FunctionInfo]:
    return [ctx.meta.function, await ctx.run_query(inner)]


@internal_query
async def inner(ctx: QueryCtx) -> FunctionInfo:
    return ctx.meta.function


@action
async def in_action(ctx: ActionCtx) -> FunctionInfo:
    return ctx.meta.function


@query
async def where(ctx: QueryCtx) -> DeploymentInfo:
    return ctx.meta.deployment


@mutation
async def who(ctx: MutationCtx) -> RequestInfo:
    return ctx.meta.request


@internal_mutation
async def note_job(ctx: MutationCtx) -> None:
    inside = await ctx.run_mutation(who)
    own = ctx.meta.request.scheduled_function_id
    await ctx.db.insert(Note(text=f"{own} {inside.scheduled_function_id}"))


@action
async def who_inside(ctx: ActionCtx) -> list[RequestInfo]:
    return [ctx.meta.request, await ctx.run_mutation(who)]


@internal_mutation
async def write(ctx: MutationCtx, count: int) -> int:
    for _ in range(count):
        await ctx.db.insert(Note(text="written"))
    return ctx.meta.transaction.documents_written.remaining


@query
async def reach(ctx: QueryCtx, name: str) -> bool:
    return callable(getattr(ctx, name))
