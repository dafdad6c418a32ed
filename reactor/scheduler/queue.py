"""Scheduled functions, from the moment that they are committed to their end.

The table is the truth; the agenda holds one entry for each job that has not begun, fed by the
commits, so that a due job is found without looking through the table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reactor import limits
from reactor.auth.identity import Caller
from reactor.runner.executions import Origin
from reactor.runner.loader import canonical
from reactor.runner.run import Call
from reactor.scheduler.executor import SOURCE
from reactor.values.ids import decode_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reactor.log.snapshot import Touch
    from reactor.runner.failure import Failure
    from reactor.runner.jobs import Job, JobTable, StateKind
    from reactor.runner.run import Outcome
    from reactor.scheduler.executor import Executor
    from reactor.transaction.transaction import Transaction


class Queue:
    """Runs the jobs of one table when they are due.

    Args:
        jobs: the table.
        executor: runs them.
        component: the path of the space whose jobs they are; "" for the root.
    """

    def __init__(self, jobs: JobTable, executor: Executor, component: str) -> None:
        self._jobs = jobs
        self._executor = executor
        self._agenda = executor.agenda
        self._runner = executor.runner
        self._component = component
        self._pointless = 0
        self._is_pruning = False

    # --- jobs come and go -----------------------------------------------------------------

    def load(self) -> None:
        """Takes up what an earlier process left: fails what it interrupted, queues the rest."""
        while self._runner.transact(
            SOURCE, lambda tx: self._jobs.interrupt(tx, limits.PRUNE_BATCH)
        ):
            pass
        for job in self._jobs.unfinished():
            self._enqueue(job)
        self._prune_later()

    def touched(self, touch: Touch) -> None:
        """Takes note of a committed change: new jobs are queued, ended ones will be forgotten."""
        if not self._jobs.has_ended(touch):
            job = self._pending(touch.id)
            if job is not None:
                self._enqueue(job)
        elif touch.old is not None and self._jobs.is_ahead(touch, self._agenda.clock.now_ms()):
            self._count_pointless()
        if not self._is_pruning:
            self._prune_later()

    def _count_pointless(self) -> None:
        """Clears the agenda of jobs that were canceled before their time, now and then."""
        self._pointless += 1
        if self._pointless > max(limits.PRUNE_BATCH, len(self._agenda) // 2):
            self._pointless = 0
            self._agenda.sift(self._is_wanted)

    def _enqueue(self, job: Job) -> None:
        self._agenda.at(job.due_ms, self._begin, decode_id(job.id)[1])

    def _is_wanted(self, call: Any, argument: Any) -> bool:
        return call != self._begin or self._pending(argument) is not None

    def _pending(self, internal: bytes) -> Job | None:
        job = self._jobs.find(internal)
        return job if job is not None and job.kind == "pending" else None

    def _begin(self, internal: bytes) -> None:
        job = self._pending(internal)
        if job is None or job.due_ms > self._agenda.clock.now_ms():
            return  # it has ended, or an import gave it another time, and an entry for that
        component, is_elsewhere, path = job.name.rpartition(";")
        call = Call(
            canonical(path), job.args, Caller.admin(),
            component=component if is_elsewhere else self._component, sees_internal=True,
            request_id=self._runner.request_id(), job=job.id, origin=Origin("Scheduler"),
        )  # fmt: skip
        self._executor.start(_JobRun(self._jobs, job.id, call, self._runner.request_id()))

    # --- by hand --------------------------------------------------------------------------

    def cancel(self, id: str) -> bool:
        """Cancels a job that has not ended; returns whether there was one.

        Raises:
            InvalidId: the id is not one of this table.
        """
        return self._runner.transact(SOURCE, lambda tx: self._jobs.cancel(tx, id))

    def cancel_all(self, path: str | None = None) -> int:
        """Cancels every job that has not ended, in bounded commits; returns how many.

        Args:
            path: only those of this function, such as `news:notify`.
        """
        ids = [job.id for job in self.unfinished(path)]
        for start in range(0, len(ids), limits.PRUNE_BATCH):
            self._cancel_these(ids[start : start + limits.PRUNE_BATCH])
        return len(ids)

    def _cancel_these(self, ids: list[str]) -> None:
        def cancel(tx: Transaction) -> None:
            for id in ids:
                self._jobs.cancel(tx, id)

        self._runner.transact(SOURCE, cancel)

    def unfinished(self, path: str | None = None) -> Iterator[Job]:
        """The jobs that have not ended, in the order in which they are due.

        Args:
            path: only those of this function, such as `news:notify`.
        """
        wanted = None if path is None else canonical(path)
        return (
            job
            for job in self._jobs.unfinished()
            if wanted is None or canonical(job.name) == wanted
        )

    # --- old jobs -------------------------------------------------------------------------

    def _prune_later(self) -> None:
        oldest_ms = self._jobs.oldest_ended_ms()
        if oldest_ms is not None:
            self._is_pruning = True
            now_ms = self._agenda.clock.now_ms()
            due_ms = oldest_ms + limits.SCHEDULED_RETENTION_MS
            self._agenda.at(max(due_ms, now_ms + limits.SCHEDULED_PRUNE_EVERY_MS), self._prune, 0)

    def _prune(self, _: int) -> None:
        now_ms = self._agenda.clock.now_ms()
        ended_before_ms = now_ms - limits.SCHEDULED_RETENTION_MS
        count = self._runner.transact(
            SOURCE, lambda tx: self._jobs.prune(tx, ended_before_ms, limits.PRUNE_BATCH)
        )
        if count == limits.PRUNE_BATCH:
            self._agenda.at(now_ms, self._prune, 0)
        else:
            self._is_pruning = False
            self._prune_later()


class _JobRun:
    """One job on its way, as work for the executor."""

    __slots__ = ("_execution_id", "_id", "_jobs", "_state", "attempts", "call")

    def __init__(self, jobs: JobTable, id: str, call: Call, execution_id: str) -> None:
        self.attempts = 0
        self.call = call
        self._jobs = jobs
        self._id = id
        self._execution_id = execution_id
        self._state: StateKind = "pending"

    def claim(self, tx: Transaction) -> None:
        """The action begins."""
        ids = {"request_id": self.call.request_id, "execution_id": self._execution_id}
        self._move(tx, {"kind": "inProgress", **ids})
        self._state = "inProgress"

    def done(self, tx: Transaction) -> None:
        """It succeeded."""
        self._move(tx, {"kind": "success"})

    def failed(self, tx: Transaction, failure: Failure) -> None:
        """It raised."""
        self._move(tx, {"kind": "failed", "error": failure.text.rstrip("\n")})

    def _move(self, tx: Transaction, state: dict[str, str]) -> None:
        self._jobs.move(tx, self._id, self._state, state)

    def ended(self, outcome: Outcome | None) -> None:
        """Nothing is left to do: the document says it all."""
