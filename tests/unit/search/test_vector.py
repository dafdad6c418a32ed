"""Vector indexes find exactly what a comparison with every document would find."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import orjson
import pytest

from reactor.runtime.random import Random
from reactor.search.vector import BLOCK_ROWS, Filter, Neighbour, VectorTable, unit_vector
from reactor.values.order import encode_key

DIMENSIONS = 4
Documents = dict[bytes, dict[str, Any]]


def id_(number: int) -> bytes:
    return number.to_bytes(16, "big")


def table() -> VectorTable:
    return VectorTable(("at",), DIMENSIONS, (("kind",), ("deep", "lang")))


def raw(document: dict[str, Any]) -> bytes:
    return orjson.dumps({"_creationTime": 1.0, **document})


def search(
    index: VectorTable, vector: Sequence[float], limit: int = 10, any_of: Sequence[Filter] = ()
) -> list[Neighbour]:
    unit = unit_vector(list(vector), DIMENSIONS)
    assert unit is not None
    one = index.begin(unit, any_of)
    return one.finish(one.scores(limit), limit)


def ids(found: list[Neighbour]) -> list[int]:
    return [int.from_bytes(id, "big") for id, _ in found]


def put(index: VectorTable, number: int, at: Any, **fields: Any) -> None:
    index.apply(id_(number), None, raw({"at": at, **fields}))


def kind(value: Any) -> Filter:
    return 0, encode_key(value)


def test_the_nearest_come_first() -> None:
    index = table()
    put(index, 1, [1.0, 0.0, 0.0, 0.0])
    put(index, 2, [1.0, 1.0, 0.0, 0.0])
    put(index, 3, [-1.0, 0.0, 0.0, 0.0])
    found = search(index, [2.0, 0.0, 0.0, 0.0])
    assert ids(found) == [1, 2, 3]
    assert [score for _, score in found] == pytest.approx([1.0, math.sqrt(0.5), -1.0], abs=1e-6)


def test_equally_near_ones_come_by_id() -> None:
    """The same search gives the same answer, whatever was written in which order."""
    index = table()
    for number in (3, 1, 2):
        put(index, number, [1.0, 0.0, 0.0, 0.0])
    assert ids(search(index, [1.0, 0.0, 0.0, 0.0], limit=2)) == [1, 2]


@pytest.mark.parametrize(
    "value",
    [None, "text", [1.0], [1.0] * 5, [1.0, 0.0, 0.0, "x"], [0.0] * 4, [1.0, 0.0, 0.0, True],
     [{"$float": "AAAAAAAA+H8="}, 0.0, 0.0, 0.0], {"$integer": "AQAAAAAAAAA="}],
)  # fmt: skip
def test_what_is_no_vector_is_not_found(value: Any) -> None:
    """Such a document is stored; a search neither finds it nor fails on it."""
    index = table()
    put(index, 1, value)
    assert len(index) == 0
    put(index, 1, [1.0, 0.0, 0.0, 0.0])
    put(index, 1, value)
    assert search(index, [1.0, 0.0, 0.0, 0.0]) == []


def test_only_the_direction_counts() -> None:
    index = table()
    put(index, 1, [1e308, 1e308, 0.0, 0.0])
    put(index, 2, [5e-324, 5e-324, 0.0, 0.0])
    assert [score for _, score in search(index, [3.0, 3.0, 0.0, 0.0])] == pytest.approx([1.0, 1.0])


def test_one_of_several_equalities_must_fit() -> None:
    index = table()
    put(index, 1, [1.0, 0.0, 0.0, 0.0], kind="a")
    put(index, 2, [1.0, 0.1, 0.0, 0.0], kind="b", deep={"lang": "id"})
    put(index, 3, [1.0, 0.2, 0.0, 0.0])
    assert ids(search(index, [1.0, 0.0, 0.0, 0.0], any_of=[kind("a")])) == [1]
    either = [kind("a"), (1, encode_key("id"))]
    assert ids(search(index, [1.0, 0.0, 0.0, 0.0], any_of=either)) == [1, 2]
    assert search(index, [1.0, 0.0, 0.0, 0.0], any_of=[kind("nothing")]) == []


def test_a_commit_in_the_middle_of_a_search_is_seen() -> None:
    """The sums are done in a thread; what is answered is true when it is answered."""
    index = table()
    for number in range(1, 6):
        put(index, number, [1.0, number / 10, 0.0, 0.0])
    unit = unit_vector([1.0, 0.0, 0.0, 0.0], DIMENSIONS)
    assert unit is not None
    one = index.begin(unit)
    found = one.scores(3)
    index.apply(id_(1), b"", None)
    put(index, 2, [0.0, 0.0, 1.0, 0.0])
    put(index, 9, [1.0, 0.0, 0.0, 0.0])
    assert ids(one.finish(found, 3))[:2] == [9, 3]


def test_rows_are_used_again() -> None:
    """A table that is rewritten over and over does not grow."""
    index = table()
    for number in range(BLOCK_ROWS + 500):
        put(index, number, [1.0, 0.0, 0.0, 0.0], kind="old")
        index.apply(id_(number), b"", None)
    used = index.bytes_used()
    put(index, 1, [1.0, 0.0, 0.0, 0.0])
    assert index.bytes_used() == used < 2**20, "one block"
    assert search(index, [1.0, 0.0, 0.0, 0.0], any_of=[kind("old")]) == []


def brute_force(
    documents: Documents, vector: Sequence[float], limit: int, wanted: Sequence[Any]
) -> list[int]:
    def cosine(other: Sequence[float]) -> float:
        dot = sum(a * b for a, b in zip(vector, other, strict=True))
        return dot / (math.hypot(*vector) * math.hypot(*other))

    rows = [
        (-cosine(document["at"]), id)
        for id, document in documents.items()
        if not wanted or document["kind"] in wanted
    ]
    return [int.from_bytes(id, "big") for _, id in sorted(rows)[:limit]]


@pytest.mark.parametrize("seed", range(4))
def test_against_brute_force(seed: int) -> None:
    """Any mixture of inserts, changes and deletes over more than one block."""
    chance = Random(seed)
    index, documents = table(), dict[bytes, dict[str, Any]]()
    for _ in range(5_000):
        id = id_(chance.choice([chance.randrange(2_000), BLOCK_ROWS * 2 - chance.randrange(2_000)]))
        if chance.random() < 0.2 and id in documents:
            del documents[id]
            index.apply(id, b"", None)
            continue
        vector = [chance.gauss(0, 1) for _ in range(DIMENSIONS)]
        documents[id] = {"at": vector, "kind": chance.choice("abc")}
        index.apply(id, None, raw(documents[id]))
    assert len(index) == len(documents)
    for wanted in ([], ["a"], ["a", "b"], ["z"]):
        vector = [chance.gauss(0, 1) for _ in range(DIMENSIONS)]
        found = search(index, vector, 20, [kind(value) for value in wanted])
        assert ids(found) == brute_force(documents, vector, 20, wanted)
