"""The HTTP routes beside the client API."""

from __future__ import annotations

from tests.app.support import Reimaji


async def test_health(app: Reimaji) -> None:
    """A load balancer asks this before it sends people."""
    await app.pass_time(hours=1)
    answer = await app.backend.request("GET", "/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "time": app.backend.clock.now_ms()}
