"""Subscriptions and payments, as clients get them."""

from __future__ import annotations

from typing import Literal

from reactor import Id, Object, field
from schema import PeriodStatus, Plan, Subscription, Transaction, TransactionStatus, User


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


class SubscriptionList(Object):
    """A page of subscriptions."""

    subscriptions: list[SubscriptionDoc]
    next_cursor: str | None


class PlanDoc(Object):
    """What can be bought; `amount` in rupiah."""

    plan: Plan
    amount: int
    currency: str
    period_ms: int
    name: str


class Cancelled(Object):
    """What `cancel` answers."""

    subscription_id: Id[Subscription]
    status: Literal["cancelled"] = "cancelled"
    access_until: float


class Resumed(Object):
    """What `resume` answers."""

    subscription_id: Id[Subscription]
    status: Literal["active"] = "active"
    next_billing_at: float


# ---------------------------------------------------------------- transactions


class TransactionDoc(Object):
    """One invoice and what became of it; `amount` in rupiah."""

    id: Id[Transaction] = field(wire="_id")
    creation_time: float = field(wire="_creationTime")
    user_id: Id[User]
    xendit_invoice_id: str | None = None
    amount: int
    currency: str
    status: TransactionStatus
    description: str
    external_id: str
    payment_url: str | None = None
    expires_at: float
    paid_at: float | None = None
    plan: Plan
    paid_amount: int | None = None
    payment_method: str | None = None
    payment_channel: str | None = None
    failure_reason: str | None = None
    subscription_id: Id[Subscription] | None = None
    period_start: float | None = None
    period_end: float | None = None
    created_at: float
    updated_at: float


class TransactionList(Object):
    """A page of transactions."""

    transactions: list[TransactionDoc]
    next_cursor: str | None


class Checkout(Object):
    """An invoice that waits to be paid."""

    transaction_id: Id[Transaction]
    payment_url: str
    expires_at: float


class Requested(Object):
    """What `requestInvoice` answers."""

    transaction_id: Id[Transaction]


class Reservation(Object):
    """A transaction that an invoice is to be made for, or that has one or waits for it."""

    transaction_id: Id[Transaction]
    external_id: str
    amount: int
    reuse: bool


class InvoiceOrder(Object):
    """What a transaction's invoice is to say."""

    status: TransactionStatus
    external_id: str
    amount: int
    description: str
    item: str
    payer_name: str
    payer_email: str


class BilledTo(Object):
    """Who paid."""

    name: str
    email: str


class Receipt(Object):
    """A receipt; `amount` in rupiah, times in ms."""

    number: str
    issued_at: float
    billed_to: BilledTo
    item: str
    amount: int
    currency: str
    paid_at: float
    payment_method: str | None = None
    period_start: float | None
    period_end: float | None


class TransactionState(Object):
    """What `cancelPending` answers."""

    status: TransactionStatus


class PaymentOutcome(Object):
    """What became of a message from Xendit: `processed`, `duplicate`, or `ignored:` and why."""

    outcome: str


class Reconciled(Object):
    """How many open invoices were checked, and what they turned out to be."""

    checked: int
    paid: int
    expired: int


class OpenInvoice(Object):
    """A transaction that Xendit may know more about than we do."""

    transaction_id: Id[Transaction]
    external_id: str
    xendit_invoice_id: str | None = None
    is_overdue: bool


class OpenInvoices(Object):
    """A part of them; the cursor is None at the end."""

    invoices: list[OpenInvoice]
    cursor: str | None


def transaction_doc(payment: Transaction) -> TransactionDoc:
    """A transaction without what only the server needs."""
    return TransactionDoc(
        id=payment.id,
        creation_time=payment.creation_time,
        user_id=payment.user_id,
        xendit_invoice_id=payment.xendit_invoice_id,
        amount=payment.amount,
        currency=payment.currency,
        status=payment.status,
        description=payment.description,
        external_id=payment.external_id,
        payment_url=payment.payment_url,
        expires_at=payment.expires_at,
        paid_at=payment.paid_at,
        plan=payment.plan,
        paid_amount=payment.paid_amount,
        payment_method=payment.payment_method,
        payment_channel=payment.payment_channel,
        failure_reason=payment.failure_reason,
        subscription_id=payment.subscription_id,
        period_start=payment.period_start,
        period_end=payment.period_end,
        created_at=payment.created_at,
        updated_at=payment.updated_at,
    )
