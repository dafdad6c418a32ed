"""Subscriptions and payments, as clients get them."""

from __future__ import annotations

from reactor import Id, Object, field
from schema import PeriodStatus, Plan, Subscription, Transaction, User


class SubscriptionDoc(Object):
    """A paid or given period of Pro."""

    id: Id[Subscription] = field(wire="_id")
    creation_time: float = field(wire="_creationTime")
    user_id: Id[User]
    plan: Plan
    status: PeriodStatus
    is_current: bool
    started_at: float
    expires_at: float
    last_payment_at: float | None = None
    next_billing_at: float | None = None
    xendit_subscription_id: str | None = None
    cancelled_at: float | None = None
    cancel_reason: str | None = None
    last_transaction_id: Id[Transaction] | None = None
    created_at: float
    updated_at: float


def is_current(subscription: Subscription, now: float) -> bool:
    """Whether a period gives access now; a cancelled one does until its end."""
    return subscription.status in ("active", "cancelled") and subscription.expires_at > now


def subscription_doc(subscription: Subscription, now: float) -> SubscriptionDoc:
    """A subscription without what only the server needs."""
    return SubscriptionDoc(
        id=subscription.id,
        creation_time=subscription.creation_time,
        user_id=subscription.user_id,
        plan=subscription.plan,
        status=subscription.status,
        is_current=is_current(subscription, now),
        started_at=subscription.started_at,
        expires_at=subscription.expires_at,
        last_payment_at=subscription.last_payment_at,
        next_billing_at=subscription.next_billing_at,
        xendit_subscription_id=subscription.xendit_subscription_id,
        cancelled_at=subscription.cancelled_at,
        cancel_reason=subscription.cancel_reason,
        last_transaction_id=subscription.last_transaction_id,
        created_at=subscription.created_at,
        updated_at=subscription.updated_at,
    )
