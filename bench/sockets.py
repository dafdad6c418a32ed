"""What a WebSocket message costs on our protocol class, beside the floor and beside others.

    python -m bench.sockets [--loop asyncio] [--only NAME]... [--quick]

Each server runs in a process of its own; figures are CPU time of that process, from /proc, so that
this client's own cost does not count. A push's figure is the first quartile of its rounds: what
disturbs a round only makes it dearer. Servers:

    reactor      reactor/edge/socket.py
    websockets   the same shape over websockets' whole sans-I/O core
    asgi         uvicorn's own WebSocket, a bare ASGI application

A push is one prepared frame to each of 1,000 sockets. Its floor is measured on the same sockets in
the same rounds: the server writes the same frame with a loop of `os.write`.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import statistics
import subprocess
import sys
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from functools import partial
from typing import Any

import uvicorn
import uvloop
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.server import ServerProtocol

from bench.processes import ROOT, free_ports
from bench.usage import own_us, pss_bytes
from bench.wire import WebSocket, frame, open_socket
from reactor.edge.frames import text_frame
from reactor.edge.socket import SyncSocket, socket_factory

SIZES = (300, 3_000)
ECHO_SOCKETS = 64
PUSH_SOCKETS = 1_000
IDLE_SOCKETS = 2_000
WARM_SOCKETS = 2_000
ROUNDS = 60
MESSAGE_BYTES_MAX = 2**24
PAYLOADS = {f"{size}".encode(): b"y" * size for size in SIZES}

# --- the servers ----------------------------------------------------------------------------


class Hub:
    """What every server does: echo, `push SIZE` to all sockets, `floor SIZE` past the library.

    Args:
        number_of: the file descriptor of one of its sockets.
    """

    def __init__(self, number_of: Callable[[Any], int]) -> None:
        self.sockets: list[Any] = []
        self.frames = {size: text_frame(payload) for size, payload in PAYLOADS.items()}
        self._number_of = number_of
        self._numbers: list[int] = []

    def message(self, socket: Any, data: bytes) -> None:
        """Handles one message of a socket that has `write` and `send`."""
        if data.startswith(b"push "):
            prepared = self.frames[data[5:]]
            for each in self.sockets:
                each.write(prepared)
        elif data.startswith(b"floor "):
            self._floor(self.frames[data[6:]])
        else:
            socket.send(data)

    def _floor(self, prepared: bytes) -> None:
        if len(self._numbers) != len(self.sockets):
            self._numbers = [self._number_of(each) for each in self.sockets]
        for number in self._numbers:
            os.write(number, prepared)


def number_of(socket: Any) -> int:
    """The descriptor behind a protocol that keeps its transport in `_transport`."""
    return int(socket._transport.get_extra_info("socket").fileno())


class Listener:
    """Reactor's side: as thin as a listener can be."""

    __slots__ = ("hub", "socket")

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    def opened(self, socket: SyncSocket) -> None:
        self.socket = socket
        self.hub.sockets.append(socket)

    def message(self, data: bytes) -> None:
        self.hub.message(self.socket, data)

    def writable(self) -> None: ...

    def closed(self) -> None:
        self.hub.sockets.remove(self.socket)


def reactor() -> Any:
    """Our class."""
    hub = Hub(number_of)
    return socket_factory(lambda _: Listener(hub), message_bytes_max=MESSAGE_BYTES_MAX)


