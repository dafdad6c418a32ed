"""What an admin writes by hand keeps every rule of the table."""

from __future__ import annotations

from tests.unit.admin.tools import ask, refusal
from tests.unit.sample.world import World


async def test_unique_indexes_hold(world: World) -> None:
    document = {"name": "x", "value": 1.0}
    await ask(world, "addDocument", table="counters", documents=[document])
    error = await refusal(world, "addDocument", table="counters", documents=[document])
    assert error.code == "UniqueViolation"


async def test_documents_have_a_largest_size(world: World) -> None:
    await ask(world, "createTable", table="scratch")
    large = {"text": "x" * 2**20}
    error = await refusal(world, "addDocument", table="scratch", documents=[large])
    assert error.code == "ValueTooLargeError"


async def test_a_patch_that_changes_nothing_wakes_nobody(world: World) -> None:
    added = await ask(world, "addDocument", table="counters", documents=[{"name": "x", "value": 1}])
    before = world.log.last_ts
    fields = {"value": 1}
    await ask(world, "patchDocumentsFields", table="counters", fields=fields, ids=added["ids"])
    assert world.log.last_ts == before


async def test_tables_without_a_schema_take_any_document(world: World) -> None:
    await ask(world, "createTable", table="scratch")
    added = await ask(world, "addDocument", table="scratch", documents=[{"a": {"b": [True]}}])
    fields = {"c": None}
    await ask(world, "patchDocumentsFields", table="scratch", fields=fields, ids=added["ids"])
    found = await ask(world, "getById", id=added["ids"][0])
    assert (found["a"], found["c"]) == ({"b": [True]}, None)
