"""The harness that developers test their functions with."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from reactor import AppError, Env, Page, PaginationOptions, UserIdentity
from reactor.errors import AuthFailed, DeveloperError, ProjectError, StorageFailed
from reactor.testing import open_harness
from tests.unit.sample.functions import counters, later, notes
from tests.unit.sample.schema import Note
from tests.unit.sample.tally import schema as tally_schema
from tests.unit.sample.world import FUNCTIONS, World, harness


async def test_functions_are_called_as_their_objects(world: World) -> None:
    backend = world.backend
    assert await backend.mutation(counters.add, "x", by=2) == 2
    assert await backend.query(counters.get, name="x") == 2
    assert await backend.action(notes.twice, name="x") == 4
    assert await backend.call("counters:get", {"name": "x"}) == 4
    assert await backend.call("notes:twice", {"name": "x"}) == 6


async def test_results_are_python_values_again(world: World) -> None:
    id = await world.backend.insert(Note(text="a"))
    page = await world.backend.query(notes.page, PaginationOptions(num_items=2, cursor=None))
    assert isinstance(page, Page)
    [note] = page.page
    assert isinstance(note, Note)
    assert (note.id, note.text) == (id, "a")


async def test_failures_are_raised(world: World) -> None:
    backend = world.backend
    with pytest.raises(AppError) as refused:
        await backend.query(notes.mine)
    assert refused.value.data == {"code": "UNAUTHENTICATED"}
    with pytest.raises(DeveloperError) as broken:
        await backend.query(notes.broken)
    assert broken.value.code == "ZeroDivisionError"


async def test_only_the_admin_reaches_internal_functions_by_path(world: World) -> None:
    with pytest.raises(DeveloperError) as caught:
        await world.backend.call("counters:secret")
    assert caught.value.code == "FunctionNotFound"
    assert await world.backend.as_admin().call("counters:secret") == "internal"
    assert await world.backend.query(counters.secret) == "internal"


async def test_somebody_calls_with_claims(world: World) -> None:
    seen: list[UserIdentity | None] = []

    async def look(ctx: object) -> None:
        from reactor import MutationCtx

        assert isinstance(ctx, MutationCtx)
        seen.append(await ctx.auth.get_user_identity())

    await world.backend.with_identity(subject="ada", email="ada@example.test").run(look)
    assert seen[0] is not None
    assert (seen[0].subject, seen[0].email) == ("ada", "ada@example.test")


async def test_tokens_of_tests_are_their_claims(world: World) -> None:
    authenticator = world.hub.authenticator
    caller = await authenticator.verify('{"iss":"https://issuer.test","sub":"ada"}')
    assert caller.kind == "user"
    with pytest.raises(AuthFailed):
        authenticator.verify_now("no claims")


async def test_requests_reach_the_projects_routes(world: World) -> None:
    await world.add()
    assert (await world.backend.request("GET", "/count?name=x")).json() == 1
    answer = await world.backend.request("POST", "/hooks/x", json={"a": 1}, headers={"x": "y"})
    assert answer.text == '/hooks/x 1 {"a":1}'


async def test_a_request_is_made_by_the_harness_caller(world: World) -> None:
    backend = world.backend
    assert (await backend.get("/me")).text == "nobody"
    ada = backend.with_identity(subject="ada", name="Ada \u00e9\U0001f642")
    assert (await ada.get("/me")).text == "ada"
    assert (await ada.get("/me", headers={"authorization": "none"})).text == "nobody"
    assert (await backend.as_admin().get("/me")).text == "nobody"


async def test_webhooks_arrive_by_post(world: World) -> None:
    answer = await world.backend.post("/hooks/x", json={"a": 1}, headers={"x": "y"})
    assert answer.text == '/hooks/x 1 {"a":1}'
    assert (await world.backend.post("/hooks/y", content=b"raw")).text == "/hooks/y 2 raw"


async def test_asserts_look_into_the_database(world: World) -> None:
    """Also at what the disk does not have yet; a helper's writer is not needed to look."""
    with world.backend.fail("disk"):
        task = asyncio.ensure_future(world.backend.insert(Note(text="a")))
        await world.settle()
        assert await world.backend.read(lambda db: db.query(Note).count()) == 1
        assert not task.done()
    note = await world.backend.read(lambda db: db.query(Note).unique())
    assert note is not None
    assert note.id == await task


async def test_runs_are_counted(world: World) -> None:
    backend = world.backend
    async with backend.subscribe(counters.get, name="x") as feed:
        await feed.next()
        before = (backend.query_runs, backend.mutation_runs)
        await backend.mutation(counters.add, name="y")
        await backend.drain()
        assert (backend.query_runs, backend.mutation_runs) == (before[0], before[1] + 1)
        await backend.mutation(counters.add, name="x")
        await feed.next()
        assert backend.query_runs == before[0] + 1


