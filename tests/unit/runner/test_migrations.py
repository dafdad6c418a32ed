"""Migrations change every document once, over failures, restarts and impatient operators."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from reactor.errors import DeveloperError, ProjectError
from reactor.runner.migrations import migration
from reactor.runner.run import Call
from tests.unit.sample.functions import moves
from tests.unit.sample.schema import Note
from tests.unit.sample.world import World
from tests.unit.scheduler.world import Machine

PATH = "moves:shout"
Json = dict[str, Any]


async def write(world: World, *texts: str) -> None:
    """One note a millisecond, so that their order is known."""
    for text in texts:
        world.backend.clock.advance(0.001)
        await world.backend.insert(Note(text=text))


async def texts(world: World) -> list[str]:
    notes: list[Note] = await world.backend.run(lambda ctx: ctx.db.query(Note).collect())
    return [note.text for note in notes]


async def run(world: World, **asked: Any) -> Json:
    """One call; the loop does not turn, so the batches that it schedules wait."""
    call = Call(PATH, orjson.dumps(asked), sees_internal=True)
    outcome = await world.hub.runner.mutation(call)
    if outcome.failure is not None:
        raise DeveloperError(outcome.failure.text)
    status: Json = orjson.loads(outcome.value or b"")
    return status


async def test_it_runs_to_its_end_by_itself(world: World) -> None:
    """One call starts it, the rest follows, and whoever watches sees how far it is."""
    await write(world, *"abcdefgh")
    async with world.backend.subscribe(moves.progress) as feed:
        assert await feed.next() == []
        first = await run(world)
        assert first == {
            "name": PATH, "state": "running", "processed": 3, "total": 8, "changed": 3,
        }  # fmt: skip
        await world.backend.drain()
        seen = await feed.next()
        while seen != ["done 8/8"]:
            seen = await feed.next()
    assert await texts(world) == list("ABCDEFGH")


async def test_clients_cannot_run_it(world: World) -> None:
    with pytest.raises(DeveloperError, match="Could not find public function"):
        await world.backend.call(PATH)


async def test_done_stays_done_until_it_is_reset(world: World) -> None:
    """A deploy script may run it every time."""
    await write(world, "a")
    assert (await run(world))["state"] == "done"
    await write(world, "b")
    assert (await run(world))["processed"] == 1
    assert await texts(world) == ["A", "b"]
    again = await run(world, reset=True)
    assert (again["state"], again["processed"], again["changed"]) == ("done", 2, 1)
    assert await texts(world) == ["A", "B"]


async def test_a_second_operator_changes_nothing(world: World) -> None:
    """Two calls do not make two chains of batches."""
    await write(world, *"abcdefgh")
    await run(world)
    assert (await run(world))["processed"] == 3
    await world.backend.drain()
    assert (await run(world))["processed"] == 8


async def test_a_document_that_fails_stops_it_there(world: World) -> None:
    """Its batch is taken back whole, the document is named, and a run goes on when it is mended."""
    await write(world, "a", "b", "c", "d", "no", "f")
    await run(world)
    await world.backend.drain()
    assert await world.backend.query(moves.progress) == ["failed 3/6"]
    status = await run(world, cancel=True)
    assert status["state"] == "failed"
    assert "this one cannot be shouted" in status["error"]
    assert await texts(world) == ["A", "B", "C", "d", "no", "f"]

    bad = next(note for note in await notes(world) if note.text == "no")
    assert status["error"].startswith(bad.id)
    await world.backend.run(lambda ctx: ctx.db.patch(bad.id, Note.text.set("e")))
    status = await run(world)
    assert "error" not in status
    await world.backend.drain()
    assert await texts(world) == list("ABCDEF")


async def notes(world: World) -> list[Note]:
    found: list[Note] = await world.backend.run(lambda ctx: ctx.db.query(Note).collect())
    return found


async def test_a_dry_run_leaves_nothing_behind(world: World) -> None:
    await write(world, "a", "B", "c", "d")
    status = await run(world, dryRun=True)
    assert (status["state"], status["processed"], status["changed"]) == ("dryRun", 0, 2)
    assert await texts(world) == ["a", "B", "c", "d"]
    assert await world.backend.query(moves.progress) == []


async def test_it_can_be_stopped_and_taken_up_again(world: World) -> None:
    await write(world, *"abcdefgh")
    await run(world)
    assert (await run(world, cancel=True))["state"] == "canceled"
    await world.backend.drain()
    assert await texts(world) == ["A", "B", "C", *"defgh"]
    await run(world)
    await world.backend.drain()
    assert await texts(world) == list("ABCDEFGH")


async def test_documents_that_come_meanwhile_are_taken_along(world: World) -> None:
    await write(world, *"abcdef")
    await run(world)
    await write(world, "g")
    await world.backend.drain()
    assert await texts(world) == list("ABCDEFG")


async def test_a_batch_has_a_size(world: World) -> None:
    await write(world, *"abcdefgh")
    assert (await run(world, batch=5))["processed"] == 5
    await world.backend.drain()
    assert await texts(world) == list("ABCDEFGH")
    for size in (0, 10**6):
        with pytest.raises(DeveloperError, match="batch"):
            await run(world, reset=True, batch=size)
        with pytest.raises(ProjectError, match="batch"):
            migration(Note, batch=size)


async def test_a_restart_in_the_middle() -> None:
    """What was done stays done, and the rest is done without anybody asking."""
    machine = Machine()
    await machine.start()
    for text in "abcdefgh":
        await machine.mutate("notes:write", text=text)
    assert (await machine.mutate(PATH))["processed"] == 3
    await machine.start()
    await machine.settle()
    assert await machine.query("moves:progress") == ["done 8/8"]
    await machine.close()
