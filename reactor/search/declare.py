"""Which indexes follow which tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reactor.errors import ProjectError
from reactor.search.analyzer import Analyzer
from reactor.search.text import TextIndex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reactor.log.snapshot import Snapshot
    from reactor.log.terms import Follower
    from reactor.schema.load import Schema, VectorIndexDef


def declare_search(snapshot: Snapshot, schemas: Iterable[Schema]) -> None:
    """Has every text and vector index follow its table; documents are loaded afterwards.

    A staged index is not kept: nobody may query it, and it is built when the node starts without
    `staged=True`.

    Raises:
        ProjectError: there are vector indexes, and the extra for them is not installed.
    """
    analyzer = Analyzer()
    for schema in schemas:
        for definition in schema.tables.values():
            for index in definition.search_indexes.values():
                if not index.staged:
                    table = snapshot.table(definition.place)
                    table.follow(index.name, TextIndex(index.path, index.filters, analyzer))
            for vectors in definition.vector_indexes.values():
                if not vectors.staged:
                    table = snapshot.table(definition.place)
                    table.follow(vectors.name, _vector_table(vectors))


def _vector_table(index: VectorIndexDef) -> Follower:
    try:
        from reactor.search.vector import VectorTable  # needs numpy, which most projects do not
    except ImportError:
        raise ProjectError(
            f"vector index {index.name!r} needs the extra vector: "
            "pip install 'reactor-backend[vector]'"
        ) from None
    return VectorTable(index.path, index.dimensions, index.filters)
