"""Functions that call functions."""

from __future__ import annotations

import asyncio
from typing import Any

from reactor import (
    ActionCtx,
    AppError,
    MutationCtx,
    MutationFn,
    QueryCtx,
    action,
    internal_action,
    internal_mutation,
    internal_query,
    mutation,
    query,
)
from schema import Row


async def labels_of(ctx: QueryCtx) -> list[str]:
    return [row.label for row in await ctx.db.query(Row).with_index(Row.by_label).collect()]


@query
async def labels(ctx: QueryCtx) -> list[str]:
    return await labels_of(ctx)


@query
async def count(ctx: QueryCtx) -> int:
    return len(await ctx.db.query(Row).collect())


@mutation
async def add(ctx: MutationCtx, *, label: str) -> None:
    await ctx.db.insert(Row(label=label))


@mutation
async def add_then_throw(ctx: MutationCtx, *, label: str) -> None:
    await ctx.db.insert(Row(label=label))
    raise RuntimeError("after the write")


@mutation
async def refuse(ctx: MutationCtx, *, data: Any) -> None:
    await ctx.db.insert(Row(label="refused"))
    raise AppError(data)


@internal_mutation
async def secret_add(ctx: MutationCtx, *, label: str) -> str:
    await ctx.db.insert(Row(label=label))
    return "secret"


@internal_query
async def secret_count(ctx: QueryCtx) -> int:
    return 1


@internal_action
async def secret_act(ctx: ActionCtx) -> str:
    return "acted"


@mutation
async def mutation_in_mutation(ctx: MutationCtx) -> list[str]:
    await ctx.run_mutation(add, label="inner")
    await ctx.db.insert(Row(label="outer"))
    return await ctx.run_query(labels)


@mutation
async def child_fails(ctx: MutationCtx) -> Any:
    await ctx.db.insert(Row(label="before"))
    failed = False
    try:
        await ctx.run_mutation(add_then_throw, label="lost")
    except RuntimeError:
        failed = True
    await ctx.db.insert(Row(label="after"))
    return {"failed": failed, "labels": await labels_of(ctx)}


@mutation
async def grandchild_fails(ctx: MutationCtx) -> Any:
    inner = await ctx.run_mutation(child_fails)
    return {"inner": inner, "count": await ctx.run_query(count)}


@mutation
async def child_uncaught(ctx: MutationCtx) -> None:
    await ctx.db.insert(Row(label="before"))
    await ctx.run_mutation(add_then_throw, label="lost")


@mutation
async def parent_fails(ctx: MutationCtx) -> None:
    await ctx.run_mutation(add, label="inner")
    raise RuntimeError("after the child")


@mutation
async def child_sees(ctx: MutationCtx) -> int:
    await ctx.db.insert(Row(label="mine"))
    return await ctx.run_query(count)


@query
async def query_in_query(ctx: QueryCtx) -> Any:
    return [await ctx.run_query(count), await ctx.run_query(labels)]


@mutation
async def catches_data(ctx: MutationCtx, *, data: Any) -> Any:
    try:
        await ctx.run_mutation(refuse, data=data)
    except AppError as error:
        return {"data": error.data}
    return None


@mutation
async def calls_secret(ctx: MutationCtx) -> str:
    return await ctx.run_mutation(secret_add, label="by secret")


async def _outcome(ctx: MutationCtx, path: str, **args: Any) -> str:
    try:
        await ctx.run_mutation(MutationFn.ref(path), **args)
    except Exception:
        return "refused"
    return "taken"


@mutation
async def bad_arguments(ctx: MutationCtx) -> str:
    return await _outcome(ctx, "calls:add", label=5)


@mutation
async def missing(ctx: MutationCtx) -> str:
    return await _outcome(ctx, "calls:nowhere")


@mutation
async def wrong_kind(ctx: MutationCtx) -> str:
    return await _outcome(ctx, "calls:count")


@action
async def action_writes(ctx: ActionCtx) -> list[int]:
    await ctx.run_mutation(add, label="one")
    between = await ctx.run_query(count)
    await ctx.run_mutation(add, label="two")
    return [between, await ctx.run_query(count)]


@action
async def action_fails_late(ctx: ActionCtx) -> None:
    await ctx.run_mutation(add, label="kept")
    raise RuntimeError("too late to undo")


@action
async def action_child(ctx: ActionCtx) -> Any:
    failed = False
    try:
        await ctx.run_mutation(add_then_throw, label="lost")
    except Exception:
        failed = True
    return {"failed": failed, "count": await ctx.run_query(count)}


@action
async def tell(ctx: ActionCtx, *, data: Any) -> None:
    await ctx.run_mutation(refuse, data=data)


@action
async def action_in_action(ctx: ActionCtx) -> list[int]:
    return await ctx.run_action(action_writes)


@action
async def data_through_layers(ctx: ActionCtx, *, data: Any) -> None:
    await ctx.run_action(tell, data=data)


@action
async def data_caught_outside(ctx: ActionCtx, *, data: Any) -> Any:
    try:
        await ctx.run_action(tell, data=data)
    except AppError as error:
        return {"data": error.data}
    return None


@action
async def together(ctx: ActionCtx) -> list[str]:
    await asyncio.gather(*(ctx.run_mutation(add, label=one) for one in "xyz"))
    return await ctx.run_query(labels)
