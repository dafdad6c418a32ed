"""System tables: ordinary documents that only the engine writes.

A table that functions may read is a class here like any project's; it is declared in every schema.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from reactor.schema.columns import Field
from reactor.schema.fields import field
from reactor.schema.index import Index
from reactor.schema.objects import Object
from reactor.schema.table import Document
from reactor.values.types import Int64


class StoredFile(Document, name="_storage"):
    """A file in storage: read-only, `size` in bytes, `sha256` in base64."""

    sha256: Field[str]
    size: Field[int]
    content_type: Field[str | None]


class JobState(Object):
    """Where a scheduled function stands; the ids are there while an action is in progress."""

    kind: Literal["pending", "inProgress", "success", "failed", "canceled"]
    error: str | None = None
    request_id: str | None = field(default=None, wire="request_id")
    execution_id: str | None = field(default=None, wire="execution_id")


class ScheduledFunction(Document, name="_scheduled_functions"):
    """A function that runs later, or ran: read-only, times in ms since the epoch."""

    name: Field[str]
    args: Field[list[Any]]
    scheduled_time: Field[float]
    completed_time: Field[float | None] = field(default=None)
    state: Field[JobState]

    by_completion = Index("completed_time", "scheduled_time")
    """What has not ended comes first, in the order in which it is due."""


class CronSpec(Object):
    """What a cron job runs, and when."""

    udf_path: str
    udf_args: list[Any]
    cron_schedule: Any


class CronState(Object):
    """Whether a cron job's action is running."""

    type_: Literal["pending", "inProgress"]


class CronJob(Document, name="_cron_jobs"):
    """A function that runs again and again: timestamps in ns since the epoch."""

    name: Field[str]
    cron_spec: Field[CronSpec]
    state: Field[CronState]
    prev_ts: Field[Int64 | None] = field(default=None)
    next_ts: Field[Int64]


class CronRun(Document, name="_cron_job_logs"):
    """One run of a cron job: when it ended, in ns since the epoch, and what became of it."""

    name: Field[str]
    ts: Field[Int64]
    udf_path: Field[str]
    udf_args: Field[Any]
    status: Field[Any]
    log_lines: Field[Any]
    execution_time: Field[float]

    by_name_and_ts = Index("name", "ts")


MigrationState = Literal["running", "done", "failed", "canceled"]


class Migration(Document, name="_migrations"):
    """How far a `@migration` has come: read-only, times in ms since the epoch.

    `cursor` is the index key behind which it goes on, `name` its wire path.
    """

    name: Field[str]
    table: Field[str]
    state: Field[MigrationState]
    processed: Field[int]
    total: Field[int]
    cursor: Field[str]
    started_time: Field[float]
    updated_time: Field[float]
    error: Field[str | None] = field(default=None)

    by_name = Index("name", unique=True)


class EnvironmentVariable(Document, name="_environment_variables"):
    """A variable of the deployment's own."""

    name: Field[str]
    value: Field[str]

    by_name = Index("name", unique=True)


class CreatedTable(Document, name="_tables"):
    """A table that was created by hand and that no schema declares."""

    name: Field[str]

    by_name = Index("name", unique=True)


class DeploymentEvent(Document, name="_deployment_audit_log"):
    """Something that was done to the deployment by hand; it names things, never values."""

    action: Field[str]
    member_id: Field[float | None] = field(wire="member_id")
    metadata: Field[dict[str, Any]]


SYSTEM_TABLES: Final[tuple[type[Document], ...]] = (
    StoredFile,
    ScheduledFunction,
    CronJob,
    CronRun,
    Migration,
    EnvironmentVariable,
    CreatedTable,
    DeploymentEvent,
)
"""Declared, with their indexes, beside the tables of every project."""
