"""`POST /webhooks/xendit`: each payment counts once, whatever arrives and in whichever order."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

import schema
from reactor.testing import Harness, open_harness
from schema import DailyStats, Notification, WebhookEvent
from tests.app.checkout import MONTH, TOKEN, YEAR, Checkout
from tests.app.support import Json

OUTCOME = "x-reimaji-outcome"


async def test_a_payment_opens_everything_at_once(shop: Checkout) -> None:
    """Journey 5, D57, D64: access, history, inbox and receipt come with one callback."""
    bought = await shop.order()
    before = shop.app.backend.clock.now_ms()
    done = await shop.move(bought)
    assert [reply["outcome"] for reply in done["replies"]] == ["processed"]
    period, user = await shop.period(), await shop.user()
    assert (period.status, period.plan, user.role) == ("active", "pro_monthly", "pro")
    assert (period.started_at, period.expires_at - period.started_at) == (before // 1, MONTH)
    row = await shop.transaction(bought)
    assert (row.status, row.paid_amount, row.payment_channel) == ("PAID", 99_000, "BCA")
    assert (row.period_start, row.period_end) == (period.started_at, period.expires_at)
    assert row.subscription_id == period.id
    assert len(await shop.notices("payment_success")) == 1
    (mail,) = await shop.mails("payment_confirmation")
    assert mail.key == f"payment_confirmation/{bought}"
    (stats,) = await shop.app.rows(DailyStats)
    assert (stats.paid_count, stats.revenue) == (1, 99_000)


async def test_redeliveries_in_any_order_change_nothing(shop: Checkout) -> None:
    """Journey 6, D54 to D56: five at once, then EXPIRED, then SETTLED."""
    bought = await shop.buy()
    period = await shop.period()
    replies = await shop.move(bought, "redeliver", times=5, parallel=True)
    replies += await shop.move(bought, "redeliver", status="EXPIRED")
    replies += await shop.move(bought, "redeliver", status="SETTLED")
    assert replies == [200] * 7
    assert (await shop.period()).expires_at == period.expires_at
    assert (await shop.transaction(bought)).status == "PAID"
    assert len(await shop.notices("payment_success")) == 1
    assert len(await shop.mails("payment_confirmation")) == 1
    (stats,) = await shop.app.rows(DailyStats)
    assert stats.paid_count == 1


async def test_first_deliveries_at_once_count_once(shop: Checkout) -> None:
    """No delivery has been noted when the others begin, and each commit may be beaten."""
    bought = await shop.order()
    body = await shop.paid(bought)
    shop.app.backend.fail("commit", times=2)
    answers = await asyncio.gather(*(shop.callback(body) for _ in range(8)))
    assert sorted(answer.headers[OUTCOME] for answer in answers) == ["duplicate"] * 7 + [
        "processed"
    ]
    assert (await shop.period()).expires_at == (await shop.period()).started_at + MONTH


async def test_late_money_counts(shop: Checkout) -> None:
    """EXPIRED came first; the customer has paid all the same."""
    bought = await shop.order()
    await shop.move(bought, "expire")
    assert (await shop.transaction(bought)).status == "EXPIRED"
    assert len(await shop.notices("payment_expired")) == 1
    assert await shop.move(bought, "redeliver", status="EXPIRED") == [200]
    assert len(await shop.notices("payment_expired")) == 1
    await shop.move(bought)
    assert (await shop.transaction(bought)).status == "PAID"
    assert (await shop.period()).status == "active"


@pytest.mark.parametrize(
    "lie",
    [
        {"amount": 1},
        {"currency": "USD"},
        {"currency": None},
        {"paid_amount": 98_999},
        {"amount": "99000"},
        {"amount": None},
    ],
)
async def test_another_amount_buys_nothing(shop: Checkout, lie: Json) -> None:
    """D62: ignored, told to the admins, and no obstacle to the right message later."""
    bought = await shop.order()
    answer = await shop.callback(await shop.paid(bought, **lie))
    if isinstance(lie.get("amount"), str):
        assert answer.status_code == 400
    else:
        assert (answer.status_code, answer.headers[OUTCOME]) == (200, "ignored:amount_mismatch")
        assert len(await shop.notices("system_announcement", "admin-1")) == 1
    assert (await shop.transaction(bought)).status == "PENDING"
    assert await shop.periods() == []
    answer = await shop.callback(await shop.paid(bought))
    assert answer.headers[OUTCOME] == "processed"
    (event,) = await shop.app.rows(WebhookEvent)
    assert event.outcome == "processed"


async def test_the_merchants_id_is_nobodys(shop: Checkout) -> None:
    """D58: `user_id` in a callback is Xendit's word for us."""
    bought = await shop.order()
    stranger = await shop.user("pro-1")
    await shop.callback(await shop.paid(bought, user_id=stranger.id))
    assert await shop.periods("pro-1") == []
    assert (await shop.period()).status == "active"


