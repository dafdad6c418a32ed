"""What a node answers beside function calls."""

from __future__ import annotations

import pytest

from tests.unit.edge.http import ADMIN, request
from tests.unit.sample.world import World


@pytest.mark.parametrize("path", ["/", "/version", "/instance_version", "/instance_name"])
async def test_a_node_says_what_it_is(world: World, path: str) -> None:
    answer = await request(world.node.http, "GET", path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")


async def test_browsers_of_every_origin_may_ask(world: World) -> None:
    """Frontends live elsewhere; without these headers their browsers refuse the answers."""
    asked = {
        "origin": "https://app.test",
        "access-control-request-method": "POST",
        "access-control-request-headers": "convex-client, content-type, authorization",
    }
    answer = await request(world.node.http, "OPTIONS", "/api/query", headers=asked)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "https://app.test"
    refused = await request(world.node.http, "POST", "/api/query", headers=asked)
    assert refused.status_code == 400
    assert refused.headers["access-control-allow-origin"] == "https://app.test"


async def test_the_admin_key_can_be_checked(world: World) -> None:
    answer = await request(world.node.http, "GET", "/api/check_admin_key", headers=ADMIN)
    assert answer.json()["success"] is True
    for headers in ({}, {"authorization": "Convex wrong"}):
        refused = await request(world.node.http, "GET", "/api/check_admin_key", headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (403, "BadDeployKey")


async def test_debug_events_and_echoes(world: World) -> None:
    event = await request(world.node.http, "POST", "/api/debug_event", body=b"{}")
    assert (event.status_code, event.content) == (200, b"")
    echo = await request(world.node.http, "POST", "/echo", body=b"\x00\x01")
    assert echo.content == b"\x00\x01"


async def test_metrics_count(world: World) -> None:
    client = world.client(1)
    client.add(0, "counters:get", name="x")
    await world.settle()
    text = (await request(world.node.http, "GET", "/metrics")).text
    figures = dict(line.split(" ") for line in text.splitlines() if not line.startswith("#"))
    assert figures["reactor_connections"] == "1"
    assert figures["reactor_query_runs_total"] == "1"
    assert "# TYPE reactor_connections gauge" in text


@pytest.mark.parametrize(("method", "status"), [("GET", 405), ("DELETE", 405)])
async def test_wrong_methods(world: World, method: str, status: int) -> None:
    assert (await request(world.node.http, method, "/api/mutation")).status_code == status


async def test_unknown_paths(world: World) -> None:
    assert (await request(world.node.http, "GET", "/api/nothing")).status_code == 404
