"""From a WebSocket handshake to a session."""

from __future__ import annotations

import json

import pytest

from reactor.edge.socket import Handshake, Refusal
from reactor.edge.sync import Acceptor, is_sync_path, version_problem
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


async def test_handshakes_are_accepted_refused_or_left_alone(world: World) -> None:
    accept = Acceptor(world.hub)
    assert accept(Handshake("/other", {}, None)) is None  # type: ignore[call-arg]  # see below
    refusal = accept(Handshake("/api/0.1.0/sync", {}, None))  # type: ignore[call-arg]
    assert isinstance(refusal, Refusal)
