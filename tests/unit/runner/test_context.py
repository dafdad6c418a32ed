"""What a function is handed as `ctx`."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reactor import ActionCtx, Env, MutationCtx
from reactor.errors import ProjectError
from tests.unit.sample.functions import counters, notes
from tests.unit.sample.world import World, open_world


class Wanted(Env):
    greeting: str
    retries: int = 3


async def test_time_and_chance_are_the_runs_own(world: World) -> None:
    """A function that is run again must not be surprised by another time."""

    async def body(ctx: MutationCtx) -> None:
        before = ctx.now_ms()
        world.backend.clock.advance(5)
        assert ctx.now_ms() == before
        assert ctx.now() == datetime.fromtimestamp(before / 1000, UTC)
        assert ctx.random is ctx.random
        assert ctx.uuid() != ctx.uuid()
        assert ctx.meta.function.name == "unregistered"

    await world.backend.run(body)


async def test_an_actions_clock_moves(world: World) -> None:
    async def body(ctx: ActionCtx) -> None:
        before = ctx.now_ms()
        world.backend.clock.advance(5)
        assert ctx.now_ms() == before + 5_000

    await world.backend.run_action(body)


async def test_who_is_calling(world: World) -> None:
    async def body(ctx: MutationCtx) -> tuple[str | None, bool]:
        identity = await ctx.auth.get_user_identity()
        return (None if identity is None else identity.subject), ctx.auth.is_admin

    backend = world.backend
    assert await backend.run(body) == (None, False)
    assert await backend.with_identity(subject="ada").run(body) == ("ada", False)
    assert await backend.as_admin().run(body) == (None, True)


async def test_functions_call_each_other_by_their_objects(world: World) -> None:
    async def mutate(ctx: MutationCtx) -> int:
        await ctx.run_mutation(counters.add, "x", by=2)
        return await ctx.run_query(counters.get, "x")

    async def act(ctx: ActionCtx) -> list[int]:
        return [
            await ctx.run_mutation(counters.add, name="x"),
            await ctx.run_query(counters.get, "x"),
            await ctx.run_action(notes.twice, name="x"),
        ]

    assert await world.backend.run(mutate) == 2
    assert await world.backend.run_action(act) == [3, 3, 5]


async def test_settings_are_the_deployments_current_ones() -> None:
    async with open_world(env={"GREETING": "hello"}) as world:

        async def body(ctx: MutationCtx) -> tuple[str, int]:
            env = ctx.env(Wanted)
            return env.greeting, env.retries

        assert await world.backend.run(body) == ("hello", 3)


async def test_a_setting_that_is_missing_is_named(world: World) -> None:
    async def body(ctx: ActionCtx) -> Wanted:
        return ctx.env(Wanted)

    with pytest.raises(ProjectError):
        await world.backend.run_action(body)
