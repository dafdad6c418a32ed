"""The demo invoices, sessions, notifications and e-mails: as the functions would have left them."""

from __future__ import annotations

import re
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

import schema
from functions import analytics, demo
from functions._demo import PEOPLE
from functions._demo.playground import SESSIONS
from functions._demo.shapes import prose
from functions._env import Env
from functions._templates import render_row
from functions.constants import DAY_MS, NOTICES
from functions.utils import day_key, start_of_day
from reactor import MutationCtx
from reactor.testing import Harness, open_harness
from tests.app.support import all_of

OFFSET = 420


@pytest.fixture
async def backend() -> AsyncIterator[Harness]:
    env = {"CLERK_JWT_ISSUER_DOMAIN": "https://issuer.test"}
    async with open_harness(schema=schema, functions="functions", env=env) as harness:
        await harness.mutation(demo.seed)
        yield harness


async def present(ctx: MutationCtx) -> float:
    return ctx.now_ms()


async def the_settings(ctx: MutationCtx) -> Env:
    return ctx.env(Env)


async def test_a_recount_finds_nothing_to_correct(backend: Harness) -> None:
    """Counters and daily numbers are what the rows add up to, so the dashboard is right."""
    await backend.advance(timedelta(minutes=1))
    assert (await backend.action(analytics.recount)).fixed == []


# ---------------------------------------------------------------- money


async def test_invoices_of_all_states(backend: Harness) -> None:
    """Billing history and the admin's tabs have each state, with what belongs to it."""
    now = await backend.run(present)
    bills = await all_of(backend, schema.Transaction)
    states = Tally(bill.status for bill in bills)
    assert states == {"PAID": 5, "EXPIRED": 3, "FAILED": 2, "PENDING": 2}
    assert len({bill.external_id for bill in bills}) == 12
    made = [bill.xendit_invoice_id for bill in bills if bill.xendit_invoice_id is not None]
    assert len(set(made)) == len(made) == 8
    for bill in bills:
        day = day_key(bill.created_at, OFFSET).replace("-", "")
        assert re.fullmatch(rf"INV_{day}_[A-Z2-7]{{20}}", bill.external_id)
        assert bill.amount == {"pro_monthly": 99_000, "pro_yearly": 990_000}[bill.plan]
        assert bill.currency == "IDR"
        assert bill.created_at <= bill.updated_at <= now
        assert (bill.xendit_invoice_id is None) == (bill.payment_url is None)
        assert (bill.status in ("FAILED", "PENDING")) == (bill.xendit_invoice_id is None)
        assert (bill.status == "FAILED") == (bill.failure_reason is not None)
        is_paid = bill.status == "PAID"
        for value in (bill.paid_at, bill.applied_at, bill.paid_amount, bill.subscription_id):
            assert (value is not None) == is_paid
        if bill.status == "PENDING":
            assert bill.expires_at > now
        if bill.status == "EXPIRED":
            assert bill.expires_at == bill.updated_at


async def test_each_period_was_paid_once(backend: Harness) -> None:
    """An invoice and its subscription name each other and agree about the time bought."""
    bills = {row.id: row for row in await all_of(backend, schema.Transaction)}
    periods = await all_of(backend, schema.Subscription)
    paid = [bill for bill in bills.values() if bill.status == "PAID"]
    assert {bill.subscription_id for bill in paid} == {period.id for period in periods}
    for period in periods:
        assert period.last_transaction_id is not None
        bill = bills[period.last_transaction_id]
        assert bill.subscription_id == period.id
        assert (bill.user_id, bill.plan) == (period.user_id, period.plan)
        assert bill.amount == bill.paid_amount
        assert (bill.period_start, bill.period_end) == (period.started_at, period.expires_at)
        assert bill.paid_at == bill.applied_at == period.last_payment_at == period.started_at
        assert (period.next_billing_at is not None) == (period.status == "active")
        assert (period.cancelled_at is not None) == (period.status == "cancelled")
        reminded = [f"{days * DAY_MS}:{period.expires_at:.0f}" for days in (7, 3, 1)]
        assert period.reminders_sent == (reminded if period.status == "expired" else None)


async def test_users_mirror_their_latest_subscription(backend: Harness) -> None:
    """Status and end of a user are those of the latest row; one current row at most."""
    now = await backend.run(present)
    periods = defaultdict[str, list[schema.Subscription]](list)
    for period in await all_of(backend, schema.Subscription):
        periods[period.user_id].append(period)
        assert (period.status == "expired") == (period.expires_at <= now)
    for user in await all_of(backend, schema.User):
        mine = sorted(periods[user.id], key=lambda period: period.expires_at)
        assert user.subscription_expires_at == (mine[-1].expires_at if mine else None)
        assert user.subscription_status == (mine[-1].status if mine else "trial")
        current = [period for period in mine if period.expires_at > now]
        assert len(current) <= 1
        if user.role != "admin":
            assert (user.role == "pro") == bool(current or user.manual_pro)


async def test_revenue_is_counted_by_day(backend: Harness) -> None:
    """The dashboard's revenue is what the paid invoices add up to."""
    revenue: Tally[str] = Tally()
    paid: Tally[str] = Tally()
    for bill in await all_of(backend, schema.Transaction):
        if bill.paid_at is not None:
            revenue[day_key(bill.paid_at, OFFSET)] += bill.amount
            paid[day_key(bill.paid_at, OFFSET)] += 1
    stats = await all_of(backend, schema.DailyStats)
    assert {row.day: row.revenue for row in stats if row.revenue} == revenue
    assert {row.day: row.paid_count for row in stats if row.paid_count} == paid
    assert revenue.total() == 4 * 99_000 + 990_000


