"""Scheduled functions as documents of a system table, and every change of their state.

    pending ──► success | failed                     a mutation, in one commit with what it wrote
    pending ──► inProgress ──► success | failed      an action
    pending | inProgress ──► canceled

A document holds exactly what Convex shows: name, arguments, times and state. Attempts and waits
before the next one are the scheduler's own and live in memory: they start over with the process.

Source: protocol.md 5.9.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import orjson

from reactor import limits
from reactor.errors import InvalidId, LimitError, ScheduleRefused
from reactor.log.snapshot import prefix_end
from reactor.schema.places import split_place
from reactor.transaction.system import SystemTable
from reactor.values.ids import decode_id
from reactor.values.order import encode_key
from reactor.values.types import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reactor.log.commit import Log
    from reactor.log.snapshot import KeyParts, TableData, Touch
    from reactor.runtime.random import Entropy
    from reactor.transaction.transaction import Transaction

TABLE: Final = "_scheduled_functions"
BY_COMPLETION: Final = "by_completion"
INTERRUPTED: Final = "Transient error while executing action"
"""The error of an action that was in progress when the server stopped."""

StateKind = Literal["pending", "inProgress", "success", "failed", "canceled"]

_UNFINISHED: Final = encode_key(ABSENT)


class Gone(Exception):
    """A job is no longer in the state that its run began in: it was canceled meanwhile."""


@dataclass(frozen=True, slots=True)
class Job:
    """One scheduled function.

    Args:
        id: its document's id.
        name: what runs, as Convex prints it: `news.js:notify`; with the path of its space before
            it, `workpool;loop.js:main`, when that is another than the job's own.
        args: its arguments as wire JSON, an array of one object.
        due_ms: when, in milliseconds since the epoch.
        kind: where it stands.
    """

    id: str
    name: str
    args: bytes
    due_ms: float
    kind: StateKind


class JobTable:
    """The scheduled functions of a project, or of one of its components.

    Args:
        log: where they are kept.
        entropy: where new ids come from.
        place: where the table stands; it has the columns and the index of `ScheduledFunction`.
    """

    def __init__(self, log: Log, entropy: Entropy, place: str = TABLE) -> None:
        self.place = place
        self.data: TableData = log.snapshot.table(place)
        self._log = log
        self._entropy = entropy

    # --- inside a transaction -------------------------------------------------------------

    def add(
        self,
        tx: Transaction,
        name: str,
        args: bytes,
        due_ms: float,
        *,
        is_canceled: bool = False,
    ) -> str:
        """Schedules a function and returns its id.

        Args:
            tx: it is scheduled when this commits.
            name: the function, as in `Job.name`.
            args: its arguments object as wire JSON.
            due_ms: when, in milliseconds since the epoch.
            is_canceled: whether it is not to run: what a canceled job schedules is canceled.

        Raises:
            LimitError: too many functions, or too large arguments.
        """
        tx.usage.schedule(len(args))
        if self.unfinished_count() >= limits.SCHEDULED_OUTSTANDING_MAX:
            raise LimitError(
                f"Too many outstanding scheduled functions (limit: "
                f"{limits.SCHEDULED_OUTSTANDING_MAX}). Schedule fewer, or let one function work "
                "through a table of what is to be done.",
                code="TooManyOutstandingScheduledFunctions",
            )
        body: dict[str, Any] = {
            "name": name,
            "args": [orjson.loads(args)],
            "scheduledTime": due_ms,
            "state": {"kind": "pending"},
        }
        if is_canceled:
            body |= {"state": {"kind": "canceled"}, "completedTime": tx.now_ms}
        return self._in(tx).insert(body)

    def is_canceled(self, tx: Transaction, id: str) -> bool:
        """Whether a job of this table is canceled, as the transaction sees it."""
        body = self._in(tx).get(id)
        return body is not None and body["state"]["kind"] == "canceled"

    def cancel(self, tx: Transaction, id: str, by: str | None = None) -> bool:
        """Cancels a job that has not ended; returns whether there was one.

        Args:
            tx: it is canceled when this commits.
            id: its document's id; one that is deleted already has ended.
            by: the job on whose behalf the caller runs.

        Raises:
            InvalidId: the id is not one of this table.
            ScheduleRefused: a scheduled mutation cancels itself.
        """
        self._check_id(id)
        table = self._in(tx)
        body = table.get(id)
        if body is None or "completedTime" in body:
            return False
        if id == by and body["state"]["kind"] == "pending":
            raise ScheduleRefused("A mutation cannot cancel itself", code="CannotCancelItself")
        table.put(id, {**body, "state": {"kind": "canceled"}, "completedTime": tx.now_ms})
        return True

    def move(self, tx: Transaction, id: str, before: StateKind, state: dict[str, str]) -> None:
        """Gives a job its next state, and its completion time if that is the last.

        Args:
            tx: the job moves when this commits.
            id: its document's id.
            before: the state it must be in.
            state: the new one, as it is stored.

        Raises:
            Gone: it is in another state, or deleted.
        """
        table = self._in(tx)
        body = table.get(id)
        if body is None or body["state"]["kind"] != before:
            raise Gone(id)
        ended = {} if state["kind"] == "inProgress" else {"completedTime": tx.now_ms}
        table.put(id, {**body, "state": state, **ended})

    def interrupt(self, tx: Transaction, limit: int) -> int:
        """Fails actions that were in progress when the server stopped; returns how many.

        Args:
            tx: they fail when this commits.
            limit: how many at most.
        """
        found = 0
        for job in self.unfinished():
            if found == limit:
                break
            if job.kind == "inProgress":
                self.move(tx, job.id, "inProgress", {"kind": "failed", "error": INTERRUPTED})
                found += 1
        return found

    def prune(self, tx: Transaction, ended_before_ms: float, limit: int) -> int:
        """Deletes jobs that ended before a time, oldest first; returns how many.

        Args:
            tx: they are deleted when this commits.
            ended_before_ms: milliseconds since the epoch.
            limit: how many at most.
        """
        table = self._in(tx)
        index = self.data.indexes[BY_COMPLETION]
        _, raws = index.blocks.slice(
            prefix_end(_UNFINISHED), encode_key(ended_before_ms), limit, reverse=False
        )
        for raw in raws:
            table.delete(orjson.loads(raw)["_id"])
        return len(raws)

    def _in(self, tx: Transaction) -> SystemTable:
        return SystemTable(tx, self.place, self._entropy)

    def _check_id(self, id: str) -> None:
        try:
            number, _ = decode_id(id)
        except (InvalidId, TypeError) as error:
            raise InvalidId(
                f"Invalid argument `id` for `scheduler.cancel`: Unable to decode ID: {error}"
            ) from None
        if number != self.data.number:
            space, table = split_place(self.place)
            # Ids of other spaces mean nothing here, and nothing is said about them.
            own = self._log.numbers.of(space)
            got = next((f', got Id<"{n}"> instead' for n, k in own.items() if k == number), "")
            raise InvalidId(
                "Invalid argument `id` for `scheduler.cancel`: expected to be an "
                f'Id<"{table}">{got}.'
            )

    # --- as it stands now -----------------------------------------------------------------

    def find(self, internal: bytes) -> Job | None:
        """The job with this internal id, as it was committed last."""
        raw = self.data.documents.get(internal)
        return None if raw is None else _job(raw)

    def has_ended(self, touch: Touch) -> bool:
        """Whether a committed change left the job ended, or deleted it."""
        return touch.new is None or self._key(touch)[0] != _UNFINISHED

    def is_ahead(self, touch: Touch, now_ms: float) -> bool:
        """Whether the time of a job that has changed is still to come.

        Args:
            touch: a committed change of one of these jobs.
            now_ms: the time.
        """
        return self._key(touch)[1] > encode_key(now_ms)

    def _key(self, touch: Touch) -> KeyParts:
        """Completion and due time of a changed job, as they stand in its index."""
        index = self.data.indexes[BY_COMPLETION]
        return next(parts for one, parts, _ in touch.keys if one is index)

    def unfinished(self) -> Iterator[Job]:
        """Every job that has not ended, in the order in which it is due."""
        index = self.data.indexes[BY_COMPLETION]
        low, high = _UNFINISHED, prefix_end(_UNFINISHED)
        while True:
            keys, raws = index.blocks.slice(low, high, limits.PRUNE_BATCH, reverse=False)
            yield from map(_job, raws)
            if len(keys) < limits.PRUNE_BATCH:
                return
            low = keys[-1] + b"\x00"

    def unfinished_count(self) -> int:
        """How many jobs have not ended."""
        index = self.data.indexes[BY_COMPLETION]
        return index.blocks.count(_UNFINISHED, prefix_end(_UNFINISHED))

    def oldest_ended_ms(self) -> float | None:
        """When the first of the jobs that are kept ended, in milliseconds since the epoch."""
        index = self.data.indexes[BY_COMPLETION]
        _, raws = index.blocks.slice(prefix_end(_UNFINISHED), b"\xff", 1, reverse=False)
        return orjson.loads(raws[0])["completedTime"] if raws else None


def _job(raw: bytes) -> Job:
    """A job from its document."""
    body = orjson.loads(raw)
    args = orjson.dumps(body["args"])
    return Job(body["_id"], body["name"], args, body["scheduledTime"], body["state"]["kind"])
