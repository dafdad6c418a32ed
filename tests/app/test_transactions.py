"""Buying: the server's prices, one invoice per double click, and what Xendit's faults do."""

from __future__ import annotations

import asyncio
import base64
import re
from typing import Any

import pytest

from reactor.errors import DeveloperError
from schema import Transaction
from tests.app.checkout import BASE, MONTH, Checkout
from tests.app.support import Json, Reimaji, code_of, refusal

CREATE = "transactions:createInvoice"
MONTHLY: Json = {"plan": "pro_monthly"}

# ---------------------------------------------------------------- what is bought


@pytest.mark.parametrize(
    ("args", "amount"),
    [
        ({"amount": 99_000, "description": "Pro"}, 99_000),
        ({"amount": 990_000}, 990_000),
        ({"plan": "pro_yearly"}, 990_000),
        ({"plan": "pro_yearly", "amount": 990_000}, 990_000),
    ],
)
async def test_a_plan_or_its_price_buys_it(shop: Checkout, args: Json, amount: int) -> None:
    """Journey 5, D70: the seed's arguments and the plain ones."""
    answer = await shop.app.free.call(CREATE, args)
    (invoice,) = await shop.invoices()
    assert answer["paymentUrl"] == invoice["invoice_url"]
    assert invoice["amount"] == amount
    assert isinstance(answer["expiresAt"], float)
    row = await shop.transaction(answer["transactionId"])
    assert (row.status, row.amount, row.currency) == ("PENDING", amount, "IDR")
    assert answer["expiresAt"] == row.expires_at


@pytest.mark.parametrize(
    ("args", "plan", "expected"),
    [
        ({"amount": 1}, "pro_monthly", 99_000),
        ({"amount": -99_000}, "pro_monthly", 99_000),
        ({"amount": 989_999}, "pro_yearly", 990_000),
        ({"amount": 99_000, "plan": "pro_yearly"}, "pro_yearly", 990_000),
    ],
)
async def test_the_server_names_the_price(
    shop: Checkout, args: Json, plan: str, expected: int
) -> None:
    """D50."""
    error = await refusal(shop.app.free.call(CREATE, args))
    assert (error["code"], error["plan"], error["expectedAmount"]) == (
        "PRICE_MISMATCH",
        plan,
        expected,
    )
    assert await shop.app.rows(Transaction) == []


@pytest.mark.parametrize(
    ("args", "field"),
    [
        ({}, "plan"),
        ({**MONTHLY, "description": " "}, "description"),
        ({**MONTHLY, "description": "x" * 201}, "description"),
    ],
)
async def test_what_is_missing_or_too_long_is_named(shop: Checkout, args: Json, field: str) -> None:
    error = await refusal(shop.app.free.call(CREATE, args))
    assert (error["code"], error["field"]) == ("INVALID_ARGUMENT", field)


async def test_the_buyer_is_the_caller(shop: Checkout) -> None:
    """D68: by Clerk id or the id of the account, and nobody else."""
    app = shop.app
    other, mine = await shop.user("pro-1"), await shop.user()
    for who in (other.id, "pro-1", "nobody", ""):
        error = await refusal(app.free.call(CREATE, {**MONTHLY, "userId": who}))
        assert (error["code"], error["field"]) == ("IDENTITY_MISMATCH", "userId")
    named = {**MONTHLY, "clerkUserId": "pro-1"}
    assert await code_of(app.free.call(CREATE, named)) == "IDENTITY_MISMATCH"
    assert await code_of(app.visitor.call(CREATE, MONTHLY)) == "UNAUTHENTICATED"
    assert await code_of(app.signed_in("new-1").call(CREATE, MONTHLY)) == "USER_NOT_FOUND"
    assert await code_of(app.system.call(CREATE, MONTHLY)) == "INVALID_ARGUMENT"
    assert await app.rows(Transaction) == []
    for who in (mine.id, "free-1"):
        await app.free.call(CREATE, {**MONTHLY, "userId": who})
    for who in (other.id, "pro-1"):
        await app.admin.call(CREATE, {**MONTHLY, "userId": who})
    owners = [row.user_id for row in await app.rows(Transaction)]
    assert sorted(owners) == sorted([mine.id, other.id])


