"""Which tables are followed."""

from __future__ import annotations

from tests.unit.transaction.world import Note, User, World


def test_text_indexes_follow_their_tables_and_staged_ones_wait() -> None:
    world = World()
    assert list(world.table(Note).followers) == ["search"]
    assert world.table(User).followers == {}
