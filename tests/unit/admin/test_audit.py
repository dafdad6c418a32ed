"""The log of what was done to the deployment by hand."""

from __future__ import annotations

import orjson
import pytest

from reactor import limits
from tests.unit.admin.tools import ask, opts
from tests.unit.sample.world import World


async def set_variable(world: World, name: str, value: str) -> None:
    body = {"changes": [{"name": name, "value": value}]}
    await world.backend.as_admin().call("_system/reactor/updateEnvironmentVariables", body)


async def test_values_are_never_written_down(world: World) -> None:
    await set_variable(world, "API_KEY", "secret")
    await set_variable(world, "API_KEY", "other secret")
    raws = world.log.snapshot.table("_deployment_audit_log").documents.values()
    assert [orjson.loads(raw)["metadata"] for raw in raws] == [{"variable_name": "API_KEY"}] * 2
    assert not any(b"secret" in raw for raw in raws)


async def test_the_oldest_events_make_room(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "AUDIT_EVENTS_MAX", 2)
    for number in range(5):
        await set_variable(world, f"A{number}", "")
        world.backend.clock.advance(1)
    page = await ask(world, "paginatedDeploymentEvents", paginationOpts=opts())
    names = [event["metadata"]["variable_name"] for event in page["page"]]
    assert names == ["A4", "A3"]


async def test_a_change_that_changes_nothing_is_no_event(world: World) -> None:
    for _ in range(2):
        await set_variable(world, "A", "1")
    assert len(world.log.snapshot.table("_deployment_audit_log").documents) == 1
