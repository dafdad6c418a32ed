"""The sample behind a real port, served by a thread of its own, for commands that are not async."""

from __future__ import annotations

import socket
from collections.abc import Callable, Coroutine, Generator
from contextlib import contextmanager
from typing import Any, TypeVar

import uvicorn
from anyio.from_thread import start_blocking_portal

from reactor.testing import Harness
from tests.unit.sample.world import harness

T = TypeVar("T")
KEY = "test-admin-key"


class Deployment:
    """A running sample.

    Args:
        url: where it answers.
        backend: the node behind it; only to be touched through `do`.
        call: runs a coroutine function where the node lives.
    """

    def __init__(self, url: str, backend: Harness, call: Callable[..., Any]) -> None:
        self.url = url
        self.backend = backend
        self._call = call

    def do(self, body: Callable[[Harness], Coroutine[Any, Any, T]]) -> T:
        """Runs something on the node."""
        result: T = self._call(body, self.backend)
        return result

    def ask(self, path: str, **args: Any) -> Any:
        """Calls a function by its path, as the admin."""
        return self.do(lambda backend: backend.as_admin().call(path, args))


@contextmanager
def serving(**options: Any) -> Generator[Deployment]:
    """The sample with an HTTP port until the end of the block."""
    with start_blocking_portal() as portal, socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen()
        opened = harness(**options)
        backend = portal.call(opened.__aenter__)
        config = uvicorn.Config(backend.node.http, lifespan="off", ws="none", log_config=None)
        server = uvicorn.Server(config)
        running = portal.start_task_soon(server.serve, [bound])
        try:
            url = f"http://127.0.0.1:{bound.getsockname()[1]}"
            yield Deployment(url, backend, portal.call)
        finally:
            server.should_exit = True
            running.result()
            portal.call(opened.__aexit__, None, None, None)
