"""What arrives together: all that a payment writes reaches an open client in one message."""

from __future__ import annotations

import json
from typing import Any

from starlette.types import Message

from functions import analytics
from reactor.edge.asgi import AsgiSync
from reactor.testing import Harness
from tests.app.checkout import Checkout
from tests.app.support import ENV, Json
from tests.app.test_pushes import runs

QUERIES: list[tuple[str, Json]] = [
    ("users:me", {}),
    ("subscriptions:getMine", {}),
    ("permissions:my", {}),
    ("transactions:listMine", {}),
    ("notifications:unreadCount", {}),
]


class Tab:
    """A browser's WebSocket to the sync protocol, whose far end a test plays.

    Args:
        shop: whose server it talks to.
        subject: who is signed in.
    """

    def __init__(self, shop: Checkout, subject: str) -> None:
        self._backend = shop.app.backend
        self._incoming: list[Message] = [{"type": "websocket.connect"}]
        self._sent: list[Json] = []
        hub = self._backend.node.hub
        scope: Json = {"type": "websocket", "path": "/api/1.31.0/sync", "headers": []}
        self._task = hub.background.start(AsgiSync(hub)(scope, self._receive, self._send))
        claims = json.dumps({"sub": subject, "iss": ENV["CLERK_JWT_ISSUER_DOMAIN"]})
        self._say(type="Authenticate", baseVersion=0, tokenType="User", value=claims)
        adds = [
            {"type": "Add", "queryId": id, "udfPath": path, "args": [args]}
            for id, (path, args) in enumerate(QUERIES)
        ]
        self._say(type="ModifyQuerySet", baseVersion=0, newVersion=1, modifications=adds)

    async def _receive(self) -> Message:
        while not self._incoming:
            await self._backend.clock.sleep(0)
        return self._incoming.pop(0)

    async def _send(self, message: Message) -> None:
        if "text" in message:
            self._sent.append(json.loads(message["text"]))

    def _say(self, **message: Any) -> None:
        self._incoming.append({"type": "websocket.receive", "text": json.dumps(message)})

    async def transitions(self) -> list[dict[str, Any]]:
        """The values that each message since the last time brought, by query."""
        await self._backend.drain()
        sent, self._sent = self._sent, []
        assert {message["type"] for message in sent} <= {"Transition", "Ping"}, sent
        return [
            {QUERIES[each["queryId"]][0]: each["value"] for each in message["modifications"]}
            for message in sent
            if message["type"] == "Transition" and message["modifications"]
        ]

    async def close(self) -> None:
        self._incoming.append({"type": "websocket.disconnect", "code": 1001})
        await self._backend.drain()


async def test_a_payment_arrives_in_one_transition(shop: Checkout) -> None:
    """2.22: no moment at which a tab shows Pro without the subscription, or a paid bill unpaid."""
    bought = await shop.order()
    tab = Tab(shop, "free-1")
    seen: Json = {}
    for values in await tab.transitions():
        seen |= values
    assert seen["users:me"]["role"] == "free"
    assert seen["subscriptions:getMine"] is None
    await shop.callback(await shop.paid(bought))
    first, *later = await tab.transitions()
    assert set(first) == {path for path, _ in QUERIES}
    me, period = first["users:me"], first["subscriptions:getMine"]
    assert (me["role"], me["subscriptionStatus"], period["status"]) == ("pro", "active", "active")
    assert me["subscriptionExpiresAt"] == period["expiresAt"]
    assert first["permissions:my"]["isPro"] is True
    assert first["transactions:listMine"]["transactions"][0]["status"] == "PAID"
    assert first["notifications:unreadCount"] == 1
    assert later == []
    await shop.callback(await shop.paid(bought))
    assert await tab.transitions() == []
    await tab.close()


async def test_an_end_arrives_in_one_transition(shop: Checkout) -> None:
    """2.22: access, status and the message that it is over come together, at the moment itself."""
    await shop.buy()
    tab = Tab(shop, "free-1")
    await tab.transitions()
    await shop.leap(days=30)
    ended = [values for values in await tab.transitions() if "subscriptions:getMine" in values]
    (values,) = [each for each in ended if each["subscriptions:getMine"]["status"] == "expired"]
    assert (values["users:me"]["role"], values["permissions:my"]["isPro"]) == ("free", False)
    assert values["notifications:unreadCount"] >= 2
    await tab.close()


async def test_other_peoples_billing_costs_nothing(shop: Checkout) -> None:
    """2.22: no subscription of one's own account, period or history runs for anybody else's."""
    app = shop.app
    await shop.order(app.pro, plan="pro_yearly")
    tab = Tab(shop, "free-1")
    await tab.transitions()
    order = {"clerkUserId": "pro-1", "plan": "pro_monthly", "description": "Pro"}
    reserved = (await app.system.call("transactions:reserve", order))["transactionId"]
    grant = {"clerkUserId": "pro-1", "plan": "pro_monthly"}
    period = await app.admin.call("subscriptions:adminGrant", grant)
    invoice = {
        "xenditInvoiceId": "inv-x", "paymentUrl": "https://pay.test", "expiresAt": 9e12,
        "currency": "IDR",
    }  # fmt: skip
    writes: list[tuple[Harness, str, Json]] = [
        (app.system, "transactions:reserve", {**order, "plan": "pro_yearly"}),
        (app.system, "transactions:attachInvoice", {"transactionId": reserved, **invoice}),
        (app.system, "transactions:markFailed", {"transactionId": reserved, "reason": "x"}),
        (app.admin, "subscriptions:adminGrant", grant),
        (app.pro, "subscriptions:cancel", {}),
        (app.pro, "subscriptions:resume", {}),
        (app.admin, "subscriptions:adminCancel", {"subscriptionId": period, "immediate": True}),
        (app.system, "subscriptions:checkAndExpire", {}),
        (app.admin, "users:updateRole", {"clerkUserId": "pro-1", "role": "pro"}),
    ]
    for caller, path, args in writes:
        assert await runs(app, caller, path, args) == 0, path
    assert await tab.transitions() == []
    await tab.close()


async def test_ones_own_changes_arrive(shop: Checkout) -> None:
    """2.22: cancelling, resuming and a new role reach what shows them, in one transition each."""
    app = shop.app
    await shop.buy()
    tab = Tab(shop, "free-1")
    await tab.transitions()
    for path, status in (("cancel", "cancelled"), ("resume", "active")):
        await app.free.call(f"subscriptions:{path}", {})
        (values,) = await tab.transitions()
        assert values["subscriptions:getMine"]["status"] == status
        assert values["users:me"]["subscriptionStatus"] == status
    await app.admin.call("users:updateRole", {"clerkUserId": "free-1", "role": "admin"})
    (values,) = await tab.transitions()
    assert values["users:me"]["role"] == "admin"
    assert values["permissions:my"]["isAdmin"] is True
    (note, *_) = (await app.free.call("notifications:list", {}))["notifications"]
    await app.free.call("notifications:markRead", {"id": note["_id"]})
    assert await tab.transitions() == [{"notifications:unreadCount": 0}]
    await tab.close()


async def test_a_payment_reaches_the_dashboard(shop: Checkout) -> None:
    """2.22: revenue and payments of the window follow without a reload."""
    bought = await shop.order()
    async with shop.app.admin.subscribe(analytics.get_dashboard_stats) as feed:
        first = await feed.next()
        await shop.callback(await shop.paid(bought, paid_at=None))
        assert (await feed.next()).total_revenue == first.total_revenue + 99_000
