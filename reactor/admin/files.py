"""The files in storage, as a dashboard lists, adds and deletes them.

Source: protocol.md 5.9, 8.8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from reactor.admin.registry import SystemFunction, system_mutation, system_query
from reactor.admin.view import Admin, ComponentId, Order, Wire
from reactor.errors import InvalidId
from reactor.files.tables import STORAGE
from reactor.schema.objects import Page, PaginationOptions
from reactor.values.types import ABSENT

if TYPE_CHECKING:
    from reactor.files.tables import FileTable


@system_query("_system/frontend/fileStorageV2:numFiles")
async def num_files(admin: Admin, *, component_id: ComponentId = ABSENT) -> int:
    """How many files there are."""
    return admin.count(STORAGE, component_id)


@system_query("_system/frontend/fileStorageV2:fileMetadata")
async def file_metadata(
    admin: Admin,
    *,
    pagination_opts: PaginationOptions,
    order: Order = "desc",
    component_id: ComponentId = ABSENT,
) -> Page[Wire]:
    """The files' documents with their URLs, the newest first."""
    index = admin.data(STORAGE, component_id).by_creation_time
    page = admin.page(index, pagination_opts, order=order)
    files = _files(admin, component_id)
    return page.with_items([_shown(admin, files, one.parsed()["_id"]) for one in page.page])


@system_query("_system/frontend/fileStorageV2:getFile")
async def get_file(
    admin: Admin, *, storage_id: str, component_id: ComponentId = ABSENT
) -> Wire | None:
    """One file's document with its URL; None when there is no such file."""
    files = _files(admin, component_id)
    try:
        found = files.find(storage_id)
    except InvalidId:
        return None
    return None if found is None else _shown(admin, files, storage_id)


@system_mutation("_system/frontend/fileStorageV2:deleteFile")
async def delete_file(admin: Admin, *, storage_id: str, component_id: ComponentId = ABSENT) -> None:
    """Deletes one file; its URL stops working."""
    _files(admin, component_id).remove(storage_id)


@system_mutation("_system/frontend/fileStorageV2:deleteFiles")
async def delete_files(
    admin: Admin, *, storage_ids: list[str], component_id: ComponentId = ABSENT
) -> None:
    """Deletes several files, or none if one of them is not there."""
    files = _files(admin, component_id)
    for storage_id in storage_ids:
        files.remove(storage_id)


@system_mutation("_system/frontend/fileStorageV2:generateUploadUrl")
async def generate_upload_url(admin: Admin, *, component_id: ComponentId = ABSENT) -> str:
    """An address to which one file may be sent, for an hour."""
    return admin.deployment.files.upload_url(admin.data(STORAGE, component_id).name)


def _files(admin: Admin, component: ComponentId) -> FileTable:
    return admin.deployment.files.table(admin.tx, admin.data(STORAGE, component).name)


def _shown(admin: Admin, files: FileTable, id: str) -> Wire:
    record = files.find(id)
    assert record is not None, "its document was just read"
    shown: dict[str, Any] = {**record.document, "url": admin.deployment.files.url(record.uuid)}
    return Wire.of(shown)


FUNCTIONS: Final[tuple[SystemFunction, ...]] = (
    num_files,
    file_metadata,
    get_file,
    delete_file,
    delete_files,
    generate_upload_url,
)
