"""A server is killed at any moment: nothing acknowledged is lost, and no batch is half there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reactor.runtime.clock import SystemClock
from reactor.runtime.random import SeededEntropy
from reactor.storage.appenders import WriterKind
from reactor.storage.sqlite import SqliteStorage
from tests.simulation import crash_child
from tests.unit.storage.world import select

ROOT = Path(__file__).parents[3]


def start(path: Path, kind: WriterKind) -> subprocess.Popen[bytes]:
    command = [sys.executable, crash_child.__file__, str(path), kind]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=environment)


def read_number(child: subprocess.Popen[bytes]) -> int:
    assert child.stdout is not None
    return int(child.stdout.readline())


def run_and_kill(path: Path, kind: WriterKind, acknowledgements: int, *, with_writer: bool) -> int:
    """Kills the child some time after so many acknowledgements; the newest that it gave."""
    with start(path, kind) as child:
        assert child.stdout is not None
        writer_pid = read_number(child)
        newest = 0
        for _ in range(acknowledgements):
            newest = read_number(child)
        if with_writer and writer_pid:
            os.kill(writer_pid, signal.SIGKILL)
        child.kill()
        whole_lines = child.stdout.read().split(b"\n")[:-1]
        return int(whole_lines[-1]) if whole_lines else newest


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("kind", ["process", "thread"])
async def test_killed_at_any_moment(tmp_path: Path, kind: WriterKind, seed: int) -> None:
    chance = SeededEntropy(seed).seeded()
    path = tmp_path / "data.db"
    durable = 0
    for _ in range(2):  # the second server goes on where the first was killed
        acknowledgements, with_writer = chance.randint(1, 50), chance.random() < 0.4
        newest = run_and_kill(path, kind, acknowledgements, with_writer=with_writer)
        assert newest > durable
        storage = SqliteStorage(path, "thread")
        opened = await storage.open()
        durable = opened.last_ts
        assert newest <= durable <= newest + 1
        assert opened.meta == {"ts": str(durable)}
        loaded = {(table, id): body for table, id, body in storage.load()}
        assert loaded == crash_child.documents_at(durable)
        await storage.close()
    assert select(path, "SELECT count(*), max(ts) FROM commits") == [(durable, durable)]
    assert select(path, "PRAGMA integrity_check") == [("ok",)]


async def test_the_next_server_waits_for_the_writer_of_the_killed_one(tmp_path: Path) -> None:
    """The writer has a whole batch before it, and goes on only once somebody waits for it."""

    class WakingClock(SystemClock):
        waits = 0

        async def sleep(self, seconds: float) -> None:
            self.waits += 1
            os.kill(writer_pid, signal.SIGCONT)
            await super().sleep(seconds)

    path = tmp_path / "data.db"
    with start(path, "process") as child:
        writer_pid, newest = read_number(child), read_number(child)
        os.kill(writer_pid, signal.SIGSTOP)
        child.kill()
    clock = WakingClock()
    storage = SqliteStorage(path, "thread", clock=clock)
    assert (await storage.open()).last_ts >= newest
    assert clock.waits
    await storage.close()
