"""A staged index of texts or vectors that grew while documents changed is one built at once."""

from __future__ import annotations

from typing import Any, TypeVar

import orjson
from hypothesis import given
from hypothesis import strategies as st

from reactor.log.commit import Log
from reactor.log.filling import FollowerFilling, Growing
from reactor.log.snapshot import TableData, Write
from reactor.runtime.clock import VirtualClock
from reactor.runtime.random import Random
from reactor.schema.places import TableNumbers
from reactor.search.text import TextIndex
from reactor.search.vector import Neighbour, VectorTable, unit_vector
from tests.unit.search.world import hits, id_, index

F = TypeVar("F", TextIndex, VectorTable)
WORDS = ["guru", "gurun", "belajar", "anak", "東京大学"]
VECTORS = VectorTable(("at",), 2, ())
texts = st.none() | st.lists(st.sampled_from(WORDS), max_size=4).map(" ".join)
changes = st.lists(st.tuples(st.integers(0, 12), texts), max_size=30)
Turns = list[tuple[list[tuple[int, str | None]], int]]


def body(number: int, title: str | None, moment: int) -> bytes:
    fields: dict[str, Any] = {"_creationTime": float(number + 1), "_id": "x", "moment": moment}
    if title is not None:
        fields |= {"title": title, "topic": "ai", "author": None, "at": [1.0, float(len(title))]}
    return orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)


class Stage:
    """A table with documents, and both kinds of index on their way."""

    def __init__(self, titles: dict[int, str | None]) -> None:
        log = Log(VirtualClock(), 0, TableNumbers())
        self.snapshot = log.snapshot
        self.table: TableData = log.snapshot.table("notes")
        self.table.follow("texts", Growing(index()))
        self.table.follow("vectors", Growing(VECTORS.empty()))
        stored = [(id_(number), body(number, title, 0)) for number, title in titles.items()]
        log.snapshot.load(self.table, stored)
        self.fillings = [FollowerFilling(self.table, name) for name in ("texts", "vectors")]

    def write(self, number: int, title: str | None, moment: int, *, deletes: bool) -> None:
        id, old = id_(number), self.table.documents.get(id_(number))
        if old is not None or not deletes:
            new = None if deletes else body(number, title, moment)
            self.snapshot.apply(Write(self.table, id, "x", old, new))

    def grown(self, kind: type[F], name: str) -> F:
        growing = self.table.followers[name]
        assert isinstance(growing, Growing)
        assert isinstance(growing.follower, kind)
        return growing.follower


@given(
    st.dictionaries(st.integers(0, 12), texts, max_size=12),
    st.lists(st.tuples(changes, st.integers(1, 4)), max_size=8),
    st.randoms(use_true_random=False),
)
def test_writes_between_the_steps(
    titles: dict[int, str | None], turns: Turns, chance: Random
) -> None:
    """Once `staged` is removed, every search answers as if the index had always been there."""
    stage = Stage(titles)
    for moment, (own, limit) in enumerate(turns, 1):
        for number, title in own:
            stage.write(number, title, moment, deletes=chance.random() < 0.3)
        for filling in stage.fillings:
            filling.step(limit)
    for filling in stage.fillings:
        while filling.step(2):
            pass
        assert filling.is_filled
    documents = list(stage.table.documents.items())
    scratch, nearest = index(), VECTORS.empty()
    scratch.load(documents)
    nearest.load(documents)
    grown = stage.grown(TextIndex, "texts")
    for word in WORDS:
        assert hits(grown, word) == hits(scratch, word)
    assert neighbours(stage.grown(VectorTable, "vectors")) == neighbours(nearest)


def neighbours(vectors: VectorTable) -> list[Neighbour]:
    """Every document, with how near it is to some vector."""
    unit = unit_vector([1.0, 3.0], 2)
    assert unit is not None
    search = vectors.begin(unit, ())
    return sorted(search.finish(search.scores(20), 20))
