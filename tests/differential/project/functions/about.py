"""What a function may know of itself."""

from __future__ import annotations

from typing import Any

from reactor import ActionCtx, MutationCtx, QueryCtx, action, mutation, query


def _self(ctx: QueryCtx | ActionCtx) -> list[str]:
    info = ctx.meta.function
    return [info.name, info.component_path]


@query
async def as_query(ctx: QueryCtx) -> list[str]:
    return _self(ctx)


@mutation
async def as_mutation(ctx: MutationCtx) -> list[str]:
    return _self(ctx)


@action
async def as_action(ctx: ActionCtx) -> list[str]:
    return _self(ctx)


@mutation
async def nested(ctx: MutationCtx) -> list[Any]:
    return [_self(ctx), await ctx.run_query(as_query), _self(ctx)]


@action
async def by_action(ctx: ActionCtx) -> list[Any]:
    return [_self(ctx), await ctx.run_mutation(nested)]
