"""Stores the demo people and their subscriptions."""

from __future__ import annotations

from dataclasses import dataclass

from functions._bookkeeping import count
from functions._demo.people import PEOPLE
from functions._demo.shapes import PERIOD_DAYS, Period, Person
from functions._sowing.sower import Sower
from functions.constants import DAY_MS
from reactor import Id
from schema import Preferences, Subscription, SubscriptionStatus, User


@dataclass(frozen=True, slots=True)
class Account:
    """A stored person; `periods` are the subscriptions that we stored, oldest first."""

    id: Id[User]
    person: Person
    periods: tuple[Subscription, ...] = ()


People = dict[str, Account]
"""The accounts by `clerk_user_id`."""


async def sow_people(sower: Sower) -> People:
    """Inserts who is missing; a row that is there already stays as it is."""
    accounts: People = {}
    new_users = 0
    for person in sorted(PEOPLE, key=lambda person: -person.joined_days_ago):
        mine = User.clerk_user_id == person.clerk_user_id
        known = await sower.ctx.db.query(User).with_index(User.by_clerk_user_id, mine).unique()
        if known is not None:
            accounts[person.clerk_user_id] = Account(known.id, person)
            continue
        user_id = await sower.insert(_user(sower, person))
        sower.day(sower.ago(person.joined_days_ago)).new_users += 1
        new_users += 1
        ids = [await sower.insert(_period(sower, user_id, period)) for period in person.periods]
        stored = [await sower.ctx.db.require(period_id) for period_id in ids]
        accounts[person.clerk_user_id] = Account(user_id, person, tuple(stored))
    await count(sower.ctx, "totalUsers", new_users)
    return accounts


def _user(sower: Sower, person: Person) -> User:
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


def _period(sower: Sower, user_id: Id[User], period: Period) -> Subscription:
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


def _changed_at(sower: Sower, period: Period) -> float:
    """When the period last changed: it began, was cancelled, or ran out."""
    if period.cancelled_days_ago is not None:
        return sower.ago(period.cancelled_days_ago)
    expires_at = sower.ago(-period.days_left)
    if period.status == "expired":
        return expires_at
    return expires_at - PERIOD_DAYS[period.plan] * DAY_MS
