"""How often something may happen: one row per key of what is limited."""

from __future__ import annotations

from functions import _errors as errors
from reactor import MutationCtx, QueryCtx
from schema import RateLimit


async def spend(ctx: MutationCtx, key: str, *, limit: int, window_ms: float) -> None:
    """Counts one use against the limit of the running window.

    Args:
        ctx: the mutation that uses it; if it fails, nothing was counted.
        key: who and what, as in `upload:<userId>`.
        limit: uses in a window.
        window_ms: how long a window is; it begins with its first use.

    Raises:
        AppError: RATE_LIMITED, with the time until the window ends.
    """
    now = ctx.now_ms()
    row = await find_rate(ctx, key)
    if row is None:
        await ctx.db.insert(RateLimit(key=key, window_start=now, count=1))
    elif now >= row.window_start + window_ms:
        await ctx.db.patch(row.id, RateLimit.window_start.set(now), RateLimit.count.set(1))
    elif row.count < limit:
        await ctx.db.patch(row.id, RateLimit.count.set(row.count + 1))
    else:
        raise errors.rate_limited(row.window_start + window_ms - now)


async def take_turn(ctx: MutationCtx, key: str, *, spacing_ms: float) -> float:
    """The time, in ms, when a thing that happens one by one may happen next; it is taken by this.

    Args:
        ctx: the mutation that takes the turn.
        key: what has turns.
        spacing_ms: from one turn to the next.
    """
    now = ctx.now_ms()
    row = await find_rate(ctx, key)
    if row is None:
        await ctx.db.insert(RateLimit(key=key, window_start=now, count=1))
        return now
    turn = max(now, row.window_start + spacing_ms)
    await ctx.db.patch(row.id, RateLimit.window_start.set(turn), RateLimit.count.set(row.count + 1))
    return turn


async def find_rate(ctx: QueryCtx, key: str) -> RateLimit | None:
    """The row of a key."""
    return await ctx.db.query(RateLimit).with_index(RateLimit.by_key, RateLimit.key == key).unique()
