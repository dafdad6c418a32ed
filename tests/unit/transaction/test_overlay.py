"""A transaction's own documents; `tests/property/test_index.py` compares them at random."""

from __future__ import annotations

import pytest

from reactor.log.snapshot import IndexData, prefix_end
from reactor.transaction.overlay import Overlay, Pending, id_of
from tests.unit.log.world import World, id_, raw

EVERYTHING = (b"", prefix_end(b""), 99)


def pending(base: bytes | None, new: bytes | None) -> Pending:
    return Pending("", base, new, None, is_write=True)


def numbers(overlay: Overlay, index: IndexData, *, reverse: bool = False) -> list[int]:
    keys, _ = overlay.slice(index, *EVERYTHING, reverse=reverse)
    return [int.from_bytes(id_of(key), "big") for key in keys]


def filled(*present: int) -> tuple[World, Overlay]:
    world = World()
    for number in present:
        world.apply(number, raw(number, topic="ai", n=number))
    return world, Overlay(world.table)


def test_an_empty_overlay_changes_nothing() -> None:
    world, overlay = filled(1, 2, 3)
    index = world.table.by_creation_time
    assert overlay.slice(index, *EVERYTHING, reverse=True) == index.blocks.slice(
        *EVERYTHING, reverse=True
    )
    assert overlay.count(index, *EVERYTHING[:2]) == 3


@pytest.mark.parametrize("is_read_before", [False, True])
def test_inserts_changes_and_deletes(*, is_read_before: bool) -> None:
    """Own writes show at their place, whether or not the index was read before them."""
    world, overlay = filled(1, 2, 3)
    index = world.table.indexes["by_topic_and_n"]
    if is_read_before:
        assert numbers(overlay, index) == [1, 2, 3]
    overlay.put(id_(4), pending(None, raw(4, topic="ai", n=0)))
    overlay.put(id_(1), pending(world.table.documents[id_(1)], raw(1, topic="ai", n=9)))
    overlay.put(id_(2), pending(world.table.documents[id_(2)], None))
    assert numbers(overlay, index) == [4, 3, 1]
    assert numbers(overlay, index, reverse=True) == [1, 3, 4]
    assert overlay.count(index, *EVERYTHING[:2]) == 3
    _, values = overlay.slice(index, *EVERYTHING, reverse=False)
    assert values[-1] == raw(1, topic="ai", n=9)


def test_a_document_that_is_written_twice() -> None:
    world, overlay = filled(1)
    index, base = world.table.indexes["by_topic_and_n"], world.table.documents[id_(1)]
    for n in (5, 6, 6):
        overlay.put(id_(1), pending(base, raw(1, topic="ai", n=n)))
        assert numbers(overlay, index) == [1]
    overlay.put(id_(1), pending(base, None))
    assert numbers(overlay, index) == []
    overlay.put(id_(1), pending(base, base))
    assert numbers(overlay, index) == [1]


def test_hidden_rows_do_not_use_up_the_limit() -> None:
    """`take(2)` after two deletes gives the next two rows."""
    world, overlay = filled(1, 2, 3, 4)
    for number in (1, 2):
        overlay.put(id_(number), pending(world.table.documents[id_(number)], None))
    keys, _ = overlay.slice(world.table.by_creation_time, *EVERYTHING[:2], 2, reverse=False)
    assert [id_of(key) for key in keys] == [id_(3), id_(4)]


def test_what_is_forgotten_is_as_it_was() -> None:
    """A failed nested mutation takes back its writes and leaves its caller's."""
    world, overlay = filled(1, 2)
    index = world.table.by_creation_time
    resident = world.table.documents
    overlay.put(id_(3), pending(None, raw(3)))
    overlay.put(id_(2), pending(resident[id_(2)], None))
    overlay.put(id_(1), pending(resident[id_(1)], raw(1, n=7)))
    overlay.put(id_(4), pending(None, raw(4)))
    assert numbers(overlay, index) == [1, 3, 4]
    for number in (4, 1, 2):
        overlay.forget(id_(number))
    assert numbers(overlay, index) == [1, 2, 3]
    assert overlay.slice(index, *EVERYTHING[:2], 1, reverse=False)[1] == [resident[id_(1)]]


def test_by_id_may_come_into_being_under_way() -> None:
    world, overlay = filled(1)
    overlay.put(id_(2), pending(None, raw(2)))
    assert numbers(overlay, world.table.by_creation_time) == [1, 2]
    assert numbers(overlay, world.table.ordered_by_id()) == [1, 2]
    overlay.put(id_(2), pending(None, raw(2, n=1)))
    overlay.put(id_(0), pending(None, raw(0)))
    assert numbers(overlay, world.table.ordered_by_id()) == [0, 1, 2]
    assert numbers(overlay, world.table.by_creation_time) == [0, 1, 2]
