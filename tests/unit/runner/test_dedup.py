"""The answers of mutations that were sent again."""

from __future__ import annotations

import pytest

from reactor import limits
from reactor.log.reads import ReadSet
from reactor.runner.dedup import Recorded, SessionRequests
from tests.unit.sample.world import World


def record(world: World, session: str, request: int, value: bytes = b"[1.0]") -> int:
    requests, log = world.hub.requests, world.log
    ts = log.next_ts()
    write = requests.record(session, request, "", value, ts)
    world.hub.committed(log.commit([write], ReadSet.empty(), log.last_ts, "test", ts))
    return ts


async def test_an_answer_is_kept_with_its_timestamp(world: World) -> None:
    """The client waits for a Transition at that timestamp; another one could hang it."""
    assert world.hub.requests.find("s", 0) is None
    ts = record(world, "s", 0)
    assert world.hub.requests.find("s", 0) == Recorded(b"[1.0]", ts)
    assert world.hub.requests.find("s", 1) is None
    assert SessionRequests(world.log).find("s", 0) == Recorded(b"[1.0]", ts)


async def test_old_answers_go_first(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SESSION_REQUESTS_MAX", 2)
    for request in range(4):
        record(world, "s", request)
        world.backend.clock.advance(1)
    requests = world.hub.requests
    assert requests.prune() == 2
    assert [requests.find("s", n) is None for n in range(4)] == [True, True, False, False]
    assert requests.prune() == 0
    world.backend.clock.advance(limits.SESSION_REQUEST_RETENTION_MS / 1000)
    assert requests.prune() == 2
