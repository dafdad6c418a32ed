"""The figures: each starts a server on new data, runs the load, and measures its limit."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import limits
from bench.measure import Result
from bench.processes import Process, echo, load, measured, reactor


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table; `limit` is what the machine allows, measured in the same run."""

    name: str
    value: float
    unit: str
    limit: float
    beside: str
    note: str = ""

    @property
    def ratio(self) -> float:
        """How many times the limit the value is."""
        return self.value / self.limit


@dataclass(frozen=True, slots=True)
class Bench:
    """How thoroughly, and on which disk.

    Args:
        folder: on the disk that is measured; every server gets a new folder in it.
        quick: a tenth of the work, for a first look.
    """

    folder: Path
    quick: bool

    def times(self, full: int) -> int:
        """How often something is repeated."""
        return max(full // 10, 5) if self.quick else full

    @property
    def seconds(self) -> float:
        """How long a rate is counted."""
        return 1.0 if self.quick else 4.0

    def steadiest(self, clients: int) -> tuple[Result, float, float]:
        """Durable mutations with SQLite's commits a second and an `fdatasync` in µs around them.

        The disk's speed changes from one second to the next, so this is the middle one of three.
        """
        rounds: list[tuple[Result, float, float]] = []
        for _ in range(3):
            before = self._disk()
            with self.server() as server:
                found = load("mutations", server, clients=clients, seconds=self.seconds / 2)
            after = self._disk()
            commits, sync = ((one + other) / 2 for one, other in zip(before, after, strict=True))
            rounds.append((found, commits, sync))
        return sorted(rounds, key=lambda each: each[0]["rate"] / each[1])[1]

    def _disk(self) -> tuple[float, float]:
        with tempfile.TemporaryDirectory(dir=self.folder) as name:
            commits = limits.sqlite_inserts(Path(name), self.seconds / 8)
        return commits, limits.fdatasync_us(self.folder, self.times(200))

    @contextmanager
    def server(self, start: Callable[[Path], Process] = reactor) -> Iterator[Process]:
        """A server on an empty folder."""
        with tempfile.TemporaryDirectory(dir=self.folder) as name, start(Path(name)) as process:
            yield process


def latency(bench: Bench) -> Iterator[Figure]:
    """Write to subscriber on an idle server."""
    writes = bench.times(2_000)
    with bench.server() as server:
        found = load("latency", server, writes=writes, folder=str(bench.folder))
    with bench.server(echo) as bare:
        there = load("echo", bare, writes=writes)["p50"]
    for share, disk in (("p50", found["disk"]), ("p99", found["disk_p99"])):
        beside, note = f"raw echo p50 + fdatasync {share}", f"{there:.0f} + {disk:.0f}"
        yield Figure(f"push latency {share}", found[share], "µs", there + disk, beside, note)


def fanout(bench: Bench) -> Iterator[Figure]:
    """One query of many sockets."""
    for sockets, query in ((100, "recent"), (1_000, "recent"), (1_000, "get")):
        with bench.server() as server:
            found = load("fanout", server, sockets=sockets, writes=bench.times(100), query=query)
        size = int(found["frame"])
        wall, cpu = limits.write_loop_us(sockets, size, bench.times(100))
        name = f"fan-out to {sockets:,} of {size:,} B"
        beside = f"os.write to {sockets:,} sockets"
        yield Figure(f"{name}: last has it", found["last"], "µs", wall, beside)
        note = f"and {found['alone']:.0f} µs per write"
        yield Figure(f"{name}: CPU per push", found["cpu"], "µs", cpu, "os.write of it", note)


def isolation(bench: Bench) -> Iterator[Figure]:
    """Writes among live queries that they do not touch."""
    with bench.server() as server:
        found = load("isolation", server, few=100, many=10_000, writes=bench.times(500))
    for kind, words in (("cpu", "CPU"), ("latency", "latency p50")):
        name = f"{words} per write, 10,000 queries"
        yield Figure(name, found[f"{kind}_many"], "µs", found[f"{kind}_few"], "itself at 100")


def mutations(bench: Bench) -> Iterator[Figure]:
    """Durable writes."""
    with bench.server(echo) as bare:
        raw = load("echoes", bare, clients=32, seconds=bench.seconds)
    for clients in (1, 16, 64):
        found, limit, disk = bench.steadiest(clients)
        name, beside = f"durable mutations, {clients} in flight", "SQLite, one per FULL commit"
        note = f"p50 {found['p50']:.0f} µs"
        yield Figure(name, found["rate"], "/s", limit, beside, note)
        if clients == 1:
            yield Figure("lone durable mutation p50", found["p50"], "µs", disk, "fdatasync p50")
    name = "CPU per mutation, 64 in flight"
    note = f"{found['writer']:.0f} µs of it in the storage writer"
    yield Figure(name, found["cpu"], "µs", raw["cpu"], "raw echo's CPU", note)


def queries(bench: Bench) -> Iterator[Figure]:
    """Reads of 20 rows."""
    clients, seconds = 32, bench.seconds
    with bench.server(echo) as bare:
        raw = load("echoes", bare, clients=clients, seconds=seconds)
        route = load("http", bare, clients=clients, seconds=seconds, kind="bare")
    for kind in ("cold", "shared"):
        with bench.server() as server:
            over = load("queries", server, clients=clients, seconds=seconds, kind=kind)
            plain = load("http", server, clients=clients, seconds=seconds, kind=kind)
        for way, found, limit, beside in (
            ("WebSocket", over, raw, "raw echo"),
            ("HTTP", plain, route, "bare Starlette route"),
        ):
            note = f"CPU {found['cpu']:.0f}/{limit['cpu']:.0f} µs, load {found['load']:.0%}"
            name = f"{kind} queries over {way}"
            yield Figure(name, found["rate"], "/s", limit["rate"], beside, note)
            if way == "WebSocket" and kind == "cold":
                yield Figure(name, found["rate"], "/s", route["rate"], "bare Starlette route")


def scheduled(bench: Bench) -> Iterator[Figure]:
    """Mutations that are all due at once."""
    count = 1_000 if bench.quick else 10_000
    with tempfile.TemporaryDirectory(dir=bench.folder) as name:
        found = measured("bench.jobs", {"folder": name, "count": count})
    name, beside = f"{count:,} scheduled mutations due at once", "plain, through the same runner"
    yield Figure(name, found["scheduled"], "/s", found["plain"], beside)
    cpus = found["scheduled_cpu"], "µs", found["plain_cpu"]
    yield Figure("CPU per scheduled mutation", *cpus, "plain, through the same runner")
    whole = count / found["plain"] * 1_000
    for share in ("p50", "p99"):
        yield Figure(f"their lateness {share}", found[share], "ms", whole, "as many plain ones")


def memory(bench: Bench) -> Iterator[Figure]:
    """What idle clients and live queries weigh."""
    with bench.server() as server:
        socket = load("idle", server, sockets=2_000, kind="session")["bytes"]
    with bench.server(echo) as bare:
        raw = load("idle", bare, sockets=2_000, kind="bare")["bytes"]
    yield Figure("memory per idle session", socket, "B", raw, "bare socket of that class")
    with bench.server() as server:
        found = load("live", server, queries=10_000)
    name, beside = "memory per live query", "its Add and its result on the wire"
    yield Figure(name, found["bytes"], "B", found["wire"], beside)


FIGURES = (latency, fanout, isolation, mutations, queries, scheduled, memory)
