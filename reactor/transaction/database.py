"""`ctx.db`: what queries read with and mutations write with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

import orjson

from reactor.errors import DatabaseError, InvalidId, SchemaError, ValidationFailed, ValueNotAllowed
from reactor.schema.documents import is_stored, values_of
from reactor.schema.table import Document, Table
from reactor.transaction.query import Plan, TableQuery
from reactor.transaction.ranges import everything
from reactor.values.ids import decode_id, encode_id, new_internal_id
from reactor.values.json import compact, to_json
from reactor.values.scalars import Mismatch
from reactor.values.size import check_document
from reactor.values.types import ABSENT

if TYPE_CHECKING:
    from reactor.log.snapshot import TableData
    from reactor.runtime.random import Entropy
    from reactor.schema.columns import Change
    from reactor.schema.fields import Id
    from reactor.schema.load import Column, Schema, TableDef
    from reactor.transaction.transaction import Transaction

D = TypeVar("D", bound=Document)
W = TypeVar("W", bound=Table)

_SURELY_SMALL = 256 * 1024
_SYSTEM_FIELDS = ("_id", "_creationTime")


class DatabaseReader:
    """Reads documents, at one timestamp.

    Args:
        tx: the transaction.
        schema: the tables of the function's space.
    """

    __slots__ = ("_schema", "_tx")

    def __init__(self, tx: Transaction, schema: Schema) -> None:
        self._tx = tx
        self._schema = schema

    def _locate(self, id: str, call: str) -> tuple[TableDef, TableData, bytes] | None:
        try:
            number, internal = decode_id(id)
        except (InvalidId, TypeError) as error:
            raise InvalidId(
                f"Invalid argument `id` for `db.{call}`: Unable to decode ID: {error}"
            ) from None
        definition = self._schema.by_number(number)
        if definition is None:
            return None
        return definition, self._tx.log.snapshot.table(definition.place), internal

    async def get(self, id: Id[D], /) -> D | None:
        """The document with this id; None when there is none.

        Raises:
            InvalidId: the text is no id.
        """
        place = self._locate(id, "get")
        if place is None:
            return None
        definition, table, internal = place
        raw = self._tx.get(table, internal)
        return None if raw is None else cast("D", definition.materialize(raw))

    async def require(self, id: Id[D], message: str = "document not found", /) -> D:
        """The document with this id.

        Raises:
            DatabaseError: there is none, with `message`.
        """
        found = await self.get(id)
        if found is None:
            raise DatabaseError(f"{message}: {id}", code="DocumentNotFound")
        return found

    def query(self, table: type[D], /) -> TableQuery[D]:
        """Starts a query over one table."""
        definition = self._schema.of(table)
        data = self._tx.log.snapshot.table(definition.place)
        return TableQuery(Plan(self._tx, definition, data.by_creation_time, everything()))

    def normalize_id(self, table: type[D], text: str, /) -> Id[D] | None:
        """The text as an id of that table; None when it is not one."""
        try:
            number, _ = decode_id(text)
        except (InvalidId, TypeError):
            return None
        if number != self._schema.numbers.get(self._schema.of(table).name):
            return None
        return cast("Id[D]", text)


class DatabaseWriter(DatabaseReader):
    """Reads and writes documents, all or nothing.

    Args:
        tx: the transaction.
        schema: the tables of the function's space.
        entropy: where new ids come from.
    """

    __slots__ = ("_entropy",)

    def __init__(self, tx: Transaction, schema: Schema, entropy: Entropy) -> None:
        super().__init__(tx, schema)
        self._entropy = entropy

    async def insert(self, document: W, /) -> Id[W]:
        """Stores a new document and returns its id.

        Raises:
            ValidationFailed: it does not match the schema.
            ValueNotAllowed: a value that Convex cannot store, or too much of it.
            UniqueViolation: a unique index has its key already.
        """
        definition = self._schema.of(type(document))
        if is_stored(document):
            raise DatabaseError("this document is stored already; insert a new one")
        body = write_document(definition, document, self._schema)
        tx = self._tx
        table = tx.log.snapshot.table(definition.place)
        internal = new_internal_id(self._entropy, tx.now_ms)
        text = encode_id(tx.log.number_of(table), internal)
        body["_id"] = text
        body["_creationTime"] = tx.next_creation_time()
        tx.write(table, internal, text, encode_document(body), body)
        return cast("Id[W]", text)

    async def patch(self, id: Id[W], /, *changes: Change[W]) -> None:
        """Changes some columns of a document; one that ends up the same is not written.

        Raises:
            DatabaseError: there is no such document, or a change is another table's.
            ValidationFailed: a value does not match its column.
        """
        definition, table, internal, raw = self._existing(id, "patch", "Update")
        body: dict[str, Any] = orjson.loads(raw)
        settled = len(definition.validator_shapes) == 1
        for change in changes:
            if not change.skipped:
                settled = self._change(definition, body, change) and settled
        if not settled:
            own = {k: v for k, v in body.items() if k not in _SYSTEM_FIELDS}
            check_stored(definition, own, self._schema)
        self._rewrite(table, internal, id, body, raw)

    async def replace(self, id: Id[W], document: W, /) -> None:
        """Puts another document in the place of one; id and creation time stay.

        Raises:
            DatabaseError: there is no such document, or the other is of another table.
            ValidationFailed: it does not match the schema.
        """
        definition, table, internal, raw = self._existing(id, "replace", "Replace")
        if self._schema.of(type(document)) is not definition:
            raise _another_table(definition, type(document))
        own = values_of(document).get("id")
        if own is not None and own != id:
            raise DatabaseError(f"Provided document ID {own} doesn't match '_id' field {id}")
        body = write_document(definition, document, self._schema)
        body["_id"] = str(id)
        body["_creationTime"] = orjson.loads(raw)["_creationTime"]
        self._rewrite(table, internal, id, body, raw)

    async def delete(self, id: Id[Any], /) -> None:
        """Removes a document.

        Raises:
            DatabaseError: there is no such document.
        """
        _, table, internal, _ = self._existing(id, "delete", "Delete")
        self._tx.write(table, internal, str(id), None, None)

    def _existing(self, id: str, call: str, verb: str) -> tuple[TableDef, TableData, bytes, bytes]:
        place = self._locate(id, call)
        if place is not None and place[0].name.startswith("_"):
            raise DatabaseError("System tables (prefixed with `_`) are read-only.")
        raw = None if place is None else self._tx.get(place[1], place[2])
        if place is None or raw is None:
            raise DatabaseError(f"{verb} on nonexistent document ID {id}", code="DocumentNotFound")
        return *place, raw

    def _rewrite(
        self, table: TableData, internal: bytes, id: str, body: dict[str, Any], before: bytes
    ) -> None:
        raw = encode_document(body)
        if raw != before:
            self._tx.write(table, internal, str(id), raw, body)

    def _change(self, definition: TableDef, body: dict[str, Any], change: Change[Any]) -> bool:
        """Applies a change; whether the document surely matches the schema if it did before."""
        if getattr(change.owner, "__table_name__", None) != definition.name:
            raise _another_table(definition, change.owner)
        if change.path in ("id", "creation_time"):
            raise DatabaseError(f"{change.path} of a document never changes")
        try:
            column = definition.column(change.path)
        except SchemaError as error:
            raise DatabaseError(str(error)) from None
        *outer, last = column.wire_path
        removes = _removes(column, change.value)
        target = _object_at(body, outer, create=not removes)
        if removes:
            target.pop(last, None)
            return not outer and column.spec.optional
        write = definition.writers.get(change.path)
        if write is None:
            write = column.spec.validator.writer(self._schema.numbers)
            definition.writers[change.path] = write
        try:
            target[last] = write(change.value)
        except Mismatch:
            raise _refused_column(definition, column, change.value, self._schema) from None
        return not outer


def _object_at(body: dict[str, Any], path: list[str], *, create: bool) -> dict[str, Any]:
    """The object inside a document that a nested change is about."""
    target: Any = body
    for name in path:
        inner: Any = target.get(name, ABSENT)
        if inner is ABSENT:
            inner = {}
            if create:
                target[name] = inner
        if not _is_plain_object(inner):
            raise DatabaseError(f"{'.'.join(path)} holds no object, so nothing in it can change")
        target = inner
    found: dict[str, Any] = target
    return found


def _is_plain_object(value: Any) -> bool:
    """Whether stored JSON is an object, and not one of the `$` forms of another value."""
    return isinstance(value, dict) and not any(map(_is_special, cast("dict[str, Any]", value)))


def _is_special(name: str) -> bool:
    return name.startswith("$")


def _removes(column: Column, value: Any) -> bool:
    return value is ABSENT or (
        value is None and column.spec.optional and column.spec.default is None
    )


def _another_table(definition: TableDef, cls: type[Any]) -> DatabaseError:
    given = getattr(cls, "__table_name__", cls.__name__)
    return DatabaseError(f'expected to be an Id<"{given}">, got Id<"{definition.name}"> instead.')


def encode_document(body: dict[str, Any]) -> bytes:
    """The canonical JSON of a document, within its limits.

    Raises:
        ValueNotAllowed: too large, too deep, or text that is not Unicode.
    """
    try:
        raw = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    except TypeError as error:
        raise ValueNotAllowed(f"a text in the document is not valid Unicode: {error}") from None
    if len(raw) > _SURELY_SMALL or raw.count(b"{") + raw.count(b"[") > 8:
        check_document(orjson.loads(raw))
    return compact(raw)


def write_document(definition: TableDef, document: Document, schema: Schema) -> dict[str, Any]:
    """A document's own fields as they are stored, checked against the schema.

    Raises:
        ValidationFailed: with Convex's words.
    """
    try:
        return definition.write(document)
    except Mismatch:
        pass
    loose = {}
    for path, value in values_of(document).items():
        column = definition.columns.get(path)
        if column is None or path in ("id", "creation_time") or _removes(column, value):
            continue
        loose[column.spec.wire] = to_json(value)
    raise _schema_refusal(definition, definition.validator.problem(loose, "", schema.numbers))


def check_stored(definition: TableDef, own: dict[str, Any], schema: Schema) -> None:
    """Checks a whole document where its parts alone do not settle it: tables that are unions.

    Raises:
        ValidationFailed: with Convex's words.
    """
    try:
        definition.read(own)
    except Mismatch:
        problem = definition.validator.problem(own, "", schema.numbers)
        raise _schema_refusal(definition, problem) from None


def _refused_column(
    definition: TableDef, column: Column, value: Any, schema: Schema
) -> ValidationFailed:
    path = "." + ".".join(column.wire_path)
    problem = column.spec.validator.problem(to_json(value), path, schema.numbers)
    return _schema_refusal(definition, problem)


def _schema_refusal(definition: TableDef, problem: str | None) -> ValidationFailed:
    return ValidationFailed(
        f'Failed to insert or update a document in table "{definition.name}" because it does not '
        f"match the schema: {problem or 'a value has the wrong Python type'}",
        code="SchemaEnforcementError",
    )