async def test_the_seeds_envelope_is_read_too(shop: Checkout) -> None:
    """D57: `event` and `data` instead of the flat form."""
    bought = await shop.order()
    data = await shop.paid(bought)
    del data["status"]
    answer = await shop.callback({"event": "invoice.paid", "data": data})
    assert answer.headers[OUTCOME] == "processed"
    answer = await shop.callback({"event": "invoice.expired", "data": data})
    assert answer.headers[OUTCOME] == "ignored:already_paid"


async def test_a_callback_may_overtake_the_answer(shop: Checkout) -> None:
    """Found by our number; the invoice id is noted, and the late answer is no conflict."""
    args = {"clerkUserId": "free-1", "plan": "pro_monthly", "description": "Pro"}
    reserved = await shop.app.system.call("transactions:reserve", args)
    bought = reserved["transactionId"]
    answer = await shop.callback(await shop.paid(bought, id="inv-1"))
    assert answer.headers[OUTCOME] == "processed"
    attach = {
        "transactionId": bought,
        "xenditInvoiceId": "inv-1",
        "paymentUrl": "https://pay.test/1",
        "expiresAt": 1.0,
        "currency": "IDR",
    }
    await shop.app.system.call("transactions:attachInvoice", attach)
    row = await shop.transaction(bought)
    assert (row.status, row.xendit_invoice_id) == ("PAID", "inv-1")


async def test_unknown_statuses_are_ignored(shop: Checkout) -> None:
    """Xendit may invent some."""
    bought = await shop.order()
    answer = await shop.callback(await shop.paid(bought, status="ON_HOLD"))
    assert (answer.status_code, answer.headers[OUTCOME]) == (200, "ignored:status")
    assert (await shop.transaction(bought)).status == "PENDING"


async def test_unknown_invoices_are_asked_for_again(shop: Checkout) -> None:
    """D61: 404 makes Xendit try later, and nothing is noted that could be in the way then."""
    answer = await shop.callback({"id": "x", "status": "PAID"})
    assert (answer.status_code, answer.text) == (404, "Unknown invoice")
    assert await shop.app.rows(WebhookEvent) == []


@pytest.mark.parametrize("token", [None, "", "wrong", TOKEN + "x", "t\u00f6ken"])
async def test_a_wrong_token_is_refused_before_the_body(shop: Checkout, token: Any) -> None:
    """D60."""
    shown = token.encode() if isinstance(token, str) else None
    headers: Any = {} if shown is None else {b"x-callback-token": shown}
    answer = await shop.app.backend.post("/webhooks/xendit", content=b"{", headers=headers)
    assert (answer.status_code, answer.text) == (401, "Invalid signature")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"PAID"',
        b"\xff\xfe",
        b'{"status": "PAID"}',
        b'{"id": "x"}',
        b'{"id": 5, "status": "PAID"}',
        b'{"id": "x", "status": 5}',
        b'{"id": "x", "status": "PAID", "amount": NaN}',
        b'{"id": "\\ud800", "status": "PAID"}',
        b'{"event": "invoice.paid", "data": {}}',
        b'{"event": "other", "data": {"id": "x"}}',
        b"[" * 100_000,
    ],
)
async def test_malformed_bodies_are_not_asked_for_again(shop: Checkout, body: bytes) -> None:
    """D61: what can never be read would come for a day."""
    answer = await shop.callback(body)
    assert (answer.status_code, answer.text) == (400, "Invalid payload")


async def test_odd_fields_are_no_obstacle(shop: Checkout) -> None:
    """Names that no document may have, numbers of any size, half characters elsewhere."""
    bought = await shop.order()
    body = await shop.paid(bought, **{"$odd": {"\u00e9": 10**40}}, merchant_name="\ud800")
    answer = await shop.callback(json.dumps(body).encode())
    assert (answer.status_code, answer.headers[OUTCOME]) == (200, "processed")


async def test_huge_bodies_are_refused(shop: Checkout) -> None:
    """1 MiB is a thousand times what Xendit sends."""
    answer = await shop.callback(b" " * (1024 * 1024 + 1))
    assert answer.status_code == 413


