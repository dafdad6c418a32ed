"""What a function says while it runs."""

from __future__ import annotations

import logging

from reactor import MutationCtx, QueryCtx, mutation, query

log = logging.getLogger(__name__)


@query
async def speak(ctx: QueryCtx, *, text: str) -> str:
    print(text)
    log.warning("careful with %s", text)
    return text


@mutation
async def shout(ctx: MutationCtx, *, text: str) -> None:
    print(text, 1, True)
