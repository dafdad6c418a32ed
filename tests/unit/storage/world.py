"""What the storage tests share: batches in one line, and their landing as something to await."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from reactor.storage.base import Batch, DocumentRow, Storage, TableRow

NEWS = 10_001
TABLES = [(NEWS, "news", NEWS), (NEWS + 1, "users", NEWS + 1)]


def batch(
    ts: int,
    *rows: DocumentRow,
    tables: Sequence[TableRow] = (),
    meta: Sequence[tuple[str, str]] = (),
    transactions: int = 1,
    digest: str = "",
) -> Batch:
    return Batch(ts, transactions, list(rows), list(tables), list(meta), digest)


def first(*rows: DocumentRow, ts: int = 1) -> Batch:
    """The first batch of a file: it names the tables."""
    return batch(ts, *rows, tables=TABLES)


def news(id: str, ts: int, body: bytes | None = b"{}") -> DocumentRow:
    return (NEWS, id, ts, body)


def landing(storage: Storage, appended: Batch) -> asyncio.Future[BaseException | None]:
    """Appends; the future gets what `done` got."""
    landed: asyncio.Future[BaseException | None] = asyncio.get_running_loop().create_future()
    storage.append(appended, landed.set_result)
    return landed


async def store(storage: Storage, *batches: Batch) -> None:
    for each in batches:
        assert await landing(storage, each) is None


def select(path: Path, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """What a person with a shell sees."""
    connection = sqlite3.connect(path)
    try:
        rows: list[tuple[Any, ...]] = connection.execute(sql, values).fetchall()
        connection.commit()
        return rows
    finally:
        connection.close()
