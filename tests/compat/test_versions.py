"""Check 8: whatever a client does, each Transition starts where the one before it ended."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

import pytest

from tests.compat.conftest import Connect
from tests.compat.support.client import Client, Subscription
from tests.compat.support.proxy import Passed, Proxy
from tests.compat.support.server import Server
from tests.compat.support.tokens import Issuer
from tests.compat.support.wire import timestamp

STEPS = 1000
START = {"querySet": 0, "identity": 0, "ts": "AAAAAAAAAAA="}


def assert_versions_chain(passed: Iterable[Passed]) -> int:
    """Follows the versions of every connection; gives the number of Transitions."""
    at: dict[int, dict[str, Any]] = {}
    count = 0
    for entry in passed:
        if entry.sender == "server" and entry.type == "Transition":
            start, end = entry.message["startVersion"], entry.message["endVersion"]
            assert start == at.get(entry.connection, START)
            assert end["querySet"] >= start["querySet"]
            assert end["identity"] >= start["identity"]
            assert timestamp(end["ts"]) >= timestamp(start["ts"])
            at[entry.connection] = end
            count += 1
    return count


class Walk:
    """A client that adds, removes, writes and signs in and out at random."""

    def __init__(self, client: Client, issuer: Issuer, name: str, seed: int) -> None:
        self.views: dict[str, Subscription] = {}
        self.expected = dict.fromkeys((f"{name} {number}" for number in range(8)), 0)
        self._client = client
        self._tokens = [issuer.token("walker-1"), issuer.token("walker-2")]
        self._random = random.Random(seed)
        self.writes: list[int] = []

    def step(self) -> None:
        """One random step; none waits for an answer."""
        counter = self._random.choice(sorted(self.expected))
        action = self._random.choices(["write", "toggle", "sign in", "sign out"], [5, 4, 1, 1])[0]
        if action == "write":
            args = {"name": counter}
            self.writes.append(self._client.post("mutation", path="counters:increment", args=args))
            self.expected[counter] += 1
        elif action == "sign in":
            self._client.set_auth([self._random.choice(self._tokens)])
        elif action == "sign out":
            self._client.post("clearAuth")
        elif counter in self.views:
            self._client.post("unsubscribe", sub=self.views.pop(counter).number)
        else:
            self.views[counter] = self._client.subscribe("counters:get", name=counter)


@pytest.mark.timeout(120)
async def test_a_thousand_random_steps(
    connect: Connect, server: Server, proxy: Proxy, issuer: Issuer, name: str
) -> None:
    """Check 8: versions chain, and in the end the client shows what the server holds."""
    client, other = await connect("npm", proxy.url), await connect("npm", server.url)
    walk = Walk(client, issuer, name, seed=8)
    for number in range(STEPS):
        walk.step()
        if number % 7 == 0:
            await other.mutation("counters:increment", name=f"{name} unrelated")
    for number in walk.writes:
        await client.reply(number, 60)
    for counter, view in walk.views.items():
        await view.until(walk.expected[counter])
    for counter, value in walk.expected.items():
        assert await other.query("counters:get", name=counter) == value
    assert assert_versions_chain(proxy.passed) > 100
    assert len(proxy.links) == 1
    assert client.events("uncaught") == []


async def test_versions_start_over_on_a_new_connection(
    connect: Connect, proxy: Proxy, issuer: Issuer, name: str
) -> None:
    """Check 8: after a reconnect the chain begins at zero again, with queries and identity."""
    client = await connect("npm", proxy.url)
    client.set_auth([issuer.token("user-1")])
    who, view = client.subscribe("people:whoami"), client.subscribe("counters:get", name=name)
    await who.until("user-1")
    await view.until(0)
    proxy.last.abort()
    await proxy.until(lambda: len(proxy.links) == 2)
    assert await client.mutation("counters:increment", name=name) == 1
    await view.until(1)
    assert_versions_chain(proxy.passed)
    again = proxy.messages("client", "ModifyQuerySet", connection=1)[0]
    assert (again["baseVersion"], len(again["modifications"])) == (0, 2)
