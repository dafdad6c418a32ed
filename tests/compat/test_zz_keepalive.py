"""Check 21: two clients that have nothing to say stay connected."""

from __future__ import annotations

import pytest

from tests.compat.support.idle import IdleClients

IDLE_SECONDS = 95


@pytest.mark.timeout(180)
def test_idle_clients_stay_connected(idle: IdleClients) -> None:
    """95 s without a word: one connection each, kept by Pings, and the next push arrives.

    The clients were started before the first check; by now most of the time has passed.
    """
    idle.finish_after(IDLE_SECONDS)
    assert idle.connections == {"npm": 1, "pypi": 1}
    assert idle.values == {"npm": [0, 1], "pypi": [0, 1]}
    pings = [entry for entry in idle.passed["npm"] if entry.type == "Ping"]
    assert len(pings) >= 5
