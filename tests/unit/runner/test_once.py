"""Mutations that come again while they are under way, or after they were done."""

from __future__ import annotations

import orjson

from reactor.runner.run import Call, Outcome
from tests.unit.sample.gate import gate
from tests.unit.sample.world import World


async def test_a_request_that_comes_again_while_it_is_under_way_runs_once(world: World) -> None:
    """The line broke while a payment was being made, and the client sends it again. A second run
    beside the first could be told "nothing left", and the payment be made all the same.
    """
    await world.add()
    gate.shut()
    runs = world.backend.mutation_runs
    first = world.client(1)
    first.mutate(0, "counters:slowTake", name="x")
    await world.settle()
    first.session.closed()
    second = world.client(1)
    for request in (0, 1):
        second.mutate(request, "counters:slowTake", name="x")
    await world.settle()
    assert second.answer(0) is None
    gate.open()
    await world.settle()
    answers = [second.answer(request) for request in (0, 1)]
    assert [answer and answer["success"] for answer in answers] == [True, False]
    assert world.backend.mutation_runs == runs + 2


async def test_a_request_that_fails_while_it_is_waited_for_runs_again(world: World) -> None:
    gate.shut()
    first = world.client(1)
    first.mutate(0, "counters:slowTake", name="x")
    await world.settle()
    first.session.closed()
    gone, second = world.client(1), world.client(1)
    for client in (gone, second):
        client.mutate(0, "counters:slowTake", name="x")
    await world.settle()
    gone.session.closed()
    await world.add()
    gate.open()
    await world.settle()
    answer = second.answer(0)
    assert answer is not None
    assert answer["success"]
    assert gone.answer(0) is None


async def test_a_request_that_was_done_is_not_run(world: World) -> None:
    once, told = world.hub.once, list[Outcome | None]()
    call = Call("counters:add", orjson.dumps({"name": "x"}))
    for _ in range(2):
        world.hub.soon(lambda: once.run(call, ("s", 0), lambda outcome, _: told.append(outcome)))
        await world.settle()
    assert [outcome and outcome.value for outcome in told] == [b"1.0", b"1.0"]
    assert [outcome and outcome.ts for outcome in told] == [world.log.last_ts] * 2


async def test_without_a_session_each_request_is_a_new_one(world: World) -> None:
    """A client that never said Connect cannot be recognized."""
    for _ in range(2):
        client = world.client()
        client.mutate(0, "counters:add", name="x")
        await world.settle()
    assert await world.backend.call("counters:get", {"name": "x"}) == 2
