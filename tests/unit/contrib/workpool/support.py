"""What the workpool's tests share."""

from __future__ import annotations

from typing import Any

from reactor import MutationCtx
from reactor.contrib import Workpool
from reactor.testing import Harness, open_harness
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


def open_shop() -> Harness:
    """A shop whose process can be killed and started again."""
    return open_harness(functions=FUNCTIONS, schema=schema, components=[Workpool.component])
