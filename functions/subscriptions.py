"""Subscriptions: what one has, cancelling and resuming, and how periods begin and end."""

from __future__ import annotations

from typing import Any, get_args

from functions import _errors as errors
from functions import _subscriptions as periods
from functions import utils, validation
from functions._bookkeeping import audit
from functions._env import Env
from functions._lists import Listing, read_page
from functions._payments import by_external_id
from functions.constants import (
    CURRENCY,
    DAY_MS,
    EXPIRED_PER_RUN,
    PLAN_NAMES,
    PLANS,
    REMINDERS_PER_RUN,
)
from functions.permissions import (
    Caller,
    admin_query,
    find_user,
    identify,
    require_admin,
    user_mutation,
    user_query,
)
from functions.types.billing import (
    Cancelled,
    PlanDoc,
    Resumed,
    SubscriptionDoc,
    SubscriptionList,
    subscription_doc,
)
from reactor import ABSENT, Absent, Id, MutationCtx, QueryCtx, internal_mutation, mutation, query
from schema import PeriodStatus, Plan, Subscription, Transaction, User

CURRENT: tuple[PeriodStatus, ...] = ("active", "cancelled")
"""The statuses of a period whose end may be still to come."""

assert set(CURRENT) < set(get_args(PeriodStatus))

# ---------------------------------------------------------------- one's own


@query
async def get_plans(ctx: QueryCtx) -> list[PlanDoc]:
    """What can be bought, named in the caller's language."""
    env, caller = ctx.env(Env), await identify(ctx)
    language = utils.language_of(caller.user) if caller.user else "id"
    return [
        PlanDoc(
            plan=plan,
            amount=env.price(plan),
            currency=CURRENCY,
            period_ms=env.period_ms(plan),
            name=PLAN_NAMES[plan][language],
        )
        for plan in PLANS
    ]


@user_query
async def get_mine(ctx: QueryCtx, user: User) -> SubscriptionDoc | None:
    """The caller's latest period, over or not."""
    latest = await periods.latest_subscription(ctx, user.id)
    return subscription_doc(latest, ctx.now_ms()) if latest else None


@user_mutation
async def cancel(ctx: MutationCtx, user: User, *, reason: str | None = None) -> Cancelled:
    """Ends the renewals; what was paid for stays open until its end. Again is fine."""
    reason = validation.given(validation.cancel_reason, reason)
    current = await _require_current(ctx, user)
    await periods.cancel(ctx, current, reason)
    return Cancelled(subscription_id=current.id, access_until=current.expires_at)


@user_mutation
async def resume(ctx: MutationCtx, user: User) -> Resumed:
    """Takes a cancellation back, as long as the period runs. Again is fine."""
    current = await _require_current(ctx, user)
    await periods.resume(ctx, current)
    return Resumed(subscription_id=current.id, next_billing_at=current.expires_at)


async def _require_current(ctx: QueryCtx, user: User) -> Subscription:
    current = await periods.current_subscription(ctx, user.id)
    if current is None:
        raise errors.no_active_subscription()
    return current


# ---------------------------------------------------------------- for admins


@mutation
async def admin_grant(
    ctx: MutationCtx, *, clerk_user_id: str, plan: Plan, days: float | None = None
) -> Id[Subscription]:
    """Gives somebody a period that nobody paid for."""
    admin = await require_admin(ctx)
    given_days = validation.given(validation.grant_days, days)
    user = await find_user(ctx, clerk_user_id)
    if user is None:
        raise errors.user_not_found()
    length = ctx.env(Env).period_ms(plan) if given_days is None else given_days * DAY_MS
    period = await periods.extend(ctx, user, plan, length)
    await audit(ctx, admin, "subscriptions.adminGrant", "subscriptions", period.id, plan)
    return period.id


@mutation
async def admin_cancel(
    ctx: MutationCtx, *, subscription_id: Id[Subscription], immediate: bool
) -> Id[Subscription]:
    """Ends the renewals of somebody's period, or the period itself. What is over stays so."""
    admin = await require_admin(ctx)
    period = await ctx.db.get(subscription_id)
    if period is None:
        raise errors.not_found("subscription")
    if period.status != "expired" and period.expires_at > ctx.now_ms():
        if immediate:
            await periods.end_now(ctx, period)
        else:
            await periods.cancel(ctx, period, None)
    summary = "immediate" if immediate else None
    await audit(ctx, admin, "subscriptions.adminCancel", "subscriptions", period.id, summary)
    return period.id


