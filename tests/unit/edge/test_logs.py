"""The execution log over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest

from reactor.runner.failure import request_id_of
from reactor.runner.logs import Capture
from tests.unit.edge.http import ADMIN, call, post, request
from tests.unit.sample.world import World

PATH = "/api/stream_function_logs"
CLI = {**ADMIN, "convex-client": "npm-cli-1.48.0"}


async def read(world: World, query: str = "cursor=0", **headers: str) -> httpx2.Response:
    return await request(world.node.http, "GET", f"{PATH}?{query}", headers=headers or CLI)


async def test_an_entry_has_every_field(world: World) -> None:
    """`npx convex logs` and dashboards show them, and look for each by name."""
    with Capture("tests.unit.sample.functions"):
        await post(world, "mutation", call("talk:speak", text="hello"), user_agent="tester")
    answer = (await read(world)).json()
    (entry,) = answer["entries"]
    assert answer["newCursor"] == entry["timestamp"] * 1000
    assert len(entry.pop("executionId")) == 36
    assert len(entry.pop("requestId")) == 16
    lines = entry.pop("logLines")
    now_s = world.backend.clock.now_ms() / 1000
    assert lines[0] == {
        "messages": ["'hello'", "3"], "level": "LOG", "timestamp": int(now_s * 1000),
        "isTruncated": False, "systemMetadata": None,
    }  # fmt: skip
    usage = entry.pop("usageStats")
    assert entry == {
        "kind": "Completion", "udfType": "Mutation", "identifier": "talk:speak",
        "componentPath": None, "timestamp": now_s, "cachedResult": False, "executionTime": 0.0,
        "userExecutionTime": 0.0, "success": None, "error": None, "parentExecutionId": None,
        "caller": "HttpApi", "environment": "isolate", "identityType": "unknown",
        "returnBytes": 7.0, "occInfo": None, "willRetry": False, "executionTimestamp": now_s,
    }  # fmt: skip
    assert set(usage) == {
        "databaseReadBytes", "databaseWriteBytes", "databaseIoReadBytes", "databaseIoWriteBytes",
        "databaseReadDocuments", "databaseWriteDocuments", "storageReadBytes", "storageWriteBytes",
        "vectorIndexReadBytes", "vectorIndexWriteBytes", "textIndexQueryBytes",
        "textIndexWriteQueryBytes", "vectorIndexReadQueryBytes", "vectorIndexWriteQueryBytes",
        "networkEgressBytes", "memoryUsedMb",
    }  # fmt: skip


async def test_other_clients_get_texts(world: World) -> None:
    with Capture("tests.unit.sample.functions"):
        await post(world, "mutation", call("talk:speak", text="hello"))
    (entry,) = (await read(world, **ADMIN)).json()["entries"]
    assert entry["logLines"][0] == "[LOG] 'hello' 3"


@pytest.mark.parametrize("headers", [{}, {"authorization": "Convex wrong"}])
async def test_it_needs_the_admin_key(world: World, headers: dict[str, str]) -> None:
    """403 makes the CLI stop; anything else makes it try for ever."""
    answer = await request(world.node.http, "GET", PATH, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "BadDeployKey")


@pytest.mark.parametrize("query", ["cursor=x", "cursor=nan", "cursor=inf", "cursor="])
async def test_a_cursor_is_a_number(world: World, query: str) -> None:
    answer = await read(world, query)
    assert (answer.status_code, answer.json()["code"]) == (400, "BadCursor")


async def test_the_beginning_answers_at_once(world: World) -> None:
    """The CLI throws its first answer away; a long poll there would swallow the first line."""
    answer = (await read(world)).json()
    assert answer["entries"] == []
    assert answer["newCursor"] == world.backend.clock.now_ms()


async def test_it_waits_for_what_is_run_next(world: World) -> None:
    await post(world, "query", call("counters:get", name="x"))
    cursor = (await read(world)).json()["newCursor"]
    waiting = asyncio.ensure_future(read(world, f"cursor={cursor!r}"))
    await world.settle()
    assert not waiting.done()
    await post(world, "query", call("counters:get", name="y"))
    answer = (await waiting).json()
    assert [entry["identifier"] for entry in answer["entries"]] == ["counters:get"]
    assert answer["newCursor"] > cursor


async def test_it_does_not_wait_for_ever(world: World) -> None:
    """Proxies cut connections that say nothing."""
    await post(world, "query", call("counters:get", name="x"))
    cursor = (await read(world)).json()["newCursor"]
    waiting = asyncio.ensure_future(read(world, f"cursor={cursor!r}"))
    await world.settle()
    world.backend.clock.advance(61)
    assert (await waiting).json() == {"entries": [], "newCursor": cursor}


async def test_one_request_can_be_found(world: World) -> None:
    """A client shows what its own mutation printed."""
    client = world.client(1)
    client.mutate(7, "counters:add", name="x")
    client.mutate(8, "counters:add", name="x")
    await world.settle()
    session = "00000000-0000-0000-0000-000000000001"
    found: Any = (await read(world, f"cursor=0&sessionId={session}&clientRequestCounter=7")).json()
    (entry,) = found["entries"]
    assert (entry["caller"], entry["requestId"]) == ("SyncWorker", request_id_of(session, 7))


async def test_the_older_stream_has_what_has_ended(world: World) -> None:
    """Dashboards count executions by it; one that is still going would be counted twice."""
    await post(world, "mutation", call("talk:speak", text="hello"))
    older = "/api/stream_udf_execution?cursor=0"
    answer = await request(world.node.http, "GET", older, headers=CLI)
    assert [entry["kind"] for entry in answer.json()["entries"]] == ["Completion"]
    refused = await request(world.node.http, "GET", older)
    assert refused.status_code == 403
