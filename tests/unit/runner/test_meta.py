"""`ctx.meta`: what a function can know about its own run."""

from __future__ import annotations

import pytest

from reactor import ActionCtx, MutationCtx, limits
from tests.unit.edge.http import call, post
from tests.unit.sample.functions import about
from tests.unit.sample.schema import Note
from tests.unit.sample.world import World, open_world


async def test_the_function_is_the_one_that_runs(world: World) -> None:
    """A helper that a nested function calls sees the nested one."""
    backend = world.backend
    assert await backend.call("about:names") == [
        {"name": "about:names", "componentPath": "", "type": "query", "visibility": "public"},
        {"name": "about:inner", "componentPath": "", "type": "query", "visibility": "internal"},
    ]
    seen = await backend.call("about:inAction")
    assert (seen["name"], seen["type"]) == ("about:inAction", "action")


async def test_the_deployment_has_a_name() -> None:
    async with open_world(env={"REACTOR_NAME": "shop", "REACTOR_REGION": "jakarta"}) as world:
        assert await world.backend.call("about:where") == {"name": "shop", "region": "jakarta"}
    async with open_world() as world:
        assert await world.backend.call("about:where") == {"name": "reactor", "region": None}


async def test_usage_counts_callers_and_nested_calls_together(world: World) -> None:
    async def body(ctx: MutationCtx) -> None:
        await ctx.db.insert(Note(text="one"))
        await ctx.run_mutation(about.write, count=2)
        await ctx.db.query(Note).collect()
        used = ctx.meta.transaction
        assert (used.documents_written.used, used.documents_read.used) == (3, 3)
        assert used.documents_written.remaining == limits.DOCUMENTS_WRITTEN_MAX - 3
        assert used.database_queries.used == 1
        assert used.bytes_read.used == used.bytes_written.used > 100
        assert used.functions_scheduled.used == used.scheduled_function_args_bytes.used == 0
        assert used.functions_scheduled.remaining == 1_000
        assert ctx.meta.snapshot_ts == world.log.last_ts

    await world.backend.run(body)


async def test_what_is_left_inside_within_is_its_own(world: World) -> None:
    async def body(ctx: MutationCtx) -> None:
        await ctx.db.insert(Note(text="one"))
        assert await ctx.within(documents_written=5).run_mutation(about.write, count=2) == 3
        assert ctx.meta.transaction.documents_written.remaining > 1_000

    await world.backend.run(body)


async def test_http_clients_are_known_by_address_and_agent(world: World) -> None:
    answer = await post(world, "mutation", call("about:who"), user_agent="tester/1.0")
    seen = answer.json()["value"]
    assert len(seen.pop("requestId")) == 16
    assert seen == {"ip": "127.0.0.1", "userAgent": "tester/1.0", "scheduledFunctionId": None}


async def test_what_an_action_calls_knows_the_actions_client(world: World) -> None:
    answer = await post(world, "action", call("about:whoInside"), user_agent="tester/1.0")
    outside, inside = answer.json()["value"]
    assert outside == inside
    assert outside["userAgent"] == "tester/1.0"


async def test_routes_know_their_client(world: World) -> None:
    headers = {"user-agent": "hook", "x-forwarded-for": "203.0.113.9"}
    answer = await world.backend.request("GET", "/asker", headers=headers)
    assert answer.text == "203.0.113.9 hook"


async def test_a_scheduled_function_knows_its_job(world: World) -> None:
    """And so does what it calls; the log says who asked."""

    async def body(ctx: MutationCtx) -> str:
        return await ctx.scheduler.run_after(0, about.note_job)

    job = await world.backend.run(body)
    await world.backend.drain()
    assert await world.backend.call("notes:texts") == [f"{job} {job}"]
    entries, _ = await world.hub.runner.executions.after(0)
    assert [entry.execution.call.origin.sender for entry in entries[:1]] == ["Scheduler"]


async def test_nobody_asks_for_a_test(world: World) -> None:
    async def body(ctx: ActionCtx) -> tuple[str | None, str | None, int]:
        request = ctx.meta.request
        return request.ip, request.user_agent, len(request.request_id)

    assert await world.backend.run_action(body) == (None, None, 16)


@pytest.mark.parametrize("name", ["run_mutation", "run_action"])
async def test_a_query_is_told_what_it_cannot_call(world: World, name: str) -> None:
    outcome = await world.ask("about:reach", name=name)
    assert outcome.failure is not None
    assert outcome.failure.code == "WrongFunctionKind"
    what = "a Mutation" if name == "run_mutation" else "an Action"
    assert f"Cannot call {what} function from a Query function" in outcome.failure.text


async def test_other_attributes_are_missing_as_ever(world: World) -> None:
    outcome = await world.ask("about:reach", name="nonsense")
    assert outcome.failure is not None
    assert outcome.failure.code == "AttributeError"
