"""Subscriptions: what one has, how it is cancelled and resumed, and how it ends, to the moment."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from functions import permissions, subscriptions, users
from reactor import MutationCtx
from schema import Preferences, Subscription, User
from tests.app.checkout import MONTH, YEAR, Checkout
from tests.app.support import Json, Reimaji, code_of, refusal

CANCEL, RESUME = "subscriptions:cancel", "subscriptions:resume"
SWEEP, REMIND = "subscriptions:checkAndExpire", "subscriptions:sendRenewalReminders"

# ---------------------------------------------------------------- one's own


async def test_plans_are_on_view(app: Reimaji) -> None:
    """Prices, periods and names, in the reader's language."""
    plans = await app.visitor.call("subscriptions:getPlans")
    assert plans[0] == {
        "plan": "pro_monthly",
        "amount": 99_000,
        "currency": "IDR",
        "periodMs": MONTH,
        "name": "Reimaji Pro Bulanan",
    }
    assert (plans[1]["amount"], plans[1]["periodMs"]) == (990_000, YEAR)
    await app.free.call("users:updatePreferences", {"language": "en"})
    plans = await app.free.call("subscriptions:getPlans")
    assert plans[1]["name"] == "Reimaji Pro Yearly"


async def test_the_newcomer_has_none(app: Reimaji) -> None:
    """D78: `trial` is a word for it, and grants nothing."""
    assert await app.free.call("subscriptions:getMine") is None
    assert await code_of(app.visitor.call("subscriptions:getMine")) == "UNAUTHENTICATED"
    for path in (CANCEL, RESUME):
        assert await code_of(app.free.call(path)) == "NO_ACTIVE_SUBSCRIPTION"


async def test_cancelling_keeps_what_was_paid_for(shop: Checkout) -> None:
    """Journey 8: again is fine, and the first reason stays."""
    await shop.buy()
    period = await shop.period()
    answer = await shop.app.free.call(CANCEL, {"reason": "Busy"})
    assert answer == {
        "subscriptionId": period.id,
        "status": "cancelled",
        "accessUntil": period.expires_at,
    }
    await shop.app.pass_time(hours=1)
    assert await shop.app.free.call(CANCEL, {"reason": "Other"}) == answer
    cancelled, user = await shop.period(), await shop.user()
    assert (cancelled.status, cancelled.cancel_reason) == ("cancelled", "Busy")
    assert cancelled.cancelled_at == period.updated_at
    assert (cancelled.next_billing_at, user.role) == (None, "pro")
    mine = await shop.app.free.call("subscriptions:getMine")
    assert (mine["isCurrent"], mine["status"]) == (True, "cancelled")
    assert not {"remindersSent", "expiryJobId", "nextBillingAt"} & set(mine)


async def test_resuming_takes_it_back(shop: Checkout) -> None:
    """As long as the period runs."""
    await shop.buy()
    await shop.app.free.call(CANCEL, {"reason": "Busy"})
    for _ in range(2):
        answer = await shop.app.free.call(RESUME)
        period = await shop.period()
        assert answer == {
            "subscriptionId": period.id,
            "status": "active",
            "nextBillingAt": period.expires_at,
        }
        assert (period.status, period.cancelled_at, period.cancel_reason) == ("active", None, None)
        assert period.next_billing_at == period.expires_at
    await shop.app.free.call(CANCEL)
    await shop.leap(days=30)
    for path in (CANCEL, RESUME):
        assert await code_of(shop.app.free.call(path)) == "NO_ACTIVE_SUBSCRIPTION"


async def test_paying_takes_a_cancellation_back(shop: Checkout) -> None:
    """Journey 8's end."""
    await shop.buy()
    first = await shop.period()
    await shop.app.free.call(CANCEL)
    await shop.buy()
    period = await shop.period()
    assert (period.id, period.status, period.cancelled_at) == (first.id, "active", None)
    assert period.expires_at == first.expires_at + MONTH


async def test_a_reason_has_a_length(shop: Checkout) -> None:
    await shop.buy()
    error = await refusal(shop.app.free.call(CANCEL, {"reason": "x" * 1_001}))
    assert (error["code"], error["field"]) == ("INVALID_ARGUMENT", "reason")


# ---------------------------------------------------------------- the end