def websockets() -> Any:  # noqa: C901  # a class, its methods counted together
    """The thinnest protocol over `websockets`' sans-I/O core that still sends prepared frames."""
    hub = Hub(number_of)

    class Socket(asyncio.Protocol):
        __slots__ = ("_connections", "_core", "_transport")

        def __init__(self, *, server_state: Any, **_: Any) -> None:
            self._connections = server_state.connections
            self._core = ServerProtocol(max_size=MESSAGE_BYTES_MAX)

        def connection_made(self, transport: Any) -> None:
            self._transport = transport
            self._connections.add(self)

        def data_received(self, data: bytes) -> None:
            core = self._core
            core.receive_data(data)
            for event in core.events_received():
                if isinstance(event, Request):
                    core.send_response(core.accept(event))
                    hub.sockets.append(self)
                elif isinstance(event, Frame) and event.opcode is Opcode.TEXT and event.fin:
                    payload = bytes(event.data)
                    payload.decode()
                    hub.message(self, payload)
            for output in core.data_to_send():
                self.write(output)

        def write(self, data: bytes) -> None:
            if not self._transport.is_closing():
                self._transport.write(data)

        def send(self, payload: bytes) -> None:
            self.write(text_frame(payload))

        def connection_lost(self, exc: Exception | None) -> None:
            self._connections.discard(self)
            hub.sockets.remove(self)

        def shutdown(self) -> None:
            self._transport.close()

    return Socket


class Asgi:
    """The ASGI application; only uvicorn's own WebSocket asks it."""

    def __init__(self) -> None:
        self.sockets: list[Callable[[Any], Awaitable[None]]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        self.sockets.append(send)
        while (event := await receive())["type"] == "websocket.receive":
            text = event["text"]
            if text.startswith("push "):
                prepared = {"type": "websocket.send", "text": PAYLOADS[text[5:].encode()].decode()}
                for each in self.sockets:
                    await each(prepared)
            else:
                await send({"type": "websocket.send", "text": text})
        self.sockets.remove(send)


SERVERS: dict[str, Callable[[], Any]] = {
    "reactor": reactor,
    "websockets": websockets,
    "asgi": lambda: "websockets-sansio",
}


def serve(name: str, loop: str, port: int) -> None:
    """Runs one server until it is stopped."""
    gc.freeze()
    uvicorn.run(
        Asgi(),
        port=port,
        ws=SERVERS[name](),
        loop=loop,
        http="httptools",
        lifespan="off",
        log_config=None,
        ws_per_message_deflate=False,
        ws_ping_interval=None,
        backlog=4_096,
    )


@contextmanager
def running(name: str, loop: str) -> Generator[tuple[int, int]]:
    """A server in a process of its own: its port and its pid."""
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "bench.sockets", "--serve", name, str(port), "--loop", loop]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        yield port, process.pid
    finally:
        process.kill()
        process.wait()


# --- the measurements -----------------------------------------------------------------------


