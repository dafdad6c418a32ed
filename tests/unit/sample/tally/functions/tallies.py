"""Tallies: counted in the component's own table."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from reactor import (
    ActionCtx,
    AppError,
    Env,
    Id,
    MutationCtx,
    MutationFn,
    PaginationOptions,
    QueryCtx,
    QueryFn,
    ScheduledFunction,
    action,
    internal_query,
    mutation,
    query,
)
from tests.unit.sample.tally.schema import Tally


class Seen(Env):
    secret: str = "hidden"
    passed: str = "not passed"


async def named(ctx: QueryCtx, name: str) -> Tally | None:
    mine = Tally.name == name
    return await ctx.db.query(Tally).with_index(Tally.by_name, mine).unique()


@query
async def get(ctx: QueryCtx, name: str) -> int:
    tally = await named(ctx, name)
    return 0 if tally is None else tally.value


@mutation
async def add(ctx: MutationCtx, name: str, by: int = 1) -> str:
    """Answers with the id, which is nothing but a text to others."""
    tally = await named(ctx, name)
    if tally is None:
        return await ctx.db.insert(Tally(name=name, value=by))
    await ctx.db.patch(tally.id, Tally.value.set(tally.value + by))
    return tally.id


@mutation
async def add_and_fail(ctx: MutationCtx, name: str) -> None:
    await ctx.run_mutation(add, name=name, by=1_000)
    raise AppError({"code": "REFUSED"})


@query
async def by_id(ctx: QueryCtx, id: Id[Tally]) -> str | None:
    found = await ctx.db.get(id)
    return None if found is None else found.name


@query
async def is_known(ctx: QueryCtx, id: str) -> bool:
    """Whether a text is the id of a tally here."""
    normal = ctx.db.normalize_id(Tally, id)
    return normal is not None and await ctx.db.get(normal) is not None


@query
async def who(ctx: QueryCtx) -> list[Any]:
    identity = await ctx.auth.get_user_identity()
    env = ctx.env(Seen)
    return [None if identity is None else identity.subject, env.secret, env.passed]


@query
async def page(ctx: QueryCtx) -> int:
    options = PaginationOptions(num_items=1, cursor=None)
    return len((await ctx.db.query(Tally).paginate(options)).page)


@internal_query
async def own_handle(ctx: QueryCtx) -> str:
    return get.handle


@mutation
async def tell(ctx: MutationCtx, handle: str, name: str) -> Any:
    """Calls back whoever gave the handle."""
    return await ctx.run_mutation(MutationFn.ref(handle), name=name)


@query
async def ask(ctx: QueryCtx, handle: str) -> Any:
    return await ctx.run_query(QueryFn.ref(handle))


@action
async def add_twice(ctx: ActionCtx, name: str) -> int:
    await ctx.run_mutation(add, name=name)
    await ctx.run_mutation(add, name=name)
    return await ctx.run_query(get, name=name)


@mutation
async def add_later(ctx: MutationCtx, name: str) -> str:
    return await ctx.scheduler.run_after(timedelta(seconds=1), add, name=name)


@mutation
async def cancel(ctx: MutationCtx, id: str) -> None:
    job: Id[ScheduledFunction] = Id(id)
    await ctx.scheduler.cancel(job)


@query
async def job_states(ctx: QueryCtx) -> list[str]:
    return [job.state.kind async for job in ctx.db.query(ScheduledFunction)]
