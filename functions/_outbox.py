"""The steps of an e-mail on its way: waiting for its turn, being tried, and its end."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from functions import utils
from functions._clients.resend import Message
from functions._env import Env
from functions._mail import DELIVER
from functions._rates import take_turn
from functions._templates import render_row
from functions.constants import EMAIL_RETRIES_MS, EMAIL_SPACING_MS
from functions.types.inbox import EmailStatus, Outgoing
from reactor import Change, Id, MutationCtx
from schema import EmailLog


async def sent(ctx: MutationCtx, email_id: Id[EmailLog], provider_id: str) -> None:
    """Notes that Resend has taken an e-mail."""
    if await ctx.db.get(email_id) is not None:
        await close(ctx, email_id, "sent", None, EmailLog.provider_id.set(provider_id))


async def schedule(
    ctx: MutationCtx,
    email_id: Id[EmailLog],
    at: float,
    *changes: Change[EmailLog],
    in_turn: bool = False,
) -> None:
    """Lets an e-mail be tried at a time, in ms; `in_turn` says that the turn is taken already."""
    await postpone(ctx, email_id, at, *changes)
    await ctx.scheduler.run_at(utils.moment(at), DELIVER, email_id=email_id, in_turn=in_turn)


async def postpone(
    ctx: MutationCtx, email_id: Id[EmailLog], at: float, *changes: Change[EmailLog]
) -> None:
    """Says until when an e-mail waits, so that a lost job is noticed."""
    await ctx.db.patch(
        email_id,
        EmailLog.next_attempt_at.set(at),
        EmailLog.updated_at.set(ctx.now_ms()),
        *changes,
    )


async def close(
    ctx: MutationCtx,
    email_id: Id[EmailLog],
    status: EmailStatus,
    reason: str | None,
    *changes: Change[EmailLog],
) -> None:
    """Ends an e-mail's way."""
    await ctx.db.patch(
        email_id,
        EmailLog.status.set(status),
        EmailLog.last_error.set(reason),
        EmailLog.next_attempt_at.set(None),
        EmailLog.updated_at.set(ctx.now_ms()),
        *changes,
    )


async def is_due(ctx: MutationCtx, row: EmailLog) -> bool:
    """Whether an e-mail still waits, for somebody who is still here."""
    if row.status != "queued":
        return False
    user = None if row.user_id is None else await ctx.db.get(row.user_id)
    if user is not None and user.deleted_at is not None:
        await close(ctx, row.id, "skipped", "The account was deleted")
        return False
    return True


async def turn_for(ctx: MutationCtx, *, in_turn: bool) -> float:
    """When an e-mail may leave, in ms: now, or when the ones before it have left."""
    now = ctx.now_ms()
    return now if in_turn else await take_turn(ctx, "resend", spacing_ms=EMAIL_SPACING_MS)


async def take(ctx: MutationCtx, row: EmailLog) -> Outgoing:
    """Counts a try. The row says when, so that `retryStuck` notices if nothing comes of it."""
    now, letter = ctx.now_ms(), render_row(row, ctx.env(Env))
    await ctx.db.patch(
        row.id,
        EmailLog.attempts.set(row.attempts + 1),
        EmailLog.next_attempt_at.set(now),
        EmailLog.updated_at.set(now),
    )
    return Outgoing(
        email_id=row.id,
        key=row.key,
        attempt=row.attempts + 1,
        to=row.to,
        subject=row.subject,
        html=letter.html,
        text=letter.text,
        template=row.template,
    )


def message_of(outgoing: Outgoing) -> Message:
    """What Resend gets of it."""
    return Message(
        to=outgoing.to,
        subject=outgoing.subject,
        html=outgoing.html,
        text=outgoing.text,
        template=outgoing.template,
    )


def delay_ms(attempt: int, retry_after_ms: float | None) -> float:
    """How long to wait after a failed try: what Resend asks for, or else longer each time."""
    return EMAIL_RETRIES_MS[attempt - 1] if retry_after_ms is None else retry_after_ms


def batch_key(announcement_id: str, email_ids: Sequence[str]) -> str:
    """The same e-mails have the same key, so that a second try is not a second e-mail."""
    digest = hashlib.sha256(" ".join(email_ids).encode()).hexdigest()
    return f"announcement/{announcement_id}/{digest[:32]}"


def batch_of(row: EmailLog) -> tuple[Any, float | None] | None:
    """What e-mails of one batch have in common; None for those that go alone."""
    if row.template != "announcement":
        return None
    return row.vars["announcementId"], row.next_attempt_at


async def count_lost(ctx: MutationCtx, row: EmailLog) -> bool:
    """Counts a try that was lost; whether there may be another."""
    if row.attempts > len(EMAIL_RETRIES_MS):
        await close(ctx, row.id, "failed", row.last_error or "Its job was lost again and again")
        return False
    await ctx.db.patch(row.id, EmailLog.attempts.set(row.attempts + 1))
    return True
