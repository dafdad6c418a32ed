"""`npx convex data`: the tables, and the documents of one.

Source: protocol.md 8.2.
"""

from __future__ import annotations

from typing import Final

from reactor.admin.registry import SystemFunction, system_query
from reactor.admin.view import Admin, Order, Wire
from reactor.schema.objects import Page, PaginationOptions


@system_query("_system/cli/tables")
async def tables(admin: Admin, *, pagination_opts: PaginationOptions) -> Page[dict[str, str]]:
    """The project's tables by name; the cursor of a page is the name that it ends with."""
    after = pagination_opts.cursor or ""
    names = [name for name in admin.tables() if name > after]
    shown = names[: pagination_opts.num_items]
    return Page(
        page=[{"name": name} for name in shown],
        is_done=len(shown) == len(names),
        continue_cursor=shown[-1] if shown else after,
    )


@system_query("_system/cli/tableData")
async def table_data(
    admin: Admin, *, table: str, order: Order, pagination_opts: PaginationOptions
) -> Page[Wire]:
    """Whole documents of a table by creation time."""
    return admin.page(admin.table(table).by_creation_time, pagination_opts, order=order)


FUNCTIONS: Final[tuple[SystemFunction, ...]] = (tables, table_data)
