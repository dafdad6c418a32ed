"""A transport, a loop and a listener that only remember, and the frames of a client."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

from websockets.frames import Frame, Opcode
from websockets.speedups import apply_mask

from reactor.edge.socket import Handshake, Listener, Refusal, SyncSocket, socket_factory
from reactor.runtime.clock import VirtualClock

MASK = b"\x11\x22\x33\x44"


def text(payload: bytes, *, opcode: Opcode = Opcode.TEXT, fin: bool = True) -> bytes:
    """A masked frame as `websockets`' client serializes it."""
    return Frame(opcode, payload, fin).serialize(mask=True)


def raw(first: int, payload: bytes = b"", *, is_masked: bool = True, said: int = -1) -> bytes:
    """A frame with any first byte, and with another length than it has if `said` is given."""
    length = len(payload) if said < 0 else said
    bit = 0x80 if is_masked else 0
    if length < 126:
        head = bytes((first, bit | length))
    elif length < 0x10000:
        head = bytes((first, bit | 126)) + length.to_bytes(2, "big")
    else:
        head = bytes((first, bit | 127)) + length.to_bytes(8, "big")
    return head + (MASK + apply_mask(payload, MASK) if is_masked else payload)


class FakeTransport(asyncio.Transport):
    """Remembers what is written and how it ends; `backlog` is what its buffer claims to hold."""

    def __init__(self, **extra: Any) -> None:
        super().__init__(extra)
        self.written: list[bytes] = []
        self.backlog = 0
        self.has_closed = False
        self.has_aborted = False
        self.has_written_eof = False
        self.write_error: Exception | None = None
        self.eof_error: Exception | None = None
        self.protocol: asyncio.BaseProtocol | None = None

    @property
    def output(self) -> bytes:
        return b"".join(self.written)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self.write_error is not None:
            raise self.write_error
        self.written.append(bytes(data))

    def write_eof(self) -> None:
        if self.eof_error is not None:
            raise self.eof_error
        self.has_written_eof = True

    def get_write_buffer_size(self) -> int:
        return self.backlog

    def is_closing(self) -> bool:
        return self.has_closed

    def close(self) -> None:
        self.has_closed = True

    def abort(self) -> None:
        self.has_closed = self.has_aborted = True

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.protocol = protocol


class Timer:
    """A call that waits for `FakeLoop.advance`."""

    def __init__(self, due: float, call: Callable[[], None]) -> None:
        self.due = due
        self.call: Callable[[], None] | None = call

    def cancel(self) -> None:
        self.call = None


class FakeLoop:
    """A loop of which only the clock runs, and only when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0
        self.timers: list[Timer] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, call: Callable[[], None]) -> Timer:
        self.timers.append(Timer(self.now + delay, call))
        return self.timers[-1]

    def advance(self, seconds: float) -> None:
        self.now += seconds
        for timer in self.timers:
            if timer.call is not None and timer.due <= self.now:
                call, timer.call = timer.call, None
                call()


class Ear:
    """A listener that remembers; it raises in the methods named in `fails`."""

    def __init__(self, *fails: str) -> None:
        self.fails = set(fails)
        self.calls: list[str] = []
        self.messages: list[bytes] = []
        self.socket: SyncSocket | None = None

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if name in self.fails:
            raise ZeroDivisionError(name)

    def opened(self, socket: SyncSocket) -> None:
        self.socket = socket
        self._called("opened")

    def message(self, data: bytes) -> None:
        self.messages.append(data)
        self._called("message")

    def writable(self) -> None:
        self._called("writable")

    def closed(self) -> None:
        self._called("closed")


class Line:
    """One open socket between a fake transport and an ear."""

    def __init__(self, ear: Ear | None = None, *, message_bytes_max: int = 1000) -> None:
        self.ear = Ear() if ear is None else ear
        self.loop = FakeLoop()
        self.transport = FakeTransport()
        self.connections: set[Any] = set()
        loop = cast("asyncio.AbstractEventLoop", self.loop)
        self.socket = SyncSocket(self.ear, self.connections, loop, message_bytes_max)
        self.socket.connection_made(self.transport)

    @property
    def output(self) -> bytes:
        return self.transport.output

    def feed(self, *segments: bytes) -> None:
        for segment in segments:
            self.socket.data_received(segment)

    def lose(self) -> None:
        self.transport.has_closed = True
        self.socket.connection_lost(None)


class Door:
    """An entrance on a fake transport, as uvicorn builds one."""

    def __init__(self, answer: Listener | Refusal | Exception | None) -> None:
        self.answer = answer
        self.asked: list[Handshake] = []
        self.fallbacks: list[Fallback] = []
        self.connections: set[Any] = set()
        self.transport = FakeTransport(peername=("10.0.0.1", 4711), sslcontext=object())
        state = type("State", (), {"connections": self.connections})
        fallback = cast("type[asyncio.Protocol]", self._fallback)
        factory: Any = socket_factory(self._accept, fallback, message_bytes_max=1000)
        self.entrance = factory(config=1, server_state=state, app_state={})
        self.entrance.connection_made(self.transport)

    def _accept(self, handshake: Handshake) -> Listener | Refusal | None:
        self.asked.append(handshake)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def _fallback(self, **keywords: Any) -> Fallback:
        assert set(keywords) == {"config", "server_state", "app_state"}
        self.fallbacks.append(Fallback())
        return self.fallbacks[-1]

    async def receive(self, *segments: bytes) -> bytes:
        """Feeds the entrance as uvicorn does and gives the answer's first line."""
        for segment in segments:
            self.entrance.data_received(segment)
        self.transport.set_protocol(self.entrance)
        await VirtualClock().sleep(0)
        return self.transport.output.partition(b"\r\n")[0]


class Fallback(asyncio.Protocol):
    """Stands in for uvicorn's implementation."""

    def __init__(self) -> None:
        self.calls: list[Any] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.calls.append("made")

    def data_received(self, data: bytes) -> None:
        self.calls.append(data)

    def eof_received(self) -> bool:
        self.calls.append("eof")
        return True

    def pause_writing(self) -> None:
        self.calls.append("pause")

    def resume_writing(self) -> None:
        self.calls.append("resume")

    def connection_lost(self, exc: Exception | None) -> None:
        self.calls.append("lost")
