"""Check 24: a project's own HTTP routes on a real server: routing, streams, clients that go."""

from __future__ import annotations

import asyncio

import httpx2
import pytest

from tests.compat.conftest import Connect
from tests.compat.support.server import Server


@pytest.mark.parametrize("place", ["site", "http"])
def test_routes_by_path_and_by_prefix(server: Server, name: str, place: str) -> None:
    """`http://host:3211/hook` is `http://host:3210/http/hook`."""
    base = server.site_url if place == "site" else f"{server.url}/http"
    answer = httpx2.post(f"{base}/hook?name={name}", content=b"abc")
    assert answer.json() == {"count": 1, "size": 3}
    told = {"x-forwarded-proto": "https"}
    shown = httpx2.get(f"{base}/files/a/b", headers=told).text
    assert shown == f"https://{base.partition('//')[2].removesuffix('/http')}/files/a/b"
    assert httpx2.get(f"{base}/elsewhere").text == "No HttpAction routed for /elsewhere"
    head = httpx2.head(f"{base}/ticks?name={name}")
    assert (head.status_code, head.content) == (200, b"")


async def test_a_stream_is_cancelled_when_its_client_goes(
    connect: Connect, server: Server, name: str
) -> None:
    """An endless answer must not run on for nobody; its `finally` still runs."""
    client = await connect("npm", server.url)
    ended = client.subscribe("counters:get", name=name)
    await ended.until(0)
    async with (
        httpx2.AsyncClient() as http,
        http.stream("GET", f"{server.site_url}/ticks?name={name}") as response,
    ):
        lines = response.aiter_lines()
        assert [await anext(lines) for _ in range(3)] == ["tick"] * 3
    await ended.until(1)


def test_a_stream_that_breaks_is_seen_to_be_broken(server: Server) -> None:
    """The client must not take half an answer for a whole one."""
    with pytest.raises(httpx2.RemoteProtocolError):
        httpx2.get(f"{server.site_url}/cut")


async def test_a_request_that_is_too_large(server: Server) -> None:
    """Refused by its announced size, before the bytes are read."""
    host, _, port = server.site_url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /hook?name=x HTTP/1.1\r\nHost: x\r\nContent-Length: {21 * 2**20}\r\n\r\n"
    writer.write(head.encode())
    assert b" 413 " in await reader.readline()
    writer.close()
