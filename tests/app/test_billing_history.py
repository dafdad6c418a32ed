"""Looking at one's payments: history, redirect page, receipts; and that they are private."""

from __future__ import annotations

from functions import transactions
from tests.app.checkout import Checkout
from tests.app.support import code_of


async def test_transactions_are_their_owners(shop: Checkout) -> None:
    """D72; other people's do not exist, admins see all."""
    app = shop.app
    bought = await shop.buy()
    number = (await shop.transaction(bought)).external_id
    for caller in (app.free, app.admin, app.system):
        shown = await caller.call("transactions:get", {"transactionId": bought})
        assert shown["_id"] == bought
        assert "appliedAt" not in shown
        found = await caller.call("transactions:getByExternalId", {"externalId": number})
        assert found == shown
    get = ("transactions:get", {"transactionId": bought})
    assert await code_of(app.pro.call(*get)) == "NOT_FOUND"
    assert await code_of(app.visitor.call(*get)) == "UNAUTHENTICATED"
    found = await app.pro.call("transactions:getByExternalId", {"externalId": number})
    assert found is None
    missing = await app.free.call("transactions:getByExternalId", {"externalId": "INV_x"})
    assert missing is None


async def test_a_receipt_is_for_what_was_paid(shop: Checkout) -> None:
    bought = await shop.order()
    ask = ("transactions:getReceipt", {"transactionId": bought})
    assert await code_of(shop.app.free.call(*ask)) == "NOT_FOUND"
    await shop.move(bought)
    assert await code_of(shop.app.pro.call(*ask)) == "NOT_FOUND"
    receipt = await shop.app.free.call(*ask)
    row = await shop.transaction(bought)
    assert receipt == {
        "number": row.external_id,
        "issuedAt": row.paid_at,
        "billedTo": {"name": "free-1@example.test", "email": "free-1@example.test"},
        "item": "Reimaji Pro Bulanan",
        "amount": 99_000,
        "currency": "IDR",
        "paidAt": row.paid_at,
        "paymentMethod": "BANK_TRANSFER",
        "periodStart": row.period_start,
        "periodEnd": row.period_end,
    }


async def test_billing_history_is_listed_newest_first(shop: Checkout) -> None:
    bought: list[str] = []
    for _ in range(5):
        bought.insert(0, await shop.buy())
        await shop.app.pass_time(seconds=1)
    await shop.buy(shop.app.pro)
    first = await shop.app.free.call("transactions:listMine", {"limit": 3})
    rest = await shop.app.free.call("transactions:listMine", {"cursor": first["nextCursor"]})
    assert [row["_id"] for row in first["transactions"] + rest["transactions"]] == bought
    assert rest["nextCursor"] is None
    everything = await shop.app.admin.call("transactions:adminList", {"status": "PAID"})
    assert len(everything["transactions"]) == 6
    assert len((await shop.app.admin.call("transactions:adminList"))["transactions"]) == 6
    assert await code_of(shop.app.free.call("transactions:adminList")) == "FORBIDDEN"


async def test_history_follows_ones_own_payments(shop: Checkout) -> None:
    """2.22: own changes push, other people's do not even re-run it."""
    async with shop.app.free.subscribe(transactions.list_mine) as history:
        assert (await history.next()).transactions == []
        bought = await shop.order()
        await shop.app.backend.drain()
        await shop.move(bought)
        shown = await history.next()
        while not shown.transactions or shown.transactions[0].status != "PAID":
            shown = await history.next()
        pushes = history.pushes
        await shop.buy(shop.app.pro)
        await shop.app.backend.drain()
        assert history.pushes == pushes
