"""Components behind the official clients: seen through the app, addressed by the admin only."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compat.conftest import Connect
from tests.compat.support.client import Kind, RemoteError
from tests.compat.support.server import ADMIN_KEY, Server
from tests.compat.support.wire import Wire

TARGET: Wire = {"name": "votes", "namespace": None}
EVERYTHING: Wire = {"prefix": []}


async def test_a_live_query_follows_what_its_component_stores(
    connect: Connect, server: Server, kind: Kind, name: str
) -> None:
    """The documents are not the app's, but the subscription is pushed all the same."""
    client = await connect(kind, server.url)
    view = client.subscribe("votes:count", poll=name)
    await view.until(0)
    assert await client.mutation("votes:cast", poll=name, who="ada") == 1
    assert await client.mutation("votes:cast", poll=name, who="bob") == 2
    await view.until(2)
    assert view.changes == [0, 1, 2]


async def test_a_mutation_that_fails_takes_its_component_back(
    connect: Connect, server: Server, kind: Kind, name: str
) -> None:
    """Neither the vote nor the use of the limit is left; afterwards three are allowed, not two."""
    client = await connect(kind, server.url)
    with pytest.raises(RemoteError) as failed:
        await client.mutation("votes:cast", poll=name, who="ada", fail=True)
    assert failed.value.data == {"code": "TOO_LATE"}
    assert await client.query("votes:count", poll=name) == 0
    for number, who in enumerate("abc", 1):
        assert await client.mutation("votes:cast", poll=name, who=who) == number
    with pytest.raises(RemoteError) as limited:
        await client.mutation("votes:cast", poll=name, who="d")
    data = limited.value.data
    assert (data["kind"], data["name"]) == ("RateLimited", "votes")
    assert 0 < data["retryAfter"] <= 3_600_000


async def test_clients_do_not_reach_a_component(
    connect: Connect, server: Server, kind: Kind, name: str
) -> None:
    client = await connect(kind, server.url)
    for path in ("items:clear", "aggregate/items:clear"):
        with pytest.raises(RemoteError, match="Could not find public function"):
            await client.mutation(path, target=TARGET, limit=1)


async def test_the_admin_addresses_a_component(connect: Connect, server: Server, name: str) -> None:
    """`npx convex run --component` and the dashboard: over HTTP and over the socket, live."""
    client = await connect("npm", server.url)
    put = {"target": {"name": name, "namespace": None}, "item": "x", "key": ["x"], "value": 1}
    asked: dict[str, Any] = {"path": "items:count", "component": "aggregate"}
    args = {"target": put["target"], "bounds": EVERYTHING}
    with pytest.raises(RemoteError):
        await client.ask("httpFunction", args=args, **asked)
    await client.ask("adminAuth", key=ADMIN_KEY)
    view = client.watch("subscribeIn", args=args, **asked)
    await view.until(0)
    await client.ask("httpFunction", path="items:put", component="aggregate", args=put)
    await view.until(1)
    put["item"] = "y"
    await client.ask("mutationIn", path="items:put", component="aggregate", args=put)
    await view.until(2)
    assert await client.ask("httpFunction", args=args, **asked) == 2
    with pytest.raises(RemoteError, match="Could not find"):
        await client.ask("httpFunction", path="items:count", component="nowhere", args=args)


async def test_a_component_survives_a_crash(
    connect: Connect, own_server: Server, name: str
) -> None:
    client = await connect("npm", own_server.url)
    await client.mutation("votes:cast", poll=name, who="ada")
    own_server.crash()
    own_server.start()
    again = await connect("npm", own_server.url)
    assert await again.query("votes:count", poll=name) == 1
    assert await again.mutation("votes:cast", poll=name, who="bob") == 2
