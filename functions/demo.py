"""`demo:seed`: the people and texts that `reactor dev` puts into an empty database."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Sequence
from typing import Final, TypeVar

from functions import _demo, news, research
from functions._bookkeeping import count, count_paid
from functions._demo.shapes import PERIOD_DAYS, Article, Digest, NewsItem, Period, Person, prose
from functions._editing import keep_tags, new_slug
from functions._env import Env
from functions._payments import BASE32, INVOICE_MS
from functions._subscriptions import keep_expiry_job
from functions.constants import CURRENCY, DAY_MS, MINUTE_MS, PLAN_NAMES
from functions.types.billing import is_current
from functions.utils import day_key, random_code
from reactor import Id, MutationCtx, Table, internal_mutation
from schema import (
    Counter,
    DailyStats,
    News,
    Plan,
    Preferences,
    Research,
    Subscription,
    SubscriptionStatus,
    Transaction,
    TransactionStatus,
    User,
)

W = TypeVar("W", bound=Table)

MARKER: Final = "demoDocuments"
"""The counter that says that the data set is there: what `seed` returned."""

_DRAFTING_DAYS: Final = 1.5
"""How long an editor works on a text before anybody sees it."""


@internal_mutation
async def seed(ctx: MutationCtx) -> int:
    """Stores the demo data once.

    Returns:
        The number of people, subscriptions, payments, news and digests that it inserted (the rows
        that follow from them, tags and totals, are not counted), 0 when the data was there already.
    """
    marker = Counter.name == MARKER
    if await ctx.db.query(Counter).with_index(Counter.by_name, marker).unique() is not None:
        return 0
    sower = _Sower(ctx)
    authors = await _sow_people(sower)
    await _sow_unpaid(sower, authors)
    await _sow_news(sower, authors)
    await _sow_research(sower, authors)
    await count(ctx, MARKER, sower.inserted)
    return sower.inserted


class _Sower:
    """Inserts and counts, with the moment of the first start as its present."""

    def __init__(self, ctx: MutationCtx) -> None:
        self.ctx = ctx
        self.now = float(ctx.now_ms() // 1)
        self.inserted = 0

    def ago(self, days: float) -> float:
        """That many days before the first start, in whole ms."""
        return self.now - round(days * DAY_MS)

    async def insert(self, document: W) -> Id[W]:
        self.inserted += 1
        return await self.ctx.db.insert(document)


# ---------------------------------------------------------------- people


async def _sow_people(sower: _Sower) -> dict[str, Id[User]]:
    """Inserts who is missing and returns everybody's id; a row that is there already stays."""
    ids: dict[str, Id[User]] = {}
    sign_ups: Tally[str] = Tally()
    utc_offset = sower.ctx.env(Env).reimaji_day_utc_offset_minutes
    for person in sorted(_demo.PEOPLE, key=lambda person: -person.joined_days_ago):
        mine = User.clerk_user_id == person.clerk_user_id
        known = await sower.ctx.db.query(User).with_index(User.by_clerk_user_id, mine).unique()
        if known is not None:
            ids[person.clerk_user_id] = known.id
            continue
        user_id = await sower.insert(_user(sower, person))
        ids[person.clerk_user_id] = user_id
        sign_ups[day_key(sower.ago(person.joined_days_ago), utc_offset)] += 1
        for period in person.periods:
            await _sow_period(sower, user_id, period)
    await count(sower.ctx, "totalUsers", sign_ups.total())
    for day, new_users in sorted(sign_ups.items()):
        await _count_sign_ups(sower, day, new_users)
    return ids


async def _count_sign_ups(sower: _Sower, day: str, new_users: int) -> None:
    db = sower.ctx.db
    known = await db.query(DailyStats).with_index(DailyStats.by_day, DailyStats.day == day).unique()
    if known is None:
        await db.insert(DailyStats(day=day, new_users=new_users))
    else:
        await db.patch(known.id, DailyStats.new_users.set(known.new_users + new_users))


def _user(sower: _Sower, person: Person) -> User:
    joined_at = sower.ago(person.joined_days_ago)
    latest = person.periods[-1] if person.periods else None
    status: SubscriptionStatus = "trial" if latest is None else latest.status
    return User(
        clerk_user_id=person.clerk_user_id,
        email=person.email,
        name=person.name,
        role=person.role,
        subscription_status=status,
        subscription_expires_at=None if latest is None else sower.ago(-latest.days_left),
        preferences=Preferences(
            language=person.language, notifications=person.notifications, theme=person.theme
        ),
        manual_pro=True if person.manual_pro else None,
        created_at=joined_at,
        updated_at=joined_at if latest is None else _changed_at(sower, latest),
    )


def _subscription(sower: _Sower, user_id: Id[User], period: Period) -> Subscription:
    expires_at = sower.ago(-period.days_left)
    started_at = expires_at - PERIOD_DAYS[period.plan] * DAY_MS
    changed_at = _changed_at(sower, period)
    return Subscription(
        user_id=user_id,
        plan=period.plan,
        status=period.status,
        started_at=started_at,
        expires_at=expires_at,
        last_payment_at=started_at,
        next_billing_at=expires_at if period.status == "active" else None,
        cancelled_at=changed_at if period.status == "cancelled" else None,
        cancel_reason=period.cancel_reason,
        created_at=started_at,
        updated_at=changed_at,
    )


