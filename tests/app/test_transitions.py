"""What arrives together: all that a payment writes reaches an open client in one message."""

from __future__ import annotations

import json
from typing import Any

from starlette.types import Message

from reactor.edge.asgi import AsgiSync
from tests.app.checkout import Checkout
from tests.app.support import ENV, Json

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
