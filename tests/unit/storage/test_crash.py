"""A server is killed at any moment: nothing acknowledged is lost, and no batch is half there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from reactor.runtime.random import SeededEntropy
from reactor.storage.appenders import WriterKind
from reactor.storage.sqlite import SqliteStorage
from tests.unit.storage import crash_child
from tests.unit.storage.world import select

ROOT = Path(__file__).parents[3]


def run_and_kill(path: Path, kind: WriterKind, acknowledgements: int, *, with_writer: bool) -> int:
    """Kills the child after so many acknowledgements; the newest one that it gave, before or after."""
    command = [sys.executable, crash_child.__file__, str(path), kind]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as child:
        assert child.stdout is not None
        writer_pid = int(child.stdout.readline())
        newest = 0
        for _ in range(acknowledgements):
            newest = int(child.stdout.readline())
        if with_writer and writer_pid:
            os.kill(writer_pid, signal.SIGKILL)
        child.kill()
        *_, rest = (b"", *child.stdout.read().split(b"\n")[:-1])
        return int(rest or newest)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize(
    ("kind", "with_writer"), [("process", False), ("process", True), ("thread", False)]
)
async def test_killed_at_any_moment(
    tmp_path: Path, kind: WriterKind, with_writer: bool, seed: int
) -> None:
    chance = SeededEntropy(seed).seeded()
    path = tmp_path / "data.db"
    durable = 0
    for _ in range(2):  # the second server goes on where the first was killed
        newest = run_and_kill(path, kind, chance.randint(1, 60), with_writer=with_writer)
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
