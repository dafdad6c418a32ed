"""The file: made when missing, refused in one clear sentence when it cannot be used."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from reactor.errors import ProjectError, ReactorError, StorageFailed
from reactor.runtime.clock import VirtualClock
from reactor.storage import sqlite, writer
from reactor.storage.appenders import WriterKind
from reactor.storage.sqlite import SqliteStorage
from tests.unit.storage.world import batch, first, landing, news, select, store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data.db"


@pytest.fixture(params=["process", "thread"])
def kind(request: pytest.FixtureRequest) -> WriterKind:
    kind: WriterKind = request.param
    return kind


async def filled(path: Path, count: int = 2000) -> None:
    """A closed file of some 600 kB."""
    storage = SqliteStorage(path, "thread")
    await storage.open()
    body = b'"' + b"x" * 250 + b'"'
    await store(storage, first(*(news(f"{n:05}", 1, body) for n in range(count))))
    await storage.close()


def write(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def read(path: Path) -> bytes:
    return path.read_bytes()


def spoil(path: Path) -> None:
    """Writes garbage over pages in the middle of a file."""
    with path.open("r+b") as file:
        file.seek(4096 * 20)
        file.write(b"\xa5" * 4096 * 100)


def cut(path: Path, keep: float) -> None:
    os.truncate(path, int(path.stat().st_size * keep))


async def refused(path: Path) -> ReactorError:
    """The error of an open that must fail, with everything let go again."""
    storage = SqliteStorage(path, "thread", clock=VirtualClock())
    with pytest.raises(ReactorError) as caught:
        await storage.open()
    assert "\n" not in str(caught.value)
    assert str(path.parent) in str(caught.value)
    assert storage.writer_pid is None
    return caught.value


async def test_missing_folders_are_made(tmp_path: Path, kind: WriterKind) -> None:
    storage = SqliteStorage(tmp_path / "a" / "b c" / "d?e#f%.db", kind)
    await storage.open()
    await store(storage, first(news("a", 1)))
    assert [id for _, id, _ in storage.load()] == ["a"]
    await storage.close()


async def test_a_person_can_read_the_file_while_it_is_used(path: Path, kind: WriterKind) -> None:
    storage = SqliteStorage(path, kind)
    await storage.open()
    await store(storage, first(news("a", 1, b'{"title":"Hello"}')))
    assert select(path, """SELECT "table", body ->> 'title' FROM docs""") == [("news", "Hello")]
    assert select(path, "PRAGMA journal_mode") == [("wal",)]
    await storage.close()
    assert sorted(p.name for p in path.parent.iterdir()) == ["data.db", "data.db.lock"]


async def test_two_servers_on_one_file(path: Path, kind: WriterKind) -> None:
    one = SqliteStorage(path, kind)
    await one.open()
    error = await refused(path)
    assert "in use by another reactor server" in str(error)
    await store(one, first(news("a", 1)))
    await one.close()
    two = SqliteStorage(path, kind)
    assert (await two.open()).last_ts == 1
    await two.close()


async def test_no_database(path: Path) -> None:
    diary = b"Dear diary, " * 1000
    write(path, diary)
    error = await refused(path)
    assert isinstance(error, ProjectError)
    assert "not an SQLite database" in str(error)
    assert read(path) == diary


async def test_a_damaged_header(path: Path) -> None:
    write(path, b"SQLite format 3\0" + b"\xff" * 5000)
    assert isinstance(await refused(path), ProjectError)


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.9])
async def test_a_file_cut_short(path: Path, keep: float) -> None:
    await filled(path)
    cut(path, keep)
    assert "corrupt" in str(await refused(path))


async def test_a_file_with_garbage_in_it(path: Path) -> None:
    await filled(path)
    spoil(path)
    assert "corrupt" in str(await refused(path))


async def test_damage_met_while_loading(path: Path) -> None:
    storage = SqliteStorage(path, "thread")
    await filled(path)
    await storage.open()
    spoil(path)
    with pytest.raises(ProjectError, match="corrupt"):
        list(storage.load())
    await storage.close()


async def test_an_empty_file_is_a_new_one(path: Path) -> None:
    write(path, b"")
    storage = SqliteStorage(path, "thread")
    assert (await storage.open()).is_new
    await storage.close()


async def test_a_folder_in_place_of_the_file(path: Path) -> None:
    os.mkdir(path)
    assert "not a file" in str(await refused(path))


async def test_a_file_in_place_of_the_folder(path: Path) -> None:
    write(path, b"")
    assert "cannot be made" in str(await refused(path / "deeper" / "data.db"))


async def test_a_file_that_contradicts_itself(path: Path) -> None:
    await filled(path, 1)
    select(path, "UPDATE documents SET ts = 2")
    error = await refused(path)
    assert isinstance(error, StorageFailed)
    assert "newer than the last commit" in str(error)


async def test_a_program_that_holds_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "BUSY_SECONDS", 0.01)
    await filled(path, 1)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert "held by another program" in str(await refused(path))
    other.close()


async def test_a_file_system_without_a_shared_log(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "_JOURNAL", "PRAGMA journal_mode=TRUNCATE")
    assert "without shared memory" in str(await refused(path))


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that a user without rights can reach, as whom the test goes on."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    yield folder
    os.seteuid(user)
    folder.chmod(0o700)
    shutil.rmtree(folder)


async def test_a_folder_that_cannot_be_written(public_folder: Path) -> None:
    closed = public_folder / "closed"
    closed.mkdir(mode=0o500)
    error = await refused(closed / "data.db")
    assert isinstance(error, ProjectError)
    assert "cannot be written" in str(error)
    assert "cannot be made" in str(await refused(closed / "deeper" / "data.db"))


async def test_a_read_only_file(public_folder: Path) -> None:
    path = public_folder / "data.db"
    await filled(path, 1)
    path.chmod(0o400)
    error = await refused(path)
    assert isinstance(error, ProjectError)
    assert "cannot be written" in str(error)


async def test_a_full_disk_stops_the_store(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail-stop: the batch is not there, nor is any after it, and what was acknowledged is."""

    class SmallDisk(writer.Writer):
        def __init__(self, uri: str, sql: dict[str, str]) -> None:
            super().__init__(uri, sql)
            self._db.execute("PRAGMA max_page_count=50")

    monkeypatch.setattr(writer, "Writer", SmallDisk)
    storage = SqliteStorage(path, "thread")
    await storage.open()
    await store(storage, first(news("a", 1)))
    error = await landing(storage, batch(2, news("b", 2, b"x" * 1_000_000)))
    assert isinstance(error, StorageFailed)
    assert "No space is left" in str(error)
    assert await landing(storage, batch(3, news("c", 3))) is error
    await storage.close()
    assert (await storage.open()).last_ts == 1
    assert [id for _, id, _ in storage.load()] == ["a"]
    await storage.close()


