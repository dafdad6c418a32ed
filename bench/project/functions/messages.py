"""What the benchmarks call: one write, one list, one row."""

from __future__ import annotations

from reactor import Id, MutationCtx, QueryCtx, mutation, query
from schema import Message

SHOWN = 20


@mutation
async def send(ctx: MutationCtx, *, channel: str, text: str) -> Id[Message]:
    return await ctx.db.insert(Message(channel=channel, author="bench", text=text))


@mutation
async def bump(ctx: MutationCtx, *, id: Id[Message]) -> None:
    message = await ctx.db.get(id)
    if message is not None:
        await ctx.db.patch(id, Message.likes.set(message.likes + 1))


@query
async def recent(ctx: QueryCtx, *, channel: str, variant: int = 0) -> list[Message]:
    """The newest of a channel; each `variant` is a query of its own, with the same result."""
    rows = ctx.db.query(Message).with_index(Message.by_channel, Message.channel == channel)
    return await rows.order("desc").take(SHOWN)


@query
async def get(ctx: QueryCtx, *, id: Id[Message]) -> Message | None:
    return await ctx.db.get(id)
