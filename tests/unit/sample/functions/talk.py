"""Functions that print, log, call each other and reach for what they may not have."""

from __future__ import annotations

import logging
import sys

from reactor import ActionCtx, MutationCtx, action, mutation
from tests.unit.sample.gate import gate
from tests.unit.sample.schema import Note

log = logging.getLogger(__name__)


@mutation
async def speak(ctx: MutationCtx, text: str) -> str:
    print(text, 3)  # noqa: T201  # what is tested
    print(text, "again", sep="-")  # noqa: T201
    print("half ", end="")  # noqa: T201
    sys.stdout.write("whole\n")
    log.debug("quiet")
    log.info("for your information")
    log.warning("careful with %s", text)
    log.error("too late")
    log.critical("far too late")
    return text


@mutation
async def ask(ctx: MutationCtx, text: str) -> str:
    print("asking")  # noqa: T201
    return await ctx.run_mutation(speak, text=text)


@mutation
async def fill(ctx: MutationCtx, count: int) -> None:
    for number in range(count):
        await ctx.db.insert(Note(text=str(number)))


@mutation
async def spread(ctx: MutationCtx, count: int, most: int) -> None:
    await ctx.within(documents_written=most).run_mutation(fill, count=count)


@action
async def slowly(ctx: ActionCtx, text: str) -> str:
    print("before")  # noqa: T201
    await gate.passing()
    answer = await ctx.run_mutation(speak, text=text)
    print("after")  # noqa: T201
    return answer
