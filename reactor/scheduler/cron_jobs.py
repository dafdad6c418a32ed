"""Cron jobs as a node runs them: their next run in `_cron_jobs`, their last ones beside it.

    pending ──► (a mutation: the next time and what it wrote are one commit) ──► pending
    pending ──► inProgress ──► pending       an action

The code says which jobs there are; the table says when each runs next, so that a restart neither
repeats a run nor forgets one that is overdue.

Source: protocol.md 5.10.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final, cast

import orjson

from reactor import limits
from reactor.auth.identity import Caller
from reactor.runner.executions import Origin
from reactor.runner.jobs import INTERRUPTED, Gone
from reactor.runner.loader import canonical
from reactor.runner.run import Call
from reactor.scheduler.executor import SOURCE
from reactor.schema.places import place_of
from reactor.transaction.system import SystemTable
from reactor.values.ids import decode_id
from reactor.values.json import from_json, to_json
from reactor.values.types import Int64

if TYPE_CHECKING:
    from reactor.runner.failure import Failure
    from reactor.runner.run import Outcome
    from reactor.scheduler.crons import CronEntry, Timetable
    from reactor.scheduler.executor import Executor
    from reactor.transaction.transaction import Transaction

TABLE: Final = "_cron_jobs"
LOGS: Final = "_cron_job_logs"
BY_NAME: Final = "by_name_and_ts"

Body = dict[str, Any]
_PENDING: Final = {"type": "pending"}


class CronJobs:
    """Runs the cron jobs of one space.

    Args:
        timetable: what the code declares.
        executor: runs them.
        component: the path of the space; "" for the root.
        splay_s: each job runs up to so many seconds late, always by the same time; 0 for none.
    """

    def __init__(
        self, timetable: Timetable, executor: Executor, component: str, splay_s: int
    ) -> None:
        self._entries = timetable.entries
        self._jobs = place_of(component, TABLE)
        self._logs = place_of(component, LOGS)
        self._agenda = executor.agenda
        self._executor = executor
        self._runner = executor.runner
        self._splay_s = splay_s
        self._ids: dict[str, str] = {}

    def load(self) -> None:
        """Brings the table to what the code says, and waits for every job's next run."""
        self._runner.transact(SOURCE, self._adopt)
        for name in self._entries:
            self.wait(name)

    def _adopt(self, tx: Transaction) -> None:
        table = self._table(tx)
        raws = tx.log.snapshot.table(self._jobs).documents.values()
        known: dict[str, Body] = {body["name"]: body for body in map(orjson.loads, raws)}
        for name in sorted(known.keys() - self._entries.keys()):
            table.delete(known[name]["_id"])
            self._forget_runs(tx, name, 0)
        for entry in self._entries.values():
            body = known.get(entry.name)
            if body is None:
                self._ids[entry.name] = table.insert(self._new(entry, tx.now_ms))
                continue
            self._ids[entry.name] = body["_id"]
            renewed = self._renewed(tx, entry, body)
            if renewed != body:
                table.put(body["_id"], renewed)

    def _new(self, entry: CronEntry, now_ms: float) -> Body:
        next_ms = entry.schedule.first_ms(now_ms, self._splay_ms(entry.name))
        return {
            "name": entry.name,
            "cronSpec": spec_of(entry),
            "state": _PENDING,
            "nextTs": ts_of(next_ms),
        }

    def _renewed(self, tx: Transaction, entry: CronEntry, body: Body) -> Body:
        """A job's document after a restart: only what the code has changed is different."""
        if body["state"] != _PENDING:
            self._log(tx, entry, {"type": "err", "error": _kept(INTERRUPTED)}, (), 0.0)
            body = self._advanced(entry, body, tx.now_ms)
        if body["cronSpec"]["cronSchedule"] != spec_of(entry)["cronSchedule"]:
            body = {**body, "nextTs": self._new(entry, tx.now_ms)["nextTs"]}
        return {**body, "cronSpec": spec_of(entry)}

    def _advanced(self, entry: CronEntry, body: Body, now_ms: float) -> Body:
        splay_ms = self._splay_ms(entry.name)
        next_ms = entry.schedule.after_ms(ms_of(body["nextTs"]), now_ms, splay_ms)
        moved = {"prevTs": body["nextTs"], "nextTs": ts_of(next_ms), "state": _PENDING}
        return {**body, **moved}

    def _splay_ms(self, name: str) -> float:
        if not self._splay_s:
            return 0.0
        digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") % self._splay_s * 1000.0

    # --- runs -----------------------------------------------------------------------------

    def wait(self, name: str) -> None:
        """Runs a job when it is due next."""
        body = self._stored(name)
        if body is not None:
            self._agenda.at(ms_of(body["nextTs"]), self._begin, name)

    def _stored(self, name: str) -> Body | None:
        raw = self._runner.log.snapshot.table(self._jobs).documents.get(
            decode_id(self._ids[name])[1]
        )
        return None if raw is None else orjson.loads(raw)

    def _begin(self, name: str) -> None:
        entry = self._entries[name]
        call = Call(
            canonical(entry.path), b"[" + entry.args + b"]", Caller.admin(),
            component=entry.component, sees_internal=True, request_id=self._runner.request_id(),
            origin=Origin("Cron"),
        )  # fmt: skip
        self._executor.start(_CronRun(self, entry, call, self._agenda.clock.monotonic()))

    def move(self, tx: Transaction, entry: CronEntry, *, is_over: bool) -> None:
        """Notes that a run begins, or that it is over and when the next one is.

        Raises:
            Gone: the job is no longer there.
        """
        table = self._table(tx)
        body = table.get(self._ids[entry.name])
        if body is None:
            raise Gone(entry.name)
        if is_over:
            table.put(body["_id"], self._advanced(entry, body, tx.now_ms))
        else:
            table.put(body["_id"], {**body, "state": {"type": "inProgress"}})

    def ended(self, entry: CronEntry, outcome: Outcome, started_s: float) -> None:
        """Logs a run that is over, and waits for the next."""
        failure = outcome.failure
        status: Body = (
            {"type": "success", "result": _kept_json(outcome.value or b"null")}
            if failure is None
            else {"type": "err", "error": _kept(failure.text.rstrip("\n"))}
        )
        took_s = self._agenda.clock.monotonic() - started_s
        self._runner.transact(
            SOURCE, lambda tx: self._log(tx, entry, status, outcome.log_lines, took_s)
        )
        self.wait(entry.name)

    def _log(
        self,
        tx: Transaction,
        entry: CronEntry,
        status: Body,
        lines: tuple[str, ...],
        took_s: float,
    ) -> None:
        SystemTable(tx, self._logs, self._runner.entropy).insert(
            {
                "name": entry.name,
                "ts": ts_of(tx.now_ms),
                "udfPath": entry.path,
                "udfArgs": _kept_json(b"[" + entry.args + b"]"),
                "status": status,
                "logLines": _kept_lines(lines),
                "executionTime": took_s,
            }
        )
        self._forget_runs(tx, entry.name, limits.CRON_RUNS_KEPT)

    def _forget_runs(self, tx: Transaction, name: str, kept: int) -> None:
        logs = SystemTable(tx, self._logs, self._runner.entropy)
        for body in logs.range(BY_NAME, [name], limits.PRUNE_BATCH, reverse=True)[kept:]:
            logs.delete(body["_id"])

    def _table(self, tx: Transaction) -> SystemTable:
        return SystemTable(tx, self._jobs, self._runner.entropy)


