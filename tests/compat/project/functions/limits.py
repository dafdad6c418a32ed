"""Functions that do not end, reach outside, or tell what they know of their caller."""

from __future__ import annotations

import urllib.request

from functions import counters
from reactor import FunctionInfo, MutationCtx, QueryCtx, RequestInfo, mutation, query


@query
async def forever(ctx: QueryCtx, *, name: str) -> None:
    await counters.find(ctx, name)
    while True:
        pass


@mutation
async def fetch(ctx: MutationCtx, *, name: str) -> None:
    await counters.add(ctx, name, 1)
    urllib.request.urlopen("http://127.0.0.1:9/")  # noqa: ASYNC210  # what is tested


@mutation
async def who(ctx: MutationCtx) -> RequestInfo:
    return ctx.meta.request


@query
async def what(ctx: QueryCtx) -> FunctionInfo:
    return ctx.meta.function
