"""The store of tests and simulations: it fails, waits and restarts when it is told to."""

from __future__ import annotations

import asyncio

from reactor.errors import StorageFailed
from reactor.storage.memory import MemoryStorage
from tests.unit.storage.world import NEWS, batch, first, landing, news, store


async def opened() -> MemoryStorage:
    storage = MemoryStorage()
    await storage.open()
    return storage


async def test_a_failed_batch_is_not_there_and_ends_the_store() -> None:
    storage, error = await opened(), StorageFailed("full")
    await store(storage, first(news("a", 1)))
    storage.fail_next(error)
    assert await landing(storage, batch(2, news("b", 2))) is error
    assert await landing(storage, batch(3, news("c", 3))) is error
    assert list(storage.load()) == [(NEWS, "a", b"{}")]


async def test_held_batches_land_on_release() -> None:
    storage = await opened()
    storage.hold()
    landed = landing(storage, first(news("a", 1)))
    for _ in range(3):
        await asyncio.wait([landed], timeout=0)
    assert not landed.done()
    assert list(storage.load()) == []
    storage.release()
    assert await landed is None
    assert list(storage.load()) == [(NEWS, "a", b"{}")]
    await store(storage, batch(2))


async def test_holding_catches_a_batch_that_is_under_way() -> None:
    storage = await opened()
    landed = landing(storage, first())
    storage.hold()
    await asyncio.wait([landed], timeout=0)
    assert not landed.done()
    storage.release()
    storage.release()
    assert await landed is None


async def test_opening_again_is_a_crash() -> None:
    """What was acknowledged stays; what was in flight is lost, and nobody is told."""
    storage = await opened()
    await store(storage, first(news("a", 1)))
    lost = landing(storage, batch(2, news("b", 2)))
    assert (await storage.open()).last_ts == 1
    await store(storage, batch(3))
    assert not lost.done()
    assert list(storage.load()) == [(NEWS, "a", b"{}")]


async def test_a_held_batch_is_lost_in_a_crash_too() -> None:
    storage = await opened()
    storage.hold()
    landing(storage, first())
    assert (await storage.open()).last_ts == 0
    storage.release()
    await store(storage, first())


async def test_a_kill_tells_those_who_wait_and_loses_what_was_in_flight() -> None:
    storage = await opened()
    await store(storage, first(news("a", 1)))
    storage.hold()
    lost = landing(storage, batch(2, news("b", 2)))
    storage.kill()
    assert isinstance(await lost, StorageFailed)
    assert isinstance(await landing(storage, batch(3)), StorageFailed)
    await storage.close()
    assert (await storage.open()).last_ts == 1
    await store(storage, batch(4))
    assert list(storage.load()) == [(NEWS, "a", b"{}")]


async def test_a_failure_that_was_taken_back_does_not_come() -> None:
    storage = await opened()
    storage.fail_next(StorageFailed("full"))
    storage.spare_next()
    await store(storage, first(news("a", 1)))
    assert list(storage.load()) == [(NEWS, "a", b"{}")]
