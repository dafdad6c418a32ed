"""The project's functions, described."""

from __future__ import annotations

import orjson

from tests.unit.admin.tools import ask
from tests.unit.sample.world import World, open_board


async def test_every_function_and_route_is_in_the_spec(world: World) -> None:
    """`npx convex function-spec` prints it, and `npx convex run` suggests names from it."""
    admin = world.backend.as_admin()
    spec = await admin.call("_system/cli/modules:apiSpec")
    by_name = {one["identifier"]: one for one in spec if "identifier" in one}
    assert by_name["counters.js:add"] == {
        "identifier": "counters.js:add",
        "functionType": "Mutation",
        "visibility": {"kind": "public"},
        "args": {
            "type": "object",
            "value": {
                "name": {"fieldType": {"type": "string"}, "optional": False},
                "by": {"fieldType": {"type": "number"}, "optional": True},
            },
        },
        "returns": {"type": "number"},
    }
    assert by_name["counters.js:secret"]["visibility"] == {"kind": "internal"}
    assert by_name["notes.js:twice"]["functionType"] == "Action"
    routes = [one for one in spec if one["functionType"] == "HttpAction"]
    assert {"functionType": "HttpAction", "method": "POST", "path": "/hooks/*"} in routes
    assert not any("_system" in name for name in by_name)


async def test_modules_with_their_functions(world: World) -> None:
    [[component, modules]] = await ask(world, "modules:listForAllComponents")
    assert component is None
    assert modules == await ask(world, "modules:list", componentId=None)
    by_path = dict(modules)
    [add] = [one for one in by_path["counters.js"]["functions"] if one["name"] == "add"]
    assert (add["udfType"], add["visibility"]) == ("Mutation", {"kind": "public"})
    assert add["lineno"] > 1
    assert set(orjson.loads(add["argsValidator"])["value"]) == {"name", "by"}
    assert "POST /hooks/*" in [one["name"] for one in by_path["http.js"]["functions"]]


async def test_the_arguments_of_one_function(world: World) -> None:
    text = await ask(world, "modules:argsValidator", path="counters.js:get")
    assert orjson.loads(text)["value"] == {
        "name": {"fieldType": {"type": "string"}, "optional": False}
    }
    assert await ask(world, "modules:argsValidator", path="counters:nothing") is None


async def test_components_have_functions_of_their_own() -> None:
    async with open_board() as board:
        admin = board.as_admin()
        listed = await admin.call("_system/frontend/modules:listForAllComponents")
        assert [component for component, _ in listed] == [
            None,
            "left",
            "nest",
            "nest/inner",
            "right",
        ]
        spec = await admin.call("_system/cli/modules:apiSpec", {"componentId": "left"})
        assert any(one.get("identifier") == "tallies.js:add" for one in spec)
