"""Which tables are followed."""

from __future__ import annotations

from reactor.log.filling import Growing
from tests.unit.transaction.world import Note, User, World


def test_text_indexes_follow_their_tables_and_staged_ones_grow() -> None:
    world = World()
    followers = world.table(Note).followers
    assert {name: isinstance(one, Growing) for name, one in followers.items()} == {
        "search": False,
        "search_parent": True,
    }
    assert world.table(User).followers == {}
