"""The deployment's variables, over the process's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from reactor import ActionCtx, Env, MutationCtx, QueryCtx
from reactor.errors import ProjectError
from reactor.runner.environment import Environment
from reactor.transaction.system import SystemTable
from reactor.transaction.transaction import Transaction
from tests.unit.sample.functions import settings
from tests.unit.sample.gate import gate
from tests.unit.sample.world import World, open_world


class Settings(Env):
    greeting: str | None = None


async def change(world: World, **variables: str | None) -> None:
    """Sets variables of the deployment; None removes one."""
    runner = world.hub.runner
    tx = Transaction(world.log, runner.clock.now_ms())
    table = SystemTable(tx, "_environment_variables", runner.entropy)
    for name, value in variables.items():
        known = table.range("by_name", [name], 1)
        if known:
            table.delete(known[0]["_id"])
        if value is not None:
            table.insert({"name": name, "value": value})
    invalidation = tx.commit("test")
    assert invalidation is not None
    world.hub.committed(invalidation)
    await world.settle()


async def greeting(world: World) -> Any:
    return await world.backend.call("settings:greeting")


async def test_the_deployments_variables_hide_the_process_own() -> None:
    async with open_world(env={"GREETING": "of the process"}) as world:
        assert await greeting(world) == "of the process"
        await change(world, GREETING="of the deployment")
        assert await greeting(world) == "of the deployment"
        await change(world, GREETING=None)
        assert await greeting(world) == "of the process"


async def test_where_the_deployment_lives_cannot_be_changed(world: World) -> None:
    """Links to uploads would lead clients elsewhere."""
    before = world.hub.runner.environment.variables()["CONVEX_SITE_URL"]
    await change(world, CONVEX_SITE_URL="https://evil.test")
    assert world.hub.runner.environment.variables()["CONVEX_SITE_URL"] == before


async def test_a_change_re_runs_exactly_who_read_the_environment(world: World) -> None:
    client = world.client(1)
    client.add(0, "settings:greeting")
    client.add(1, "counters:get", name="x")
    await world.settle()
    runs = world.hub.runner.query_runs
    await change(world, GREETING="hello")
    assert client.results[0] == "hello"
    assert world.hub.runner.query_runs == runs + 1


async def test_a_cached_result_is_not_served_after_a_change(world: World) -> None:
    assert await greeting(world) is None
    await change(world, GREETING="hello")
    assert await greeting(world) == "hello"


async def test_mutations_that_read_the_environment_conflict_with_a_change(world: World) -> None:
    """Else a mutation could decide by a switch that was already turned off."""
    gate.shut()
    client = world.client(1)
    client.mutate(1, "settings:keepGreeting")
    await world.settle()
    await change(world, GREETING="new")
    gate.open()
    await world.settle()
    await world.backend.advance(timedelta(seconds=1))
    await world.settle()
    answer = client.answer(1)
    assert answer is not None
    assert answer["result"] == "new"


async def test_every_kind_of_function_reads_it(world: World) -> None:
    await change(world, GREETING="hello")

    async def query(ctx: QueryCtx) -> str | None:
        return ctx.env(Settings).greeting

    async def mutate(ctx: MutationCtx) -> tuple[str | None, str | None]:
        return await query(ctx), await ctx.run_query(settings.greeting)

    async def act(ctx: ActionCtx) -> str | None:
        return ctx.env(Settings).greeting

    assert await world.backend.run(mutate) == ("hello", "hello")
    assert await world.backend.run_action(act) == "hello"


async def test_a_query_at_a_timestamp_sees_the_variables_of_then(world: World) -> None:
    await change(world, GREETING="old")
    environment, root = world.hub.runner.environment, world.hub.runner.root
    then = world.log.last_ts
    await change(world, GREETING="new")
    past = Transaction(world.log, 0.0, then)
    assert environment.read(Settings, past, root).greeting == "old"
    assert environment.read(Settings, None, root).greeting == "new"


async def test_settings_are_read_once_per_change(world: World) -> None:
    """A handler may ask for them as often as it likes."""
    environment, root = world.hub.runner.environment, world.hub.runner.root
    first = environment.read(Settings, None, root)
    assert environment.read(Settings, None, root) is first
    await change(world, GREETING="x")
    assert environment.read(Settings, None, root) is not first


def test_both_as_functions_see_them() -> None:
    own = {"A": "own", "CONVEX_CLOUD_URL": "elsewhere"}
    process = {"A": "process", "B": "b", "CONVEX_CLOUD_URL": "here"}
    assert Environment.merged(process, own) == {"A": "own", "B": "b", "CONVEX_CLOUD_URL": "here"}


async def test_a_variable_that_cannot_be_read_is_named(world: World) -> None:
    class Numbers(Env):
        retries: int = 3

    await change(world, RETRIES="many")
    with pytest.raises(ProjectError, match="RETRIES"):
        world.hub.runner.environment.read(Numbers, None, world.hub.runner.root)
