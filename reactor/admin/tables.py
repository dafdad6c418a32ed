"""Tables and what they hold at large: `npx convex data`, and the list beside a dashboard's data.

Source: protocol.md 8.2, 8.8.
"""

from __future__ import annotations

from typing import Any, Final

from reactor import limits
from reactor.admin.audit import note
from reactor.admin.registry import SystemFunction, system_mutation, system_query
from reactor.admin.view import Admin, ComponentId, Order, Wire, items_max
from reactor.admin.writing import Writer, clear
from reactor.errors import DatabaseError, SchemaError
from reactor.files.tables import STORAGE
from reactor.schema.names import check_identifier
from reactor.schema.objects import Page, PaginationOptions
from reactor.schema.places import split_place
from reactor.schema.system import CreatedTable
from reactor.transaction.system import SystemTable
from reactor.values.types import ABSENT


@system_query("_system/cli/tables")
async def tables(admin: Admin, *, pagination_opts: PaginationOptions) -> Page[dict[str, str]]:
    """The project's tables by name; the cursor of a page is the name that it ends with."""
    after = pagination_opts.cursor or ""
    names = [name for name in admin.tables() if name > after]
    shown = names[: min(pagination_opts.num_items, items_max())]
    return Page(
        page=[{"name": name} for name in shown],
        is_done=len(shown) == len(names),
        continue_cursor=shown[-1] if shown else after,
    )


@system_query("_system/cli/tableData")
async def table_data(
    admin: Admin, *, table: str, order: Order, pagination_opts: PaginationOptions
) -> Page[Wire]:
    """Whole documents of a table by creation time; none of a table that is not there.

    A query of such a table is empty in Convex, and the CLI hangs on an error.
    """
    return admin.page(admin.data(table).by_creation_time, pagination_opts, order=order)


@system_query("_system/frontend/getTableMapping")
async def table_mapping(admin: Admin, *, component_id: ComponentId = ABSENT) -> dict[str, str]:
    """Table numbers, as text, to names; the engine's own that functions may read included."""
    numbers = admin.space(component_id).schema.numbers
    named = [*admin.tables(component_id), "_storage", "_scheduled_functions"]
    return {str(numbers[name]): name for name in named if name in numbers}


@system_query("_system/cli/tableSize", "_system/frontend/tableSize")
async def table_size(
    admin: Admin, *, table_name: str | None, component_id: ComponentId = ABSENT
) -> int:
    """How many documents a table holds; none for a table that is not there."""
    if table_name is None or table_name not in admin.tables(component_id):
        return 0
    return admin.count(table_name, component_id)


@system_query("_system/frontend/tableSize:sizeOfAllTables")
async def size_of_all_tables(admin: Admin, *, component_id: ComponentId = ABSENT) -> int:
    """How many documents all tables hold together."""
    return sum(admin.count(name, component_id) for name in admin.tables(component_id))


@system_query("_system/cli/queryTable")
async def query_table(admin: Admin, *, table_name: str) -> Page[Wire]:
    """The newest documents of a table; `npx convex dev` watches it for a change."""
    return admin.page(
        admin.data(table_name).by_creation_time,
        PaginationOptions(num_items=_WATCHED, cursor=None),
        order="desc",
    )


_WATCHED: Final = 100


@system_mutation("_system/frontend/createTable")
async def create_table(admin: Admin, *, table: str, component_id: ComponentId = ABSENT) -> None:
    """Makes an empty table that no schema declares; one that is there already stays as it is.

    Raises:
        DatabaseError: the name cannot be a table's.
    """
    try:
        check_identifier(table, "a table")
    except SchemaError as error:
        raise DatabaseError(str(error), code="InvalidTableName") from None
    if table.startswith("_"):
        raise DatabaseError(
            f"{table!r}: a leading underscore is for system tables", code="InvalidTableName"
        )
    if table in admin.tables(component_id):
        return
    admin.deployment.log.number_of(admin.data(table, component_id))
    admin.system(CreatedTable.__table_name__, component_id).insert({"name": table})


@system_mutation("_system/reactor/deleteTable")
async def delete_table_page(
    admin: Admin, *, table: str, component_id: ComponentId = ABSENT
) -> dict[str, Any]:
    """Removes a table's oldest documents, and with the last of them the table.

    Returns:
        `deleted`, and `hasMore` when it must be asked again.

    Raises:
        DatabaseError: there is no such table, or the schema declares it.
    """
    if table in admin.space(component_id).schema.tables:
        raise DatabaseError(
            f"table {table!r} is declared in schema.py; remove it there and restart, or clear it",
            code="TableInSchema",
        )
    deleted, has_more = Writer(admin, table, component_id).clear()
    if not has_more:
        created = admin.system(CreatedTable.__table_name__, component_id)
        for row in created.range("by_name", [table], 1):
            created.delete(row["_id"])
        note(admin, "delete_tables", table_names=[table])
    return {"deleted": deleted, "hasMore": has_more}


@system_mutation("_system/reactor/deleteComponent")
async def delete_component_page(admin: Admin, *, path: str) -> dict[str, Any]:
    """Removes documents that a component left behind when it was taken out of the project.

    Returns:
        `deleted`, and `hasMore` when it must be asked again.

    Raises:
        DatabaseError: it is mounted, or there is nothing of that name.
    """
    deployment = admin.deployment
    if path in deployment.spaces:
        raise DatabaseError(
            f"component {path!r} is mounted; take it out of the project's components and restart",
            code="ComponentMounted",
        )
    left = limits.ADMIN_CLEAR_DOCUMENTS_MAX
    places = [place for place in list(deployment.log.numbers) if split_place(place)[0] == path]
    if not places:
        raise DatabaseError(f"there is no component {path!r}", code="ComponentNotFound")
    for place in places:
        deleted, has_more = _clear_place(admin, place, left)
        left -= deleted
        if has_more:
            return {"deleted": limits.ADMIN_CLEAR_DOCUMENTS_MAX - left, "hasMore": True}
    note(admin, "delete_component", component_path=path)
    return {"deleted": limits.ADMIN_CLEAR_DOCUMENTS_MAX - left, "hasMore": False}


def _clear_place(admin: Admin, place: str, limit: int) -> tuple[int, bool]:
    if split_place(place)[1] != STORAGE:
        return clear(admin.tx, admin.deployment.log.snapshot.table(place), limit)
    # Each file has its bytes, which go with its document.
    files = admin.deployment.files.table(admin.tx, place)
    rows = SystemTable(admin.tx, place, admin.deployment.entropy)
    found = rows.range("by_creation_time", [], limit)
    for row in found:
        files.remove(row["_id"])
    return len(found), len(found) == limit


FUNCTIONS: Final[tuple[SystemFunction, ...]] = (
    tables,
    table_data,
    table_mapping,
    table_size,
    size_of_all_tables,
    query_table,
    create_table,
    delete_table_page,
    delete_component_page,
)
