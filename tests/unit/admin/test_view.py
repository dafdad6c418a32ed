"""What a system function sees of its deployment."""

from __future__ import annotations

import pytest

from reactor import MutationCtx
from reactor.admin.view import Admin
from reactor.errors import DeveloperError
from reactor.values.types import ABSENT
from tests.unit.sample.world import World, open_board


async def test_the_engines_own_tables_can_be_read(world: World) -> None:
    args = {
        "table": "_storage",
        "order": "asc",
        "paginationOpts": {"numItems": 10, "cursor": None},
    }
    found = await world.backend.as_admin().call("_system/cli/tableData", args)
    assert found["page"] == []


async def test_the_component_that_a_call_is_about() -> None:
    async with open_board() as board:

        async def look(ctx: MutationCtx) -> list[str]:
            admin = Admin(board.node.deployment, ctx)
            with pytest.raises(DeveloperError, match="'nowhere'"):
                admin.space("nowhere")
            admin.system("_storage", "left").insert({"size": 1.0})
            places = [admin.space(one).path for one in (None, ABSENT, "left", "nest/inner")]
            return [*places, admin.table("_storage", "left").name]

        assert await board.run(look) == ["", "", "left", "nest/inner", "left/_storage"]
        assert len(board.node.log.snapshot.table("left/_storage").documents) == 1


async def test_pages_of_no_items_are_refused(world: World) -> None:
    args = {"table": "notes", "order": "asc", "paginationOpts": {"numItems": 0, "cursor": None}}
    with pytest.raises(DeveloperError, match="at least 1 document"):
        await world.backend.as_admin().call("_system/cli/tableData", args)
