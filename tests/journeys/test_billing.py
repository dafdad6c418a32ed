"""Journeys 5 to 8 and 10: buying Pro, and everything that can happen to a payment."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.journeys.stage import DAY_MS, Stage, Tab, View, invoice_of

MONTHLY, YEARLY = 99_000, 990_000


async def bill(tab: Tab, amount: int = MONTHLY) -> Any:
    """Asks for an invoice, as the first client does."""
    return await tab.action("transactions:createInvoice", amount=amount, description="Pro")


async def buy(stage: Stage, tab: Tab, amount: int = MONTHLY) -> str:
    """Buys on the hosted page, and waits until it counts; the invoice's id."""
    invoice = await bill(tab, amount)
    await stage.pay_on_page(invoice["paymentUrl"])
    row = tab.live("transactions:get", transactionId=invoice["transactionId"])
    await row.shows(lambda value: value["status"] == "PAID")
    return invoice_of(invoice["paymentUrl"])


async def state(tab: Tab) -> dict[str, Any]:
    """All that a payment changes for somebody."""
    names = ("users:me", "subscriptions:getMine", "transactions:listMine", "notifications:list")
    return {name: await tab.query(name) for name in names}


def subscription(tab: Tab) -> View:
    return tab.live("subscriptions:getMine")


async def test_buying_monthly(stage: Stage) -> None:
    """Another tab unlocks by itself, all of it in one step; one receipt comes by mail."""
    tab = await stage.newcomer()
    assert tab.subject is not None
    other = await stage.tab(tab.subject)
    me, mine = other.live("users:me"), subscription(other)
    unread, bills = other.live("notifications:unreadCount"), other.live("transactions:listMine")
    assert (await me.shows(lambda value: value is not None))["role"] == "free"
    await mine.shows(lambda value: value is None)
    before = await unread.shows(lambda value: value is not None)
    together = other.client.watch("watchAll")

    invoice = await bill(tab)
    await stage.pay_on_page(invoice["paymentUrl"])
    paid = await mine.shows(lambda value: value is not None)
    assert (paid["status"], paid["plan"]) == ("active", "pro_monthly")
    assert paid["expiresAt"] - paid["startedAt"] == 30 * DAY_MS
    user = await me.shows(lambda value: value["role"] == "pro")
    assert user["subscriptionExpiresAt"] == paid["expiresAt"]
    await unread.shows(lambda value: value == before + 1)
    listed = await bills.shows(lambda value: value["transactions"][0]["status"] == "PAID")
    assert len(listed["transactions"]) == 1

    for shown in together.values:
        values: list[dict[str, Any]] = [one for one in shown.values() if isinstance(one, dict)]
        role = next(one["role"] for one in values if "clerkUserId" in one)
        periods = [one["status"] for one in values if "isCurrent" in one]
        whole = ["active"] if role == "pro" else []
        assert periods == whole, "the halves of a payment came apart"
    [receipt] = await stage.mails(tab.subject, "payment_confirmation")
    assert "Rp99.000" in receipt["text"]


async def test_redelivery_and_disorder(stage: Stage) -> None:
    """However often and in whatever order the provider calls, a payment counts once."""
    tab = await stage.newcomer()
    assert tab.subject is not None
    invoice = await buy(stage, tab)
    await stage.mails(tab.subject, "payment_confirmation")
    before = await state(tab)
    controls = f"/xendit/_sandbox/invoices/{invoice}/redeliver"
    again = {"times": 5, "parallel": True, "status": "PAID"}
    assert await stage.control("POST", controls, again) == [200] * 5
    for status in ("EXPIRED", "SETTLED"):
        assert await stage.control("POST", controls, {"status": status}) == [200]
    assert await state(tab) == before
    assert before["transactions:listMine"]["transactions"][0]["status"] == "PAID"
    await stage.mails((await stage.newcomer()).subject or "", "welcome")  # the queue has moved on
    assert len(await stage.mails(tab.subject, "payment_confirmation")) == 1


