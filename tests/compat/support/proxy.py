"""A proxy on loopback that records the messages between a client and a server, and can cut them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from tests.compat.support.frames import CLOSE, TEXT, Frame, FrameReader, close_frame

HEAD_END = b"\r\n\r\n"
Message = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Passed:
    """One sync message that went by: on which connection (from 0), which way, and what."""

    connection: int
    sender: Literal["client", "server"]
    message: Message

    @property
    def type(self) -> str:
        """The message's type."""
        name: str = self.message["type"]
        return name


@dataclass
class Link:
    """One client connection and its counterpart at the server."""

    number: int
    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    opening: list[bytes] = field(default_factory=list[bytes])
    """The two HTTP heads, request first."""
    closes: list[bytes] = field(default_factory=list[bytes])
    """Payloads of the close frames that the server sent."""

    def abort(self) -> None:
        """Drops both sides without a goodbye."""
        for writer in (self.client, self.server):
            writer.transport.abort()


class Proxy:
    """Listens, passes on, records. `cut` drops a connection just before a message gets through."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        assert parts.hostname is not None
        self._target = (parts.hostname, parts.port)
        self._tests: list[Callable[[Message], bool]] = []
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self._listener: asyncio.Server | None = None
        self.links: list[Link] = []
        self.passed: list[Passed] = []
        self.url = ""
        self.refuses = False
        """While true, new connections are dropped at once: the server seems away."""
        self.delay_seconds = 0.0
        """How long everything from the server is kept before it is passed on."""

    @property
    def last(self) -> Link:
        """The newest connection."""
        return self.links[-1]

    def cut(self, test: Callable[[Message], bool]) -> None:
        """Drops the connection, once, when the server is about to send a message like this."""
        self._tests.append(test)

    def messages(self, sender: str, *types: str, connection: int | None = None) -> list[Message]:
        """What a side sent so far, of these types, on one connection or on all."""
        return [
            entry.message
            for entry in self.passed
            if entry.sender == sender
            and (not types or entry.type in types)
            and connection in (None, entry.connection)
        ]

    async def until(self, test: Callable[[], bool], seconds: float = 15.0) -> None:
        """Waits until the test holds; it is asked again after every message and connection."""
        async with asyncio.timeout(seconds), self._changed:
            await self._changed.wait_for(test)

    async def close_with(self, code: int, reason: str) -> None:
        """Ends the newest connection towards the client as a server would: a close frame."""
        link = self.last
        link.client.write(close_frame(code, reason))
        await link.client.drain()
        link.client.close()
        link.server.transport.abort()

    async def start(self) -> None:
        """Listens on a free port."""
        self._listener = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        port = self._listener.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"

    async def stop(self) -> None:
        """Drops everything."""
        assert self._listener is not None
        self._listener.close()
        for link in self.links:
            link.abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        if self.refuses:
            writer.transport.abort()
            return
        try:
            upstream, server = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            return
        link = Link(len(self.links), writer, server)
        self.links.append(link)
        await self._notify()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._pass_on(link, "client", reader, server))
            group.create_task(self._pass_on(link, "server", upstream, writer))

    async def _pass_on(
        self,
        link: Link,
        sender: Literal["client", "server"],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        frames = FrameReader()
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(HEAD_END)
            link.opening.append(head)
            writer.write(head)
            while data := await reader.read(65536):
                if sender == "server" and self.delay_seconds:
                    await asyncio.sleep(self.delay_seconds)
                for frame in frames.feed(data):
                    if sender == "server" and self._must_cut(frame):
                        link.abort()
                        break
                    writer.write(frame.raw)
                    self._record(link, sender, frame)
                await self._notify()
                await writer.drain()
        link.abort()

    def _record(self, link: Link, sender: Literal["client", "server"], frame: Frame) -> None:
        if frame.opcode == TEXT:
            self.passed.append(Passed(link.number, sender, json.loads(frame.payload)))
        elif frame.opcode == CLOSE and sender == "server":
            link.closes.append(frame.payload)

    def _must_cut(self, frame: Frame) -> bool:
        if frame.opcode != TEXT or not self._tests:
            return False
        message = json.loads(frame.payload)
        for test in self._tests:
            if test(message):
                self._tests.remove(test)
                return True
        return False


@asynccontextmanager
async def proxied(target: str) -> AsyncGenerator[Proxy]:
    """A running proxy in front of a server."""
    proxy = Proxy(target)
    await proxy.start()
    try:
        yield proxy
    finally:
        await proxy.stop()
