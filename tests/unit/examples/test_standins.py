"""What the stand-ins share: faults, the request log, the front door, the index page."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import anyio.lowlevel
import httpx2
import pytest
import uvicorn

from examples.standins import app
from examples.standins.settings import (
    is_loopback_host,
    is_loopback_url,
)
from tests.unit.examples.world import World, claims_of


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    yield made
    await made.client.aclose()


# ---------------------------------------------------------------- faults and the log

KEYS = "/clerk/.well-known/jwks.json"


async def turn() -> None:
    """Lets every other task run until it waits."""
    for _ in range(50):
        await anyio.lowlevel.checkpoint()


async def fault(world: World, **wanted: object) -> httpx2.Response:
    return await world.client.post("/_sandbox/faults", json={"service": "clerk", **wanted})


async def statuses(world: World, count: int, path: str = KEYS) -> list[int]:
    return [(await world.client.get(path)).status_code for _ in range(count)]


async def test_a_fault_answers_instead(world: World) -> None:
    await fault(world, status=503, body={"error": "down"}, times=2)
    answer = await world.client.get(KEYS)
    assert (answer.status_code, answer.json()) == (503, {"error": "down"})
    assert await statuses(world, 2) == [503, 200]
    await fault(world, status=429, body="slow down")
    assert (await world.client.get(KEYS)).text == "slow down"


async def test_a_fault_meets_only_what_it_matches(world: World) -> None:
    await fault(world, status=500, match="POST /.well-known/jwks.json")
    await fault(world, status=501, match="GET /.well-known/open*")
    await fault(world, status=502, match="/.well-known/jwks.json")
    assert await statuses(world, 2) == [502, 200]
    assert await statuses(world, 2, "/clerk/.well-known/openid-configuration") == [501, 200]
    assert (await world.client.get("/clerk/sign-in")).status_code == 200
    assert await world.token()


async def test_faults_can_be_forgotten(world: World) -> None:
    await fault(world, status=500, times=10)
    assert (await world.client.delete("/_sandbox/faults")).json() == {"cleared": 1}
    assert await statuses(world, 1) == [200]


async def test_a_delay_does_the_work_at_once(world: World) -> None:
    await fault(world, delayMs=1500)
    async with asyncio.TaskGroup() as group:
        asked = group.create_task(world.client.get(KEYS))
        await turn()
        assert len((await world.client.get("/_sandbox/requests")).json()) == 1
        world.clock.advance(1.4)
        await turn()
        assert not asked.done()
        world.clock.advance(0.1)
    assert asked.result().status_code == 200


@pytest.mark.parametrize("mode", ["drop_before", "drop_after"])
async def test_a_drop_is_no_answer(world: World, mode: str) -> None:
    await fault(world, mode=mode)
    with pytest.raises(ConnectionAbortedError):
        await world.client.get(KEYS)
    (seen,) = (await world.client.get("/_sandbox/requests")).json()
    assert seen["status"] is None
    assert await statuses(world, 1) == [200]


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"service": "nobody", "status": 500},
        {"status": 5},
        {"status": 500, "times": 0},
        {"mode": "explode"},
        {"delayMs": -1},
        {"status": 500, "extra": 1},
    ],
)
async def test_bad_faults_are_told(world: World, wanted: dict[str, object]) -> None:
    assert (await fault(world, **wanted)).status_code == 400


async def test_api_requests_are_logged(world: World) -> None:
    await world.client.get(KEYS, params={"a": "b"})
    await world.client.post("/clerk/.well-known/jwks.json", json={"x": 1})
    await world.client.post("/clerk/.well-known/jwks.json", content=b"\xff{")
    await world.token()
    await world.client.get("/clerk/sign-in")
    first, second, third = (
        await world.client.get("/_sandbox/requests", params={"service": "clerk"})
    ).json()
    assert first["service"] == "clerk"
    assert (first["method"], first["path"]) == ("GET", "/.well-known/jwks.json")
    assert first["query"] == {"a": "b"}
    assert first["status"] == 200
    assert first["at"] == world.clock.now_ms()
    assert first["headers"]["host"] == "127.0.0.1:3215"
    assert (second["body"], second["status"]) == ({"x": 1}, 405)
    assert third["body"] == "\ufffd{"
    unknown = await world.client.get("/_sandbox/requests", params={"service": "nobody"})
    assert unknown.status_code == 400


async def test_a_request_has_a_bound(world: World) -> None:
    assert (await world.client.post(KEYS, content=b"x" * 9_000_000)).status_code == 413


async def test_reset_forgets_everything(world: World) -> None:
    await fault(world, status=500)
    await statuses(world, 1)
    await fault(world, status=500)
    await world.client.delete("/clerk/dev/users/free-1")
    assert (await world.client.post("/_sandbox/reset")).json() == {"ok": True}
    assert (await world.client.get("/_sandbox/requests")).json() == []
    assert await statuses(world, 1) == [200]
    assert claims_of(await world.token())["name"] == "Andi Saputra"


# ---------------------------------------------------------------- the front door


async def test_the_index_page_links_to_everything(world: World) -> None:
    page = (await world.client.get("/")).text
    links = re.findall(r'href="([^"]+)"', page)
    assert "/clerk/sign-in" in links
    for link in links:
        assert (await world.client.get(link)).status_code == 200
    for vendor in ("xendit", "resend", "openai"):
        assert f"<h2>{vendor}</h2>" in page.lower()


@pytest.mark.parametrize("host", ["evil.test", "127.0.0.1.evil.test:3215", "10.0.0.1", ""])
async def test_a_foreign_host_name_is_refused(world: World, host: str) -> None:
    """A web page could otherwise point its own name here and read admin tokens."""
    answer = await world.client.get("/", headers={"host": host})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "host", ["localhost:3215", "localhost", "127.0.0.1", "[::1]:3215", "[::1]"]
)
async def test_own_host_names_are_fine(world: World, host: str) -> None:
    assert (await world.client.get("/", headers={"host": host})).status_code == 200


async def test_an_outside_address_is_refused(world: World) -> None:
    """Even if somebody serves the app on every interface."""
    transport = httpx2.ASGITransport(app=world.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://10.0.0.1") as outside:
        headers = {"host": "localhost"}
        assert (await outside.get("/clerk/sign-in", headers=headers)).status_code == 403


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("http://localhost:3000", True),
        ("http://127.0.0.1:5173", True),
        ("https://evil.test", False),
    ],
)
async def test_only_local_pages_may_ask_for_tokens(
    world: World, origin: str, allowed: bool
) -> None:
    answer = await world.client.post(
        "/clerk/dev/token", json={"sub": "admin-1"}, headers={"origin": origin}
    )
    assert ("access-control-allow-origin" in answer.headers) is allowed


def test_loopback() -> None:
    assert is_loopback_host("[::1]")
    assert is_loopback_host("LOCALHOST")
    assert not is_loopback_host("0.0.0.0")
    assert is_loopback_url("http://127.0.0.1:3211/x")
    assert not is_loopback_url("ftp://127.0.0.1/")


async def test_over_a_real_socket_a_drop_sends_not_a_byte() -> None:
    """The module's own `app`, as `reactor dev` serves it."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="on"))
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[listener]))
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with httpx2.AsyncClient(base_url=base, trust_env=False) as client:
            assert (await client.get(KEYS)).status_code == 200
            for mode in ("drop_before", "drop_after"):
                await client.post("/_sandbox/faults", json={"service": "clerk", "mode": mode})
                with pytest.raises(httpx2.TransportError):
                    await client.get(KEYS)
            host, port = urlsplit(base).hostname, urlsplit(base).port
            await client.post("/_sandbox/faults", json={"service": "clerk", "mode": "drop_after"})
            reader, writer = await asyncio.open_connection(host, port)
            writer.write(f"GET {KEYS} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            assert await reader.read() == b""
            writer.close()
            assert (await client.get(KEYS)).status_code == 200
            await client.post("/_sandbox/reset")
        server.should_exit = True
