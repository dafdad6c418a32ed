"""A store in one SQLite file: the batches through a writer beside the loop, all the rest here.

SQLAlchemy owns the tables and their migrations, once at the start; appends and the first load run
compiled SQL on the driver's own connections. WAL with `synchronous=FULL`: what was acknowledged
survives the power cut as well as the kill.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import URL, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from reactor.errors import ProjectError, StorageFailed
from reactor.runtime.clock import Clock, SystemClock
from reactor.storage import tables
from reactor.storage.appenders import Appender, ProcessAppender, ThreadAppender, WriterKind
from reactor.storage.faults import append_fault, start_fault
from reactor.storage.lock import FileLock

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from reactor.storage.base import Batch, Done, Opened

LOAD_ROWS = 1000
"""Documents fetched at once while loading: enough to be fast, few enough to stay in the cache."""

BUSY_SECONDS = 5.0
"""How long the start waits for another program that holds the file."""

_JOURNAL = "PRAGMA journal_mode=WAL"
_MAGIC = b"SQLite format 3\0"


class SqliteStorage:
    """Documents in one SQLite file, which one server at a time may use.

    States: closed, open (with or without a batch in flight), failed. Only `open` leaves the first,
    only a failed append or a writer that dies leads to the last, and only `close` leaves that.

    Args:
        path: the file; it and its folder are made when they are missing.
        writer: "process" for a server, "thread" where a second process is too much.
        clock: what waiting for a killed server's lock is measured by.
    """

    def __init__(
        self, path: str | Path, writer: WriterKind = "process", *, clock: Clock | None = None
    ) -> None:
        self._path = Path(os.path.abspath(path))
        self._kind = writer
        self._lock = FileLock(self._path, clock or SystemClock())
        self._appender: Appender | None = None
        self._failure: StorageFailed | None = None
        self._in_flight: Done | None = None
        self._last_ts = 0
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def writer_pid(self) -> int | None:
        """The writer process while it runs; None with a writer thread."""
        return None if self._appender is None else self._appender.pid

    async def open(self) -> Opened:
        """Locks the file, brings its tables up to date and starts the writer.

        Raises:
            ProjectError: the file or its folder cannot be used, or another server uses it.
            StorageFailed: the file contradicts itself.
        """
        assert self._appender is None, "open once"
        _make_folder(self._path)
        await self._lock.acquire()
        try:
            _inspect(self._path)
            opened = await _to_the_end(self._prepare())
            self._failure, self._last_ts = None, opened.last_ts
            self._appender = await self._start_writer()
        except BaseException:
            self._lock.release()
            raise
        return opened

    def look(self) -> Opened:
        """What the file holds, for a reader beside a running server: nothing is locked or changed.

        Raises:
            ProjectError: there is no such file, or it is not one that this reactor reads as it is.
            StorageFailed: the file contradicts itself.
        """
        if not self._path.is_file():
            raise ProjectError(f"There is no database at {self._path}.")
        _inspect(self._path)
        engine = create_engine(
            "sqlite://", creator=lambda: sqlite3.connect(self._uri("ro"), uri=True)
        )
        try:
            with engine.connect() as connection:
                tables.check_version(connection, str(self._path))
                return tables.read_opened(connection, str(self._path), is_new=False)
        except DBAPIError as error:
            raise start_fault(self._path, error.orig) from error
        finally:
            engine.dispose()

    def load(self) -> Iterator[tuple[int, str, bytes]]:
        """Every current document: store, id text, body; ordered by store, then id.

        Raises:
            ProjectError: the file turns out to be corrupt part of the way through.
        """
        try:
            connection = sqlite3.connect(self._uri("ro"), uri=True, isolation_level=None)
            try:
                cursor = connection.execute(tables.load_statement())
                while rows := cursor.fetchmany(LOAD_ROWS):
                    yield from rows
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise start_fault(self._path, error) from error

    def append(self, batch: Batch, done: Done) -> None:
        """Hands a batch to the writer and returns; the next one may follow once `done` was called.

        Args:
            batch: newer than every batch before.
            done: gets None when the batch is on the disk, else a StorageFailed.
        """
        assert self._in_flight is None, "one batch is in flight at a time"
        if self._appender is None or self._failure is not None:
            failure = self._failure or StorageFailed(f"{self._path} is not open.")
            asyncio.get_running_loop().call_soon(done, failure)
            return
        if batch.transactions:
            assert batch.ts > self._last_ts, "timestamps never go back"
            self._last_ts = batch.ts
        else:
            assert not batch.rows, "documents change only in transactions"
        self._in_flight = done
        self._idle.clear()
        self._appender.send(
            (
                batch.ts, batch.transactions, batch.digest, batch.rows, batch.tables, batch.meta,
                batch.drops,
            )
        )  # fmt: skip

    async def close(self) -> None:
        """Waits for the batch in flight, lets the writer fold its log into the file, unlocks."""
        if self._appender is not None:
            await self._idle.wait()
            await self._appender.stop()
            self._appender = None
            self._lock.release()

    def _landed(self, error: str | None) -> None:
        if error is not None and self._failure is None:
            self._failure = append_fault(self._path, error)
        done, self._in_flight = self._in_flight, None
        self._idle.set()
        if done is not None:
            done(self._failure)

    async def _start_writer(self) -> Appender:
        uri, sql = self._uri("rw"), tables.hot_statements()
        appender: Appender
        if self._kind == "process":
            appender = ProcessAppender(uri, sql, self._lock.descriptor, self._landed)
        else:
            appender = ThreadAppender(uri, sql, self._landed)
        try:
            if (error := await appender.start()) is not None:
                raise start_fault(self._path, error)
        except BaseException:
            await appender.stop()
            raise
        return appender

    async def _prepare(self) -> Opened:
        url = URL.create("sqlite+aiosqlite", database=str(self._path))
        # isolation_level=None: the driver begins no transactions of its own, so that the
        # migrations are one, DDL included.
        arguments = {"isolation_level": None, "timeout": BUSY_SECONDS}
        engine = create_async_engine(url, connect_args=arguments)
        try:
            async with engine.connect() as connection:
                return await self._migrate(connection)
        except DBAPIError as error:
            raise start_fault(self._path, error.orig) from error
        finally:
            await engine.dispose()

    async def _migrate(self, connection: AsyncConnection) -> Opened:
        mode = (await connection.exec_driver_sql(_JOURNAL)).scalar_one()
        if mode != "wal":
            raise ProjectError(
                f"{self._path} lies on a file system without shared memory, which SQLite's "
                "write-ahead log needs. Give reactor a data folder on a local disk."
            )
        await connection.exec_driver_sql("PRAGMA synchronous=FULL")
        await connection.exec_driver_sql("BEGIN IMMEDIATE")
        place = str(self._path)
        is_new = await connection.run_sync(tables.migrate, place)
        opened = await connection.run_sync(tables.read_opened, place, is_new=is_new)
        await connection.commit()
        return opened

    def _uri(self, mode: str) -> str:
        return f"file:{quote(str(self._path))}?mode={mode}"


async def _to_the_end(work: Coroutine[Any, Any, Opened]) -> Opened:
    # A cancelled start waits for SQLAlchemy to finish: cancelled in the middle, its connection
    # would keep the file locked until the garbage collector finds it.
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _make_folder(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ProjectError(
            f"The data folder {path.parent} cannot be made ({error.strerror})."
        ) from error
    if not _may(path.parent, os.W_OK | os.X_OK):
        raise ProjectError(
            f"The data folder {path.parent} cannot be written. Change its permissions, or give "
            "reactor another."
        )


def _inspect(path: Path) -> None:
    # Before SQLite touches it: opening a file that is not its own can change it.
    if not path.exists():
        return
    if not path.is_file():
        raise ProjectError(f"{path} is not a file. Name another.")
    if not _may(path, os.R_OK | os.W_OK):
        raise ProjectError(f"{path} cannot be written. Change its permissions, or name another.")
    with path.open("rb") as file:
        magic = file.read(len(_MAGIC))
    if magic and magic != _MAGIC:
        raise start_fault(path, "file is not a database")


def _may(path: Path, mode: int) -> bool:
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)
