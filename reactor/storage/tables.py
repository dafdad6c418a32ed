"""The physical tables, the steps that bring a file up to them, and the compiled hot statements.

A person can read everything with any SQLite shell: `SELECT * FROM docs WHERE "table" = 'news'`.
Schema, scheduled functions, files and the like are ordinary documents in system tables, so this
form changes rarely; a change is one more step at the end of `STEPS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    cast,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateView

from reactor.errors import ProjectError, StorageFailed
from reactor.storage.base import DROP_ROWS, FIRST_STORE, RETIRED, Opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.sql import ClauseElement

APPLICATION_ID = 0x72616374
"""What SQLite's header says the file is for: `ract`."""

metadata = MetaData()

_timestamp = BigInteger().with_variant(Integer(), "sqlite")  # INTEGER there: the key is the row id

commits = Table(
    "commits",
    metadata,
    Column("ts", _timestamp, primary_key=True, autoincrement=False),
    Column("transactions", Integer, nullable=False),
    Column("documents", Integer, nullable=False),
    Column("digest", Text, nullable=False),
)
"""One row per batch that committed anything: its newest timestamp (ns), how many transactions it
groups, how many different documents they changed, the digest of their read sets."""

documents = Table(
    "documents",
    metadata,
    Column("table_number", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, primary_key=True),
    Column("ts", _timestamp, nullable=False),
    Column("body", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""The current documents: the store they lie in, which, the commit that wrote it (ns), canonical
JSON."""

tables = Table(
    "tables",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False, unique=True),
    Column("store", _timestamp, nullable=False, server_default="0"),
)
"""The name of each table number, and the store of its documents: their `table_number`."""

meta = Table(
    "meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""The engine's settings."""

docs = CreateView(
    select(tables.c.name.label("table"), documents.c.id, documents.c.ts, documents.c.body).join(
        tables, tables.c.store == documents.c.table_number
    ),
    "docs",
)
"""The documents with their tables' names, for people."""


def _create(connection: Connection) -> None:
    first = MetaData()
    for table in (commits, documents, meta):
        table.to_metadata(first)
    Table(
        "tables",
        first,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("name", Text, nullable=False, unique=True),
    )
    first.create_all(connection, checkfirst=False)
    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")


def _add_stores(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE tables ADD COLUMN store INTEGER NOT NULL DEFAULT 0")
    connection.execute(update(tables).values(store=tables.c.number))
    connection.exec_driver_sql("DROP VIEW IF EXISTS docs")
    connection.execute(docs)


STEPS: tuple[Callable[[Connection], None], ...] = (_create, _add_stores)
"""Step n brings a file from physical version n to n + 1. A released step never changes."""


def migrate(connection: Connection, place: str) -> bool:
    """Brings a file up to the newest physical version, inside the caller's transaction.

    Args:
        connection: in an open write transaction.
        place: the file's name, for messages.

    Returns:
        Whether there was nothing before.

    Raises:
        ProjectError: the file is another program's, or a newer reactor's.
    """
    version = _pragma(connection, "user_version")
    is_new = version == 0 and not connection.scalar(text("SELECT count(*) FROM sqlite_schema"))
    if not is_new and _pragma(connection, "application_id") != APPLICATION_ID:
        raise ProjectError(
            f"{place} is an SQLite database, but not reactor's. Name another file or folder."
        )
    if version > len(STEPS):
        raise ProjectError(
            f"{place} was written by a newer reactor (storage version {version}; this one reads "
            f"up to {len(STEPS)}). Upgrade reactor, or restore a backup from before the upgrade."
        )
    for number in range(version, len(STEPS)):
        STEPS[number](connection)
        connection.exec_driver_sql(f"PRAGMA user_version={number + 1}")
    return is_new


def check_version(connection: Connection, place: str) -> None:
    """Whether a file can be read as it is, without being brought up to date.

    Raises:
        ProjectError: it is another program's, or of another physical version.
    """
    if _pragma(connection, "application_id") != APPLICATION_ID:
        raise ProjectError(f"{place} is an SQLite database, but not reactor's.")
    version = _pragma(connection, "user_version")
    if version != len(STEPS):
        raise ProjectError(
            f"{place} has storage version {version}, and this reactor reads {len(STEPS)}: start "
            "the server once, which brings older files up to date."
        )


def read_opened(connection: Connection, place: str, *, is_new: bool) -> Opened:
    """Reads what the file holds beside its documents, and checks that it can be true.

    Args:
        connection: to a file that `migrate` has seen.
        place: the file's name, for messages.
        is_new: what `migrate` answered.

    Raises:
        StorageFailed: documents are newer than the last commit, or in a table without a name.
            SQLite's transactions make that impossible, so somebody changed the file.
    """
    last_ts: int = connection.scalar(select(func.coalesce(func.max(commits.c.ts), 0))) or 0
    named = connection.execute(select(tables)).all()
    settings = {row.key: row.value for row in connection.execute(select(meta))}
    stores = {row.name: row.store for row in named}
    known, orphans = set(stores.values()), dict[int, int]()
    in_store = documents.c.table_number
    per_store = select(in_store, func.max(documents.c.ts), func.count()).group_by(in_store)
    for store, ts, rows in connection.execute(per_store):
        if ts > last_ts:
            raise _contradiction(
                place, f"a document of {ts} is newer than the last commit, {last_ts}"
            )
        if store in known:
            continue
        if store < FIRST_STORE and f"{RETIRED}{store}" not in settings:
            raise _contradiction(place, f"documents are in table {store}, which has no name")
        orphans[store] = rows
    return Opened(
        last_ts=last_ts,
        tables={row.name: row.number for row in named},
        meta=settings,
        is_new=is_new,
        stores=stores,
        orphans=orphans,
    )


def hot_statements() -> dict[str, str]:
    """The SQL of the writer, compiled; `put_head` takes any number of `put_row` after it."""
    body = cast(literal(b"", LargeBinary), Text)  # stays the bytes it was, and is text to a person
    put = insert(documents).prefix_with("OR REPLACE")
    put_head, _, put_row = _compile(put.values(table_number=0, id="", ts=0, body=body)).partition(
        "(?"
    )
    in_one = delete(documents).where(documents.c.table_number == 0, documents.c.id.in_([""]))
    delete_head, _, _ = _compile(in_one).rpartition("(?")
    some = select(documents.c.id).where(documents.c.table_number == 0).limit(DROP_ROWS)
    drop = delete(documents).where(documents.c.table_number == 0, documents.c.id.in_(some))
    return {
        "commit": _compile(insert(commits)),
        "table": _compile(insert(tables).prefix_with("OR REPLACE")),
        "setting": _compile(insert(meta).prefix_with("OR REPLACE")),
        "put_head": put_head,
        "put_row": f"(?{put_row}",
        "delete_head": delete_head,
        "drop": str(
            drop.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
        ).replace("table_number = 0", "table_number = ?"),
    }


def load_statement() -> str:
    """The SQL that reads every document of a table in order, bodies as bytes."""
    at = (documents.c.table_number, documents.c.id)
    is_of_a_table = documents.c.table_number.in_(select(tables.c.store))
    found = select(*at, cast(documents.c.body, LargeBinary)).where(is_of_a_table)
    return _compile(found.order_by(*at))


def _compile(statement: ClauseElement) -> str:
    compiled = statement.compile(
        dialect=sqlite.dialect(), compile_kwargs={"render_postcompile": True}
    )
    return str(compiled)


def _pragma(connection: Connection, name: str) -> int:
    value = connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
    assert isinstance(value, int)
    return value


def _contradiction(place: str, what: str) -> StorageFailed:
    return StorageFailed(
        f"{place} contradicts itself: {what}. Something other than reactor changed it, or it was "
        "copied without its -wal file. Restore it from a backup, all its parts together."
    )