async def test_xendit_gets_the_documented_request(shop: Checkout) -> None:
    """D66, D67, D72: JSON as documented, a number that nobody can guess, the way back."""
    bought = await shop.order(plan="pro_monthly", description="Untuk tim")
    row = await shop.transaction(bought)
    (request,) = await shop.requests()
    assert request["path"].rstrip("/") == "/v2/invoices"
    basic = base64.b64encode(b"xnd_test:").decode()
    assert request["headers"]["authorization"] == f"Basic {basic}"
    assert re.fullmatch(r"INV_20260101_[A-Z2-7]{20}", row.external_id)
    app = "http://localhost:3000/billing"
    assert request["body"] == {
        "external_id": row.external_id,
        "amount": 99_000,
        "currency": "IDR",
        "description": "Untuk tim",
        "payer_email": "free-1@example.test",
        "invoice_duration": 86_400,
        "should_send_email": True,
        "customer": {"given_names": "free-1", "email": "free-1@example.test"},
        "items": [{"name": "Reimaji Pro Bulanan", "price": 99_000, "quantity": 1}],
        "success_redirect_url": f"{app}/success?invoice_id={row.external_id}",
        "failure_redirect_url": f"{app}/failed?invoice_id={row.external_id}",
        "metadata": {"transactionId": bought},
    }


async def test_without_a_key_nothing_is_sold(app: Reimaji) -> None:
    """Both ways say so before anything is stored."""
    for path in (CREATE, "transactions:requestInvoice"):
        error = await refusal(app.free.call(path, MONTHLY))
        assert (error["code"], error["provider"]) == ("PROVIDER_NOT_CONFIGURED", "xendit")
    assert await app.rows(Transaction) == []


# ---------------------------------------------------------------- one invoice


async def test_parallel_clicks_make_one_invoice(shop: Checkout) -> None:
    """D69."""
    await shop.break_xendit("POST /v2/invoices*", delayMs=1500)
    answers = await asyncio.gather(*(shop.app.free.call(CREATE, MONTHLY) for _ in range(5)))
    assert len({answer["transactionId"] for answer in answers}) == 1
    assert len({answer["paymentUrl"] for answer in answers}) == 1
    assert len(await shop.invoices()) == 1


async def test_an_open_invoice_is_given_again(shop: Checkout) -> None:
    """Until it is too late to pay it; another plan is another invoice."""
    first = await shop.order()
    assert await shop.order() == first
    assert await shop.order(plan="pro_yearly") != first
    await shop.leap(hours=23, minutes=59, seconds=1)
    assert await shop.order() != first
    assert len(await shop.invoices()) == 3


async def test_a_paid_invoice_is_not_given_again(shop: Checkout) -> None:
    """Somebody renews a day after."""
    first = await shop.buy()
    assert await shop.order() != first


async def test_a_new_price_is_a_new_invoice(shop: Checkout) -> None:
    """The open one stays payable at the price it was made for."""
    first = await shop.order()
    row = await shop.transaction(first)

    async def cheapen(ctx: Any) -> None:
        await ctx.db.patch(row.id, Transaction.amount.set(1))

    await shop.app.backend.run(cheapen)
    assert await shop.order() != first


async def test_a_mutation_can_order_too(shop: Checkout) -> None:
    """The address of the pay page arrives in the open tab."""
    asked = await shop.app.free.call("transactions:requestInvoice", MONTHLY)
    again = await shop.app.free.call("transactions:requestInvoice", MONTHLY)
    assert asked == again
    await shop.app.backend.drain()
    row = await shop.app.free.call("transactions:get", asked)
    assert row["paymentUrl"].startswith(f"{BASE}/xendit/web/")
    assert len(await shop.invoices()) == 1


