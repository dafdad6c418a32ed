"""The migrations of a deployment, as the command line asks for them."""

from __future__ import annotations

from tests.unit.sample.world import World

PATH = "_system/cli/migrations"


async def test_declared_ones_are_listed_before_and_after_they_ran(world: World) -> None:
    admin = world.backend.as_admin()
    assert await admin.call(PATH) == [{"name": "moves:shout", "record": None}]
    await admin.call("moves:shout")
    (one,) = await admin.call(PATH)
    assert (one["record"]["state"], one["record"]["total"]) == ("done", 0)
