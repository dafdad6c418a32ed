"""What the documents of a table look like, inferred from them."""

from __future__ import annotations

from typing import Any

import pytest

from reactor.admin.shapes import FIELDS_MAX, UNION_MAX, Inference
from reactor.errors import InvalidId
from tests.unit.admin.tools import write
from tests.unit.sample.world import World


def table_of(text: str) -> str | None:
    if text.startswith("id:"):
        return text.removeprefix("id:")
    raise InvalidId("no id")


INFERENCE = Inference(table_of)


def union(*values: Any) -> Any:
    return INFERENCE.union(map(INFERENCE.of, values))


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ("a", {"type": "String"}),
        ("id:notes", {"type": "Id", "tableName": "notes"}),
        (1.0, {"type": "Float64"}),
        (True, {"type": "Boolean"}),
        (None, {"type": "Null"}),
        ({"$integer": "AQAAAAAAAAA="}, {"type": "Int64"}),
        ({"$float": "AAAAAAAA+H8="}, {"type": "Float64"}),
        ({"$bytes": ""}, {"type": "Bytes"}),
        ([], {"type": "Array", "shape": {"type": "Never"}}),
        ([1.0, 2.0], {"type": "Array", "shape": {"type": "Float64"}}),
        ({}, {"type": "Object", "fields": []}),
    ],
)
def test_one_value(value: Any, shape: Any) -> None:
    assert INFERENCE.of(value) == shape


def test_different_values_make_a_union() -> None:
    both = {"type": "Union", "shapes": [{"type": "String"}, {"type": "Null"}]}
    assert union("a", None, "b") == both
    assert union(["a"], [None]) == {"type": "Array", "shape": both}
    assert union() == {"type": "Never"}


def test_a_field_that_some_objects_lack_is_optional() -> None:
    assert union({"a": 1.0, "b": "x"}, {"a": None}) == {
        "type": "Object",
        "fields": [
            {
                "fieldName": "a",
                "optional": False,
                "shape": {"type": "Union", "shapes": [{"type": "Float64"}, {"type": "Null"}]},
            },
            {"fieldName": "b", "optional": True, "shape": {"type": "String"}},
        ],
    }


def test_an_object_with_very_many_fields_is_a_record() -> None:
    """A map from user ids to counts must not become a shape as large as itself."""
    large = {f"k{number}": 1.0 for number in range(FIELDS_MAX + 1)}
    shape = INFERENCE.of(large)
    assert (shape["type"], shape["valueShape"]) == ("Record", {"type": "Float64"})
    assert union(large, {**large, "k0": None})["valueShape"]["type"] == "Union"


def test_with_too_many_variants_nothing_is_known() -> None:
    assert union(*[f"id:t{number}" for number in range(UNION_MAX + 1)]) == {"type": "Unknown"}


async def test_the_tables_of_a_project(world: World) -> None:
    await write(world, "a", "b", owner="ann")
    found = await world.backend.as_admin().call("_system/reactor/shapes")
    assert set(found) == {"counters", "notes"}
    assert found["counters"] == {"type": "Never"}
    fields = {one["fieldName"]: one["shape"]["type"] for one in found["notes"]["fields"]}
    assert fields == {"_creationTime": "Float64", "_id": "Id", "owner": "String", "text": "String"}
