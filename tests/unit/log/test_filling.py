"""Staged indexes come into being while documents come, change and go."""

from __future__ import annotations

import pytest

from reactor.log.filling import Filling, fillings
from reactor.log.snapshot import IndexData, prefix_end
from reactor.runtime.random import Random
from tests.unit.log.world import World, raw


def stage(world: World) -> IndexData:
    return world.table.stage_index("by_n", (("n",),))


def rows(index: IndexData) -> list[tuple[bytes, bytes]]:
    found = index.blocks.slice(b"", prefix_end(b""), 10**6, reverse=False)
    return list(zip(*found, strict=True))


def expected(world: World, index: IndexData) -> list[tuple[bytes, bytes]]:
    return sorted((index.key(id, body), body) for id, body in world.table.documents.items())


def test_it_is_filled_piece_by_piece() -> None:
    world = World()
    index = stage(world)
    for number in range(10):
        world.put(number + 1, n=number)
    (filling,) = fillings(world.log.snapshot)
    assert not filling.is_filled
    assert filling.step(4)
    assert (filling.done, filling.total, len(rows(index))) == (4, 10, 4)
    assert filling.step(6)
    assert not filling.step(4)
    assert filling.is_filled
    assert rows(index) == expected(world, index)


def test_it_does_not_count_as_an_index_before_it_is_begun() -> None:
    """Writes before the first step do not pay for it."""
    world = World()
    index = stage(world)
    touch = world.apply(1, raw(1, n=1))
    assert all(one is not index for one, _, _ in touch.keys)


@pytest.mark.parametrize("seed", range(20))
def test_writes_in_between(seed: int) -> None:
    """Whatever is inserted, changed or deleted meanwhile, the filled index is exact."""
    chance = Random(seed)
    world = World()
    index = stage(world)
    for number in range(1, 40):
        world.put(number, n=chance.randrange(5))
    filling = Filling(index)
    while filling.step(3):
        number = chance.randrange(1, 60)
        if chance.random() < 0.3 and world.write(number, None).old is not None:
            world.delete(number)
        else:
            world.put(number, n=chance.randrange(5), m=chance.random())
    assert rows(index) == expected(world, index)
    world.put(99, n=1)
    world.delete(99)
    assert rows(index) == expected(world, index)


def test_an_empty_table_is_filled_at_once() -> None:
    world = World()
    filling = Filling(stage(world))
    assert not filling.step(100)
    assert filling.is_filled
