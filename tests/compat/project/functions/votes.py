"""Votes: counted by one component, limited by another, in the transaction that casts them."""

from __future__ import annotations

from reactor import AppError, MutationCtx, QueryCtx, mutation, query
from reactor.contrib import HOUR, Aggregate, Rate, RateLimiter, prefix

votes = Aggregate[tuple[str, str]]("votes")
limit = RateLimiter("votes", Rate.fixed_window(3, HOUR))


@mutation
async def cast(ctx: MutationCtx, *, poll: str, who: str, fail: bool = False) -> int:
    await limit.consume(ctx, key=poll)
    await votes.put(ctx, f"{poll}/{who}", (poll, who), value=1)
    if fail:
        raise AppError({"code": "TOO_LATE"})
    return await votes.count(ctx, prefix(poll))


@query
async def count(ctx: QueryCtx, *, poll: str) -> int:
    return await votes.count(ctx, prefix(poll))
