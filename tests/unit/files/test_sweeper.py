"""Garbage goes, everything else stays: whatever happens in between."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from reactor import limits
from reactor.errors import FilesFailed
from reactor.files.sweeper import Sweeper
from reactor.runtime.random import Random
from reactor.storage.blobs import new_key
from reactor.storage.memory_blobs import MemoryBlobs
from tests.unit.files.world import Files, once
from tests.unit.sample.functions import files

DAY = timedelta(seconds=limits.ORPHAN_AGE_S + limits.ORPHAN_SWEEP_S + limits.FILE_SWEEP_S)


async def test_deleted_bytes_go_soon(world: Files) -> None:
    id, kept = await world.store(), await world.store()
    await world.backend.mutation(files.remove, id=id)
    assert len(await world.keys()) == 2, "not by the mutation itself"
    await world.backend.advance(timedelta(seconds=limits.FILE_SWEEP_S))
    await world.settle()
    assert await world.keys() == {world.key_of(kept)}
    assert world.counts() == (1, 1, 0, 0)


async def test_bytes_outlive_a_deletion_that_is_not_durable(world: Files) -> None:
    """Power fails between the commit in memory and the disk: the file is back, with its bytes."""
    id = await world.store()
    world.storage.hold()
    deleting = asyncio.ensure_future(world.backend.mutation(files.remove, id=id))
    sweeping = asyncio.ensure_future(world.sweeper.empty_garbage())
    await world.settle()
    assert len(await world.keys()) == 1
    world.storage.release()
    await deleting
    assert await sweeping == 1
    assert await world.keys() == set()


async def test_a_sweep_that_failed_is_done_again(world: Files) -> None:
    id = await world.store()
    await world.backend.mutation(files.remove, id=id)
    world.blobs.failure = FilesFailed("the bucket is gone")
    await world.backend.advance(timedelta(seconds=limits.FILE_SWEEP_S))
    assert world.counts() == (0, 0, 1, 0)
    world.blobs.failure = None
    await world.backend.advance(timedelta(seconds=limits.FILE_SWEEP_S))
    await world.settle()
    assert world.counts() == (0, 0, 0, 0)
    assert await world.keys() == set()


async def test_garbage_goes_in_batches(world: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FILE_SWEEP_BATCH", 2)
    for _ in range(3):
        await world.backend.mutation(files.remove, id=await world.store())
    assert [await world.sweeper.empty_garbage() for _ in range(3)] == [2, 1, 0]


async def orphan(world: Files) -> str:
    """Bytes whose document a crash prevented."""
    key = new_key(world.files.entropy, world.backend.clock.now_ms())
    await world.blobs.put(key, once(b"left behind"))
    return key


async def test_what_a_crash_left_is_collected_in_time(world: Files) -> None:
    kept = await world.store()
    left = await orphan(world)
    assert await world.sweeper.collect_orphans() == 0, "another node may be writing it"
    assert left in await world.keys()
    await world.backend.advance(DAY)
    await world.settle()
    assert await world.keys() == {world.key_of(kept)}


async def test_an_upload_under_way_is_never_an_orphan(world: Files) -> None:
    """However long it takes: two days for one file are two days."""
    async with world.files.keeping(once(b"slow"), None) as kept:
        world.backend.clock.advance(DAY.total_seconds() * 2)
        assert await world.sweeper.collect_orphans() == 0
        world.files.transact("test", lambda tx: world.files.table(tx).add(kept))
    assert await world.sweeper.collect_orphans() == 0
    assert await world.keys() == {kept.blob}


async def test_orphans_wait_for_the_disk_as_well(world: Files) -> None:
    """A deletion that is in memory only makes its blob look unused; a crash would bring it back."""
    id = await world.store()
    world.backend.clock.advance(DAY.total_seconds() * 2)
    world.storage.hold()
    deleting = asyncio.ensure_future(world.backend.mutation(files.remove, id=id))
    sweeping = asyncio.ensure_future(world.sweeper.collect_orphans())
    await world.settle()
    assert len(await world.keys()) == 1
    world.storage.release()
    await deleting
    await sweeping


async def test_used_urls_are_forgotten_when_they_have_expired(world: Files) -> None:
    permit = world.files.permits.read(world.files.permits.issue("_storage"))
    await world.files.receive(once(b"x"), content_type=None, permit=permit)
    assert world.sweeper.forget_permits() == 0
    world.backend.clock.advance(limits.UPLOAD_URL_S)
    assert world.sweeper.forget_permits() == 1
    assert world.counts() == (1, 1, 0, 0)


class Slow(MemoryBlobs):
    """A place where every call lets others run, as a network does."""

    def __init__(self, world: Files, chance: Random) -> None:
        super().__init__()
        self._world = world
        self._chance = chance

    async def _pause(self) -> None:
        for _ in range(self._chance.randrange(6)):
            await self._world.backend.clock.sleep(0)

    async def put(self, key: str, blocks: object) -> None:
        await self._pause()
        await super().put(key, blocks)  # type: ignore[arg-type]
        await self._pause()

    async def delete(self, keys: object) -> None:
        await self._pause()
        await super().delete(keys)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(20))
async def test_no_sweep_ever_takes_bytes_that_a_document_has(world: Files, seed: int) -> None:
    """Uploads, deletions and both sweeps at once; at the end every file has its bytes, no other."""
    chance = Random(seed)
    world.blobs = world.files.blobs = slow = Slow(world, chance)
    await slow.open("o")
    living: list[str] = []

    async def upload(name: int) -> None:
        living.append(await world.store(b"%d" % name))
        if chance.random() < 0.5:
            await world.backend.mutation(files.remove, id=living.pop(chance.randrange(len(living))))  # type: ignore[arg-type]

    async def sweep() -> None:
        sweeper = Sweeper(world.files)
        for _ in range(20):
            world.backend.clock.advance(DAY.total_seconds())
            await sweeper.collect_orphans()
            await sweeper.empty_garbage()

    await asyncio.gather(*map(upload, range(30)), sweep(), sweep())
    await world.sweeper.empty_garbage()
    assert await world.keys() == {world.key_of(id) for id in living}
