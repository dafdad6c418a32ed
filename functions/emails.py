"""E-mails on their way: queued rows of the log become requests to Resend, at most two a second."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, cast

from functions import _errors as errors
from functions import _outbox as outbox
from functions import letters, utils
from functions._clients import resend
from functions._env import Env
from functions._lists import Listing, read_page
from functions._mail import find_email, queue
from functions.constants import (
    EMAIL_RETRIES_MS,
    EMAIL_STUCK_MS,
    EMAILS_PER_BATCH,
    EMAILS_PER_RETRY,
    Template,
)
from functions.permissions import Caller, admin_query
from functions.types.inbox import EmailList, EmailStatus, Outgoing, email_doc
from reactor import (
    ABSENT,
    Absent,
    ActionCtx,
    Change,
    Id,
    MutationCtx,
    QueryCtx,
    internal_action,
    internal_mutation,
)
from schema import (
    Announcement,
    Certificate,
    Course,
    EmailLog,
    Subscription,
    Transaction,
    User,
)

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
    match await resend.send(ctx.env(Env), outbox.message_of(outgoing), outgoing.key):
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
    if row is None or not await outbox.is_due(ctx, row):
        return None
    turn = await outbox.turn_for(ctx, in_turn=in_turn)
    if turn > ctx.now_ms():
        await outbox.schedule(ctx, email_id, turn, in_turn=True)
        return None
    return await outbox.take(ctx, row)


@internal_mutation
async def settle_sent(ctx: MutationCtx, *, email_id: Id[EmailLog], provider_id: str) -> None:
    """Notes that Resend has taken an e-mail."""
    await outbox.sent(ctx, email_id, provider_id)


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
        await outbox.close(ctx, email_id, "failed", reason)
        return
    delay = outbox.delay_ms(attempt, retry_after_ms)
    await outbox.schedule(ctx, email_id, ctx.now_ms() + delay, EmailLog.last_error.set(reason))


# ---------------------------------------------------------------- announcements, many at once


@internal_action
async def send_announcement_batch(
    ctx: ActionCtx,
    *,
    announcement_id: Id[Announcement],
    user_ids: list[Id[User]],
    in_turn: bool = False,
) -> None:
    """Sends an announcement to up to 100 users in one request.

    When Resend dislikes one of the e-mails it takes none; then each goes alone.
    """
    if len(user_ids) > EMAILS_PER_BATCH:
        raise errors.invalid_argument("userIds", f"must be at most {EMAILS_PER_BATCH}")
    batch = await ctx.run_mutation(
        claim_batch, announcement_id=announcement_id, user_ids=user_ids, in_turn=in_turn
    )
    if not batch:
        return
    key = outbox.batch_key(announcement_id, [outgoing.email_id for outgoing in batch])
    sent = await resend.send_batch(ctx.env(Env), [outbox.message_of(each) for each in batch], key)
    email_ids = [outgoing.email_id for outgoing in batch]
    match sent:
        case resend.Accepted(ids):
            await ctx.run_mutation(settle_batch_sent, email_ids=email_ids, provider_ids=ids)
        case resend.Refused() as refusal:
            await ctx.run_mutation(
                settle_batch_refused,
                announcement_id=announcement_id,
                email_ids=email_ids,
                reason=refusal.reason,
                is_temporary=refusal.is_temporary,
                is_about_content=refusal.is_about_content,
                retry_after_ms=refusal.retry_after_ms,
            )


@internal_mutation
async def claim_batch(
    ctx: MutationCtx,
    *,
    announcement_id: Id[Announcement],
    user_ids: list[Id[User]],
    in_turn: bool = False,
) -> list[Outgoing]:
    """As `claim`, for one announcement to many; rows that do not exist yet are made."""
    announcement = await ctx.db.require(announcement_id)
    found = [await _announcement_row(ctx, announcement, user_id) for user_id in user_ids]
    rows = [row for row in found if row is not None and await outbox.is_due(ctx, row)]
    if not rows:
        return []
    turn = await outbox.turn_for(ctx, in_turn=in_turn)
    if turn > ctx.now_ms():
        await _schedule_batch(ctx, announcement_id, rows, turn, in_turn=True)
        return []
    return [await outbox.take(ctx, row) for row in rows]


async def _announcement_row(
    ctx: MutationCtx, announcement: Announcement, user_id: Id[User]
) -> EmailLog | None:
    row = await find_email(ctx, letters.announcement_key(announcement.id, user_id))
    user = await ctx.db.get(user_id) if row is None else None
    return row if user is None else await letters.announcement(ctx, announcement, user)


@internal_mutation
async def settle_batch_sent(
    ctx: MutationCtx, *, email_ids: list[Id[EmailLog]], provider_ids: list[str]
) -> None:
    """Notes that Resend has taken a batch."""
    for email_id, provider_id in zip(email_ids, provider_ids, strict=True):
        await outbox.sent(ctx, email_id, provider_id)


@internal_mutation
async def settle_batch_refused(
    ctx: MutationCtx,
    *,
    announcement_id: Id[Announcement],
    email_ids: list[Id[EmailLog]],
    reason: str,
    is_temporary: bool,
    is_about_content: bool,
    retry_after_ms: float | None = None,
) -> None:
    """Notes why a batch failed; it is tried again, alone or together, or has failed for good."""
    found = [await ctx.db.get(email_id) for email_id in email_ids]
    rows = [row for row in found if row is not None and row.status == "queued"]
    attempt = max((row.attempts for row in rows), default=1)
    why = EmailLog.last_error.set(reason)
    if is_about_content and len(rows) > 1:
        for row in rows:
            await outbox.schedule(ctx, row.id, ctx.now_ms(), why)
    elif is_temporary and attempt <= len(EMAIL_RETRIES_MS):
        at = ctx.now_ms() + outbox.delay_ms(attempt, retry_after_ms)
        await _schedule_batch(ctx, announcement_id, rows, at, why)
    else:
        for row in rows:
            await outbox.close(ctx, row.id, "failed", reason)


async def _schedule_batch(
    ctx: MutationCtx,
    announcement_id: Id[Announcement],
    rows: Sequence[EmailLog],
    at: float,
    *changes: Change[EmailLog],
    in_turn: bool = False,
) -> None:
    for row in rows:
        await outbox.postpone(ctx, row.id, at, *changes)
    await ctx.scheduler.run_at(
        utils.moment(at),
        send_announcement_batch,
        announcement_id=announcement_id,
        user_ids=[row.user_id for row in rows if row.user_id is not None],
        in_turn=in_turn,
    )


# ---------------------------------------------------------------- what was lost


@internal_mutation
async def retry_stuck(ctx: MutationCtx) -> int:
    """Takes up e-mails whose time has come and gone; how many.

    The job of one that waits is due at its `nextAttemptAt`. When that is minutes ago, the job was
    lost with the process that ran it. That counts as a try, so that an e-mail which breaks its job
    each time does not come back for ever.
    """
    stuck = ctx.db.query(EmailLog).with_index(
        EmailLog.by_status_next,
        EmailLog.status == "queued",
        EmailLog.next_attempt_at <= ctx.now_ms() - EMAIL_STUCK_MS,
    )
    rows = await stuck.take(EMAILS_PER_RETRY)
    for announcement_id, group in groupby(rows, outbox.batch_of):
        members = [row for row in group if await outbox.count_lost(ctx, row)]
        if announcement_id is None:
            for row in members:
                await outbox.schedule(ctx, row.id, ctx.now_ms())
            continue
        for start in range(0, len(members), EMAILS_PER_BATCH):
            part = members[start : start + EMAILS_PER_BATCH]
            await _schedule_batch(ctx, announcement_id[0], part, ctx.now_ms())
    return len(rows)


# ---------------------------------------------------------------- queueing by hand


@internal_mutation
async def enqueue(
    ctx: MutationCtx, *, key: str, template: Template, user_id: Id[User], vars: Any
) -> Id[EmailLog]:
    """Queues any e-mail; a known key is left as it is."""
    user = await ctx.db.get(user_id)
    if user is None or user.deleted_at is not None:
        raise errors.user_not_found()
    if not isinstance(vars, dict):
        raise errors.invalid_argument("vars", "must be an object")
    known = await find_email(ctx, key)
    if known is not None:
        return known.id
    try:
        email_id = await queue(
            ctx, key=key, template=template, user=user, values=cast("dict[str, Any]", vars)
        )
    except KeyError as missing:
        raise errors.invalid_argument("vars", f"needs {missing}") from None
    except (ArithmeticError, TypeError, ValueError) as wrong:
        raise errors.invalid_argument("vars", "must hold amounts and times as numbers") from wrong
    assert email_id is not None, "the key is new and the user is here"
    return email_id


@internal_action
async def send_welcome(ctx: ActionCtx, *, user_id: Id[User]) -> Id[EmailLog] | None:
    """Welcomes a user; null when they have been."""
    return await ctx.run_mutation(letters.welcome, user_id=user_id)


@internal_action
async def send_payment_confirmation(
    ctx: ActionCtx, *, transaction_id: Id[Transaction]
) -> Id[EmailLog] | None:
    """Sends the receipt of a payment; null when it was sent."""
    return await ctx.run_mutation(letters.payment_confirmation, transaction_id=transaction_id)


@internal_action
async def send_renewal_reminder(
    ctx: ActionCtx, *, subscription_id: Id[Subscription], offset_ms: float
) -> Id[EmailLog] | None:
    """Reminds of the end of a subscription; null when it was done."""
    return await ctx.run_mutation(
        letters.renewal_reminder, subscription_id=subscription_id, offset_ms=offset_ms
    )


@internal_action
async def send_subscription_expired(
    ctx: ActionCtx, *, subscription_id: Id[Subscription]
) -> Id[EmailLog] | None:
    """Says that a subscription has ended; null when it was said."""
    return await ctx.run_mutation(letters.subscription_expired, subscription_id=subscription_id)


@internal_action
async def send_course_completed(
    ctx: ActionCtx, *, user_id: Id[User], course_id: Id[Course]
) -> Id[EmailLog] | None:
    """Congratulates to a course; null when it was done."""
    return await ctx.run_mutation(letters.course_completed, user_id=user_id, course_id=course_id)


@internal_action
async def send_certificate(
    ctx: ActionCtx, *, certificate_id: Id[Certificate]
) -> Id[EmailLog] | None:
    """Sends the code of a certificate; null when it was sent."""
    return await ctx.run_mutation(letters.certificate, certificate_id=certificate_id)


# ---------------------------------------------------------------- the log


@admin_query
async def admin_list_log(
    ctx: QueryCtx,
    admin: Caller,
    *,
    limit: float | None = None,
    cursor: str | Absent | None = ABSENT,
    status: EmailStatus | None = None,
) -> EmailList:
    """E-mails, the newest first; queued ones alone by when they are tried next."""
    if status is None:
        listing = Listing(table=EmailLog, index=EmailLog.by_creation_time)
    else:
        listing = Listing(
            table=EmailLog,
            index=EmailLog.by_status_next,
            equal=[EmailLog.status == status],
            columns=[EmailLog.next_attempt_at],
            values=lambda row: (row.next_attempt_at,),
        )
    page = await read_page(ctx, listing, cursor, limit)
    return EmailList(emails=[email_doc(row) for row in page.items], next_cursor=page.next_cursor)