class Clients:
    """Sockets to one server, and a count of what they heard."""

    def __init__(self, port: int, pid: int) -> None:
        self._port = port
        self._pid = pid
        self._missing = 0
        self._all_heard = asyncio.Event()
        self.sockets: list[WebSocket] = []

    def heard(self, payload: bytes) -> None:
        self._missing -= 1
        if not self._missing:
            self._all_heard.set()

    async def open(self, count: int) -> None:
        """Opens some more, a hundred handshakes at a time."""
        for _ in range(count // 100 or 1):
            some = await asyncio.gather(*(self._dial() for _ in range(min(count, 100))))
            self.sockets += some

    async def _dial(self) -> WebSocket:
        while True:
            try:
                socket = await open_socket(self._port, "/bench")
            except ConnectionRefusedError:  # it is still starting
                await asyncio.sleep(0.05)
            else:
                socket.on_message = self.heard
                return socket

    async def hear(self, count: int, send: Callable[[], None]) -> float:
        """Sends, waits for so many messages, and gives the server's CPU time in microseconds."""
        self._missing = count
        self._all_heard.clear()
        before = own_us(self._pid)
        send()
        async with asyncio.timeout(60):
            await self._all_heard.wait()
        return own_us(self._pid) - before


async def echo_us(port: int, pid: int, rounds: int) -> float:
    """CPU per echoed message of 300 bytes, one on its way on each of 64 connections."""
    clients = Clients(port, pid)
    await clients.open(ECHO_SOCKETS)
    data = frame(b"x" * 300)
    count = left = rounds * 500

    def again(socket: WebSocket, payload: bytes) -> None:
        nonlocal left
        clients.heard(payload)
        left -= 1
        if left >= ECHO_SOCKETS:
            socket.send(data)

    def start() -> None:
        nonlocal left
        left = count
        for socket in clients.sockets:
            socket.on_message = partial(again, socket)
            socket.send(data)

    await clients.hear(count, start)  # a warm-up
    return statistics.median([await clients.hear(count, start) / count for _ in range(3)])


async def pushes_us(port: int, pid: int, rounds: int, kinds: list[str]) -> dict[str, float]:
    """CPU per frame of each kind of push, the kinds taking turns."""
    clients = Clients(port, pid)
    await clients.open(PUSH_SOCKETS)
    spent: dict[str, list[float]] = {}
    for number in range(rounds + 5):
        for size in SIZES:
            for kind in kinds:
                send = partial(clients.sockets[0].send, frame(f"{kind} {size}".encode()))
                cost = await clients.hear(PUSH_SOCKETS, send)
                if number >= 5:
                    spent.setdefault(f"{kind} {size}", []).append(cost / PUSH_SOCKETS)
    return {name: statistics.quantiles(costs, n=4)[0] for name, costs in spent.items()}


async def idle_kib(port: int, pid: int) -> float:
    """Memory that one more idle connection takes, in KiB."""
    clients = Clients(port, pid)
    await clients.open(WARM_SOCKETS)
    before = pss_bytes(pid)
    await clients.open(IDLE_SOCKETS)
    await asyncio.sleep(0.3)
    return (pss_bytes(pid) - before) / IDLE_SOCKETS / 1024


def measure(name: str, loop: str, rounds: int) -> dict[str, float]:
    """All figures of one server, each in a fresh process."""
    kinds = ["push"] if name == "asgi" else ["push", "floor"]
    with running(name, loop) as (port, pid):
        found = uvloop.run(pushes_us(port, pid, rounds, kinds))
    with running(name, loop) as (port, pid):
        found["echo"] = uvloop.run(echo_us(port, pid, rounds))
    with running(name, loop) as (port, pid):
        found["KiB"] = uvloop.run(idle_kib(port, pid))
    return found


def main() -> None:
    """Measures every server that is asked for and prints the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--serve", nargs=2, metavar=("NAME", "PORT"), help=argparse.SUPPRESS)
    parser.add_argument("--loop", default="uvloop", choices=["uvloop", "asyncio"])
    parser.add_argument("--only", action="append", choices=list(SERVERS))
    parser.add_argument("--quick", action="store_true", help="a quarter of the rounds")
    options = parser.parse_args()
    if options.serve:
        serve(options.serve[0], options.loop, int(options.serve[1]))
        return
    print(f"CPU in us per message, {options.loop}; (x) beside os.write of the same frame")
    print(f"{'':<12}{'echo 300 B':>12}{'push 300 B':>18}{'push 3 KB':>18}{'KiB/idle':>10}")
    all_found: dict[str, dict[str, float]] = {}
    for name in options.only or SERVERS:
        found = all_found[name] = measure(
            name, options.loop, ROUNDS // 4 if options.quick else ROUNDS
        )
        pushes = ""
        for size in SIZES:
            floor = found.get(f"floor {size}")
            ratio = f" ({found[f'push {size}'] / floor:.2f}x)" if floor else ""
            pushes += f"{found[f'push {size}']:.2f}{ratio}".rjust(18)
        print(f"{name:<12}{found['echo']:>12.2f}{pushes}{found['KiB']:>10.2f}", flush=True)
    if {"reactor", "asgi"} <= all_found.keys():
        ours, theirs = all_found["reactor"], all_found["asgi"]
        ratios = ", ".join(f"{what} {theirs[what] / ours[what]:.1f}x" for what in theirs)
        print(f"uvicorn's own / ours: {ratios}")


if __name__ == "__main__":
    main()
