"""The server's ends of the writers: never blocking, never silent about a writer that is gone."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from reactor.errors import ProjectError
from reactor.storage import writer
from reactor.storage.appenders import WriterKind
from reactor.storage.sqlite import SqliteStorage
from tests.unit.storage.world import NEWS, batch, first, landing, news, store

BIG = b'"' + b"x" * 1_000_000 + b'"'


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[SqliteStorage]:
    """With a writer process, open and used once."""
    made = SqliteStorage(tmp_path / "data.db", "process")
    await made.open()
    await store(made, first(news("a", 1)))
    yield made
    await made.close()


def pid_of(storage: SqliteStorage) -> int:
    assert storage.writer_pid is not None
    return storage.writer_pid


def kill_and_wait(pid: int) -> None:
    """Until it is dead, and still there for its parent to reap."""
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)


def code(error: BaseException | None) -> str | None:
    return getattr(error, "code", None)


async def test_a_large_batch_does_not_hold_the_loop(storage: SqliteStorage) -> None:
    """The writer takes nothing for a while; the loop goes on, and the batch lands in the end."""
    os.kill(pid_of(storage), signal.SIGSTOP)
    landed = landing(storage, batch(2, *(news(f"{n}", 2, BIG) for n in range(8))))
    for _ in range(10):
        await asyncio.wait([landed], timeout=0)
    assert not landed.done()
    os.kill(pid_of(storage), signal.SIGCONT)
    assert await landed is None
    await store(storage, batch(3, news("0", 3, b"small")))
    assert len(list(storage.load())) == 9


@pytest.mark.parametrize("size", [1, 8])
async def test_a_writer_that_dies_fails_the_batch_in_flight(
    storage: SqliteStorage, size: int
) -> None:
    os.kill(pid_of(storage), signal.SIGSTOP)
    landed = landing(storage, batch(2, *(news(f"{n}", 2, BIG) for n in range(size))))
    os.kill(pid_of(storage), signal.SIGKILL)
    error = await landed
    assert code(error) == "StorageFailed"
    assert "writer process ended with status -9" in str(error)
    assert await landing(storage, batch(3)) is error
    assert [id for _, id, _ in storage.load()] == ["a"]


async def test_a_writer_that_dies_idle_fails_the_next_batch(storage: SqliteStorage) -> None:
    os.kill(pid_of(storage), signal.SIGKILL)
    assert code(await landing(storage, batch(2))) == "StorageFailed"
    assert code(await landing(storage, batch(3))) == "StorageFailed"


async def test_a_batch_handed_to_a_dead_writer_fails(storage: SqliteStorage) -> None:
    """The loop has had no turn in which to notice."""
    kill_and_wait(pid_of(storage))
    assert code(await landing(storage, batch(2))) == "StorageFailed"


async def test_a_writer_that_dies_while_it_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty.py"
    os.close(os.open(empty, os.O_CREAT))
    monkeypatch.setattr(writer, "__file__", str(empty))
    storage = SqliteStorage(tmp_path / "data.db", "process")
    with pytest.raises(ProjectError, match="ended with status 0"):
        await storage.open()
    monkeypatch.undo()
    await storage.open()
    await storage.close()


async def test_a_disk_that_refuses_fails_the_batch(storage: SqliteStorage, tmp_path: Path) -> None:
    size = (tmp_path / "data.db-wal").stat().st_size + 100_000
    resource.prlimit(pid_of(storage), resource.RLIMIT_FSIZE, (size, size))
    error = await landing(storage, batch(2, news("b", 2, BIG)))
    assert code(error) == "StorageFailed"
    assert "disk" in str(error)
    assert await landing(storage, batch(3)) is error
    await storage.close()
    assert (await storage.open()).last_ts == 1


async def test_the_process_is_gone_after_close(storage: SqliteStorage) -> None:
    pid = pid_of(storage)
    await storage.close()
    assert storage.writer_pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_the_thread_is_gone_after_close(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "data.db", "thread")
    await storage.open()
    assert storage.writer_pid is None
    assert "reactor-writer" in {thread.name for thread in threading.enumerate()}
    await storage.close()
    assert "reactor-writer" not in {thread.name for thread in threading.enumerate()}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
async def test_a_thread_that_breaks_fails_the_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: writer.Writer, frame: writer.Frame) -> None:
        raise AssertionError

    storage = SqliteStorage(tmp_path / "data.db", "thread")
    await storage.open()
    monkeypatch.setattr(writer.Writer, "append", broken)
    error = await landing(storage, first())
    assert code(error) == "StorageFailed"
    assert "writer thread ended" in str(error)
    await storage.close()


@pytest.mark.parametrize("kind", ["process", "thread"])
async def test_a_row_that_sqlite_cannot_take_fails_the_batch(
    tmp_path: Path, kind: WriterKind
) -> None:
    storage = SqliteStorage(tmp_path / "data.db", kind)
    await storage.open()
    error = await landing(storage, first((NEWS, "a", 2**70, b"{}")))
    assert code(error) == "StorageFailed"
    await storage.close()
    assert (await storage.open()).last_ts == 0
    await storage.close()
