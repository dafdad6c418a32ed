"""Serves a node: sockets bound first, then the database, then requests."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import signal
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import uvicorn

from reactor import limits
from reactor.app import Node, Reactor
from reactor.edge.socket import socket_factory
from reactor.edge.sync import Acceptor
from reactor.errors import ProjectError
from reactor.runner.logs import Capture
from reactor.runner.watch import watch
from reactor.runtime.garbage import by_hand, collect_when_idle, set_aside

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Generator

    from starlette.types import ASGIApp

    from reactor.runtime.settings import Settings


class _Server(uvicorn.Server):
    """A uvicorn server whose signals are handled by us, since several run side by side."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def bind(host: str, port: int, flag: str) -> socket.socket:
    """A listening address, taken before anything else is started.

    Raises:
        ProjectError: the port is taken or may not be used; the flag that changes it is named.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
        bound.listen(limits.ACCEPT_BACKLOG)
    except OSError as error:
        bound.close()
        why = (
            "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
        )
        raise ProjectError(f"port {port} on {host} {why}; choose another with {flag}") from None
    except OverflowError:
        bound.close()
        raise ProjectError(f"{port} is no port; choose one from 1 to 65535 with {flag}") from None
    return bound


@dataclass(slots=True)
class Beside:
    """What `reactor dev` adds to a node.

    Args:
        sandbox: an ASGI application and the socket it is served on.
        opened: runs once the database is open, before the first request.
        watch: runs beside the servers; when it returns, they stop.
    """

    sandbox: tuple[ASGIApp, socket.socket] | None = None
    opened: Callable[[Node], Coroutine[Any, Any, None]] | None = None
    watch: Callable[[], Coroutine[Any, Any, None]] | None = None


@dataclass(slots=True)
class Sockets:
    """The bound addresses of a node."""

    client: socket.socket
    site: socket.socket
    others: list[socket.socket] = field(default_factory=list[socket.socket])


def _config(app: ASGIApp, ws: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        ws=ws,
        http="httptools",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=limits.SHUTDOWN_S,
        timeout_keep_alive=limits.KEEP_ALIVE_S,
    )


async def serve(
    project: Reactor,
    settings: Settings,
    sockets: Sockets,
    beside: Beside,
    ready: Callable[[Node], None],
) -> None:
    """Runs a node until it is told to stop.

    Args:
        project: what to run.
        settings: how.
        sockets: where.
        beside: what runs beside it.
        ready: called when the first request can be answered.

    Raises:
        ProjectError: the project or its data cannot be used.
        StorageFailed: the disk said no while it ran.
    """
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    # The handlers stand before the database is opened, so that a stop while it loads is clean too.
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with by_hand():
        node = await Node.open(project, settings)
        try:
            if beside.opened is not None and not stop.is_set():
                await beside.opened(node)
            with Capture(project.functions), watch():
                await _run(node, sockets, beside, stop, ready)
        finally:
            await node.close()
    if node.failure is not None:
        raise node.failure


async def _run(
    node: Node,
    sockets: Sockets,
    beside: Beside,
    stop: asyncio.Event,
    ready: Callable[[Node], None],
) -> None:
    protocol = socket_factory(
        Acceptor(node.hub), message_bytes_max=limits.WEBSOCKET_MESSAGE_BYTES_MAX
    )
    servers = [
        (_Server(_config(node.http, protocol)), sockets.client),
        (_Server(_config(node.site, "none")), sockets.site),
    ]
    if beside.sandbox is not None:
        app, bound = beside.sandbox
        servers.append((_Server(_config(app, "none")), bound))
    set_aside()
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(server.serve(sockets=[bound])) for server, bound in servers]
        collector = group.create_task(collect_when_idle(node.hub.clock))
        watcher = group.create_task(_watch(beside, stop))
        while not all(server.started for server, _ in servers):
            await node.hub.clock.sleep(0.005)
        ready(node)
        await stop.wait()
        for server, _ in servers:
            server.should_exit = True
        await asyncio.gather(*tasks)
        collector.cancel()
        watcher.cancel()


async def _watch(beside: Beside, stop: asyncio.Event) -> None:
    if beside.watch is not None:
        await beside.watch()
        stop.set()