async def test_an_order_that_died_is_given_up_after_a_minute(shop: Checkout) -> None:
    """D69: the server stopped between our row and Xendit's answer; late money finds the row."""
    args = {"clerkUserId": "free-1", **MONTHLY, "description": "Pro"}
    dead = (await shop.app.system.call("transactions:reserve", args))["transactionId"]
    error = await refusal(shop.app.free.call(CREATE, MONTHLY))
    assert error == {**error, "code": "PAYMENT_PROVIDER_ERROR", "retryable": True}
    await shop.app.pass_time(seconds=50)
    fresh = await shop.order()
    assert fresh != dead
    assert (await shop.transaction(dead)).status == "FAILED"
    await shop.callback(await shop.paid(dead, id="inv-late"))
    assert (await shop.transaction(dead)).status == "PAID"
    assert (await shop.period()).status == "active"


# ---------------------------------------------------------------- faults


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 503, "times": 2},
        {"status": 429},
        {"mode": "drop_before"},
        {"mode": "drop_after"},
        {"status": 200, "body": "no JSON"},
    ],
)
async def test_a_passing_fault_is_got_over(shop: Checkout, fault: Json) -> None:
    """The invoice that a lost answer left is adopted: there is one, not two."""
    await shop.break_xendit("POST /v2/invoices*", **fault)
    bought = await shop.order()
    (invoice,) = await shop.invoices()
    assert (await shop.transaction(bought)).xendit_invoice_id == invoice["id"]
    assert shop.pauses == [1.0, 3.0][: fault.get("times", 1)]


async def test_nothing_is_sent_again_blindly(shop: Checkout) -> None:
    """Xendit made the invoice and then went away: while we cannot look, we do not ask twice."""
    await shop.break_xendit("POST /v2/invoices*", mode="drop_after")
    await shop.break_xendit("GET /v2/invoices*", status=500, times=2)
    error = await refusal(shop.app.free.call(CREATE, MONTHLY))
    assert (error["code"], error["retryable"]) == ("PAYMENT_PROVIDER_ERROR", True)
    (row,) = await shop.app.rows(Transaction)
    assert row.status == "FAILED"
    (invoice,) = await shop.invoices()
    await shop.control(f"/xendit/_sandbox/invoices/{invoice['id']}/pay")
    await shop.app.backend.drain()
    assert (await shop.transaction(row.id)).status == "PAID"
    assert (await shop.period()).status == "active"


async def test_an_outage_ends_after_three_tries(shop: Checkout) -> None:
    """D71; the next click begins anew."""
    await shop.break_xendit("POST /v2/invoices*", status=503, times=3)
    error = await refusal(shop.app.free.call(CREATE, MONTHLY))
    assert error["message"] == "Failed to create invoice"
    assert (error["code"], error["retryable"]) == ("PAYMENT_PROVIDER_ERROR", True)
    assert len(await shop.requests()) == 3
    (row,) = await shop.app.rows(Transaction)
    assert row.status == "FAILED"
    assert row.failure_reason is not None
    assert "503" in row.failure_reason
    assert await shop.order() != row.id


async def test_a_refusal_is_final(shop: Checkout) -> None:
    """A request that Xendit dislikes is not sent three times."""
    await shop.break_xendit("POST /v2/invoices*", status=403, body={"error_code": "FORBIDDEN"})
    error = await refusal(shop.app.free.call(CREATE, MONTHLY))
    assert (error["code"], error["retryable"]) == ("PAYMENT_PROVIDER_ERROR", False)
    assert len(await shop.requests()) == 1


async def test_an_ordered_invoice_that_fails_shows_it(shop: Checkout) -> None:
    """`requestInvoice` has answered by then."""
    await shop.break_xendit("POST /v2/invoices*", status=400)
    asked = await shop.app.free.call("transactions:requestInvoice", MONTHLY)
    await shop.app.backend.drain()
    assert (await shop.app.free.call("transactions:get", asked))["status"] == "FAILED"


