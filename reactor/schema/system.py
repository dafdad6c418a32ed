"""System tables: ordinary documents that only the engine writes.

A table that functions may read is a class here like any project's; it is declared in every schema.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from reactor.schema.columns import Field
from reactor.schema.fields import field
from reactor.schema.objects import Object
from reactor.schema.table import Document


class StoredFile(Document, name="_storage"):
    """A file in storage: read-only, `size` in bytes, `sha256` in base64."""

    sha256: Field[str]
    size: Field[int]
    content_type: Field[str | None]


class JobState(Object):
    """Where a scheduled function stands."""

    kind: Literal["pending", "inProgress", "success", "failed", "canceled"]
    error: str | None = None


class ScheduledFunction(Document, name="_scheduled_functions"):
    """A function that runs later, or ran: read-only, times in ms since the epoch."""

    name: Field[str]
    args: Field[list[Any]]
    scheduled_time: Field[float]
    completed_time: Field[float | None] = field(default=None)
    state: Field[JobState]


SYSTEM_TABLES: Final[tuple[type[Document], ...]] = (StoredFile, ScheduledFunction)
"""Declared, with their indexes, beside the tables of every project."""
