"""From stored rows to the resident state, and whether it is what the schema says.

A table whose shape has not changed since the last start holds what was checked when it was written;
only changed ones are checked again. The shapes are remembered as settings beside the data.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final

import orjson

from reactor.errors import SchemaError
from reactor.schema.diff import NAMED_MAX, Misfit, Misfits, misfits
from reactor.schema.places import split_place
from reactor.values.ids import internal_id
from reactor.values.order import encode_key
from reactor.values.types import ABSENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from reactor.log.commit import Log
    from reactor.log.snapshot import IndexData, TableData
    from reactor.schema.load import Schema, TableDef

SHAPE: Final = "shape:"
"""Before a table's name: the setting that holds the digest of what its documents were checked to
be."""

_KEY_TAIL: Final = 9 + 16
"""Bytes at the end of every key: the encoded creation time and the id."""

_MISSING: Final = encode_key(ABSENT)


def fill(
    log: Log,
    schemas: Iterable[Schema],
    rows: Iterable[tuple[int, str, bytes]],
    stores: Mapping[str, int],
) -> None:
    """Declares every index and reads every stored document into memory.

    Args:
        log: empty, but for the numbers of its tables.
        schemas: the tables of every space.
        rows: store, id and canonical JSON of each document; those of a store together.
        stores: the store of each table, by its place.
    """
    by_store: dict[int, TableData] = {}
    for name, number in log.numbers.items():
        table = log.snapshot.table(name)
        table.number, table.store = number, stores[name]
        by_store[table.store] = table
    for schema in schemas:
        for definition in schema.tables.values():
            _declare(log.snapshot.table(definition.place), definition)
    for store, own in groupby(rows, itemgetter(0)):
        pairs = [(internal_id(text), body) for _, text, body in own]
        log.snapshot.load(by_store[store], pairs)


def _declare(table: TableData, definition: TableDef) -> None:
    for index in definition.indexes.values():
        if index.staged:
            table.stage_index(index.name, index.paths, sums=index.sums)
        else:
            table.add_index(index.name, index.paths, unique=index.unique, sums=index.sums)


@dataclass(slots=True)
class Report:
    """How stored documents and schema stand to each other.

    Args:
        misfits: per table with offending documents.
        duplicates: per unique index with documents that share a key.
        shapes: the settings to remember for tables in which nothing is wrong.
        undeclared: places with documents that no schema names, and how many: tables that were
            taken out, and those of components that are no longer mounted.
    """

    misfits: list[Misfits] = field(default_factory=list[Misfits])
    duplicates: list[Misfits] = field(default_factory=list[Misfits])
    shapes: dict[str, str] = field(default_factory=dict[str, str])
    undeclared: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def is_clean(self) -> bool:
        """Whether the project can be served with these documents."""
        return not self.misfits and not self.duplicates

    def refuse(self) -> None:
        """Does nothing when all is well.

        Raises:
            SchemaError: documents do not fit; the first of each table are named.
        """
        if self.is_clean:
            return
        parts = [str(one) for one in self.misfits]
        parts += [
            f"{one.count:,} documents of the unique index {one.table} share a key: "
            + "; ".join(f"{m.id} {m.problem}" for m in one.first)
            for one in self.duplicates
        ]
        raise SchemaError(
            ". ".join(parts) + ". Widen the schema (an optional column, a union), start, mend the "
            "documents with a migration, then narrow it; `reactor check --data` lists what is left."
        )


def examine(
    log: Log, schemas: Iterable[Schema], known: Mapping[str, str], *, named_max: int = NAMED_MAX
) -> Report:
    """Checks the documents of every table whose shape is not a known one.

    Args:
        log: the resident state.
        schemas: what it must be, space by space.
        known: the settings from earlier starts; empty to check everything.
        named_max: how many offending documents are named for each table.
    """
    report = Report()
    spaces = {schema.space: schema for schema in schemas}
    for schema in spaces.values():
        for definition in schema.tables.values():
            shape = schema.fingerprint(definition)
            if known.get(SHAPE + definition.place) != shape:
                _examine_table(log, schema, definition, shape, report, named_max)
    for place, table in log.snapshot.tables.items():
        if table.documents and not _has_a_schema(place, spaces):
            report.undeclared[place] = len(table.documents)
    return report


def _examine_table(
    log: Log, schema: Schema, definition: TableDef, shape: str, report: Report, named_max: int
) -> None:
    table = log.snapshot.table(definition.place)
    documents = table.documents.values()
    wrong = misfits(definition, documents, schema.numbers, named_max=named_max)
    if wrong.count:
        report.misfits.append(wrong)
    twice = [
        found
        for index in table.indexes.values()
        if index.unique and (found := _duplicates(index, named_max)).count
    ]
    report.duplicates += twice
    if not wrong.count and not twice:
        report.shapes[SHAPE + definition.place] = shape


def _has_a_schema(place: str, spaces: Mapping[str, Schema]) -> bool:
    """Whether the table at a place is declared, or needs no declaration."""
    space, name = split_place(place)
    schema = spaces.get(space)
    if schema is None:
        return False
    return not schema.is_closed or name in schema.tables or name.startswith("_")


def _duplicates(index: IndexData, named_max: int) -> Misfits:
    """Documents whose key in a unique index is the one before theirs."""
    found = Misfits(f"{index.table.name}.{index.name}")
    before, first = b"", b""
    for key in index.blocks:
        found.checked += 1
        stem, id = key[:-_KEY_TAIL], key[-16:]
        if stem == before and not _lacks_a_column(index, id):
            found.add(Misfit(_text(index, id), f"and {_text(index, first)}"), named_max)
        else:
            before, first = stem, id
    return found


def _lacks_a_column(index: IndexData, id: bytes) -> bool:
    table = index.table
    parts = next(parts for one, parts, _ in table.keys(id, table.documents[id]) if one is index)
    return _MISSING in parts


def _text(index: IndexData, id: bytes) -> str:
    text: str = orjson.loads(index.table.documents[id])["_id"]
    return text
