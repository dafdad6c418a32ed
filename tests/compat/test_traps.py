"""The twelve traps of the protocol's section 0, one test for each, in its order."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.compat.conftest import Connect
from tests.compat.support.client import MISSING, Kind, RemoteError
from tests.compat.support.idle import IdleClients
from tests.compat.support.proxy import Passed, Proxy
from tests.compat.support.server import Server
from tests.compat.support.tokens import Issuer
from tests.compat.support.wire import timestamp
from tests.compat.test_dedup import back_in_time
from tests.compat.test_versions import assert_versions_chain

KNOWN = {
    "Transition",
    "MutationResponse",
    "ActionResponse",
    "AuthError",
    "FatalError",
    "Ping",
}


def numbers(value: object) -> list[int | float]:
    """Every number inside a message, as Python's JSON tells them apart."""
    found: list[int | float] = []

    def keep(number: float) -> None:
        found.append(number)

    json.loads(
        json.dumps(value),
        parse_int=lambda text: keep(int(text)),
        parse_float=lambda text: keep(float(text)),
    )
    return found


async def busy(connect: Connect, proxy: Proxy, kind: Kind, name: str) -> list[Passed]:
    """A short life with every kind of message but errors of the connection."""
    client = await connect(kind, proxy.url)
    view = client.subscribe("counters:get", name=name)
    await view.until(0)
    for _ in range(5):
        await client.mutation("counters:increment", name=name)
    with pytest.raises(RemoteError):
        await client.mutation("failures:refuseWrite", data=None, name=name)
    with pytest.raises(RemoteError):
        await client.mutation("failures:crashWrite", message="boom", name=name)
    with pytest.raises(RemoteError):
        await client.query("failures:refuse", data={"n": 1.0})
    await view.until(5)
    await client.unsubscribe(view)
    return proxy.passed


async def test_trap_01_transitions_chain(
    connect: Connect, proxy: Proxy, kind: Kind, name: str
) -> None:
    """Each `startVersion` is the `endVersion` before it, or npm is dead for good."""
    assert assert_versions_chain(await busy(connect, proxy, kind, name)) >= 9


async def test_trap_02_a_transition_follows_every_response(
    connect: Connect, proxy: Proxy, kind: Kind, name: str
) -> None:
    """After success and after failure alike, with a timestamp that covers the write."""
    passed = await busy(connect, proxy, kind, name)
    await asyncio.sleep(0.3)  # the last response's Transition may still be on its way
    answers = [entry for entry in passed if entry.sender == "server" and entry.type != "Ping"]
    for place, entry in enumerate(answers):
        if entry.type == "MutationResponse":
            later = [other for other in answers[place + 1 :] if other.type == "Transition"]
            assert later, f"nothing follows {entry.message}"
            if entry.message["success"]:
                covered = timestamp(later[0].message["endVersion"]["ts"])
                assert covered >= timestamp(entry.message["ts"])


async def test_trap_03_the_response_comes_before_its_transition(
    connect: Connect, proxy: Proxy, name: str
) -> None:
    """No Transition claims a write's timestamp on this socket before its response went out."""
    client = await connect("npm", proxy.url)
    view = client.subscribe("counters:get", name=name)
    await view.until(0)
    for _ in range(20):
        await client.mutation("counters:increment", name=name)
    shown = 0
    for entry in proxy.passed:
        if entry.sender == "server" and entry.type == "Transition":
            shown = max(shown, timestamp(entry.message["endVersion"]["ts"]))
        elif entry.type == "MutationResponse":
            assert timestamp(entry.message["ts"]) > shown


async def test_trap_04_error_data_is_absent_for_ordinary_errors(
    connect: Connect, proxy: Proxy, kind: Kind, name: str
) -> None:
    """`errorData: null` is a ConvexError whose data is null; ordinary errors have no such key."""
    client = await connect(kind, proxy.url)
    with pytest.raises(RemoteError) as refused:
        await client.mutation("failures:refuseWrite", data=None, name=name)
    with pytest.raises(RemoteError) as crashed:
        await client.mutation("failures:crashWrite", message="boom", name=name)
    assert (refused.value.data, crashed.value.data) == (None, MISSING)
    first, second = proxy.messages("server", "MutationResponse")
    assert first["errorData"] is None
    assert "errorData" not in second


async def test_trap_05_log_lines_are_always_there(
    connect: Connect, proxy: Proxy, kind: Kind, name: str
) -> None:
    """Every result has `logLines`, empty or not, or npm's handler throws."""
    results: list[dict[str, Any]] = []
    for entry in await busy(connect, proxy, kind, name):
        if entry.type == "MutationResponse":
            results.append(entry.message)
        elif entry.sender == "server" and entry.type == "Transition":
            results += [
                change
                for change in entry.message["modifications"]
                if change["type"] != "QueryRemoved"
            ]
    assert len(results) >= 9
    assert all(isinstance(result["logLines"], list) for result in results)


async def test_trap_05_log_lines_can_be_parsed(
    connect: Connect, server: Server, kind: Kind
) -> None:
    """npm wants `[LEVEL] text`; it complains about any other line."""
    client = await connect(kind, server.url)
    assert await client.query("logs:speak", text="hello") == "hello"
    if kind == "npm":
        printed = [line["text"] for line in client.log if "text" in line]
        assert any("hello" in text for text in printed)
        assert not any("arse" in text for text in printed)


