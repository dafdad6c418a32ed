"""Buying Pro: invoices at Xendit, what became of them, and receipts."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

from functions import _clients as clients
from functions import _errors as errors
from functions import _payments as payments
from functions import checkout, utils, validation
from functions._clients import xendit
from functions._env import Env
from functions._lists import Listing, read_page
from functions.constants import (
    CURRENCY,
    INVOICE_POLL_S,
    INVOICE_WAIT_S,
    PLAN_NAMES,
    PLANS,
    RECONCILE_FAILURES_MAX,
)
from functions.permissions import (
    Caller,
    admin_query,
    find_user,
    identify,
    user_mutation,
    user_query,
)
from functions.types.billing import (
    BilledTo,
    Checkout,
    OpenInvoice,
    PaymentOutcome,
    Receipt,
    Reconciled,
    Requested,
    Reservation,
    TransactionDoc,
    TransactionList,
    TransactionState,
    transaction_doc,
)
from reactor import (
    ABSENT,
    Absent,
    ActionCtx,
    Id,
    MutationCtx,
    QueryCtx,
    action,
    internal_action,
    internal_mutation,
    query,
)
from schema import Plan, Transaction, TransactionStatus, User

log = logging.getLogger(__name__)

OPEN: tuple[TransactionStatus, ...] = ("PENDING", "FAILED")
"""The statuses of a transaction whose invoice may have been paid without our knowing."""

# ---------------------------------------------------------------- buying


@action
async def create_invoice(
    ctx: ActionCtx,
    *,
    user_id: str | None = None,
    amount: float | None = None,
    description: str | None = None,
    plan: Plan | None = None,
    clerk_user_id: str | None = None,
) -> Checkout:
    """Makes an invoice, or gives the one that is open; a second click waits for the first's."""
    subject = await ctx.run_query(checkout.buyer, user_id=user_id, clerk_user_id=clerk_user_id)
    env = ctx.env(Env)
    chosen = _plan_for(env, plan, amount)
    description = validation.given(validation.invoice_description, description)
    _require_provider(env)
    reserved = await ctx.run_mutation(
        reserve, clerk_user_id=subject, plan=chosen, description=description
    )
    if not reserved.reuse:
        await _issue(ctx, reserved.transaction_id)
    return await _wait_for_invoice(ctx, reserved.transaction_id)


@user_mutation
async def request_invoice(ctx: MutationCtx, user: User, *, plan: Plan) -> Requested:
    """The same as a mutation: `paymentUrl` appears in `transactions:get` once it is there."""
    _require_provider(ctx.env(Env))
    reserved = await payments.reserve(ctx, user, plan, None)
    if not reserved.reuse:
        await ctx.scheduler.run_after(0, issue, transaction_id=reserved.transaction_id)
    return Requested(transaction_id=reserved.transaction_id)


@action
async def cancel_pending(ctx: ActionCtx, *, transaction_id: Id[Transaction]) -> TransactionState:
    """Makes an own invoice that is not paid yet unpayable."""
    invoice_id = await ctx.run_query(checkout.cancellable, transaction_id=transaction_id)
    answer = await xendit.expire(ctx.env(Env), invoice_id)
    if isinstance(answer, xendit.Problem):
        if answer.is_temporary:
            raise errors.payment_provider_error(retryable=True)
        # Xendit knows better how the invoice stands: perhaps it was paid a moment ago.
        found = await xendit.get(ctx.env(Env), invoice_id)
        if isinstance(found, xendit.Invoice):
            await _apply(ctx, found)
        raise errors.conflict("the invoice is no longer open")
    status = await ctx.run_mutation(checkout.close_cancelled, transaction_id=transaction_id)
    return TransactionState(status=status)


def _plan_for(env: Env, plan: Plan | None, amount: float | None) -> Plan:
    """The plan that is meant; an amount must be exactly its price."""
    if plan is None and amount is None:
        raise errors.invalid_argument("plan", "or amount must be given")
    if plan is None:
        plan = next((each for each in PLANS if env.price(each) == amount), None)
    if plan is None:
        nearest: Plan = min(PLANS, key=lambda each: abs(env.price(each) - (amount or 0.0)))
        raise errors.price_mismatch(nearest, env.price(nearest))
    if amount is not None and amount != env.price(plan):
        raise errors.price_mismatch(plan, env.price(plan))
    return plan


