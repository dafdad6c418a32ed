"""What runs by time, run by time."""

from __future__ import annotations

import schema
from functions._env import Env
from reactor.testing import open_harness
from schema import StatsSnapshot
from tests.app.support import ENV, Reimaji
from tests.app.test_ai import pending, session_of


async def test_what_runs_every_minute() -> None:
    """Silent sessions are given up, and the dashboard's snapshots are kept, by themselves."""
    env = {**ENV, "OPENAI_API_KEY": "sandbox"}
    harness = open_harness(schema=schema, functions="functions", env=env, settings=Env)
    async with harness as backend:
        app = Reimaji(backend)
        await app.open()
        await pending(app)
        await app.pass_time(seconds=181)
        assert (await session_of(app)).status == "error"
        snapshots: list[StatsSnapshot] = await app.rows(StatsSnapshot)
        assert [snapshot.value for snapshot in snapshots] == [1] * 5
        assert all(backend.clock.now_ms() - one.as_of <= 60_000 for one in snapshots)
