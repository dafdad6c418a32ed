"""What an import would do: which tables it fills, under which numbers, and what goes for it.

A table's number stands in the ids of its documents. So an imported table has the number that the
file gives it (or its first id), and a table that is replaced changes its number where it has
another; what documents elsewhere say about it keeps its meaning only if the file is a whole. A
number that another table has, which the import leaves alone, cannot be had: `InvalidId`. Only a
table without documents gives way and takes a new number.

Source: protocol.md 8.6.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from reactor import limits
from reactor.errors import InvalidId, SchemaError, TransferRefused
from reactor.log.replacing import Swap
from reactor.schema.names import check_identifier
from reactor.schema.places import split_place
from reactor.transfer import layout

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reactor.log.commit import Log
    from reactor.log.snapshot import TableData
    from reactor.schema.load import Schema
    from reactor.transfer.source import Section

Mode = Literal["requireEmpty", "append", "replace", "replaceAll"]


@dataclass(slots=True)
class Target:
    """One table that an import fills.

    Args:
        section: what the file says of it.
        table: the table here.
        number: the number that it will have.
        before: the documents that it has now.
    """

    section: Section
    table: TableData
    number: int
    before: int


@dataclass(slots=True)
class Plan:
    """What an import would do.

    Args:
        mode: how it treats what is there.
        targets: the tables that it fills.
        emptied: tables that are not in the file and lose everything all the same.
        undeclared: tables in the file that no schema names.
    """

    mode: Mode
    targets: list[Target]
    emptied: list[TableData] = field(default_factory=list["TableData"])
    undeclared: list[str] = field(default_factory=list[str])

    @property
    def deletes(self) -> int:
        """How many documents would be gone."""
        replaced = 0 if self.mode == "append" else sum(one.before for one in self.targets)
        return replaced + sum(len(table.documents) for table in self.emptied)

    def message(self) -> str:
        """What would happen, for a person to read before it does."""
        lines = ["This import will:"]
        for one in self.targets:
            what = "documents" if _is_users(one.section.name) else "stored files"
            count = f"{one.section.count:,} {what}"
            if not one.before:
                lines.append(f"  {one.section.name}: add {count} to an empty table")
            elif self.mode == "append":
                lines.append(f"  {one.section.name}: add {count} to the {one.before:,} here")
            else:
                lines.append(
                    f"  {one.section.name}: DELETE all {one.before:,} {what} here and put "
                    f"{count} in their place"
                )
        lines += [
            f"  {table.name}: DELETE all {len(table.documents):,} documents (not in the file)"
            for table in self.emptied
        ]
        if self.undeclared:
            names = ", ".join(self.undeclared)
            lines.append(f"No schema names {names}: no function will see it until one does.")
        return "\n".join(lines)


def make_plan(
    sections: Sequence[Section], mode: Mode, log: Log, schemas: Mapping[str, Schema]
) -> Plan:
    """What an import of these tables would do now.

    Args:
        sections: the tables of the file.
        mode: how to treat what is there.
        log: what is there.
        schemas: the tables of every space, by its path.

    Raises:
        TransferRefused: a table may not be named so, or must be empty and is not; InvalidId when
            a table number is taken.
    """
    targets = [_target(section, log, mode) for section in sections]
    plan = Plan(mode, targets)
    if mode == "replaceAll":
        filled = {one.section.name for one in targets}
        plan.emptied = [
            table
            for name, table in log.snapshot.tables.items()
            if table.documents and name not in filled and _is_users(name)
        ]
    plan.undeclared = [
        one.section.name
        for one in targets
        if _is_users(one.section.name) and not _has_a_place(one.section.name, schemas)
    ]
    check_empty(plan)
    renumbering(plan, log)
    return plan


def check_empty(plan: Plan) -> None:
    """Refuses an import into tables that must be empty and are not.

    Raises:
        TransferRefused: one is not.
    """
    full = [one for one in plan.targets if one.table.documents and one.section.count]
    if plan.mode == "requireEmpty" and full:
        names = ", ".join(f"{one.section.name} ({len(one.table.documents):,})" for one in full)
        raise TransferRefused(
            f"There are documents already: {names}. Nothing was changed. Choose --replace to put "
            "the file's documents in their place, or --append to keep both.",
            code="TableNotEmpty",
        )


def _is_users(name: str) -> bool:
    return not split_place(name)[1].startswith("_")


def _has_a_place(name: str, schemas: Mapping[str, Schema]) -> bool:
    space, table = split_place(name)
    schema = schemas.get(space)
    return schema is not None and (not schema.is_closed or table in schema.tables)


def _target(section: Section, log: Log, mode: Mode) -> Target:
    space, own = split_place(section.name)
    try:
        for component in space.split("/") if space else ():
            check_identifier(component, "a component")
        check_identifier(own, "a table")
    except SchemaError as error:
        raise TransferRefused(str(error), code="InvalidTable") from None
    if own.startswith("_") and own != layout.STORAGE:
        raise TransferRefused(f"{own!r} is one of the engine's own tables", code="InvalidTable")
    table = log.snapshot.table(section.name)
    is_kept = mode == "append" and table.documents
    wanted = 0 if is_kept else section.number
    return Target(section, table, wanted or table.number, len(table.documents))


def renumbering(plan: Plan, log: Log) -> list[Swap]:
    """Every table whose number must change, the filled ones' contents still to be given.

    A filled table without a number takes a new one here.

    Raises:
        TransferRefused: InvalidId, when a number is taken by a table that keeps its documents.
    """
    filled = {one.section.name for one in plan.targets}
    emptied = {table.name for table in plan.emptied}
    wanted: dict[int, str] = {}
    for one in plan.targets:
        if one.number and wanted.setdefault(one.number, one.section.name) != one.section.name:
            raise TransferRefused(
                f"the file gives {wanted[one.number]} and {one.section.name} the same table "
                f"number, {one.number}",
                code=InvalidId.code,
            )
    holders = {number: name for name, number in log.numbers.items() if name not in filled}
    used = {*log.numbers.values(), *wanted, *log.orphans}
    swaps: list[Swap] = []
    for number, name in wanted.items():
        holder = holders.get(number)
        if holder is None:
            continue
        table = log.snapshot.table(holder)
        if table.documents and holder not in emptied:
            raise TransferRefused(
                f"the documents of {name} have ids of table number {number}, which is {holder}'s "
                f"here. Import {holder} as well, or everything with --replace-all, or into an "
                "empty deployment.",
                code=InvalidId.code,
            )
        swaps.append(Swap(table, _free(used, holder), None))
    for one in plan.targets:
        number = one.number or _free(used, one.section.name)
        swaps.append(Swap(one.table, number, None))
    return swaps


def _free(used: set[int], name: str) -> int:
    is_system = not _is_users(name)
    first = limits.FIRST_SYSTEM_TABLE if is_system else limits.FIRST_USER_TABLE
    number = max(
        (n for n in used if (n < limits.FIRST_USER_TABLE) == is_system and n < 2**32),
        default=first - 1,
    )
    number = max(number, first - 1) + 1
    used.add(number)
    return number
