"""Faults on demand: the next request that matches fails the way a test asked for."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Fault(BaseModel):
    """One fault, as `POST /_sandbox/faults` describes it.

    `match` is a method and a path below the service's own, as `POST /v2/invoices`; `*` in the path
    stands for anything. Left out, every request matches.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    service: str
    match: str | None = None
    times: int = Field(default=1, ge=1, le=10_000)
    status: int | None = Field(default=None, ge=200, le=599)
    body: Any = None
    delayMs: float = Field(default=0, ge=0, le=600_000)  # noqa: N815  # its name on the wire
    mode: Literal["respond", "drop_before", "drop_after"] = "respond"

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if self.mode == "respond" and self.status is None and not self.delayMs:
            raise ValueError("a fault needs a status, a delayMs or a mode that drops")
        return self

    def matches(self, service: str, method: str, path: str) -> bool:
        """Whether this request is one the fault is for."""
        if service != self.service:
            return False
        if self.match is None:
            return True
        wanted_method, _, wanted_path = self.match.rpartition(" ")
        return wanted_method.upper() in ("", method) and fnmatchcase(path, wanted_path)


class Faults:
    """The faults still to happen, oldest first."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Fault, int]] = []

    def add(self, fault: Fault) -> None:
        """Lets the fault happen `times` times."""
        self._waiting.append((fault, fault.times))

    def take(self, service: str, method: str, path: str) -> Fault | None:
        """The fault this request meets, used up once; None: the request works."""
        for position, (fault, left) in enumerate(self._waiting):
            if fault.matches(service, method, path):
                self._waiting[position : position + 1] = [(fault, left - 1)] if left > 1 else []
                return fault
        return None

    def clear(self) -> int:
        """Forgets every fault; returns how many there were."""
        count = len(self._waiting)
        self._waiting.clear()
        return count
