"""Clients of outside services; actions use them, and they know nothing of the database.

Tests put a stand-in's transport into `transport`, and into `pause` what waits before another try;
by default requests go over the network, and a pause, in seconds, is one.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from functools import cache

import httpx2

transport: httpx2.AsyncBaseTransport | None = None
pause: Callable[[float], Awaitable[None]] = asyncio.sleep  # noqa: TID251  # actions live in real time


def connect(base_url: str, *, timeout_s: float, **headers: str) -> httpx2.AsyncClient:
    """A client for one service, to be closed by `async with`.

    Args:
        base_url: what the paths of requests are below.
        timeout_s: for each of connecting, sending and waiting for the answer.
        headers: sent with every request; underscores become dashes.
    """
    return httpx2.AsyncClient(
        base_url=base_url,
        timeout=timeout_s,
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        transport=transport,
        verify=_trusted(),
    )


@cache
def _trusted() -> ssl.SSLContext:
    """The certificates that are trusted, read once: reading them takes 20 ms, and nothing else runs
    meanwhile."""
    return httpx2.create_ssl_context()
