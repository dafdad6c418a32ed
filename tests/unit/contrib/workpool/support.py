"""What the workpool's tests share."""

from __future__ import annotations

from typing import Any

from reactor import MutationCtx, Reactor
from reactor.app import Node
from reactor.contrib import Workpool
from reactor.runtime.random import SeededEntropy
from reactor.runtime.settings import settings_from
from reactor.storage.memory import MemoryStorage
from reactor.testing import Harness
from tests.unit.contrib.shop import schema
from tests.unit.contrib.shop.schema import Note
from tests.unit.contrib.world import FUNCTIONS


async def notes(shop: Harness) -> list[str]:
    """What jobs and handlers have noted, in order."""

    async def read(ctx: MutationCtx) -> list[str]:
        found = await ctx.db.query(Note).collect()
        return [note.text for note in sorted(found, key=lambda note: note.number)]

    return await shop.run(read)


async def enqueue(shop: Harness, pool: Workpool, fn: Any, **kwargs: Any) -> str:
    """Adds one job."""

    async def body(ctx: MutationCtx) -> str:
        return await pool.enqueue(ctx, fn, **kwargs)

    return await shop.run(body)


async def settle(shop: Harness) -> None:
    """Lets everything run that needs no time; what waits at the gate goes on waiting."""
    for _ in range(60):
        await shop.clock.sleep(0)


class Crashing(Harness):
    """A shop whose process can be killed and started again on the same storage and clock."""

    def __init__(self) -> None:
        project = Reactor(functions=FUNCTIONS, schema=schema, components=[Workpool.component])
        super().__init__(project, {}, 0)
        self.storage = MemoryStorage()
        self.starts = 0

    async def __aenter__(self) -> Crashing:
        await self._start()
        return self

    async def _start(self) -> None:
        self.starts += 1
        self._node = await Node.open(
            self._project, settings_from({}, dev=True), storage=self.storage, clock=self.clock,
            entropy=SeededEntropy(self.starts),
        )  # fmt: skip

    async def crash(self) -> None:
        """What is under way is gone; what was committed is there again."""
        await self.node.close()
        await self._start()