async def test_a_restart_keeps_what_was_durable(world: World) -> None:
    backend, ada = world.backend, world.backend.with_identity(subject="ada")
    await backend.mutation(counters.add, name="x")
    before = backend.node
    await backend.restart()
    assert backend.node is ada.node is not before
    assert await ada.query(counters.get, name="x") == 1
    assert await ada.mutation(counters.add, name="x") == 2


async def test_a_restart_loses_what_waited_for_the_disk(world: World) -> None:
    """A test of code that must survive a crash: nobody was told that the write had happened."""
    backend = world.backend
    backend.fail("disk")
    task = asyncio.ensure_future(backend.mutation(counters.add, name="x"))
    await world.settle()
    await backend.restart()
    with pytest.raises(StorageFailed):
        await task
    assert await backend.query(counters.get, name="x") == 0
    assert await backend.mutation(counters.add, name="x") == 1


async def test_a_restart_ends_subscriptions(world: World) -> None:
    async with world.backend.subscribe(counters.get, name="x") as feed:
        await feed.next()
        await world.backend.restart()
        with pytest.raises(DeveloperError):
            await feed.next()


async def test_ids_stay_unique_over_a_restart(world: World) -> None:
    first = await world.backend.insert(Note(text="a"))
    await world.backend.restart()
    assert await world.backend.insert(Note(text="b")) != first


async def test_the_seed_is_named_when_a_test_fails() -> None:
    """Else a failure under one of many seeds could not be repeated."""
    with pytest.raises(ZeroDivisionError) as caught:
        async with harness(seed=1_234):
            _ = 1 / 0
    assert any("1234" in note for note in caught.value.__notes__)


async def test_time_moves_when_it_is_told_to(world: World) -> None:
    before = await world.backend.query(notes.clock)
    await world.backend.advance(timedelta(minutes=1))
    assert await world.backend.query(notes.clock) == before + 60_000


async def test_draining_runs_what_is_due_and_what_that_schedules(world: World) -> None:
    """A test of a checkout drains, and then looks at the receipt that was sent."""
    backend = world.backend
    await backend.mutation(later.count_down, name="x", left=5)
    await backend.mutation(later.act_later, name="y")
    waiting = await backend.mutation(later.add_later, name="z", ms=1.0)
    before = backend.clock.now_ms()
    await backend.drain()
    assert await backend.query(later.value, name="x") == 0
    assert await backend.query(later.value, name="y") == 111
    assert await backend.query(later.state, id=waiting) == "pending"
    assert backend.clock.now_ms() == before


async def test_advancing_runs_everything_on_the_way_at_its_own_time(world: World) -> None:
    backend = world.backend
    start_ms = backend.clock.now_ms()
    for ms in (30_000.0, 10_000.0, 20_000.0):
        await backend.mutation(later.tick_later, every_ms=ms)
    await backend.advance(timedelta(seconds=60))
    ticks = await backend.query(later.ticks)
    assert [round(at_ms - start_ms) for at_ms in ticks] == [
        10_000, 20_000, 20_000, 30_000, 30_000, 40_000, 40_000, 50_000, 60_000, 60_000, 60_000,
    ]  # fmt: skip
    assert backend.clock.now_ms() == start_ms + 60_000


async def test_advancing_repeats_itself() -> None:
    """The same seed gives the same order, ids included."""

    async def run() -> list[str]:
        async with harness(seed=3) as backend:
            for n in range(20):
                await backend.mutation(later.add_later, name=f"x{n % 3}", ms=float(n % 5))
            await backend.advance(timedelta(seconds=1))
            jobs = await backend.query(later.jobs)
            return [f"{job.id} {job.completed_time}" for job in jobs]

    assert await run() == await run()


async def test_a_setting_that_is_missing_is_told_at_once() -> None:
    class Wanted(Env):
        greeting: str

    with pytest.raises(ProjectError):
        async with harness(settings=Wanted):
            pass


async def test_a_project_without_a_schema_can_be_tested() -> None:
    async with open_harness(functions=FUNCTIONS) as backend:
        assert await backend.query(notes.who) == "nobody"


def test_a_harness_must_be_entered() -> None:
    with pytest.raises(AssertionError):
        _ = harness().node


async def test_time_can_pass_without_cron_jobs() -> None:
    """A month of a test about subscriptions is not 43,200 runs of what comes every minute."""
    tally = "tests.unit.sample.tally.functions"
    quiet = open_harness(functions=tally, schema=tally_schema, crons=False)
    loud = open_harness(functions=tally, schema=tally_schema)
    for project, runs in ((quiet, 0), (quiet.replay(), 0), (loud, 2)):
        async with project as backend:
            await backend.advance(timedelta(days=2))
            assert backend.mutation_runs == runs
