"""What runs outside of transactions."""

from __future__ import annotations

from functions import counters
from reactor import ActionCtx, action


@action
async def bump(ctx: ActionCtx, *, name: str) -> int:
    return await ctx.run_mutation(counters.increment, name=name)