async def test_yearly_on_top_of_monthly(stage: Stage) -> None:
    """A second payment extends the one subscription by its own period."""
    tab, admin = await stage.newcomer(), await stage.admin()
    await buy(stage, tab)
    old = await tab.query("subscriptions:getMine")
    await buy(stage, tab, YEARLY)
    new = await subscription(tab).shows(lambda value: value["plan"] == "pro_yearly")
    assert new["_id"] == old["_id"]
    assert new["expiresAt"] == old["expiresAt"] + 365 * DAY_MS
    assert (await tab.query("users:me"))["subscriptionExpiresAt"] == new["expiresAt"]
    everybody = await admin.query("subscriptions:adminList", limit=100)
    owners = [row["userId"] for row in everybody["subscriptions"]]
    assert owners.count(new["userId"]) == 1


async def test_cancel_and_resume(stage: Stage) -> None:
    """Who cancels keeps what is paid and hears nothing of renewal, until they change their mind."""
    tab, admin = await stage.newcomer(), await stage.admin()
    premium = await admin.query("news:list", isPremium=True, limit=1)
    text = {"path": "news:getById", "id": premium["news"][0]["_id"]}
    grant = {"clerkUserId": tab.subject, "plan": "pro_monthly", "days": 2}
    await admin.mutation("subscriptions:adminGrant", **grant)
    mine, inbox = subscription(tab), tab.live("notifications:list", type="subscription_expiring")
    old = await mine.shows(lambda value: value is not None and value["status"] == "active")

    await tab.mutation("subscriptions:cancel", reason="Too busy")
    shown = await mine.shows(lambda value: value["status"] == "cancelled")
    assert shown["expiresAt"] == old["expiresAt"]
    assert (await tab.query(**text))["content"]
    await stage.system("subscriptions:sendRenewalReminders")
    assert (await tab.query("notifications:list", type="subscription_expiring"))[
        "notifications"
    ] == []

    await tab.mutation("subscriptions:resume")
    await mine.shows(lambda value: value["status"] == "active")
    await stage.system("subscriptions:sendRenewalReminders")
    await inbox.shows(lambda value: len(value["notifications"]) == 1)

    await tab.mutation("subscriptions:cancel")
    await mine.shows(lambda value: value["status"] == "cancelled")
    await buy(stage, tab)
    again = await mine.shows(lambda value: value["status"] == "active")
    assert again["expiresAt"] == old["expiresAt"] + 30 * DAY_MS


async def test_lost_webhook(stage: Stage) -> None:
    """A payment that the provider never told of is found; told late, it counts once."""
    tab = await stage.newcomer()
    invoice = await bill(tab)
    at_provider = f"/xendit/_sandbox/invoices/{invoice_of(invoice['paymentUrl'])}"
    await stage.control("POST", f"{at_provider}/pay", {"callback": False})
    assert await tab.query("subscriptions:getMine") is None

    found = await stage.system("transactions:reconcile", olderThanMs=0)
    assert found["paid"] >= 1
    paid = await subscription(tab).shows(lambda value: value is not None)
    assert paid["status"] == "active"
    before = await state(tab)
    assert await stage.control("POST", f"{at_provider}/redeliver", {}) == [200]
    deliveries = await stage.control("GET", "/xendit/_sandbox/deliveries")
    assert deliveries[-1]["outcome"] == "duplicate"
    assert await state(tab) == before


async def test_parallel_clicks_make_one_invoice(stage: Stage) -> None:
    """D69: whoever clicks five times gets one bill."""
    tabs = [await stage.newcomer()]
    tabs += [await stage.tab(tabs[0].subject) for _ in range(2)]
    invoices = await asyncio.gather(*(bill(tab) for tab in tabs for _ in range(2)))
    assert len({one["transactionId"] for one in invoices}) == 1
    assert len({one["paymentUrl"] for one in invoices}) == 1
    bills = await tabs[0].query("transactions:listMine")
    assert len(bills["transactions"]) == 1
