"""What the actions that talk to Xendit need to know and to note; internal."""

from __future__ import annotations

from functions import _errors as errors
from functions import _payments as payments
from functions import utils
from functions.constants import PLAN_NAMES, RECONCILED_PER_PAGE
from functions.permissions import identify
from functions.types.billing import (
    InvoiceOrder,
    OpenInvoice,
    OpenInvoices,
    TransactionDoc,
    transaction_doc,
)
from reactor import (
    Id,
    MutationCtx,
    PaginationOptions,
    QueryCtx,
    internal_mutation,
    internal_query,
)
from schema import Transaction, TransactionStatus, User


@internal_query
async def buyer(ctx: QueryCtx, *, user_id: str | None, clerk_user_id: str | None) -> str:
    """The Clerk id of whom an invoice is for; `userId` may also be the id of the account."""
    caller = await identify(ctx, clerk_user_id)
    named = None if user_id is None else await utils.find(ctx, User, user_id)
    subject = user_id if named is None else named.clerk_user_id
    if subject is not None and (caller.user is None or caller.user.clerk_user_id != subject):
        # What `clerkUserId` has named already cannot be named otherwise by `userId`.
        if clerk_user_id is not None:
            raise errors.identity_mismatch("userId")
        caller = await identify(ctx, subject, field="userId")
    return caller.require_user().clerk_user_id


@internal_query
async def order_of(ctx: QueryCtx, *, transaction_id: Id[Transaction]) -> InvoiceOrder | None:
    """What a transaction's invoice is to say."""
    payment = await ctx.db.get(transaction_id)
    user = None if payment is None else await ctx.db.get(payment.user_id)
    if payment is None or user is None or user.deleted_at is not None:
        return None
    return InvoiceOrder(
        status=payment.status,
        external_id=payment.external_id,
        amount=payment.amount,
        description=payment.description,
        item=PLAN_NAMES[payment.plan][utils.language_of(user)],
        payer_name=user.name or user.email.partition("@")[0],
        payer_email=user.email,
    )


@internal_query
async def peek(ctx: QueryCtx, *, transaction_id: Id[Transaction]) -> TransactionDoc | None:
    """A transaction as it is now."""
    payment = await ctx.db.get(transaction_id)
    return transaction_doc(payment) if payment else None


@internal_query
async def cancellable(ctx: QueryCtx, *, transaction_id: Id[Transaction]) -> str:
    """Xendit's number of an own invoice that can be cancelled."""
    caller = await identify(ctx)
    user, payment = caller.require_user(), await ctx.db.get(transaction_id)
    if payment is None or payment.user_id != user.id:
        raise errors.not_found("transaction")
    if payment.status != "PENDING" or payment.xendit_invoice_id is None:
        raise errors.conflict("the invoice is not open")
    return payment.xendit_invoice_id


@internal_mutation
async def close_cancelled(
    ctx: MutationCtx, *, transaction_id: Id[Transaction]
) -> TransactionStatus:
    """Notes that an invoice was cancelled; how the transaction stands now."""
    await payments.mark_expired(ctx, await ctx.db.require(transaction_id))
    return (await ctx.db.require(transaction_id)).status


@internal_query
async def open_invoices(
    ctx: QueryCtx, *, status: TransactionStatus, now: float, older_than: float, cursor: str | None
) -> OpenInvoices:
    """Transactions of a status, made before a time, whose invoice may still change.

    `now` is the same for every part, since a cursor belongs to one range of the index.
    """
    # An overdue invoice that failed cannot be paid any more; one that is pending must be closed.
    since = [Transaction.expires_at > now] if status == "FAILED" else []
    found = ctx.db.query(Transaction).with_index(
        Transaction.by_status_expires_at, Transaction.status == status, *since
    )
    page = await found.paginate(PaginationOptions(num_items=RECONCILED_PER_PAGE, cursor=cursor))
    invoices = [
        OpenInvoice(
            transaction_id=payment.id,
            external_id=payment.external_id,
            xendit_invoice_id=payment.xendit_invoice_id,
            is_overdue=payment.expires_at <= now,
        )
        for payment in page.page
        if payment.created_at <= older_than
    ]
    return OpenInvoices(invoices=invoices, cursor=None if page.is_done else page.continue_cursor)
