"""Whose function is running, in every task that it starts and nowhere else."""

from __future__ import annotations

import asyncio
from typing import Any

from reactor import MutationCtx
from reactor.runner.current import begin, end, running
from tests.unit.sample.world import World


async def test_the_run_follows_into_tasks_and_ends_with_the_function(world: World) -> None:
    seen: list[Any] = []

    async def note() -> None:
        seen.append(running())

    async def body(ctx: MutationCtx) -> None:
        await note()
        await asyncio.gather(note())

    assert running() is None
    await world.backend.run(body)
    assert running() is None
    assert seen[0] is seen[1] is not None
    assert seen[0].name == "unregistered"


def test_a_call_inside_gives_back_what_was_running() -> None:
    outer: Any = object()
    inner: Any = object()
    first = begin(outer)
    second = begin(inner)
    assert running() is inner
    end(second)
    assert running() is outer
    end(first)
    assert running() is None
