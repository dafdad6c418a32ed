"""What the environment says."""

from __future__ import annotations

from reactor import Env, QueryCtx, query


class Settings(Env):
    compat_greeting: str | None = None


@query
async def greeting(ctx: QueryCtx) -> str | None:
    return ctx.env(Settings).compat_greeting
