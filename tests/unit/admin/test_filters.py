"""A dashboard's filters."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from tests.unit.admin.tools import ask, opts, refusal, write
from tests.unit.sample.world import World

ROWS: list[dict[str, Any]] = [
    {"n": 1.0, "k": "float"},
    {"n": 2.0, "k": "float two"},
    {"n": {"$integer": "AQAAAAAAAAA="}, "k": "int64"},
    {"n": {"$float": "AAAAAAAA+H8="}, "k": "nan"},
    {"n": {"$bytes": "AQID"}, "k": "bytes"},
    {"n": None, "k": "null"},
    {"n": True, "k": "true"},
    {"n": "text", "k": "string"},
    {"n": [1.0], "k": "array"},
    {"n": {"deep": 3.0}, "k": "object"},
    {"k": "missing"},
]


def encoded(**filters: Any) -> str:
    return base64.b64encode(json.dumps(filters).encode()).decode()


async def matching(world: World, *clauses: dict[str, Any]) -> list[str]:
    found = await ask(
        world, "paginatedTableDocuments", table="rows", paginationOpts=opts(),
        filters=encoded(clauses=list(clauses), order="asc"),
    )  # fmt: skip
    return [row["k"] for row in found["page"]]


@pytest.fixture
async def rows(world: World) -> World:
    await ask(world, "createTable", table="rows")
    await ask(world, "addDocument", table="rows", documents=ROWS)
    return world


@pytest.mark.parametrize(
    ("op", "value", "expected"),
    [
        ("eq", 1, ["float"]),
        ("eq", {"$integer": "AQAAAAAAAAA="}, ["int64"]),
        ("eq", {"$float": "AAAAAAAA+H8="}, ["nan"]),
        ("eq", [1], ["array"]),
        ("neq", "text", [row["k"] for row in ROWS if row["k"] != "string"]),
        ("gt", 1, ["float two", "nan", "bytes", "true", "string", "array", "object"]),
        ("gte", True, ["bytes", "true", "string", "array", "object"]),
        ("lt", 1, ["int64", "null", "missing"]),
        ("lte", None, ["null", "missing"]),
        ("anyOf", [1, "text", None], ["float", "null", "string"]),
        ("anyOf", [], []),
        ("noneOf", [1, 2], [row["k"] for row in ROWS[2:]]),
        ("isType", "number", ["float", "float two", "nan"]),
        ("type", "bigint", ["int64"]),
        ("isType", "bytes", ["bytes"]),
        ("isType", "null", ["null"]),
        ("isType", "boolean", ["true"]),
        ("isType", "string", ["string"]),
        ("isType", "array", ["array"]),
        ("isType", "object", ["object"]),
        ("isType", "unset", ["missing"]),
        ("isNotType", "unset", [row["k"] for row in ROWS[:-1]]),
        ("notype", "number", [row["k"] for row in ROWS[2:] if row["k"] != "nan"]),
    ],
)
async def test_each_operator(rows: World, op: str, value: Any, expected: list[str]) -> None:
    """Values compare as in indexes: int64 below float64, NaN equal to itself."""
    assert await matching(rows, {"field": "n", "op": op, "value": value}) == expected


async def test_a_clause_without_a_value_is_about_the_missing_field(rows: World) -> None:
    assert await matching(rows, {"field": "n", "op": "eq"}) == ["missing"]


async def test_fields_inside_objects(rows: World) -> None:
    assert await matching(rows, {"field": "n.deep", "op": "eq", "value": 3}) == ["object"]


async def test_clauses_hold_together_unless_they_are_switched_off(rows: World) -> None:
    number = {"field": "n", "op": "isType", "value": "number"}
    two = {"field": "n", "op": "eq", "value": 2}
    assert await matching(rows, number, two) == ["float two"]
    off = {**two, "enabled": False}
    assert await matching(rows, number, off) == ["float", "float two", "nan"]


async def test_texts_that_are_ids(world: World) -> None:
    [id] = await write(world, "a")
    await ask(world, "createTable", table="rows")
    await ask(
        world, "addDocument", table="rows", documents=[{"n": id, "k": "id"}, {"n": "x", "k": "x"}]
    )
    assert await matching(world, {"field": "n", "op": "isType", "value": "id"}) == ["id"]


async def by_owner(world: World, *clauses: dict[str, Any], index: str = "by_owner") -> list[str]:
    found = await ask(
        world, "paginatedTableDocuments", table="notes", paginationOpts=opts(),
        filters=encoded(index={"name": index, "clauses": list(clauses)}, order="asc"),
    )  # fmt: skip
    return [note["text"] for note in found["page"]]


async def test_a_range_of_an_index(world: World) -> None:
    [first] = await write(world, "a1", owner="ann")
    await write(world, "b1", owner="bob")
    await write(world, "a2", owner="ann")
    equal = {"type": "indexEq", "enabled": True, "value": "ann"}
    assert await by_owner(world, equal) == ["a1", "a2"]
    assert await by_owner(world) == ["a1", "a2", "b1"]
    after = (await ask(world, "getById", id=first))["_creationTime"]
    later = {"type": "indexRange", "lowerOp": "gt", "lowerValue": after}
    assert await by_owner(world, equal, later) == ["a2"]
    until = {"type": "indexRange", "lowerOp": "gte", "lowerValue": "ann"}
    assert await by_owner(world, {**until, "upperOp": "lt", "upperValue": "bob"}) == ["a1", "a2"]
    assert await by_owner(world, {**until, "upperOp": "lte", "upperValue": "bob"}) == [
        "a1", "a2", "b1",
    ]  # fmt: skip
    assert await by_owner(world, {**equal, "enabled": False}) == ["a1", "a2", "b1"]
    by_id = {"type": "indexEq", "value": first}
    assert await by_owner(world, by_id, index="by_id") == ["a1"]
    assert await by_owner(world, index="by_creation_time") == ["a1", "b1", "a2"]


@pytest.mark.parametrize(
    "filters",
    [
        "%%%",
        base64.b64encode(b"[]").decode(),
        base64.b64encode(b"{").decode(),
        encoded(clauses=3),
        encoded(clauses=[3]),
        encoded(clauses=[{"op": "eq", "value": 1}]),
        encoded(clauses=[{"field": "n", "op": "like", "value": 1}]),
        encoded(clauses=[{"field": "n", "value": 1}]),
        encoded(clauses=[{"field": "n", "op": "anyOf", "value": 1}]),
        encoded(clauses=[{"field": "n", "op": "isType", "value": "date"}]),
        encoded(clauses=[{"field": "n", "op": "eq", "value": {"$wrong": 1}}]),
        encoded(clauses=[{"field": "n", "op": "eq"}] * 257),
        encoded(order="newest"),
        encoded(index={"name": "search_text", "search": "x"}),
        encoded(index={"name": "by_owner", "clauses": [{"type": "indexLike"}]}),
        encoded(index={"name": "by_owner", "clauses": [{"type": "indexEq", "value": "a"}] * 3}),
        encoded(
            index={"name": "by_owner", "clauses": [{"type": "indexRange"}, {"type": "indexEq"}]}
        ),
        encoded(index={"name": "by_owner", "clauses": [{"type": "indexRange", "lowerOp": "lt"}]}),
        encoded(index={"name": "by_id", "clauses": [{"type": "indexEq", "value": "x"}]}),
    ],
)
async def test_what_is_not_known_is_refused(world: World, filters: str) -> None:
    """A clause that were left out would show documents that were to be hidden."""
    error = await refusal(
        world, "paginatedTableDocuments", table="notes", paginationOpts=opts(), filters=filters
    )
    assert error.code == "InvalidFilter"


async def test_an_index_that_is_not_there(world: World) -> None:
    error = await refusal(
        world, "paginatedTableDocuments", table="notes", paginationOpts=opts(),
        filters=encoded(index={"name": "by_nothing", "clauses": []}),
    )  # fmt: skip
    assert error.code == "IndexNotFoundError"