async def test_an_invoice_belongs_to_one_transaction(shop: Checkout) -> None:
    """I5."""
    first = await shop.order()
    second = await shop.order(plan="pro_yearly")
    attach = {
        "transactionId": second,
        "xenditInvoiceId": (await shop.transaction(first)).xendit_invoice_id,
        "paymentUrl": "https://pay.test/",
        "expiresAt": 1.0,
        "currency": "IDR",
    }
    system = shop.app.system
    assert await code_of(system.call("transactions:attachInvoice", attach)) == "CONFLICT"
    attach |= {"transactionId": first, "currency": "USD"}
    assert await code_of(system.call("transactions:attachInvoice", attach)) == "CONFLICT"


# ---------------------------------------------------------------- lost callbacks


async def test_lost_callbacks_are_made_up_for(shop: Checkout) -> None:
    """Journey 10: reconcile finds the payment, and the late callback is a duplicate."""
    bought = await shop.order()
    await shop.move(bought, callback=False)
    ask = {"olderThanMs": 0}
    done = await shop.app.system.call("transactions:reconcile", ask)
    assert done == {"checked": 1, "paid": 1, "expired": 0}
    assert (await shop.period()).status == "active"
    answer = await shop.callback(await shop.paid(bought))
    assert answer.headers["x-reimaji-outcome"] == "duplicate"
    assert (await shop.period()).expires_at == (await shop.period()).started_at + MONTH
    done = await shop.app.system.call("transactions:reconcile", ask)
    assert done == {"checked": 0, "paid": 0, "expired": 0}


async def test_the_cron_makes_up_for_them(shop: Checkout) -> None:
    """Every 15 minutes, for what is older than ten."""
    bought = await shop.order()
    await shop.move(bought, callback=False)
    await shop.app.pass_time(minutes=31)
    assert (await shop.transaction(bought)).status == "PAID"


async def test_unpaid_invoices_are_closed(shop: Checkout) -> None:
    bought = await shop.order()
    await shop.move(bought, "expire", callback=False)
    done = await shop.app.system.call("transactions:reconcile", {"olderThanMs": 0})
    assert done == {"checked": 1, "paid": 0, "expired": 1}
    assert (await shop.transaction(bought)).status == "EXPIRED"


async def test_an_invoice_we_never_heard_of_is_adopted(shop: Checkout) -> None:
    """The server stopped after Xendit made it: paid or not, it is found by our number."""
    system, args = shop.app.system, {"clerkUserId": "free-1", **MONTHLY, "description": "Pro"}
    reserved = await system.call("transactions:reserve", args)
    bought = reserved["transactionId"]
    nothing = await system.call("transactions:reserve", {**args, "plan": "pro_yearly"})
    invoice = await shop.lose_answer(reserved["externalId"])
    await system.call("transactions:reconcile", {"olderThanMs": 0})
    row = await shop.transaction(bought)
    assert (row.status, row.xendit_invoice_id) == ("PENDING", invoice)
    assert (await shop.transaction(nothing["transactionId"])).status == "FAILED"


async def test_failed_orders_that_were_paid_are_found(shop: Checkout) -> None:
    """We gave up, Xendit had made the invoice, its mail led to the money, its callback got lost."""
    await shop.break_xendit("POST /v2/invoices*", mode="drop_after")
    await shop.break_xendit("GET /v2/invoices*", status=500, times=2)
    await code_of(shop.app.free.call(CREATE, MONTHLY))
    (invoice,) = await shop.invoices()
    pay = f"/xendit/_sandbox/invoices/{invoice['id']}/pay"
    await shop.control(pay, {"callback": False})
    done = await shop.app.system.call("transactions:reconcile", {"olderThanMs": 0})
    assert done["paid"] == 1
    assert (await shop.period()).status == "active"


async def test_an_outage_stops_the_reconciliation(shop: Checkout) -> None:
    """It does not knock at a closed door for each of a thousand rows, and gives up on none."""
    for number in range(6):
        await shop.app.join(f"buyer-{number}")
        await shop.order(shop.app.signed_in(f"buyer-{number}"))
    await shop.break_xendit("GET /v2/invoices*", status=503, times=100)
    done = await shop.app.system.call("transactions:reconcile", {"olderThanMs": 0})
    assert done == {"checked": 3, "paid": 0, "expired": 0}
    assert {row.status for row in await shop.app.rows(Transaction)} == {"PENDING"}


