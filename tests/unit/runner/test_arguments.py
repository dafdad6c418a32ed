"""What a request may send as arguments, and arguments that are kept for later."""

from __future__ import annotations

from typing import Any

import pytest

from reactor import Arguments, Int64, MutationCtx, MutationFn, PaginationOptions, QueryFn, limits
from reactor.errors import ProjectError, ValidationFailed
from reactor.runner.arguments import parse_args, too_large
from reactor.testing import Harness
from tests.unit.sample.board import left
from tests.unit.sample.board.functions import boards
from tests.unit.sample.tally.functions import tallies


@pytest.mark.parametrize("raw", [b"{", b"3", b"[]", b"[{},{}]", b"[3]", b"null"])
def test_arguments_are_one_object(raw: bytes) -> None:
    with pytest.raises(ValidationFailed) as caught:
        parse_args(raw)
    assert caught.value.code == "ArgumentValidationError"


def test_arguments_have_a_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parse_args(b'{"a":1}') == parse_args(b'[{"a":1}]') == {"a": 1}
    monkeypatch.setattr(limits, "ARGUMENTS_BYTES_MAX", 3)
    with pytest.raises(ValidationFailed) as caught:
        parse_args(b'{"a":1}', "news.js:list")
    assert caught.value.code == "FunctionArgumentsTooLarge"
    text = "Arguments for news.js:list are too large (actual: 7 B, limit: 3 B)"
    assert str(caught.value) == text


def test_sizes_are_told_in_words_that_differ() -> None:
    """ "16 MiB is larger than 16 MiB" would help nobody."""
    assert "(actual: 17.25 MiB, limit: 16 MiB)" in str(too_large("X is", 17 * 2**20 + 2**18, 2**24))
    assert "(actual: 16777217 B, limit: 16777216 B)" in str(too_large("X is", 2**24 + 1, 2**24))
    assert "(actual: 2 KiB, limit: 900 B)" in str(too_large("X is", 2_048, 900))


async def test_arguments_are_kept_and_used_by_whoever_has_the_handle(board: Harness) -> None:
    """A component stores what it is to call, without knowing the function."""

    async def keep(ctx: MutationCtx) -> tuple[str, Any]:
        fn = left(tallies.add)
        kept = Arguments.of(fn, "x", by=5).data
        return fn.handle, kept

    handle, kept = await board.run(keep)
    assert kept == {"name": "x", "by": 5.0}

    async def use(ctx: MutationCtx) -> Any:
        await ctx.run_mutation(MutationFn.ref(handle), Arguments(kept))
        get = QueryFn.ref(left(tallies.get).handle)
        return await ctx.run_query(get, Arguments({"name": "x"}))

    assert await board.run(use) == 5


async def test_arguments_go_by_wire_names_and_values(board: Harness) -> None:
    async def body(ctx: MutationCtx) -> Any:
        options = PaginationOptions(num_items=1, cursor=None)
        kept = Arguments.of(boards.page_of, page_options=options, page_size=Int64(3)).data
        return kept, await ctx.run_query(QueryFn.ref("boards:pageOf"), Arguments(kept))

    kept, result = await board.run(body)
    assert kept["pageOptions"]["numItems"] == 1.0
    assert kept["pageSize"] == Int64(3)
    assert result == 4


async def test_arguments_are_checked_when_they_are_kept(board: Harness) -> None:
    wrong: list[tuple[Any, tuple[Any, ...]]] = [
        (left(tallies.add), ()),
        (left(tallies.add), (3,)),
        (left(tallies.add), ("x", 1, 2)),
    ]
    for fn, args in wrong:

        async def body(ctx: MutationCtx, fn: Any = fn, args: Any = args) -> None:
            Arguments.of(fn, *args)

        with pytest.raises(ValidationFailed) as caught:
            await board.run(body)
        assert caught.value.code == "ArgumentValidationError"
    with pytest.raises(ProjectError):
        Arguments.of(boards.all_of, name="x")


async def test_what_does_not_fit_is_named_as_it_is_on_the_wire(board: Harness) -> None:
    """A wrong value must not be reported as a parameter that is missing."""

    async def body(ctx: MutationCtx) -> None:
        options: Any = 3
        await ctx.run_query(boards.page_of, page_options=options, page_size=Int64(3))

    with pytest.raises(ValidationFailed, match=r"\.pageOptions"):
        await board.run(body)
