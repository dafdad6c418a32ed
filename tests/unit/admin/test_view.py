"""What a system function sees of its deployment."""

from __future__ import annotations

import pytest

from reactor.errors import DeveloperError
from tests.unit.sample.world import World


async def test_the_engines_own_tables_can_be_read(world: World) -> None:
    args = {
        "table": "_storage",
        "order": "asc",
        "paginationOpts": {"numItems": 10, "cursor": None},
    }
    found = await world.backend.as_admin().call("_system/cli/tableData", args)
    assert found["page"] == []


async def test_pages_of_no_items_are_refused(world: World) -> None:
    args = {"table": "notes", "order": "asc", "paginationOpts": {"numItems": 0, "cursor": None}}
    with pytest.raises(DeveloperError, match="at least 1 document"):
        await world.backend.as_admin().call("_system/cli/tableData", args)
