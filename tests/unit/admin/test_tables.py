"""Tables and what they hold at large."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest

from reactor import limits
from reactor.auth.identity import Caller
from reactor.errors import DeveloperError
from reactor.runner.run import Call
from tests.unit.admin.tools import admin_client, ask, opts, refusal, write
from tests.unit.sample.board import left
from tests.unit.sample.tally.functions import tallies
from tests.unit.sample.world import World, add, open_board


async def _once(data: bytes) -> AsyncIterator[bytes]:
    yield data


async def cli(world: World, path: str, **args: Any) -> Any:
    return await world.backend.as_admin().call(f"_system/cli/{path}", args)


async def test_tables_are_listed_by_name_and_in_pages(world: World) -> None:
    whole = await cli(world, "tables", paginationOpts=opts())
    assert whole["page"] == [{"name": "counters"}, {"name": "notes"}]
    assert whole["isDone"]
    first = await cli(world, "tables", paginationOpts=opts(1))
    assert (first["page"], first["isDone"]) == ([{"name": "counters"}], False)
    rest = opts(1, first["continueCursor"])
    second = await cli(world, "tables:default", paginationOpts=rest)
    assert (second["page"], second["isDone"]) == ([{"name": "notes"}], True)


async def test_whole_documents_in_either_order(world: World) -> None:
    """`npx convex data notes` shows what is stored, system fields included."""
    await write(world, "a", "b")
    for order, expected in (("asc", ["a", "b"]), ("desc", ["b", "a"])):
        found = await cli(world, "tableData", table="notes", order=order, paginationOpts=opts())
        assert [note["text"] for note in found["page"]] == expected
        assert set(found["page"][0]) == {"_id", "_creationTime", "text", "owner"}


async def test_a_large_table_comes_in_pages_of_bounded_size(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The CLI asks for ten thousand at once; one page must not hold the loop."""
    await write(world, "a", "b", "c", "d", "e")
    for name, value in (("ADMIN_PAGE_ITEMS_MAX", 2), ("ADMIN_PAGE_BYTES_MAX", 250)):
        monkeypatch.setattr(limits, name, value)
        seen: list[str] = []
        cursor, is_done = None, False
        while not is_done:
            page = await cli(
                world, "tableData", table="notes", order="asc", paginationOpts=opts(9, cursor)
            )
            assert 0 < len(page["page"]) <= 2
            seen += [note["text"] for note in page["page"]]
            cursor, is_done = page["continueCursor"], page["isDone"]
        assert seen == ["a", "b", "c", "d", "e"]


async def test_documents_of_a_table_are_live(world: World) -> None:
    """Dashboards are told of every write, and of no other table's."""
    client = admin_client(world)
    client.modify(
        add(1, "_system/cli/tableData", table="notes", order="asc", paginationOpts=opts())
    )
    await world.settle()
    assert client.results[1]["page"] == []
    runs = world.hub.runner.query_runs
    await write(world, "new")
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
        assert counts == [([{"name": "counters"}], 0), ([{"name": "counters"}], 1), ([], 0)]


async def test_a_table_that_is_not_there_is_named(world: World) -> None:
    error = await refusal(
        world, "paginatedTableDocuments", table="nots", paginationOpts=opts(), filters=None
    )
    assert error.code == "TableNotFound"
    assert "nots" in str(error)


async def test_the_cli_shows_nothing_of_a_table_that_is_not_there(world: World) -> None:
    """It hangs when the query fails."""
    found = await cli(world, "tableData", table="nots", order="asc", paginationOpts=opts())
    assert (found["page"], found["isDone"]) == ([], True)


async def test_what_convex_dev_watches(world: World) -> None:
    await write(world, "a")
    assert len((await cli(world, "queryTable", tableName="notes"))["page"]) == 1


