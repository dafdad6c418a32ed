"""Settings: read them, and decide by them while suspended."""

from __future__ import annotations

from reactor import Env, MutationCtx, QueryCtx, mutation, query
from tests.unit.sample.gate import gate


class Settings(Env):
    greeting: str | None = None


@query
async def greeting(ctx: QueryCtx) -> str | None:
    return ctx.env(Settings).greeting


@mutation
async def keep_greeting(ctx: MutationCtx) -> str | None:
    before = ctx.env(Settings).greeting
    await gate.passing()
    return before
