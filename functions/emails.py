"""E-mails on their way: queued rows of the log become requests to Resend, at most two a second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from functions._clients import resend
from functions._clients.resend import Message
from functions._env import Env
from functions._rates import take_turn
from functions._templates import render_row
from functions.constants import EMAIL_RETRIES_MS, EMAIL_SPACING_MS
from functions.types.inbox import EmailStatus, Outgoing
from reactor import ActionCtx, Change, Id, MutationCtx, internal_action, internal_mutation
from schema import EmailLog

# ---------------------------------------------------------------- one e-mail


@internal_action
async def deliver(ctx: ActionCtx, *, email_id: Id[EmailLog], in_turn: bool = False) -> None:
    """Sends a queued e-mail, or puts it off until its turn.

    Args:
        ctx: the context of the call.
        email_id: the row of the log; does nothing when it is no longer queued.
        in_turn: whether this run was scheduled for a turn that it took before.
    """
    outgoing = await ctx.run_mutation(claim, email_id=email_id, in_turn=in_turn)
    if outgoing is None:
        return
    message = Message(
        to=outgoing.to,
        subject=outgoing.subject,
        html=outgoing.html,
        text=outgoing.text,
        template=outgoing.template,
    )
    match await resend.send(ctx.env(Env), message, outgoing.key):
        case resend.Accepted(ids):
            await ctx.run_mutation(settle_sent, email_id=email_id, provider_id=ids[0])
        case resend.Refused() as refusal:
            await ctx.run_mutation(
                settle_refused,
                email_id=email_id,
                attempt=outgoing.attempt,
                reason=refusal.reason,
                is_temporary=refusal.is_temporary,
                retry_after_ms=refusal.retry_after_ms,
            )


@internal_mutation
async def claim(
    ctx: MutationCtx, *, email_id: Id[EmailLog], in_turn: bool = False
) -> Outgoing | None:
    """Counts a try and gives what to send; None when there is nothing to send now."""
    row = await ctx.db.get(email_id)
    if row is None or row.status != "queued":
        return None
    user = None if row.user_id is None else await ctx.db.get(row.user_id)
    if user is not None and user.deleted_at is not None:
        await _close(ctx, email_id, "skipped", "The account was deleted")
        return None
    now = ctx.now_ms()
    turn = now if in_turn else await take_turn(ctx, "resend", spacing_ms=EMAIL_SPACING_MS)
    if turn > now:
        await _schedule(ctx, email_id, turn, in_turn=True)
        return None
    await ctx.db.patch(
        email_id,
        EmailLog.attempts.set(row.attempts + 1),
        EmailLog.next_attempt_at.set(now),
        EmailLog.updated_at.set(now),
    )
    letter = render_row(row, ctx.env(Env))
    return Outgoing(
        key=row.key,
        attempt=row.attempts + 1,
        to=row.to,
        subject=row.subject,
        html=letter.html,
        text=letter.text,
        template=row.template,
    )


@internal_mutation
async def settle_sent(ctx: MutationCtx, *, email_id: Id[EmailLog], provider_id: str) -> None:
    """Notes that Resend has taken an e-mail."""
    row = await ctx.db.get(email_id)
    if row is not None:
        await _close(ctx, email_id, "sent", None, EmailLog.provider_id.set(provider_id))


@internal_mutation
async def settle_refused(
    ctx: MutationCtx,
    *,
    email_id: Id[EmailLog],
    attempt: int,
    reason: str,
    is_temporary: bool,
    retry_after_ms: float | None = None,
) -> None:
    """Notes why a try failed, and schedules the next one unless it was the last."""
    row = await ctx.db.get(email_id)
    if row is None or row.status != "queued" or row.attempts != attempt:
        return  # another try came between
    if not is_temporary or attempt > len(EMAIL_RETRIES_MS):
        await _close(ctx, email_id, "failed", reason)
        return
    delay = EMAIL_RETRIES_MS[attempt - 1] if retry_after_ms is None else retry_after_ms
    await _schedule(ctx, email_id, ctx.now_ms() + delay, EmailLog.last_error.set(reason))


async def _schedule(
    ctx: MutationCtx,
    email_id: Id[EmailLog],
    at: float,
    *changes: Change[EmailLog],
    in_turn: bool = False,
) -> None:
    """Puts an e-mail off; the row says until when, so that a lost job is noticed."""
    await ctx.db.patch(
        email_id,
        EmailLog.next_attempt_at.set(at),
        EmailLog.updated_at.set(ctx.now_ms()),
        *changes,
    )
    when = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=at)
    await ctx.scheduler.run_at(when, deliver, email_id=email_id, in_turn=in_turn)


async def _close(
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
