"""From a row of a file to a document of a table: checked, with an id and a creation time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from reactor.errors import InvalidId, TransferRefused
from reactor.transaction.database import encode_document
from reactor.values.ids import encode_id, new_internal_id
from reactor.values.scalars import Mismatch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reactor.runtime.random import Entropy
    from reactor.schema.load import TableDef


class Taken(NamedTuple):
    """A document, ready to be stored.

    Args:
        internal: the 16-byte id.
        text: the id as clients see it.
        raw: its canonical JSON.
        parsed: the same, parsed.
    """

    internal: bytes
    text: str
    raw: bytes
    parsed: dict[str, Any]


class Intake:
    """Takes in the documents of one table.

    Args:
        name: the table's whole name.
        number: the number that its ids carry.
        definition: what its documents must be; None for a table that no schema names.
        numbers: every table's number once the import is done, for ids inside documents.
        entropy: where missing ids come from.
        now_ms: the creation time of the first document that has none.
    """

    def __init__(
        self,
        name: str,
        number: int,
        definition: TableDef | None,
        numbers: Mapping[str, int],
        entropy: Entropy,
        now_ms: float,
    ) -> None:
        self.name = name
        self._number, self._numbers = number, numbers
        self._definition = definition
        self._read = None if definition is None else definition.validator.reader(numbers)
        self._entropy = entropy
        self._now_ms = self._creation_ms = now_ms

    def take(self, line: int, id: str, number: int, internal: bytes, raw: bytes) -> Taken:
        """One row as a document.

        Raises:
            TransferRefused: it does not match the schema, or its id is another table's; the row is
                named.
        """
        parsed: dict[str, Any] = orjson.loads(raw)
        if id and number != self._number:
            raise TransferRefused(
                f"{self.name}, line {line}: the _id {id} is of table number {number}, and "
                f"{self.name} has {self._number}; --replace takes the file's number",
                code=InvalidId.code,
            )
        parsed.pop("_id", None)
        created = parsed.pop("_creationTime", None)
        self._check(line, id, parsed)
        if not id:
            internal = new_internal_id(self._entropy, self._now_ms)
        text = parsed["_id"] = id or encode_id(self._number, internal)
        parsed["_creationTime"] = self._next_creation_time() if created is None else created
        if not id or created is None:
            raw = encode_document(parsed)
        return Taken(internal, text, raw, parsed)

    def _check(self, line: int, id: str, own: dict[str, Any]) -> None:
        if self._read is None or self._definition is None:
            return
        try:
            self._read(own)
        except Mismatch:
            problem = self._definition.validator.problem(own, "", self._numbers) or ""
            which = f" ({id})" if id else ""
            raise TransferRefused(
                f"{self.name}, line {line}{which} does not match the schema: "
                f"{' '.join(problem.split())}",
                code="SchemaEnforcementError",
            ) from None

    def _next_creation_time(self) -> float:
        current = self._creation_ms
        self._creation_ms = math.nextafter(current, math.inf)
        return current
