"""Notes: pages, owners, the identity, nested calls, actions."""

from __future__ import annotations

import asyncio

from reactor import (
    ActionCtx,
    AppError,
    Id,
    MutationCtx,
    Page,
    PaginationOptions,
    QueryCtx,
    QueryFn,
    UserIdentity,
    action,
    internal_mutation,
    mutation,
    query,
)
from tests.unit.sample.functions import counters
from tests.unit.sample.gate import gate
from tests.unit.sample.schema import Note


async def signed_in(ctx: QueryCtx) -> UserIdentity:
    identity = await ctx.auth.get_user_identity()
    if identity is None:
        raise AppError({"code": "UNAUTHENTICATED"})
    return identity


@query
async def page(ctx: QueryCtx, pagination_opts: PaginationOptions) -> Page[Note]:
    return await ctx.db.query(Note).paginate(pagination_opts)


@query
async def texts(ctx: QueryCtx) -> list[str]:
    return [note.text for note in await ctx.db.query(Note).collect()]


@query.using(signed_in)
async def mine(ctx: QueryCtx, caller: UserIdentity) -> list[str]:
    owned = ctx.db.query(Note).with_index(Note.by_owner, Note.owner == caller.subject)
    return [note.text for note in await owned.collect()]


@query
async def who(ctx: QueryCtx) -> str:
    identity = await ctx.auth.get_user_identity()
    return "nobody" if identity is None else identity.subject


@query
async def slow_who(ctx: QueryCtx) -> str:
    await gate.passing()
    identity = await ctx.auth.get_user_identity()
    return "nobody" if identity is None else identity.subject


@query
async def clock(ctx: QueryCtx) -> float:
    return ctx.now_ms()


@query
async def both(ctx: QueryCtx) -> list[str]:
    return [await ctx.run_query(who), *await ctx.run_query(texts)]


@query
async def broken(ctx: QueryCtx) -> None:
    raise ZeroDivisionError("it broke")


@mutation
async def write(ctx: MutationCtx, text: str, owner: str = "") -> Id[Note]:
    return await ctx.db.insert(Note(text=text, owner=owner))


@mutation
async def remove(ctx: MutationCtx, id: Id[Note]) -> None:
    await ctx.db.delete(id)


@mutation
async def nested(ctx: MutationCtx, text: str) -> str:
    await ctx.db.insert(Note(text=text))
    try:
        await ctx.run_mutation(write_and_fail, text=f"{text} too")
    except AppError as error:
        return str(error.data)
    return "did not fail"


@internal_mutation
async def write_and_fail(ctx: MutationCtx, text: str) -> None:
    await ctx.db.insert(Note(text=text))
    raise AppError("refused")


@query
async def forever(ctx: QueryCtx) -> int:
    deeper: int = await ctx.run_query(QueryFn.ref("notes:forever"))
    return deeper + 1


@action
async def twice(ctx: ActionCtx, name: str) -> int:
    await ctx.run_mutation(counters.add, name=name)
    await ctx.run_mutation(counters.add, name)
    return await ctx.run_query(counters.get, name=name)


@action
async def slow(ctx: ActionCtx) -> str:
    await gate.passing()
    return "done"


@action
async def contend(ctx: ActionCtx, name: str) -> int:
    return await ctx.run_mutation(counters.slow_add, name=name)


@action
async def both_at_once(ctx: ActionCtx, name: str) -> int:
    await asyncio.gather(
        ctx.run_mutation(counters.slow_add, name=name),
        ctx.run_mutation(counters.slow_add, name=name),
    )
    return await ctx.run_query(counters.get, name=name)


@action
async def outer(ctx: ActionCtx, name: str) -> int:
    return await ctx.run_action(twice, name)
