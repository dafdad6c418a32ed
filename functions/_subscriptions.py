"""How subscriptions begin, grow and end, whoever says so.

A user has at most one current period; a payment makes it longer instead of adding another. Every
change of a period goes through `_change`, which keeps the user's own row in step with it.
"""

from __future__ import annotations

import math

from functions import letters, utils
from functions._env import Env
from functions._notices import notify
from functions.constants import DAY_MS, EXPIRY_JOB_AHEAD_MS, PLAN_NAMES
from functions.types.billing import is_current
from reactor import Change, Id, MutationCtx, MutationFn, QueryCtx
from schema import Plan, Role, Subscription, Transaction, User

EXPIRE_ONE = MutationFn.ref("subscriptions:expireOne")


async def current_subscription(ctx: QueryCtx, user_id: Id[User]) -> Subscription | None:
    """The period that gives the user access now; there is at most one."""
    now = ctx.now_ms()
    running = ctx.db.query(Subscription).with_index(
        Subscription.by_user_expires_at,
        Subscription.user_id == user_id,
        Subscription.expires_at > now,
    )
    return await running.filter(lambda period: is_current(period, now)).first()


async def latest_subscription(ctx: QueryCtx, user_id: Id[User]) -> Subscription | None:
    """The period that ends last, over or not."""
    periods = ctx.db.query(Subscription).with_index(
        Subscription.by_user_expires_at, Subscription.user_id == user_id
    )
    return await periods.order("desc").first()


# ---------------------------------------------------------------- beginning and growing


async def apply_payment(ctx: MutationCtx, payment: Transaction, user: User) -> Id[Subscription]:
    """Gives the user what a paid transaction is for, once, and tells them.

    The period begins when we learn of the payment, or where the current one ends.
    """
    if payment.applied_at is not None and payment.subscription_id is not None:
        return payment.subscription_id
    paid_at = whole_ms(ctx) if payment.paid_at is None else payment.paid_at
    period = await extend(
        ctx,
        user,
        payment.plan,
        ctx.env(Env).period_ms(payment.plan),
        Subscription.last_payment_at.set(paid_at),
        Subscription.last_transaction_id.set(payment.id),
    )
    await ctx.db.patch(
        payment.id,
        Transaction.applied_at.set(whole_ms(ctx)),
        Transaction.subscription_id.set(period.id),
        Transaction.period_start.set(period.expires_at - ctx.env(Env).period_ms(payment.plan)),
        Transaction.period_end.set(period.expires_at),
    )
    language = utils.language_of(user)
    utc_offset = ctx.env(Env).reimaji_day_utc_offset_minutes
    await notify(
        ctx,
        user,
        "payment_success",
        values={
            "amount": utils.format_idr(payment.amount),
            "plan": PLAN_NAMES[payment.plan][language],
            "until": utils.format_date(period.expires_at, utc_offset, language),
        },
        metadata={"transactionId": payment.id, "subscriptionId": period.id},
        dedupe_key=f"tx:{payment.id}",
    )
    await ctx.run_mutation(letters.payment_confirmation, transaction_id=payment.id)
    return period.id


async def extend(
    ctx: MutationCtx, user: User, plan: Plan, period_ms: float, *changes: Change[Subscription]
) -> Subscription:
    """Adds time to the current period, or begins one; it is active afterwards."""
    now = whole_ms(ctx)
    current = await current_subscription(ctx, user.id)
    if current is None:
        period_id = await ctx.db.insert(
            Subscription(
                user_id=user.id,
                plan=plan,
                status="active",
                started_at=now,
                expires_at=now,
                created_at=now,
                updated_at=now,
            )
        )
        current = await ctx.db.require(period_id)
    expires_at = current.expires_at + period_ms
    await _change(
        ctx,
        current,
        Subscription.plan.set(plan),
        Subscription.status.set("active"),
        Subscription.expires_at.set(expires_at),
        Subscription.next_billing_at.set(expires_at),
        Subscription.cancelled_at.set(None),
        Subscription.cancel_reason.set(None),
        Subscription.reminders_sent.set(None),
        *changes,
    )
    return await keep_expiry_job(ctx, await ctx.db.require(current.id))


# ---------------------------------------------------------------- ending


async def cancel(ctx: MutationCtx, period: Subscription, reason: str | None) -> None:
    """Ends the renewals; the access stays until the end."""
    if period.status == "active":
        await _change(
            ctx,
            period,
            Subscription.status.set("cancelled"),
            Subscription.cancelled_at.set(whole_ms(ctx)),
            Subscription.cancel_reason.set(reason),
            Subscription.next_billing_at.set(None),
        )


async def resume(ctx: MutationCtx, period: Subscription) -> None:
    """Takes a cancellation back."""
    if period.status == "cancelled":
        await _change(
            ctx,
            period,
            Subscription.status.set("active"),
            Subscription.cancelled_at.set(None),
            Subscription.cancel_reason.set(None),
            Subscription.next_billing_at.set(period.expires_at),
        )


