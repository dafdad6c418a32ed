"""Components at work: isolated data, one transaction, calls in both directions."""

from __future__ import annotations

from typing import Any

import pytest

from reactor import AppError, Component, MutationCtx, QueryCtx, QueryFn
from reactor.errors import DeveloperError, ProjectError, ValidationFailed
from reactor.testing import Harness
from tests.unit.sample.board import left, right
from tests.unit.sample.board.functions import boards
from tests.unit.sample.board.schema import Counter
from tests.unit.sample.nest.functions import nests
from tests.unit.sample.tally.functions import tallies
from tests.unit.sample.world import open_board


async def test_instances_of_one_package_keep_their_own_documents(board: Harness) -> None:
    """The app, two instances beside each other and one inside another all have `counters`."""
    ids = await board.mutation(boards.add_everywhere, name="x")
    assert await board.query(boards.all_of, name="x") == [1, 10, 100, 1]
    assert len(set(ids)) == 4
    tables = board.node.log.snapshot.tables
    assert {place: len(table.documents) for place, table in tables.items() if "_" not in place} == {
        "counters": 1, "left/counters": 1, "right/counters": 1, "nest/inner/counters": 1,
    }  # fmt: skip


async def test_ids_mean_nothing_across_the_border(board: Harness) -> None:
    own, inside, other, _ = await board.mutation(boards.add_everywhere, name="x")
    assert await board.query(left(tallies.is_known), id=inside)
    for foreign in (own, other):
        assert not await board.query(left(tallies.is_known), id=foreign)

        async def refused(ctx: MutationCtx, id: Any = foreign) -> None:
            await ctx.run_query(left(tallies.by_id), id=id)

        with pytest.raises(ValidationFailed) as caught:
            await board.run(refused)
        assert caught.value.code == "ArgumentValidationError"
        assert "counters`," not in str(caught.value), "whose id it is stays unknown"

    async def read(ctx: MutationCtx) -> tuple[Any, Any, str | None]:
        elsewhere: Any = inside
        known = await ctx.run_query(left(tallies.by_id), id=elsewhere)
        return await ctx.db.get(elsewhere), ctx.db.normalize_id(Counter, inside), known

    assert await board.run(read) == (None, None, "x")


async def test_a_component_commits_with_its_caller_or_not_at_all(board: Harness) -> None:
    with pytest.raises(AppError):
        await board.mutation(boards.add_and_fail, name="x")
    assert await board.query(boards.all_of, name="x") == [0, 0, 0, 0]


async def test_a_failing_component_takes_back_its_own_writes(board: Harness) -> None:
    assert await board.mutation(boards.survive, name="x") == "REFUSED"
    assert await board.query(boards.all_of, name="x") == [0, 5, 0, 0]


async def test_nobody_is_signed_in_inside_and_variables_are_passed() -> None:
    async with open_board(env={"SECRET": "s", "PASSED": "the app's"}) as board:
        somebody = board.with_identity(subject="ada")
        assert await somebody.query(boards.seen_inside) == [
            "ada", [None, "hidden", "s"], [None, "hidden", "not passed"], [None, "hidden", "s"],
        ]  # fmt: skip
        assert await board.as_admin().query(left(tallies.who)) == [None, "hidden", "s"]


async def test_a_component_calls_back_through_a_handle(board: Harness) -> None:
    """It never learns who is signed in, and what is called back commits with the rest."""
    somebody = board.with_identity(subject="ada")
    assert await somebody.mutation(boards.have_it_tell, name="x") == "nobody"
    assert await board.query(boards.all_of, name="x") == [7, 0, 0, 0]
    with pytest.raises(DeveloperError) as caught:
        await board.query(left(tallies.ask), handle="function://boards:allOf;")
    assert caught.value.code == "FunctionNotFound"


async def test_pages_are_for_the_app(board: Harness) -> None:
    with pytest.raises(DeveloperError) as caught:
        await board.query(boards.paged)
    assert caught.value.code == "PaginateInComponent"


async def test_a_call_from_an_action_is_a_transaction_of_its_own(board: Harness) -> None:
    start = board.node.log.last_ts
    assert await board.action(boards.act, name="x") == [1, 2]
    assert len(list(board.node.log.window.since(start))) == 3


async def test_a_live_query_follows_what_its_components_read(board: Harness) -> None:
    """The reads of a component are part of its caller's, down to the right instance."""
    async with board.subscribe(boards.all_of, name="x") as feed:
        assert await feed.next() == [0, 0, 0, 0]
        await board.mutation(right(tallies.add), name="x")
        assert await feed.next() == [0, 0, 1, 0]
        await board.mutation(right(tallies.add), name="y")
        await board.drain()
        assert feed.pushes == 2


async def test_a_shared_result_does_not_depend_on_who_asks_inside(board: Harness) -> None:
    """Nobody is signed in there, so one run serves everyone."""

    async def of_all(subject: str) -> Any:
        return await board.with_identity(subject=subject).call("boards:handles")

    runs = board.node.hub.runner.query_runs
    await of_all("ada")
    await of_all("bob")
    assert board.node.hub.runner.query_runs == runs + 1


async def test_clients_reach_the_app_only(board: Harness) -> None:
    for path in ("tallies:get", "left/tallies:get", "boards:add", "boards:aimed"):
        with pytest.raises(DeveloperError) as caught:
            await board.call(path, {"name": "x"})
        assert caught.value.code == "FunctionNotFound"


def test_an_aimed_function_is_not_aimed_again() -> None:
    for fn in (left(tallies.get), QueryFn.ref("tallies:get")):
        with pytest.raises(ProjectError):
            right(fn)
    assert "left;" in repr(left(tallies.get))
    assert repr(Component("x", functions="y")) == "<Component x>"


async def test_nested_calls_are_typed(board: Harness) -> None:
    async def read(ctx: QueryCtx) -> int:
        return await ctx.run_query(left(tallies.get), name="x")

    assert await board.run(read) == 0
    assert nests.get.kind == "query"
