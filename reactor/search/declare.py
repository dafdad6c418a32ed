"""Which indexes follow which tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reactor.search.analyzer import Analyzer
from reactor.search.text import TextIndex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reactor.log.snapshot import Snapshot
    from reactor.schema.load import Schema


def declare_search(snapshot: Snapshot, schemas: Iterable[Schema]) -> None:
    """Has every text index of the schemas follow its table; documents are loaded afterwards.

    A staged index is not kept: nobody may query it, and it is built when the node starts without
    `staged=True`.
    """
    analyzer = Analyzer()
    for schema in schemas:
        for definition in schema.tables.values():
            for index in definition.search_indexes.values():
                if not index.staged:
                    table = snapshot.table(definition.place)
                    table.follow(index.name, TextIndex(index.path, index.filters, analyzer))