async def _sow_period(sower: _Sower, user_id: Id[User], period: Period) -> None:
    """Inserts a period with the payment it began with, and schedules its end."""
    ctx = sower.ctx
    subscription_id = await sower.insert(_subscription(sower, user_id, period))
    stored = await ctx.db.require(subscription_id)
    paid_at = stored.started_at
    payment_id = await sower.insert(
        _invoice(sower, user_id, period.plan, paid_at - 10 * MINUTE_MS, "PAID")
    )
    payment = await ctx.db.require(payment_id)
    await ctx.db.patch(
        payment_id,
        Transaction.paid_at.set(paid_at),
        Transaction.paid_amount.set(payment.amount),
        Transaction.payment_method.set("QR_CODE"),
        Transaction.payment_channel.set("QRIS"),
        Transaction.applied_at.set(paid_at),
        Transaction.subscription_id.set(subscription_id),
        Transaction.period_start.set(stored.started_at),
        Transaction.period_end.set(stored.expires_at),
        Transaction.updated_at.set(paid_at),
    )
    await ctx.db.patch(subscription_id, Subscription.last_transaction_id.set(payment_id))
    await count_paid(ctx, paid_at, payment.amount)
    if is_current(stored, sower.now):
        await keep_expiry_job(ctx, stored)


async def _sow_unpaid(sower: _Sower, people: dict[str, Id[User]]) -> None:
    for unpaid in _demo.UNPAID:
        made_at = sower.ago(unpaid.days_ago)
        payment = _invoice(sower, people[unpaid.clerk_user_id], unpaid.plan, made_at, unpaid.status)
        payment_id = await sower.insert(payment)
        await sower.ctx.db.patch(payment_id, Transaction.failure_reason.set(unpaid.failure_reason))


def _invoice(
    sower: _Sower, user_id: Id[User], plan: Plan, made_at: float, status: TransactionStatus
) -> Transaction:
    """An invoice as Xendit would have known it; the stand-in does not, so none can be opened."""
    env = sower.ctx.env(Env)
    day = day_key(made_at, env.reimaji_day_utc_offset_minutes).replace("-", "")
    return Transaction(
        user_id=user_id,
        amount=env.price(plan),
        currency=CURRENCY,
        status=status,
        description=PLAN_NAMES[plan]["id"],
        external_id=f"INV_{day}_{random_code(sower.ctx, 20, BASE32)}",
        expires_at=made_at + INVOICE_MS,
        plan=plan,
        created_at=made_at,
        updated_at=made_at + (INVOICE_MS if status == "EXPIRED" else 0),
    )


def _changed_at(sower: _Sower, period: Period) -> float:
    """When the period last changed: it began, was cancelled, or ran out."""
    if period.cancelled_days_ago is not None:
        return sower.ago(period.cancelled_days_ago)
    expires_at = sower.ago(-period.days_left)
    if period.status == "expired":
        return expires_at
    return expires_at - PERIOD_DAYS[period.plan] * DAY_MS


# ---------------------------------------------------------------- texts


async def _sow_news(sower: _Sower, authors: dict[str, Id[User]]) -> None:
    for item in sorted(_demo.NEWS, key=lambda item: -item.days_ago):
        slug = await new_slug(sower.ctx, news.NEWS, item.title)
        stored = await sower.insert(_news(sower, item, slug, authors[item.author]))
        await keep_tags(sower.ctx, news.NEWS, stored)
    await count(sower.ctx, news.NEWS.counter, _kept(_demo.NEWS))


async def _sow_research(sower: _Sower, authors: dict[str, Id[User]]) -> None:
    for item in sorted(_demo.RESEARCH, key=lambda item: -item.days_ago):
        slug = await new_slug(sower.ctx, research.RESEARCH, item.title)
        stored = await sower.insert(_research(sower, item, slug, authors[item.author]))
        await keep_tags(sower.ctx, research.RESEARCH, stored)
    await count(sower.ctx, research.RESEARCH.counter, _kept(_demo.RESEARCH))


def _kept(items: Sequence[Article]) -> int:
    return sum(item.state != "deleted" for item in items)


def _news(sower: _Sower, item: NewsItem, slug: str, author: Id[User]) -> News:
    created_at, published_at, withdrawn_at = _times(sower, item)
    return News(
        title=item.title,
        slug=slug,
        summary=item.summary,
        content=prose(item.content),
        type_=item.type_,
        tags=list(item.tags),
        source_url=item.source_url,
        language=item.language,
        is_premium=item.is_premium,
        is_published=item.state in ("published", "deleted"),
        published_at=published_at,
        deleted_at=withdrawn_at if item.state == "deleted" else None,
        created_by=author,
        view_count=item.views,
        like_count=item.likes,
        created_at=created_at,
        updated_at=withdrawn_at or sower.ago(item.days_ago),
    )


def _research(sower: _Sower, item: Digest, slug: str, author: Id[User]) -> Research:
    created_at, published_at, withdrawn_at = _times(sower, item)
    return Research(
        title=item.title,
        slug=slug,
        summary=item.summary,
        implication=item.implication,
        content=prose(item.content),
        tags=list(item.tags),
        paper_url=item.paper_url,
        # Real papers: a made-up number of citations would be a false statement about them.
        citation_count=0,
        language=item.language,
        is_premium=item.is_premium,
        is_published=item.state in ("published", "deleted"),
        published_at=published_at,
        deleted_at=withdrawn_at if item.state == "deleted" else None,
        created_by=author,
        view_count=item.views,
        created_at=created_at,
        updated_at=withdrawn_at or sower.ago(item.days_ago),
    )


def _times(sower: _Sower, item: Article) -> tuple[float, float | None, float | None]:
    """When the item was created, first published (None for a draft) and withdrawn (or None)."""
    published_at = None if item.state == "draft" else sower.ago(item.days_ago)
    withdrawn_days = item.withdrawn_days_ago
    withdrawn_at = None if withdrawn_days is None else sower.ago(withdrawn_days)
    return sower.ago(item.days_ago + _DRAFTING_DAYS), published_at, withdrawn_at
