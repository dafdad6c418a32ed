"""Calls into components: the ledger is mounted twice, under two names."""

from __future__ import annotations

from typing import Any, cast

from components import ledger, spare
from ledger.functions import entries
from ledger.schema import Entry

from reactor import ActionCtx, AppError, Id, MutationCtx, QueryCtx, action, mutation, query
from schema import Row


@mutation
async def add(ctx: MutationCtx, *, text: str) -> Any:
    return await ctx.run_mutation(ledger(entries.add), text=text)


@mutation
async def add_to_both(ctx: MutationCtx, *, text: str) -> None:
    await ctx.run_mutation(ledger(entries.add), text=text)
    await ctx.run_mutation(spare(entries.add), text=f"spare {text}")


@query.options(name="all")
async def all_(ctx: QueryCtx) -> list[list[str]]:
    return [
        await ctx.run_query(ledger(entries.all_)),
        await ctx.run_query(spare(entries.all_)),
        [row.label for row in await ctx.db.query(Row).collect()],
    ]


@mutation
async def child_fails(ctx: MutationCtx, *, text: str) -> Any:
    await ctx.db.insert(Row(label="before"))
    await ctx.run_mutation(ledger(entries.add), text="kept")
    try:
        await ctx.run_mutation(ledger(entries.add_and_refuse), text=text)
    except AppError as error:
        return error.data
    return None


@mutation
async def parent_fails(ctx: MutationCtx, *, text: str) -> None:
    await ctx.run_mutation(ledger(entries.add), text=text)
    raise RuntimeError("after the component")


@mutation
async def uncaught(ctx: MutationCtx, *, text: str) -> None:
    await ctx.run_mutation(ledger(entries.add_and_refuse), text=text)


@query
async def get(ctx: QueryCtx, *, id: str) -> str | None:
    return await ctx.run_query(ledger(entries.get), id=cast("Id[Entry]", id))


@query
async def me(ctx: QueryCtx) -> list[str]:
    here = "nobody" if await ctx.auth.get_user_identity() is None else "somebody"
    return [here, await ctx.run_query(ledger(entries.me))]


@mutation
async def bad_arguments(ctx: MutationCtx) -> None:
    await ctx.run_mutation(ledger(entries.add), text=cast("str", 5))


@action
async def from_action(ctx: ActionCtx, *, text: str) -> list[str]:
    shouted = await ctx.run_action(ledger(entries.shout), text=text)
    await ctx.run_mutation(ledger(entries.add), text=shouted)
    return await ctx.run_query(ledger(entries.all_))
