"""From a WebSocket handshake to a session."""

from __future__ import annotations

import json

import pytest

from reactor.edge.socket import Handshake, Refusal
from reactor.edge.sync import Acceptor, is_sync_path, version_problem
from tests.unit.edge.fakes import Line
from tests.unit.sample.world import World


@pytest.mark.parametrize(
    ("path", "is_sync"),
    [
        ("/api/sync", True),
        ("/api/1.31.0/sync", True),
        ("/api/sync/", False),
        ("/api/a/b/sync", False),
        ("/sync", False),
        ("/api/sync\n", False),
    ],
)
def test_the_protocols_paths(path: str, is_sync: bool) -> None:
    assert is_sync_path(path) is is_sync


@pytest.mark.parametrize(
    ("path", "client", "code"),
    [
        ("/api/1.31.0/sync", None, None),
        ("/api/1.31.0-alpha.1/sync", None, None),
        ("/api/0.19.1/sync", None, "ClientVersionUnsupported"),
        ("/api/odd/sync", None, "InvalidVersion"),
        ("/api/sync", None, None),
        ("/api/sync", "python-0.8.1", None),
        ("/api/sync", "python-0.0.2", "ClientVersionUnsupported"),
        ("/api/sync", "python-x", "InvalidVersion"),
        ("/api/sync", "rust-0.1.0", None),
    ],
)
def test_versions(path: str, client: str | None, code: str | None) -> None:
    headers = {} if client is None else {"convex-client": client}
    problem = version_problem(path, headers)
    assert (problem and problem[0]) == code


def shake(path: str) -> Handshake:
    return Handshake(path, "", {}, None, "ws")


async def test_handshakes_are_accepted_refused_or_left_alone(world: World) -> None:
    accept = Acceptor(world.hub)
    assert accept(shake("/other")) is None
    refusal = accept(shake("/api/0.1.0/sync"))
    assert isinstance(refusal, Refusal)
    assert refusal.status == 400
    assert json.loads(refusal.body)["code"] == "ClientVersionUnsupported"
    assert refusal.headers["x-convex-deprecation-state"] == "unsupported"
    odd = accept(shake("/api/odd/sync"))
    assert isinstance(odd, Refusal)
    assert "x-convex-deprecation-state" not in odd.headers


async def test_a_sockets_events_reach_its_session(world: World) -> None:
    listener = Acceptor(world.hub)(shake("/api/sync"))
    assert listener is not None
    assert not isinstance(listener, Refusal)
    listener.closed()
    line = Line()
    listener.opened(line.socket)
    assert len(world.hub.sessions) == 1
    say = b'{"type":"Mutation","requestId":0,"udfPath":"counters:add","args":[{"name":"x"}]}'
    world.hub.soon(lambda: listener.message(say))
    await world.settle()
    assert b"MutationResponse" in line.output
    listener.writable()
    listener.closed()
    assert not world.hub.sessions
