"""The WebSocket protocol class that uvicorn is given through `Config(ws=…)`.

uvicorn builds one for every upgrade, tells it the transport, replays the request's head into it,
and only then makes it the transport's protocol. `socket_factory` gives it a class that reads that
head, asks whose connection this is, and steps aside: for a `SyncSocket`, or for uvicorn's own
WebSocket implementation, which serves the routes of the developer's Starlette application.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, cast
from urllib.parse import unquote

import structlog
from uvicorn.protocols.utils import get_remote_addr, is_ssl
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol

from reactor import limits
from reactor.edge.frames import (
    CLOSE,
    PING,
    PONG,
    TEXT,
    VIOLATION,
    FrameReader,
    close_payload,
    control_frame,
    text_frame,
)
from reactor.runtime.stacks import stack_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from uvicorn.config import Config
    from uvicorn.server import ServerState

_log = structlog.get_logger("reactor.edge")

_VERSION: Final = "13"
_PING_FRAME: Final = control_frame(PING)


@dataclass(frozen=True, slots=True)
class Handshake:
    """What is known of a client that asks for a WebSocket.

    Args:
        path: percent-decoded, without the query.
        query: as sent, without the question mark.
        headers: lower-case names, at most 128; repeated ones are joined with commas.
        client: host and port of the TCP peer, a proxy's where there is one; None on a Unix socket.
        scheme: "wss" when the connection to this process is encrypted.
    """

    path: str
    query: str
    headers: Mapping[str, str]
    client: tuple[str, int] | None
    scheme: Literal["ws", "wss"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """An HTTP response in place of the WebSocket; length and connection headers are added."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Listener(Protocol):
    """Hears what happens on one socket; each call runs on the event loop and must not block.

    A method that raises closes its own socket with 1011 and disturbs nobody else. Once a close has
    begun, from either side, only `closed` is still called.
    """

    def opened(self, socket: SyncSocket) -> None:
        """The handshake is answered; the socket can be written to."""
        ...

    def message(self, data: bytes) -> None:
        """One complete text message, valid UTF-8."""
        ...

    def writable(self) -> None:
        """The client has caught up after `is_paused` was true."""
        ...

    def closed(self) -> None:
        """The connection is gone; called exactly once, whatever the cause."""
        ...


