"""Who is asking."""

from __future__ import annotations

from functions import counters
from reactor import AppError, MutationCtx, QueryCtx, mutation, query


async def current_subject(ctx: QueryCtx) -> str:
    identity = await ctx.auth.get_user_identity()
    if identity is None:
        raise AppError({"code": "UNAUTHENTICATED"})
    return identity.subject


signed_in_query = query.using(current_subject)
signed_in_mutation = mutation.using(current_subject)


@query
async def whoami(ctx: QueryCtx) -> str | None:
    identity = await ctx.auth.get_user_identity()
    return None if identity is None else identity.subject


@query
async def token_identifier(ctx: QueryCtx) -> str | None:
    identity = await ctx.auth.get_user_identity()
    return None if identity is None else identity.token_identifier


@signed_in_query
async def greeting(ctx: QueryCtx, subject: str) -> str:
    return f"hello {subject}"


@signed_in_mutation
async def count_me(ctx: MutationCtx, subject: str) -> int:
    return await counters.add(ctx, f"visits of {subject}", 1)
