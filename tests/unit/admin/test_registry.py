"""How system functions are declared, and who may reach them."""

from __future__ import annotations

from typing import Any

import pytest

from reactor import ActionCtx, MutationCtx, QueryFn
from reactor.admin.registry import define_system, system_mutation, system_query
from reactor.admin.view import Admin
from reactor.errors import DeveloperError
from tests.unit.edge.http import ADMIN, call, post
from tests.unit.sample.world import World, add

PATH = "_system/cli/tables"
PAGE: dict[str, Any] = {"paginationOpts": {"numItems": 10, "cursor": None}}


@system_query("_system/test/read", "_system/test/readToo")
async def read(admin: Admin, *, table_name: str) -> list[str]:
    return [name for name in admin.tables() if name == table_name]


@system_mutation("_system/test/write")
async def write(admin: Admin) -> None:
    del admin


def test_a_function_answers_to_each_of_its_paths(world: World) -> None:
    found = define_system([read, write], world.node.deployment)
    assert {path: one.fn.kind for path, one in found.items()} == {
        "_system/test/read:default": "query",
        "_system/test/readToo:default": "query",
        "_system/test/write:default": "mutation",
    }
    assert found["_system/test/read:default"].args.export()["value"].keys() == {"tableName"}


def test_two_functions_cannot_share_a_path(world: World) -> None:
    with pytest.raises(DeveloperError, match="_system/test/read"):
        define_system([read, read], world.node.deployment)


async def test_the_admin_reaches_them_over_http(world: World) -> None:
    for endpoint in ("function", "query"):
        answer = await post(world, endpoint, call(PATH, **PAGE), **ADMIN)
        assert answer.json()["status"] == "success"


async def test_nobody_else_does(world: World) -> None:
    """Otherwise any browser could read every table of the deployment."""
    for endpoint in ("query", "mutation"):
        answer = await post(world, endpoint, call(PATH, **PAGE))
        assert "You do not have permission to perform" in answer.json()["errorMessage"]
    client = world.client()
    client.authenticate("ann")
    client.modify(add(1, PATH, **PAGE))
    await world.settle()
    assert client.results[1] == "failed"


async def test_no_function_reaches_them_on_its_callers_behalf(world: World) -> None:
    """A handle that a client sends must not open the deployment's own doors."""

    async def in_mutation(ctx: MutationCtx) -> None:
        await ctx.run_query(QueryFn.ref(PATH), **PAGE)

    async def in_action(ctx: ActionCtx) -> None:
        await ctx.run_query(QueryFn.ref(PATH), **PAGE)

    admin = world.backend.as_admin()
    with pytest.raises(DeveloperError, match="Could not find function"):
        await admin.run(in_mutation)
    with pytest.raises(DeveloperError, match="Could not find function"):
        await admin.run_action(in_action)
