"""Where exports and imports stand."""

from __future__ import annotations

import pytest

from reactor.errors import DeveloperError
from tests.unit.sample.world import World


async def test_nothing_yet(world: World) -> None:
    admin = world.backend.as_admin()
    assert await admin.call("_system/cli/exports:getLatest") is None
    assert await admin.call("_system/cli/queryImport:list") == []
    with pytest.raises(DeveloperError, match="no such import"):
        await admin.call("_system/cli/queryImport", {"importId": world.backend.node.settings.name})


async def test_a_stranger_sees_nothing(world: World) -> None:
    with pytest.raises(DeveloperError, match="do not have permission"):
        await world.backend.call("_system/cli/queryImport:list")