async def test_trap_06_no_chunks_and_no_news_to_python(
    connect: Connect, proxy: Proxy, name: str
) -> None:
    """Python reads a 6 MB result in one Transition and never meets a type it does not know."""
    client = await connect("pypi", proxy.url)
    value = ["x" * 1000] * 6000
    assert await client.query("values:echo", value=value) == value
    await busy(connect, proxy, "pypi", name)
    types = {entry.type for entry in proxy.passed if entry.sender == "server"}
    assert types <= KNOWN


async def test_trap_06_npm_reads_a_large_result(connect: Connect, server: Server) -> None:
    """npm gets the same 6 MB, in one piece or in chunks."""
    client = await connect("npm", server.url)
    value = ["x" * 1000] * 6000
    assert await client.query("values:echo", value=value) == value


async def test_trap_07_the_server_speaks_every_fifteen_seconds(idle: IdleClients) -> None:
    """An application-level Ping reaches npm in silence; WebSocket pings are for Python.

    That Python stays on is seen at the end, when both have been idle for long enough.
    """
    await asyncio.to_thread(idle.until_pinged, 25.0)


async def test_trap_08_timestamps_outlive_the_server(
    connect: Connect, own_server: Server, own_proxy: Proxy, name: str
) -> None:
    """A client that has seen the newest commit is welcome after a restart with a clock set back."""
    client = await connect("npm", own_proxy.url)
    view = client.subscribe("counters:get", name=name)
    await client.mutation("counters:increment", name=name)
    await view.until(1)
    await asyncio.to_thread(own_server.stop)
    await asyncio.to_thread(back_in_time, own_server)
    assert await client.mutation("counters:increment", name=name) == 2
    await view.until(2)
    connects = own_proxy.messages("client", "Connect")
    assert timestamp(connects[-1]["maxObservedTimestamp"]) > 0
    stamps = [
        timestamp(message["endVersion"]["ts"])
        for message in own_proxy.messages("server", "Transition")
    ]
    assert stamps == sorted(stamps)
    assert not any(
        payload[:2] == b"\x03\xf3" for link in own_proxy.links for payload in link.closes
    )


async def test_trap_09_connect_may_be_missing_or_odd(
    connect: Connect, proxy: Proxy, issuer: Issuer, name: str
) -> None:
    """No Connect at all, and Python's new session on every connection, both work."""
    late = await connect("npm", proxy.url, expectAuth=True)
    await proxy.until(lambda: len(proxy.links) == 1)
    await asyncio.sleep(0.3)  # the socket opens, and nothing is sent on it
    late.set_auth([issuer.token("user-1")])
    assert await late.mutation("counters:increment", name=name) == 1
    assert proxy.messages("client", "Connect") == []
    python = await connect("pypi", proxy.url)
    view = python.subscribe("counters:get", name=name)
    await view.until(1)
    proxy.last.abort()
    await proxy.until(lambda: len(proxy.messages("client", "Connect")) == 2)
    first, second = proxy.messages("client", "Connect")
    assert first["sessionId"] != second["sessionId"]
    assert await python.mutation("counters:increment", name=name) == 2


async def test_trap_10_floats_have_a_point(connect: Connect, proxy: Proxy, name: str) -> None:
    """Every number inside a value is written with a point or an exponent."""
    client = await connect("pypi", proxy.url)
    await client.query("values:echo", value=[1.0, 0.0, 1e21, {"n": -5.0}])
    await client.mutation("counters:increment", name=name)
    values = [
        change["value"]
        for message in proxy.messages("server", "Transition")
        for change in message["modifications"]
        if "value" in change
    ]
    values += [message["result"] for message in proxy.messages("server", "MutationResponse")]
    found = [number for value in values for number in numbers(value)]
    assert len(found) >= 5
    assert all(isinstance(number, float) for number in found)


async def test_trap_11_protocol_numbers_are_integers(
    connect: Connect, proxy: Proxy, kind: Kind, name: str
) -> None:
    """Versions, ids, skew and server time are integers: Rust refuses `1.0` there."""
    for entry in await busy(connect, proxy, kind, name):
        if entry.sender == "server":
            outside = {
                key: inner
                for key, inner in entry.message.items()
                if key not in ("result", "errorData", "modifications")
            }
            for change in entry.message.get("modifications", []):
                assert isinstance(change["queryId"], int)
            assert all(isinstance(number, int) for number in numbers(outside))


async def test_trap_12_nothing_that_a_function_does_is_fatal(
    connect: Connect, proxy: Proxy, kind: Kind, name: str
) -> None:
    """FatalError ends npm for ever; no error of a function and no wrong call sends it."""
    client = await connect(kind, proxy.url)
    for path, args in (
        ("nowhere:nothing", {}),
        ("counters:get", {"name": name}),
        ("counters:increment", {"name": 5.0}),
        ("failures:crashWrite", {"message": "boom"}),
        ("failures:refuseWrite", {"data": None}),
        ("counters:reset", {"name": name}),
    ):
        with pytest.raises(RemoteError):
            await client.mutation(path, **args)
    assert await client.mutation("counters:increment", name=name) == 1
    types = {entry.type for entry in proxy.passed if entry.sender == "server"}
    assert "FatalError" not in types
    assert len(proxy.links) == 1
