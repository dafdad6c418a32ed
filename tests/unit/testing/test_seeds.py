"""Scenarios that repeat with their seed."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest

from reactor import MutationCtx
from reactor.testing import Harness, run_seeds
from tests.unit.sample.functions import counters, notes
from tests.unit.sample.schema import Note
from tests.unit.sample.world import harness


async def story(backend: Harness) -> list[Any]:
    """Everything that chance and time have a part in: ids, clocks, draws, pushes."""
    told: list[Any] = []
    names = ["a", "b", "c"]

    async def drawn(ctx: MutationCtx) -> str:
        note = Note(text=str(ctx.random.random()), owner=str(ctx.uuid()))
        return await ctx.db.insert(note)

    async with backend.subscribe(notes.texts) as texts, backend.subscribe(notes.clock) as clock:
        told += [await texts.next(), await clock.next()]
        for _ in range(12):
            await backend.advance(timedelta(seconds=backend.random.randrange(5)))
            told.append(await backend.run(drawn))
            told.append(await backend.mutation(counters.add, backend.random.choice(names)))
            told.append(await texts.next())
        told += [texts.pushes, clock.pushes, backend.query_runs, backend.mutation_runs]
    rows = await backend.read(lambda db: db.query(Note).collect())
    told += [(row.id, row.creation_time, row.text, row.owner) for row in rows]
    return told


async def test_one_seed_tells_one_story() -> None:
    """A failure that is found once can be looked at for as long as it takes."""
    async with harness(seed=5) as backend:
        first = await story(backend)
        async with backend.replay() as again:
            assert await story(again) == first
        async with backend.replay(6) as other:
            assert await story(other) != first


async def test_scenarios_run_under_many_seeds() -> None:
    stories = await run_seeds(harness(), story, range(3))
    assert len(stories) == 3
    assert stories == await run_seeds(harness(), story, range(3))
    assert stories[0] != stories[1]


async def test_a_scenario_that_fails_names_its_seed() -> None:
    async def unlucky(backend: Harness) -> None:
        assert backend.seed != 2

    with pytest.raises(AssertionError) as caught:
        await run_seeds(harness(), unlucky, range(5))
    assert caught.value.__notes__ == ["reactor.testing: the seed was 2"]


def test_a_story_is_the_same_in_another_process() -> None:
    """Whatever order that process keeps its sets of strings in."""
    script = (
        "import asyncio\n"
        "from tests.unit.sample.world import harness\n"
        "from tests.unit.testing.test_seeds import story\n"
        "async def main():\n"
        "    async with harness(seed=5) as backend:\n"
        "        print(await story(backend))\n"
        "asyncio.run(main())\n"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={"PYTHONHASHSEED": hash_seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
        ).stdout
        for hash_seed in ("1", "2", "3")
    }
    assert len(told) == 1
