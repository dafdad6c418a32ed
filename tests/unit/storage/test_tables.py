"""The physical form: readable by a person, brought up to date in steps, checked at the start."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine

from reactor.errors import ProjectError, StorageFailed
from reactor.storage import tables


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = create_engine(f"sqlite:///{tmp_path / 'data.db'}")
    yield made
    made.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as made:
        yield made


def driver(connection: Connection) -> sqlite3.Connection:
    raw = connection.connection.dbapi_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def plan(connection: Connection, sql: str, values: tuple[object, ...] = ()) -> str:
    rows = driver(connection).execute(f"EXPLAIN QUERY PLAN {sql}", values)
    return "\n".join(row[3] for row in rows)


def test_steps_run_once(connection: Connection) -> None:
    assert tables.migrate(connection, "data.db") is True
    assert tables.migrate(connection, "data.db") is False
    assert driver(connection).execute("PRAGMA user_version").fetchone() == (len(tables.STEPS),)


def test_steps_missing_from_an_old_file_are_run(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables.migrate(connection, "data.db")
    ran: list[str] = []

    def step(name: str) -> Callable[[Connection], None]:
        return lambda _: ran.append(name)

    monkeypatch.setattr(tables, "STEPS", (*tables.STEPS, step("two"), step("three")))
    assert tables.migrate(connection, "data.db") is False
    assert ran == ["two", "three"]
    tables.migrate(connection, "data.db")
    assert len(ran) == 2


def test_a_newer_file_is_refused(connection: Connection) -> None:
    tables.migrate(connection, "data.db")
    connection.exec_driver_sql(f"PRAGMA user_version={len(tables.STEPS) + 1}")
    with pytest.raises(ProjectError, match="newer reactor"):
        tables.migrate(connection, "data.db")


def test_another_programs_file_is_refused(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE bookmarks (url TEXT)")
    with pytest.raises(ProjectError, match="not reactor's"):
        tables.migrate(connection, "data.db")
    assert driver(connection).execute("SELECT name FROM sqlite_schema").fetchall() == [
        ("bookmarks",)
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("INSERT INTO documents VALUES (7, 'a', 12, '{}')", "newer than the last commit"),
        ("DELETE FROM commits", "newer than the last commit"),
        ("DELETE FROM tables", "no name"),
    ],
)
def test_a_contradiction_is_found(connection: Connection, change: str, words: str) -> None:
    """Starting on such a file would hand out timestamps that were used before."""
    tables.migrate(connection, "data.db")
    connection.exec_driver_sql("INSERT INTO commits VALUES (11, 1, 1, '')")
    connection.exec_driver_sql("INSERT INTO tables VALUES (7, 'news', 7)")
    connection.exec_driver_sql("INSERT INTO documents VALUES (7, 'b', 11, '{}')")
    opened = tables.read_opened(connection, "data.db", is_new=False)
    assert (opened.last_ts, opened.tables) == (11, {"news": 7})
    connection.exec_driver_sql(change)
    with pytest.raises(StorageFailed, match=words):
        tables.read_opened(connection, "data.db", is_new=False)


def test_hot_statements_work_on_the_driver(connection: Connection) -> None:
    tables.migrate(connection, "data.db")
    sql, raw = tables.hot_statements(), driver(connection)
    raw.execute(sql["commit"], (5, 2, 1, "digest"))
    raw.execute(sql["table"], (7, "news", 7))
    raw.execute(sql["setting"], ("key", "old"))
    raw.execute(sql["setting"], ("key", "new"))
    two = sql["put_head"] + ", ".join([sql["put_row"]] * 2)
    raw.execute(two, (7, "b", 5, b'{"title":"Hello"}', 7, "a", 5, b"{}"))
    raw.execute(f"{sql['delete_head']}(?, ?)", (7, "x", "a"))
    assert raw.execute("SELECT * FROM commits").fetchall() == [(5, 2, 1, "digest")]
    assert raw.execute("SELECT * FROM meta").fetchall() == [("key", "new")]
    assert raw.execute(tables.load_statement()).fetchall() == [(7, "b", b'{"title":"Hello"}')]


def test_a_person_can_read_documents(connection: Connection) -> None:
    tables.migrate(connection, "data.db")
    sql, raw = tables.hot_statements(), driver(connection)
    raw.execute(sql["table"], (7, "news", 7))
    raw.execute(sql["put_head"] + sql["put_row"], (7, "a", 5, b'{"title":"Hello"}'))
    shown = raw.execute("""SELECT "table", id, body, body ->> 'title', typeof(body) FROM docs""")
    assert shown.fetchall() == [("news", "a", '{"title":"Hello"}', "Hello", "text")]


def test_no_hot_statement_scans_or_sorts(connection: Connection) -> None:
    tables.migrate(connection, "data.db")
    deleting = plan(connection, tables.hot_statements()["delete_head"] + "(?, ?)", (7, "a", "b"))
    assert "USING PRIMARY KEY (table_number=? AND id=?)" in deleting
    assert "TEMP B-TREE" not in plan(connection, tables.load_statement())


def test_a_file_from_before_stores_is_read(connection: Connection) -> None:
    """Data written by the first version must be there after an upgrade, each table in its place."""
    tables.STEPS[0](connection)
    connection.exec_driver_sql("PRAGMA user_version=1")
    connection.exec_driver_sql("INSERT INTO commits VALUES (11, 1, 1, '')")
    connection.exec_driver_sql("INSERT INTO tables VALUES (7, 'news')")
    connection.exec_driver_sql("INSERT INTO documents VALUES (7, 'b', 11, '{}')")
    assert tables.migrate(connection, "data.db") is False
    opened = tables.read_opened(connection, "data.db", is_new=False)
    assert (opened.tables, opened.stores, opened.orphans) == ({"news": 7}, {"news": 7}, {})
    assert driver(connection).execute("SELECT id FROM docs").fetchall() == [("b",)]
