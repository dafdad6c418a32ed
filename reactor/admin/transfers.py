"""Where exports and imports stand, for `npx convex export` and `npx convex import`.

Source: protocol.md 8.5, 8.6.
"""

from __future__ import annotations

from typing import Final

from reactor.admin.registry import SystemFunction, system_query
from reactor.admin.view import Admin, Wire
from reactor.errors import DatabaseError, InvalidId

_SHOWN_MAX: Final = 1_000
"""Imports listed; far more than are kept."""


@system_query("_system/cli/exports:getLatest")
async def latest_export(admin: Admin) -> Wire:
    """The newest export; null before the first."""
    found = admin.system("_exports").range("by_creation_time", (), 1, reverse=True)
    return Wire.of(found[0] if found else None)


@system_query("_system/cli/queryImport")
async def one_import(admin: Admin, *, import_id: str) -> Wire:
    """One import."""
    try:
        found = admin.system("_snapshot_imports").get(import_id)
    except InvalidId:
        found = None
    if found is None:
        raise DatabaseError("there is no such import", code="ImportNotFound")
    return Wire.of(found)


@system_query("_system/cli/queryImport:list")
async def all_imports(admin: Admin) -> Wire:
    """Every import that is remembered, newest first."""
    found = admin.system("_snapshot_imports").range(
        "by_creation_time", (), _SHOWN_MAX, reverse=True
    )
    return Wire.of(found)


FUNCTIONS: Final[tuple[SystemFunction, ...]] = (latest_export, one_import, all_imports)