class SyncSocket(asyncio.Protocol):
    """One open WebSocket connection, from the answered handshake to the end of TCP.

    States, and who moves them:

        open ──close()──────────► closing: our close frame is out, the client's is awaited
        open ──client's close───► done: echoed, TCP closes once everything is flushed
        open ──violation────────► done: our close frame is out, what the client still sends is lost
        open, closing ──EOF─────► done
        every state ────────────► gone, when TCP ends; after `CLOSE_WAIT_S` it is made to

    `_is_closing` is true in all but the first, `_is_done` in the last two.

    Args:
        listener: hears what happens.
        connections: the server's, for its graceful shutdown; the socket enters and leaves it.
        loop: tells the time and runs the closing timer.
        message_bytes_max: the largest message that the client may send.
    """

    __slots__ = (
        "_connections", "_deadline", "_is_closing", "_is_done", "_is_paused", "_late_pong",
        "_listener", "_loop", "_reader", "_transport", "last_received",
    )  # fmt: skip

    _transport: asyncio.Transport
    _listener: Listener

    def __init__(
        self,
        listener: Listener,
        connections: set[Any],
        loop: asyncio.AbstractEventLoop,
        message_bytes_max: int,
    ) -> None:
        self._listener = listener
        self._connections = connections
        self._loop = loop
        self._reader = FrameReader(message_bytes_max)
        self._is_closing = False
        self._is_done = False
        self._is_paused = False
        self._late_pong: bytes | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self.last_received = loop.time()
        """When the client was last heard of, in seconds of the loop's clock, which is the machine's
        monotonic one. Any bytes count: a large message on a slow line is no silence."""

    # --- for the listener's owner -----------------------------------------------------------

    @property
    def is_paused(self) -> bool:
        """Whether the client reads slower than it is written to; `writable` tells the end."""
        return self._is_paused

    @property
    def is_closing(self) -> bool:
        """Whether nothing more will be sent or heard."""
        return self._is_closing or self._transport.is_closing()

    def write(self, frames: bytes) -> None:
        """Writes prepared frames in one go; on a closed connection they are dropped in silence.

        A client for which more than `BACKLOG_BYTES_MAX` wait is cut off.
        """
        transport = self._transport
        if self._is_closing or transport.is_closing():
            return
        try:
            transport.write(frames)
        except RuntimeError:  # uvloop's way to say that the transport closed under us
            return
        if self._is_paused and transport.get_write_buffer_size() > limits.BACKLOG_BYTES_MAX:
            self._is_closing = self._is_done = True
            transport.abort()

    def send(self, payload: bytes) -> None:
        """Sends one text message, UTF-8."""
        self.write(text_frame(payload))

    def ping(self) -> None:
        """Sends a ping, unless unread data waits for the client anyway."""
        if not self._is_paused:
            self.write(_PING_FRAME)

    def close(self, code: int | None, reason: str = "") -> None:
        """Says goodbye, waits `CLOSE_WAIT_S` for the client's answer at most, and ends TCP.

        Args:
            code: None for a close frame without code and reason.
            reason: cut to 123 bytes.
        """
        if not self._is_closing:
            self._goodbye(b"" if code is None else close_payload(code, reason))

    # --- for the event loop and uvicorn -----------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Takes over a transport whose handshake has been answered."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's have no such base
        self._connections.add(self)
        try:
            self._listener.opened(self)
        except Exception as error:
            self._listener_failed(error)

    def data_received(self, data: bytes) -> None:
        """Reads what the client sent; never raises."""
        if self._is_done:
            return
        self.last_received = self._loop.time()
        for opcode, payload in self._reader.read(data):
            if opcode == TEXT:
                if self._is_closing:
                    continue
                try:
                    self._listener.message(payload)
                except Exception as error:
                    self._listener_failed(error)
            elif opcode == PING:
                self._pong(payload)
            elif opcode == CLOSE:
                self._echo_close(payload)
                return
            elif opcode == VIOLATION:
                self._fail(payload)
                return

    def eof_received(self) -> None:
        """Treats an abrupt end of stream as a close: the clients of PyPI and cargo end so."""
        self._is_closing = self._is_done = True
        self._set_deadline()

    def pause_writing(self) -> None:
        """Notes that the client is slow."""
        self._is_paused = True

    def resume_writing(self) -> None:
        """Answers the last ping that had to wait and tells the listener to go on."""
        self._is_paused = False
        payload, self._late_pong = self._late_pong, None
        if self._is_closing:
            return
        if payload is not None:
            self.write(control_frame(PONG, payload))
        try:
            self._listener.writable()
        except Exception as error:
            self._listener_failed(error)

    def connection_lost(self, exc: Exception | None) -> None:
        """Ends the socket; nothing is logged, since clients vanish all the time."""
        self._is_closing = self._is_done = True
        self._connections.discard(self)
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
        try:
            self._listener.closed()
        except Exception as error:
            _log.error("a socket's listener failed", exception=stack_of(error))
        del self._listener  # it holds the socket: the cycle is cut, since collections are rare

    def shutdown(self) -> None:
        """Closes because the server stops; uvicorn calls it on all connections."""
        self.close(1012)

    # --- the way out ------------------------------------------------------------------------

    def _pong(self, payload: bytes) -> None:
        # A client that pings and never reads must not fill the buffer: RFC 6455 5.5.3 lets one
        # pong answer all the pings before it.
        if self._is_paused:
            self._late_pong = payload
        else:
            self.write(control_frame(PONG, payload))

    def _goodbye(self, payload: bytes) -> None:
        self.write(control_frame(CLOSE, payload))
        self._is_closing = True
        self._set_deadline()

    def _echo_close(self, payload: bytes) -> None:
        if not self._is_closing:
            self._goodbye(payload)
        self._is_done = True
        self._transport.close()

    def _fail(self, payload: bytes) -> None:
        """Ends a connection whose bytes make no sense.

        Only our half is closed at first: closing both while the client still sends would reset the
        connection, and the client would never read why.
        """
        if not self._is_closing:
            self._goodbye(payload)
        self._is_done = True
        try:
            self._transport.write_eof()
        except (NotImplementedError, OSError, RuntimeError):  # TLS; already reset; uvloop's closed
            self._transport.close()

    def _listener_failed(self, error: Exception) -> None:
        _log.error("a socket's listener failed", exception=stack_of(error))
        self.close(1011, "InternalServerError")

    def _set_deadline(self) -> None:
        if self._deadline is None:
            self._deadline = self._loop.call_later(limits.CLOSE_WAIT_S, self._transport.abort)


