"""ConvexReactClient through its hooks: useQuery, useMutation, usePaginatedQuery, useConvexAuth."""

from __future__ import annotations

from typing import Any

from tests.compat.conftest import Connect
from tests.compat.support.client import Client, Subscription
from tests.compat.support.proxy import Proxy
from tests.compat.support.server import Server
from tests.compat.support.tokens import Issuer


def rows(value: Any) -> list[float]:
    return [row["rank"] for row in value["results"]]


async def until_rows(client: Client, view: Subscription, expected: list[float]) -> None:
    await client.until(lambda: bool(view.seen) and rows(view.values[-1]) == expected)


async def test_use_query_and_use_mutation(connect: Connect, server: Server, name: str) -> None:
    """Loading, then the value, then the new value."""
    client = await connect("react", server.url)
    view = client.subscribe("counters:get", name=name)
    await view.until(0)
    assert await client.mutation("counters:increment", name=name) == 1
    await view.until(1)
    assert view.changes == ["loading", 0, 1]


async def test_an_optimistic_update_never_flickers(
    connect: Connect, proxy: Proxy, name: str
) -> None:
    """Check 9 through React: old, guess, new, and nothing between."""
    client = await connect("react", proxy.url)
    view = client.subscribe("counters:get", name=name)
    await view.until(0)
    proxy.delay_seconds = 0.3  # React may skip a state that lasts shorter than a render
    args = {"name": name}
    await client.ask("mutation", path="counters:increment", args=args, optimistic="counters:get")
    await view.until(1)
    assert view.changes == ["loading", 0, 99, 1]


async def test_use_paginated_query(connect: Connect, server: Server, name: str) -> None:
    """Check 18 through React: pages load, grow, split and end, and no render shows a row twice."""
    client, other = await connect("react", server.url), await connect("npm", server.url)
    ranks = [float(rank) for rank in range(10, 100, 10)]
    await other.mutation("items:addMany", bucket=name, ranks=ranks)
    view = client.watch("paginate", path="items:page", args={"bucket": name}, initialNumItems=2)
    await until_rows(client, view, [10, 20])
    await client.ask("loadMore", sub=view.number, count=3)
    await until_rows(client, view, [10, 20, 30, 40, 50])
    inside = [11.0, 12.0, 13.0, 14.0, 15.0]
    await other.mutation("items:addMany", bucket=name, ranks=inside)
    await until_rows(client, view, [10, *inside, 20, 30, 40, 50])
    await other.mutation("items:add", bucket=name, rank=12.5)
    expected = [10, 11, 12, 12.5, 13, 14, 15, 20, 30, 40, 50]
    await until_rows(client, view, expected)
    await client.ask("loadMore", sub=view.number, count=50)
    await until_rows(client, view, [*expected, 60, 70, 80, 90])
    assert view.values[-1]["status"] == "Exhausted"
    for value in view.values:
        assert rows(value) == sorted(set(rows(value)))


async def test_signing_in_and_out(connect: Connect, server: Server, issuer: Issuer) -> None:
    """Check 19 through React: useConvexAuth follows the server's confirmation."""
    client = await connect("react", server.url)
    auth, who = client.watch("auth"), client.subscribe("people:whoami")
    await who.until(None)
    client.set_auth([issuer.token("user-1")])
    await who.until("user-1")
    await auth.until({"isAuthenticated": True, "isLoading": False, "isRefreshing": False})
    client.set_auth([None])
    await who.until(None)
