"""Documents one by one and page by page, as a dashboard shows and changes them.

Each change is one transaction, obeys the schema, and is refused for the engine's own tables.

Source: protocol.md 8.8.
"""

from __future__ import annotations

from typing import Any, Final

import orjson

from reactor.admin.filters import read_filters
from reactor.admin.registry import SystemFunction, system_mutation, system_query
from reactor.admin.view import Admin, ComponentId, Wire
from reactor.admin.writing import Writer
from reactor.errors import DatabaseError, InvalidId
from reactor.schema.objects import Object, Page, PaginationOptions
from reactor.transaction.ranges import everything
from reactor.transaction.transaction import consumed
from reactor.values.ids import decode_id
from reactor.values.types import ABSENT, Absent

_SCANNED: Final = 1_000
"""Documents that a plain scan gives unless it asks for fewer."""


class Place(Object):
    """A document and the table that it is in."""

    id: str
    table_name: str


@system_query("_system/frontend/getById")
async def get_by_id(admin: Admin, *, id: str, component_id: ComponentId = ABSENT) -> Wire | None:
    """A document of any table; None when there is none, or the text is no id."""
    return _find(admin, id, None, component_id)


@system_query("_system/frontend/listById")
async def list_by_id(
    admin: Admin, *, ids: list[Place], component_id: ComponentId = ABSENT
) -> list[Wire | None]:
    """Documents in the order in which they are named; None for each that is not there."""
    return [_find(admin, place.id, place.table_name, component_id) for place in ids]


def _find(admin: Admin, id: str, table: str | None, component: ComponentId) -> Wire | None:
    try:
        _, internal = decode_id(id)
        name = admin.table_of(id, component)
    except InvalidId:
        return None
    if name is None or table not in (None, name):
        return None
    try:
        data = admin.table(name, component)
    except DatabaseError:
        return None
    raw = admin.tx.get(data, internal)
    return None if raw is None else Wire(raw)


@system_query("_system/frontend/paginatedTableDocuments")
async def paginated_table_documents(
    admin: Admin,
    *,
    pagination_opts: PaginationOptions,
    table: str,
    filters: str | Absent | None = ABSENT,
    component_id: ComponentId = ABSENT,
) -> Page[Wire]:
    """A page of a table's documents, the newest first unless the filters say otherwise.

    Args:
        admin: the run.
        pagination_opts: which page.
        table: whose documents.
        filters: base64 of JSON; see `filters.py`.
        component_id: whose table it is.
    """
    data = admin.table(table, component_id)
    given = filters if isinstance(filters, str) else None
    chosen = read_filters(given, data, lambda text: admin.table_of(text, component_id))
    return admin.page(
        chosen.index,
        pagination_opts,
        order=chosen.order,
        span=chosen.span,
        keeps=lambda document: chosen.keeps(document.parsed()),
    )


@system_query("_system/frontend/listTableScan")
async def list_table_scan(
    admin: Admin,
    *,
    table: str,
    limit: int = _SCANNED,
    component_id: ComponentId = ABSENT,
) -> list[Wire]:
    """The newest documents of a table."""
    index, whole = admin.table(table, component_id).by_creation_time, everything()
    most = max(0, min(limit, _SCANNED))
    keys, raws = admin.tx.slice(index, whole.low, whole.high, most, reverse=True)
    exhausted = len(keys) < most
    low, high = consumed(whole.low, whole.high, keys, exhausted=exhausted, reverse=True)
    admin.tx.record(index, whole.depth, whole.prefix, low, high)
    return [Wire(raw) for raw in raws]


@system_mutation("_system/frontend/addDocument")
async def add_document(
    admin: Admin,
    *,
    table: str,
    documents: list[dict[str, Any]],
    component_id: ComponentId = ABSENT,
) -> dict[str, Any]:
    """Stores new documents and returns their ids."""
    writer = Writer(admin, table, component_id)
    return {"success": True, "ids": [writer.insert(document) for document in documents]}


@system_mutation("_system/frontend/replaceDocument")
async def replace_document(
    admin: Admin, *, id: str, document: dict[str, Any], component_id: ComponentId = ABSENT
) -> dict[str, Any]:
    """Puts another document in the place of one."""
    Writer(admin, _table_of(admin, id, component_id), component_id).replace(id, document)
    return {"success": True}


@system_mutation("_system/frontend/patchDocumentsFields")
async def patch_documents_fields(
    admin: Admin,
    *,
    table: str,
    fields: dict[str, Any],
    ids: list[str] | Absent | None = ABSENT,
    component_id: ComponentId = ABSENT,
) -> dict[str, Any]:
    """Sets fields of some documents, or of all that a table holds.

    A table with more documents than one transaction may read or write is refused, with the limit.
    """
    writer = Writer(admin, table, component_id)
    chosen = ids if isinstance(ids, list) else _all_ids(admin, writer)
    for id in chosen:
        writer.patch(id, fields)
    return {"success": True}


def _all_ids(admin: Admin, writer: Writer) -> list[str]:
    index, whole = writer.data.by_creation_time, everything()
    _, raws = admin.tx.slice(index, whole.low, whole.high, 2**31, reverse=False)
    admin.tx.record(index, whole.depth, whole.prefix, whole.low, whole.high)
    return [orjson.loads(raw)["_id"] for raw in raws]


@system_mutation("_system/frontend/deleteDocuments")
async def delete_documents(
    admin: Admin, *, to_delete: list[Place], component_id: ComponentId = ABSENT
) -> dict[str, Any]:
    """Removes documents."""
    for place in to_delete:
        Writer(admin, place.table_name, component_id).delete(place.id)
    return {"success": True}


@system_mutation("_system/frontend/clearTablePage")
async def clear_table_page(
    admin: Admin,
    *,
    table_name: str,
    cursor: str | Absent | None = ABSENT,
    component_id: ComponentId = ABSENT,
) -> dict[str, Any]:
    """Removes a table's oldest documents.

    What is removed is gone, so there is no position to go on from: the cursor is not looked at.
    """
    del cursor
    deleted, has_more = Writer(admin, table_name, component_id).clear()
    return {"continueCursor": "", "deleted": deleted, "hasMore": has_more}


def _table_of(admin: Admin, id: str, component: ComponentId) -> str:
    name = admin.table_of(id, component)
    if name is None:
        raise DatabaseError(f"{id} belongs to no table", code="DocumentNotFound")
    return name


FUNCTIONS: Final[tuple[SystemFunction, ...]] = (
    get_by_id,
    list_by_id,
    paginated_table_documents,
    list_table_scan,
    add_document,
    replace_document,
    patch_documents_fields,
    delete_documents,
    clear_table_page,
)
