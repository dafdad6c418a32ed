"""Clients that cost as little as Python allows: a WebSocket and a keep-alive HTTP connection.

Both are bare asyncio protocols with one callback per answer, so that the load program is not what
the benchmarks measure. Frames are masked with the zero key, which RFC 6455 permits and which makes
masking free.
"""

from __future__ import annotations

import asyncio
import base64
import json
import uuid
from collections.abc import Callable
from typing import Any, cast

HOST = "127.0.0.1"
SYNC_PATH = "/api/1.48.0/sync"
TEXT = 0x81
PING = 0x89
PONG = 0x8A
NO_MASK = b"\0\0\0\0"


def frame(payload: bytes, first: int = TEXT) -> bytes:
    """A client's frame: final, masked with zeros."""
    size = len(payload)
    if size < 126:
        head = bytes((first, 0x80 | size))
    elif size < 2**16:
        head = bytes((first, 0x80 | 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((first, 0x80 | 127)) + size.to_bytes(8, "big")
    return head + NO_MASK + payload


def message(kind: str, **fields: Any) -> bytes:
    """A frame with one protocol message."""
    return frame(json.dumps({"type": kind, **fields}, separators=(",", ":")).encode())


def ignore(payload: bytes) -> None:
    """Hears an answer and does nothing."""


class Connection(asyncio.Protocol):
    """What both clients share: a transport, a buffer and a callback for each whole answer."""

    def __init__(self) -> None:
        self.on_message: Callable[[bytes], None] = ignore
        self.on_lost: Callable[[], None] | None = None
        self.transport: asyncio.Transport
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._buffer = b""
        self._is_closing = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("refused"))
        if not self._is_closing and self.on_lost is not None:
            self.on_lost()

    def send(self, data: bytes) -> None:
        """Writes a prepared request."""
        self.transport.write(data)

    def close(self) -> None:
        """Drops the connection."""
        self._is_closing = True
        self.transport.abort()


class WebSocket(Connection):
    """A WebSocket client; `on_message` gets the payload of each text frame."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path
        self._is_open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        key = base64.b64encode(uuid.uuid4().bytes).decode()
        self.send(
            f"GET {self._path} HTTP/1.1\r\nHost: {HOST}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        if self._buffer:
            data = self._buffer + data
        place = 0 if self._is_open else self._read_head(data)
        end = len(data)
        while place + 2 <= end:
            size, start = data[place + 1], place + 2
            if size == 126:
                size, start = int.from_bytes(data[start : start + 2], "big"), start + 2
            elif size == 127:
                size, start = int.from_bytes(data[start : start + 8], "big"), start + 8
            if start + size > end:
                break
            first, payload = data[place], data[start : start + size]
            place = start + size
            if first == TEXT:
                self.on_message(payload)
            elif first == PING:
                self.send(frame(payload, PONG))
        self._buffer = data[place:] if place < end else b""

    def _read_head(self, data: bytes) -> int:
        """Where the first frame starts; 0 while the head is incomplete, which no frame disturbs."""
        head, separator, _ = data.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 101") or not separator:
            raise ConnectionError(f"no WebSocket: {head[:200]!r}")
        self._is_open = True
        self.opened.set_result(None)
        return len(head) + len(separator)


class Http(Connection):
    """A keep-alive HTTP connection; `on_message` gets each response's body."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.opened.set_result(None)

    def data_received(self, data: bytes) -> None:
        data = self._buffer + data if self._buffer else data
        while True:
            start = data.find(b"\r\n\r\n") + 4
            if start < 4:
                break
            head = data[:start].lower()
            length = head.partition(b"content-length:")[2].partition(b"\r\n")[0]
            end = start + int(length)
            if len(data) < end:
                break
            body, data = data[start:end], data[end:]
            if not head.startswith(b"http/1.1 200"):
                raise ConnectionError(f"no success: {head[:40]!r} {body[:200]!r}")
            self.on_message(body)
        self._buffer = data


async def open_socket(port: int, path: str = SYNC_PATH) -> WebSocket:
    """An open WebSocket."""
    loop = asyncio.get_running_loop()
    _, socket = await loop.create_connection(lambda: WebSocket(path), HOST, port)
    await socket.opened
    return socket


async def open_http(port: int) -> Http:
    """An open HTTP connection."""
    _, http = await asyncio.get_running_loop().create_connection(Http, HOST, port)
    return http


def post(path: str, body: Any, key: str | None = None) -> bytes:
    """An HTTP request with a JSON body, by the holder of an admin key or by nobody."""
    content = json.dumps(body, separators=(",", ":")).encode()
    proof = "" if key is None else f"Authorization: Convex {key}\r\n"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n{proof}"
        f"Content-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content


class Session:
    """A WebSocket that speaks the sync protocol: queries come and go, mutations are numbered."""

    def __init__(self, socket: WebSocket) -> None:
        self.socket = socket
        self._version = 0
        self._requests = 0
        self._queries = 0
        socket.send(
            message(
                "Connect",
                sessionId=str(uuid.uuid4()),
                connectionCount=0,
                lastCloseReason="InitialConnect",
                clientTs=0,
            )
        )

    def modify(self, queries: list[tuple[str, dict[str, Any]]], *, drop: bool = False) -> bytes:
        """A frame that adds queries, and with `drop` removes the one that was added last."""
        changes: list[dict[str, Any]] = []
        if drop and self._queries:
            changes.append({"type": "Remove", "queryId": self._queries - 1})
        for path, args in queries:
            changes.append(
                {"type": "Add", "queryId": self._queries, "udfPath": path, "args": [args]}
            )
            self._queries += 1
        self._version += 1
        return message(
            "ModifyQuerySet",
            baseVersion=self._version - 1,
            newVersion=self._version,
            modifications=changes,
        )

    def mutation(self, path: str, args: dict[str, Any]) -> bytes:
        """A frame that calls a mutation."""
        number, self._requests = self._requests, self._requests + 1
        return message("Mutation", requestId=number, udfPath=path, args=[args])

    async def ask(self, data: bytes, answer: bytes) -> bytes:
        """Sends a frame and waits for a message that contains `answer`."""
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        def heard(payload: bytes) -> None:
            if answer in payload and not future.done():
                future.set_result(payload)

        self.socket.on_message = heard
        self.socket.send(data)
        async with asyncio.timeout(60):
            return await future


async def open_session(port: int) -> Session:
    """An open session."""
    return Session(await open_socket(port))


async def open_sessions(port: int, count: int) -> list[Session]:
    """Many open sessions, a hundred handshakes at a time."""
    sessions: list[Session] = []
    while len(sessions) < count:
        some = min(100, count - len(sessions))
        sessions += await asyncio.gather(*(open_session(port) for _ in range(some)))
    return sessions
