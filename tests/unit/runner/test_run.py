"""Functions run: retries, nesting, limits, what becomes of errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import orjson
import pytest

from reactor import ActionCtx, AppError, MutationCtx, limits
from reactor.errors import Conflict, DeveloperError, NotRetained
from reactor.runner.run import Call, Outcome
from tests.unit.sample.functions import counters, notes
from tests.unit.sample.gate import gate
from tests.unit.sample.schema import Note
from tests.unit.sample.world import World, open_world

QUERIES = ["bySleep", "byGather", "byGroup", "byTimeout", "slowGet"]
MUTATIONS = ["slowAdd", "addBySleep", "addByGather", "addByGroup", "addByTimeout"]


def call(path: str, **args: Any) -> Call:
    return Call(path, orjson.dumps(args))


async def count(world: World, name: str = "x") -> Any:
    return await world.backend.call("counters:get", {"name": name})


@pytest.mark.parametrize("name", QUERIES)
async def test_handlers_that_suspend_work_as_queries(world: World, name: str) -> None:
    await world.add()
    assert await world.backend.call(f"counters:{name}", {"name": "x"}) == 1


@pytest.mark.parametrize("name", MUTATIONS)
async def test_handlers_that_suspend_work_as_mutations(world: World, name: str) -> None:
    await world.add()
    assert await world.backend.call(f"counters:{name}", {"name": "x"}) == 2


async def racing(world: World, *calls: Any) -> list[Any]:
    """Runs at once what suspends in the middle, and lets the losers try again."""
    gate.shut()
    tasks = [asyncio.ensure_future(each) for each in calls]
    await world.settle()
    for _ in range(6):
        gate.let_through()
        await world.settle()
        await world.backend.advance(timedelta(seconds=3))
    gate.open()
    return await asyncio.gather(*tasks)


@pytest.mark.parametrize("name", MUTATIONS)
async def test_racing_mutations_lose_no_increment(world: World, name: str) -> None:
    """Serializable: as if one had come after the other."""
    backend = world.backend
    answers = await racing(
        world, *[backend.call(f"counters:{name}", {"name": "x"}) for _ in range(3)]
    )
    assert sorted(answers) == [1, 2, 3]
    assert await count(world) == 3


async def test_tests_may_await_racing_mutations(world: World) -> None:
    """The loser tries again without anybody moving the clock: the test that could is waiting."""
    calls = [world.backend.call("counters:slowAdd", {"name": "x"}) for _ in range(2)]
    assert sorted(await asyncio.gather(*calls)) == [1, 2]


async def test_an_unregistered_mutation_starts_over_when_its_reads_have_changed(
    world: World,
) -> None:
    await world.add()
    runs: list[int] = []

    async def double(ctx: MutationCtx) -> int:
        runs.append(await ctx.run_query(counters.get, "x"))
        if len(runs) == 1:
            await world.add()
        return await ctx.run_mutation(counters.add, "x", runs[-1])

    assert await world.backend.run(double) == 4
    assert runs == [1, 2]

    async def always_late(ctx: MutationCtx) -> None:
        await ctx.run_query(counters.get, "x")
        await world.add()
        await ctx.run_mutation(counters.add, "x")

    with pytest.raises(Conflict):
        await world.backend.run(always_late)


async def test_a_mutation_commits_once_however_often_it_runs(world: World) -> None:
    before = world.hub.runner.mutation_runs
    writes = world.log.window
    start = world.log.last_ts
    await racing(world, *[world.backend.call("counters:slowAdd", {"name": "x"}) for _ in range(2)])
    assert world.hub.runner.mutation_runs == before + 3
    assert len(list(writes.since(start))) == 2


@pytest.mark.parametrize("name", [name for name in MUTATIONS if name != "addBySleep"])
async def test_a_mutation_starts_over_when_its_reads_have_changed(world: World, name: str) -> None:
    """Also where the change is found inside a task group, which wraps what its tasks raise."""
    backend = world.backend
    gate.shut()
    task = asyncio.ensure_future(backend.call(f"counters:{name}", {"name": "x"}))
    await world.settle()
    await world.add(by=10)
    gate.open()
    await world.settle()
    await backend.advance(timedelta(seconds=1))
    assert await task == 11


async def test_errors_in_a_task_group_are_the_functions_own(world: World) -> None:
    outcome = await world.hub.runner.mutation(call("counters:failInGroup"))
    assert outcome.failure is not None
    assert outcome.failure.code == "ExceptionGroup"


async def test_a_mutation_that_always_loses_gives_up(world: World) -> None:
    """A handler that waits for a slow service, beside a busy writer, is told so."""
    gate.shut()
    task = asyncio.ensure_future(world.backend.call("counters:slowAdd", {"name": "x"}))
    for _ in range(limits.CONFLICT_RETRIES_MAX + 2):
        await world.settle()
        await world.backend.call("counters:add", {"name": "x"})
        gate.let_through()
        await world.settle()
        await world.backend.advance(timedelta(seconds=5))
    with pytest.raises(Conflict):
        await task
    gate.open()


async def test_a_query_that_never_holds_still_gives_up(world: World) -> None:
    gate.shut()
    asked = call("counters:slowPair", first="x", second="x")
    task = asyncio.ensure_future(world.hub.runner.query(asked))
    for _ in range(limits.CONFLICT_RETRIES_MAX + 2):
        await world.settle()
        await world.backend.call("counters:add", {"name": "x"})
        gate.let_through()
    with pytest.raises(Conflict):
        await task
    gate.open()


async def test_calls_from_an_action_are_retried_one_by_one(world: World) -> None:
    assert await racing(world, world.backend.call("notes:bothAtOnce", {"name": "x"})) == [2]


async def test_an_action_is_told_when_its_mutation_always_loses(world: World) -> None:
    """The client must get an answer, or its promise never ends."""
    gate.shut()
    client = world.client(1)
    client.act(0, "notes:contend", name="x")
    for _ in range(limits.CONFLICT_RETRIES_MAX + 2):
        await world.settle()
        await world.backend.call("counters:add", {"name": "x"})
        gate.let_through()
        await world.settle()
        await world.backend.advance(timedelta(seconds=5))
    gate.open()
    await world.settle()
    answer = client.answer(0)
    assert answer is not None
    assert not answer["success"]


async def test_a_failed_mutation_writes_nothing(world: World) -> None:
    with pytest.raises(AppError) as caught:
        await world.backend.call("counters:addAndFail", {"name": "x"})
    assert caught.value.data == {"code": "REFUSED"}
    assert await count(world) == 0


async def test_a_failing_nested_call_takes_back_its_own_writes(world: World) -> None:
    assert await world.backend.call("notes:nested", {"text": "kept"}) == "refused"
    assert await world.backend.call("notes:texts") == ["kept"]


async def test_calls_that_nest_too_deep_are_refused(world: World) -> None:
    with pytest.raises(DeveloperError) as caught:
        await world.backend.call("notes:forever")
    assert caught.value.code == "CallDepthExceeded"


async def test_actions_call_everything(world: World) -> None:
    assert await world.backend.call("notes:outer", {"name": "x"}) == 2


async def test_an_actions_mutation_is_durable_when_it_returns(world: World) -> None:
    """The action may tell the outside world about it: an e-mail, a payment."""
    world.storage.hold()
    task = asyncio.ensure_future(world.backend.call("notes:twice", {"name": "x"}))
    await world.settle()
    assert world.hub.runner.query_runs == 0
    assert not task.done()
    world.storage.release()
    assert await task == 2


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("counters:nothing", "FunctionNotFound"),
        ("counters:secret", "FunctionNotFound"),
        ("notes:broken", "ZeroDivisionError"),
        ("counters:get", "ArgumentValidationError"),
    ],
)
async def test_failures_have_codes(world: World, path: str, code: str) -> None:
    outcome = await world.hub.runner.query(call(path))
    assert outcome.failure is not None
    assert outcome.failure.code == code


async def test_the_wrong_kind_is_named(world: World) -> None:
    runner = world.hub.runner
    outcomes: list[Outcome] = [
        await runner.query(call("counters:add", name="x")),
        await runner.mutation(call("counters:get", name="x")),
        await runner.action(call("counters:get", name="x")),
    ]
    codes = [each.failure.code for each in outcomes if each.failure is not None]
    assert codes == ["WrongFunctionKind"] * 3
    assert runner.kind_of(call("notes:twice")) == "action"
    assert runner.kind_of(call("notes:nothing")) == "query"


async def test_a_query_reads_the_past_while_the_log_keeps_it(world: World) -> None:
    await world.add()
    then = world.log.last_ts
    world.backend.clock.advance(1)
    await world.add()
    runner, asked = world.hub.runner, call("counters:get", name="x")
    assert (await runner.query(asked, at_ts=then)).value == b"1.0"
    assert (await runner.query(asked)).value == b"2.0"
    world.backend.clock.advance(limits.LOG_WINDOW_NS / 1e9)
    for _ in range(2):
        world.backend.clock.advance(1)
        await world.add()
    with pytest.raises(NotRetained):
        await runner.query(asked, at_ts=then)


async def test_unregistered_mutations_commit_or_not_at_all(world: World) -> None:
    async def write(ctx: MutationCtx) -> int:
        await ctx.db.insert(Note(text="kept"))
        return 1

    async def fail(ctx: MutationCtx) -> None:
        await ctx.db.insert(Note(text="lost"))
        raise ZeroDivisionError

    assert await world.backend.run(write) == 1
    with pytest.raises(ZeroDivisionError):
        await world.backend.run(fail)
    assert await world.backend.call("notes:texts") == ["kept"]


async def test_a_left_over_task_cannot_use_the_database(world: World) -> None:
    """Its writes would land in no transaction at all."""
    kept: list[MutationCtx] = []

    async def leave(ctx: MutationCtx) -> None:
        kept.append(ctx)

    await world.backend.run(leave)
    with pytest.raises(DeveloperError):
        await kept[0].db.query(Note).collect()


async def test_a_function_of_another_kind_under_that_name(world: World) -> None:
    from reactor import MutationFn

    async def body(ctx: MutationCtx) -> object:
        return await ctx.run_mutation(MutationFn.ref("counters:get"), name="x")

    with pytest.raises(DeveloperError) as caught:
        await world.backend.run(body)
    assert caught.value.code == "WrongFunctionKind"


async def test_clocks_stand_still_in_transactions(world: World) -> None:
    now = world.backend.clock.now_ms()
    assert await world.backend.call("notes:clock") == now

    async def body(ctx: ActionCtx) -> float:
        world.backend.clock.advance(1)
        return ctx.now_ms()

    assert await world.backend.run_action(body) == now + 1000


async def test_seeds_repeat_ids_and_random_numbers() -> None:
    """A failed simulation is run again from its seed."""

    async def run(seed: int) -> list[object]:
        async with open_world(seed=seed) as world:

            async def body(ctx: ActionCtx) -> list[object]:
                id = await world.backend.insert(Note(text="x"))
                return [id, ctx.uuid(), ctx.random.random()]

            return await world.backend.run_action(body)

    one, two, other = await run(1), await run(1), await run(2)
    assert one == two
    assert one != other


def test_the_sample_is_what_was_meant() -> None:
    assert counters.get.kind == "query"
    assert notes.twice.kind == "action"


@pytest.fixture(autouse=True)
async def still_open(world: World) -> AsyncIterator[None]:
    """No test leaves anybody waiting at the gate."""
    yield
    gate.open()
    await world.settle()
