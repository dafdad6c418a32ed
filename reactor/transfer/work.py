"""Puts the documents of a file into tables: all at once at the end, or in place as they come.

Either way the loop takes in a few dozen documents and then lets everybody else have a turn, and at
most one piece waits for the disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reactor import limits
from reactor.errors import TransferRefused, UniqueViolation
from reactor.log.commit import Invalidation
from reactor.log.replacing import NotUnique, Replacement, Swap
from reactor.schema.places import TableNumbers, split_place
from reactor.transfer import layout
from reactor.transfer.intake import Intake, Taken
from reactor.transfer.plan import Plan, Target, check_empty, renumbering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from reactor.log.snapshot import Write
    from reactor.runtime.random import Entropy
    from reactor.schema.load import Schema
    from reactor.session.hub import Hub
    from reactor.transfer.reader import Rows
    from reactor.transfer.records import Body, Records
    from reactor.transfer.stored import StoredFiles

_SOURCE: Final = "system:import"


class Work:
    """What both ways of importing share.

    Args:
        plan: what is to be done.
        hub: the node.
        schemas: the tables of every space, by its path.
        records: where the import's own record is.
        record: that record; the last commit of an import completes it.
        stored: the stored files that come with it.
        entropy: where missing ids come from.
    """

    def __init__(
        self,
        plan: Plan,
        hub: Hub,
        schemas: Mapping[str, Schema],
        records: Records,
        record: Body,
        stored: StoredFiles,
        entropy: Entropy,
    ) -> None:
        self.plan, self.hub, self.schemas = plan, hub, schemas
        self.records, self.record, self.stored = records, record, stored
        self.written = 0
        self._number()
        numbers = TableNumbers(hub.log.numbers)
        numbers.learn({target.section.name: target.number for target in plan.targets})
        now_ms = hub.clock.now_ms()
        self._intakes: dict[str, Intake] = {}
        for target in plan.targets:
            name = target.section.name
            space, own = split_place(name)
            schema = schemas.get(space)
            definition = None if schema is None else schema.tables.get(own)
            self._intakes[name] = Intake(
                name, target.number, definition, numbers.of(space), entropy, now_ms
            )

    def _number(self) -> None:
        """Gives every table that has no number yet the one that it will have."""
        chosen = {swap.table.name: swap.number for swap in renumbering(self.plan, self.hub.log)}
        for target in self.plan.targets:
            target.number = chosen[target.section.name]

    async def take(self, table: str, rows: Rows) -> None:
        """Takes in some documents of a table.

        Raises:
            TransferRefused: one cannot be stored; it is named.
        """
        raise NotImplementedError

    async def finish(self, done: Callable[[], None]) -> None:
        """Takes in what is left and completes the import.

        Args:
            done: changes the record to what it says from then on.

        Raises:
            TransferRefused: something has changed meanwhile that keeps it from being completed.
        """
        raise NotImplementedError

    def abandon(self) -> None:
        """Takes back what nobody has seen."""

    def committed(self, swaps: list[Swap], more: Iterable[Write] = ()) -> int:
        """Commits the record, and tables that change as a whole; the timestamp to wait for."""
        tx, table = self.records.transaction()
        table.put(self.record["_id"], self.record)
        before = dict(self.hub.log.numbers)
        ts = self.records.commit(tx, swaps, more)
        if before != dict(self.hub.log.numbers):
            for schema in self.schemas.values():
                schema.renumbered()
            # Ids among arguments are of another table now, or of one at last.
            self.hub.queries.invalidate_all()
            self.hub.schedule()
        return ts


class Staging(Work):
    """Fills new contents beside each table, and puts all of them in place in one commit."""

    def __init__(
        self,
        plan: Plan,
        hub: Hub,
        schemas: Mapping[str, Schema],
        records: Records,
        record: Body,
        stored: StoredFiles,
        entropy: Entropy,
    ) -> None:
        super().__init__(plan, hub, schemas, records, record, stored, entropy)
        log = hub.log
        self._replacements = {
            target.section.name: Replacement(target.table, target.number, log.next_store())
            for target in plan.targets
        }
        self._waiting: list[tuple[str, bytes]] = []
        self._waiting_bytes = 0
        self._waiting_for = ""
        self._staged_ts = 0

    async def take(self, table: str, rows: Rows) -> None:
        """Adds documents to the new contents of a table, and stages them on disk."""
        if table != self._waiting_for:
            await self._stage()
            self._waiting_for = table
        replacement, intake = self._replacements[table], self._intakes[table]
        for row in rows:
            taken = intake.take(*row)
            try:
                replacement.add(taken.internal, taken.raw, taken.parsed)
            except NotUnique as twice:
                raise _twice(table, row[0], taken, twice.index) from None
            self._waiting.append((taken.text, taken.raw))
            self._waiting_bytes += len(taken.raw)
        self.written += len(rows)
        if (
            len(self._waiting) >= limits.IMPORT_STAGE_ROWS
            or self._waiting_bytes >= limits.IMPORT_STAGE_BYTES
        ):
            await self._stage()

    async def _stage(self) -> None:
        if not self._waiting:
            return
        hub = self.hub
        # One piece at a time: a disk that cannot keep up holds the import up, and nothing piles up.
        await hub.durable(self._staged_ts)
        store = self._replacements[self._waiting_for].contents.store
        self._staged_ts = hub.log.stage(store, self._waiting, _SOURCE)
        hub.committed(Invalidation(self._staged_ts, {}, []))
        self._waiting, self._waiting_bytes = [], 0

    async def finish(self, done: Callable[[], None]) -> None:
        """Puts everything in its place."""
        await self._stage()
        await self.hub.durable(self._staged_ts)
        log = self.hub.log
        # Order: no await from here to the commit; what is checked is what is replaced.
        check_empty(self.plan)
        swaps = {swap.table.name: swap for swap in renumbering(self.plan, log)}
        for name, replacement in self._replacements.items():
            swaps[name].contents = replacement.contents
        for table in self.plan.emptied:
            swap = swaps.setdefault(table.name, Swap(table, table.number, None))
            swap.contents = Replacement(table, swap.number, log.next_store()).contents
        done()
        files = [t.table for t in self.plan.targets if is_files(t.section.name)]
        ts = self.committed(list(swaps.values()), list(self.stored.exchanged(files)))
        self._replacements = {}
        await self.hub.durable(ts)

    def abandon(self) -> None:
        """Lets go of contents that will not be."""
        for replacement in self._replacements.values():
            self.hub.log.retired.take(replacement.contents)
        self._replacements = {}


class Appending(Work):
    """Adds documents to the tables as they are, some hundred in a transaction.

    Each transaction also writes into the import's record how far it is, so that an import which is
    interrupted goes on after its last document, and adds none of them twice.
    """

    def __init__(
        self,
        plan: Plan,
        hub: Hub,
        schemas: Mapping[str, Schema],
        records: Records,
        record: Body,
        stored: StoredFiles,
        entropy: Entropy,
    ) -> None:
        super().__init__(plan, hub, schemas, records, record, stored, entropy)
        self._tables: dict[str, Target] = {t.section.name: t for t in plan.targets}
        self._waiting: list[tuple[str, int, Taken]] = []
        self._ts = 0
        self.done: dict[str, float] = record.setdefault("done", {})
        self.written = int(sum(self.done.values()))
        swaps = [s for s in renumbering(plan, hub.log) if s.number != s.table.number]
        if swaps:
            self._ts = self.committed(swaps)

    async def take(self, table: str, rows: Rows) -> None:
        """Adds documents to a table."""
        intake = self._intakes[table]
        self._waiting += [(table, row[0], intake.take(*row)) for row in rows]
        if len(self._waiting) >= limits.IMPORT_APPEND_ROWS:
            await self._commit()

    async def _commit(self) -> None:
        hub = self.hub
        await hub.durable(self._ts)
        waiting, self._waiting = self._waiting, []
        tx, record = self.records.transaction()
        files: list[Write] = []
        for table, line, taken in waiting:
            if is_files(table):
                files.append(self.stored.added(taken.internal))
            data = self._tables[table].table
            if tx.peek(data, taken.internal) is not None:
                raise _twice(table, line, taken, "")
            try:
                tx.write(data, taken.internal, taken.text, taken.raw, taken.parsed)
            except UniqueViolation:
                raise _twice(table, line, taken, "unique") from None
            self.done[table] = self.done.get(table, 0.0) + 1.0
        record.put(self.record["_id"], self.record)
        self._ts = self.records.commit(tx, more=files)
        self.written += len(waiting)

    async def finish(self, done: Callable[[], None]) -> None:
        """Adds what is left."""
        if self._waiting:
            await self._commit()
        done()
        await self.hub.durable(self.committed([]))


def is_files(name: str) -> bool:
    """Whether a place is that of stored files."""
    return split_place(name)[1] == layout.STORAGE


def _twice(table: str, line: int, taken: Taken, index: str) -> TransferRefused:
    what = f"the key of {taken.text} in a unique index" if index else f"the _id {taken.text}"
    return TransferRefused(
        f"{table}, line {line}: {what} is taken by another document of the table",
        code="UniqueViolation" if index else "DuplicateId",
    )


def work_for(
    plan: Plan,
    hub: Hub,
    schemas: Mapping[str, Schema],
    records: Records,
    record: Body,
    stored: StoredFiles,
    entropy: Entropy,
) -> Work:
    """The way of importing that a plan's mode asks for.

    Raises:
        TransferRefused: a table number was taken since the plan was made.
    """
    kind = Appending if plan.mode == "append" else Staging
    return kind(plan, hub, schemas, records, record, stored, entropy)
