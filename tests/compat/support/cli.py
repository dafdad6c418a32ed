"""`npx convex`, unmodified, in a folder of its own and pointed at a server."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.compat.support.server import ADMIN_KEY

NODE_MODULES = Path(__file__).parent.parent / "node_modules"
SECONDS_MAX = 40.0


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it said."""

    code: int
    out: str
    err: str


class ConvexCli:
    """The CLI of npm's package, as a user of a self-hosted deployment sets it up.

    Args:
        folder: an empty folder, which becomes the user's project.
        url: the deployment.
        admin_key: its key.
    """

    def __init__(self, folder: Path, url: str, admin_key: str = ADMIN_KEY) -> None:
        self.folder = folder
        (folder / "package.json").write_text('{"name": "app", "dependencies": {"convex": "*"}}')
        (folder / "node_modules").symlink_to(NODE_MODULES)
        # Nothing of this machine: the CLI reads its user's settings, and looks who is calling.
        self._env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "CI": "1",
            "CONVEX_SELF_HOSTED_URL": url,
            "CONVEX_SELF_HOSTED_ADMIN_KEY": admin_key,
        }

    def __call__(self, *args: str, given: str | None = None) -> Said:
        """Runs a command to its end.

        Args:
            args: as typed after `npx convex`.
            given: what its standard input holds; nothing by default.
        """
        done = subprocess.run(
            self._command(args), cwd=self.folder, env=self._env, capture_output=True, text=True,
            input=given or "", timeout=SECONDS_MAX, check=False,
        )  # fmt: skip
        return Said(done.returncode, done.stdout, done.stderr)

    @contextmanager
    def running(self, *args: str) -> Generator[subprocess.Popen[str]]:
        """Starts a command that does not end by itself, and ends it with the block."""
        process = subprocess.Popen(
            self._command(args), cwd=self.folder, env=self._env, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def _command(self, args: tuple[str, ...]) -> list[str]:
        return ["node", str(self.folder / "node_modules" / "convex" / "bin" / "main.js"), *args]
