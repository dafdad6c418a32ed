"""What tests break on purpose."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from reactor.errors import Conflict, StorageFailed
from tests.unit.sample.functions import counters, notes
from tests.unit.sample.world import World, harness


async def test_a_commit_that_is_refused_runs_its_mutation_again(world: World) -> None:
    """So an application can be shown to survive a second run: no mail sent twice."""
    backend = world.backend
    fault = backend.fail("commit")
    assert await backend.mutation(counters.add, name="x") == 1
    assert backend.mutation_runs == 2
    assert await backend.mutation(counters.add, name="x") == 2
    assert backend.mutation_runs == 3
    fault.mend()


async def test_a_commit_that_is_always_refused(world: World) -> None:
    world.backend.fail("commit", times=5)
    with pytest.raises(Conflict):
        await world.backend.mutation(counters.add, name="x")
    assert await world.backend.query(counters.get, name="x") == 0
    assert await world.backend.mutation(counters.add, name="x") == 1


async def test_an_actions_mutation_is_refused_as_well(world: World) -> None:
    world.backend.fail("commit", times=2)
    assert await world.backend.action(notes.twice, name="x") == 2


async def test_a_fault_that_is_mended_never_strikes(world: World) -> None:
    backend = world.backend
    with backend.fail("commit"):
        pass
    with backend.fail("append"):
        pass
    assert await backend.mutation(counters.add, name="x") == 1
    assert backend.mutation_runs == 1


async def test_nothing_is_answered_or_pushed_before_the_disk_has_it(world: World) -> None:
    backend = world.backend
    async with backend.subscribe(counters.get, name="x") as feed:
        assert await feed.next() == 0
        with backend.fail("disk"):
            task = asyncio.ensure_future(backend.mutation(counters.add, name="x"))
            await world.settle()
            assert (task.done(), feed.pushes) == (False, 1)
        assert await task == 1
        assert await feed.next() == 1


async def test_a_disk_that_refuses_stops_the_node_until_it_is_restarted(world: World) -> None:
    backend = world.backend
    backend.fail("append")
    with pytest.raises(StorageFailed):
        await backend.mutation(counters.add, name="x")
    assert isinstance(backend.node.failure, StorageFailed)
    await backend.restart()
    assert backend.node.failure is None
    assert await backend.mutation(counters.add, name="x") == 1


async def test_draining_over_a_broken_disk_says_so(world: World) -> None:
    """Nothing under way could end, and a test that hangs says less than one that fails."""
    backend = world.backend
    with backend.fail("disk"), pytest.raises(StorageFailed):
        await backend.drain()
    backend.fail("append")
    with pytest.raises(StorageFailed):
        await backend.mutation(counters.add, name="x")
    with pytest.raises(StorageFailed):
        await backend.advance(timedelta(seconds=1))


@pytest.mark.parametrize("point", ["append", "commit", "disk"])
async def test_a_test_may_end_with_something_broken(point: object) -> None:
    """A failing assert inside must be what is reported, not a harness that hangs."""
    async with harness() as backend:
        await backend.mutation(counters.add, name="x")
        backend.fail(point)  # type: ignore[arg-type]  # parametrized
        task = asyncio.ensure_future(backend.mutation(counters.add, name="x"))
        await backend.clock.sleep(0)
    await asyncio.wait([task])
