"""What the transaction tests share: tables, a log on a still clock, and handlers driven by hand."""

from __future__ import annotations

import sys
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from typing import Any, Literal, TypeVar

from reactor.log.commit import Invalidation, Log
from reactor.log.reads import ReadSet
from reactor.log.snapshot import TableData
from reactor.runtime.clock import VirtualClock
from reactor.runtime.random import SeededEntropy
from reactor.schema.columns import Field
from reactor.schema.fields import Id, field
from reactor.schema.index import Index, SearchIndex
from reactor.schema.load import Schema, TableDef
from reactor.schema.objects import Object
from reactor.schema.places import TableNumbers
from reactor.schema.table import Document, Table
from reactor.search.declare import declare_search
from reactor.transaction.database import DatabaseReader, DatabaseWriter
from reactor.transaction.transaction import Transaction
from reactor.values.types import ABSENT, Absent, Int64

T = TypeVar("T")
START_MS = 1_767_225_600_000.0


class Address(Object):
    city: str
    zip_code: str | None = None


class Note(Table, name="notes"):
    topic: Field[str]
    n: Field[int]
    title: Field[str] = field(default="untitled")
    rank: Field[float | None] = field(default=None)
    parent: Field[str | None] = field()
    mood: Field[str | Absent | None] = field(default=ABSENT)
    address: Field[Address | None] = field(default=None)
    tags: Field[list[str]] = field(default_factory=list)
    big: Field[Int64 | None] = field(default=None)
    meta: Field[Any] = field(default=ABSENT)

    by_topic = Index("topic")
    by_topic_and_n = Index("topic", "n", sums=["n", "rank"])
    by_rank = Index("rank")
    by_parent = Index("parent")
    by_city = Index("address.city")
    by_big = Index("big")
    search = SearchIndex("title", filters=["topic", "rank", "address.city", "big", "meta"])
    search_parent = SearchIndex("parent", staged=True)


class User(Table, name="users"):
    email: Field[str]
    handle: Field[str | None] = field(default=None)
    best_note: Field[Id[Note] | None] = field(default=None)

    by_email = Index("email", unique=True)
    by_handle = Index("handle", unique=True)


class Event(Table, name="events"):
    """A union: its columns are its variants'."""


class Click(Event):
    kind: Field[Literal["click"]]
    x: Field[float]


class Key(Event):
    kind: Field[Literal["key"]]
    letter: Field[str]


def drive(handler: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine that never suspends."""
    try:
        handler.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    handler.close()
    raise AssertionError("the handler suspended")


def note(topic: str = "ai", n: int = 1, **more: Any) -> Note:
    values: dict[str, Any] = {"parent": None, **more}
    return Note(topic=topic, n=n, **values)


class World:
    """A database in memory."""

    def __init__(self) -> None:
        self.clock = VirtualClock(START_MS)
        self.entropy = SeededEntropy(7)
        numbers = TableNumbers()
        self.schema = Schema(sys.modules[__name__], numbers=numbers.of(""))
        self.log = Log(self.clock, 0, numbers)
        declare_search(self.log.snapshot, [self.schema])
        for definition in self.schema.tables.values():
            table = self.log.snapshot.table(definition.name)
            for index in definition.indexes.values():
                table.add_index(index.name, index.paths, unique=index.unique, sums=index.sums)

    def tx(self, at_ts: int | None = None) -> Transaction:
        return Transaction(self.log, self.clock.now_ms(), at_ts)

    def reader(self, tx: Transaction | None = None) -> DatabaseReader:
        return DatabaseReader(tx or self.tx(), self.schema)

    def writer(self, tx: Transaction | None = None) -> DatabaseWriter:
        return DatabaseWriter(tx or self.tx(), self.schema, self.entropy)

    @contextmanager
    def mutation(self) -> Generator[DatabaseWriter]:
        """A writer whose transaction commits at the end."""
        tx = self.tx()
        yield self.writer(tx)
        tx.commit("test:mutation")

    def insert(self, *documents: Table) -> list[Any]:
        """Commits documents, one transaction each, a second apart."""
        ids: list[Any] = []
        for document in documents:
            with self.mutation() as db:
                ids.append(drive(db.insert(document)))
            self.clock.advance(1.0)
        return ids

    def table(self, cls: type[Document]) -> TableData:
        return self.log.snapshot.table(cls.__table_name__)

    def definition(self, cls: type[Document]) -> TableDef:
        return self.schema.of(cls)

    def is_stale(self, reads: ReadSet, done: Invalidation | None) -> bool:
        """Whether a commit changed what was read, as a conflict and as a subscription see it."""
        assert done is not None, "something was written"
        commit = next(iter(self.log.window.since(done.ts - 1)))
        assert commit.ts == done.ts
        return reads.is_touched_by(commit.touches)