async def test_access_ends_at_its_very_moment(shop: Checkout) -> None:
    """Journey 9, D75, D76: not a sweep later; told once, and the sweep finds nothing."""
    await shop.buy()
    period = await shop.period()
    left = period.expires_at - shop.app.backend.clock.now_ms()
    await shop.leap(milliseconds=left - 1)
    assert (await shop.user()).role == "pro"
    await shop.app.pass_time(milliseconds=2)
    ended, user = await shop.period(), await shop.user()
    assert (ended.status, ended.next_billing_at, user.role) == ("expired", None, "free")
    assert len(await shop.notices("subscription_expired")) == 1
    (mail,) = await shop.mails("subscription_expired")
    assert mail.key == f"subscription_expired/{period.id}/{period.expires_at:.0f}"
    assert await shop.app.system.call(SWEEP) == 0
    again = {"subscriptionId": period.id}
    assert await shop.app.system.call("subscriptions:expireOne", again) is False
    await shop.app.pass_time(hours=2)
    assert len(await shop.notices("subscription_expired")) == 1


async def test_a_payment_moves_the_end(shop: Checkout) -> None:
    """The job of the first end does nothing, that of the second comes."""
    await shop.buy()
    await shop.leap(days=20)
    await shop.buy()
    await shop.leap(days=10, seconds=1)
    assert ((await shop.user()).role, (await shop.period()).status) == ("pro", "active")
    await shop.leap(days=30)
    assert ((await shop.user()).role, (await shop.period()).status) == ("free", "expired")


async def test_whoever_comes_back_gets_a_new_row(shop: Checkout) -> None:
    """The state machine's last arrow; the user follows the row that ends last."""
    await shop.buy()
    await shop.leap(days=31)
    await shop.buy()
    old, new = await shop.periods()
    assert (old.status, new.status) == ("expired", "active")
    assert new.started_at > old.expires_at
    user = await shop.user()
    assert (user.subscription_status, user.subscription_expires_at) == ("active", new.expires_at)


async def test_money_in_the_last_moment(shop: Checkout) -> None:
    """At `expiresAt` the period is over, whether the job has run or not: a new one begins."""
    await shop.buy()
    period = await shop.period()
    body = await shop.paid(await shop.order(plan="pro_yearly"))
    shop.app.backend.clock.advance((period.expires_at - shop.app.backend.clock.now_ms()) / 1000)
    await asyncio.gather(shop.callback(body), shop.app.system.call(SWEEP))
    old, new = await shop.periods()
    assert (old.status, new.status) == ("expired", "active")
    assert new.expires_at - new.started_at == YEAR
    assert ((await shop.user()).role, (await shop.user()).subscription_status) == ("pro", "active")
    assert await shop.notices("subscription_expired") == [] or old.expires_at <= new.started_at


async def test_the_end_comes_over_a_restart(shop: Checkout) -> None:
    """The job is in the database."""
    await shop.buy()
    await shop.app.backend.restart()
    await shop.leap(days=30, seconds=1)
    assert (await shop.user()).role == "free"


async def test_an_end_beyond_the_schedulers_horizon(shop: Checkout) -> None:
    """Ten years: the job comes back half-way."""
    grant = {"clerkUserId": "free-1", "plan": "pro_yearly", "days": 3_650}
    await shop.app.admin.call("subscriptions:adminGrant", grant)
    period = await shop.period()
    job = {"subscriptionId": period.id}
    assert await shop.app.system.call("subscriptions:expireOne", job) is False

    async def come_closer(ctx: MutationCtx) -> None:
        """Ten years of crons would take the test a while."""
        end = ctx.now_ms() + 5_000
        await ctx.db.patch(period.id, Subscription.expires_at.set(end))
        await ctx.db.patch(period.user_id, User.subscription_expires_at.set(end))

    await shop.app.backend.run(come_closer)
    assert await shop.app.system.call("subscriptions:expireOne", job) is False
    await shop.app.pass_time(seconds=6)
    assert ((await shop.user()).role, (await shop.period()).status) == ("free", "expired")


async def test_the_sweep_ends_what_was_missed(app: Reimaji) -> None:
    """D75: a hundred at a time, and it goes on by itself; equality counts as over."""
    now = app.backend.clock.now_ms()

    async def seed(ctx: MutationCtx) -> None:
        for number in range(230):
            user = await ctx.db.insert(
                User(
                    clerk_user_id=f"u-{number}", email="u@e.test", role="pro",
                    subscription_status="active", subscription_expires_at=now,
                    created_at=0.0, updated_at=0.0,
                )
            )  # fmt: skip
            await ctx.db.insert(
                Subscription(
                    user_id=user, plan="pro_monthly", started_at=0.0, expires_at=now,
                    status="active" if number % 2 else "cancelled", created_at=0.0, updated_at=0.0,
                )
            )  # fmt: skip

    await app.backend.run(seed)
    assert await app.system.call(SWEEP) == 100
    await app.backend.drain()
    assert {row.status for row in await app.rows(Subscription)} == {"expired"}
    roles = [row.role for row in await app.rows(User) if row.clerk_user_id.startswith("u-")]
    assert roles == ["free"] * 230


