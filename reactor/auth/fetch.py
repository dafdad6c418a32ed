"""Reads key sets and discovery documents over HTTP: one small GET, bounded in size and time."""

from __future__ import annotations

from functools import partial
from typing import Final
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
import httpx2

from reactor.auth.oidc import is_loopback

FETCH_BYTES_MAX: Final = 256 * 1024
"""Bytes of a key set or discovery document. Real ones are under 20 KiB; an unbounded body would
let a broken provider fill our memory."""

FETCH_SECONDS_MAX: Final = 5.0
"""Seconds a fetch may take in all. Signing in waits for it: longer looks dead, shorter fails on a
cold provider."""


class HttpFetcher:
    """Fetches by GET; follows no redirect, takes no compressed answer.

    Args:
        transport: stands in for the network in tests.
    """

    def __init__(self, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        self._transport = transport
        self._local: httpx2.AsyncClient | None = None
        self._remote: httpx2.AsyncClient | None = None
        self._opening = anyio.Lock()

    async def __call__(self, url: str) -> bytes:
        """The body at `url`.

        Raises:
            OSError: no answer in time, an answer other than 200, or one that is too long.
        """
        client = await self._client(url)
        try:
            with anyio.fail_after(FETCH_SECONDS_MAX):
                return await _read(client, url)
        except TimeoutError as error:
            raise TimeoutError(f"no answer from {url} in {FETCH_SECONDS_MAX:g} s") from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise ConnectionError(f"{url}: {str(error) or type(error).__name__}") from error

    async def close(self) -> None:
        """Closes the connections."""
        for client in (self._local, self._remote):
            if client is not None:
                await client.aclose()
        self._local = self._remote = None

    async def _client(self, url: str) -> httpx2.AsyncClient:
        parts = urlsplit(url)
        async with self._opening:
            if parts.scheme == "http" and is_loopback(parts.hostname or ""):
                # A proxy set in the environment must not be asked for this machine's own port.
                self._local = self._local or httpx2.AsyncClient(
                    transport=self._transport, verify=False, trust_env=False
                )
                return self._local
            if self._remote is None:
                # Reading the machine's certificates blocks for tens of milliseconds.
                self._remote = await anyio.to_thread.run_sync(
                    partial(httpx2.AsyncClient, transport=self._transport)
                )
            return self._remote


async def _read(client: httpx2.AsyncClient, url: str) -> bytes:
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    async with client.stream("GET", url, headers=headers, follow_redirects=False) as response:
        if response.status_code != 200:
            raise ConnectionError(f"{url} answered {response.status_code}")
        if response.headers.get("content-encoding", "identity") != "identity":
            raise ConnectionError(f"{url} answered with a compressed body")
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > FETCH_BYTES_MAX:
                raise ConnectionError(f"{url} answered more than {FETCH_BYTES_MAX} bytes")
        return bytes(body)
