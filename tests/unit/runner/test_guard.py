"""Queries and mutations cannot reach outside, however they try; actions can."""

from __future__ import annotations

import asyncio

import pytest

from reactor.errors import DeveloperError
from tests.unit.sample.functions.reach import REACHES
from tests.unit.sample.world import World

CODES = {
    "open": "Files", "openAgain": "Files", "look": "Files",
    "connect": "Network", "resolve": "Network", "dial": "Network",
    "run": "Programs", "shell": "Programs", "spawn": "Programs",
    "thread": "Threads", "offload": "Threads", "sleep": "Sleep", "wait": "Sleep",
}  # fmt: skip


@pytest.mark.parametrize("what", REACHES)
@pytest.mark.parametrize("function", ["inQuery", "inMutation"])
async def test_reaching_outside_is_refused(world: World, function: str, what: str) -> None:
    """A mutation that charges a card would charge it twice when it loses a race."""
    with pytest.raises(DeveloperError) as refused:
        await world.backend.call(f"reach:{function}", {"what": what})
    assert refused.value.code == f"No{CODES[what]}InQueriesOrMutations"
    assert "Please consider using an action" in str(refused.value)


async def test_a_task_that_a_mutation_starts_is_refused_too(world: World) -> None:
    with pytest.raises(DeveloperError) as refused:
        await world.backend.call("reach:inGroup", {"what": "open"})
    assert "NoFilesInQueriesOrMutations" in str(refused.value) or refused.value.code


@pytest.mark.parametrize("what", [what for what in REACHES if what not in ("connect", "dial")])
async def test_actions_may_do_all_of_it(world: World, what: str) -> None:
    """Also after they have called a query."""
    assert await world.backend.call("reach:inAction", {"what": what}) == what


async def test_python_itself_may_read_files(world: World) -> None:
    """Imports, stacks and time zones: none of them makes a result hang on the outside."""
    assert await world.backend.call("reach:harmless") == "Asia/Jakarta"


async def test_the_engine_and_everybody_else_go_on_as_before(world: World) -> None:
    await world.backend.call("reach:inAction", {"what": "open"})
    await asyncio.to_thread(lambda: None)
    assert await world.backend.call("counters:add", {"name": "x"}) == 1
