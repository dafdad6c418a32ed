"""Prints Reimaji's figures on a load data set, each beside what it is compared with.

    python -m bench.reimaji [--size S] [--data FOLDER] [--only NAME] [--quick] [--dir FOLDER]

The data set is stored first, unless `--data` names the data folder of a server that has it. What is
measured is a copy, so that every run sees the same data.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import limits
from bench.figures import Figure
from bench.processes import ADMIN_KEY, Process, measured, reimaji, standins
from bench.run import LINE, disk, line
from bench.usage import cpu_us, family, pss_bytes
from functions._load.sizes import SIZES, SizeName

MIB = 2**20


@dataclass(frozen=True, slots=True)
class Field:
    """A running server with a load data set.

    Args:
        server: the process.
        size: the name of the data set.
        quick: less of everything, for a first look.
    """

    server: Process
    size: SizeName
    quick: bool

    @property
    def users(self) -> int:
        return SIZES[self.size].users

    def load(self, scenario: str, **options: int) -> dict[str, float]:
        """Runs a scenario; raises `LookupError` for a function that is not there."""
        whole = {"port": self.server.port, "pid": self.server.pid, **options}
        found = measured("bench.reimaji_load", scenario, whole)
        if "missing" in found:
            raise LookupError(found["missing"])
        return found


def pair(name: str, found: dict[str, float], key: str, other: str, beside: str) -> Iterator[Figure]:
    """p50, p99 and CPU of one thing beside another's, in the same run."""
    for share in ("p50", "p99", "cpu"):
        words = "CPU" if share == "cpu" else share
        mine, theirs = found[f"{key}_{share}"], found[f"{other}_{share}"]
        yield Figure(f"{name}: {words}", mine, "µs", theirs, beside)


def lists(field: Field) -> Iterator[Figure]:
    """Pages of the news, none from the cache."""
    found = field.load("lists", times=100 if field.quick else 500)
    yield from pair("news:list, first page", found, "first", "bare", "GET /version")
    yield from pair("news:list, 20th page", found, "twentieth", "first", "the first page")


def publish(field: Field) -> Iterator[Figure]:
    """A publish a second."""
    sockets, writes = 1_000, 7 if field.quick else 22
    found = field.load("publish", sockets=sockets, writes=writes)
    wall, cpu = limits.write_loop_us(sockets, int(found["frame"]), 20)
    name, note = "publish to 1,000 lists", f"{found['frame']:,.0f} B"
    for share in ("p50", "p99"):
        beside = "os.write to 1,000 sockets"
        yield Figure(f"{name}: {share}", found[f"push_{share}"], "µs", wall, beside, note)
    yield Figure(f"{name}: CPU per push", found["cpu"], "µs", cpu, "os.write of it")


