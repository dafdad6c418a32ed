"""How a node is run: ports, folders, keys. Read once, when the process starts."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from reactor import limits
from reactor.errors import ProjectError
from reactor.runtime.clock import Clock, OffsetClock, SystemClock
from reactor.runtime.random import Entropy, SystemEntropy
from reactor.runtime.settable import set_limits

if TYPE_CHECKING:
    from collections.abc import Mapping

DEV_ADMIN_KEY: Final = "dev-admin-key"
HOST: Final = "127.0.0.1"
PORT: Final = 3210
SITE_PORT: Final = 3211
SANDBOX_PORT: Final = 3215
URLS: Final = ("CONVEX_CLOUD_URL", "CONVEX_SITE_URL")
"""The variables that say where a node is reached."""


@dataclass(frozen=True, slots=True)
class Settings:
    """A node's settings.

    Args:
        variables: the environment that functions see.
        data_dir: the folder of the database.
        admin_key: the deployment's admin key.
        is_production: whether error texts stay on the server.
        host: the address that is bound.
        port: of the client API and the WebSocket.
        site_port: of the project's HTTP routes.
        writer: who writes to SQLite: a process beside this one, or a thread in it.
        clock_offset_ms: shifts the clock; for tests of clocks that were set back.
        name: the deployment's name.
        cron_splay_s: by how many seconds at most a cron job is late on purpose; 0 for none.
        files: where file storage keeps its bytes: a folder, or `s3://bucket/prefix`.
        region: where it runs, as functions are told.
    """

    variables: Mapping[str, str] = field(repr=False)
    data_dir: Path = Path(".reactor")
    admin_key: str = field(default=DEV_ADMIN_KEY, repr=False)
    is_production: bool = False
    host: str = HOST
    port: int = PORT
    site_port: int = SITE_PORT
    writer: Literal["process", "thread"] = "process"
    clock_offset_ms: float = 0.0
    name: str = "reactor"
    cron_splay_s: int = limits.CRON_SPLAY_S
    files: str = ".reactor/files"
    region: str | None = None

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return database_in(self.data_dir)

    @property
    def cloud_url(self) -> str:
        """The public address of the client API."""
        return self.variables.get("CONVEX_CLOUD_URL", f"http://{self.host}:{self.port}")

    def clock(self) -> Clock:
        """The clock of this node."""
        return OffsetClock(self.clock_offset_ms) if self.clock_offset_ms else SystemClock()

    def entropy(self) -> Entropy:
        """The source of chance of this node."""
        return SystemEntropy()

    def stop(self) -> None:
        """Ends this process as an operator would."""
        os.kill(os.getpid(), signal.SIGTERM)


def database_in(data_dir: Path) -> Path:
    """The SQLite file in a data folder."""
    return data_dir / "reactor.sqlite3"


def settings_from(
    environment: Mapping[str, str] | None = None,
    *,
    dev: bool = False,
    host: str | None = None,
    port: int | None = None,
    site_port: int | None = None,
    data_dir: Path | None = None,
    defaults: Mapping[str, str] | None = None,
) -> Settings:
    """Settings from flags, the environment and defaults, in that order.

    The process's own environment also sets the limits, which all nodes of a process share.

    Args:
        environment: variables; the process's own by default.
        dev: whether `reactor dev` runs.
        host: address to bind.
        port: client API port.
        site_port: HTTP routes port.
        data_dir: folder of the database.
        defaults: variables that hold unless the environment sets them.

    Raises:
        ProjectError: production without an admin key, or a setting or limit that cannot be read.
    """
    if environment is None:
        set_limits(limits, os.environ)
    given = {**(defaults or {}), **(os.environ if environment is None else environment)}
    mode = given.get("REACTOR_ENV", "dev" if dev else "prod")
    key = given.get("REACTOR_ADMIN_KEY", "")
    if not key and not dev and mode == "prod":
        raise ProjectError(
            "REACTOR_ADMIN_KEY is not set; choose a long random text, or run `reactor dev`"
        )
    port = port or _number(given, "REACTOR_PORT", PORT)
    site_port = site_port or _number(given, "REACTOR_SITE_PORT", SITE_PORT)
    host = host or given.get("REACTOR_HOST", HOST)
    given["REACTOR_ENV"] = mode
    given.setdefault("CONVEX_CLOUD_URL", f"http://{host}:{port}")
    given.setdefault("CONVEX_SITE_URL", f"http://{host}:{site_port}")
    folder = data_dir or Path(given.get("REACTOR_DATA_DIR", ".reactor"))
    return Settings(
        variables=given,
        data_dir=folder,
        admin_key=key or DEV_ADMIN_KEY,
        is_production=mode == "prod",
        host=host,
        port=port,
        site_port=site_port,
        writer=_writer(given, dev=dev),
        clock_offset_ms=_number(given, "REACTOR_CLOCK_OFFSET_MS", 0),
        name=given.get("REACTOR_NAME", "reactor"),
        cron_splay_s=max(0, _number(given, "CRON_SPLAY_SECONDS", limits.CRON_SPLAY_S)),
        files=given.get("REACTOR_FILES") or str(folder / "files"),
        region=given.get("REACTOR_REGION"),
    )


def _writer(given: Mapping[str, str], *, dev: bool) -> Literal["process", "thread"]:
    alone = dev or (os.cpu_count() or 1) < 2
    match given.get("REACTOR_WRITER", "thread" if alone else "process"):
        case "thread":
            return "thread"
        case "process":
            return "process"
        case other:
            raise ProjectError(f"REACTOR_WRITER is process or thread, not {other!r}")


def _number(given: Mapping[str, str], name: str, default: int) -> int:
    text = given.get(name)
    if text is None:
        return default
    try:
        return int(text)
    except ValueError:
        raise ProjectError(f"{name} must be a whole number, not {text!r}") from None
