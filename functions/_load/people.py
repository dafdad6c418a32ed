"""The people of the load data set: their accounts, payments and days, and all that is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from functions._bookkeeping import count
from functions._load import texts
from functions._load.inbox import Receipt, store_notifications, store_sessions
from functions._load.learning import Learner, Shelf, store_learning
from functions._load.sizes import Size, Step, activity, answers_to, earned, mixed, share
from functions._load.writer import Writer, clerk_user_id
from functions._payments import INVOICE_MS
from functions._subscriptions import keep_expiry_job
from functions.constants import CURRENCY, DAY_MS
from reactor import Id
from schema import (
    DailyActive,
    PeriodStatus,
    Plan,
    Preferences,
    Subscription,
    Transaction,
    TransactionStatus,
    User,
)

_CHANNELS: Final = (("BANK_TRANSFER", "BCA"), ("QR_CODE", "QRIS"), ("EWALLET", "GOPAY"))
_ACTIVE_DAYS: Final = 90
"""How long ago people were active at most."""


@dataclass(frozen=True, slots=True)
class _Payment:
    """One invoice; a paid one bought the period."""

    status: TransactionStatus
    created_at: float
    period: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class _History:
    """What somebody bought: one run of periods, the last of which may be the current one."""

    plan: Plan
    status: PeriodStatus
    payments: list[_Payment]

    @property
    def started_at(self) -> float:
        return min(payment.period[0] for payment in self.payments if payment.period)

    @property
    def expires_at(self) -> float:
        return max(payment.period[1] for payment in self.payments if payment.period)


async def store_people(writer: Writer, step: Step) -> None:
    """Stores some people with everything that belongs to them."""
    size = writer.size
    ranks = {number: mixed(number, size.people) for number in step.numbers}
    shelf = Shelf(writer)
    await shelf.fill(max(activity(size.progress, rank, size.people) for rank in ranks.values()))
    for number, rank in ranks.items():
        await _store_person(writer, shelf, number, rank)
    await shelf.keep_totals()
    await count(writer.ctx, "totalUsers", len(step.numbers))


async def _store_person(writer: Writer, shelf: Shelf, number: int, rank: int) -> None:
    size, chance = writer.size, writer.chance
    history = _history(writer, number)
    user = _user(writer, number, history)
    user_id = await writer.insert(user)
    writer.new_users[writer.day(user.created_at)] += 1
    receipts = [] if history is None else await _store_payments(writer, user_id, number, history)
    joined_days_ago = int((writer.present - user.created_at) // DAY_MS)
    past = range(1, min(_ACTIVE_DAYS, joined_days_ago) + 1)
    days_ago = sorted(chance.sample(past, k=min(len(past), chance.randint(3, 7))), reverse=True)
    await _store_days(writer, user_id, days_ago)
    lessons = earned(size.progress, rank, size.people)
    learner = Learner(
        id=user_id,
        name=user.name or "",
        reads_premium=user.role == "pro",
        lessons=len(lessons),
        attempts=answers_to(size, lessons),
        days_ago=days_ago,
    )
    feats = await store_learning(writer, shelf, learner)
    await store_sessions(writer, user_id, days_ago, activity(size.sessions, rank, size.people))
    notices = activity(size.notifications, rank, size.people)
    await store_notifications(writer, user_id, days_ago, notices, receipts, feats)


def _user(writer: Writer, number: int, history: _History | None) -> User:
    chance = writer.chance
    joined_at = writer.moment(5 + int(360 * chance.random() ** 1.5))
    if history is not None:
        joined_at = min(joined_at, history.started_at - chance.randint(1, 20) * DAY_MS)
    subject = clerk_user_id(writer.size.editors + number)
    is_pro = history is not None and history.status != "expired"
    return User(
        clerk_user_id=subject,
        email=f"{subject}@example.test",
        name=texts.name(chance),
        role="pro" if is_pro else "free",
        subscription_status="trial" if history is None else history.status,
        subscription_expires_at=None if history is None else history.expires_at,
        preferences=Preferences(
            language="en" if chance.random() < 0.2 else "id",
            notifications=chance.random() < 0.8,
            theme=chance.choice(("light", "dark", "system")),
        ),
        created_at=joined_at,
        updated_at=joined_at,
    )


async def _store_days(writer: Writer, user_id: Id[User], days_ago: list[int]) -> None:
    """Stores the days on which somebody was active, at least one, the oldest first."""
    days = [writer.day(writer.moment(each)) for each in days_ago]
    for day in days:
        await writer.insert(DailyActive(user_id=user_id, day=day))
        writer.active_users[day] += 1
    writer.last_active[days[-1]] += 1


# ---------------------------------------------------------------- payments


def _place(size: Size, number: int) -> int | None:
    """Which of the buyers somebody is."""
    if share(size.buyers, number, size.people) == 0:
        return None
    return size.buyers * number // size.people


def _history(writer: Writer, number: int) -> _History | None:
    """What somebody bought: the last invoice is paid, most others too; each extends the period."""
    size, chance = writer.size, writer.chance
    place = _place(size, number)
    if place is None:
        return None
    invoices = share(size.transactions, place, size.buyers)
    statuses = _statuses(writer, invoices)
    paid = statuses.count("PAID")
    plan: Plan = "pro_yearly" if paid == 1 and chance.random() < 0.15 else "pro_monthly"
    length = writer.env.period_ms(plan)
    is_current = share(size.subscribers, place, size.buyers) > 0
    if is_current:
        end = writer.present + round((0.02 + 0.96 * chance.random()) * length)
    else:
        end = writer.moment(chance.randint(1, 200))
    start = end - paid * length
    payments: list[_Payment] = []
    for status in statuses:
        if status != "PAID":
            failed_at = start - chance.randint(2, 5) * DAY_MS
            payments.append(_Payment(status, failed_at, None))
            continue
        # Somebody extends a running period some days before it ends.
        early = 0 if not any(each.period for each in payments) else chance.randint(1, 5)
        period = (start, start + length)
        payments.append(_Payment(status, start - early * DAY_MS, period))
        start += length
    cancels = is_current and chance.random() < 0.1
    running: Literal["active", "cancelled"] = "cancelled" if cancels else "active"
    return _History(plan, running if is_current else "expired", payments)


def _statuses(writer: Writer, invoices: int) -> list[TransactionStatus]:
    others: tuple[TransactionStatus, ...] = ("PAID", "EXPIRED", "FAILED")
    return [*writer.chance.choices(others, (75, 20, 5), k=invoices - 1), "PAID"]


async def _store_payments(
    writer: Writer, user_id: Id[User], number: int, history: _History
) -> list[Receipt]:
    subscription_id = await writer.insert(_subscription(writer, user_id, history))
    receipts: list[Receipt] = []
    last: Id[Transaction] | None = None
    for place, payment in enumerate(history.payments):
        external_id = f"load-{number}-{place}"
        transaction = _transaction(writer, user_id, subscription_id, history, payment, external_id)
        transaction_id = await writer.insert(transaction)
        if payment.period is not None:
            last = transaction_id
            price, day = writer.env.price(history.plan), writer.day(payment.created_at)
            writer.paid[day] += 1
            writer.revenue[day] += price
            receipts.append(
                Receipt(external_id, history.plan, price, payment.created_at, payment.period[1])
            )
    db = writer.ctx.db
    await db.patch(subscription_id, Subscription.last_transaction_id.set(last))
    if history.status != "expired":
        await keep_expiry_job(writer.ctx, await db.require(subscription_id))
    return receipts


def _subscription(writer: Writer, user_id: Id[User], history: _History) -> Subscription:
    paid_at = max(each.created_at for each in history.payments if each.period)
    cancelled_at = None
    if history.status == "cancelled":
        cancelled_at = paid_at + round((writer.present - paid_at) * writer.chance.random())
    ended_at = history.expires_at if history.status == "expired" else paid_at
    return Subscription(
        user_id=user_id,
        plan=history.plan,
        status=history.status,
        started_at=history.started_at,
        expires_at=history.expires_at,
        last_payment_at=paid_at,
        next_billing_at=history.expires_at if history.status == "active" else None,
        cancelled_at=cancelled_at,
        created_at=history.started_at,
        updated_at=cancelled_at or ended_at,
    )


def _transaction(
    writer: Writer,
    user_id: Id[User],
    subscription_id: Id[Subscription],
    history: _History,
    payment: _Payment,
    external_id: str,
) -> Transaction:
    price, (start, end) = writer.env.price(history.plan), payment.period or (None, None)
    is_paid, at = payment.period is not None, payment.created_at
    method, channel = writer.chance.choice(_CHANNELS)
    return Transaction(
        user_id=user_id,
        xendit_invoice_id=writer.chance.randbytes(12).hex(),
        amount=price,
        currency=CURRENCY,
        status=payment.status,
        description="Reimaji Pro",
        external_id=external_id,
        expires_at=at + INVOICE_MS,
        paid_at=at if is_paid else None,
        plan=history.plan,
        paid_amount=price if is_paid else None,
        payment_method=method if is_paid else None,
        payment_channel=channel if is_paid else None,
        failure_reason="The bank refused." if payment.status == "FAILED" else None,
        applied_at=at if is_paid else None,
        subscription_id=subscription_id if is_paid else None,
        period_start=start,
        period_end=end,
        created_at=at,
        updated_at=at,
    )
