"""Checks 5, 6, 7, 12 and 14: when a mutation's promise settles, with what, and in which order."""

from __future__ import annotations

import asyncio

import pytest

from tests.compat.conftest import Connect
from tests.compat.support.client import MISSING, Kind, RemoteError
from tests.compat.support.proxy import Proxy
from tests.compat.support.server import Server
from tests.compat.support.wire import Wire, integer


async def test_the_view_shows_the_write_before_the_promise_settles(
    connect: Connect, server: Server, name: str
) -> None:
    """Check 5: read your writes, with no other traffic on the socket."""
    client = await connect("npm", server.url)
    view = client.subscribe("counters:get", name=name)
    await view.until(0)
    number = client.post("mutation", path="counters:increment", args={"name": name})
    assert await client.reply(number) == 1
    order = [line for line in client.log if "sub" in line or "reply" in line]
    assert order == [
        {"sub": view.number, "value": 0},
        {"sub": view.number, "value": 1},
        {"reply": number, "value": 1},
    ]


async def test_python_reads_its_write(connect: Connect, server: Server, name: str) -> None:
    """Check 5: a query right after the mutation sees it, and so does the live view."""
    client = await connect("pypi", server.url)
    view = client.subscribe("counters:get", name=name)
    await view.until(0)
    for value in range(1, 6):
        assert await client.mutation("counters:increment", name=name) == value
        assert await client.query("counters:get", name=name) == value
    await view.until(5)


async def test_a_write_that_no_query_sees_resolves(
    connect: Connect, server: Server, kind: Kind, name: str
) -> None:
    """Check 6: an empty Transition follows, so the promise does not hang."""
    client = await connect(kind, server.url)
    view = client.subscribe("counters:get", name=name)
    await view.until(0)
    assert await client.mutation("counters:increment", name=f"{name} other") == 1
    assert await client.mutation("values:echoWrite", value="nothing written") == "nothing written"
    assert view.changes == [0]


async def test_a_write_without_any_query_resolves(
    connect: Connect, server: Server, kind: Kind, name: str
) -> None:
    """Check 6: the same on a socket without a single live query."""
    client = await connect(kind, server.url)
    assert await client.mutation("counters:increment", name=name) == 1
    assert await client.mutation("counters:increment", name=name) == 2


@pytest.mark.parametrize("data", [{"code": "NO", "n": 1.0}, "words", 5.0, integer(5), None, [], {}])
async def test_error_data_arrives(
    connect: Connect, server: Server, kind: Kind, name: str, data: Wire
) -> None:
    """Check 7: a ConvexError rejects at once and carries its data, null included."""
    client = await connect(kind, server.url)
    with pytest.raises(RemoteError) as write:
        await client.mutation("failures:refuseWrite", data=data, name=name)
    assert write.value.data == data
    assert "ConvexError" in write.value.message
    with pytest.raises(RemoteError) as read:
        await client.query("failures:refuse", data=data)
    assert read.value.data == data
    assert await client.query("counters:get", name=name) == 0


async def test_plain_errors_have_no_data(
    connect: Connect, server: Server, kind: Kind, name: str
) -> None:
    """Check 7: an ordinary exception is an ordinary error in both clients, and rolls back."""
    client = await connect(kind, server.url)
    with pytest.raises(RemoteError) as write:
        await client.mutation("failures:crashWrite", message="boom", name=name)
    assert write.value.data is MISSING
    with pytest.raises(RemoteError) as read:
        await client.query("failures:crash", message="boom")
    assert read.value.data is MISSING
    assert await client.query("counters:get", name=name) == 0


async def test_npm_names_the_function_in_front(connect: Connect, server: Server) -> None:
    """Check 7: npm's text is `[CONVEX M(path)] …`, Python's is exactly the server's."""
    npm, python = await connect("npm", server.url), await connect("pypi", server.url)
    with pytest.raises(RemoteError) as first:
        await npm.mutation("failures:refuseWrite", data="no")
    with pytest.raises(RemoteError) as second:
        await python.mutation("failures:refuseWrite", data="no")
    assert first.value.message.startswith("[CONVEX M(failures:refuseWrite)] [Request ID: ")
    assert second.value.message.startswith("[Request ID: ")
    assert "Server Error\nUncaught ConvexError: no" in second.value.message


async def test_a_query_that_fails_recovers(
    connect: Connect, server: Server, kind: Kind, name: str
) -> None:
    """Check 7: a live query moves from an error to a value when its data allows it."""
    client = await connect(kind, server.url)
    view = client.subscribe("failures:atLeast", name=name, least=1.0)
    assert (await view.until_error()).data == {"code": "TOO_LOW", "value": 0}
    await client.mutation("counters:increment", name=name)
    await view.until(1)


async def test_a_failed_mutation_runs_again_when_resent(
    connect: Connect, proxy: Proxy, name: str
) -> None:
    """Check 12: a failure leaves no record; the resent request runs, and may now succeed."""
    client, other = await connect("npm", proxy.url), await connect("npm", proxy.url)
    for connected in (client, other):
        await connected.query("counters:get", name=name)
    proxy.cut(lambda message: message["type"] == "MutationResponse" and not message["success"])
    proxy.refuses = True
    number = client.post("mutation", path="failures:refuseBelow", args={"name": name, "least": 1})
    await proxy.until(lambda: proxy.messages("client", "Mutation") != [])
    await asyncio.sleep(0.2)
    assert await other.mutation("counters:increment", name=name) == 1
    proxy.refuses = False
    assert await client.reply(number) == 2
    sent = proxy.messages("client", "Mutation")
    resent = [message for message in sent if message["udfPath"].startswith("failures")]
    assert len(resent) == 2
    assert resent[0]["requestId"] == resent[1]["requestId"]


async def test_mutations_of_a_socket_run_in_order(
    connect: Connect, server: Server, name: str
) -> None:
    """Check 14: 200 mutations sent without waiting run in the order in which they were sent."""
    client = await connect("npm", server.url)
    calls = [{"name": name}] * 200
    assert await client.ask("batch", 40, path="counters:increment", list=calls) == [*range(1, 201)]


async def test_a_hot_counter_loses_nothing(connect: Connect, server: Server, name: str) -> None:
    """Check 14: two sockets race for one document; every increment counts."""
    first, second = await connect("npm", server.url), await connect("npm", server.url)
    calls = [{"name": name}] * 100
    numbers = [
        client.post("batch", path="counters:incrementSlowly", list=calls)
        for client in (first, second)
    ]
    results = await asyncio.gather(first.reply(numbers[0], 40), second.reply(numbers[1], 40))
    assert sorted(results[0] + results[1]) == [*range(1, 201)]
    assert await first.query("counters:get", name=name) == 200
