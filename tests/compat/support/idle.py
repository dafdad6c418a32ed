"""Two clients that say nothing, while the other checks run."""

from __future__ import annotations

import asyncio
import threading
import time

from tests.compat.support.client import open_client
from tests.compat.support.proxy import Passed, proxied
from tests.compat.support.server import Server

SETTLE_SECONDS = 2.0


class IdleClients:
    """A server with an npm and a PyPI client on it, each behind a proxy; all in a thread."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._done = threading.Event()
        self._ready = threading.Event()
        self._started = 0.0
        self.connections: dict[str, int] = {}
        self.passed: dict[str, list[Passed]] = {}
        self.values: dict[str, list[float]] = {}

    def start(self) -> None:
        """Starts all of it, and waits until both clients have their first value."""
        self._server.start()
        self._thread.start()
        assert self._ready.wait(30), "the idle clients did not connect"
        self._started = time.monotonic()

    def until_pinged(self, seconds: float) -> None:
        """Waits until the server has sent npm a Ping."""
        deadline = time.monotonic() + seconds
        while not any(entry.type == "Ping" for entry in self.passed["npm"]):
            assert time.monotonic() < deadline, f"no Ping in {seconds} s"
            time.sleep(0.1)

    def finish_after(self, seconds: float) -> None:
        """Lets the clients be idle until they were for this long; then asks for one more push."""
        time.sleep(max(0.0, self._started + seconds - time.monotonic()))
        self.stop()

    def stop(self) -> None:
        """Ends the clients and the server."""
        self._done.set()
        self._thread.join(30)
        self._server.kill()

    async def _run(self) -> None:
        async with (
            proxied(self._server.url) as npm_proxy,
            proxied(self._server.url) as pypi_proxy,
            open_client("npm", npm_proxy.url) as npm,
            open_client("pypi", pypi_proxy.url) as pypi,
        ):
            views = {"npm": npm.subscribe("counters:get", name="idle")}
            views["pypi"] = pypi.subscribe("counters:get", name="idle")
            for view in views.values():
                await view.until(0)
            await asyncio.sleep(SETTLE_SECONDS)
            self.passed = {"npm": npm_proxy.passed, "pypi": pypi_proxy.passed}
            self._ready.set()
            await asyncio.to_thread(self._done.wait)
            await npm.mutation("counters:increment", name="idle")
            for view in views.values():
                await view.until(1)
            self.values = {kind: view.values for kind, view in views.items()}
            self.connections = {"npm": len(npm_proxy.links), "pypi": len(pypi_proxy.links)}
