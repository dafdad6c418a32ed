"""Nodes of the sample that share a store and a clock, one after another: restarts and crashes."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import orjson

from reactor import Crons, Reactor
from reactor.app import Node
from reactor.runner.run import Call
from reactor.runtime.clock import VirtualClock
from reactor.runtime.random import SeededEntropy
from reactor.runtime.settings import settings_from
from reactor.scheduler.queue import Queue
from reactor.storage.memory import MemoryStorage
from reactor.storage.memory_blobs import MemoryBlobs
from reactor.values.json import from_json
from tests.unit.sample import schema
from tests.unit.sample.gate import gate
from tests.unit.sample.world import FUNCTIONS


class Machine:
    """A store and a clock that outlive the nodes on them.

    Args:
        functions: the import name of the project's functions.
    """

    def __init__(self, functions: str = FUNCTIONS) -> None:
        gate.waiting.clear()
        gate.is_shut = False
        self.storage = MemoryStorage()
        self.blobs = MemoryBlobs()
        self.clock = VirtualClock()
        self.node: Node
        self._functions = functions
        self._nodes: list[Node] = []

    async def start(self, crons: Crons | None = None, **variables: str) -> Node:
        """A node on what the last one left; the last one is as good as killed.

        Args:
            crons: what its code declares in the module `crons`.
            variables: its environment.
        """
        project = Reactor(functions=self._functions, schema=schema)
        settings = settings_from({"CRON_SPLAY_SECONDS": "0", **variables}, dev=True)
        entropy = SeededEntropy(len(self._nodes))
        if self._nodes:
            self.node.timekeeper.close()
        given = crons or Crons()
        with patch("reactor.app.timetable_of", given.timetable):
            self.node = await Node.open(
                project, settings, storage=self.storage, blobs=self.blobs, clock=self.clock,
                entropy=entropy,
            )  # fmt: skip
        self._nodes.append(self.node)
        return self.node

    @property
    def queue(self) -> Queue:
        """The project's own jobs."""
        return self.node.timekeeper.queues[""]

    async def settle(self, turns: int = 40) -> None:
        """Lets the loop turn until nothing that can go on is left."""
        for _ in range(turns):
            await self.clock.sleep(0)

    async def advance(self, seconds: float) -> None:
        """Moves the clock and lets everything that it wakes go on."""
        self.clock.advance(seconds)
        await self.settle()

    async def mutate(self, path: str, **args: Any) -> Any:
        """Runs a mutation durably."""
        runner = self.node.hub.runner
        outcome = await runner.mutation(Call(path, orjson.dumps(args), sees_internal=True))
        assert outcome.failure is None, outcome.failure
        await runner.durable()
        return orjson.loads(outcome.value or b"null")

    async def query(self, path: str, **args: Any) -> Any:
        """Runs a query."""
        call = Call(path, orjson.dumps(args), sees_internal=True)
        outcome = await self.node.hub.runner.query(call)
        assert outcome.failure is None, outcome.failure
        return orjson.loads(outcome.value or b"null")

    async def states(self) -> list[dict[str, Any]]:
        """The states of all jobs, in the order of their making."""
        return [job["state"] for job in await self.query("later:jobs")]

    def documents(self, table: str) -> list[dict[str, Any]]:
        """What a table holds, in the order of making."""
        data = self.node.log.snapshot.table(table)
        _, raws = data.by_creation_time.blocks.slice(b"", b"\xff", 10_000, reverse=False)
        return [from_json(orjson.loads(raw)) for raw in raws]

    async def close(self) -> None:
        """Ends every node, the killed ones first."""
        gate.open()
        for node in self._nodes[:-1]:
            await node.hub.background.close()
            await node.hub.driver.close()
        await self.node.close()
