"""The writer: whole batches or nothing, and a process that outlives its server just long enough."""

from __future__ import annotations

import ast
import marshal
import os
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from reactor.storage import tables, writer
from tests.unit.storage.world import NEWS, select

SQL = tables.hot_statements()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with its tables."""
    made = tmp_path / "data.db"
    engine = create_engine(f"sqlite:///{made}")
    with engine.begin() as connection:
        tables.migrate(connection, "data.db")
    engine.dispose()
    assert select(made, "PRAGMA journal_mode=WAL") == [("wal",)]
    return made


def uri(path: Path) -> str:
    return f"file:{path}?mode=rw"


def frame(ts: int, *ids: str, size: int = 2) -> writer.Frame:
    rows: list[writer.Row] = [(NEWS, id, ts, b"x" * size) for id in ids]
    return (ts, 1, "digest", rows, [], [], ())


def stored(path: Path) -> tuple[list[int], list[str]]:
    """Timestamps of the commits, ids of the documents."""
    commits = select(path, "SELECT ts FROM commits ORDER BY ts")
    documents = select(path, "SELECT id FROM documents ORDER BY id")
    return [row[0] for row in commits], [row[0] for row in documents]


def test_the_script_needs_little_to_start() -> None:
    """Every import delays the start of the server; reactor itself would cost half a second."""
    tree = ast.parse(Path(writer.__file__).read_text())
    imported: set[str | None] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module)
    light = {"__future__", "collections.abc", "marshal", "os", "signal", "sqlite3", "sys"}
    assert imported <= light


def test_a_batch_writes_one_commit_row(path: Path) -> None:
    made = writer.Writer(uri(path), SQL)
    rows: list[writer.Row] = [(NEWS, "a", 4, b"1"), (NEWS, "a", 5, b"2"), (NEWS, "b", 5, None)]
    made.append((5, 2, "digest", rows, [(NEWS, "news", NEWS)], [("key", "value")], ()))
    made.close()
    assert select(path, "SELECT * FROM commits") == [(5, 2, 2, "digest")]
    assert select(path, "SELECT * FROM documents") == [(NEWS, "a", 5, "2")]
    assert not Path(f"{path}-wal").exists()


def test_a_batch_that_fails_at_its_end_leaves_nothing(path: Path) -> None:
    made = writer.Writer(uri(path), SQL)
    made.append(frame(1, "a"))
    rows: list[writer.Row] = [(NEWS, "b", 2, b"{}"), (NEWS, "a", 2, None)]
    with pytest.raises(sqlite3.Error):
        made.append((2, 1, "", rows, [], [("key", "fine"), ("key", None)], ()))  # type: ignore[list-item]  # refused by the column
    with pytest.raises(sqlite3.IntegrityError):
        made.append(frame(1, "c"))
    made.append(frame(3, "d"))
    made.close()
    assert stored(path) == ([1, 3], ["a", "d"])


def test_a_full_disk_leaves_nothing_half_there(path: Path) -> None:
    made = writer.Writer(uri(path), SQL)
    pages = select(path, "PRAGMA page_count")[0][0]
    made._db.execute(f"PRAGMA max_page_count={pages + 20}")  # pyright: ignore[reportPrivateUsage]  # a full disk
    made.append(frame(1, "a"))
    with pytest.raises(sqlite3.OperationalError, match="full"):
        made.append(frame(2, *(f"b{n:03}" for n in range(500)), size=1000))
    made.close()
    assert stored(path) == ([1], ["a"])


def converse(*frames: object) -> tuple[bool, list[tuple[int, str]]]:
    """The writer's loop over these frames: whether all went well, and its answers."""
    coming = iter(frames)
    answers: list[tuple[int, str]] = []
    is_well = writer.serve(lambda: next(coming), lambda ts, error: answers.append((ts, error)))
    return is_well, answers


def test_conversation_in_one_process(path: Path) -> None:
    is_well, answers = converse((uri(path), SQL), frame(1, "a"), frame(2, "b"), ())
    assert is_well
    assert answers == [(0, ""), (1, ""), (2, "")]


def test_a_failed_batch_ends_the_conversation(path: Path) -> None:
    """Whatever came after it would build on something that is not there."""
    is_well, answers = converse((uri(path), SQL), frame(1, "a"), frame(1, "b"), frame(2, "c"))
    assert not is_well
    assert answers == [(0, ""), (1, ""), (1, "UNIQUE constraint failed: commits.ts")]
    assert stored(path) == ([1], ["a"])


def test_a_file_that_cannot_be_opened_ends_it_too(tmp_path: Path) -> None:
    is_well, answers = converse((uri(tmp_path / "missing.db"), SQL))
    assert not is_well
    assert answers == [(0, "unable to open database file")]


def test_a_server_that_says_nothing() -> None:
    assert writer.serve(lambda: None, lambda ts, error: None)


@pytest.mark.parametrize(
    ("error", "text"),
    [(ValueError("one\n  two"), "one two"), (MemoryError(), "MemoryError")],
)
def test_errors_fit_a_line_and_are_never_empty(error: BaseException, text: str) -> None:
    assert writer.describe(error) == text


def test_frames_cut_short_are_no_frames() -> None:
    content = writer.pack(frame(1, "a"))
    assert marshal.loads(content[8:]) == frame(1, "a")
    for length in range(len(content)):
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.sendall(content[:length])
            ours.close()
            assert writer.read_frame(theirs.fileno()) is None


@contextmanager
def running(path: Path) -> Generator[tuple[socket.socket, subprocess.Popen[bytes]]]:
    """The script as a process that is ready."""
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-I", "-S", writer.__file__]
    with ours, theirs, subprocess.Popen(command, stdin=theirs.fileno()) as process:
        theirs.close()
        try:
            ours.sendall(writer.pack((uri(path), SQL)))
            assert writer.read_frame(ours.fileno()) == (0, "")
            yield ours, process
        finally:
            process.kill()


def test_the_process_finishes_what_it_received_whole(path: Path) -> None:
    """The server is killed while one batch waits and the next is half sent."""
    with running(path) as (ours, process):
        os.kill(process.pid, signal.SIGSTOP)
        half = writer.pack(frame(3, "half"))[:-1]
        content = writer.pack(frame(1, "one")) + writer.pack(frame(2, "two")) + half
        ours.sendall(content)
        ours.close()
        os.kill(process.pid, signal.SIGCONT)
        assert process.wait() == 0
    assert stored(path) == ([1, 2], ["one", "two"])


def test_the_process_survives_unread_acknowledgements(path: Path) -> None:
    with running(path) as (ours, process):
        ours.sendall(writer.pack(frame(1, "one")))
        assert ours.recv(1, socket.MSG_PEEK)
        ours.close()
        assert process.wait() == 0
    assert stored(path) == ([1], ["one"])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_process_leaves_signals_to_the_server(path: Path, number: signal.Signals) -> None:
    with running(path) as (ours, process):
        os.kill(process.pid, number)
        ours.sendall(writer.pack(frame(1, "one")))
        assert writer.read_frame(ours.fileno()) == (1, "")
        ours.sendall(writer.pack(()))
        assert process.wait() == 0


def test_the_process_answers_an_error_and_ends(path: Path) -> None:
    with running(path) as (ours, process):
        ours.sendall(writer.pack(frame(1, "a")) + writer.pack(frame(1, "b")))
        assert writer.read_frame(ours.fileno()) == (1, "")
        assert writer.read_frame(ours.fileno()) == (1, "UNIQUE constraint failed: commits.ts")
        assert process.wait() == 1
