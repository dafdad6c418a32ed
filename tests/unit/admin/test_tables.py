"""`npx convex data`, as its two system queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest

from reactor.auth.identity import Caller
from reactor.errors import DeveloperError
from reactor.runner.run import Call
from tests.unit.sample.board import left
from tests.unit.sample.tally.functions import tallies
from tests.unit.sample.world import World, add, open_board


def opts(items: int = 100, cursor: str | None = None) -> dict[str, Any]:
    return {"numItems": items, "cursor": cursor}


async def test_tables_are_listed_by_name_and_in_pages(world: World) -> None:
    admin = world.backend.as_admin()
    whole = await admin.call("_system/cli/tables", {"paginationOpts": opts()})
    assert whole["page"] == [{"name": "counters"}, {"name": "notes"}]
    assert whole["isDone"]
    first = await admin.call("_system/cli/tables", {"paginationOpts": opts(1)})
    assert (first["page"], first["isDone"]) == ([{"name": "counters"}], False)
    rest = opts(1, first["continueCursor"])
    second = await admin.call("_system/cli/tables:default", {"paginationOpts": rest})
    assert (second["page"], second["isDone"]) == ([{"name": "notes"}], True)


async def test_whole_documents_in_either_order(world: World) -> None:
    """`npx convex data notes` shows what is stored, system fields included."""
    for text in ("a", "b"):
        await world.backend.call("notes:write", {"text": text})
        await world.backend.advance(timedelta(seconds=1))
    admin = world.backend.as_admin()
    for order, texts in (("asc", ["a", "b"]), ("desc", ["b", "a"])):
        args = {"table": "notes", "order": order, "paginationOpts": opts()}
        found = await admin.call("_system/cli/tableData", args)
        assert [note["text"] for note in found["page"]] == texts
        assert set(found["page"][0]) == {"_id", "_creationTime", "text", "owner"}


async def test_documents_of_a_table_are_live(world: World) -> None:
    """`npx convex data --watch` and dashboards are told of every write, and of no other table's."""
    client = world.client()
    client.say("Authenticate", baseVersion=0, tokenType="Admin", value="test-admin-key")
    client.modify(
        add(1, "_system/cli/tableData", table="notes", order="asc", paginationOpts=opts())
    )
    await world.settle()
    assert client.results[1]["page"] == []
    runs = world.hub.runner.query_runs
    await world.backend.call("notes:write", {"text": "new"})
    await world.settle()
    assert [note["text"] for note in client.results[1]["page"]] == ["new"]
    await world.add()
    assert world.hub.runner.query_runs == runs + 1


async def test_a_component_has_tables_of_its_own() -> None:
    """`npx convex data --component left` shows them, and the app's list leaves them out."""
    async with open_board() as board:
        await board.mutation(left(tallies.add), name="x")
        runner = board.node.hub.runner
        counts: list[Any] = []
        for component in ("", "left", "nest"):
            listed = Call(
                "_system/cli/tables",
                orjson.dumps({"paginationOpts": opts()}), Caller.admin(), component, True,
            )  # fmt: skip
            found = orjson.loads((await runner.query(listed)).value or b"")
            data = orjson.dumps({"table": "counters", "order": "asc", "paginationOpts": opts()})
            shown = Call("_system/cli/tableData", data, Caller.admin(), component, True)
            value = (await runner.query(shown)).value
            counts.append((found["page"], value and len(orjson.loads(value)["page"])))
        assert counts == [([{"name": "counters"}], 0), ([{"name": "counters"}], 1), ([], None)]


async def test_a_table_that_is_not_there_is_named(world: World) -> None:
    args = {"table": "nots", "order": "asc", "paginationOpts": opts()}
    with pytest.raises(DeveloperError, match="nots") as error:
        await world.backend.as_admin().call("_system/cli/tableData", args)
    assert error.value.code == "TableNotFound"
