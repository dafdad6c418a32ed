"""Check 24, its last part: what is scheduled runs once, also over crashes (protocol.md 5.9, 10)."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

import httpx2
import pytest

from tests.compat.conftest import Connect
from tests.compat.support.client import Kind, RemoteError
from tests.compat.support.server import Server

TRANSIENT = "Transient error while executing action"


async def test_a_scheduled_mutation_is_pushed_when_it_has_run(
    connect: Connect, server: Server, kind: Kind, name: str
) -> None:
    client = await connect(kind, server.url)
    steps = client.subscribe("jobs:steps", run=name)
    await steps.until([])
    await client.mutation("jobs:later", run=name)
    await steps.until([1])


async def test_the_job_itself_is_live(
    connect: Connect, server: Server, kind: Kind, name: str
) -> None:
    """A progress bar is a query of the job's document."""
    client = await connect(kind, server.url)
    id = await client.mutation("jobs:later", run=name, ms=500)
    job = client.subscribe("jobs:job", id=id)
    await client.until(lambda: bool(job.seen) and job.values[-1]["state"]["kind"] == "success")
    first, last = job.values[0], job.values[-1]
    assert first["state"] == {"kind": "pending"}
    assert first["name"] == "jobs.js:step"
    assert first["args"] == [{"run": name, "number": 1}]
    assert "completedTime" not in first
    assert last["scheduledTime"] == first["scheduledTime"] <= last["completedTime"]
    assert last["state"] == {"kind": "success"}


async def test_a_failing_mutation_schedules_nothing(
    connect: Connect, server: Server, kind: Kind, name: str
) -> None:
    client = await connect(kind, server.url)
    with pytest.raises(RemoteError):
        await client.mutation("jobs:laterAndFail", run=name)
    await client.mutation("jobs:later", run=f"{name} after")
    after = client.subscribe("jobs:steps", run=f"{name} after")
    await after.until([1])
    assert await client.query("jobs:steps", run=name) == []
    assert await client.query("jobs:jobs", run=name) == []


async def test_a_failed_job_says_why_and_leaves_nothing(
    connect: Connect, server: Server, name: str
) -> None:
    client = await connect("npm", server.url)
    id = await client.mutation("jobs:breakLater", run=name)
    job = client.subscribe("jobs:job", id=id)
    await client.until(lambda: bool(job.seen) and job.values[-1]["state"]["kind"] == "failed")
    assert '{"code":"BROKEN"}' in job.values[-1]["state"]["error"]
    assert await client.query("jobs:steps", run=name) == []


async def test_a_canceled_job_does_not_run(connect: Connect, server: Server, name: str) -> None:
    client = await connect("npm", server.url)
    id = await client.mutation("jobs:later", run=name, ms=300)
    await client.mutation("jobs:cancel", id=id)
    await client.mutation("jobs:later", run=f"{name} after", ms=600)
    after = client.subscribe("jobs:steps", run=f"{name} after")
    await after.until([1])
    assert await client.query("jobs:steps", run=name) == []
    assert (await client.query("jobs:job", id=id))["state"] == {"kind": "canceled"}


async def test_a_job_runs_after_a_restart(
    connect: Connect, own_server: Server, kind: Kind, name: str
) -> None:
    client = await connect(kind, own_server.url)
    await client.mutation("jobs:later", run=name, ms=1500)
    steps = client.subscribe("jobs:steps", run=name)
    await steps.until([])
    own_server.crash()
    own_server.start()
    await steps.until([1])
    assert steps.changes == [[], [1]]


def call(server: Server, kind: str, path: str, **args: Any) -> Any:
    """A function over HTTP."""
    body = {"path": path, "args": args, "format": "json"}
    answer = httpx2.post(f"{server.url}/api/{kind}", json=body, timeout=30)
    result = answer.json()
    assert result["status"] == "success", answer.text
    return result["value"]


MUTATIONS, ACTIONS, OVER_MS = 200, 40, 8_000


@pytest.mark.timeout(120)
def test_a_killed_server_goes_on_where_it_was(own_server: Server) -> None:
    """`kill -9` while the work is spread over some seconds, and again right after the start.

    Crashes at every moment of the work are the business of `tests/simulation`.
    """
    call(
        own_server, "mutation", "jobs:fill",
        run="x", mutations=MUTATIONS, actions=ACTIONS, overMs=OVER_MS,
    )  # fmt: skip
    done: list[int] = []
    for _ in range(3):
        time.sleep(0.3)
        done.append(len(call(own_server, "query", "jobs:steps", run="x")))
        own_server.crash()
        own_server.start()
    deadline = time.monotonic() + 30
    while call(own_server, "query", "jobs:unfinished"):
        assert time.monotonic() < deadline, "jobs are left over"
        time.sleep(0.05)
    assert 0 < done[0] < MUTATIONS, "the first crash came in the middle"
    rows: Counter[int] = Counter(call(own_server, "query", "jobs:steps", run="x"))
    jobs: list[dict[str, Any]] = call(own_server, "query", "jobs:jobs", run="x")
    for job in jobs:
        number, state = job["args"][0]["number"], job["state"]
        if job["name"] == "jobs.js:step":
            assert state == {"kind": "success"}
            assert rows.pop(number) == 1
        elif state["kind"] == "success":
            assert rows.pop(number) == 1
        else:
            assert state == {"kind": "failed", "error": TRANSIENT}
            assert rows.pop(number, 0) <= 1
    assert not rows
    assert Counter(job["name"] for job in jobs) == {
        "jobs.js:step": MUTATIONS, "jobs.js:slowStep": ACTIONS,
    }  # fmt: skip
