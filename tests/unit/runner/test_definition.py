"""Signatures read: arguments in, results out."""

from __future__ import annotations

from typing import Any

import pytest

from reactor import Flat, MutationCtx, QueryCtx, field, internal_query, limits, query
from reactor.errors import SchemaError, ValidationFailed, ValueNotAllowed
from reactor.runner.definition import Definition, define
from reactor.runner.registry import Fn

NO_TAGS: Any = field(default_factory=list)


async def search(
    ctx: QueryCtx, page_size: int, text: str = "all", tags: list[str] = NO_TAGS
) -> list[str]:
    return [text]


async def untyped_result(ctx: QueryCtx) -> object:
    return None


del untyped_result.__annotations__["return"]


async def anything(ctx: QueryCtx, rest: Flat[dict[str, Any]]) -> dict[str, Any]:
    return rest


def defined(fn: Fn[..., Any], **options: Any) -> Definition:
    return define(fn, "news:search", {}, **options)


def test_arguments_are_read_by_their_wire_names() -> None:
    made = defined(query(search))
    given = made.arguments({"pageSize": 2.0, "tags": ["a"]})
    assert given == {"page_size": 2, "text": "all", "tags": ["a"]}
    assert made.positions == ("page_size", "text", "tags")
    assert made.module_path == "news.js:search"
    kept = defined(query.options(camel=False)(search))
    assert kept.arguments({"page_size": 2})["page_size"] == 2


@pytest.mark.parametrize(
    "wrong", [{}, {"pageSize": "2"}, {"pageSize": 2, "page": 3}, {"pageSize": 1.5}, [], 3]
)
def test_arguments_that_do_not_fit(wrong: Any) -> None:
    with pytest.raises(ValidationFailed) as caught:
        defined(query(search)).arguments(wrong)
    assert caught.value.code == "ArgumentValidationError"


def test_calls_from_python_are_checked_as_if_they_came_by_wire() -> None:
    made = defined(query(search))
    assert made.rebound((2,), {"text": "x"})["text"] == "x"
    wrong: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
        ((1, "x", [], 4), {}),
        ((1,), {"nothing": 1}),
        (("x",), {}),
    ]
    for args, kwargs in wrong:
        with pytest.raises(ValidationFailed) as caught:
            made.rebound(args, kwargs)
        assert caught.value.code == "ArgumentValidationError"


def test_a_copied_list_is_the_callees_own() -> None:
    """A nested call that changes its argument must not change its caller's."""
    tags = ["a"]
    assert defined(query(search)).rebound((1,), {"tags": tags})["tags"] is not tags


def test_results_are_canonical() -> None:
    """Equal results must have equal bytes, or clients are pushed what they have."""
    made = defined(query(anything))
    assert made.result({"b": 1, "a": [True, None]}) == b'{"a":[true,null],"b":1.0}'


@pytest.mark.parametrize("wrong", ["x", [1], None])
def test_results_that_do_not_fit(wrong: Any) -> None:
    with pytest.raises(ValidationFailed) as caught:
        defined(query(search)).result(wrong)
    assert caught.value.code == "ReturnsValidationError"


def test_results_have_a_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RESULT_BYTES_MAX", 10)
    with pytest.raises(ValidationFailed) as caught:
        defined(query(search)).result(["a long text"])
    assert caught.value.code == "FunctionReturnValueTooLarge"


def test_results_that_cannot_be_sent() -> None:
    with pytest.raises(ValueNotAllowed):
        defined(query(anything)).result({"a": "\ud800"})


def test_a_result_without_a_type_is_any_value() -> None:
    made = defined(query(untyped_result))
    assert made.returns is None
    assert made.result({"a": 1}) == b'{"a":1.0}'


async def no_hint(ctx: QueryCtx, name: str) -> None:
    return None


del no_hint.__annotations__["name"]


async def no_guard_result(ctx: QueryCtx) -> None:
    return None


async def variable(ctx: QueryCtx, **names: str) -> None:
    return None


async def unknown_name(ctx: QueryCtx, name: str) -> None:
    return None


unknown_name.__annotations__["name"] = "Nowhere"


def not_async(ctx: QueryCtx) -> None:
    return None


async def no_context() -> None:
    return None


async def odd(ctx: MutationCtx, name: object) -> None:
    return None


async def a_guard(ctx: QueryCtx) -> str:
    return ""


HANDLERS: list[Any] = [
    no_hint, variable, unknown_name, not_async, no_context, odd,
]  # fmt: skip


@pytest.mark.parametrize("handler", HANDLERS)
def test_signatures_that_have_no_form_on_the_wire(handler: Any) -> None:
    """The mistake is told when the project loads, not when the first client calls."""
    with pytest.raises(SchemaError):
        defined(internal_query(handler))


def test_a_guarded_handler_takes_what_its_guard_finds() -> None:
    handler: Any = no_guard_result
    with pytest.raises(SchemaError):
        defined(query.using(a_guard)(handler))
