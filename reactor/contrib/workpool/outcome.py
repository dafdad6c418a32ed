"""How a job stands, and how it ended."""

from __future__ import annotations

from typing import Any, Literal

from reactor import Object


class Outcome(Object):
    """How a job ended, as the handler of `Workpool.then` is told."""

    kind: Literal["success", "failed", "canceled"]
    return_value: Any = None
    error: str | None = None


class Status(Object):
    """How a job stands; kept for a day after its end."""

    kind: Literal["pending", "running", "success", "failed", "canceled"]
    attempts: int
    error: str | None
