"""A server with scheduled work that is killed after so many commits, wherever it is then.

The first life schedules; every life goes on with what it finds. One that gets to the end writes the
notes that the work has made, and the jobs, as one line of JSON.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import orjson

from reactor import MutationCtx, Reactor
from reactor.app import Node
from reactor.auth.identity import ANONYMOUS
from reactor.log.commit import Invalidation
from reactor.runtime.settings import Settings
from reactor.storage.appenders import WriterKind
from tests.unit.sample import schema
from tests.unit.sample.functions import later, notes
from tests.unit.sample.world import FUNCTIONS

MUTATIONS = 250
ACTIONS = 60


async def schedule(ctx: MutationCtx) -> None:
    """Everything is due at once, mutations and actions mixed."""
    for number in range(MUTATIONS):
        await ctx.scheduler.run_after(0, notes.write, text=f"mutation {number}")
        if number < ACTIONS:
            await ctx.scheduler.run_after(0, later.write_slowly, text=f"action {number}")


def documents(node: Node, table: str) -> list[object]:
    raws = node.log.snapshot.table(table).documents.values()
    return [orjson.loads(raw) for raw in raws]


async def main(folder: Path, writer: WriterKind, commits: int) -> None:
    settings = Settings(variables={}, data_dir=folder, writer=writer)
    node = await Node.open(Reactor(functions=FUNCTIONS, schema=schema), settings)
    runner = node.hub.runner

    def committed(_: Invalidation) -> None:
        nonlocal commits
        commits -= 1
        if commits == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    if not documents(node, "_scheduled_functions"):
        await runner.unregistered(schedule, ANONYMOUS)
        await runner.durable()
    runner.listeners.append(committed)
    while not node.timekeeper.is_idle:
        await node.hub.clock.sleep(0.002)
    await runner.durable()
    found = {name: documents(node, name) for name in ("notes", "_scheduled_functions")}
    sys.stdout.buffer.write(orjson.dumps(found))
    await node.close()


if __name__ == "__main__":
    kind: WriterKind = "process" if sys.argv[2] == "process" else "thread"
    asyncio.run(main(Path(sys.argv[1]), kind, int(sys.argv[3])))
