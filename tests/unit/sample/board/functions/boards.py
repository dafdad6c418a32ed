"""What the app does with its components."""

from __future__ import annotations

from typing import Any

from reactor import (
    ActionCtx,
    AppError,
    DatabaseReader,
    Int64,
    MutationCtx,
    PaginationOptions,
    QueryCtx,
    action,
    internal_mutation,
    internal_query,
    mutation,
    query,
)
from tests.unit.sample.board import left, nest, right
from tests.unit.sample.board.schema import Counter
from tests.unit.sample.nest.functions import nests
from tests.unit.sample.tally.functions import tallies
from tests.unit.sample.tally.functions.tallies import add

aimed = left(add)  # neither name is published by being here


async def own(db: DatabaseReader, name: str) -> int:
    found = await db.query(Counter).with_index(Counter.by_name, Counter.name == name).collect()
    return sum(counter.value for counter in found)


@query
async def all_of(ctx: QueryCtx, name: str) -> list[int]:
    """What the app, both tallies and the one inside the nest have counted."""
    return [
        await own(ctx.db, name),
        await ctx.run_query(left(tallies.get), name=name),
        await ctx.run_query(right(tallies.get), name=name),
        await ctx.run_query(nest(nests.get), name=name),
    ]


@mutation
async def add_everywhere(ctx: MutationCtx, name: str) -> list[str]:
    return [
        await ctx.db.insert(Counter(name=name, value=1)),
        await ctx.run_mutation(aimed, name=name, by=10),
        await ctx.run_mutation(right(tallies.add), name=name, by=100),
        await ctx.run_mutation(nest(nests.add), name=name),
    ]


@mutation
async def add_and_fail(ctx: MutationCtx, name: str) -> None:
    await ctx.run_mutation(left(tallies.add), name=name)
    raise AppError({"code": "REFUSED"})


@mutation
async def survive(ctx: MutationCtx, name: str) -> str:
    """The component fails; what it wrote is gone, the rest stays."""
    await ctx.run_mutation(left(tallies.add), name=name, by=5)
    try:
        await ctx.run_mutation(left(tallies.add_and_fail), name=name)
    except AppError as error:
        return str(error.data["code"])
    return "nothing happened"


@internal_query
async def page_of(ctx: QueryCtx, *, page_options: PaginationOptions, page_size: Int64) -> int:
    return int(page_options.num_items + page_size)


@query
async def seen_inside(ctx: QueryCtx) -> list[Any]:
    identity = await ctx.auth.get_user_identity()
    name = None if identity is None else identity.subject
    inside = [left(tallies.who), right(tallies.who), nest(nests.who)]
    return [name, *[await ctx.run_query(fn) for fn in inside]]


@query
async def handles(ctx: QueryCtx) -> list[str]:
    return [
        all_of.handle,
        left(tallies.get).handle,
        await ctx.run_query(right(tallies.own_handle)),
        await ctx.run_query(nest(nests.inner_handle)),
    ]


@internal_mutation
async def called_back(ctx: MutationCtx, name: str) -> str:
    identity = await ctx.auth.get_user_identity()
    await ctx.db.insert(Counter(name=name, value=7))
    return "nobody" if identity is None else identity.subject


@mutation
async def have_it_tell(ctx: MutationCtx, name: str) -> Any:
    return await ctx.run_mutation(right(tallies.tell), handle=called_back.handle, name=name)


@internal_query
async def unaimed(ctx: QueryCtx) -> int:
    return await ctx.run_query(tallies.get, name="x")


@internal_query
async def paged(ctx: QueryCtx) -> int:
    return await ctx.run_query(left(tallies.page))


@action
async def act(ctx: ActionCtx, name: str) -> list[int]:
    """Two transactions of the component, then its own action."""
    await ctx.run_mutation(left(tallies.add), name=name, by=1)
    return [
        await ctx.run_query(left(tallies.get), name=name),
        await ctx.run_action(right(tallies.add_twice), name=name),
    ]