def _require_provider(env: Env) -> None:
    if not env.xendit_secret_key:
        raise errors.provider_not_configured("xendit")


async def _issue(ctx: ActionCtx, transaction_id: Id[Transaction]) -> None:
    """Lets Xendit make the invoice of a reserved transaction.

    Raises:
        AppError: PAYMENT_PROVIDER_ERROR; the transaction has failed.
    """
    order = await ctx.run_query(checkout.order_of, transaction_id=transaction_id)
    if order is None or order.status != "PENDING":
        return
    wanted = xendit.Order(
        external_id=order.external_id,
        amount=order.amount,
        description=order.description,
        item=order.item,
        payer_name=order.payer_name,
        payer_email=order.payer_email,
        transaction_id=transaction_id,
    )
    answer = await xendit.create(ctx.env(Env), wanted)
    if isinstance(answer, xendit.Invoice) and answer.currency != CURRENCY:
        answer = xendit.Problem(f"Xendit wants {answer.currency}", is_temporary=False)
    if isinstance(answer, xendit.Invoice):
        await _attach(ctx, transaction_id, answer)
        return
    log.error("No invoice for %s: %s", order.external_id, answer.reason)
    await ctx.run_mutation(mark_failed, transaction_id=transaction_id, reason=answer.reason)
    raise errors.payment_provider_error(retryable=answer.is_temporary)


async def _attach(ctx: ActionCtx, transaction_id: Id[Transaction], found: xendit.Invoice) -> None:
    await ctx.run_mutation(
        attach_invoice,
        transaction_id=transaction_id,
        xendit_invoice_id=found.id,
        payment_url=found.invoice_url,
        expires_at=found.expires_at,
        currency=found.currency,
    )


async def _wait_for_invoice(ctx: ActionCtx, transaction_id: Id[Transaction]) -> Checkout:
    """The invoice of a transaction; another call may be about to make it."""
    for _ in range(int(INVOICE_WAIT_S / INVOICE_POLL_S)):
        payment = await ctx.run_query(checkout.peek, transaction_id=transaction_id)
        if payment is None or payment.status == "FAILED":
            break
        if payment.payment_url is not None:
            return Checkout(
                transaction_id=transaction_id,
                payment_url=payment.payment_url,
                expires_at=payment.expires_at,
            )
        await clients.pause(INVOICE_POLL_S)
    raise errors.payment_provider_error(retryable=True)


# ---------------------------------------------------------------- looking


@query
async def get(ctx: QueryCtx, *, transaction_id: Id[Transaction]) -> TransactionDoc:
    """One of the caller's transactions; admins see everybody's."""
    caller = await _known_caller(ctx)
    return transaction_doc(_visible(caller, await ctx.db.get(transaction_id)))


@query
async def get_by_external_id(ctx: QueryCtx, *, external_id: str) -> TransactionDoc | None:
    """The same by our number, for the page that Xendit leads back to; null when there is none."""
    caller = await _known_caller(ctx)
    payment = await payments.by_external_id(ctx, external_id)
    return transaction_doc(payment) if payment and _may_see(caller, payment) else None


@user_query
async def list_mine(
    ctx: QueryCtx,
    user: User,
    *,
    limit: float | None = None,
    cursor: str | Absent | None = ABSENT,
) -> TransactionList:
    """The caller's billing history, the newest first."""
    listing = Listing(
        table=Transaction,
        index=Transaction.by_user_created_at,
        equal=[Transaction.user_id == user.id],
        columns=[Transaction.created_at],
        values=lambda payment: (payment.created_at,),
    )
    return await _page(ctx, listing, cursor, limit)


