"""One request to a project's own HTTP routes and its answer, within their bounds.

While an answer streams, the line is listened to as well: what the client still sends is kept for
the handler, and when the client goes, the stream is cancelled. ASGI has one channel for both, so
nobody but the exchange reads it then.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

import anyio
from starlette.datastructures import Headers

from reactor import limits
from reactor.errors import BadRequest, LimitError

if TYPE_CHECKING:
    from asyncio import Task

    from starlette.types import Message, Receive, Scope, Send

    from reactor.runtime.tasks import Background

_BODILESS: Final = ("GET", "HEAD", "OPTIONS")


class Exchange:
    """Stands between a handler and the server.

    Args:
        scope: the request as the server tells it.
        receive: the server's.
        send: the server's.
        background: runs the listening.
        answering: cancelled when the client goes, or has all that it asked for.
    """

    def __init__(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        background: Background,
        answering: anyio.CancelScope,
    ) -> None:
        self.is_started = False
        self._method: str = scope["method"]
        self._receive = receive
        self._send = send
        self._background = background
        self._answering = answering
        self._received = 0
        self._sent = 0
        self._listening: Task[None] | None = None
        self._kept: deque[Message] = deque()
        self._arrived = anyio.Event()
        announced = Headers(scope=scope).get("content-length", "0")
        self._is_hopeless = _number(announced) > limits.SITE_BODY_BYTES_MAX

    async def receive(self) -> Message:
        """The next piece of the request, for the handler.

        Raises:
            BadRequest: 413: the body is too large.
        """
        if self._is_hopeless:
            raise _too_large()
        while self._listening is not None and not self._kept:
            await self._arrived.wait()
        message = self._kept.popleft() if self._kept else await self._next()
        if self._received > limits.SITE_BODY_BYTES_MAX:
            raise _too_large()
        return message

    async def _next(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._received += len(message.get("body", b""))
            if self._method in _BODILESS:
                # A body means nothing there, so handlers are not shown one.
                return {"type": "http.request", "body": b"", "more_body": False}
        return message

    async def send(self, message: Message) -> None:
        """Passes on a piece of the answer.

        Raises:
            LimitError: the answer is too large; nothing of this piece was sent.
        """
        if message["type"] == "http.response.start":
            announced = Headers(raw=message.get("headers", [])).get("content-length", "0")
            self._count(_number(announced), also=0)
            self.is_started = True
            await self._send(message)
            return
        body: bytes = message.get("body", b"")
        self._count(self._sent, also=len(body))
        self._sent += len(body)
        if self._method == "HEAD":
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})
            self._answering.cancel()
            return
        if not message.get("more_body", False):
            self.close()
        elif self._listening is None:
            self._listening = self._background.start(self._listen())
        await self._send(message)

    def close(self) -> None:
        """Stops listening."""
        if self._listening is not None:
            self._listening.cancel()

    def _count(self, size: int, *, also: int) -> None:
        if size + also > limits.SITE_RESPONSE_BYTES_MAX:
            raise LimitError(
                f"the response of an HTTP action is too large (limit: "
                f"{limits.SITE_RESPONSE_BYTES_MAX} bytes); store it with ctx.storage and send its "
                "URL",
                code="HttpResponseTooLarge",
            )

    async def _listen(self) -> None:
        while True:
            message = await self._next()
            if message["type"] == "http.disconnect":
                self._answering.cancel()
                return
            if self._received <= limits.SITE_BODY_BYTES_MAX:
                self._kept.append(message)
            self._arrived.set()
            self._arrived = anyio.Event()


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _too_large() -> BadRequest:
    return BadRequest(
        f"the request's body is too large (limit: {limits.SITE_BODY_BYTES_MAX} bytes); upload "
        "files with ctx.storage.generate_upload_url()",
        code="HttpRequestTooLarge",
        status=413,
    )
