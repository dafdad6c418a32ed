"""One function per kind of argument validator."""

from __future__ import annotations

from typing import Any, Literal

from reactor import ABSENT, Absent, Id, Int64, Object, QueryCtx, query
from schema import Person


class Point(Object):
    x: float
    y: float | None = None


class Empty(Object):
    """An object without fields."""


class Place(Object):
    name: str
    at: Point


class Circle(Object):
    kind: Literal["circle"]
    radius: float


class Box(Object):
    kind: Literal["box"]
    width: float
    height: float


def _given(it: Any) -> Any:
    return {} if it is ABSENT or it is None else {"it": it}


@query
async def text(ctx: QueryCtx, *, it: str) -> Any:
    return {"it": it}


@query
async def number(ctx: QueryCtx, *, it: float) -> Any:
    return {"it": it}


@query
async def big(ctx: QueryCtx, *, it: Int64) -> Any:
    return {"it": it}


@query
async def flag(ctx: QueryCtx, *, it: bool) -> Any:
    return {"it": it}


@query
async def nil(ctx: QueryCtx, *, it: None) -> Any:
    return {"it": it}


@query
async def raw(ctx: QueryCtx, *, it: bytes) -> Any:
    return {"it": it}


@query
async def anything(ctx: QueryCtx, *, it: Any) -> Any:
    return {"it": it}


@query
async def word(ctx: QueryCtx, *, it: Literal["yes"]) -> Any:
    return {"it": it}


@query
async def digit(ctx: QueryCtx, *, it: Literal[1]) -> Any:
    return {"it": it}


@query
async def truth(ctx: QueryCtx, *, it: Literal[True]) -> Any:
    return {"it": it}


@query
async def words(ctx: QueryCtx, *, it: Literal["a", "b", "c"]) -> Any:
    return {"it": it}


@query
async def either(ctx: QueryCtx, *, it: str | float) -> Any:
    return {"it": it}


@query
async def nullable(ctx: QueryCtx, *, it: str | None) -> Any:
    return {"it": it}


@query
async def optional(ctx: QueryCtx, *, it: str | None = None) -> Any:
    return _given(it)


@query
async def three_states(ctx: QueryCtx, *, it: str | Absent | None = ABSENT) -> Any:
    return {} if it is ABSENT else {"it": it}


@query
async def optional_any(ctx: QueryCtx, *, it: Any | Absent = ABSENT) -> Any:
    return {} if it is ABSENT else {"it": it}


@query.options(name="list")
async def list_(ctx: QueryCtx, *, it: list[float]) -> Any:
    return {"it": it}


@query
async def lists(ctx: QueryCtx, *, it: list[list[str]]) -> Any:
    return {"it": it}


@query
async def list_of_either(ctx: QueryCtx, *, it: list[str | None]) -> Any:
    return {"it": it}


@query
async def point(ctx: QueryCtx, *, it: Point) -> Any:
    return {"it": it}


@query
async def empty(ctx: QueryCtx, *, it: Empty) -> Any:
    return {"it": it}


@query
async def nested(ctx: QueryCtx, *, it: Place) -> Any:
    return {"it": it}


@query
async def points(ctx: QueryCtx, *, it: list[Point]) -> Any:
    return {"it": it}


@query
async def record(ctx: QueryCtx, *, it: dict[str, float]) -> Any:
    return {"it": it}


@query
async def record_of_lists(ctx: QueryCtx, *, it: dict[str, list[str]]) -> Any:
    return {"it": it}


@query
async def record_of_points(ctx: QueryCtx, *, it: dict[str, Point]) -> Any:
    return {"it": it}


@query
async def record_by_id(ctx: QueryCtx, *, it: dict[Id[Person], float]) -> Any:
    return {"it": it}


@query
async def person(ctx: QueryCtx, *, it: Id[Person]) -> Any:
    return {"it": it}


@query
async def person_or_null(ctx: QueryCtx, *, it: Id[Person] | None) -> Any:
    return {"it": it}


@query
async def people(ctx: QueryCtx, *, it: list[Id[Person]]) -> Any:
    return {"it": it}


@query
async def tagged(ctx: QueryCtx, *, it: Circle | Box) -> Any:
    return {"it": it}


@query
async def two(ctx: QueryCtx, *, a: str, b: float) -> Any:
    return {"a": a, "b": b}


@query
async def none(ctx: QueryCtx) -> Any:
    return {}
