"""The deployment's variables through its system functions."""

from __future__ import annotations

from typing import Any

import pytest

from reactor import Env, Reactor, limits
from reactor.admin.environment import UPDATE
from reactor.app import Node
from reactor.auth.identity import Caller
from reactor.errors import DeveloperError
from reactor.runner.run import Call
from reactor.runtime.clock import VirtualClock
from reactor.runtime.random import SeededEntropy
from reactor.runtime.settings import settings_from
from reactor.storage.memory import MemoryStorage
from reactor.storage.memory_blobs import MemoryBlobs
from reactor.testing import Harness
from reactor.testing.machine import Machine
from tests.unit.sample.world import FUNCTIONS, World, add


async def change(world: World, **variables: str | None) -> None:
    changes = [{"name": name, "value": value} for name, value in variables.items()]
    await world.backend.as_admin().call(UPDATE, {"changes": changes})


async def listed(world: World) -> dict[str, str]:
    rows = await world.backend.as_admin().call("_system/cli/queryEnvironmentVariables")
    assert all(set(row) == {"_id", "_creationTime", "name", "value"} for row in rows)
    return {row["name"]: row["value"] for row in rows}


async def test_they_are_set_changed_and_removed(world: World) -> None:
    await change(world, B="2", A="1", EMPTY="")
    assert list((await listed(world)).items()) == [("A", "1"), ("B", "2"), ("EMPTY", "")]
    await change(world, A="one", B=None, NEVER_SET=None)
    assert await listed(world) == {"A": "one", "EMPTY": ""}
    admin = world.backend.as_admin()
    found = await admin.call("_system/cli/queryEnvironmentVariables:get", {"name": "A"})
    assert (found["name"], found["value"]) == ("A", "one")
    nothing = await admin.call("_system/cli/queryEnvironmentVariables:get", {"name": "B"})
    assert nothing is None


async def test_one_variable_twice_in_one_change(world: World) -> None:
    """The last word counts, as when they come one after another."""
    changes: list[dict[str, Any]] = [
        {"name": "A", "value": "1"},
        {"name": "A", "value": "2"},
        {"name": "B", "value": "1"},
        {"name": "B"},
    ]
    await world.backend.as_admin().call(UPDATE, {"changes": changes})
    assert await listed(world) == {"A": "2"}


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("", "x", "EnvVarNameInvalid"),
        ("1A", "x", "EnvVarNameInvalid"),
        ("A-B", "x", "EnvVarNameInvalid"),
        ("Ä", "x", "EnvVarNameInvalid"),
        ("A\n", "x", "EnvVarNameInvalid"),
        ("A" * (limits.ENVIRONMENT_NAME_CHARS_MAX + 1), "x", "EnvVarNameInvalid"),
        ("CONVEX_SITE_URL", "https://evil.test", "EnvVarNameReserved"),
        ("CONVEX_CLOUD_URL", "https://evil.test", "EnvVarNameReserved"),
        ("A", "ä" * (limits.ENVIRONMENT_VALUE_BYTES_MAX // 2 + 1), "EnvVarValueTooLarge"),
    ],
)
async def test_what_cannot_be_is_refused_as_a_whole(
    world: World, name: str, value: str, code: str
) -> None:
    changes = [{"name": "FINE", "value": "x"}, {"name": name, "value": value}]
    with pytest.raises(DeveloperError) as refused:
        await world.backend.as_admin().call(UPDATE, {"changes": changes})
    assert refused.value.code == code
    assert value not in str(refused.value) or value == "x"
    assert await listed(world) == {}


async def test_there_is_an_end_to_them(world: World) -> None:
    many = {f"A{number}": "" for number in range(limits.ENVIRONMENT_VARIABLES_MAX)}
    await change(world, **many)
    with pytest.raises(DeveloperError) as refused:
        await change(world, ONE_MORE="")
    assert refused.value.code == "TooManyEnvVars"
    await change(world, A0=None, ONE_MORE="")
    large = dict.fromkeys([f"A{n}" for n in range(1, 65)], "x" * limits.ENVIRONMENT_VALUE_BYTES_MAX)
    with pytest.raises(DeveloperError) as refused:
        await change(world, **large)
    assert refused.value.code == "EnvVarsTooLarge"


class Wanted(Env):
    greeting: str
    retries: int = 3


async def test_a_change_that_the_project_cannot_run_with_is_refused() -> None:
    """Else every call fails from then on, and the next start as well."""
    project = Reactor(functions=FUNCTIONS, env=Wanted)
    async with Harness(Machine(project, {"GREETING": "hello"}, 0)) as backend:
        world = World(backend)
        with pytest.raises(DeveloperError, match="RETRIES") as refused:
            await change(world, RETRIES="many")
        assert refused.value.code == "EnvVarsRefused"
        assert "many" not in str(refused.value), "values may be secrets"
        await change(world, GREETING="hi", RETRIES="7")
        await change(world, GREETING=None)


async def test_variables_stay_over_a_restart_and_count_at_the_start() -> None:
    """A setting that only the deployment has is enough to start with."""
    storage, settings, clock = MemoryStorage(), settings_from({}, dev=True), VirtualClock()
    bare = Reactor(functions=FUNCTIONS)
    first = await Node.open(
        bare, settings, storage=storage, clock=clock, entropy=SeededEntropy(0), blobs=MemoryBlobs()
    )
    body = b'{"changes":[{"name":"GREETING","value":"hello"}]}'
    outcome = await first.hub.runner.mutation(Call(UPDATE, body, Caller.admin()))
    await first.hub.durable(outcome.ts)
    await first.close()
    project = Reactor(functions=FUNCTIONS, env=Wanted)
    second = await Node.open(
        project, settings, storage=storage, clock=clock, entropy=SeededEntropy(1),
        blobs=MemoryBlobs(),
    )  # fmt: skip
    runner = second.hub.runner
    assert runner.environment.read(Wanted, None, runner.root).greeting == "hello"
    await second.close()


async def test_the_list_is_live(world: World) -> None:
    client = world.client()
    client.say("Authenticate", baseVersion=0, tokenType="Admin", value="test-admin-key")
    client.modify(add(1, "_system/frontend/listEnvironmentVariables", componentId=None))
    await world.settle()
    assert client.results[1] == []
    await change(world, A="1")
    await world.settle()
    assert [row["name"] for row in client.results[1]] == ["A"]
