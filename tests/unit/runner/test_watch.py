"""Functions that do not end are ended, and the server goes on.

The one place with a real clock: processor time, which stands still while this process waits.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest

from reactor import limits
from reactor.runner.logs import Capture
from reactor.runner.watch import watch
from tests.unit.sample.functions import reach
from tests.unit.sample.schema import Note
from tests.unit.sample.world import World

TRACER = sys.gettrace()
TEXT = "Function execution timed out (maximum duration: 0.05s)"


@pytest.fixture(autouse=True)
def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A short limit, and somebody who sees to it."""
    monkeypatch.setattr(limits, "TRANSACTION_MS_MAX", 50)
    with watch():
        yield


async def test_an_endless_query_fails_and_nothing_else_does(world: World) -> None:
    outcome = await world.ask("reach:forever", name="x")
    assert outcome.failure is not None
    assert outcome.failure.code == "FunctionTimedOut"
    assert outcome.failure.text.startswith(f"{TEXT}\n    at forever (functions/reach.py:")
    assert await world.backend.call("counters:add", {"name": "x"}) == 1


async def test_an_endless_mutation_writes_nothing(world: World) -> None:
    """Not even one that swallows every Exception."""
    with Capture("tests.unit.sample.functions"):
        outcome = await world.mutate("reach:stubborn", name="x")
    assert outcome.failure is not None
    assert outcome.failure.text.startswith(f"{TEXT}\n    at stubborn (")
    assert outcome.log_lines == ()  # it never got to its except clause
    assert await world.backend.call("counters:get", {"name": "x"}) == 0


async def test_a_query_that_fills_the_memory_is_ended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One endless list must not take the server down with it."""
    monkeypatch.setattr(limits, "TRANSACTION_MS_MAX", 60_000)
    monkeypatch.setattr(limits, "TRANSACTION_MIB_MAX", 200)
    outcome = await world.ask("reach:hoards")
    assert outcome.failure is not None
    assert outcome.failure.code == "FunctionOutOfMemory"
    text = "Function execution ran out of memory (maximum memory usage: 200 MB)"
    assert outcome.failure.text.startswith(f"{text}\n    at hoards (functions/reach.py:")
    assert await world.backend.call("counters:add", {"name": "x"}) == 1


async def test_what_no_memory_could_hold_fails_alike(world: World) -> None:
    outcome = await world.ask("reach:asksTooMuch")
    assert outcome.failure is not None
    assert outcome.failure.code == "FunctionOutOfMemory"


async def test_who_catches_everything_is_ended_too(world: World) -> None:
    """`except:` around a loop that tries again is a common mistake; it must not stop the server."""
    outcome = await world.mutate("reach:catchAll")
    assert outcome.failure is not None
    assert outcome.failure.text.startswith(f"{TEXT}\n    at catch_all (")
    await test_many_short_runs_are_nobodys_overtime(world)
    assert sys.gettrace() is TRACER


async def test_a_live_query_that_does_not_end_fails_its_clients_only(world: World) -> None:
    """It is driven by hand, outside of any task."""
    client = world.client(1)
    client.add(1, "reach:forever", name="x")
    client.mutate(1, "counters:add", name="x")
    await world.settle()
    assert client.results == {1: "failed"}
    answer = client.answer(1)
    assert answer is not None
    assert answer["success"]


async def test_endless_filters_and_tasks_are_ended_too(world: World) -> None:
    await world.backend.insert(Note(text="x"))
    for path in ("reach:filtered", "reach:foreverInside"):
        outcome = await world.ask(path)
        assert outcome.failure is not None
        assert outcome.failure.text.startswith(f"{TEXT}\n")


async def test_an_action_may_go_on_after_a_call_that_did_not_end(world: World) -> None:
    assert await world.backend.call("reach:tries") == TEXT


async def test_many_short_runs_are_nobodys_overtime(world: World) -> None:
    """Each is charged with its own time only."""
    for _ in range(3_000):
        assert (await world.ask("counters:get", name="x")).failure is None


def test_another_thread_is_left_alone() -> None:
    """A server inside another program runs without this help."""
    entered: list[bool] = []

    def serve() -> None:
        with watch():
            entered.append(True)

    thread = threading.Thread(target=serve)
    thread.start()
    thread.join()
    assert entered == [True]
    assert reach.forever.kind == "query"
