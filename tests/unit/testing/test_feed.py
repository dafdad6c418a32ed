"""Subscriptions in tests: real sessions without a socket."""

from __future__ import annotations

import pytest

from reactor import AppError
from reactor.errors import DeveloperError
from tests.unit.sample.functions import counters, notes
from tests.unit.sample.world import World


async def test_results_come_as_they_are_pushed(world: World) -> None:
    backend = world.backend
    async with backend.subscribe(counters.get, name="x") as feed:
        assert await feed.next() == 0
        await backend.mutation(counters.add, name="x")
        assert await feed.next() == 1
        assert (feed.pushes, feed.transitions) == (2, 2)
    assert not world.hub.sessions


async def test_unchanged_results_are_not_pushed(world: World) -> None:
    backend = world.backend
    async with backend.subscribe(counters.is_big, "x") as feed:
        assert await feed.next() is False
        await backend.mutation(counters.add, name="x", by=1)
        await backend.drain()
        await backend.mutation(counters.add, name="x", by=100)
        assert await feed.next() is True
        assert feed.pushes == 2


async def test_a_feed_has_its_callers_identity(world: World) -> None:
    async with world.backend.with_identity(subject="ada").subscribe(notes.who) as feed:
        assert await feed.next() == "ada"


async def test_failures_are_raised(world: World) -> None:
    async with world.backend.subscribe(notes.mine) as feed:
        with pytest.raises(AppError) as refused:
            await feed.next()
        assert refused.value.data == {"code": "UNAUTHENTICATED"}
    async with world.backend.subscribe(notes.broken) as feed:
        with pytest.raises(DeveloperError) as failed:
            await feed.next()
        assert failed.value.code == "QueryFailed"


async def test_the_end_of_a_session_is_raised(world: World) -> None:
    async with world.backend.subscribe(notes.who) as feed:
        await feed.next()
        for session in list(world.hub.sessions):
            session.close(1012, "ServerRestart")
        with pytest.raises(DeveloperError):
            await feed.next()
