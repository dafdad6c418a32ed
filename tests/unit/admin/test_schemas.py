"""The schema and the indexes as Convex's tools read them."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import orjson

from reactor import Field, Id, Index, Object, SearchIndex, Table, VectorIndex, field
from reactor.app import fill_staged
from reactor.log.filling import IndexFilling
from reactor.testing import Harness, open_harness
from tests.unit.admin.tools import ask
from tests.unit.sample.world import FUNCTIONS, World, open_board


class Address(Object):
    city: str


class Member(Table, name="members"):
    full_name: Field[str]
    address: Field[Address]
    embedding: Field[list[float]]
    friend: Field[Id[Table] | None] = field(default=None)

    by_full_name = Index("full_name", "address.city")
    by_city = Index("address.city", staged=True)
    search_name = SearchIndex("full_name", filters=["address.city"])
    by_embedding = VectorIndex("embedding", dimensions=3, filters=["full_name"])


def members(**options: Any) -> Harness:
    module = ModuleType("schema")
    vars(module)["Member"] = Member
    return open_harness(functions=FUNCTIONS, schema=module, **options)


MEMBERS = {
    "tableName": "members",
    "indexes": [{"indexDescriptor": "by_full_name", "fields": ["fullName", "address.city"]}],
    "stagedDbIndexes": [{"indexDescriptor": "by_city", "fields": ["address.city"]}],
    "searchIndexes": [
        {
            "indexDescriptor": "search_name",
            "searchField": "fullName",
            "filterFields": ["address.city"],
        }
    ],
    "stagedSearchIndexes": [],
    "vectorIndexes": [
        {
            "indexDescriptor": "by_embedding",
            "vectorField": "embedding",
            "dimensions": 3,
            "filterFields": ["fullName"],
        }
    ],
    "stagedVectorIndexes": [],
}


async def test_the_schema_as_json_text() -> None:
    """`npx convex mcp` and dashboards parse it and draw tables from it."""
    async with members() as backend:
        found = await backend.as_admin().call("_system/frontend/getSchemas", {"componentId": None})
        schema = orjson.loads(found["active"])
        assert schema["schemaValidation"] is True
        [table] = schema["tables"]
        document = table.pop("documentType")
        assert table == MEMBERS
        assert document["type"] == "object"
        assert document["value"]["fullName"] == {"fieldType": {"type": "string"}, "optional": False}


async def test_a_schema_that_is_only_documentation_says_so() -> None:
    async with members(schema_validation=False) as backend:
        found = await backend.as_admin().call("_system/frontend/getSchemas")
        assert orjson.loads(found["active"])["schemaValidation"] is False


async def test_a_project_without_a_schema_has_none() -> None:
    async with open_harness(functions=FUNCTIONS) as backend:
        assert await backend.as_admin().call("_system/frontend/getSchemas") == {}


async def test_no_check_of_a_schema_is_ever_under_way(world: World) -> None:
    """A node that serves has checked its data."""
    assert await ask(world, "getSchemas:schemaValidationProgress", componentId=None) is None


async def test_indexes_and_how_far_they_are_filled() -> None:
    async with members() as backend:
        world = World(backend)
        listed = await ask(world, "indexes", tableName="members")
        assert [(one["name"], one["staged"]) for one in listed] == [
            ("by_full_name", False),
            ("by_city", True),
            ("search_name", False),
            ("by_embedding", False),
        ]
        assert listed[0]["fields"] == ["fullName", "address.city", "_creationTime"]
        assert listed[0]["backfill"] == {"state": "done"}
        assert listed[3]["fields"]["dimensions"] == 3
        assert await ask(world, "indexes", tableName=None) == []
        assert await ask(world, "indexes", tableName="nothing") == []
        every = await backend.as_admin().call("_system/reactor/allIndexes")
        assert {one["table"] for one in every} == {"members"}


async def test_who_asked_for_an_index_is_told_when_it_is_filled() -> None:
    """Tools wait for `done` before they tell somebody to take `staged` away."""
    async with members() as backend:
        node = backend.node
        table = node.log.snapshot.table("members")

        async def in_progress() -> list[str]:
            every = await backend.as_admin().call("_system/reactor/allIndexes")
            return [one["name"] for one in every if one["backfill"] != {"state": "done"}]

        while not all(filling.is_filled for filling in node.fillings):
            await node.hub.clock.sleep(0)
        table.indexes["by_city"].is_filling = True
        assert await in_progress() == ["by_city"]
        await fill_staged([IndexFilling(table.staged["by_city"])], node.hub)
        assert await in_progress() == []


async def test_a_component_has_its_own_schema() -> None:
    async with open_board() as board:
        admin = board.as_admin()
        found = await admin.call("_system/frontend/getSchemas", {"componentId": "left"})
        assert [one["tableName"] for one in orjson.loads(found["active"])["tables"]] == ["counters"]
