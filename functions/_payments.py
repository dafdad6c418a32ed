"""Transactions: from a reserved number to money that has arrived.

`PENDING` becomes `PAID`, `EXPIRED` or `FAILED`; late money makes the last two `PAID`; `PAID` is
final. Whoever tells of a payment, all that follows from it is one transaction.
"""

from __future__ import annotations

import json
import logging
import math
from datetime import datetime
from typing import Any, Final, cast

from functions import _webhooks as webhooks
from functions import utils
from functions._bookkeeping import count_paid
from functions._env import Env
from functions._notices import notify
from functions._subscriptions import apply_payment, whole_ms
from functions.constants import CURRENCY, IN_FLIGHT_MS, INVOICE_REUSE_MS, PLAN_NAMES
from functions.types.billing import Reservation
from reactor import MutationCtx, Object, ParseError, QueryCtx, parse
from schema import Plan, Transaction, User

log = logging.getLogger(__name__)

BASE32: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
INVOICE_MS: Final = 86_400_000
PAID_STATUSES: Final = ("PAID", "SETTLED")


class InvoiceEvent(Object, camel=False):
    """What Xendit says of an invoice, as far as we read it."""

    status: str
    id: str | None = None
    external_id: str | None = None
    amount: float | None = None
    paid_amount: float | None = None
    currency: str | None = None
    paid_at: str | None = None
    payment_method: str | None = None
    payment_channel: str | None = None


FIELDS: Final = (
    "status", "id", "external_id", "amount", "paid_amount", "currency", "paid_at",
    "payment_method", "payment_channel",
)  # fmt: skip
_ENVELOPES: Final = {"invoice.paid": "PAID", "invoice.expired": "EXPIRED"}


def read_callback(body: bytes) -> dict[str, Any]:
    """The invoice in a callback's body: flat as Xendit sends it, or in an envelope.

    Raises:
        ValueError: it is no JSON object, or says not which invoice or not which status.
    """
    try:
        whole = _members(json.loads(body, parse_int=float, parse_constant=_no_number))
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if "event" in whole and isinstance(whole.get("data"), dict):
        inner = _members(whole["data"])
        whole = {**inner, "status": _ENVELOPES.get(str(whole["event"]), inner.get("status"))}
    event = {name: whole[name] for name in FIELDS if whole.get(name) is not None}
    json.dumps(event, ensure_ascii=False).encode()  # half a surrogate pair is no text
    read_event(event)
    return event


