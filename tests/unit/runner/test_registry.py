"""The decorators and the function objects that they make."""

from __future__ import annotations

from typing import Any

import pytest

from reactor import (
    ActionCtx,
    ActionFn,
    MutationCtx,
    MutationFn,
    QueryCtx,
    QueryFn,
    action,
    internal_action,
    internal_mutation,
    internal_query,
    mutation,
    query,
)
from reactor.errors import ProjectError
from reactor.runner.registry import Fn


async def read(ctx: QueryCtx, name: str) -> str:
    """Reads it."""
    return name


async def write(ctx: MutationCtx) -> None:
    return None


async def act(ctx: ActionCtx) -> None:
    return None


async def guard(ctx: QueryCtx | ActionCtx) -> str:
    return "guarded"


async def guarded(ctx: QueryCtx, found: str) -> str:
    return found


async def guarded_action(ctx: ActionCtx, found: str) -> str:
    return found


def test_decorators_say_kind_and_visibility() -> None:
    made: list[Fn[..., Any]] = [
        query(read), internal_query(read), mutation(write), internal_mutation(write), action(act),
        internal_action(act),
    ]  # fmt: skip
    assert [(fn.kind, fn.visibility) for fn in made] == [
        ("query", "public"), ("query", "internal"), ("mutation", "public"),
        ("mutation", "internal"), ("action", "public"), ("action", "internal"),
    ]  # fmt: skip
    assert (made[0].__doc__, made[0].__name__) == ("Reads it.", "read")


def test_options_and_guards_are_kept() -> None:
    named = query.options(name="news:HTML", camel=False).using(guard)(guarded)
    assert (named.wire, named.camel, named.guard) == ("news:HTML", False, guard)
    assert mutation.using(guard)(guarded).guard is guard
    assert action.using(guard)(guarded_action).guard is guard
    assert query(read).guard is None


def test_handles_can_be_stored_and_turned_back() -> None:
    for cls in (QueryFn, MutationFn, ActionFn):
        fn = cls.ref("news:list")
        assert fn.handle == "function://news:list"
        assert cls.ref(fn.handle).handle == fn.handle
    assert "news:list" in repr(QueryFn.ref("news:list"))
    assert "read" in repr(query(read))


def test_a_function_of_no_project_has_no_handle() -> None:
    with pytest.raises(ProjectError):
        _ = query(read).handle


async def test_a_reference_is_never_run_itself() -> None:
    with pytest.raises(AssertionError):
        await QueryFn.ref("news:list").handler()
