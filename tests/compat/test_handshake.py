"""Checks 1, 2 and 22: connecting, connecting without saying so, and connecting again."""

from __future__ import annotations

import asyncio

import pytest

from tests.compat.conftest import Connect
from tests.compat.support.client import Kind
from tests.compat.support.proxy import Proxy
from tests.compat.support.server import Server
from tests.compat.support.tokens import Issuer

CLOSES = [(1013, "TooManyConcurrentMutations"), (1011, "InternalServerError"), (1001, "")]


async def test_the_first_value_arrives(
    connect: Connect, proxy: Proxy, kind: Kind, name: str
) -> None:
    """Check 1: each client opens its own path, and gets a value without compression."""
    client = await connect(kind, proxy.url)
    await client.subscribe("counters:get", name=name).until(0)
    request, answer = proxy.last.opening
    if kind == "npm":
        assert request.startswith(b"GET /api/1.48.0/sync ")
        assert b"permessage-deflate" in request
    else:
        assert request.startswith(b"GET /api/sync ")
        assert b"convex-client: python-0.8.1" in request.lower()
    assert b"sec-websocket-extensions" not in answer.lower()


async def test_one_connection_serves_everything(
    connect: Connect, proxy: Proxy, kind: Kind, name: str
) -> None:
    """Check 1: queries, live queries and mutations share a socket that stays."""
    client = await connect(kind, proxy.url)
    view = client.subscribe("counters:get", name=name)
    await view.until(0)
    assert await client.mutation("counters:increment", name=name) == 1
    await view.until(1)
    assert await client.query("counters:get", name=name) == 1
    assert len(proxy.links) == 1


async def test_a_client_that_never_says_connect(
    connect: Connect, proxy: Proxy, issuer: Issuer, name: str
) -> None:
    """Check 2: with `expectAuth` and a late sign-in npm sends no Connect; all works without."""
    client = await connect("npm", proxy.url, expectAuth=True)
    await proxy.until(lambda: len(proxy.links) == 1)
    await asyncio.sleep(0.3)  # the socket opens, and nothing is sent on it
    client.set_auth([issuer.token("user-1")])
    who = client.subscribe("people:whoami")
    await who.until("user-1")
    view = client.subscribe("counters:get", name=name)
    await view.until(0)
    assert await client.mutation("counters:increment", name=name) == 1
    await view.until(1)
    assert (await client.until_event("authChange"))["value"] is True
    assert proxy.messages("client", "Connect") == []


@pytest.mark.parametrize(("code", "reason"), CLOSES)
async def test_a_closed_connection_comes_back(
    connect: Connect, proxy: Proxy, kind: Kind, name: str, code: int, reason: str
) -> None:
    """Check 22: whatever the server closes with, the client returns and the view goes on."""
    client = await connect(kind, proxy.url)
    view = client.subscribe("counters:get", name=name)
    await view.until(0)
    await proxy.close_with(code, reason)
    other = await connect("npm", proxy.url)
    await other.mutation("counters:increment", name=name)
    await view.until(1)
    assert view.changes == [0, 1]


async def test_a_dropped_connection_comes_back(
    connect: Connect, proxy: Proxy, kind: Kind, name: str
) -> None:
    """Check 22: the same when the wire is cut without a word."""
    client = await connect(kind, proxy.url)
    view = client.subscribe("counters:get", name=name)
    await view.until(0)
    proxy.last.abort()
    await proxy.until(lambda: len(proxy.links) == 2)
    assert await client.mutation("counters:increment", name=name) == 1
    await view.until(1)
    assert view.changes == [0, 1]


@pytest.mark.parametrize("how", ["stop", "kill"])
async def test_a_restarted_server_is_found_again(
    connect: Connect, own_server: Server, kind: Kind, name: str, how: str
) -> None:
    """Check 22: clients outlive a restart, planned or not, and show what was committed."""
    client = await connect(kind, own_server.url)
    view = client.subscribe("counters:get", name=name)
    assert await client.mutation("counters:increment", name=name) == 1
    await view.until(1)
    await asyncio.to_thread(own_server.stop if how == "stop" else own_server.kill)
    await asyncio.to_thread(own_server.start)
    other = await connect("npm", own_server.url)
    assert await other.mutation("counters:increment", name=name) == 2
    await view.until(2, seconds=30)
    assert view.changes in ([0, 1, 2], [1, 2])


async def test_a_planned_stop_says_goodbye(
    connect: Connect, own_server: Server, own_proxy: Proxy, name: str
) -> None:
    """Check 22: SIGTERM ends sockets with a close frame that clients take as harmless."""
    client = await connect("npm", own_proxy.url)
    await client.subscribe("counters:get", name=name).until(0)
    assert await asyncio.to_thread(own_server.stop) == 0
    await own_proxy.until(lambda: bool(own_proxy.links[0].closes))
    code = int.from_bytes(own_proxy.links[0].closes[0][:2], "big")
    assert code in (1001, 1012, 1013)


@pytest.mark.parametrize(
    ("path", "args"),
    [
        ("nowhere:nothing", {}),
        ("counters:secret", {}),
        ("counters:get", {}),
        ("counters:get", {"name": 5}),
        ("counters:get", {"name": "x", "extra": 1}),
        ("counters:increment", {"name": "x"}),
        ("failures:crash", {"message": "boom"}),
        ("values:wrongResult", {}),
    ],
)
async def test_function_errors_leave_the_connection_alone(
    connect: Connect, proxy: Proxy, path: str, args: dict[str, object]
) -> None:
    """Check 22: no error of a function, and no wrong call of one, is fatal for a client."""
    client = await connect("npm", proxy.url)
    await client.subscribe(path, **args).until_error()
    assert proxy.messages("server", "FatalError") == []
    assert await client.query("values:echo", value="still here") == "still here"
    assert len(proxy.links) == 1