def unread(field: Field) -> Iterator[Figure]:
    """An announcement to everybody."""
    users = min(1_000, field.users // 2)
    found = field.load("unread", users=users, total=field.users)
    name, beside = f"announcement, {users:,} counts watched", "a subscribing's CPU, for all users"
    whole = found["subscribing"] * field.users
    for share in ("p50", "p99"):
        yield Figure(f"{name}: {share}", found[f"push_{share}"], "µs", whole, beside)
    yield Figure(f"{name}: CPU per user", found["cpu"], "µs", found["subscribing"], "a subscribing")


def complete(field: Field) -> Iterator[Figure]:
    """Many on one lesson."""
    found = field.load("complete", learners=200, total=field.users)
    name, beside = "200 x completeLesson at once", "one at a time"
    for share in ("p50", "p99"):
        alone = found[f"alone_{share}"]
        yield Figure(f"{name}: {share}", found[f"together_{share}"], "µs", alone, beside)
    yield Figure(f"{name}: CPU", found["cpu"], "µs", found["alone_cpu"], beside)


def views(field: Field) -> Iterator[Figure]:
    """Readers and lists."""
    found = field.load("views", sockets=500, rate=100, seconds=25 if field.quick else 60)
    name, pace = "100 recordView/s, 500 lists", 1e6 / 100
    for share in ("p50", "p99"):
        yield Figure(f"{name}: {share}", found[f"view_{share}"], "µs", pace, "until the next one")
    yield Figure(f"{name}: CPU", found["cpu"], "µs", pace, "all of one core")
    pushes = found["per_minute"]
    yield Figure(f"{name}: pushes per client", pushes, "/min", 6.0, "one a flush")


def dashboard(field: Field) -> Iterator[Figure]:
    """The admins' numbers."""
    found = field.load("dashboard", times=20 if field.quick else 200)
    yield from pair("getDashboardStats", found, "dashboard", "bare", "GET /version")


def searching(field: Field) -> Iterator[Figure]:
    """Two words."""
    found = field.load("searching", times=100 if field.quick else 500)
    yield from pair("searchContent", found, "search", "bare", "GET /version")


def streams(field: Field) -> Iterator[Figure]:
    """Fifty answers at once."""
    words = 100
    found = field.load("streams", count=50, total=field.users, words=words)
    name, ideal = "50 streams of 20 chunks/s", words * 50_000.0
    yield Figure(f"{name}: last is done", found["took"], "µs", ideal, "the provider's own pace")
    for share in ("p50", "p99"):
        beside, note = "flush interval", f"{found['pushes']:.0f} pushes a reader"
        yield Figure(f"{name}: gap {share}", found[f"gap_{share}"], "µs", 150_000.0, beside, note)
    yield Figure(
        f"{name}: CPU per chunk", found["cpu"], "µs", 1e6 / 1_000, "all of one core at 1,000/s"
    )


FIGURES: tuple[Callable[[Field], Iterator[Figure]], ...] = (
    lists, publish, unread, complete, views, dashboard, searching, streams,
)  # fmt: skip


# ---------------------------------------------------------------- the server and its data


def store(server: Process, size: SizeName) -> None:
    """Stores the data set; takes minutes for M."""
    body = {"path": "demo:load", "args": {"size": size}, "format": "json"}
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}/api/action",
        json.dumps(body).encode(),
        {"Authorization": f"Convex {ADMIN_KEY}", "Content-Type": "application/json"},
    )
    started, cpu = time.perf_counter(), cpu_us(server.pid)
    with urllib.request.urlopen(request) as response:
        answer = json.load(response)
    if answer["status"] != "success":
        raise RuntimeError(answer)
    wall, cpu = time.perf_counter() - started, (cpu_us(server.pid) - cpu) / 1e6
    print(f"{size} stored in {wall:,.0f} s, {cpu:,.0f} s of CPU", flush=True)


def report(figures: Iterator[Figure], name: str) -> None:
    """Prints a group; one that cannot be measured yet says so in one line."""
    try:
        for figure in figures:
            print(line(figure), flush=True)
    except LookupError as missing:
        print(f"{name}: {missing.args[0]} is not there yet", flush=True)


def main() -> None:
    """Runs the figures that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=list(SIZES), default="M")
    parser.add_argument("--data", type=Path, help="data folder of a server that has the set")
    names = [figure.__name__ for figure in FIGURES]
    parser.add_argument("--only", action="append", choices=names, help="this group; repeatable")
    parser.add_argument("--quick", action="store_true", help="a fifth of the work")
    parser.add_argument("--dir", default=disk(), help="a folder on the disk to be measured")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="reimaji-bench-", dir=options.dir) as name:
        folder = Path(name)
        if options.data:
            shutil.copytree(options.data, folder / "data")
        with standins(folder) as outside:
            if not options.data:
                with reimaji(folder, outside) as server:
                    store(server, options.size)
            started = time.perf_counter()
            with reimaji(folder, outside) as server:
                wall = time.perf_counter() - started
                memory = sum(map(pss_bytes, family(server.pid))) / MIB
                stored = (folder / "data" / "reactor.sqlite3").stat().st_size / MIB
                print(f"started in {wall:.1f} s, {memory:,.0f} MiB; on disk {stored:,.0f} MiB")
                print(LINE.format("figure", "value", "limit", "ratio", "beside"))
                field = Field(server, options.size, options.quick)
                for figure in FIGURES:
                    if not options.only or figure.__name__ in options.only:
                        report(figure(field), figure.__name__)


if __name__ == "__main__":
    sys.exit(main())
