"""The functions of a component."""

from __future__ import annotations

from ledger.schema import Entry
from reactor import ActionCtx, AppError, Id, MutationCtx, QueryCtx, action, mutation, query


@mutation
async def add(ctx: MutationCtx, *, text: str) -> Id[Entry]:
    return await ctx.db.insert(Entry(text=text))


@mutation
async def add_and_refuse(ctx: MutationCtx, *, text: str) -> None:
    await ctx.db.insert(Entry(text=text))
    raise AppError({"refused": text})


@query.options(name="all")
async def all_(ctx: QueryCtx) -> list[str]:
    return [entry.text for entry in await ctx.db.query(Entry).collect()]


@query
async def get(ctx: QueryCtx, *, id: Id[Entry]) -> str | None:
    entry = await ctx.db.get(id)
    return None if entry is None else entry.text


@query
async def me(ctx: QueryCtx) -> str:
    return "nobody" if await ctx.auth.get_user_identity() is None else "somebody"


@action
async def shout(ctx: ActionCtx, *, text: str) -> str:
    return text.upper()


@mutation
async def clear(ctx: MutationCtx) -> None:
    """Only on reactor's side; see functions/upkeep.py."""
    for entry in await ctx.db.query(Entry).collect():
        await ctx.db.delete(entry.id)
