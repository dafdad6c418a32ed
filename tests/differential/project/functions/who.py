"""Who is asking."""

from __future__ import annotations

from typing import Any

from reactor import ActionCtx, MutationCtx, QueryCtx, action, mutation, query


async def _identity(ctx: QueryCtx | ActionCtx) -> Any:
    identity = await ctx.auth.get_user_identity()
    return None if identity is None else identity.attributes()


@query
async def me(ctx: QueryCtx) -> Any:
    return await _identity(ctx)


@mutation
async def me_write(ctx: MutationCtx) -> Any:
    return await _identity(ctx)


@action
async def me_action(ctx: ActionCtx) -> Any:
    return await _identity(ctx)


@mutation
async def me_nested(ctx: MutationCtx) -> Any:
    return await ctx.run_query(me)


@action
async def me_by_action(ctx: ActionCtx) -> Any:
    return await ctx.run_query(me)