async def test_admins_and_gifts_outlive_a_subscription(shop: Checkout) -> None:
    """I7, D51, D17: paying and expiry touch neither staff nor complimentary Pro."""
    await shop.buy(shop.app.admin)
    await shop.buy(shop.app.pro)
    assert ((await shop.user("admin-1")).role, (await shop.user("pro-1")).role) == ("admin", "pro")
    await shop.leap(days=31)
    for subject, role in (("admin-1", "admin"), ("pro-1", "pro")):
        user = await shop.user(subject)
        assert (user.role, user.subscription_status) == (role, "expired")


async def test_open_tabs_follow(shop: Checkout) -> None:
    """2.22: payment, cancel and expiry arrive, in one transition with the user's row."""
    async with (
        shop.app.free.subscribe(subscriptions.get_mine) as mine,
        shop.app.free.subscribe(users.me) as me,
        shop.app.free.subscribe(permissions.my) as rights,
    ):
        assert await mine.next() is None
        await me.next()
        assert not (await rights.next()).is_pro
        await shop.buy()
        period, user = await mine.next(), await me.next()
        assert period is not None
        assert user is not None
        assert (period.status, user.role) == ("active", "pro")
        assert (await rights.next()).is_pro
        pushes = mine.pushes
        await shop.buy(shop.app.pro)
        await shop.app.backend.drain()
        assert mine.pushes == pushes
        await shop.app.free.call(CANCEL)
        cancelled = await mine.next()
        assert cancelled is not None
        assert cancelled.status == "cancelled"
        await shop.leap(days=30, seconds=1)
        ended = await mine.next()
        assert ended is not None
        assert (ended.status, ended.is_current) == ("expired", False)


# ---------------------------------------------------------------- reminders


@pytest.mark.parametrize(("days_left", "offset"), [(6.5, 7), (2.9, 3), (0.5, 1)])
async def test_only_the_nearest_reminder_is_sent(
    shop: Checkout, days_left: float, offset: int
) -> None:
    """Whoever is late to hear hears once; the larger ones count as sent."""
    grant = {"clerkUserId": "free-1", "plan": "pro_monthly", "days": 10}
    await shop.app.admin.call("subscriptions:adminGrant", grant)
    period = await shop.period()
    shop.app.backend.clock.advance((10 - days_left) * 86_400)
    assert await shop.app.system.call(REMIND) == 1
    assert await shop.app.system.call(REMIND) == 0
    (mail,) = await shop.mails("renewal_reminder")
    wanted = f"renewal_reminder/{period.id}/{offset * 86_400_000}/{period.expires_at:.0f}"
    assert mail.key == wanted
    assert len(await shop.notices("subscription_expiring")) == 1


async def test_every_offset_reminds_once(shop: Checkout) -> None:
    """The daily cron over a whole month: 7, 3 and 1 days before; a payment begins anew."""
    await shop.buy()
    for _ in range(29):
        await shop.leap(days=1)
    assert len(await shop.notices("subscription_expiring")) == 3
    await shop.buy()
    assert (await shop.period()).reminders_sent is None
    for _ in range(30):
        await shop.leap(days=1)
    assert len(await shop.notices("subscription_expiring")) == 6


async def test_the_cancelled_are_left_alone(shop: Checkout) -> None:
    """They have decided."""
    await shop.buy()
    await shop.app.free.call(CANCEL)
    await shop.leap(days=29)
    assert await shop.notices("subscription_expiring") == []


async def test_reminders_go_on_by_themselves(app: Reimaji) -> None:
    """Two hundred on one day; people who want no e-mails get the notification only."""
    end = app.backend.clock.now_ms() + 86_400_000.0

    async def seed(ctx: MutationCtx) -> None:
        quiet = Preferences(language="en", notifications=False, theme="dark")
        for number in range(150):
            user = await ctx.db.insert(
                User(
                    clerk_user_id=f"u-{number}", email="u@e.test", role="pro", preferences=quiet,
                    subscription_status="active", subscription_expires_at=end,
                    created_at=0.0, updated_at=0.0,
                )
            )  # fmt: skip
            await ctx.db.insert(
                Subscription(
                    user_id=user, plan="pro_monthly", status="active", started_at=0.0,
                    expires_at=end, created_at=0.0, updated_at=0.0,
                )
            )  # fmt: skip

    await app.backend.run(seed)
    assert await app.system.call(REMIND) == 100
    await app.backend.drain()
    assert all(len(row.reminders_sent or []) == 3 for row in await app.rows(Subscription))


