"""A reactor server in a process of its own, on ports and in a folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import httpx2

REACTOR = Path(sys.executable).parent / "reactor"
PROJECT = Path(__file__).parent.parent / "project"
ADMIN_KEY = "compat|0123456789abcdef"
START_SECONDS = 30.0
CHILDREN_SECONDS = 5.0


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """One server process; it can be killed and started again on the same data and ports.

    Args:
        folder: where the data and the server's output go.
        env: settings added to the environment; error texts are in full unless `REACTOR_ENV=prod`.
        project: the project that it runs.
        command: `serve`, or `dev` with its sandbox.
    """

    def __init__(
        self,
        folder: Path,
        env: Mapping[str, str],
        *,
        project: Path = PROJECT,
        command: str = "serve",
    ) -> None:
        self.port, self.site_port, self.sandbox_port = free_port(), free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.site_url = f"http://127.0.0.1:{self.site_port}"
        self.sandbox_url = f"http://127.0.0.1:{self.sandbox_port}"
        self.data_dir = folder / "data"
        self._project = project
        self._command = command
        self.env = {**os.environ, "REACTOR_ADMIN_KEY": ADMIN_KEY, "REACTOR_ENV": "dev", **env}
        self._output = folder / "output.txt"
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        """The command line, as a user would type it."""
        line = [str(REACTOR), self._command, str(self._project)]
        line += ["--port", str(self.port), "--site-port", str(self.site_port)]
        line += ["--data-dir", str(self.data_dir)]
        if self._command == "dev":
            line += ["--sandbox-port", str(self.sandbox_port)]
        return line

    def start(self, **env: str) -> None:
        """Starts the process and waits until `/version` answers; `env` holds for this start."""
        with self._output.open("ab") as output:
            self._process = subprocess.Popen(
                self.command(),
                env={**self.env, **env},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise AssertionError(f"the server did not start:\n{self.output()}")
            time.sleep(0.02)

    def _answers(self) -> bool:
        with suppress(httpx2.TransportError):
            return httpx2.get(f"{self.url}/version", timeout=5).status_code == 200
        return False

    def stop(self) -> int:
        """Ends the process with SIGTERM; gives its exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        try:
            code = self._process.wait(15)
            self._await_children()
            return code
        finally:
            self.kill()

    def crash(self) -> None:
        """`kill -9` of the server's own process; what it had started must notice by itself."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self._await_children()

    def _await_children(self) -> None:
        """Fails unless everything that the process had started is gone soon after it."""
        assert self._process is not None
        deadline = time.monotonic() + CHILDREN_SECONDS
        with suppress(ProcessLookupError):
            while time.monotonic() < deadline:
                os.killpg(self._process.pid, 0)
                time.sleep(0.02)
            raise AssertionError("the server left a process behind")

    def kill(self) -> None:
        """Ends the process at once, and whatever it had started."""
        if self._process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def output(self) -> str:
        """Everything that the server printed so far."""
        return self._output.read_text(errors="replace")

    def memory_max(self) -> int:
        """The most memory that the process has had so far, in bytes."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024

    def metrics(self) -> dict[str, float]:
        """Every counter of `/metrics` by its name, summed over its labels."""
        totals: dict[str, float] = {}
        for line in httpx2.get(f"{self.url}/metrics").text.splitlines():
            if line and not line.startswith("#"):
                series, _, value = line.rpartition(" ")
                name = series.partition("{")[0]
                totals[name] = totals.get(name, 0.0) + float(value)
        return totals
