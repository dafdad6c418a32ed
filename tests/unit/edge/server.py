"""A real uvicorn on an ephemeral port: sync sockets under /api, a Starlette application beside."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import uvicorn
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect

from reactor.edge.socket import Handshake, Listener, Refusal, SyncSocket, socket_factory

MESSAGE_BYTES_MAX = 2**21


LOOPS = pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])


def on_both_loops(main: Callable[[], Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Makes two tests of a coroutine function: one on asyncio's loop, one on uvloop's."""

    def test(new_loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
        with asyncio.Runner(loop_factory=new_loop) as runner:
            runner.run(main())

    test.__doc__ = main.__doc__
    return LOOPS(test)


class Echo:
    """Sends every message back; some words make it do something else."""

    def __init__(self, server: Server, handshake: Handshake) -> None:
        self.server = server
        self.handshake = handshake
        self.is_full = asyncio.Event()
        self.is_writable = asyncio.Event()
        self.is_closed = asyncio.Event()
        self.closed_count = 0

    def opened(self, socket: SyncSocket) -> None:
        self.socket = socket
        self.server.echoes.append(self)

    def message(self, data: bytes) -> None:
        match data.split():
            case [b"raise"]:
                raise ZeroDivisionError
            case [b"close"]:
                self.socket.close(None)
            case [b"close", code, reason]:
                self.socket.close(int(code), reason.decode())
            case [b"fill"]:
                while not (self.socket.is_paused or self.socket.is_closing):
                    self.socket.send(b"z" * 50_000)
                self.is_full.set()
            case _:
                self.socket.send(data)

    def writable(self) -> None:
        self.is_writable.set()

    def closed(self) -> None:
        self.closed_count += 1
        self.is_closed.set()


class Server:
    """What a test knows of the running server."""

    def __init__(self, port: int, scheme: str) -> None:
        self.port = port
        self.scheme = scheme
        self.echoes: list[Echo] = []

    def accept(self, handshake: Handshake) -> Listener | Refusal | None:
        if handshake.path == "/api/refused":
            return Refusal(400, {"content-type": "application/json"}, b'{"code":"InvalidVersion"}')
        if handshake.path.startswith("/api/"):
            return Echo(self, handshake)
        return None

    def connect(self, path: str = "/api/sync", **options: Any) -> connect:
        options = {"max_size": None, "ping_interval": None, "proxy": None, **options}
        return connect(f"{self.scheme}://127.0.0.1:{self.port}{path}", **options)

    async def open(self, path: str = "/api/sync", **options: Any) -> tuple[ClientConnection, Echo]:
        client = await self.connect(path, **options)
        return client, self.echoes[-1]


async def _page(request: Request) -> PlainTextResponse:
    return PlainTextResponse(f"page {request.url.path}")


async def _shout(websocket: WebSocket) -> None:
    await websocket.accept()
    async for message in websocket.iter_text():
        await websocket.send_text(message.upper())


@asynccontextmanager
async def serving(
    scheme: str = "ws", **options: Any
) -> AsyncGenerator[tuple[Server, uvicorn.Server]]:
    """Serves until the end of the block, then stops gracefully."""
    app = Starlette(routes=[Route("/page", _page), WebSocketRoute("/shout", _shout)])
    server = Server(0, scheme)
    config = uvicorn.Config(
        app,
        port=0,
        ws=socket_factory(server.accept, message_bytes_max=MESSAGE_BYTES_MAX),
        log_config=None,
        **options,
    )
    config.load()
    running = uvicorn.Server(config)
    running.lifespan = config.lifespan_class(config)
    await running.startup()
    server.port = running.servers[0].sockets[0].getsockname()[1]
    try:
        yield server, running
    finally:
        await running.shutdown()


class Complaints(logging.Handler):
    """Collects what any logger of the process says, from warnings up, until the block ends."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())

    def __enter__(self) -> list[str]:
        logging.getLogger().addHandler(self)
        return self.lines

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)


def close_of(client: ClientConnection) -> tuple[int | None, str | None]:
    """The code and the reason that the client was told."""
    return client.close_code, client.close_reason


@contextmanager
def tls() -> Generator[tuple[dict[str, Any], ssl.SSLContext]]:
    """The options that make uvicorn speak TLS, and what a client must trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    trust = ssl.create_default_context()
    trust.check_hostname = False
    with TemporaryDirectory() as folder:
        path = Path(folder, "certificate.pem")
        path.write_bytes(
            certificate.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        trust.load_verify_locations(path)
        yield {"ssl_certfile": path}, trust
