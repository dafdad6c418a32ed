"""The execution log: every run is in it, bounded, once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from reactor import limits
from reactor.runner.executions import Entry
from reactor.runner.logs import Capture
from tests.unit.sample.gate import gate
from tests.unit.sample.world import World

PACKAGE = "tests.unit.sample.functions"


async def entries(world: World, cursor: float = 0) -> list[dict[str, Any]]:
    executions = world.hub.runner.executions
    found, _ = await executions.after(cursor)
    return [executions.entry_json(entry, structured=False) for entry in found]


def briefly(entry: dict[str, Any]) -> tuple[str, str, str]:
    return entry["udfType"], entry["identifier"], entry["caller"]


async def test_every_kind_of_run_is_recorded(world: World) -> None:
    client = world.client(1)
    client.add(1, "counters:get", name="x")
    client.mutate(1, "counters:add", name="x")
    await world.settle()
    client.act(2, "notes:twice", name="x")
    await world.settle()
    await world.backend.request("GET", "/count?name=x")
    assert [briefly(each) for each in await entries(world)] == [
        ("Mutation", "counters:add", "SyncWorker"),
        ("Query", "counters:get", "SyncWorker"),
        ("Mutation", "counters:add", "Action"),
        ("Query", "counters:get", "SyncWorker"),
        ("Mutation", "counters:add", "Action"),
        ("Query", "counters:get", "SyncWorker"),
        ("Query", "counters:get", "Action"),
        ("Action", "notes:twice", "SyncWorker"),
        ("Query", "counters:get", "Action"),
        ("HttpAction", "GET /count", "HttpEndpoint"),
    ]


async def test_runs_say_what_they_used_and_gave(world: World) -> None:
    await world.add()
    await world.mutate("counters:add", name="x", by=5)
    entry = (await entries(world))[-1]
    usage = entry["usageStats"]
    assert (usage["databaseReadDocuments"], usage["databaseWriteDocuments"]) == (3, 1)
    assert usage["databaseReadBytes"] > usage["databaseWriteBytes"] > 50
    assert (entry["returnBytes"], entry["error"]) == (3.0, None)


async def test_failures_are_told_in_full(world: World) -> None:
    """The operator sees what a client in production does not."""
    world.hub.runner.is_production = True
    await world.ask("notes:broken")
    await world.mutate("counters:nothing")
    broken, missing = await entries(world)
    assert broken["error"].startswith("Uncaught ZeroDivisionError: it broke\n    at broken (")
    assert broken["returnBytes"] is None
    assert missing["error"].startswith("Could not find public function for 'counters:nothing'")


async def test_what_an_action_calls_names_the_action(world: World) -> None:
    """A trace of one request: one request id, and whose child each run is."""
    await world.backend.call("notes:outer", {"name": "x"})
    found = await entries(world)
    outer, twice = found[-1], found[-2]
    assert outer["parentExecutionId"] is None
    assert twice["parentExecutionId"] == outer["executionId"]
    assert {each["parentExecutionId"] for each in found[:-2]} == {twice["executionId"]}
    assert len({each["requestId"] for each in found}) == 1
    assert len({each["executionId"] for each in found}) == len(found)


async def test_a_result_at_hand_is_recorded_as_cached(world: World) -> None:
    await world.backend.call("counters:get", {"name": "x"})
    await world.backend.call("counters:get", {"name": "x"})
    client = world.client(1)
    client.add(1, "counters:get", name="x")
    await world.settle()
    assert [each["cachedResult"] for each in await entries(world)] == [False, True, True]


async def test_who_asked_is_told_by_kind(world: World) -> None:
    backend = world.backend
    for somebody in (backend, backend.with_identity(), backend.as_admin()):
        await somebody.call("notes:who")
    kinds = [each["identityType"] for each in await entries(world)]
    assert kinds == ["unknown", "user", "instance_admin"]


async def test_lines_of_a_running_action_come_before_its_end(world: World) -> None:
    """And none of them comes twice."""
    executions = world.hub.runner.executions
    gate.shut()
    with Capture(PACKAGE):
        acting = asyncio.ensure_future(world.backend.call("talk:slowly", {"text": "hello"}))
        await world.settle()
        first, cursor = await executions.after(0)
        waiting = asyncio.ensure_future(executions.after(cursor))
        gate.open()
        await acting
    later, cursor = await waiting
    while later[-1].end is None or later[-1].execution.kind != "Action":
        more, cursor = await executions.after(cursor)
        later += more
    (progress,) = [executions.entry_json(entry, structured=False) for entry in first]
    assert progress == {
        "kind": "Progress", "udfType": "Action", "identifier": "talk:slowly",
        "componentPath": None, "timestamp": progress["timestamp"],
        "logLines": ["[LOG] 'before'"], "requestId": progress["requestId"],
        "executionId": progress["executionId"],
    }  # fmt: skip
    own = [entry for entry in later if entry.execution.kind == "Action"]
    assert [str(line) for entry in own for line in entry.lines] == ["[LOG] 'after'"]
    assert executions.id_of(own[-1].execution) == progress["executionId"]


async def test_a_printing_action_wakes_those_who_follow(world: World) -> None:
    executions = world.hub.runner.executions
    await world.add()
    _, cursor = await executions.after(0)
    waiting = asyncio.ensure_future(executions.after(cursor))
    await world.settle()
    gate.shut()
    with Capture(PACKAGE):
        acting = asyncio.ensure_future(world.backend.call("talk:slowly", {"text": "hello"}))
        await world.settle()
    assert waiting.done()
    gate.open()
    await acting


async def test_lost_races_are_recorded_and_what_they_printed_is_not(world: World) -> None:
    """Somebody who looks for contention finds which function waits for which."""
    gate.shut()
    with Capture(PACKAGE):
        slow = asyncio.ensure_future(world.backend.call("counters:slowAdd", {"name": "x"}))
        await world.settle()
        await world.add()
        gate.open()
        await world.settle()
        await world.backend.advance(timedelta(seconds=1))
        await slow
    winner, lost, again = await entries(world)
    assert (winner["identifier"], lost["identifier"]) == ("counters:add", "counters:slowAdd")
    assert lost["occInfo"] == {
        "tableName": "counters", "documentId": None, "writeSource": "counters:add", "retryCount": 4,
    }  # fmt: skip
    assert lost["willRetry"]
    assert 'table "counters"' in lost["error"]
    assert (again["error"], again["occInfo"], again["willRetry"]) == (None, None, False)


async def test_the_log_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "EXECUTIONS_KEPT_MAX", 5)
    for _ in range(9):
        await world.ask("counters:get", name="x")
    assert len(await entries(world)) == 5
    monkeypatch.setattr(limits, "EXECUTION_CHARS_KEPT_MAX", 1_500)
    for _ in range(9):
        await world.ask("notes:broken")
    errors = [each["error"] for each in await entries(world)]
    assert 0 < sum(map(len, errors)) <= 1_500


async def test_cursors_grow_while_the_clock_stands(world: World) -> None:
    """Nothing is shown twice, and nothing is left out, to somebody who asks in between."""
    executions = world.hub.runner.executions
    seen: list[Entry] = []
    cursor = 0.0
    for _ in range(10):
        await world.ask("counters:get", name="x")
        found, cursor = await executions.after(cursor)
        seen += found
    assert len(seen) == 10
    assert len({entry.cursor for entry in seen}) == 10


async def test_the_engines_own_functions_are_not_recorded(world: World) -> None:
    options = {"paginationOpts": {"cursor": None, "numItems": 5}}
    await world.backend.as_admin().call("_system/cli/tables", options)
    assert await entries(world) == []


async def test_an_http_route_has_its_status_or_its_error(world: World) -> None:
    answers: list[httpx2.Response] = [
        await world.backend.request("GET", "/me"),
        await world.backend.request("GET", "/broken"),
    ]
    fine, broken = await entries(world)
    assert (fine["success"], fine["error"]) == ({"status": "200"}, None)
    assert broken["success"] == {"status": "500"}
    assert "it broke" in broken["error"]
    assert broken["requestId"] in answers[1].text


async def test_a_cancelled_action_is_not_followed_for_ever(world: World) -> None:
    gate.shut()
    acting = asyncio.ensure_future(world.backend.call("talk:slowly", {"text": "hello"}))
    await world.settle()
    acting.cancel()
    await world.settle()
    gate.open()
    assert await entries(world) == []
