"""Webhooks: read within bounds, answered in few words, and noted so that a repeat does nothing."""

from __future__ import annotations

from typing import Literal

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from functions.constants import WEBHOOK_BYTES_MAX, WEBHOOK_KEPT_BYTES
from reactor import MutationCtx, QueryCtx
from schema import WebhookEvent

Provider = Literal["xendit", "clerk"]

_WORDS = {
    200: "Webhook processed",
    400: "Invalid payload",
    401: "Invalid signature",
    404: "Unknown invoice",
    413: "Payload too large",
    500: "Error processing webhook",
}


async def read_body(request: Request) -> bytes | None:
    """The body as it came; None when it is longer than any provider's."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > WEBHOOK_BYTES_MAX:
            return None
    return bytes(body)


def reply(status: int, outcome: str | None = None) -> Response:
    """The answer to a provider; the outcome tells operators more than the status."""
    headers = {} if outcome is None else {"x-reimaji-outcome": outcome}
    return PlainTextResponse(_WORDS[status], status, headers)


async def find_event(ctx: QueryCtx, provider: Provider, event_id: str) -> WebhookEvent | None:
    """What was noted of a delivery."""
    return (
        await ctx.db.query(WebhookEvent)
        .with_index(
            WebhookEvent.by_provider_event,
            WebhookEvent.provider == provider,
            WebhookEvent.event_id == event_id,
        )
        .unique()
    )


async def note_event(
    ctx: MutationCtx,
    provider: Provider,
    event_id: str,
    *,
    type_: str,
    outcome: str,
    payload: str,
) -> None:
    """Notes what became of a delivery; a later one with the same id takes its place."""
    kept = payload.encode()[:WEBHOOK_KEPT_BYTES].decode(errors="ignore")
    known = await find_event(ctx, provider, event_id)
    if known is not None:
        await ctx.db.patch(
            known.id,
            WebhookEvent.type_.set(type_),
            WebhookEvent.outcome.set(outcome),
            WebhookEvent.payload.set(kept),
            WebhookEvent.received_at.set(ctx.now_ms()),
        )
        return
    event = WebhookEvent(
        provider=provider,
        event_id=event_id,
        type_=type_,
        outcome=outcome,
        payload=kept,
        received_at=ctx.now_ms(),
    )
    await ctx.db.insert(event)
