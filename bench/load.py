"""The load program: one scenario against one server, its figures as a line of JSON.

    python -m bench.load SCENARIO '{"port": 3210, "pid": 123, …}'

Latencies are in microseconds; CPU is that of the server's processes, read before and after.
"""

from __future__ import annotations

import asyncio
import gc
import json
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from functools import partial
from itertools import count as counter
from pathlib import Path
from typing import Any

from bench.limits import Disk
from bench.measure import RESPONSE, UPDATED, Result, Round, percentile, pump
from bench.usage import cpu_us, pss_bytes
from bench.wire import (
    Connection,
    Session,
    open_http,
    open_session,
    open_sessions,
    open_socket,
    post,
)

TEXT = "A message as people send them, some eighty characters long, with nothing to hide."
PER_SOCKET = 1_000


def recent(channel: str, variant: int = 0) -> tuple[str, dict[str, Any]]:
    """The list query and its arguments."""
    return "messages:recent", {"channel": channel, "variant": variant}


def sending(session: Session, channel: str) -> bytes:
    """A frame that sends a message to a channel."""
    return session.mutation("messages:send", {"channel": channel, "text": TEXT})


async def fill(session: Session, channel: str, rows: int = 20) -> str:
    """Puts messages into a channel; gives the last one's id."""
    for _ in range(rows):
        answer = await session.ask(sending(session, channel), RESPONSE)
    return str(json.loads(answer)["result"])


async def latency(port: int, pid: int, writes: int, folder: str) -> Result:
    """From a write call to the one subscriber's push, one write at a time.

    The bare disk is asked in between: its speed changes from one second to the next.
    """
    writer, subscriber = await open_sessions(port, 2)
    await fill(writer, "latency")
    await subscriber.ask(subscriber.modify([recent("latency")]), UPDATED)
    turn = Round(writer, [subscriber])
    for _ in range(50):
        await turn.write(sending(writer, "latency"))
    times: list[float] = []
    syncs: list[float] = []
    with closing(Disk(Path(folder))) as disk:
        for _ in range(writes):
            times.append(await turn.write(sending(writer, "latency")))
            syncs.append(disk.sync_us())
    return {
        "p50": statistics.median(times),
        "p99": percentile(times, 0.99),
        "disk": statistics.median(syncs),
        "disk_p99": percentile(syncs, 0.99),
    }


async def echo(port: int, pid: int, writes: int) -> Result:
    """There and back through the bare server."""
    session = Session(await open_socket(port))
    data = sending(session, "latency")
    times: list[float] = []
    for _ in range(writes):
        started = time.perf_counter()
        await session.ask(data, b'"Mutation"')
        times.append((time.perf_counter() - started) * 1e6)
    return {"p50": statistics.median(times)}


async def fanout(port: int, pid: int, sockets: int, writes: int, query: str) -> Result:
    """One query of many sockets: `recent` has 20 rows, `get` one.

    A push's CPU is what a write costs more than it did before anybody had subscribed.
    """
    writer = await open_session(port)
    channel = f"fanout-{sockets}"
    id = await fill(writer, channel)
    wanted = recent(channel) if query == "recent" else ("messages:get", {"id": id})

    def change() -> bytes:
        if query == "recent":
            return sending(writer, channel)
        return writer.mutation("messages:bump", {"id": id})

    async def measure(turn: Round) -> tuple[float, float]:
        for _ in range(10):
            await turn.write(change())
        before = cpu_us(pid)
        times = [await turn.write(change()) for _ in range(writes)]
        return statistics.median(times), (cpu_us(pid) - before) / writes

    _, alone = await measure(Round(writer, []))
    subscribers = await open_sessions(port, sockets)
    await asyncio.gather(*(each.ask(each.modify([wanted]), UPDATED) for each in subscribers))
    turn = Round(writer, subscribers)
    last, cpu = await measure(turn)
    return {
        "last": last,
        "cpu": (cpu - alone) / sockets,
        "alone": alone,
        "frame": turn.frame_bytes,
    }


