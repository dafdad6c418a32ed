"""The fetcher: bounded, and honest about what went wrong."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Callable

import httpx2
import pytest

from reactor.auth.fetch import FETCH_BYTES_MAX, HttpFetcher
from tests.unit.auth.issuer import JWKS_URL

Answer = Callable[[httpx2.Request], httpx2.Response]


def answering(body: bytes, **headers: str) -> Answer:
    """An answer that arrives in pieces, as over a network."""

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 1000):
            yield body[start : start + 1000]

    return lambda _: httpx2.Response(200, headers=headers, content=pieces())


async def fetched(answer: Answer, url: str = JWKS_URL) -> bytes:
    fetcher = HttpFetcher(httpx2.MockTransport(answer))
    try:
        return await fetcher(url)
    finally:
        await fetcher.close()


@pytest.mark.parametrize("url", [JWKS_URL, "http://127.0.0.1:3630/keys", "http://keys.internal/"])
async def test_it_gets_the_body(url: str) -> None:
    seen: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return answering(b"body")(request)

    assert await fetched(answer, url) == b"body"
    assert [(r.method, str(r.url)) for r in seen] == [("GET", url)]


@pytest.mark.parametrize("status", [204, 301, 302, 404, 500])
async def test_only_200_is_an_answer(status: int) -> None:
    """A redirect could lead anywhere, plain http included."""
    headers = {"location": "http://evil.test/"}
    with pytest.raises(OSError, match=str(status)):
        await fetched(lambda _: httpx2.Response(status, headers=headers))


async def test_a_body_has_a_bound() -> None:
    assert len(await fetched(answering(b"x" * FETCH_BYTES_MAX))) == FETCH_BYTES_MAX
    with pytest.raises(OSError, match="more than"):
        await fetched(answering(b"x" * (FETCH_BYTES_MAX + 1)))


async def test_an_endless_body_is_cut_off() -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65_536
            yield b"x" * 65_536

    with pytest.raises(OSError, match="more than"):
        await fetched(lambda _: httpx2.Response(200, content=endless()))
    assert sent <= FETCH_BYTES_MAX + 65_536


async def test_a_compressed_body_is_refused() -> None:
    """A few bytes could unpack to gigabytes."""
    bomb = gzip.compress(b"\0" * 1_000_000)
    with pytest.raises(OSError, match="compressed"):
        await fetched(answering(bomb, **{"content-encoding": "gzip"}))


async def test_a_network_failure_is_an_os_error() -> None:
    def refuse(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectTimeout("too slow", request=request)

    with pytest.raises(OSError, match="too slow"):
        await fetched(refuse)


async def test_a_url_that_cannot_be_asked_is_an_os_error() -> None:
    with pytest.raises(OSError, match="keys"):
        await fetched(answering(b""), "https://keys.test:port/")


async def test_it_works_again_after_closing() -> None:
    seen: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(str(request.url))
        return answering(b"body")(request)

    fetcher = HttpFetcher(httpx2.MockTransport(answer))
    await fetcher.close()
    assert await fetcher(JWKS_URL) == b"body"
    assert await fetcher(JWKS_URL) == b"body"
    assert seen == [JWKS_URL, JWKS_URL]
    await fetcher.close()