# ---------------------------------------------------------------- cancelling


async def test_an_open_invoice_can_be_cancelled(shop: Checkout) -> None:
    bought = await shop.order()
    args = {"transactionId": bought}
    cancel = "transactions:cancelPending"
    assert await code_of(shop.app.pro.call(cancel, args)) == "NOT_FOUND"
    assert await shop.app.free.call(cancel, args) == {"status": "EXPIRED"}
    await shop.app.backend.drain()
    assert (await shop.invoices())[0]["status"] == "EXPIRED"
    assert await code_of(shop.app.free.call(cancel, args)) == "CONFLICT"
    assert await shop.order() != bought


async def test_cancelling_too_late_gives_what_was_paid(shop: Checkout) -> None:
    """Paid a moment ago, and the callback is not here yet."""
    bought = await shop.order()
    await shop.move(bought, callback=False)
    call = shop.app.free.call("transactions:cancelPending", {"transactionId": bought})
    assert await code_of(call) == "CONFLICT"
    assert (await shop.transaction(bought)).status == "PAID"
    assert (await shop.period()).status == "active"


# ---------------------------------------------------------------- the inside


@pytest.mark.parametrize(
    "path",
    [
        "transactions:updateStatus",
        "transactions:reserve",
        "transactions:applyInvoiceEvent",
        "transactions:reconcile",
        "subscriptions:createFromTransaction",
        "subscriptions:activate",
        "subscriptions:checkAndExpire",
        "subscriptions:expireOne",
        "subscriptions:sendRenewalReminders",
    ],
)
async def test_clients_cannot_move_money(app: Reimaji, path: str) -> None:
    """D11, D13: not even admins through the client API."""
    for caller in (app.visitor, app.free, app.admin):
        with pytest.raises(DeveloperError, match="Could not find public function"):
            await caller.call(path, {})


async def test_a_status_can_be_set_by_hand_under_the_same_rules(shop: Checkout) -> None:
    """D54, D56: what the seed's function was for."""
    bought = await shop.order()
    invoice = (await shop.transaction(bought)).xendit_invoice_id
    move = "transactions:updateStatus"
    for status, then in [
        ("ON_HOLD", "PENDING"),
        ("FAILED", "FAILED"),
        ("EXPIRED", "FAILED"),
        ("SETTLED", "PAID"),
        ("EXPIRED", "PAID"),
        ("PAID", "PAID"),
    ]:
        args = {"xenditInvoiceId": invoice, "status": status}
        assert await shop.app.system.call(move, args) == bought
        assert (await shop.transaction(bought)).status == then
    period = await shop.period()
    assert period.expires_at - period.started_at == MONTH
    unknown = {"xenditInvoiceId": "x", "status": "PAID"}
    assert await code_of(shop.app.system.call(move, unknown)) == "NOT_FOUND"


async def test_a_payment_is_applied_once(shop: Checkout) -> None:
    """D11, I5: the seed's two ways in add nothing."""
    system = shop.app.system
    bought = await shop.order()
    row = await shop.transaction(bought)
    again, activate = "subscriptions:createFromTransaction", "subscriptions:activate"
    by_number = {"externalId": row.external_id, "userId": "whoever", "startedAt": 1}
    invalid = "INVALID_TRANSACTION"
    assert await code_of(system.call(again, {"transactionId": bought})) == invalid
    assert await code_of(system.call(activate, by_number)) == invalid
    assert await code_of(system.call(activate, {"externalId": "x"})) == "NOT_FOUND"
    await shop.move(bought)
    period = await shop.period()
    assert await system.call(again, {"transactionId": bought}) == bought
    assert await system.call(activate, by_number) == period.id
    assert (await shop.period()).expires_at == period.expires_at
