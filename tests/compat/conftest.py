"""Servers, clients and proxies for the compatibility checks."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from tests.compat.support.client import Client, Kind, open_client
from tests.compat.support.idle import IdleClients
from tests.compat.support.proxy import Proxy, proxied
from tests.compat.support.raw import RawSocket, open_socket
from tests.compat.support.server import Server
from tests.compat.support.tokens import Issuer

Connect = Callable[..., Awaitable[Client]]
OpenSocket = Callable[..., Awaitable[RawSocket]]
KINDS: tuple[Kind, ...] = ("npm", "pypi")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each check talks to real processes: mark it, and give it more time than a unit test."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.compat)
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(60))


@pytest.fixture(scope="session")
def issuer() -> Issuer:
    """Signs the tokens that the servers of this session trust."""
    return Issuer()


@pytest.fixture(scope="session")
def server(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that most checks share; each uses names of its own."""
    shared = Server(tmp_path_factory.mktemp("server"), issuer.env)
    shared.start()
    yield shared
    assert shared.stop() == 0, shared.output()


@pytest.fixture
def own_server(issuer: Issuer, tmp_path: Path) -> Iterator[Server]:
    """A server that one check may kill."""
    own = Server(tmp_path, issuer.env)
    own.start()
    yield own
    own.kill()


@pytest.fixture(scope="session", autouse=True)
def idle(
    request: pytest.FixtureRequest, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[IdleClients | None]:
    """Clients that do nothing from the session's start on, when the check of them is to run."""
    if not any("idle" in getattr(item, "originalname", "") for item in request.session.items):
        yield None
        return
    clients = IdleClients(Server(tmp_path_factory.mktemp("idle"), issuer.env))
    clients.start()
    yield clients
    clients.stop()


@pytest.fixture
def name() -> str:
    """A name that no other check uses."""
    return uuid4().hex[:12]


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    """Each official client in turn."""
    chosen: Kind = request.param
    return chosen


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Opens clients that end with the test: `await connect(kind, url, **options)`."""
    async with AsyncExitStack() as stack:

        async def opened(kind: Kind, url: str, **options: object) -> Client:
            return await stack.enter_async_context(open_client(kind, url, **options))

        yield opened


@pytest.fixture
async def raw_socket() -> AsyncIterator[OpenSocket]:
    """Opens bare sync sockets that end with the test: `await raw_socket(url)`."""
    async with AsyncExitStack() as stack:

        async def opened(url: str, **options: str) -> RawSocket:
            return await stack.enter_async_context(open_socket(url, **options))

        yield opened


@pytest.fixture
async def proxy(server: Server) -> AsyncIterator[Proxy]:
    """A recording proxy in front of the shared server."""
    async with proxied(server.url) as running:
        yield running


@pytest.fixture
async def own_proxy(own_server: Server) -> AsyncIterator[Proxy]:
    """A recording proxy in front of the check's own server."""
    async with proxied(own_server.url) as running:
        yield running
