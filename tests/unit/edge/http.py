"""Requests to a running sample, without a network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx2
import orjson
from starlette.types import ASGIApp

from tests.unit.sample.world import World

ADMIN = {"authorization": "Convex test-admin-key"}


async def request(
    app: ASGIApp,
    method: str,
    path: str,
    *,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
) -> httpx2.Response:
    """One request to an ASGI application."""
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://node.test") as client:
        return await client.request(method, path, content=body, headers=dict(headers or {}))


async def post(world: World, path: str, body: Any, **headers: str) -> httpx2.Response:
    """JSON to the client API; header names with underscores for dashes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    raw = body if isinstance(body, bytes) else orjson.dumps(body)
    return await request(world.node.http, "POST", f"/api/{path}", body=raw, headers=named)


def call(path: str, **args: Any) -> dict[str, Any]:
    """The body of a function call."""
    return {"path": path, "args": args}
