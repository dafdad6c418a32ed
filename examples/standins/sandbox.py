"""What every stand-in shares: its place in the app, faults, the request log, and the front door."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from examples.standins.faults import Fault, Faults
from examples.standins.recorder import Recorder
from examples.standins.settings import is_loopback_host

BODY_BYTES_MAX: Final = 8 * 1024 * 1024
"""No vendor we stand in for takes larger requests."""


class Clock(Protocol):
    """Tells the time and waits."""

    def now_ms(self) -> float: ...

    async def sleep(self, seconds: float) -> None: ...


class SystemClock:
    """The machine's clock."""

    def now_ms(self) -> float:
        return time.time() * 1000

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(frozen=True, slots=True)
class Link:
    """A line of the index page; `href` is None for what cannot be opened in a browser."""

    label: str
    note: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """One vendor.

    `app` gets the paths below `/name`. Paths that start with one of `controls` are ours, not the
    vendor's: they are neither logged nor made to fail. `reset` forgets everything it was told.
    """

    name: str
    title: str
    app: ASGIApp
    reset: Callable[[], None]
    controls: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()

    def is_api(self, path: str) -> bool:
        return not path.startswith(self.controls)


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The services with what they share.

    Args:
        services: by name.
        clock: stamps the log and waits out delays.
    """

    services: dict[str, Service]
    clock: Clock
    faults: Faults = field(default_factory=Faults)
    requests: Recorder = field(default_factory=Recorder)

    def reset(self) -> None:
        """Back to the state of a fresh start."""
        self.faults.clear()
        self.requests.clear()
        for service in self.services.values():
            service.reset()


class Drop(BaseException):
    """Raised by a stand-in that was told to break the connection, also in mid-answer.

    Not an Exception, so that nothing on the way out makes an answer of it.
    """


class FrontDoor:
    """The outermost ASGI app: lets only this machine in, logs API requests, makes faults happen.

    Args:
        app: everything behind the door.
        sandbox: whose services the paths belong to.
    """

    def __init__(self, app: ASGIApp, sandbox: Sandbox) -> None:
        self._app = app
        self._sandbox = sandbox

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if not _is_local(scope):
            await _answer(send, 403, "The stand-ins serve this machine only.")
            return
        name, _, rest = scope["path"].removeprefix("/").partition("/")
        service = self._sandbox.services.get(name)
        if service is None or not service.is_api(f"/{rest}"):
            await self._app(scope, receive, send)
            return
        body = await _read(receive)
        if body is None:
            await _answer(send, 413, "The request body is too long.")
            return
        await self._serve(service, f"/{rest}", scope, body, send, receive)

    async def _serve(
        self, service: Service, path: str, scope: Scope, body: bytes, send: Send, receive: Receive
    ) -> None:
        at = self._sandbox.clock.now_ms()
        seen = self._sandbox.requests.record(service.name, scope, path, body, at)
        fault = self._sandbox.faults.take(service.name, scope["method"], path)

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
            await send(message)

        async def work(to: Send) -> None:
            await self._app(scope, _replay(body, receive), to)

        try:
            if fault is None:
                await work(noting)
                return
            is_dropped = await self._spoil(fault, work, noting)
        except Drop:
            is_dropped = True
        if is_dropped:
            await _drop(send, receive)

    async def _spoil(self, fault: Fault, work: Callable[[Send], Awaitable[None]], to: Send) -> bool:
        """Does what the fault asks for; True: the connection must be dropped now."""
        answers: list[Message] = []

        async def keep(message: Message) -> None:
            answers.append(message)

        if fault.mode == "drop_after" or (fault.mode == "respond" and fault.status is None):
            await work(keep)
        if fault.delayMs:
            await self._sandbox.clock.sleep(fault.delayMs / 1000)
        if fault.mode != "respond":
            return True
        if fault.status is not None:
            await _answer(to, fault.status, fault.body)
        for message in answers:
            await to(message)
        return False


def _is_local(scope: MutableMapping[str, Any]) -> bool:
    """Whether the request came to, and was meant for, this machine itself.

    The Host header counts too: a page on the internet can point a name of its own at 127.0.0.1.
    """
    server = scope.get("server")
    if server is not None and not is_loopback_host(server[0]):
        return False
    host = dict(scope["headers"]).get(b"host", b"localhost").decode("latin-1")
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    return is_loopback_host(name)


async def _read(receive: Receive) -> bytes | None:
    """The whole body; None when it is too long."""
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > BODY_BYTES_MAX:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    """Hands out the body that was read; afterwards only the client's leaving is left to tell."""
    waiting = [body]

    async def again() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return again


async def _answer(send: Send, status: int, body: object) -> None:
    """A plain answer: text stays text, anything else is JSON."""
    is_text = isinstance(body, str)
    content = body.encode() if isinstance(body, str) else json.dumps(body or {}).encode()
    kind = b"text/plain; charset=utf-8" if is_text else b"application/json"
    headers = [(b"content-type", kind), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def _drop(send: Send, receive: Receive) -> None:
    """Closes the connection without a single byte of answer.

    ASGI has no word for this; uvicorn's `send` is a method of an object that holds the transport.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        raise ConnectionAbortedError("the stand-in dropped the connection, as it was told to")
    transport.abort()
    while (await receive())["type"] != "http.disconnect":
        pass
