# Each returns whatever it is told to, fitting or not:
# mypy: disable-error-code="no-any-return"
"""One function per kind of result validator; each returns what it is told to."""

from __future__ import annotations

from typing import Any, Literal

from reactor import Id, Int64, MutationCtx, QueryCtx, mutation, query
from schema import Person, Row


@query
async def text(ctx: QueryCtx, *, it: Any = None) -> str:
    return it


@query
async def number(ctx: QueryCtx, *, it: Any = None) -> float:
    return it


@query
async def big(ctx: QueryCtx, *, it: Any = None) -> Int64:
    return it


@query
async def flag(ctx: QueryCtx, *, it: Any = None) -> bool:
    return it


@query
async def nil(ctx: QueryCtx, *, it: Any = None) -> None:
    return it


@query
async def raw(ctx: QueryCtx, *, it: Any = None) -> bytes:
    return it


@query
async def either(ctx: QueryCtx, *, it: Any = None) -> str | float:
    return it


@query
async def nullable(ctx: QueryCtx, *, it: Any = None) -> str | None:
    return it


@query
async def words(ctx: QueryCtx, *, it: Any = None) -> Literal["a", "b"]:
    return it


@query.options(name="list")
async def list_(ctx: QueryCtx, *, it: Any = None) -> list[float]:
    return it


@query
async def record(ctx: QueryCtx, *, it: Any = None) -> dict[str, float]:
    return it


@query
async def person(ctx: QueryCtx, *, it: Any = None) -> Id[Person]:
    return it


@mutation
async def after_write(ctx: MutationCtx, *, label: str, it: Any) -> str:
    """Writes first: a result that does not fit takes the write back."""
    await ctx.db.insert(Row(label=label))
    return it
