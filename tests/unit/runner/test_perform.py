"""Functions call each other, within limits of size, depth, kind and time."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any, cast

import pytest

from reactor import (
    ActionCtx,
    AppError,
    LimitError,
    MutationCtx,
    MutationFn,
    QueryCtx,
    QueryFn,
    limits,
)
from reactor.errors import DatabaseError, DeveloperError, ValidationFailed, WrongFunctionKind
from tests.unit.sample.functions import about, counters, notes, reach, talk
from tests.unit.sample.gate import gate
from tests.unit.sample.world import World


async def count(world: World) -> int:
    return len(await world.backend.call("notes:texts"))


# --- kinds --------------------------------------------------------------------------------------


async def test_a_query_calls_queries_only(world: World) -> None:
    """Also where no type checker has looked: a write in a query would be lost without a word."""
    outcome = await world.ask("calls:sneak")
    assert outcome.failure is not None
    assert outcome.failure.text.startswith(
        "Cannot call a Mutation function from a Query function\n"
    )
    assert await count(world) == 0


async def test_a_call_names_what_it_expects(world: World) -> None:
    async def body(ctx: MutationCtx) -> None:
        await ctx.run_query(cast("QueryFn[..., Any]", notes.write), text="x")

    with pytest.raises(WrongFunctionKind) as refused:
        await world.backend.run(body)
    assert str(refused.value) == (
        "Trying to execute notes.js:write as Query, but it is defined as Mutation."
    )


async def test_a_plain_function_is_not_called(world: World) -> None:
    async def helper(ctx: QueryCtx) -> int:
        return 1

    async def body(ctx: MutationCtx) -> None:
        await ctx.run_query(cast("QueryFn[..., Any]", helper))

    with pytest.raises(DeveloperError) as refused:
        await world.backend.run(body)
    assert refused.value.code == "InvalidFunctionReference"


async def test_an_internal_function_of_each_kind_is_called_inside_only(world: World) -> None:
    assert await world.backend.call("calls:everything") == ["query", "mutation", "action"]
    for name in ("hiddenQuery", "hiddenMutation", "hiddenAction"):
        with pytest.raises(DeveloperError) as refused:
            await world.backend.call(f"calls:{name}")
        assert refused.value.code == "FunctionNotFound"
        assert str(refused.value).startswith(f"Could not find public function for 'calls:{name}'")


async def test_a_handle_can_be_stored_and_called_later(world: World) -> None:
    handle = notes.write.handle

    async def body(ctx: MutationCtx) -> None:
        await ctx.run_mutation(MutationFn.ref(handle), text="by handle")
        await ctx.run_mutation(MutationFn.ref("notes:write"), text="by path")

    await world.backend.run(body)
    assert await count(world) == 2


# --- errors -------------------------------------------------------------------------------------


async def test_an_app_error_keeps_its_data_on_every_way(world: World) -> None:
    """mutation → mutation, action → mutation, action → action."""
    for path in ("calls:failInside", "calls:failFromAction", "calls:failTwiceRemoved"):
        with pytest.raises(AppError) as caught:
            await world.backend.call(path)
        assert caught.value.data == {"code": "REFUSED", "left": 3}
    assert await count(world) == 0


async def test_only_the_failing_childs_writes_are_lost(world: World) -> None:
    """At every depth: a grandchild that fails in a child that catches it."""
    assert await world.backend.call("calls:layers") == ["outer", "child"]
    assert sorted(await world.backend.call("notes:texts")) == ["child", "outer"]


async def test_a_result_that_is_not_what_was_declared_rolls_back(world: World) -> None:
    for path in ("calls:lie", "calls:lieInside"):
        with pytest.raises(DeveloperError) as refused:
            await world.backend.call(path)
        assert refused.value.code == "ReturnsValidationError"
    assert await count(world) == 0


async def test_nested_arguments_are_checked_and_measured(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def wrong(ctx: MutationCtx) -> None:
        await ctx.run_mutation(notes.write, text=cast("str", 5))

    with pytest.raises(ValidationFailed) as refused:
        await world.backend.run(wrong)
    assert refused.value.code == "ArgumentValidationError"
    monkeypatch.setattr(limits, "ARGUMENTS_BYTES_MAX", 100)

    async def large(ctx: MutationCtx) -> None:
        await ctx.run_mutation(notes.write, text="x" * 100)

    with pytest.raises(ValidationFailed) as refused:
        await world.backend.run(large)
    assert str(refused.value).startswith("Arguments for notes.js:write are too large (actual: ")


# --- limits of nested calls ---------------------------------------------------------------------


async def test_a_call_stays_within_what_it_is_given(world: World) -> None:
    async def body(ctx: MutationCtx) -> str:
        await ctx.run_mutation(about.write, count=1)
        await ctx.within(documents_written=2).run_mutation(about.write, count=2)
        try:
            await ctx.within(documents_written=2).run_mutation(about.write, count=3)
        except LimitError as error:
            return f"{error.code}: {error}"
        return "wrote three"

    told = await world.backend.run(body)
    assert told == "TooManyWrites: Too many writes in a single function execution (limit: 2)"
    assert await count(world) == 3


@pytest.mark.parametrize(
    ("counter", "code"),
    [
        ("documents_read", "TooManyDocumentsRead"),
        ("bytes_read", "TooManyBytesRead"),
        ("database_queries", "TooManyReads"),
    ],
)
async def test_reads_can_be_limited_too(world: World, counter: str, code: str) -> None:
    await world.backend.call("talk:fill", {"count": 3})
    outcome = await world.ask("calls:readWithin", counter=counter, most=0)
    assert outcome.failure is not None
    assert outcome.failure.code == code
    assert (await world.ask("calls:readWithin", counter=counter, most=1_000)).value == b"3.0"


async def test_a_nested_limit_is_never_wider_than_its_callers(world: World) -> None:
    async def body(ctx: MutationCtx) -> None:
        await ctx.within(documents_written=2).run_mutation(talk.spread, count=3, most=100)

    with pytest.raises(LimitError):
        await world.backend.run(body)


async def test_what_is_left_of_the_transaction_holds_as_well(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "DOCUMENTS_WRITTEN_MAX", 3)

    async def body(ctx: MutationCtx) -> None:
        await ctx.within(documents_written=100).run_mutation(about.write, count=4)

    with pytest.raises(LimitError) as refused:
        await world.backend.run(body)
    assert "(limit: 3)" in str(refused.value)


async def test_a_limit_is_no_negative_number(world: World) -> None:
    async def body(ctx: MutationCtx) -> None:
        ctx.within(documents_written=-1)

    with pytest.raises(DatabaseError):
        await world.backend.run(body)


async def test_calls_at_once_do_not_lend_each_other_their_limits(world: World) -> None:
    """After the last of them the caller has its own limits again."""

    async def body(ctx: MutationCtx) -> None:
        with pytest.raises(LimitError):
            await ctx.within(documents_written=0).run_mutation(about.write, count=1)
        await ctx.run_mutation(about.write, count=5)

    await world.backend.run(body)
    assert await count(world) == 5


# --- time ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "seconds"),
    [("reach:stuck", limits.TRANSACTION_S_MAX), ("reach:stuckAction", limits.ACTION_S_MAX)],
)
async def test_what_waits_for_ever_is_ended(world: World, path: str, seconds: int) -> None:
    gate.shut()
    task = asyncio.ensure_future(world.backend.call(path))
    await world.settle()
    await world.backend.advance(timedelta(seconds=seconds - 1))
    await world.settle()
    assert not task.done()
    await world.backend.advance(timedelta(seconds=1))
    await world.settle()
    gate.open()
    with pytest.raises(DeveloperError) as caught:
        await task
    assert caught.value.code == "FunctionTimedOut"
    text = f"Function execution timed out (maximum duration: {seconds}s)"
    assert str(caught.value).startswith(text)


async def test_a_route_that_waits_for_ever_is_ended(world: World) -> None:
    gate.shut()
    asked = asyncio.ensure_future(world.backend.request("GET", "/stuck"))
    await world.settle()
    await world.backend.advance(timedelta(seconds=limits.ACTION_S_MAX))
    await world.settle()
    gate.open()
    assert (await asked).status_code == 500


async def test_a_timeout_of_ones_own_is_ones_own(world: World) -> None:
    assert await world.backend.call("counters:timesOut") == "timed out"


async def test_an_action_catches_the_timeout_of_what_it_calls(world: World) -> None:
    async def body(ctx: ActionCtx) -> str:
        try:
            await ctx.run_query(reach.stuck)
        except DeveloperError as error:
            return error.code
        return "ended"

    gate.shut()
    task = asyncio.ensure_future(world.backend.run_action(body))
    await world.settle()
    await world.backend.advance(timedelta(seconds=limits.TRANSACTION_S_MAX))
    await world.settle()
    gate.open()
    assert await task == "FunctionTimedOut"


async def test_depth_is_counted_through_actions(world: World) -> None:
    with pytest.raises(DeveloperError) as caught:
        await world.backend.call("calls:deeper")
    assert caught.value.code == "CallDepthExceeded"
    assert counters.get.kind == "query"