@query
async def get_receipt(ctx: QueryCtx, *, transaction_id: Id[Transaction]) -> Receipt:
    """The receipt of a payment, made out to the account as it is now."""
    caller = await _known_caller(ctx)
    payment = _visible(caller, await ctx.db.get(transaction_id))
    user = await ctx.db.get(payment.user_id)
    if payment.status != "PAID" or payment.paid_at is None or user is None:
        raise errors.not_found("transaction")
    return Receipt(
        number=payment.external_id,
        issued_at=payment.paid_at,
        billed_to=BilledTo(name=user.name or user.email, email=user.email),
        item=PLAN_NAMES[payment.plan][utils.language_of(user)],
        amount=payment.amount,
        currency=payment.currency,
        paid_at=payment.paid_at,
        payment_method=payment.payment_method,
        period_start=payment.period_start,
        period_end=payment.period_end,
    )


@admin_query
async def admin_list(
    ctx: QueryCtx,
    admin: Caller,
    *,
    limit: float | None = None,
    cursor: str | Absent | None = ABSENT,
    status: TransactionStatus | None = None,
) -> TransactionList:
    """Everybody's transactions: the newest first, or of one status, the last to expire first."""
    if status is None:
        listing = Listing(table=Transaction, index=Transaction.by_creation_time)
    else:
        listing = Listing(
            table=Transaction,
            index=Transaction.by_status_expires_at,
            equal=[Transaction.status == status],
            columns=[Transaction.expires_at],
            values=lambda payment: (payment.expires_at,),
        )
    return await _page(ctx, listing, cursor, limit)


async def _page(
    ctx: QueryCtx,
    listing: Listing[Transaction],
    cursor: str | Absent | None,
    limit: float | None,
) -> TransactionList:
    page = await read_page(ctx, listing, cursor, limit)
    shown = [transaction_doc(payment) for payment in page.items]
    return TransactionList(transactions=shown, next_cursor=page.next_cursor)


async def _known_caller(ctx: QueryCtx) -> Caller:
    caller = await identify(ctx)
    if not caller.is_system:
        caller.require_user()
    return caller


def _may_see(caller: Caller, payment: Transaction) -> bool:
    is_owner = caller.user is not None and caller.user.id == payment.user_id
    return is_owner or caller.sees_everything


def _visible(caller: Caller, payment: Transaction | None) -> Transaction:
    if payment is None or not _may_see(caller, payment):
        raise errors.not_found("transaction")
    return payment


# ---------------------------------------------------------------- for the actions


@internal_mutation
async def reserve(
    ctx: MutationCtx, *, clerk_user_id: str, plan: Plan, description: str | None = None
) -> Reservation:
    """A number for a new invoice, or the transaction whose invoice is open or on its way."""
    user = await find_user(ctx, clerk_user_id)
    if user is None:
        raise errors.user_not_found()
    return await payments.reserve(ctx, user, plan, description)


@internal_action
async def issue(ctx: ActionCtx, *, transaction_id: Id[Transaction]) -> None:
    """Makes the invoice that `requestInvoice` asked for."""
    await _issue(ctx, transaction_id)


@internal_mutation
async def attach_invoice(
    ctx: MutationCtx,
    *,
    transaction_id: Id[Transaction],
    xendit_invoice_id: str,
    payment_url: str,
    expires_at: float,
    currency: str,
) -> None:
    """Notes which invoice Xendit made; the message that it is paid may have come before."""
    payment = await ctx.db.require(transaction_id)
    other = await payments.by_invoice_id(ctx, xendit_invoice_id)
    if payments.attached_by_another(payment, other, xendit_invoice_id):
        raise errors.conflict("the invoice belongs to another transaction")
    if currency != payment.currency:
        raise errors.conflict("the invoice is in another currency")
    await ctx.db.patch(
        payment.id,
        Transaction.xendit_invoice_id.set(xendit_invoice_id),
        Transaction.payment_url.set(payment_url),
        Transaction.expires_at.set(expires_at),
        Transaction.updated_at.set(ctx.now_ms()),
    )


@internal_mutation
async def mark_failed(ctx: MutationCtx, *, transaction_id: Id[Transaction], reason: str) -> None:
    """Gives up on a transaction that is pending."""
    await payments.mark_failed(ctx, await ctx.db.require(transaction_id), reason)


# ---------------------------------------------------------------- what Xendit says