# ---------------------------------------------------------------- the playground


def test_sessions_are_told_apart() -> None:
    """The gallery has six answers; a session has either an answer or an error."""
    assert sum(item.is_public for item in SESSIONS) == 6
    assert len({item.days_ago for item in SESSIONS}) == len(SESSIONS) == 18
    assert sum(item.failure is not None for item in SESSIONS) == 1
    assert all(bool(prose(item.response)) == (item.failure is None) for item in SESSIONS)
    assert not any(item.is_public for item in SESSIONS if item.failure)


async def test_sessions_are_finished_and_paid_for(backend: Harness) -> None:
    """Nobody has used up today's quota, and costs follow from tokens."""
    today = start_of_day(await backend.run(present), OFFSET)
    people = {row.id: row for row in await all_of(backend, schema.User)}
    asked: Tally[tuple[str, str]] = Tally()
    for row in await all_of(backend, schema.AiSession):
        assert people[row.user_id].created_at < row.created_at < row.updated_at < today
        assert len(row.title) <= 53
        assert row.prompt.startswith(row.title.removesuffix("..."))
        assert (row.title == row.prompt) == (not row.title.endswith("...") or len(row.prompt) < 51)
        rate = {"gpt-4-turbo-preview": 0.01, "gpt-3.5-turbo": 0.002}[row.model]
        assert row.tokens_used == (row.prompt_tokens or 0) + (row.completion_tokens or 0)
        assert row.cost == round(row.tokens_used * rate / 1_000, 8)
        assert (row.status, row.counts_toward_limit) == (
            ("error", False) if row.error else ("done", True)
        )
        assert (row.tokens_used > 0) == (row.status == "done")
        asked[row.user_id, day_key(row.created_at, OFFSET)] += row.counts_toward_limit
    assert max(asked.values()) <= 5


# ---------------------------------------------------------------- the inbox


async def test_notifications_follow_from_what_happened(backend: Harness) -> None:
    """Every payment, expiry, course and announcement has told the right people once."""
    rows = await all_of(backend, schema.Notification)
    assert Tally(row.type_ for row in rows) == {
        "payment_success": 5,
        "payment_expired": 3,
        "subscription_expiring": 6,
        "subscription_expired": 2,
        "course_completed": 1,
        "certificate_issued": 1,
        "system_announcement": 22,
    }
    assert sum(not row.is_read for row in rows) == 15
    assert len({(row.user_id, row.dedupe_key) for row in rows}) == 40
    now = await backend.run(present)
    people = {row.id: row for row in await all_of(backend, schema.User)}
    bills = {f"tx:{row.id}": row for row in await all_of(backend, schema.Transaction)}
    for row in rows:
        user = people[row.user_id]
        assert user.created_at < row.created_at < now
        assert user.preferences is not None
        wording = NOTICES[row.type_][user.preferences.language]
        pattern = re.sub(r"\\{\w+\\}", "(.+)", re.escape(wording.message))
        assert re.fullmatch(pattern, row.message)
        assert "{" not in row.title + row.message
        if row.type_ == "payment_success":
            bill = bills[row.dedupe_key or ""]
            assert (row.user_id, row.created_at) == (bill.user_id, bill.paid_at)


async def test_the_newest_notifications_are_unread(backend: Harness) -> None:
    """Somebody who has read a notification has read the older ones."""
    inboxes = defaultdict[str, list[schema.Notification]](list)
    for row in await all_of(backend, schema.Notification):
        inboxes[row.user_id].append(row)
    assert len(inboxes) == len(PEOPLE)
    for mine in inboxes.values():
        read = [row.is_read for row in sorted(mine, key=lambda row: row.created_at)]
        assert read == sorted(read, reverse=True)


async def test_announcements_count_whom_they_reached(backend: Harness) -> None:
    """`sentCount` is the number of notifications; later members were not told."""
    told = Tally(row.dedupe_key for row in await all_of(backend, schema.Notification))
    announcements = await all_of(backend, schema.Announcement)
    assert [row.sent_count for row in announcements] == [8, 14]
    for row in announcements:
        assert row.sent_count == told[f"ann:{row.id}"]
        assert row.status == "sent"
        assert row.completed_at is not None
        assert row.completed_at > row.created_at


async def test_the_email_log_can_be_rendered_again(backend: Harness) -> None:
    """Each row has one key, its address, and values from which its letter can be written."""
    now = await backend.run(present)
    people = {row.id: row for row in await all_of(backend, schema.User)}
    rows = await all_of(backend, schema.EmailLog)
    assert Tally(row.status for row in rows) == {"sent": 8, "failed": 1, "skipped": 1}
    assert len({row.key for row in rows}) == len(rows) == 10
    settings = await backend.run(the_settings)
    for row in rows:
        assert row.user_id is not None
        assert row.to == people[row.user_id].email
        assert row.key.startswith(f"{row.template}/")
        assert render_row(row, settings).subject == row.subject
        assert now - 90 * DAY_MS < row.created_at <= row.updated_at < now
        assert row.next_attempt_at is None
        assert (row.provider_id is not None) == (row.status == "sent")
        assert (row.last_error is not None) == (row.status != "sent")
