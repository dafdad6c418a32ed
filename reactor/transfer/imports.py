"""Imports, one after another: each is looked at, confirmed, and carried out.

    uploaded --> waiting_for_confirmation --> in_progress --> completed
        |                  |                      |
        +------------------+----------------------+--------> failed     an error, or canceled

The state is the import's record, so a node that was stopped goes on where it was: an import that
replaces starts over, and nobody has seen anything of it; one that appends goes on after the last
document that it has added.

Source: protocol.md 8.6.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec
import structlog

from reactor import limits
from reactor.errors import BadRequest, TransferRefused
from reactor.transfer.plan import Mode, Plan, make_plan
from reactor.transfer.reader import Job, reading
from reactor.transfer.records import IMPORTS, Body, Records
from reactor.transfer.source import FileFormat, Section
from reactor.transfer.stored import StoredFiles
from reactor.transfer.work import Work, work_for
from reactor.values.json import to_json
from reactor.values.types import Int64

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reactor.files.store import Files
    from reactor.schema.load import Schema
    from reactor.session.hub import Hub
    from reactor.transfer.uploads import Uploads

_log = structlog.get_logger("reactor.transfer")
_STEPS: Final = 50
"""How often an import tells how far it is."""
_ATTEMPTS_MAX: Final = 3
"""How often an import is started before it is given up: it may be what stops the server."""
_SWEEP: Final = 2_000
"""Entries let go of before everybody else gets a turn."""

StateName = Literal["uploaded", "waiting_for_confirmation", "in_progress", "completed", "failed"]
CANCELED: Final = "The import was canceled."


class Spec(msgspec.Struct, frozen=True, rename="camel"):
    """What a client wants to be done with its file."""

    mode: Mode
    format: FileFormat
    table_name: str | None = None
    component_path: str | None = None


class Imports:
    """The imports of a node.

    Args:
        hub: the node.
        schemas: the tables of every space, by its path.
        files: the stored files.
        uploads: where uploaded files are.
    """

    def __init__(
        self, hub: Hub, schemas: Mapping[str, Schema], files: Files, uploads: Uploads
    ) -> None:
        self._hub, self._schemas, self._files, self._uploads = hub, schemas, files, uploads
        self._records = Records(hub, files.entropy, IMPORTS)
        self._wake = asyncio.Event()
        self._current = ""
        self._is_canceled = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Tidies up after the last node, and begins to work."""
        self._prune()
        unfinished = ("uploaded", "waiting_for_confirmation", "in_progress")
        self._uploads.keep_only(
            {r["upload"] for r in self._records.all() if _state(r) in unfinished}
        )
        self._task = self._hub.background.start(self._work())

    async def close(self) -> None:
        """Stops; what is under way goes on at the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def begin(self, spec: Spec, token: str, parts: Sequence[str]) -> str:
        """Takes a finished upload; the id of its import.

        Raises:
            BadRequest: table and format do not go together, or there is no such upload.
        """
        if (spec.format == "zip") == bool(spec.table_name):
            raise BadRequest(
                "an archive names its tables itself; any other format needs tableName, the table "
                "that its documents go to",
                code="InvalidImport",
            )
        if "/" in (spec.table_name or "") or (spec.table_name or "").startswith("_"):
            raise BadRequest(
                f"{spec.table_name!r} cannot be imported into; a component goes into componentPath",
                code="InvalidTable",
            )
        name = await self._uploads.finish(token, parts)
        record: Body = {
            "state": {"state": "uploaded"},
            "mode": spec.mode,
            "format": {"format": spec.format, "table": spec.table_name or ""},
            "component_path": spec.component_path or "",
            "upload": name,
            "attempts": 0.0,
        }
        id, ts = self._records.insert(record)
        self._wake.set()
        await self._hub.durable(ts)
        return id

    async def perform(self, id: str) -> None:
        """Confirms an import; once more does nothing.

        Raises:
            BadRequest: there is no such import, or it does not wait to be confirmed.
        """
        record = self._found(id)
        state = record["state"]["state"]
        if state == "waiting_for_confirmation":
            record["state"] = _in_progress("Waiting for its turn", [])
            self._wake.set()
            await self._hub.durable(self._records.put(record))
        elif state not in ("in_progress", "completed"):
            raise BadRequest(f"the import is {state}, so it cannot be performed", code="NotWaiting")

    async def cancel(self, id: str) -> None:
        """Ends an import that has not ended; documents that were appended stay.

        Raises:
            BadRequest: there is no such import, or it is completed.
        """
        record = self._found(id)
        if record["state"]["state"] == "completed":
            raise BadRequest("the import is completed; there is nothing to cancel")
        if record["state"]["state"] != "failed":
            self._is_canceled = self._is_canceled or id == self._current
            await self._hub.durable(self._fail(record, CANCELED))
            await self._uploads.remove(record["upload"])

    def _found(self, id: str) -> Body:
        record = self._records.get(id)
        if record is None:
            raise BadRequest("there is no such import", code="ImportNotFound", status=404)
        return record

    # --- the work -------------------------------------------------------------------------

    async def _work(self) -> None:
        while True:
            await self._sweep()
            self._wake.clear()
            record = self._next()
            if record is None:
                await self._wake.wait()
                continue
            self._current, self._is_canceled = record["_id"], False
            try:
                await self._step(record)
            except TransferRefused as refused:
                self._fail(record, str(refused))
            except Exception as error:
                # Whatever it is, the next import must have its turn, and this one's owner a word.
                _log.error("an import failed", exc_info=error)
                self._fail(record, "The server could not finish the import; its log says why.")
            if _state(record) in ("completed", "failed"):
                await self._uploads.remove(record["upload"])
                self._prune()

    def _next(self) -> Body | None:
        """The oldest import that something can be done for."""
        waiting = (r for r in self._records.all() if _state(r) in ("uploaded", "in_progress"))
        return next(waiting, None)

    def _fail(self, record: Body, why: str) -> int:
        record["state"] = {"state": "failed", "error_message": why}
        return self._records.put(record)

    async def _step(self, record: Body) -> None:
        if not self._uploads.path(record["upload"]).is_file():
            raise TransferRefused("the uploaded file is gone; start the import again")
        if _state(record) == "uploaded":
            await self._survey(record)
            return
        record["attempts"] += 1.0
        if record["attempts"] > _ATTEMPTS_MAX:
            raise TransferRefused(
                "the server was stopped each time the import was under way; look into its log"
            )
        self._records.put(record)
        await self._carry_out(record)

    async def _survey(self, record: Body) -> None:
        async with reading(self._job(record)) as found:
            sections = await found.sections()
        plan = make_plan(sections, record["mode"], self._hub.log, self._schemas)
        self._go_on()
        record["sections"] = [
            {"name": s.name, "number": float(s.number), "count": float(s.count)} for s in sections
        ]
        record["state"] = {
            "state": "waiting_for_confirmation",
            "message_to_confirm": plan.message(),
            "require_manual_confirmation": plan.deletes > 0,
        }
        self._records.put(record)

    async def _carry_out(self, record: Body) -> None:
        sections = [
            Section(s["name"], int(s["number"]), int(s["count"])) for s in record["sections"]
        ]
        plan = make_plan(sections, record["mode"], self._hub.log, self._schemas)
        replaced = {t.section.name for t in plan.targets if plan.mode != "append"}
        async with StoredFiles(self._files, replaced) as stored:
            work = work_for(
                plan, self._hub, self._schemas, self._records, record, stored, self._files.entropy
            )
            try:
                await self._read_all(record, plan, work)
                await work.finish(lambda: self._complete(record, work))
            finally:
                work.abandon()

    async def _read_all(self, record: Body, plan: Plan, work: Work) -> None:
        skip = {name: int(count) for name, count in record.get("done", {}).items()}
        tables = [section.name for section in (target.section for target in plan.targets)]
        progress = _Progress(plan)
        job = self._job(record, tables=tables, skip=skip)
        async with reading(job) as found:
            async for table, rows, pieces in found.batches():
                self._go_on()
                if pieces is not None:
                    rows = await work.stored.take(table, rows, pieces)
                await work.take(table, rows)
                if progress.moved(table, len(rows)):
                    record["state"] = _in_progress(progress.message, progress.finished)
                    self._records.put(record)
                await self._hub.clock.sleep(0)

    def _go_on(self) -> None:
        if self._is_canceled:
            raise TransferRefused(CANCELED)

    def _complete(self, record: Body, work: Work) -> None:
        self._go_on()
        rows: Any = to_json(Int64(work.written))
        record["state"] = {"state": "completed", "num_rows_written": rows}
        record.pop("done", None)

    def _job(self, record: Body, **more: Any) -> Job:
        form = record["format"]
        path = str(self._uploads.path(record["upload"]))
        return Job(path, form["format"], form["table"], record["component_path"], **more)

    # --- afterwards -----------------------------------------------------------------------

    async def _sweep(self) -> None:
        """Lets go of what imports have replaced or left behind, on disk and in memory."""
        hub, log = self._hub, self._hub.log
        while log.retired.release(_SWEEP):
            await hub.clock.sleep(0)
        for store in list(log.orphans):
            while store in log.orphans:
                ts = log.drop(store, "system:import")
                hub.schedule()
                await hub.durable(ts)

    def _prune(self) -> None:
        """Forgets old imports; one that was not confirmed in time fails."""
        oldest_ms = self._hub.clock.now_ms() - limits.IMPORT_RETENTION_MS
        records = self._records.all()
        for record in records:
            is_waiting = _state(record) == "waiting_for_confirmation"
            if is_waiting and record["_creationTime"] < oldest_ms:
                self._fail(record, "The import was not confirmed in time; its file is gone.")
        ended = [record for record in records if _state(record) in ("completed", "failed")]
        self._records.delete(ended[: -limits.IMPORTS_KEPT_MAX])


class _Progress:
    """How far an import is, in words.

    Args:
        plan: what is imported.
    """

    def __init__(self, plan: Plan) -> None:
        self._totals = {t.section.name: t.section.count for t in plan.targets}
        self._total = max(sum(self._totals.values()), 1)
        self._table, self._in_table, self._done, self._told = "", 0, 0, 0
        self.finished: list[str] = []

    @property
    def message(self) -> str:
        """Such as `Importing news: 500 of 1,000 documents`."""
        total = self._totals[self._table]
        return f"Importing {self._table}: {self._in_table:,} of {total:,} documents"

    def moved(self, table: str, count: int) -> bool:
        """Adds documents of a table; whether it is time to tell."""
        is_next = table != self._table
        if is_next and self._table:
            self.finished.append(f"Read {self._in_table:,} documents of {self._table}")
        if is_next:
            self._table, self._in_table = table, 0
        self._in_table += count
        self._done += count
        step = self._done * _STEPS // self._total
        if step == self._told and not is_next:
            return False
        self._told = step
        return True


def _state(record: Body) -> str:
    state: StateName = record["state"]["state"]
    return state


def _in_progress(message: str, finished: list[str]) -> Body:
    return {
        "state": "in_progress",
        "progress_message": message,
        "checkpoint_messages": list(finished),
    }
