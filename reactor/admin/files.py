"""The files in storage, as a dashboard lists them.

Source: protocol.md 5.9, 8.8.
"""

from __future__ import annotations

from typing import Final

from reactor.admin.registry import SystemFunction, system_query
from reactor.admin.view import Admin, ComponentId, Order, Wire
from reactor.schema.objects import Page, PaginationOptions
from reactor.schema.system import StoredFile
from reactor.values.types import ABSENT

_TABLE: Final = StoredFile.__table_name__


@system_query("_system/frontend/fileStorageV2:numFiles")
async def num_files(admin: Admin, *, component_id: ComponentId = ABSENT) -> int:
    """How many files there are."""
    return admin.count(_TABLE, component_id)


@system_query("_system/frontend/fileStorageV2:fileMetadata")
async def file_metadata(
    admin: Admin,
    *,
    pagination_opts: PaginationOptions,
    order: Order = "desc",
    component_id: ComponentId = ABSENT,
) -> Page[Wire]:
    """The files' documents, the newest first."""
    table = admin.data(_TABLE, component_id)
    return admin.page(table.by_creation_time, pagination_opts, order=order)


@system_query("_system/frontend/fileStorageV2:getFile")
async def get_file(
    admin: Admin, *, storage_id: str, component_id: ComponentId = ABSENT
) -> Wire | None:
    """One file's document; None when there is no such file."""
    found = admin.system(_TABLE, component_id).get(storage_id)
    return None if found is None else Wire.of(found)


FUNCTIONS: Final[tuple[SystemFunction, ...]] = (num_files, file_metadata, get_file)
