"""The workpool's tables."""

from __future__ import annotations

from typing import Any, Literal

from reactor import Field, Id, Index, ScheduledFunction, Table, field
from reactor.contrib.workpool.retry import Backoff

State = Literal["pending", "running", "success", "failed", "canceled"]


class Work(Table, name="works"):
    """One job, from `enqueue` until a day after its end."""

    pool: Field[str]
    parallel: Field[int] = field(doc="the pool's, when it was enqueued")
    kind: Field[Literal["mutation", "action"]]
    handle: Field[str]
    args: Field[Any] = field(doc="its arguments object; empty once it has ended")
    backoff: Field[Backoff | None] = field()
    then: Field[str | None] = field(doc="the handle of what is told how it ended")
    context: Field[Any]
    state: Field[State]
    due: Field[float] = field(doc="ms since the epoch: a pending job starts no earlier")
    attempts: Field[int] = field(default=0)
    job: Field[Id[ScheduledFunction] | None] = field(default=None)
    is_canceled: Field[bool] = field(default=False, doc="canceled while an attempt was running")
    error: Field[str | None] = field(default=None)
    ended: Field[float | None] = field(default=None, doc="ms since the epoch")

    by_pool = Index("pool", "state", "due")
    by_state = Index("state")
    by_ended = Index("ended")


class Watch(Table, name="watches"):
    """The one document that names the next look for jobs that were lost in a crash."""

    job: Field[Id[ScheduledFunction]]
