"""The sync protocol over an ASGI server's own WebSockets: `uvicorn server:app`, or a mounted app.

`reactor serve` uses the protocol class of `edge/socket.py`, which costs less per message.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

from starlette.websockets import WebSocket, WebSocketDisconnect

from reactor import limits
from reactor.edge.origin import origin_of
from reactor.edge.sync import version_problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import Receive, Scope, Send

    from reactor.session.hub import Hub


class _AsgiTransport:
    """A session's transport that hands messages to a sending coroutine."""

    def __init__(self) -> None:
        self.outgoing: deque[str | None] = deque()
        self.wakeup = asyncio.Event()
        self.goodbye: tuple[int, str] = (1000, "")
        self._is_closing = False

    @property
    def is_paused(self) -> bool:
        return len(self.outgoing) >= limits.TRANSITIONS_HELD_MAX * 8

    @property
    def last_received(self) -> float:
        return math.inf  # the ASGI server looks after that

    def ping(self) -> None:
        """Nothing: the ASGI server pings by itself."""

    def send(self, payload: bytes) -> None:
        if not self._is_closing:
            self.outgoing.append(payload.decode())
            self.wakeup.set()

    def write(self, frames: bytes) -> None:
        # Prepared frames are for the native class; here a frame is unwrapped to its payloads.
        for payload in payloads_of(frames):
            self.send(payload)

    def close(self, code: int | None, reason: str = "") -> None:
        if not self._is_closing:
            self._is_closing = True
            self.goodbye = (1000 if code is None else code, reason)
            self.outgoing.append(None)
            self.wakeup.set()


def payloads_of(frames: bytes) -> list[bytes]:
    """The payloads of unmasked, final text frames that stand one after another."""
    out: list[bytes] = []
    at = 0
    while at < len(frames):
        length, at = frames[at + 1], at + 2
        if length == 126:
            length, at = int.from_bytes(frames[at : at + 2], "big"), at + 2
        elif length == 127:
            length, at = int.from_bytes(frames[at : at + 8], "big"), at + 8
        out.append(frames[at : at + length])
        at += length
    return out


class AsgiSync:
    """The endpoint of the sync protocol.

    Args:
        hub: the node.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one client until it goes."""
        socket = WebSocket(scope, receive, send)
        headers = {name.lower(): value for name, value in socket.headers.items()}
        if version_problem(scope["path"], headers) is not None:
            await socket.close(1008, "unsupported client version")
            return
        await socket.accept()
        transport = _AsgiTransport()
        session = self._hub.connect(
            transport, origin_of("SyncWorker", socket.client, socket.headers)
        )
        sender = self._hub.background.start(self._send(socket, transport, session.writable))
        try:
            while True:
                data = (await socket.receive_text()).encode()
                # Outside this task, so that handlers can be driven by hand.
                self._hub.soon(partial(session.receive, data))
        except (WebSocketDisconnect, RuntimeError, KeyError):
            pass
        finally:
            session.closed()
            transport.close(None)
            await sender

    async def _send(
        self, socket: WebSocket, transport: _AsgiTransport, writable: Callable[[], None]
    ) -> None:
        while True:
            while transport.outgoing:
                text = transport.outgoing.popleft()
                try:
                    if text is None:
                        await socket.close(*transport.goodbye)
                        return
                    await socket.send_text(text)
                except (WebSocketDisconnect, RuntimeError):
                    return
            writable()
            transport.wakeup.clear()
            if not transport.outgoing:
                await transport.wakeup.wait()