async def end_now(ctx: MutationCtx, period: Subscription) -> None:
    """Takes the access away at once; the next sweep closes the period and tells the user."""
    now = whole_ms(ctx)
    if period.expiry_job_id is not None:
        await ctx.scheduler.cancel(period.expiry_job_id)
    await _change(
        ctx,
        period,
        Subscription.status.set("cancelled"),
        Subscription.cancelled_at.set(period.cancelled_at or now),
        Subscription.expires_at.set(now),
        Subscription.next_billing_at.set(None),
        Subscription.expiry_job_id.set(None),
    )


async def expire(ctx: MutationCtx, period: Subscription) -> bool:
    """Closes a period whose end has come, and tells the user; False when it has not, or is closed.

    Whoever has another current period keeps the access and hears nothing.
    """
    if period.status == "expired" or period.expires_at > ctx.now_ms():
        return False
    await _change(
        ctx, period, Subscription.status.set("expired"), Subscription.next_billing_at.set(None)
    )
    user = await ctx.db.get(period.user_id)
    if user is None or user.deleted_at is not None:
        return True
    if await current_subscription(ctx, user.id) is not None:
        return True
    await notify(
        ctx,
        user,
        "subscription_expired",
        values={"plan": PLAN_NAMES[period.plan][utils.language_of(user)]},
        metadata={"subscriptionId": period.id},
        dedupe_key=f"sub-expired:{period.id}:{period.expires_at:.0f}",
    )
    await ctx.run_mutation(letters.subscription_expired, subscription_id=period.id)
    return True


async def keep_expiry_job(
    ctx: MutationCtx, period: Subscription, *, replaces: bool = True
) -> Subscription:
    """Schedules the end of a period at its very moment.

    A period may end later than the scheduler looks ahead; the job then comes back half-way.

    Args:
        ctx: the mutation that moved the end.
        period: as it is now.
        replaces: cancels what was scheduled before; the job itself cannot.
    """
    if replaces and period.expiry_job_id is not None:
        await ctx.scheduler.cancel(period.expiry_job_id)
    at = min(period.expires_at, ctx.now_ms() + EXPIRY_JOB_AHEAD_MS)
    job_id = await ctx.scheduler.run_at(utils.moment(at), EXPIRE_ONE, subscription_id=period.id)
    await ctx.db.patch(period.id, Subscription.expiry_job_id.set(job_id))
    return period


# ---------------------------------------------------------------- reminders


def due_reminder(period: Subscription, offsets: list[float], now: float) -> float | None:
    """The reminder, in ms before the end, that a period should get now."""
    left = period.expires_at - now
    reached = [offset for offset in offsets if 0 < left <= offset]
    if period.status != "active" or not reached:
        return None
    nearest = min(reached)
    is_sent = reminder_mark(nearest, period) in (period.reminders_sent or [])
    return None if is_sent else nearest


def reminder_mark(offset: float, period: Subscription) -> str:
    """How a period notes that a reminder was sent; a later end is reminded of anew."""
    return f"{offset:.0f}:{period.expires_at:.0f}"


async def remind(ctx: MutationCtx, period: Subscription, offset: float) -> None:
    """Tells the user that a period ends soon; larger offsets count as told too."""
    reached = [other for other in ctx.env(Env).reminder_offsets if other >= offset]
    marks = [*(period.reminders_sent or []), *(reminder_mark(other, period) for other in reached)]
    await ctx.db.patch(period.id, Subscription.reminders_sent.set(list(dict.fromkeys(marks))))
    user = await ctx.db.get(period.user_id)
    if user is None or user.deleted_at is not None:
        return
    language = utils.language_of(user)
    utc_offset = ctx.env(Env).reimaji_day_utc_offset_minutes
    days = math.ceil((period.expires_at - ctx.now_ms()) / DAY_MS)
    await notify(
        ctx,
        user,
        "subscription_expiring",
        values={
            "days": str(days),
            "plan": PLAN_NAMES[period.plan][language],
            "until": utils.format_date(period.expires_at, utc_offset, language),
        },
        metadata={"subscriptionId": period.id},
        dedupe_key=f"sub-expiring:{period.id}:{reminder_mark(offset, period)}",
    )
    await ctx.run_mutation(letters.renewal_reminder, subscription_id=period.id, offset_ms=offset)


# ---------------------------------------------------------------- the user's row


def recompute_role(user: User, *, has_current: bool) -> Role:
    """The role that follows from what a user has; payments and their end never touch an admin's."""
    if user.role == "admin":
        return "admin"
    return "pro" if user.manual_pro or has_current else "free"


async def _change(ctx: MutationCtx, period: Subscription, *changes: Change[Subscription]) -> None:
    """Writes a period, and what follows from it into its user's row."""
    now = whole_ms(ctx)
    await ctx.db.patch(period.id, Subscription.updated_at.set(now), *changes)
    user = await ctx.db.get(period.user_id)
    latest = await latest_subscription(ctx, period.user_id)
    if user is None or latest is None:
        return
    current = await current_subscription(ctx, user.id)
    await ctx.db.patch(
        user.id,
        User.subscription_status.set(latest.status),
        User.subscription_expires_at.set(latest.expires_at),
        User.role.set(recompute_role(user, has_current=current is not None)),
        User.updated_at.set(now),
    )


def whole_ms(ctx: QueryCtx) -> float:
    """Now in whole ms, so that the length of a period is exactly that of its plan."""
    return float(ctx.now_ms() // 1)