# ---------------------------------------------------------------- admins


async def test_admins_can_give_periods(shop: Checkout) -> None:
    """As a payment would, without one."""
    grant: Json = {"clerkUserId": "free-1", "plan": "pro_monthly"}
    first = await shop.app.admin.call("subscriptions:adminGrant", grant)
    period = await shop.period()
    assert (period.id, period.expires_at - period.started_at) == (first, MONTH)
    assert (period.last_payment_at, (await shop.user()).role) == (None, "pro")
    again = {**grant, "plan": "pro_yearly", "days": 5}
    assert await shop.app.system.call("subscriptions:adminGrant", again) == first
    assert (await shop.period()).expires_at == period.expires_at + 5 * 86_400_000


@pytest.mark.parametrize("days", [0, -1, 1.5, 3_651])
async def test_days_are_whole_and_bounded(app: Reimaji, days: float) -> None:
    args = {"clerkUserId": "free-1", "plan": "pro_monthly", "days": days}
    error = await refusal(app.admin.call("subscriptions:adminGrant", args))
    assert (error["code"], error["field"]) == ("INVALID_ARGUMENT", "days")


async def test_only_admins_give_and_take(shop: Checkout) -> None:
    await shop.buy()
    period = (await shop.period()).id
    calls: list[tuple[str, dict[str, Any]]] = [
        ("subscriptions:adminGrant", {"clerkUserId": "free-1", "plan": "pro_monthly"}),
        ("subscriptions:adminCancel", {"subscriptionId": period, "immediate": True}),
        ("subscriptions:adminList", {}),
    ]
    for path, args in calls:
        assert await code_of(shop.app.free.call(path, args)) == "FORBIDDEN"
        assert await code_of(shop.app.visitor.call(path, args)) == "UNAUTHENTICATED"
    unknown = {"clerkUserId": "nobody", "plan": "pro_monthly"}
    call = shop.app.admin.call("subscriptions:adminGrant", unknown)
    assert await code_of(call) == "USER_NOT_FOUND"


async def test_admins_can_end_a_period(shop: Checkout) -> None:
    """At its end, or at once; again is fine."""
    await shop.buy()
    period = await shop.period()
    args = {"subscriptionId": period.id}
    cancel = "subscriptions:adminCancel"
    gentle = {**args, "immediate": False}
    assert await shop.app.admin.call(cancel, gentle) == period.id
    assert ((await shop.period()).status, (await shop.user()).role) == ("cancelled", "pro")
    for _ in range(2):
        assert await shop.app.admin.call(cancel, {**args, "immediate": True}) == period.id
        assert (await shop.user()).role == "free"
        assert (await shop.period()).expires_at == shop.app.backend.clock.now_ms() // 1
    await shop.app.pass_time(hours=1)
    assert (await shop.period()).status == "expired"


async def test_admins_see_every_period(shop: Checkout) -> None:
    await shop.buy()
    await shop.app.pass_time(seconds=1)
    await shop.buy(shop.app.pro, plan="pro_yearly")
    await shop.app.free.call(CANCEL)
    listed = "subscriptions:adminList"
    everything = await shop.app.admin.call(listed)
    assert [row["plan"] for row in everything["subscriptions"]] == ["pro_yearly", "pro_monthly"]
    for status, count in (("active", 1), ("cancelled", 1), ("expired", 0)):
        page = await shop.app.admin.call(listed, {"status": status, "limit": 1})
        assert (len(page["subscriptions"]), page["nextCursor"]) == (count, None)


# ---------------------------------------------------------------- accounts


async def test_a_deleted_account_has_no_access(shop: Checkout) -> None:
    """Journey 15: cancelled at once; nobody is told, the billing rows stay."""
    await shop.buy()
    gone = {"clerkUserId": "free-1", "eventTimestamp": 1.0}
    await shop.app.system.call("users:deleteFromClerk", gone)
    period, user = await shop.period(), await shop.user()
    assert (period.status, user.role) == ("cancelled", "free")
    assert period.expires_at == shop.app.backend.clock.now_ms() // 1
    await shop.leap(days=40)
    assert (await shop.period()).status == "expired"
    assert await shop.notices("subscription_expired") == []
    assert len((await shop.app.admin.call("transactions:adminList"))["transactions"]) == 1


async def test_a_paying_user_cannot_be_made_free(shop: Checkout) -> None:
    """D09."""
    await shop.buy()
    args = {"clerkUserId": "free-1", "role": "free"}
    error = await refusal(shop.app.admin.call("users:updateRole", args))
    assert error["code"] == "ACTIVE_SUBSCRIPTION"
    assert error["expiresAt"] == (await shop.period()).expires_at
