"""Whether stored documents are what the schema says, and which are not.

Source: protocol.md 5.3, "Deploying a schema first validates existing documents".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import orjson

from reactor.values.scalars import Mismatch

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reactor.schema.load import TableDef

NAMED_MAX: Final = 5
"""Offending documents that a refusal names; `reactor check --data` lists more."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """One document that the schema does not allow.

    Args:
        id: its id.
        problem: what is wrong with it, in Convex's words, on one line.
    """

    id: str
    problem: str


@dataclass(slots=True)
class Misfits:
    """The documents of one table that the schema does not allow.

    Args:
        table: where it stands.
        checked: documents looked at.
        count: how many of them do not fit.
        first: the first of those, in the order they came.
    """

    table: str
    checked: int = 0
    count: int = 0
    first: list[Misfit] = field(default_factory=list[Misfit])

    def add(self, misfit: Misfit, named_max: int) -> None:
        """Counts one more, and keeps it while there is room."""
        self.count += 1
        if len(self.first) < named_max:
            self.first.append(misfit)

    def __str__(self) -> str:
        named = "; ".join(f"{one.id}: {one.problem}" for one in self.first)
        more = (
            f"; and {self.count - len(self.first):,} more" if self.count > len(self.first) else ""
        )
        return (
            f"{self.count:,} of {self.checked:,} documents of table {self.table!r} do not match "
            f"schema.py: {named}{more}"
        )


def misfits(
    definition: TableDef,
    documents: Iterable[bytes],
    numbers: Mapping[str, int],
    *,
    named_max: int = NAMED_MAX,
) -> Misfits:
    """Checks every document of a table.

    Args:
        definition: what its documents must be.
        documents: their canonical JSON.
        numbers: table numbers, for ids inside them.
        named_max: how many offending documents are kept by name.
    """
    found = Misfits(definition.place)
    for raw in documents:
        found.checked += 1
        document = orjson.loads(raw)
        id = document.pop("_id")
        del document["_creationTime"]
        try:
            definition.read(document)
        except Mismatch:
            problem = definition.validator.problem(document, "", numbers) or "it does not fit"
            found.add(Misfit(id, " ".join(problem.split())), named_max)
    return found
