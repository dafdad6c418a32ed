"""The schema and the indexes as Convex's tools read them.

Source: protocol.md 8.8, 9.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

import orjson

from reactor.admin.registry import SystemFunction, system_query
from reactor.admin.view import Admin, ComponentId
from reactor.log.filling import Growing
from reactor.log.snapshot import FILLING
from reactor.schema.index import SearchIndex, VectorIndex
from reactor.schema.table import Document
from reactor.values.types import ABSENT, Absent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from reactor.log.snapshot import TableData
    from reactor.schema.load import IndexDef, Schema, TableDef

I = TypeVar("I", SearchIndex, VectorIndex)  # noqa: E741  # an index of either kind
Json = dict[str, Any]


@system_query("_system/frontend/getSchemas")
async def get_schemas(admin: Admin, *, component_id: ComponentId = ABSENT) -> Json:
    """The schema in force, as JSON text; nothing for a project without a schema."""
    schema = admin.space(component_id).schema
    if not schema.is_closed:
        return {}
    return {"active": orjson.dumps(schema_json(schema)).decode()}


@system_query("_system/frontend/getSchemas:schemaValidationProgress")
async def validation_progress(
    admin: Admin, *, component_id: ComponentId = ABSENT, schema_id: str | Absent | None = ABSENT
) -> None:
    """How far the check of a new schema is; None, since a node checks its data before it serves."""
    del admin, component_id, schema_id


@system_query("_system/frontend/indexes")
async def indexes(
    admin: Admin, *, table_name: str | None, component_id: ComponentId = ABSENT
) -> list[Json]:
    """The declared indexes of a table, and how far they are filled."""
    if table_name is None:
        return []
    return [
        {name: value for name, value in one.items() if name != "table"}
        for one in index_list(admin, component_id)
        if one["table"] == table_name
    ]


@system_query("_system/reactor/allIndexes")
async def all_indexes(admin: Admin, *, component_id: ComponentId = ABSENT) -> list[Json]:
    """The declared indexes of every table; behind `GET /api/get_indexes`."""
    return index_list(admin, component_id)


def schema_json(schema: Schema) -> Json:
    """A schema in the form of protocol.md 9.4."""
    return {
        "tables": [_table_json(table) for table in _own(schema)],
        "schemaValidation": schema.validate,
    }


def index_list(admin: Admin, component: ComponentId) -> list[Json]:
    """The declared indexes of a component, and whether each is filled."""
    found: list[Json] = []
    for table in _own(admin.space(component).schema):
        data = admin.data(table.name, component)
        admin.tx.get(data, FILLING)  # so that this is asked again when one of them is filled
        for one in table.indexes.values():
            filled = one.name in data.indexes and not data.indexes[one.name].is_filling
            fields = [*_dotted(one.paths), "_creationTime"]
            found.append(_index(table, one, fields, is_filled=filled))
        found += [
            _index(table, one, _search_fields(table, one), is_filled=_is_filled(data, one.name))
            for one in _indexes(table, SearchIndex)
        ]
        found += [
            _index(table, one, _vector_fields(table, one), is_filled=_is_filled(data, one.name))
            for one in _indexes(table, VectorIndex)
        ]
    return found


def _is_filled(data: TableData, name: str) -> bool:
    follower = data.followers.get(name)
    return not isinstance(follower, Growing) or not follower.waiting


def _index(
    table: TableDef,
    index: IndexDef | SearchIndex | VectorIndex,
    fields: list[str] | Json,
    *,
    is_filled: bool,
) -> Json:
    return {
        "table": table.name,
        "name": index.name,
        "fields": fields,
        "staged": index.staged,
        "backfill": {"state": "done" if is_filled else "in_progress"},
    }


def _own(schema: Schema) -> Iterator[TableDef]:
    for name in sorted(schema.tables):
        if not name.startswith("_"):
            yield schema.tables[name]


def _table_json(table: TableDef) -> Json:
    def ordered(staged: bool) -> list[Json]:
        chosen: Iterable[IndexDef] = table.indexes.values()
        return [
            {"indexDescriptor": one.name, "fields": _dotted(one.paths)}
            for one in chosen
            if one.staged == staged
        ]

    def searches(staged: bool) -> list[Json]:
        return [
            {"indexDescriptor": one.name, **_search_fields(table, one)}
            for one in _indexes(table, SearchIndex)
            if one.staged == staged
        ]

    def vectors(staged: bool) -> list[Json]:
        return [
            {"indexDescriptor": one.name, **_vector_fields(table, one)}
            for one in _indexes(table, VectorIndex)
            if one.staged == staged
        ]

    return {
        "tableName": table.name,
        "indexes": ordered(False),
        "stagedDbIndexes": ordered(True),
        "searchIndexes": searches(False),
        "stagedSearchIndexes": searches(True),
        "vectorIndexes": vectors(False),
        "stagedVectorIndexes": vectors(True),
        "documentType": table.validator.export(),
    }


def _indexes(table: TableDef, kind: type[I]) -> Iterator[I]:
    for base in reversed(table.cls.__mro__):
        if base is not Document:
            for value in vars(base).values():
                if isinstance(value, kind):
                    yield value


def _search_fields(table: TableDef, index: SearchIndex) -> Json:
    return {
        "searchField": _field(table, index.field),
        "filterFields": _fields(table, index.filters),
    }


def _vector_fields(table: TableDef, index: VectorIndex) -> Json:
    return {
        "vectorField": _field(table, index.field),
        "dimensions": index.dimensions,
        "filterFields": _fields(table, index.filters),
    }


def _fields(table: TableDef, columns: Iterable[str]) -> list[str]:
    return [_field(table, column) for column in columns]


def _field(table: TableDef, column: str) -> str:
    return ".".join(table.column(column).wire_path)


def _dotted(paths: Iterable[tuple[str, ...]]) -> list[str]:
    return [".".join(path) for path in paths]


FUNCTIONS: Final[tuple[SystemFunction, ...]] = (
    get_schemas,
    validation_progress,
    indexes,
    all_indexes,
)
