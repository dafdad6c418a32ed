"""A payment reaches everything that shows it in one step."""

from __future__ import annotations

import json
import math
from functools import partial

from reactor.edge.asgi import payloads_of
from tests.app.checkout import Checkout
from tests.app.support import Json

OPEN = (
    "users:me",
    "subscriptions:getMine",
    "permissions:my",
    "transactions:listMine",
    "notifications:unreadCount",
)


class Tab:
    """A browser's tab: keeps the transitions of one session."""

    is_paused = False
    last_received = math.inf

    def __init__(self) -> None:
        self.transitions: list[Json] = []

    def ping(self) -> None:
        """Nothing: there is no line to keep alive."""

    def send(self, payload: bytes) -> None:
        message: Json = json.loads(payload)
        assert message["type"] == "Transition", message
        self.transitions.append(message)

    def write(self, frames: bytes) -> None:
        for payload in payloads_of(frames):
            self.send(payload)

    def close(self, code: int | None, reason: str = "") -> None:
        raise AssertionError((code, reason))


async def test_a_payment_is_one_transition(shop: Checkout) -> None:
    """2.22: no tab ever shows a paid invoice beside a free account, or the other way round."""
    order, tab, hub = await shop.order(), Tab(), shop.app.backend.node.hub
    session = hub.connect(tab)
    token = json.dumps({"iss": "https://issuer.test", "sub": "free-1"})
    adding = [
        {"type": "Add", "queryId": number, "udfPath": path, "args": [{}]}
        for number, path in enumerate(OPEN)
    ]
    messages: list[Json] = [
        {"type": "Authenticate", "baseVersion": 0, "tokenType": "User", "value": token},
        {"type": "ModifyQuerySet", "baseVersion": 0, "newVersion": 1, "modifications": adding},
    ]
    for message in messages:
        hub.soon(partial(session.receive, json.dumps(message).encode()))
        await shop.app.backend.drain()
    before = len(tab.transitions)
    await shop.callback(await shop.paid(order))
    await shop.app.backend.drain()
    changed = [
        {part["queryId"]: part for part in each["modifications"]}
        for each in tab.transitions[before:]
        if each["modifications"]
    ]
    assert len(changed) == 1
    assert set(changed[0]) == set(range(len(OPEN)))
    me, subscription, rights, billing, unread = (changed[0][at]["value"] for at in range(len(OPEN)))
    assert (me["role"], subscription["status"], rights["isPro"]) == ("pro", "active", True)
    assert billing["transactions"][0]["status"] == "PAID"
    assert me["subscriptionExpiresAt"] == subscription["expiresAt"]
    assert unread
    session.closed()
