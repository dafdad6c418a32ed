"""What a start finds on disk, held against the schema."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import orjson
import pytest

from reactor.errors import SchemaError
from reactor.log.commit import Log
from reactor.log.loading import Report, examine, fill
from reactor.runtime.clock import VirtualClock
from reactor.schema.columns import Field
from reactor.schema.fields import field
from reactor.schema.index import Index
from reactor.schema.load import Schema
from reactor.schema.places import TableNumbers
from reactor.schema.table import Table
from reactor.values.ids import encode_id

NUMBER = 10_001


class User(Table, name="users"):
    email: Field[str]
    handle: Field[str | None] = field(default=None)
    age: Field[int] = field(default=0)

    by_email = Index("email", unique=True)
    by_handle = Index("handle", unique=True)
    by_age = Index("age", staged=True)


Row = tuple[int, str, bytes]


def row(n: int, number: int = NUMBER, **fields: Any) -> Row:
    id = encode_id(number, n.to_bytes(16, "big"))
    body = {"_id": id, "_creationTime": float(n), "age": 1.0, **fields}
    return number, id, orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def loaded(*rows: Row, cls: type[Table] = User, validate: bool = True) -> tuple[Log, Schema]:
    module = ModuleType("tables")
    vars(module)["One"] = cls
    numbers = TableNumbers({"users": NUMBER, "old": NUMBER + 1, "gone/_storage": 700})
    schema = Schema(module, validate=validate, numbers=numbers.of(""))
    log = Log(VirtualClock(), 0, numbers)
    fill(log, [schema], rows, log.numbers)
    return log, schema


def report(*rows: Row, known: dict[str, str] | None = None) -> Report:
    log, schema = loaded(*rows)
    return examine(log, [schema], known or {})


def test_documents_are_in_every_index_but_the_staged_ones() -> None:
    log, _ = loaded(row(1, email="b"), row(2, email="a"))
    table = log.snapshot.table("users")
    assert len(table.documents) == 2
    assert set(table.indexes) == {"by_creation_time", "by_email", "by_handle"}
    assert set(table.staged) == {"by_age"}
    assert len(table.indexes["by_email"].blocks) == 2


def test_a_start_with_documents_that_do_not_fit_is_refused() -> None:
    found = report(row(1, email="a"), row(2, email=7.0), row(3))
    with pytest.raises(SchemaError, match=r"2 of 3 documents of table 'users' .*migration"):
        found.refuse()
    assert [one.id for one in found.misfits[0].first] == [row(2)[1], row(3)[1]]
    assert not found.shapes.get("shape:users"), "else the next start would not look again"


def test_a_key_twice_in_a_unique_index_is_refused() -> None:
    """A column that has just become unique must be so in the old documents."""
    found = report(row(1, email="a"), row(2, email="b"), row(3, email="a"), row(4, email="a"))
    assert not found.misfits
    (twice,) = found.duplicates
    assert (twice.table, twice.count) == ("users.by_email", 2)
    assert [one.id for one in twice.first] == [row(3)[1], row(4)[1]]
    with pytest.raises(SchemaError, match="share a key"):
        found.refuse()


def test_missing_columns_are_not_compared() -> None:
    """Any number of users may have no handle."""
    report(row(1, email="a"), row(2, email="b")).refuse()


def test_what_was_checked_is_not_checked_again() -> None:
    """A start with an unchanged schema costs no look at a million documents."""
    first = report(row(1, email="a"))
    first.refuse()
    again = report(row(1, email=7.0), known=first.shapes)
    assert again.is_clean
    assert not again.shapes


def test_without_validation_nothing_is_refused() -> None:
    log, schema = loaded(row(1, email=7.0), validate=False)
    examine(log, [schema], {}).refuse()


def test_tables_that_the_schema_no_longer_names_are_counted() -> None:
    """Those of a component that is no longer mounted as well, its files included."""
    found = report(row(1, email="a"), row(1, NUMBER + 1, x=1.0), row(2, 700, size=1.0))
    assert found.is_clean
    assert found.undeclared == {"old": 1, "gone/_storage": 1}


def test_a_staged_index_cannot_be_unique() -> None:
    class Both(Table, name="users"):
        email: Field[str]
        by_email = Index("email", unique=True, staged=True)

    with pytest.raises(SchemaError, match="staged and unique"):
        loaded(cls=Both)
