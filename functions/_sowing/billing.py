"""Stores the demo invoices and ties the paid ones to their subscriptions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from functions._demo.invoices import INVOICES, PAY_PAGE, PAYMENTS
from functions._demo.shapes import Invoice, Payment
from functions._env import Env
from functions._payments import INVOICE_MS
from functions._sowing.codes import base32_code, hex_code
from functions._sowing.people import Account, People
from functions._sowing.sower import Sower
from functions._subscriptions import keep_expiry_job
from functions.constants import CURRENCY, DAY_MS, MINUTE_MS, PLAN_NAMES
from functions.types.billing import is_current
from functions.utils import day_key
from reactor import Id
from schema import Subscription, Transaction

REMINDED_DAYS: Final = (7, 3, 1)
"""How many days before their end the periods that ran out were reminded of it."""

_GIVEN_UP_MS: Final = 60_000
"""When an invoice that Xendit did not make counts as failed."""


@dataclass(frozen=True, slots=True)
class Bill:
    """A stored invoice; `period` is what it paid for."""

    payer: Account
    id: Id[Transaction]
    row: Transaction
    period: Subscription | None = None


async def sow_billing(sower: Sower, people: People) -> list[Bill]:
    """Inserts all invoices; payments of periods that we did not store are left out."""
    bills: list[Bill] = []
    for payment in PAYMENTS:
        payer = people[payment.payer]
        if payer.periods:
            bills.append(await _sow_payment(sower, payer, payment))
    for invoice in INVOICES:
        payer = people[invoice.payer]
        row = _invoice(sower, payer, invoice)
        bills.append(Bill(payer, await sower.insert(row), row))
    return bills


async def _sow_payment(sower: Sower, payer: Account, payment: Payment) -> Bill:
    period = payer.periods[payment.period]
    row = _paid(sower, payer, payment, period)
    bill_id = await sower.insert(row)
    marks = [
        f"{days * DAY_MS}:{period.expires_at:.0f}"
        for days in REMINDED_DAYS
        if period.status == "expired"
    ]
    await sower.ctx.db.patch(
        period.id,
        Subscription.last_transaction_id.set(bill_id),
        Subscription.reminders_sent.set(marks or None),
    )
    if is_current(period, sower.now):
        await keep_expiry_job(sower.ctx, period)
    day = sower.day(period.started_at)
    day.paid_count += 1
    day.revenue += row.amount
    return Bill(payer, bill_id, row, period)


def _paid(sower: Sower, payer: Account, payment: Payment, period: Subscription) -> Transaction:
    created_at = period.started_at - round(payment.minutes * MINUTE_MS)
    seed = f"{payment.payer}/{payment.period}"
    price = sower.ctx.env(Env).price(period.plan)
    return Transaction(
        user_id=payer.id,
        xendit_invoice_id=hex_code(seed, 24),
        amount=price,
        currency=CURRENCY,
        status="PAID",
        description=PLAN_NAMES[period.plan][payer.person.language],
        external_id=_external_id(sower, seed, created_at),
        payment_url=f"{PAY_PAGE}/{hex_code(seed, 24)}",
        expires_at=created_at + INVOICE_MS,
        paid_at=period.started_at,
        plan=period.plan,
        paid_amount=price,
        payment_method=payment.method,
        payment_channel=payment.channel,
        applied_at=period.started_at,
        subscription_id=period.id,
        period_start=period.started_at,
        period_end=period.expires_at,
        created_at=created_at,
        updated_at=period.started_at,
    )


def _invoice(sower: Sower, payer: Account, invoice: Invoice) -> Transaction:
    """An invoice without money. Xendit does not know it, so an open one leads to no page."""
    created_at = sower.ago(invoice.days_ago)
    seed = f"{invoice.payer}/{invoice.status}/{invoice.days_ago}"
    is_made = invoice.status == "EXPIRED"
    changed_at = {
        "PENDING": created_at,
        "EXPIRED": created_at + INVOICE_MS,
        "FAILED": created_at + _GIVEN_UP_MS,
    }[invoice.status]
    return Transaction(
        user_id=payer.id,
        xendit_invoice_id=hex_code(seed, 24) if is_made else None,
        amount=sower.ctx.env(Env).price(invoice.plan),
        currency=CURRENCY,
        status=invoice.status,
        description=PLAN_NAMES[invoice.plan][payer.person.language],
        external_id=_external_id(sower, seed, created_at),
        payment_url=f"{PAY_PAGE}/{hex_code(seed, 24)}" if is_made else None,
        expires_at=created_at + INVOICE_MS,
        plan=invoice.plan,
        failure_reason=invoice.failure_reason,
        created_at=created_at,
        updated_at=changed_at,
    )


def _external_id(sower: Sower, seed: str, created_at: float) -> str:
    utc_offset = sower.ctx.env(Env).reimaji_day_utc_offset_minutes
    day = day_key(created_at, utc_offset).replace("-", "")
    return f"INV_{day}_{base32_code(seed, 20)}"