async def test_numbers_of_tables_as_ids_carry_them(world: World) -> None:
    mapping = await ask(world, "getTableMapping", componentId=None)
    assert mapping[str(world.log.numbers["notes"])] == "notes"
    assert set(mapping.values()) == {"counters", "notes", "_storage", "_scheduled_functions"}


async def test_sizes_are_counted_and_live(world: World) -> None:
    client = admin_client(world)
    client.modify(
        add(1, "_system/frontend/tableSize", tableName="notes"),
        add(2, "_system/frontend/tableSize:sizeOfAllTables", componentId=None),
        add(3, "_system/cli/tableSize:default", tableName="nots"),
    )
    await world.settle()
    assert client.results == {1: 0, 2: 0, 3: 0}
    await write(world, "a", "b")
    await world.add()
    assert client.results == {1: 2, 2: 3, 3: 0}


async def test_a_table_by_hand(world: World) -> None:
    """It is there while it is empty, takes documents, and goes when it is deleted."""
    client = admin_client(world)
    client.modify(add(1, "_system/cli/tables", paginationOpts=opts()))
    for _ in range(2):
        await ask(world, "createTable", table="scratch")
    await world.settle()
    assert {"name": "scratch"} in client.results[1]["page"]
    added = await ask(
        world, "addDocument", table="scratch", documents=[{"any": {"thing": [1, None]}}] * 3
    )
    assert await ask(world, "tableSize", tableName="scratch") == 3
    assert (await ask(world, "getById", id=added["ids"][0]))["any"] == {"thing": [1.0, None]}
    removed = await world.backend.as_admin().call(
        "_system/reactor/deleteTable", {"table": "scratch"}
    )
    assert removed == {"deleted": 3.0, "hasMore": False}
    await world.settle()
    assert {"name": "scratch"} not in client.results[1]["page"]


async def test_a_large_table_is_deleted_step_by_step(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ADMIN_CLEAR_DOCUMENTS_MAX", 2)
    await ask(world, "createTable", table="scratch")
    await ask(world, "addDocument", table="scratch", documents=[{}] * 3)
    admin = world.backend.as_admin()
    path, args = "_system/reactor/deleteTable", {"table": "scratch"}
    assert await admin.call(path, args) == {"deleted": 2.0, "hasMore": True}
    assert await ask(world, "tableSize", tableName="scratch") == 1
    assert await admin.call(path, args) == {"deleted": 1.0, "hasMore": False}


async def test_a_declared_table_is_not_deleted(world: World) -> None:
    with pytest.raises(DeveloperError, match=r"schema\.py") as refused:
        await world.backend.as_admin().call("_system/reactor/deleteTable", {"table": "notes"})
    assert refused.value.code == "TableInSchema"


async def test_what_a_component_left_behind_is_removed() -> None:
    """Its tables stay when it is taken out of the project, until somebody says they may go."""
    async with open_board() as board:
        world = World(board)
        await board.mutation(left(tallies.add), name="x")
        runner = world.hub.runner
        await runner.files.receive(_once(b"bytes"), content_type=None, table="left/_storage")
        admin = board.as_admin()
        path, args = "_system/reactor/deleteComponent", {"path": "left"}
        with pytest.raises(DeveloperError) as refused:
            await admin.call(path, args)
        assert refused.value.code == "ComponentMounted"
        spaces = world.node.loaded.spaces
        del spaces["left"]
        assert not (await admin.call(path, args))["hasMore"]
        tables = world.log.snapshot.tables
        assert not any(tables[name].documents for name in tables if name.startswith("left/"))
        assert not tables["_storage_blobs"].documents, "its files have gone with it"
        with pytest.raises(DeveloperError) as refused:
            await admin.call(path, {"path": "never"})
        assert refused.value.code == "ComponentNotFound"


@pytest.mark.parametrize("name", ["", "1a", "a b", "_mine", "x" * 65, "__"])
async def test_names_that_no_table_can_have(world: World, name: str) -> None:
    assert (await refusal(world, "createTable", table=name)).code == "InvalidTableName"
