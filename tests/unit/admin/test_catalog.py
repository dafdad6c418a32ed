"""The list of all system functions."""

from __future__ import annotations

from tests.unit.sample.world import World


def test_every_path_is_one_that_clients_ask_for(world: World) -> None:
    """A path outside of these folders would be reached by nobody."""
    system = world.node.loaded.root.functions.system
    assert system
    for path in system:
        assert path.startswith(("_system/cli/", "_system/frontend/", "_system/reactor/"))
