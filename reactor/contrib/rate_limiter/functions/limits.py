"""Tokens taken, looked at and given back.

A rate with shards is so many equal rates. One use takes the fuller of two that are picked at
random, so that uses at the same time seldom meet; only when both lack what is wanted are the others
looked at.
"""

from __future__ import annotations

from reactor import MutationCtx, Object, QueryCtx, mutation, query
from reactor.contrib.rate_limiter.rate import Level, Rate, level_at, wait_ms
from reactor.contrib.rate_limiter.schema import Limit


class Target(Object):
    """Which limit: its name, whose it is, its whole rate, and in how many shards it is kept."""

    name: str
    key: str | None
    rate: Rate
    shards: int


class Taken(Object):
    """What came of an attempt: whether the tokens are taken, and how long they are away."""

    ok: bool
    wait_ms: float


@mutation
async def take(ctx: MutationCtx, *, target: Target, count: float, within_ms: float) -> Taken:
    """Takes tokens that are there, or will be within some time."""
    now_ms, rate = ctx.now_ms(), target.rate.share(target.shards)
    shards = list(range(target.shards))
    ctx.random.shuffle(shards)
    levels = {shard: await _level(ctx, target, rate, shard) for shard in shards[:2]}
    best = _fullest(levels)
    if wait_ms(rate, levels[best], count, now_ms) > 0:
        levels |= {shard: await _level(ctx, target, rate, shard) for shard in shards[2:]}
        best = min(levels, key=lambda shard: wait_ms(rate, levels[shard], count, now_ms))
    wait = wait_ms(rate, levels[best], count, now_ms)
    if wait > within_ms:
        return Taken(ok=False, wait_ms=wait)
    await _store(ctx, target, best, levels[best], count)
    return Taken(ok=True, wait_ms=wait)


def _fullest(levels: dict[int, Level]) -> int:
    return max(levels, key=lambda shard: levels[shard].tokens)


@query
async def wait(ctx: QueryCtx, *, target: Target, count: float) -> float:
    """How long until the tokens could be taken, in ms; 0 for now."""
    now_ms, rate = ctx.now_ms(), target.rate.share(target.shards)
    levels = [await _level(ctx, target, rate, shard) for shard in range(target.shards)]
    return min(wait_ms(rate, level, count, now_ms) for level in levels)


@query
async def remaining(ctx: QueryCtx, *, target: Target) -> float:
    """Tokens that are there now, over all shards; below zero when some are reserved."""
    rate = target.rate.share(target.shards)
    levels = [await _level(ctx, target, rate, shard) for shard in range(target.shards)]
    return sum(level.tokens for level in levels)


@mutation
async def reset(ctx: MutationCtx, *, name: str, key: str | None) -> None:
    """Makes a limit full again."""
    mine = ctx.db.query(Limit).with_index(Limit.by_name, Limit.name == name, Limit.key.is_(key))
    for limit in await mine.collect():
        await ctx.db.delete(limit.id)


async def _stored(ctx: QueryCtx, target: Target, shard: int) -> Limit | None:
    bounds = (Limit.name == target.name, Limit.key.is_(target.key), Limit.shard == shard)
    return await ctx.db.query(Limit).with_index(Limit.by_name, *bounds).unique()


async def _level(ctx: QueryCtx, target: Target, rate: Rate, shard: int) -> Level:
    limit = await _stored(ctx, target, shard)
    stored = None if limit is None else Level(limit.tokens, limit.since)
    return level_at(rate, stored, ctx.now_ms())


async def _store(ctx: MutationCtx, target: Target, shard: int, level: Level, count: float) -> None:
    tokens = level.tokens - count
    limit = await _stored(ctx, target, shard)
    if limit is not None:
        await ctx.db.patch(limit.id, Limit.tokens.set(tokens), Limit.since.set(level.since_ms))
        return
    await ctx.db.insert(
        Limit(name=target.name, key=target.key, shard=shard, tokens=tokens, since=level.since_ms)
    )