def _members(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("no JSON object")
    return cast("dict[str, Any]", value)


def read_event(event: Any) -> InvoiceEvent:
    """Checks an event.

    Raises:
        ValueError: it is not one.
    """
    try:
        invoice = parse(InvoiceEvent, event)
    except ParseError as error:
        raise ValueError(str(error)) from error
    if invoice.id is None and invoice.external_id is None:
        raise ValueError("neither id nor external_id")
    return invoice


def event_id(event: dict[str, Any]) -> str:
    """What makes an event the same as an earlier one."""
    return f"{event.get('id') or event['external_id']}:{event['status']}"


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no JSON")


# ---------------------------------------------------------------- finding


async def by_external_id(ctx: QueryCtx, external_id: str) -> Transaction | None:
    """The transaction with our number."""
    match = Transaction.external_id == external_id
    return await ctx.db.query(Transaction).with_index(Transaction.by_external_id, match).unique()


async def by_invoice_id(ctx: QueryCtx, invoice_id: str) -> Transaction | None:
    """The transaction with Xendit's number."""
    match = Transaction.xendit_invoice_id == invoice_id
    found = ctx.db.query(Transaction).with_index(Transaction.by_xendit_invoice_id, match)
    return await found.unique()


async def find_payment(ctx: QueryCtx, event: InvoiceEvent) -> Transaction | None:
    """The transaction that an event is about."""
    found = None if event.id is None else await by_invoice_id(ctx, event.id)
    if found is None and event.external_id is not None:
        return await by_external_id(ctx, event.external_id)
    return found


# ---------------------------------------------------------------- reserving


async def reserve(ctx: MutationCtx, user: User, plan: Plan, description: str | None) -> Reservation:
    """A number for a new invoice, or the transaction whose invoice is open or on its way."""
    env, now = ctx.env(Env), whole_ms(ctx)
    amount = env.price(plan)
    pending = ctx.db.query(Transaction).with_index(
        Transaction.by_user_status_plan,
        Transaction.user_id == user.id,
        Transaction.status == "PENDING",
        Transaction.plan == plan,
    )
    for known in await pending.order("desc").collect():
        if known.payment_url is None and now - known.created_at >= IN_FLIGHT_MS:
            await mark_failed(ctx, known, "No answer from Xendit")
            continue
        is_open = known.payment_url is None or known.expires_at - now >= INVOICE_REUSE_MS
        if is_open and known.amount == amount:
            return _reservation(known, reuse=True)
    day = utils.day_key(now, env.reimaji_day_utc_offset_minutes).replace("-", "")
    transaction_id = await ctx.db.insert(
        Transaction(
            user_id=user.id,
            amount=amount,
            currency=CURRENCY,
            status="PENDING",
            description=description or PLAN_NAMES[plan][utils.language_of(user)],
            external_id=f"INV_{day}_{utils.random_code(ctx, 20, BASE32)}",
            expires_at=now + INVOICE_MS,
            plan=plan,
            created_at=now,
            updated_at=now,
        )
    )
    return _reservation(await ctx.db.require(transaction_id), reuse=False)


def _reservation(payment: Transaction, *, reuse: bool) -> Reservation:
    return Reservation(
        transaction_id=payment.id,
        external_id=payment.external_id,
        amount=payment.amount,
        reuse=reuse,
    )


async def mark_failed(ctx: MutationCtx, payment: Transaction, reason: str) -> None:
    """Gives up on an invoice; money that arrives all the same still counts."""
    if payment.status == "PENDING":
        await ctx.db.patch(
            payment.id,
            Transaction.status.set("FAILED"),
            Transaction.failure_reason.set(reason),
            Transaction.updated_at.set(whole_ms(ctx)),
        )


# ---------------------------------------------------------------- what Xendit says


async def apply_event(
    ctx: MutationCtx, event: InvoiceEvent, event_id: str, payload: str
) -> str | None:
    """Does what a message about an invoice asks for, once.

    Returns:
        `processed`, `duplicate` or `ignored:` and why; None for an unknown invoice, of which
        nothing is noted, so that a later delivery can find it.
    """
    known = await webhooks.find_event(ctx, "xendit", event_id)
    if known is not None and known.outcome == "processed":
        return "duplicate"
    payment = await find_payment(ctx, event)
    if payment is None:
        return None
    if payment.xendit_invoice_id is None and event.id is not None:
        await ctx.db.patch(payment.id, Transaction.xendit_invoice_id.set(event.id))
    outcome = await settle(ctx, payment, event)
    await webhooks.note_event(
        ctx, "xendit", event_id, type_=f"invoice.{event.status}", outcome=outcome, payload=payload
    )
    return outcome


async def settle(ctx: MutationCtx, payment: Transaction, event: InvoiceEvent) -> str:
    """Moves a transaction as an event says, if it may move so."""
    if event.status in PAID_STATUSES:
        return await _settle_paid(ctx, payment, event)
    if event.status == "EXPIRED":
        return await _settle_expired(ctx, payment)
    return "ignored:status"


async def _settle_paid(ctx: MutationCtx, payment: Transaction, event: InvoiceEvent) -> str:
    if payment.status == "PAID":
        return "duplicate"
    is_short = event.paid_amount is not None and not event.paid_amount >= payment.amount
    if event.currency != payment.currency or event.amount != payment.amount or is_short:
        log.error("Xendit reports another amount than that of %s", payment.external_id)
        await tell_admins(
            ctx,
            "Pembayaran tidak sesuai / Payment mismatch",
            f"{payment.external_id}: {event.currency} {event.paid_amount or event.amount}, "
            f"{payment.currency} {payment.amount}.",
            key=f"mismatch:{payment.id}",
        )
        return "ignored:amount_mismatch"
    paid_amount = payment.amount if event.paid_amount is None else event.paid_amount
    return await record_paid(
        ctx,
        payment,
        paid_at=_time(event.paid_at),
        paid_amount=round(paid_amount),
        method=event.payment_method,
        channel=event.payment_channel,
    )


async def record_paid(
    ctx: MutationCtx,
    payment: Transaction,
    *,
    paid_at: float | None,
    paid_amount: int,
    method: str | None = None,
    channel: str | None = None,
) -> str:
    """Notes that the money has arrived and gives the user what it is for."""
    now = whole_ms(ctx)
    # Money cannot have arrived in the future: such a date is as bad as none.
    arrived_at = now if paid_at is None or not 0 < paid_at <= now else paid_at
    await ctx.db.patch(
        payment.id,
        Transaction.status.set("PAID"),
        Transaction.paid_at.set(arrived_at),
        Transaction.paid_amount.set(paid_amount),
        Transaction.payment_method.set(method),
        Transaction.payment_channel.set(channel),
        Transaction.failure_reason.set(None),
        Transaction.updated_at.set(now),
    )
    await count_paid(ctx, arrived_at, payment.amount)
    user = await ctx.db.get(payment.user_id)
    if user is None or user.deleted_at is not None:
        log.error("A deleted user has paid %s", payment.external_id)
        await tell_admins(
            ctx,
            "Pembayaran dari akun terhapus / Payment of a deleted account",
            f"{payment.external_id}: {payment.currency} {payment.amount}.",
            key=f"paid-deleted:{payment.id}",
        )
        return "ignored:user_deleted"
    await apply_payment(ctx, await ctx.db.require(payment.id), user)
    return "processed"


async def _settle_expired(ctx: MutationCtx, payment: Transaction) -> str:
    if payment.status == "PAID":
        return "ignored:already_paid"
    if payment.status != "PENDING":
        return "duplicate" if payment.status == "EXPIRED" else "ignored:status"
    await mark_expired(ctx, payment)
    user = await ctx.db.get(payment.user_id)
    if user is not None:
        plan = PLAN_NAMES[payment.plan][utils.language_of(user)]
        await notify(
            ctx,
            user,
            "payment_expired",
            values={"amount": utils.format_idr(payment.amount), "plan": plan},
            metadata={"transactionId": payment.id},
            dedupe_key=f"tx-expired:{payment.id}",
        )
    return "processed"


async def mark_expired(ctx: MutationCtx, payment: Transaction) -> None:
    """Closes an invoice that nobody has paid."""
    if payment.status == "PENDING":
        await ctx.db.patch(
            payment.id,
            Transaction.status.set("EXPIRED"),
            Transaction.updated_at.set(whole_ms(ctx)),
        )


async def tell_admins(ctx: MutationCtx, title: str, message: str, *, key: str) -> None:
    """Puts a notification into every admin's inbox, once per key."""
    admins = ctx.db.query(User).with_index(User.by_role, User.role == "admin")
    for admin in await admins.collect():
        await notify(
            ctx,
            admin,
            "system_announcement",
            values={"title": title, "message": message},
            dedupe_key=key,
        )


def _time(text: str | None) -> float | None:
    """A date of Xendit's in whole ms, None for what is none."""
    try:
        date = datetime.fromisoformat(text or "")
        at = math.nan if date.tzinfo is None else round(date.timestamp() * 1000)
    except (ValueError, OverflowError):
        return None
    return float(at) if math.isfinite(at) else None


def attached_by_another(payment: Transaction, other: Transaction | None, invoice_id: str) -> bool:
    """Whether an invoice belongs to another transaction, or this one has another invoice."""
    is_taken = other is not None and other.id != payment.id
    return is_taken or payment.xendit_invoice_id not in (None, invoice_id)