@admin_query
async def admin_list(
    ctx: QueryCtx,
    admin: Caller,
    *,
    limit: float | None = None,
    cursor: str | Absent | None = ABSENT,
    status: PeriodStatus | None = None,
) -> SubscriptionList:
    """Everybody's periods: the newest first, or of one status, the last to end first."""
    if status is None:
        listing = Listing(table=Subscription, index=Subscription.by_creation_time)
    else:
        listing = Listing(
            table=Subscription,
            index=Subscription.by_status_expires_at,
            equal=[Subscription.status == status],
            columns=[Subscription.expires_at],
            values=lambda period: (period.expires_at,),
        )
    page = await read_page(ctx, listing, cursor, limit)
    now = ctx.now_ms()
    return SubscriptionList(
        subscriptions=[subscription_doc(period, now) for period in page.items],
        next_cursor=page.next_cursor,
    )


# ---------------------------------------------------------------- payments


@internal_mutation
async def create_from_transaction(
    ctx: MutationCtx, *, transaction_id: Id[Transaction]
) -> Id[Transaction]:
    """Applies a paid transaction, once."""
    payment = await ctx.db.get(transaction_id)
    if payment is None or payment.status != "PAID":
        raise errors.invalid_transaction()
    await _apply(ctx, payment)
    return payment.id


@internal_mutation
async def activate(
    ctx: MutationCtx, *, external_id: str, user_id: Any = None, started_at: float | None = None
) -> Id[Subscription]:
    """The same by our number. Whose it is and when it begins follows from the transaction."""
    payment = await by_external_id(ctx, external_id)
    if payment is None:
        raise errors.not_found("transaction")
    if payment.status != "PAID":
        raise errors.invalid_transaction()
    return await _apply(ctx, payment)


async def _apply(ctx: MutationCtx, payment: Transaction) -> Id[Subscription]:
    user = await ctx.db.get(payment.user_id)
    if user is None or user.deleted_at is not None:
        raise errors.user_not_found()
    return await periods.apply_payment(ctx, payment, user)


# ---------------------------------------------------------------- time


@internal_mutation
async def expire_one(ctx: MutationCtx, *, subscription_id: Id[Subscription]) -> bool:
    """Ends a period whose moment has come; too early, it comes back at that moment."""
    period = await ctx.db.get(subscription_id)
    if period is None or period.status not in CURRENT:
        return False
    if period.expires_at > ctx.now_ms():
        await periods.keep_expiry_job(ctx, period, replaces=False)
        return False
    return await periods.expire(ctx, period)


@internal_mutation
async def check_and_expire(ctx: MutationCtx) -> int:
    """Ends what is over and was missed, `EXPIRED_PER_RUN` at a time; returns how many."""
    expired = 0
    for status in CURRENT:
        over = ctx.db.query(Subscription).with_index(
            Subscription.by_status_expires_at,
            Subscription.status == status,
            Subscription.expires_at <= ctx.now_ms(),
        )
        for period in await over.take(EXPIRED_PER_RUN - expired):
            expired += await periods.expire(ctx, period)
    if expired == EXPIRED_PER_RUN:
        await ctx.scheduler.run_after(0, check_and_expire)
    return expired


@internal_mutation
async def send_renewal_reminders(ctx: MutationCtx) -> int:
    """Reminds of what ends soon, `REMINDERS_PER_RUN` at a time; returns how many it reminded."""
    now, offsets = ctx.now_ms(), ctx.env(Env).reminder_offsets
    ending = ctx.db.query(Subscription).with_index(
        Subscription.by_status_expires_at,
        Subscription.status == "active",
        Subscription.expires_at > now,
        Subscription.expires_at <= now + max(offsets, default=0.0),
    )
    due = ending.filter(lambda period: periods.due_reminder(period, offsets, now) is not None)
    reminded = 0
    for period in await due.take(REMINDERS_PER_RUN):
        offset = periods.due_reminder(period, offsets, now)
        if offset is not None:
            await periods.remind(ctx, period, offset)
            reminded += 1
    if reminded == REMINDERS_PER_RUN:
        await ctx.scheduler.run_after(0, send_renewal_reminders)
    return reminded