async def test_a_writer_that_cannot_start_lets_everything_go(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: writer.Writer, uri: str, sql: dict[str, str]) -> None:
        raise sqlite3.OperationalError("unable to open database file")

    monkeypatch.setattr(writer.Writer, "__init__", broken)
    assert "cannot be opened" in str(await refused(path))
    monkeypatch.undo()
    storage = SqliteStorage(path, "thread")
    await storage.open()
    await storage.close()


@pytest.mark.parametrize("turns", [1, 5, 20, 40])
async def test_an_open_that_is_cancelled_lets_everything_go(
    path: Path, kind: WriterKind, turns: int
) -> None:
    cancelled = SqliteStorage(path, kind)
    opening = asyncio.ensure_future(cancelled.open())
    for _ in range(turns):
        await asyncio.wait([opening], timeout=0.001)
    opening.cancel()
    await asyncio.wait([opening])
    await cancelled.close()  # it may have been open before
    storage = SqliteStorage(path, kind)
    await storage.open()
    await storage.close()


async def test_a_look_beside_a_running_server(path: Path) -> None:
    """`reactor check --data` reads what is there and disturbs nobody."""
    with pytest.raises(ProjectError, match="no database"):
        SqliteStorage(path).look()
    storage = SqliteStorage(path, "thread")
    await storage.open()
    await store(storage, first(news("1", 1)))
    opened = SqliteStorage(path).look()
    assert (opened.last_ts, opened.tables["news"]) == (1, 10_001)
    assert [row[1] for row in SqliteStorage(path).load()] == ["1"]
    await store(storage, batch(2, news("2", 2)))
    await storage.close()


async def test_a_look_at_another_version(path: Path) -> None:
    await filled(path, 1)
    select(path, "PRAGMA user_version=99")
    with pytest.raises(ProjectError, match="storage version 99"):
        SqliteStorage(path).look()
    select(path, "PRAGMA application_id=1")
    with pytest.raises(ProjectError, match="not reactor's"):
        SqliteStorage(path).look()
