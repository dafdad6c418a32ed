"""Which indexes follow which tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reactor.errors import ProjectError
from reactor.log.filling import Growing
from reactor.search.analyzer import Analyzer
from reactor.search.text import TextIndex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reactor.log.snapshot import Snapshot
    from reactor.log.terms import Follower
    from reactor.schema.load import Schema, VectorIndexDef


def declare_search(snapshot: Snapshot, schemas: Iterable[Schema]) -> None:
    """Has every text and vector index follow its table; documents are loaded afterwards.

    A staged one takes in what was stored before it bit by bit, while the node serves.

    Raises:
        ProjectError: there are vector indexes, and the extra for them is not installed.
    """
    analyzer = Analyzer()
    for schema in schemas:
        for definition in schema.tables.values():
            table = snapshot.table(definition.place)
            for index in definition.search_indexes.values():
                texts = TextIndex(index.path, index.filters, analyzer)
                table.follow(index.name, Growing(texts) if index.staged else texts)
            for nearest in definition.vector_indexes.values():
                vectors = _vector_table(nearest)
                table.follow(nearest.name, Growing(vectors) if nearest.staged else vectors)


def _vector_table(index: VectorIndexDef) -> Follower:
    try:
        from reactor.search.vector import VectorTable  # needs numpy, which most projects do not
    except ImportError:
        raise ProjectError(
            f"vector index {index.name!r} needs the extra vector: "
            "pip install 'reactor-backend[vector]'"
        ) from None
    return VectorTable(index.path, index.dimensions, index.filters)
