"""Functions that call each other, rightly and wrongly."""

from __future__ import annotations

from typing import Any, cast

from reactor import (
    ActionCtx,
    ActionFn,
    AppError,
    MutationCtx,
    QueryCtx,
    QueryFn,
    action,
    internal_action,
    internal_mutation,
    internal_query,
    mutation,
    query,
)
from tests.unit.sample.functions import notes
from tests.unit.sample.schema import Note


@query
async def sneak(ctx: QueryCtx) -> None:
    await ctx.run_query(cast("QueryFn[..., Any]", notes.write), text="x")


@internal_query
async def hidden_query(ctx: QueryCtx) -> str:
    return ctx.meta.function.type


@internal_mutation
async def hidden_mutation(ctx: MutationCtx) -> str:
    return ctx.meta.function.type


@internal_action
async def hidden_action(ctx: ActionCtx) -> str:
    return ctx.meta.function.type


@action
async def everything(ctx: ActionCtx) -> list[str]:
    return [
        await ctx.run_query(hidden_query),
        await ctx.run_mutation(hidden_mutation),
        await ctx.run_action(hidden_action),
    ]


@internal_mutation
async def refuse(ctx: MutationCtx) -> None:
    await ctx.db.insert(Note(text="lost"))
    raise AppError({"code": "REFUSED", "left": 3})


@mutation
async def fail_inside(ctx: MutationCtx) -> None:
    await ctx.run_mutation(refuse)


@action
async def fail_from_action(ctx: ActionCtx) -> None:
    await ctx.run_mutation(refuse)


@action
async def fail_twice_removed(ctx: ActionCtx) -> None:
    await ctx.run_action(fail_from_action)


@internal_mutation
async def child(ctx: MutationCtx) -> str:
    await ctx.db.insert(Note(text="child"))
    try:
        await ctx.run_mutation(refuse)
    except AppError:
        return "child"
    return "not refused"


@mutation
async def layers(ctx: MutationCtx) -> list[str]:
    await ctx.db.insert(Note(text="outer"))
    return ["outer", await ctx.run_mutation(child)]


@mutation
async def lie(ctx: MutationCtx) -> int:
    await ctx.db.insert(Note(text="lost"))
    return cast("int", "no number")


@mutation
async def lie_inside(ctx: MutationCtx) -> None:
    await ctx.run_mutation(lie)


@query
async def read_within(ctx: QueryCtx, counter: str, most: int) -> int:
    if counter == "documents_read":
        calls = ctx.within(documents_read=most)
    elif counter == "bytes_read":
        calls = ctx.within(bytes_read=most)
    else:
        calls = ctx.within(database_queries=most)
    found = await calls.run_query(notes.texts)
    return len(found)


@action
async def deeper(ctx: ActionCtx) -> None:
    await ctx.run_action(ActionFn.ref("calls:deeper"))
