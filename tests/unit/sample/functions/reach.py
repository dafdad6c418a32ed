"""Functions that reach for the world outside, that do not end, or that are not deterministic."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from reactor import ActionCtx, MutationCtx, QueryCtx, action, mutation, query
from tests.unit.sample.functions import counters
from tests.unit.sample.gate import gate
from tests.unit.sample.schema import Note

log = logging.getLogger(__name__)


def _open() -> None:
    Path(__file__).read_bytes()


def _open_again() -> None:
    os.close(os.open(__file__, os.O_RDONLY))


def _look() -> None:
    os.listdir(".")


def _connect() -> None:
    socket.create_connection(("127.0.0.1", 9))


def _resolve() -> None:
    socket.getaddrinfo("localhost", 9)


def _run() -> None:
    subprocess.run([sys.executable, "-c", ""], check=True)


def _shell() -> None:
    os.system("true")  # pyright: ignore[reportDeprecated]  # what is tested


def _thread() -> None:
    threading.Thread(target=print).start()


def _sleep() -> None:
    time.sleep(0.001)  # what is tested


async def _wait() -> None:
    await asyncio.sleep(0.001)  # noqa: TID251  # what is tested


async def _dial() -> None:
    await asyncio.open_connection("127.0.0.1", 9)


async def _spawn() -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await process.wait()


async def _offload() -> None:
    await asyncio.to_thread(print)


REACHES: dict[str, Callable[[], None] | Callable[[], Awaitable[None]]] = {
    "open": _open, "openAgain": _open_again, "look": _look, "connect": _connect,
    "resolve": _resolve, "run": _run, "shell": _shell, "thread": _thread, "sleep": _sleep,
    "wait": _wait, "dial": _dial, "spawn": _spawn, "offload": _offload,
}  # fmt: skip


async def _reach(what: str) -> str:
    pending = REACHES[what]()
    if pending is not None:
        await pending
    return what


@query
async def in_query(ctx: QueryCtx, what: str) -> str:
    return await _reach(what)


@mutation
async def in_mutation(ctx: MutationCtx, what: str) -> str:
    return await _reach(what)


@mutation
async def in_group(ctx: MutationCtx, what: str) -> str:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(_reach(what))
    return task.result()


@action
async def in_action(ctx: ActionCtx, what: str) -> str:
    await ctx.run_query(counters.get, name="x")
    return await _reach(what)


@query
async def harmless(ctx: QueryCtx) -> str:
    """Reads files by way of Python itself."""
    import this  # noqa: F401  # pyright: ignore[reportUnusedImport]  # what is tested

    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        log.exception("caught")
    async with asyncio.timeout(10):
        await asyncio.sleep(0)  # noqa: TID251  # no timer
    return ZoneInfo("Asia/Jakarta").key


@query
async def forever(ctx: QueryCtx, name: str) -> int:
    value = await ctx.run_query(counters.get, name=name)
    while True:
        value += 1


@mutation
async def stubborn(ctx: MutationCtx, name: str) -> None:
    await ctx.run_mutation(counters.add, name=name)
    while True:
        try:
            while True:
                pass
        except Exception:
            log.warning("went on")


@query
async def hoards(ctx: QueryCtx) -> int:
    kept: list[bytes] = []
    while True:
        kept.append(b"x" * 2**20)


@query
async def asks_too_much(ctx: QueryCtx) -> int:
    return len(bytes(2**62))


@mutation
async def catch_all(ctx: MutationCtx) -> None:
    while True:
        try:
            await ctx.run_query(counters.get, name="x")
            _spin()
        except:  # noqa: E722  # what is tested
            continue


def _spin() -> None:
    while True:
        pass


@query
async def filtered(ctx: QueryCtx) -> list[Note]:
    def endless(note: Note) -> bool:
        while note.text:
            pass
        return True

    return await ctx.db.query(Note).filter(endless).collect()


@query
async def forever_inside(ctx: QueryCtx) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(_endless())


async def _endless() -> None:
    while True:
        pass


@action
async def tries(ctx: ActionCtx) -> str:
    try:
        await ctx.run_query(forever, name="x")
    except Exception as error:
        return str(error)
    return "ended"


@query
async def stuck(ctx: QueryCtx) -> None:
    await gate.passing()


@action
async def stuck_action(ctx: ActionCtx) -> None:
    await gate.passing()


counted = [0]


@query
async def fickle(ctx: QueryCtx) -> dict[str, list[int]]:
    counted[0] += 1
    return {"same": [1], "counts": [1, counted[0]]}


@query
async def curious(ctx: QueryCtx) -> int:
    counted[0] += 1
    await ctx.run_query(counters.get, name=f"counter {counted[0]}")
    return 0


@query
async def moody(ctx: QueryCtx) -> int:
    counted[0] += 1
    if counted[0] % 2 == 0:
        raise ZeroDivisionError
    return 0


@query
async def steady(ctx: QueryCtx) -> list[float]:
    counted[0] += 1
    return [ctx.random.random(), ctx.now_ms(), ctx.uuid().int % 1000]
