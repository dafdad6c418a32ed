"""One server per file: a second is refused, a killed one's successor waits for its last writes."""

from __future__ import annotations

import errno
import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reactor.errors import ProjectError
from reactor.runtime.clock import VirtualClock
from reactor.storage.lock import PATIENCE_SECONDS, FileLock


class SteppingClock(VirtualClock):
    """Moves by itself whenever somebody sleeps, and tells."""

    def __init__(self, slept: Callable[[], None] = lambda: None) -> None:
        super().__init__()
        self._slept = slept

    async def sleep(self, seconds: float) -> None:
        self.advance(seconds)
        self._slept()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data.db"


@pytest.fixture
def dead_process() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def held_by(path: Path, process: int) -> int:
    """The lock as somebody else's: its descriptor."""
    descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    os.write(descriptor, b"%d\n" % process)
    return descriptor


def content(path: Path) -> str:
    return Path(f"{path}.lock").read_text()


async def test_a_second_server_is_refused_at_once(path: Path) -> None:
    one, two = FileLock(path, VirtualClock()), FileLock(path, VirtualClock())
    await one.acquire()
    with pytest.raises(ProjectError, match=rf"in use by .* \(process {os.getpid()}\)"):
        await two.acquire()
    one.release()
    one.release()
    await two.acquire()
    two.release()


async def test_the_writer_of_a_killed_server_is_waited_for(path: Path, dead_process: int) -> None:
    descriptor = held_by(path, dead_process)
    waits: list[float] = []

    def slept() -> None:
        waits.append(clock.monotonic())
        if len(waits) == 3:
            os.close(descriptor)

    clock = SteppingClock(slept)
    lock = FileLock(path, clock)
    await lock.acquire()
    assert len(waits) == 3
    assert content(path) == f"{os.getpid()}\n"
    lock.release()


async def test_waiting_ends(path: Path, dead_process: int) -> None:
    descriptor = held_by(path, dead_process)
    clock = SteppingClock()
    with pytest.raises(ProjectError, match="in use"):
        await FileLock(path, clock).acquire()
    assert PATIENCE_SECONDS <= clock.monotonic() < PATIENCE_SECONDS + 1
    os.close(descriptor)


async def test_a_holder_that_has_not_written_its_number_yet_is_waited_for(path: Path) -> None:
    descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, fcntl.LOCK_EX)

    def slept() -> None:
        os.pwrite(descriptor, b"1\n", 0)

    clock = SteppingClock(slept)
    with pytest.raises(ProjectError, match="process 1"):
        await FileLock(path, clock).acquire()
    assert clock.monotonic() < 1
    os.close(descriptor)


async def test_a_lock_file_that_cannot_be_written_is_one_sentence(path: Path) -> None:
    os.mkdir(f"{path}.lock")
    with pytest.raises(ProjectError, match=r"data\.db\.lock cannot be written"):
        await FileLock(path, VirtualClock()).acquire()


async def test_another_users_server_counts_as_alive(
    path: Path, dead_process: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(process: int, number: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", refuse)
    descriptor = held_by(path, dead_process)
    with pytest.raises(ProjectError, match="in use"):
        await FileLock(path, VirtualClock()).acquire()
    os.close(descriptor)


async def test_a_file_system_without_locks_is_one_sentence(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(ProjectError, match="No locks available"):
        await FileLock(path, VirtualClock()).acquire()
