"""Spaces: which function a call means, and what a component is kept from seeing."""

from __future__ import annotations

from typing import Any

import pytest

from reactor import ActionCtx, MutationCtx, MutationFn, QueryFn
from reactor.errors import DeveloperError, FunctionNotFound
from reactor.runner.registry import Fn
from reactor.runner.space import (
    Space,
    child_path,
    current_space,
    handle_of,
    read_reference,
)
from reactor.testing import Harness
from tests.unit.sample.board import left, right
from tests.unit.sample.board.functions import boards
from tests.unit.sample.nest.functions import nests
from tests.unit.sample.tally.functions import tallies


def spaces_of(board: Harness) -> dict[str, Space]:
    return board.node.loaded.spaces


async def test_a_function_runs_where_the_call_comes_from(board: Harness) -> None:
    """Instances share their function objects, so the object alone cannot say which one is meant."""
    spaces = spaces_of(board)
    assert list(spaces) == ["", "left", "right", "nest", "nest/inner"]
    for path in ("left", "right", "nest/inner"):
        found = spaces[path].resolve(tallies.get)
        assert (found.component, found.path) == (path, "tallies:get")
    for component in (left, right):
        assert spaces[""].resolve(component(tallies.get)).component == component.name
    assert [space.name for space in spaces.values()] == ["", "left", "right", "nest", "inner"]


async def test_functions_of_others_are_out_of_reach(board: Harness) -> None:
    """Isolation: what is not mounted here, or belongs to the app, has to be handed over."""
    spaces = spaces_of(board)
    calls: list[tuple[str, Fn[..., Any]]] = [
        ("", tallies.get),  # not aimed
        ("left", boards.all_of),  # the app's
        ("left", left(tallies.get)),  # not mounted in there
        ("", left(nests.get)),  # not that component's
        ("nest", right(tallies.get)),
    ]
    for space, fn in calls:
        with pytest.raises(FunctionNotFound):
            spaces[space].resolve(fn)
    with pytest.raises(DeveloperError) as caught:
        await board.query(boards.unaimed)
    assert caught.value.code == "FunctionNotFound"
    assert "component(fn)" in str(caught.value), "the way out is named"


async def test_references_name_functions_here_or_anywhere(board: Harness) -> None:
    spaces = spaces_of(board)
    here = spaces["left"].resolve(QueryFn.ref("tallies:get"))
    assert (here.component, here.path) == ("left", "tallies:get")
    there = spaces["left"].resolve(QueryFn.ref("function://nest/inner;tallies:get"))
    assert (there.component, there.path) == ("nest/inner", "tallies:get")
    root = spaces["left"].resolve(MutationFn.ref("function://boards:calledBack"))
    assert (root.component, root.path) == ("", "boards:calledBack")
    for nothing in ("boards:allOf", "function://gone;tallies:get", "function://boards:nothing"):
        with pytest.raises(FunctionNotFound):
            spaces["left"].resolve(QueryFn.ref(nothing))


async def test_handles_know_their_instance(board: Harness) -> None:
    assert await board.query(boards.handles) == [
        "function://boards:allOf",
        "function://left;tallies:get",
        "function://right;tallies:get",
        "function://nest/inner;tallies:get",
    ]
    assert left(tallies.get).handle == "function://left;tallies:get"
    assert boards.all_of.handle == "function://boards:allOf"


async def test_handles_in_actions_and_unregistered_functions(board: Harness) -> None:
    async def write(ctx: MutationCtx) -> str:
        return boards.all_of.handle

    async def act(ctx: ActionCtx) -> str:
        return right(tallies.get).handle

    assert await board.run(write) == "function://boards:allOf"
    assert await board.run_action(act) == "function://right;tallies:get"


def test_handles_are_read_as_they_are_written() -> None:
    for component, path in [("", "a/b:c"), ("x", "a:b"), ("x/y", "a/b:default")]:
        assert read_reference(handle_of(component, path)) == (component, path)
    assert read_reference("a/b:c") == (None, "a/b:c")
    assert (child_path("", "x"), child_path("x", "y")) == ("x", "x/y")


async def test_a_space_is_short_in_logs(board: Harness) -> None:
    """They show the locals of every frame; a whole node in each would fill the disk."""
    space = spaces_of(board)["nest/inner"]
    assert (repr(space), str(space)) == ("<Space 'nest/inner'>", "component 'nest/inner'")
    assert len(repr(space.functions)) < 200


async def test_what_runs_belongs_to_a_space(board: Harness) -> None:
    async def body(ctx: MutationCtx) -> object:
        return current_space()

    assert current_space() is None
    assert await board.run(body) is board.node.loaded.root
    assert current_space() is None


async def test_variables_are_passed_on_by_name(board: Harness) -> None:
    """A component never sees a key that nobody gave it."""
    deployment = {"SECRET": "s", "OTHER": "o", "CONVEX_SITE_URL": "u"}
    spaces = spaces_of(board)
    assert spaces[""].variables(deployment) == deployment
    assert spaces["left"].variables(deployment) == {"PASSED": "s", "CONVEX_SITE_URL": "u"}
    assert spaces["right"].variables(deployment) == {"CONVEX_SITE_URL": "u"}
    assert spaces["nest/inner"].variables(deployment) == {"PASSED": "s", "CONVEX_SITE_URL": "u"}
    assert spaces["left"].variables({}) == {}
