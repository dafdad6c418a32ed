"""A node that stops in the middle of an import: the next one goes on, and adds nothing twice."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from reactor import limits
from reactor.app import Node, Reactor
from reactor.runtime.clock import VirtualClock
from reactor.runtime.random import SeededEntropy
from reactor.runtime.settings import Settings, settings_from
from reactor.storage.memory import MemoryStorage
from reactor.transfer import imports
from tests.unit.sample import schema
from tests.unit.sample.world import FUNCTIONS
from tests.unit.transfer.test_imports import counters
from tests.unit.transfer.world import Client, archive, reading_here


class Backend:
    """Just enough of a harness around a node that can be opened again on the same store."""

    def __init__(self, node: Node, clock: VirtualClock) -> None:
        self.node, self.clock = node, clock

    def as_admin(self) -> Backend:
        return self

    async def call(self, path: str, args: Any) -> Any:
        from reactor.auth.identity import Caller
        from reactor.runner.run import Call

        caller = Caller.admin()
        call = Call(path, orjson.dumps(args), caller, sees_internal=True)
        outcome = await self.node.hub.queries.ask(call)
        assert outcome.value is not None, outcome.failure
        return orjson.loads(outcome.value)


class Restarting:
    """Nodes, one after another, on one store and one folder."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.storage = MemoryStorage()
        self.clock = VirtualClock()
        self.log: Any = None
        self.hub: Any = None

    async def start(self) -> Client:
        project = Reactor(functions=FUNCTIONS, schema=schema)
        self.node = await Node.open(
            project, self.settings, storage=self.storage, clock=self.clock,
            entropy=SeededEntropy(self.clock.now_ns()),
        )  # fmt: skip
        self.clock.advance(1)
        self.backend = Backend(self.node, self.clock)
        self.log, self.hub = self.node.log, self.node.hub
        return Client(self)  # type: ignore[arg-type]  # what Client needs of a World

    async def crash(self) -> None:
        """What a killed process leaves: what had landed, and no word to anybody."""
        await self.node.hub.background.close()
        await self.node.hub.driver.close()

    @property
    def count(self) -> int:
        return len(self.node.log.snapshot.table("counters").documents)


@pytest.fixture
def restarting(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Restarting:
    monkeypatch.setattr(imports, "reading", reading_here)
    monkeypatch.setattr(limits, "IMPORT_STAGE_ROWS", 64)
    monkeypatch.setattr(limits, "IMPORT_APPEND_ROWS", 64)
    variables = {"REACTOR_ADMIN_KEY": "test-admin-key"}
    return Restarting(settings_from(variables, dev=True, data_dir=tmp_path))


async def half_way(client: Client, id: str, attempt: int = 1) -> None:
    await client.post("perform_import", {"importId": id})
    while True:
        found = await client.ask("_system/cli/queryImport", importId=id)
        message = found["state"].get("progress_message", "")
        is_this_one = int(found["attempts"]) == attempt
        if is_this_one and message.startswith("Importing counters: 5"):
            return
        await client.turn()


@pytest.mark.parametrize("mode", ["replace", "append"])
async def test_an_import_survives_a_crash(restarting: Restarting, mode: str) -> None:
    client = await restarting.start()
    first = archive(counters(*(f"old{n}" for n in range(100))))
    await client.load(first, "replace")
    content = archive(counters(*(f"new{n}" for n in range(1_000)), start=500))
    id = await client.upload(content, mode, "zip")
    await client.settled(id)
    await half_way(client, id)
    seen = restarting.count
    assert (seen == 100) is (mode == "replace")
    await restarting.crash()

    again = await restarting.start()
    assert restarting.count >= 100
    if mode == "replace":
        assert restarting.count == 100, "what was not confirmed as a whole is not there"
    state = await again.settled(id)
    assert state == {"state": "completed", "num_rows_written": {"$integer": "6AMAAAAAAAA="}}
    assert restarting.count == (1_000 if mode == "replace" else 1_100)
    while restarting.node.log.orphans:
        await again.turn()
    await restarting.node.close()
    last = await restarting.start()
    assert restarting.count == (1_000 if mode == "replace" else 1_100)
    assert not restarting.node.log.orphans, "nothing is left behind on disk"
    del last
    await restarting.node.close()


async def test_an_import_that_stops_the_server_each_time_is_given_up(
    restarting: Restarting,
) -> None:
    """Otherwise a file that kills its server would do so for ever."""
    client = await restarting.start()
    id = await client.upload(archive(counters(*map(str, range(1_000)))), "replace", "zip")
    await client.settled(id)
    for attempt in (1, 2, 3):
        await half_way(client, id, attempt)
        await restarting.crash()
        client = await restarting.start()
    state = await client.settled(id)
    assert state["state"] == "failed"
    assert "stopped each time" in state["error_message"]
    assert restarting.count == 0
    await restarting.node.close()


async def test_what_waits_to_be_confirmed_still_waits(restarting: Restarting) -> None:
    client = await restarting.start()
    id = await client.upload(archive(counters("a")), "replace", "zip")
    await client.settled(id)
    await restarting.node.close()
    again = await restarting.start()
    assert (await again.settled(id))["state"] == "waiting_for_confirmation"
    await again.post("perform_import", {"importId": id})
    assert (await again.settled(id))["state"] == "completed"
    assert restarting.count == 1
    await restarting.node.close()


async def test_what_nobody_confirms_ends(restarting: Restarting) -> None:
    client = await restarting.start()
    id = await client.upload(archive(counters("a")), "replace", "zip")
    await client.settled(id)
    await restarting.node.close()
    restarting.clock.advance(limits.IMPORT_RETENTION_MS / 1000 + 1)
    again = await restarting.start()
    assert (await again.settled(id))["error_message"].startswith("The import was not confirmed")
    assert not list((restarting.settings.data_dir / "imports").iterdir())
    await restarting.node.close()
