"""What an admin writes by hand obeys the schema like everything else.

Values come as any Convex value and are checked against the table's validator, so that a dashboard
cannot store what the project's functions could not read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from reactor import limits
from reactor.errors import DatabaseError, InvalidId, ValueNotAllowed
from reactor.transaction.database import check_stored, encode_document
from reactor.transaction.ranges import everything
from reactor.transaction.transaction import consumed
from reactor.values.ids import decode_id, encode_id, new_internal_id
from reactor.values.json import to_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reactor.admin.view import Admin, ComponentId
    from reactor.log.snapshot import TableData
    from reactor.transaction.transaction import Transaction

_SYSTEM_FIELDS = ("_id", "_creationTime")


@dataclass(frozen=True, slots=True)
class Writer:
    """One table that an admin writes to.

    Args:
        admin: the run.
        name: the table.
        component: whose table it is.

    Raises:
        DatabaseError: there is no such table, or it is the engine's own.
    """

    admin: Admin
    name: str
    component: ComponentId = None

    @property
    def data(self) -> TableData:
        """The table's documents."""
        if self.name.startswith("_"):
            raise DatabaseError("System tables (prefixed with `_`) are read-only.")
        return self.admin.table(self.name, self.component)

    def insert(self, document: Mapping[str, Any]) -> str:
        """Stores a new document, given without system fields, and returns its id.

        Raises:
            DatabaseError: it has system fields.
            ValidationFailed: it does not match the schema.
            ValueNotAllowed: no such document can be stored.
        """
        given = [field for field in _SYSTEM_FIELDS if field in document]
        if given:
            raise DatabaseError(f"a new document gets its {given[0]} from the database")
        data, tx = self.data, self.admin.tx
        internal = new_internal_id(self.admin.deployment.entropy, tx.now_ms)
        id = encode_id(tx.log.number_of(data), internal)
        self._write(data, internal, id, self._checked(document), tx.next_creation_time())
        return id

    def replace(self, id: str, document: Mapping[str, Any]) -> None:
        """Puts another document in the place of one; its system fields stay.

        Raises:
            DatabaseError: there is no such document, or other system fields are given.
            ValidationFailed: it does not match the schema.
            ValueNotAllowed: no such document can be stored.
        """
        data, internal, before = self._existing(id, "Replace")
        for field in _SYSTEM_FIELDS:
            if field in document and document[field] != before[field]:
                raise DatabaseError(
                    f"Provided {field} {document[field]!r} doesn't match {before[field]!r}"
                )
        own = {name: document[name] for name in document if name not in _SYSTEM_FIELDS}
        self._write(data, internal, id, self._checked(own), before["_creationTime"])

    def patch(self, id: str, fields: Mapping[str, Any]) -> None:
        """Sets fields of a document.

        Raises:
            DatabaseError: there is no such document, or a system field is given.
            ValidationFailed: the result does not match the schema.
            ValueNotAllowed: no such document can be stored.
        """
        data, internal, before = self._existing(id, "Update")
        if any(name in _SYSTEM_FIELDS for name in fields):
            raise DatabaseError("_id and _creationTime of a document never change")
        own = {name: value for name, value in before.items() if name not in _SYSTEM_FIELDS}
        wire = {**own, **_wired(fields)}
        self._check(wire)
        self._write(data, internal, id, wire, before["_creationTime"])

    def delete(self, id: str) -> None:
        """Removes a document.

        Raises:
            DatabaseError: there is no such document.
        """
        data, internal, _ = self._existing(id, "Delete")
        self.admin.tx.write(data, internal, id, None, None)

    def clear(self) -> tuple[int, bool]:
        """Removes the oldest documents; how many, and whether there are more."""
        return clear(self.admin.tx, self.data, limits.ADMIN_CLEAR_DOCUMENTS_MAX)

    def _existing(self, id: str, verb: str) -> tuple[TableData, bytes, dict[str, Any]]:
        data = self.data
        try:
            number, internal = decode_id(id)
        except InvalidId as error:
            raise InvalidId(f"Unable to decode ID: {error}") from None
        raw = self.admin.tx.get(data, internal) if number == data.number else None
        if raw is None:
            raise DatabaseError(f"{verb} on nonexistent document ID {id}", code="DocumentNotFound")
        return data, internal, orjson.loads(raw)

    def _checked(self, own: Mapping[str, Any]) -> dict[str, Any]:
        wire = _wired(own)
        self._check(wire)
        return wire

    def _check(self, wire: dict[str, Any]) -> None:
        schema = self.admin.space(self.component).schema
        definition = schema.tables.get(self.name)
        if definition is not None:
            check_stored(definition, wire, schema)

    def _write(
        self, data: TableData, internal: bytes, id: str, own: dict[str, Any], created_ms: float
    ) -> None:
        body = {**own, "_id": id, "_creationTime": created_ms}
        raw = encode_document(body)
        self.admin.tx.write(data, internal, id, raw, orjson.loads(raw))


def clear(tx: Transaction, data: TableData, limit: int) -> tuple[int, bool]:
    """Removes a table's oldest documents, at most so many; how many, and whether there are more."""
    index, whole = data.by_creation_time, everything()
    most = min(limit, limits.DOCUMENTS_WRITTEN_MAX)
    keys, raws = tx.slice(index, whole.low, whole.high, most, reverse=False)
    exhausted = len(keys) < most
    low, high = consumed(whole.low, whole.high, keys, exhausted=exhausted, reverse=False)
    tx.record(index, whole.depth, whole.prefix, low, high)
    for raw in raws:
        id: str = orjson.loads(raw)["_id"]
        tx.write(data, decode_id(id)[1], id, None, None)
    return len(raws), not exhausted


def _wired(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as wire JSON.

    Raises:
        ValueNotAllowed: a value or a name that no document can have.
    """
    for name in fields:
        if name.startswith("_"):
            raise ValueNotAllowed(
                f"Field {name!r} starts with an underscore, which is only for system fields",
                code="InvalidFieldName",
            )
    wire: dict[str, Any] = orjson.loads(orjson.dumps(to_json(dict(fields))))
    return wire
