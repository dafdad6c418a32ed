"""Starts what is measured and what measures it, each in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "bench" / "project"
ADMIN_KEY = "bench"
START_S = 30.0
LOAD_S = 110.0
REIMAJI_START_S = 600.0


def free_ports(count: int) -> list[int]:
    """Loopback ports that nobody listens on now."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports: list[int] = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


class Process:
    """A server process that answers `/version` once it is ready; ended by `with`.

    Args:
        command: what to run.
        port: where it listens.
        output: the file for what it prints.
        start_s: how long it may take to be ready.
        variables: further environment variables.
        ready: the path that answers once it is.
    """

    def __init__(
        self,
        command: list[str],
        port: int,
        output: Path,
        start_s: float = START_S,
        variables: Mapping[str, str] | None = None,
        ready: str = "/version",
    ) -> None:
        self.port = port
        self._output = output
        self._start_s = start_s
        self._ready = ready
        environment = {**os.environ, "REACTOR_ENV": "dev", "REACTOR_ADMIN_KEY": ADMIN_KEY}
        environment.update(variables or {})
        with output.open("wb") as file:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.pid = self._process.pid

    def __enter__(self) -> Self:
        deadline = time.monotonic() + self._start_s
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._end()
                raise RuntimeError(f"the server did not start:\n{self._output.read_text()}")
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(10)
        self._end()

    def _end(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()

    def _answers(self) -> bool:
        with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            url = f"http://127.0.0.1:{self.port}{self._ready}"
            with urllib.request.urlopen(url, timeout=2) as response:
                return bool(response.status == 200)
        return False


def reactor(folder: Path) -> Process:
    """Our server on the project of this folder, with its data in `folder`."""
    port, site_port = free_ports(2)
    command = [str(Path(sys.executable).parent / "reactor"), "serve", str(PROJECT)]
    command += ["--port", str(port), "--site-port", str(site_port)]
    command += ["--data-dir", str(folder / "data")]
    return Process(command, port, folder / "server.txt")


def reimaji(folder: Path, ai: Process) -> Process:
    """Reimaji with its data in `folder`; the AI that answers is a stand-in."""
    port, site_port = free_ports(2)
    command = [str(Path(sys.executable).parent / "reactor"), "serve", str(ROOT)]
    command += ["--port", str(port), "--site-port", str(site_port)]
    command += ["--data-dir", str(folder / "data")]
    variables = {
        "CLERK_JWT_ISSUER_DOMAIN": f"http://127.0.0.1:{ai.port}/clerk",
        "OPENAI_API_KEY": "sandbox",
        "OPENAI_BASE_URL": f"http://127.0.0.1:{ai.port}/openai/v1",
        "REIMAJI_FREE_DAILY_LIMIT": "1000",
    }
    return Process(command, port, folder / "server.txt", REIMAJI_START_S, variables)


def standins(folder: Path) -> Process:
    """The stand-ins for what Reimaji calls."""
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "examples.standins", "--port", str(port)]
    return Process(command, port, folder / "standins.txt", ready="/")


def echo(folder: Path) -> Process:
    """The bare server."""
    (port,) = free_ports(1)
    return Process([sys.executable, "-m", "bench.echo", str(port)], port, folder / "echo.txt")


def load(name: str, server: Process, **options: Any) -> dict[str, float]:
    """Runs one scenario of the load program against a server; gives what it measured."""
    return measured("bench.load", name, options | {"port": server.port, "pid": server.pid})


def measured(module: str, *words: str | dict[str, Any]) -> dict[str, float]:
    """Runs a measuring program with these words; gives what it printed."""
    told = [word if isinstance(word, str) else json.dumps(word) for word in words]
    done = subprocess.run(
        [sys.executable, "-m", module, *told],
        cwd=ROOT, stdout=subprocess.PIPE, timeout=LOAD_S, check=False, text=True,
    )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"{module} failed with {told}")
    result: dict[str, float] = json.loads(done.stdout)
    return result
