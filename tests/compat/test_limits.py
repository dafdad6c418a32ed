"""What a function may not do ends that function, and nothing else."""

from __future__ import annotations

import time

import httpx2
import pytest

from tests.compat.conftest import Connect
from tests.compat.support.client import Kind, RemoteError
from tests.compat.support.server import Server
from tests.compat.support.tokens import Issuer


async def test_a_query_that_does_not_end(
    server: Server, connect: Connect, kind: Kind, name: str
) -> None:
    """`while True: pass` costs its client an error and everybody else a second."""
    client = await connect(kind, server.url)
    start = time.monotonic()
    with pytest.raises(RemoteError, match=r"timed out \(maximum duration: 1s\)"):
        await client.query("limits:forever", name=name)
    assert time.monotonic() - start > 0.9
    assert await client.mutation("counters:increment", name=name) == 1


async def test_a_mutation_that_reaches_outside(
    server: Server, connect: Connect, kind: Kind, name: str
) -> None:
    """Refused before anything leaves, and rolled back."""
    client = await connect(kind, server.url)
    with pytest.raises(RemoteError, match="Can't use the network in queries and mutations"):
        await client.mutation("limits:fetch", name=name)
    assert await client.query("counters:get", name=name) == 0


async def test_who_is_calling(server: Server, connect: Connect, kind: Kind) -> None:
    """A WebSocket client is known by its address, and by a request id that it can look up."""
    client = await connect(kind, server.url)
    seen = await client.mutation("limits:who")
    assert seen["ip"] == "127.0.0.1"
    assert len(seen["requestId"]) == 16
    info = await client.query("limits:what")
    assert (info["name"], info["type"], info["visibility"]) == ("limits:what", "query", "public")


def test_limits_are_the_operators(tmp_path_factory: pytest.TempPathFactory, issuer: Issuer) -> None:
    folder = tmp_path_factory.mktemp("limits")
    own = Server(folder, {**issuer.env, "REACTOR_LIMIT_ARGUMENTS_BYTES_MAX": "2048"})
    own.start()
    try:
        body = {"path": "values:echo", "args": {"value": "x" * 3_000}, "format": "json"}
        answer = httpx2.post(f"{own.url}/api/query", json=body).json()
    finally:
        own.kill()
    text = "Arguments for values.js:echo are too large (actual: 2.94 KiB, limit: 2 KiB)"
    assert text in answer["errorMessage"]