class _Entrance(asyncio.Protocol):
    """Reads a request's head, decides whose connection it is, and hands it over.

    uvicorn makes the entrance the transport's protocol after the head has been handled, so the
    hand-over happens twice: at once, and again in the next turn of the loop. What arrives in
    between is passed on.
    """

    __slots__ = (
        "_accept", "_connections", "_fallback", "_head", "_message_bytes_max", "_target",
        "_transport",
    )  # fmt: skip

    _transport: asyncio.Transport

    def __init__(
        self,
        accept: Callable[[Handshake], Listener | Refusal | None],
        fallback: Callable[..., asyncio.Protocol],
        message_bytes_max: int,
        *,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
    ) -> None:
        self._accept = accept
        self._fallback = partial(
            fallback, config=config, server_state=server_state, app_state=app_state
        )
        self._connections: set[Any] = server_state.connections
        self._message_bytes_max = message_bytes_max
        self._head = bytearray()
        self._target: asyncio.Protocol | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's have no such base
        self._connections.add(self)

    def data_received(self, data: bytes) -> None:
        if self._target is not None:
            self._target.data_received(data)
        elif not self._transport.is_closing():
            self._head += data
            self._read_head()

    def eof_received(self) -> bool | None:
        return None if self._target is None else self._target.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)
        if self._target is not None:
            self._target.connection_lost(exc)

    def pause_writing(self) -> None:
        if self._target is not None:
            self._target.pause_writing()

    def resume_writing(self) -> None:
        if self._target is not None:
            self._target.resume_writing()

    def shutdown(self) -> None:
        self._transport.close()

    def _read_head(self) -> None:
        head, separator, rest = self._head.partition(b"\r\n\r\n")
        if len(head) > limits.HEAD_BYTES_MAX:
            self._respond(_plain(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "Head too large.\n"))
        elif separator:
            self._decide(bytes(head + separator))
            if rest and self._target is not None:
                self._target.data_received(bytes(rest))

    def _decide(self, head: bytes) -> None:
        opening = ServerProtocol()
        opening.receive_data(head)
        events = opening.events_received()
        if not events or not isinstance(request := events[0], Request):
            written = b"".join(opening.data_to_send())
            self._respond(written or _plain(HTTPStatus.BAD_REQUEST, "No valid HTTP request.\n"))
            return
        response = opening.accept(request)
        if response.status_code != HTTPStatus.SWITCHING_PROTOCOLS:
            self._respond(_with_version(request, response).serialize())
            return
        try:
            answer = self._accept(_handshake(request, self._transport))
            if isinstance(answer, Refusal):
                self._respond(_refusal(answer))
                return
        except Exception as error:
            _log.error("deciding about a handshake failed", exception=stack_of(error))
            self._respond(_plain(HTTPStatus.INTERNAL_SERVER_ERROR, "Internal Server Error\n"))
            return
        if answer is None:
            target = self._fallback()
            self._hand_over(target)
            target.data_received(head)
        else:
            self._transport.write(response.serialize())
            loop, limit = asyncio.get_running_loop(), self._message_bytes_max
            self._hand_over(SyncSocket(answer, self._connections, loop, limit))

    def _respond(self, response: bytes) -> None:
        self._transport.write(response)
        self._transport.close()

    def _hand_over(self, target: asyncio.Protocol) -> None:
        """Order: the second switch is queued before the target can close and queue its own end."""
        self._target = target
        self._connections.discard(self)
        self._transport.set_protocol(target)
        asyncio.get_running_loop().call_soon(self._transport.set_protocol, target)
        target.connection_made(self._transport)


def _handshake(request: Request, transport: asyncio.Transport) -> Handshake:
    raw_path, _, query = request.path.partition("?")
    headers: dict[str, str] = {}
    for name, value in request.headers.raw_items():
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    client = get_remote_addr(transport)
    scheme: Literal["ws", "wss"] = "wss" if is_ssl(transport) else "ws"
    return Handshake(unquote(raw_path), query, headers, client, scheme)


def _with_version(request: Request, response: Response) -> Response:
    """Names the version we speak to a client that asked for another (RFC 6455 4.4)."""
    asked = request.headers.get_all("Sec-WebSocket-Version")
    if response.status_code == HTTPStatus.BAD_REQUEST and asked and asked != [_VERSION]:
        response.status_code = HTTPStatus.UPGRADE_REQUIRED.value
        response.reason_phrase = HTTPStatus.UPGRADE_REQUIRED.phrase
        response.headers["Upgrade"] = "websocket"
        response.headers["Sec-WebSocket-Version"] = _VERSION
    return response


def _plain(status: HTTPStatus, text: str) -> bytes:
    return ServerProtocol().reject(status, text).serialize()


def _refusal(refusal: Refusal) -> bytes:
    headers = Headers(refusal.headers)
    headers["Connection"] = "close"
    headers["Content-Length"] = str(len(refusal.body))
    phrase = HTTPStatus(refusal.status).phrase
    return Response(refusal.status, phrase, headers, refusal.body).serialize()


def socket_factory(
    accept: Callable[[Handshake], Listener | Refusal | None],
    fallback: type[asyncio.Protocol] = WebSocketsSansIOProtocol,
    *,
    message_bytes_max: int,
) -> type[asyncio.Protocol]:
    """Gives the class for `uvicorn.Config(ws=…)`.

    Its connections bypass Starlette and all middleware: `accept` must check what they would.

    Args:
        accept: decides about a valid handshake: a listener takes the connection, a refusal answers
            it, None leaves it to `fallback`. When it raises, the client gets status 500.
        fallback: uvicorn's WebSocket implementation for every other path.
        message_bytes_max: the largest message that a client of `accept` may send, 125 at least.

    Source: uvicorn 0.54 calls the class with these keywords, then `connection_made`, then
    `data_received` with the whole head, then `set_protocol`; the dependency is pinned to that.
    """
    entrance = partial(_Entrance, accept, fallback, message_bytes_max)
    return cast("type[asyncio.Protocol]", entrance)  # uvicorn asks for a class and only calls it
