"""E-mails about rows: each is queued with what its row tells, once per key."""

from __future__ import annotations

import math

from functions import _errors as errors
from functions._mail import note, queue
from functions.constants import DAY_MS
from reactor import Id, MutationCtx, internal_mutation
from schema import Announcement, Certificate, Course, EmailLog, Subscription, Transaction, User


@internal_mutation
async def welcome(ctx: MutationCtx, *, user_id: Id[User]) -> Id[EmailLog] | None:
    """To somebody new."""
    user = await _recipient(ctx, user_id)
    return await queue(ctx, key=f"welcome/{user_id}", template="welcome", user=user)


@internal_mutation
async def payment_confirmation(
    ctx: MutationCtx, *, transaction_id: Id[Transaction]
) -> Id[EmailLog] | None:
    """The receipt of a payment that has been applied."""
    payment = await ctx.db.get(transaction_id)
    if payment is None or payment.status != "PAID" or payment.period_end is None:
        raise errors.not_found("transaction")
    return await queue(
        ctx,
        key=f"payment_confirmation/{transaction_id}",
        template="payment_confirmation",
        user=await _recipient(ctx, payment.user_id),
        values={
            "amount": payment.amount,
            "plan": payment.plan,
            "periodEnd": payment.period_end,
            "externalId": payment.external_id,
        },
    )


@internal_mutation
async def renewal_reminder(
    ctx: MutationCtx, *, subscription_id: Id[Subscription], offset_ms: float
) -> Id[EmailLog] | None:
    """A reminder some time before a subscription ends; again after it was extended."""
    period = await ctx.db.get(subscription_id)
    if period is None:
        raise errors.not_found("subscription")
    return await queue(
        ctx,
        key=f"renewal_reminder/{subscription_id}/{offset_ms:.0f}/{period.expires_at:.0f}",
        template="renewal_reminder",
        user=await _recipient(ctx, period.user_id),
        values={
            "days": max(1, math.ceil((period.expires_at - ctx.now_ms()) / DAY_MS)),
            "plan": period.plan,
            "expiresAt": period.expires_at,
        },
    )


@internal_mutation
async def subscription_expired(
    ctx: MutationCtx, *, subscription_id: Id[Subscription]
) -> Id[EmailLog] | None:
    """Says that a subscription has ended."""
    period = await ctx.db.get(subscription_id)
    if period is None:
        raise errors.not_found("subscription")
    return await queue(
        ctx,
        key=f"subscription_expired/{subscription_id}/{period.expires_at:.0f}",
        template="subscription_expired",
        user=await _recipient(ctx, period.user_id),
        values={"plan": period.plan, "expiresAt": period.expires_at},
    )


@internal_mutation
async def course_completed(
    ctx: MutationCtx, *, user_id: Id[User], course_id: Id[Course]
) -> Id[EmailLog] | None:
    """Congratulates to a course."""
    course = await ctx.db.get(course_id)
    if course is None:
        raise errors.not_found("course")
    return await queue(
        ctx,
        key=f"course_completed/{user_id}/{course_id}",
        template="course_completed",
        user=await _recipient(ctx, user_id),
        values={"courseTitle": course.title},
    )


@internal_mutation
async def certificate(ctx: MutationCtx, *, certificate_id: Id[Certificate]) -> Id[EmailLog] | None:
    """Sends the code of a certificate."""
    issued = await ctx.db.get(certificate_id)
    if issued is None:
        raise errors.not_found("certificate")
    return await queue(
        ctx,
        key=f"certificate/{certificate_id}",
        template="certificate",
        user=await _recipient(ctx, issued.user_id),
        values={"courseTitle": issued.course_title, "code": issued.code},
    )


def announcement_key(announcement_id: Id[Announcement], user_id: Id[User]) -> str:
    """What makes an announcement's e-mail to a user unique."""
    return f"announcement/{announcement_id}/{user_id}"


async def announcement(ctx: MutationCtx, announcement: Announcement, user: User) -> EmailLog | None:
    """Puts an announcement into the log; batches send it."""
    return await note(
        ctx,
        key=announcement_key(announcement.id, user.id),
        template="announcement",
        user=user,
        values={
            "announcementId": announcement.id,
            "title": announcement.title,
            "message": announcement.message,
        },
    )


async def _recipient(ctx: MutationCtx, user_id: Id[User]) -> User:
    user = await ctx.db.get(user_id)
    if user is None or user.deleted_at is not None:
        raise errors.user_not_found()
    return user
