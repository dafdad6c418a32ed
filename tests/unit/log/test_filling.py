"""Staged indexes come into being while documents come, change and go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import orjson
import pytest

from reactor.log.filling import Growing, IndexFilling, fillings
from reactor.log.reads import ReadSet
from reactor.log.replacing import Replacement, Swap
from reactor.log.snapshot import IndexData, prefix_end
from reactor.log.terms import Terms
from reactor.runtime.random import Random
from tests.unit.log.world import World, id_, raw


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
    filling = IndexFilling(index)
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


class Seen:
    """A follower that notes what it holds."""

    def __init__(self) -> None:
        self.held: dict[bytes, bytes] = {}

    def empty(self) -> Seen:
        return Seen()

    def load(self, documents: Iterable[tuple[bytes, bytes]]) -> None:
        self.held.update(documents)

    def apply(self, id: bytes, old: bytes | None, new: bytes | None) -> Sequence[Terms]:
        assert self.held.pop(id, None) == old, "it is told what it holds"
        if new is not None:
            self.held[id] = new
        return ()


def test_an_index_that_is_not_ordered_is_filled_piece_by_piece() -> None:
    """Documents that wait for their turn may change and go; new ones do not wait."""
    world, seen = World(), Seen()
    world.table.follow("words", Growing(seen))
    documents = [(id_(number), raw(number, n=number)) for number in range(1, 6)]
    world.log.snapshot.load(world.table, documents)
    (filling,) = fillings(world.log.snapshot)
    assert (filling.name, filling.total, filling.is_filled) == ("news.words", 5, False)
    world.put(1, n=9)
    world.delete(2)
    world.put(7, n=7)
    assert list(seen.held) == [id_(7)]
    assert filling.step(1)
    assert filling.done == 2  # the deleted one waits no more either
    while filling.step(1):
        world.put(7, n=8)
    assert filling.is_filled
    assert (filling.done, seen.held) == (5, world.table.documents)
    world.delete(1)
    assert seen.held == world.table.documents


def test_long_documents_end_a_step_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty documents of half a megabyte would hold up every other request for a second."""
    monkeypatch.setattr("reactor.limits.FOLLOWER_FILL_BYTES", 1_000)
    world = World()
    world.table.follow("words", Growing(Seen()))
    lengths = [300, 5_000, 400, 400, 400]  # the last is taken in first
    documents = [(id_(n), raw(n, text="x" * size)) for n, size in enumerate(lengths, 1)]
    world.log.snapshot.load(world.table, documents)
    (filling,) = fillings(world.log.snapshot)
    done: list[int] = []
    while filling.step(20):
        done.append(filling.done)
    assert done == [3, 4]  # one that is too long for a step alone is a step


def test_an_import_before_the_first_step() -> None:
    """One of its documents that goes before the first step must not come back."""
    world = World()
    index = stage(world)
    world.put(1, n=1)
    made = Replacement(world.table, 10_001, world.log.next_store())
    for number in (5, 6):
        made.add(id_(number), raw(number, n=7), orjson.loads(raw(number, n=7)))
    change = Swap(world.table, 10_001, made.contents)
    world.log.commit([], ReadSet.empty(), world.log.last_ts, "import", swaps=[change])
    world.delete(5)
    filling = IndexFilling(index)
    while filling.step(1) or world.log.retired.release(1):
        pass
    assert rows(index) == expected(world, index)


def test_new_contents_bring_a_filled_index() -> None:
    """An import that replaces the table puts every document in as it comes."""
    world = World()
    world.table.follow("words", Growing(Seen()))
    world.log.snapshot.load(world.table, [(id_(1), raw(1))])
    (filling,) = fillings(world.log.snapshot)
    replacement = Replacement(world.table, world.table.number, 10)
    replacement.add(id_(2), raw(2), orjson.loads(raw(2)))
    world.table.adopt(replacement.contents)
    assert filling.is_filled
    assert not filling.step(10)
    growing = world.table.followers["words"]
    assert isinstance(growing, Growing)
    assert isinstance(growing.follower, Seen)
    assert growing.follower.held == world.table.documents


def test_an_empty_table_is_filled_at_once() -> None:
    world = World()
    filling = IndexFilling(stage(world))
    assert not filling.step(100)
    assert filling.is_filled
