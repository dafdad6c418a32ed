"""`@migration`: changes every document of a table, batch by batch, and picks up where it stopped.

A batch is one mutation: it changes its documents, records how far it came and schedules the next
batch, all in one transaction. So a migration survives restarts, runs each document once, and its
progress is an ordinary document that queries can watch.

    (none) --run--> running --last batch--> done
                    running --a document fails--> failed --run--> running
                    running --cancel--> canceled --run--> running

`done` stays done; `reset` starts over from any state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from reactor import limits
from reactor.errors import DeveloperError, ProjectError
from reactor.log.snapshot import after_key, prefix_end
from reactor.runner.context import MutationCtx, system_table, transaction_of
from reactor.runner.failure import failure_of
from reactor.runner.registry import MutationFn
from reactor.schema.objects import Object
from reactor.schema.system import Migration, MigrationState
from reactor.schema.table import Table
from reactor.transaction.query import plan_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from reactor.transaction.system import Body

W = TypeVar("W", bound=Table)


class MigrationStatus(Object):
    """Where a migration stands.

    Args:
        name: its wire path.
        state: as the module draws them; "dryRun" for a batch that was taken back.
        processed: documents that have been looked at.
        total: documents that the table held when it began.
        changed: documents that this batch has written.
        error: why it failed, after the id of the document.
    """

    name: str
    state: MigrationState | Literal["dryRun"]
    processed: int
    total: int
    changed: int
    error: str | None = None


class Migrate(MutationFn[..., MigrationStatus]):
    """A migration, as other functions name it: an internal mutation that runs one step."""


def migration(
    table: type[W], /, *, batch: int = 100
) -> Callable[[Callable[[MutationCtx, W], Awaitable[None]]], Migrate]:
    """Makes a migration of a function that changes one document.

    Run it with `reactor migrate`, or as the internal mutation that it is. Its arguments, all
    optional: `dry_run` tries the next batch and takes it back, `reset` starts over, `cancel` stops
    it after the batch under way, `batch` sets another size.

    Args:
        table: whose documents are changed, oldest first.
        batch: documents per transaction, 1 to 16,000; their reads and writes together count
            against the limits of one mutation.

    Raises:
        ProjectError: the batch size is out of range.
    """
    if not _is_size(batch):
        raise ProjectError(f"the batch of a migration is {_SIZES}, not {batch}")

    def decorate(change: Callable[[MutationCtx, W], Awaitable[None]]) -> Migrate:
        worker = _Migration(table, change, batch)

        async def run(
            ctx: MutationCtx,
            *,
            dry_run: bool = False,
            reset: bool = False,
            cancel: bool = False,
            batch: int | None = None,
            after: str | None = None,
        ) -> MigrationStatus:
            size = worker.batch if batch is None else batch
            asked = Asked(dry_run, reset, cancel, size, after)
            return await worker.run(ctx, asked)

        for name in ("__module__", "__name__", "__qualname__", "__doc__"):
            setattr(run, name, getattr(change, name))
        worker.fn = Migrate(run, "internal")
        return worker.fn

    return decorate


_SIZES: Final = f"1 to {limits.DOCUMENTS_WRITTEN_MAX} documents"


def _is_size(batch: int) -> bool:
    return 1 <= batch <= limits.DOCUMENTS_WRITTEN_MAX


@dataclass(frozen=True, slots=True)
class Asked:
    """What one run of a migration is to do.

    Args:
        dry_run: try the next batch and take it back.
        reset: start over.
        cancel: go no further.
        batch: documents.
        after: where the batch before this one ended, when that one has scheduled this run.
    """

    dry_run: bool
    reset: bool
    cancel: bool
    batch: int
    after: str | None


class _Migration:
    """One declared migration."""

    fn: Migrate

    def __init__(
        self, table: type[Any], change: Callable[[MutationCtx, Any], Awaitable[None]], batch: int
    ) -> None:
        self._table, self._change, self.batch = table, change, batch

    async def run(self, ctx: MutationCtx, asked: Asked) -> MigrationStatus:
        """One step: a batch, or what was asked for instead.

        Raises:
            DeveloperError: the batch size is out of range.
        """
        if not _is_size(asked.batch):
            raise DeveloperError(f"the batch of a migration is {_SIZES}, not {asked.batch}")
        records = system_table(ctx, Migration.__table_name__)
        found = records.range("by_name", [self.fn.path], 1)
        record: Body = self._begun(ctx) if asked.reset or not found else found[0]
        changed = 0
        if asked.dry_run:
            error, _, changed = await self._step(ctx, record, asked.batch, keeps=False)
            return _status({**record, "state": "dryRun", **error}, changed)
        if asked.cancel:
            if record["state"] == "running":
                record["state"] = "canceled"
        elif _continues(record, asked.after):
            record = {k: v for k, v in record.items() if k != "error"}
            error, step, changed = await self._step(ctx, record, asked.batch, keeps=True)
            record.update(step, **error)
            if record["state"] == "running":
                await ctx.scheduler.run_after(0, self.fn, batch=asked.batch, after=record["cursor"])
        else:
            return _status(record, 0)
        record["updatedTime"] = ctx.now_ms()
        if found:
            records.put(found[0]["_id"], {**record, "_creationTime": found[0]["_creationTime"]})
        else:
            records.insert(record)
        return _status(record, changed)

    def _begun(self, ctx: MutationCtx) -> Body:
        plan = plan_of(ctx.db.query(self._table))
        return {
            "name": self.fn.path,
            "table": plan.definition.name,
            "state": "running",
            "processed": 0.0,
            "total": float(len(plan.index.table.documents)),
            "cursor": "",
            "startedTime": ctx.now_ms(),
        }

    async def _step(
        self, ctx: MutationCtx, record: Body, size: int, *, keeps: bool
    ) -> tuple[Body, Body, int]:
        """Changes the next documents: an error or nothing, the progress, how many were written."""
        tx = transaction_of(ctx)
        plan = plan_of(ctx.db.query(self._table))
        saved, before = tx.savepoint(), len(tx.writes())
        low = bytes.fromhex(record["cursor"])
        keys, raws = tx.slice(plan.index, low, prefix_end(b""), size, reverse=False)
        is_last = len(keys) < size
        tx.record(plan.index, 0, b"", low, prefix_end(b"") if is_last else after_key(keys[-1]))
        tx.usage.read(raws)
        for raw in raws:
            document = plan.definition.materialize(raw)
            try:
                await self._change(ctx, document)
            except Exception as error:
                # Whatever a document's change raises is the migration's to report: it stops here.
                tx.restore(saved)
                text = f"{document.id}: {failure_of(error).text.strip()}"
                return {"state": "failed", "error": text}, {}, 0
        changed = len(tx.writes()) - before
        if not keeps:
            tx.restore(saved)
        step = {
            "state": "done" if is_last else "running",
            "processed": record["processed"] + len(keys),
            "cursor": "" if is_last else after_key(keys[-1]).hex(),
        }
        return {}, step, changed


def _continues(record: Body, after: str | None) -> bool:
    """Whether a run goes on with the work, rather than only telling how it stands."""
    if after is not None:
        # Another chain has gone on from here, or somebody has stopped this one.
        return bool(record["state"] == "running" and record["cursor"] == after)
    if record["state"] == "running":
        return "_id" not in record  # else its next batch is scheduled already
    if record["state"] == "done":
        return False
    record["state"] = "running"
    return True


def _status(record: Body, changed: int) -> MigrationStatus:
    return MigrationStatus(
        name=record["name"],
        state=record["state"],
        processed=int(record["processed"]),
        total=int(record["total"]),
        changed=changed,
        error=record.get("error"),
    )