async def subscribe(port: int, queries: int, prefix: str) -> list[Session]:
    """Sockets with queries that all differ."""
    sessions = await open_sessions(port, -(-queries // PER_SOCKET))
    await watch(sessions, queries, prefix)
    return sessions


async def watch(sessions: list[Session], queries: int, prefix: str) -> float:
    """Adds queries that all differ, evenly; gives the bytes that one of them is on the wire."""
    share = queries // len(sessions)
    wire = 0
    for number, session in enumerate(sessions):
        data = session.modify([recent(f"{prefix}-{number}-{place}") for place in range(share)])
        wire += len(data) + len(await session.ask(data, UPDATED))
    return wire / queries


async def isolation(port: int, pid: int, few: int, many: int, writes: int) -> Result:
    """Writes that touch one live query, among few and among many others, in turns."""
    writer, subscriber = await open_sessions(port, 2)
    await fill(writer, "touched")
    await subscriber.ask(subscriber.modify([recent("touched")]), UPDATED)
    turn = Round(writer, [subscriber])
    base = await subscribe(port, few, "few")
    found: dict[str, list[tuple[float, float]]] = {"few": [], "many": []}
    for again in range(3):
        for name in ("few", "many"):
            others = [] if name == "few" else await subscribe(port, many - few, f"many{again}")
            await asyncio.sleep(1.0)
            for _ in range(20):
                await turn.write(sending(writer, "touched"))
            before = cpu_us(pid)
            times = [await turn.write(sending(writer, "touched")) for _ in range(writes)]
            cpu = (cpu_us(pid) - before) / writes
            found[name].append((cpu, statistics.median(times)))
            for other in others:
                other.socket.close()
            await asyncio.sleep(0.5)
    for session in base:
        session.socket.close()
    return {
        f"{kind}_{name}": statistics.median(pair[place] for pair in pairs)
        for name, pairs in found.items()
        for place, kind in enumerate(("cpu", "latency"))
    }


async def mutations(port: int, pid: int, clients: int, seconds: float) -> Result:
    """Durable mutations, one in flight on each socket."""
    sessions = await open_sessions(port, clients)
    requests = [partial(sending, session, f"rate-{n}") for n, session in enumerate(sessions)]
    return await pump([each.socket for each in sessions], requests, RESPONSE, pid, seconds)


async def queries(port: int, pid: int, clients: int, seconds: float, kind: str) -> Result:
    """Adds and drops a query of 20 rows over WebSocket: `cold` or `shared`."""
    keeper = await open_session(port)
    await fill(keeper, "queries")
    await keeper.ask(keeper.modify([recent("queries")]), UPDATED)
    variants = counter(1)
    sessions = await open_sessions(port, clients)

    def request(session: Session) -> Callable[[], bytes]:
        if kind == "shared":
            return lambda: session.modify([recent("queries")], drop=True)
        return lambda: session.modify([recent("queries", next(variants))], drop=True)

    requests = [request(session) for session in sessions]
    return await pump([each.socket for each in sessions], requests, UPDATED, pid, seconds)


async def http(port: int, pid: int, clients: int, seconds: float, kind: str) -> Result:
    """`/api/query` of the same 20 rows; `bare` is the bare server's route."""
    if kind != "bare":
        await fill(await open_session(port), "http")
    variants = counter(1)
    connections: list[Connection] = [await open_http(port) for _ in range(clients)]

    def request() -> bytes:
        path, args = recent("http", next(variants) if kind == "cold" else 0)
        body = {"path": path, "args": args, "format": "convex_encoded_json"}
        return post("/api/query", body)

    return await pump(connections, [request] * clients, b'"success"', pid, seconds)


async def echoes(port: int, pid: int, clients: int, seconds: float) -> Result:
    """Raw echo of a query's request."""
    session = Session(await open_socket(port))
    data = session.modify([recent("queries")], drop=True)
    sockets: list[Connection] = [await open_socket(port) for _ in range(clients)]
    return await pump(sockets, [lambda: data] * clients, b"ModifyQuerySet", pid, seconds)


async def idle(port: int, pid: int, sockets: int, kind: str) -> Result:
    """Memory of idle sockets, with a `session` each or `bare`."""
    settle = 1.5
    await open_sessions(port, 20)
    await asyncio.sleep(settle)
    before = pss_bytes(pid)
    if kind == "bare":
        kept: list[Any] = [await open_socket(port) for _ in range(sockets)]
    else:
        kept = await open_sessions(port, sockets)
        for each in kept:
            await each.ask(each.modify([]), b'"Transition"')
            each.socket.on_message = lambda payload: None
    await asyncio.sleep(settle)
    return {"bytes": (pss_bytes(pid) - before) / len(kept)}


async def live(port: int, pid: int, queries: int) -> Result:
    """Memory of live queries that all differ."""
    sessions = await subscribe(port, PER_SOCKET, "warm")
    await asyncio.sleep(1.0)
    before = pss_bytes(pid)
    sessions = await open_sessions(port, queries // PER_SOCKET)
    wire = await watch(sessions, queries, "live")
    await asyncio.sleep(1.5)
    return {"bytes": (pss_bytes(pid) - before) / queries, "wire": wire}


SCENARIOS: list[Callable[..., Awaitable[Result]]] = [
    latency, echo, fanout, isolation, mutations, queries, http, echoes, idle, live,
]  # fmt: skip


def main(name: str, options: dict[str, Any]) -> None:
    """Runs a scenario by its name."""
    scenario = {each.__name__: each for each in SCENARIOS}[name]
    run: Callable[..., Any] = asyncio.run
    with suppress(ImportError):
        import uvloop

        run = uvloop.run
    gc.disable()
    print(json.dumps(run(scenario(**options))))


if __name__ == "__main__":
    main(sys.argv[1], json.loads(sys.argv[2]))
