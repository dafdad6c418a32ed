"""The migrations that the code declares, and how far each has come."""

from __future__ import annotations

from typing import Any, Final

from reactor.admin.registry import SystemFunction, system_query
from reactor.admin.view import Admin, ComponentId, Wire
from reactor.runner.migrations import Migrate
from reactor.schema.system import Migration
from reactor.values.types import ABSENT


@system_query("_system/cli/migrations")
async def migrations(admin: Admin, *, component_id: ComponentId = ABSENT) -> Wire:
    """Every declared migration by name, with its record; null for one that was never run."""
    declared = [
        path
        for path, definition in admin.space(component_id).functions.by_path.items()
        if isinstance(definition.fn, Migrate)
    ]
    table = admin.system(Migration.__table_name__, component_id)
    found: list[dict[str, Any]] = []
    for name in sorted(declared):
        records = table.range("by_name", [name], 1)
        found.append({"name": name, "record": records[0] if records else None})
    return Wire.of(found)


FUNCTIONS: Final[tuple[SystemFunction, ...]] = (migrations,)