class _CronRun:
    """One run of a job, as work for the executor."""

    __slots__ = ("_entry", "_jobs", "_started_s", "attempts", "call")

    def __init__(self, jobs: CronJobs, entry: CronEntry, call: Call, started_s: float) -> None:
        self.attempts = 0
        self.call = call
        self._jobs = jobs
        self._entry = entry
        self._started_s = started_s

    def claim(self, tx: Transaction) -> None:
        """The action begins."""
        self._jobs.move(tx, self._entry, is_over=False)

    def done(self, tx: Transaction) -> None:
        """It succeeded."""
        self._jobs.move(tx, self._entry, is_over=True)

    def failed(self, tx: Transaction, failure: Failure) -> None:
        """It raised; the next run comes all the same."""
        self._jobs.move(tx, self._entry, is_over=True)

    def ended(self, outcome: Outcome | None) -> None:
        """The next run can be waited for."""
        if outcome is not None:
            self._jobs.ended(self._entry, outcome, self._started_s)


def spec_of(entry: CronEntry) -> Body:
    """What the code says of a job, as its document holds it."""
    return {
        "udfPath": entry.path,
        "udfArgs": [orjson.loads(entry.args)],
        "cronSchedule": {
            key: to_json(Int64(value)) if isinstance(value, int) else value
            for key, value in entry.schedule.stored.items()
        },
    }


def ts_of(ms: float) -> Body:
    """Milliseconds as a stored timestamp: int64 nanoseconds, whole microseconds."""
    stored: Body = to_json(Int64(round(ms * 1_000.0) * 1_000))
    return stored


def ms_of(stored: Body) -> float:
    """A stored timestamp in milliseconds since the epoch."""
    return cast("Int64", from_json(stored)) / 1e6


def _kept(text: str) -> Body:
    """A text, cut to what is kept of a run."""
    raw = text.encode(errors="replace")
    if len(raw) <= limits.CRON_LOG_BYTES_MAX:
        return {"type": "default", "value": text}
    return {
        "type": "truncated",
        "value": raw[: limits.CRON_LOG_BYTES_MAX].decode(errors="ignore"),
    }


def _kept_json(raw: bytes) -> Body:
    """A value as it is, or the beginning of its JSON when it is large."""
    if len(raw) <= limits.CRON_LOG_BYTES_MAX:
        return {"type": "default", "value": orjson.loads(raw)}
    return _kept(raw.decode(errors="replace"))


def _kept_lines(lines: tuple[str, ...]) -> Body:
    """The first lines that fit into what is kept of a run."""
    kept: list[str] = []
    room = limits.CRON_LOG_BYTES_MAX
    for line in lines:
        room -= len(line.encode(errors="replace"))
        if room < 0:
            break
        kept.append(line)
    return {"logLines": kept, "isTruncated": len(kept) < len(lines)}