async def test_what_is_kept_of_a_payload_is_bounded(shop: Checkout) -> None:
    """The log is for reading."""
    bought = await shop.order()
    await shop.callback(await shop.paid(bought, note="\u00e9" * 100_000))
    (event,) = await shop.app.rows(WebhookEvent)
    assert len(event.payload.encode()) <= 64 * 1024


@pytest.mark.parametrize("paid_at", ["yesterday", "", "2999-01-01T00:00:00Z", None, "9999-12-31"])
async def test_a_bad_date_is_now(shop: Checkout, paid_at: str | None) -> None:
    """D74: the period begins when we learn of the payment, in any case."""
    bought = await shop.order()
    await shop.callback(await shop.paid(bought, paid_at=paid_at))
    row, period = await shop.transaction(bought), await shop.period()
    assert row.paid_at == period.started_at == period.last_payment_at


async def test_the_date_of_the_money_is_kept(shop: Checkout) -> None:
    """It says on which day the revenue counts; the period is not shortened by it."""
    bought = await shop.order()
    await shop.leap(days=3)
    await shop.callback(await shop.paid(bought, paid_at="2026-01-01T01:00:00+00:00"))
    row, period = await shop.transaction(bought), await shop.period()
    assert row.paid_at == 1_767_229_200_000
    assert period.started_at == shop.app.backend.clock.now_ms() // 1
    assert [row.day for row in await shop.app.rows(DailyStats) if row.paid_count] == ["2026-01-01"]


async def test_a_deleted_user_has_paid(shop: Checkout) -> None:
    """The money is on record, nobody gets access, the admins are told."""
    bought = await shop.order()
    args = {"clerkUserId": "free-1", "eventTimestamp": 1.0}
    await shop.app.system.call("users:deleteFromClerk", args)
    answer = await shop.callback(await shop.paid(bought))
    assert answer.headers[OUTCOME] == "ignored:user_deleted"
    row = await shop.transaction(bought)
    assert (row.status, row.applied_at) == ("PAID", None)
    assert await shop.periods() == []
    assert (await shop.user()).role == "free"
    assert len(await shop.notices("system_announcement", "admin-1")) == 1
    assert (await shop.callback(await shop.paid(bought))).headers[OUTCOME] == "duplicate"


async def test_failing_mail_does_not_matter(shop: Checkout) -> None:
    """D63: the receipt is queued, and sent when it can be."""
    await shop.control("/_sandbox/faults", {"service": "resend", "status": 500, "times": 50})
    bought = await shop.order()
    assert (await shop.callback(await shop.paid(bought))).status_code == 200


async def test_a_crash_leaves_all_or_nothing(shop: Checkout) -> None:
    """D64: the node dies as it writes; the next delivery does everything."""
    bought = await shop.order()
    body = await shop.paid(bought)
    shop.app.backend.fail("append")
    answer = await shop.app.backend.post(
        "/webhooks/xendit", json=body, headers={"x-callback-token": TOKEN}
    )
    assert (answer.status_code, answer.text) == (500, "Error processing webhook")
    await shop.app.backend.restart()
    assert (await shop.transaction(bought)).status == "PENDING"
    assert await shop.app.rows(Notification) == []
    assert (await shop.callback(body)).headers[OUTCOME] == "processed"
    assert (await shop.period()).status == "active"


async def test_payments_of_two_plans_add_up(shop: Checkout) -> None:
    """Journey 7, D52, D53: yearly on top of monthly, one row, both ends equal."""
    await shop.buy()
    monthly = await shop.period()
    await shop.leap(days=10)
    bought = await shop.buy(plan="pro_yearly")
    period = await shop.period()
    assert (period.id, period.plan) == (monthly.id, "pro_yearly")
    assert period.expires_at == monthly.expires_at + YEAR
    row = await shop.transaction(bought)
    assert (row.period_start, row.period_end) == (monthly.expires_at, period.expires_at)


async def test_without_a_token_nobody_is_believed() -> None:
    """An operator who forgot the variable has not opened the door to an empty header."""
    backend: Harness = open_harness(
        schema=schema,
        functions="functions",
        env={"CLERK_JWT_ISSUER_DOMAIN": "https://issuer.test"},
    )
    async with backend:
        answer = await backend.post("/webhooks/xendit", json={}, headers={"x-callback-token": ""})
        assert answer.status_code == 401