@internal_mutation
async def apply_invoice_event(
    ctx: MutationCtx, *, event: Any, event_id: str, payload: str | None = None
) -> PaymentOutcome:
    """Does all that a message about an invoice asks for; `payload` is what is kept of it.

    Raises:
        AppError: INVALID_ARGUMENT, NOT_FOUND for an unknown invoice.
    """
    try:
        read = payments.read_event(event)
    except ValueError as error:
        raise errors.invalid_argument("event", f"is no invoice: {error}") from error
    kept = json.dumps(event) if payload is None else payload
    outcome = await payments.apply_event(ctx, read, event_id, kept)
    if outcome is None:
        raise errors.not_found("transaction")
    return PaymentOutcome(outcome=outcome)


@internal_mutation
async def update_status(
    ctx: MutationCtx, *, xendit_invoice_id: str, status: str, paid_at: float | None = None
) -> Id[Transaction]:
    """Moves a transaction by hand, under the same rules; its own amount counts as paid."""
    payment = await payments.by_invoice_id(ctx, xendit_invoice_id)
    if payment is None:
        raise errors.not_found("transaction")
    if status in payments.PAID_STATUSES and payment.status != "PAID":
        await payments.record_paid(ctx, payment, paid_at=paid_at, paid_amount=payment.amount)
    elif status == "EXPIRED":
        await payments.settle(ctx, payment, payments.InvoiceEvent(status=status))
    elif status == "FAILED":
        await payments.mark_failed(ctx, payment, "Marked as failed")
    return payment.id


@internal_action
async def reconcile(ctx: ActionCtx, *, older_than_ms: float = 600_000) -> Reconciled:
    """Asks Xendit how open invoices stand, in case its messages were lost."""
    if not ctx.env(Env).xendit_secret_key:
        return Reconciled(checked=0, paid=0, expired=0)
    older_than = ctx.now_ms() - older_than_ms
    found: Counter[TransactionStatus | None] = Counter()
    failures = 0
    async for pending in _open_invoices(ctx, older_than):
        status = await _reconcile_one(ctx, pending)
        found[status] += 1
        failures = failures + 1 if status is None else 0
        if failures == RECONCILE_FAILURES_MAX:
            break
    return Reconciled(checked=found.total(), paid=found["PAID"], expired=found["EXPIRED"])


async def _open_invoices(ctx: ActionCtx, older_than: float) -> AsyncIterator[OpenInvoice]:
    """What is pending; and what we gave up on, as long as its invoice may be paid all the same."""
    now = ctx.now_ms()
    for status in OPEN:
        cursor: str | None = None
        while True:
            part = await ctx.run_query(
                checkout.open_invoices, status=status, now=now, older_than=older_than, cursor=cursor
            )
            for each in part.invoices:
                yield each
            cursor = part.cursor
            if cursor is None:
                break


async def _reconcile_one(ctx: ActionCtx, pending: OpenInvoice) -> TransactionStatus | None:
    """How a transaction stands after asking Xendit; None when Xendit could not be asked."""
    found = await _find_invoice(ctx, pending)
    if isinstance(found, xendit.Problem) and found.is_temporary:
        return None
    if isinstance(found, xendit.Invoice):
        if pending.xendit_invoice_id is None:
            await _attach(ctx, pending.transaction_id, found)
        await _apply(ctx, found)
    elif pending.xendit_invoice_id is None or pending.is_overdue:
        reason = "Xendit knows no such invoice"
        await ctx.run_mutation(mark_failed, transaction_id=pending.transaction_id, reason=reason)
    payment = await ctx.run_query(checkout.peek, transaction_id=pending.transaction_id)
    return payment.status if payment else "FAILED"


async def _find_invoice(
    ctx: ActionCtx, pending: OpenInvoice
) -> xendit.Invoice | xendit.Problem | None:
    if pending.xendit_invoice_id is not None:
        return await xendit.get(ctx.env(Env), pending.xendit_invoice_id)
    found = await xendit.find(ctx.env(Env), pending.external_id)
    if isinstance(found, xendit.Problem):
        return found
    return found[0] if found else None


async def _apply(ctx: ActionCtx, found: xendit.Invoice) -> None:
    event = found.event()
    await ctx.run_mutation(apply_invoice_event, event=event, event_id=payments.event_id(event))
