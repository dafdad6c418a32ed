"""Text search. Relevance is each side's own, so labels come back sorted."""

from __future__ import annotations

from typing import Any

from reactor import (
    Bound,
    Flat,
    MutationCtx,
    Object,
    OrderedQuery,
    PaginationOptions,
    QueryCtx,
    mutation,
    query,
)
from schema import Note


class Asked(Object):
    """What is searched for."""

    text: str
    topic: str | None = None
    pinned: bool | None = None


def _search(ctx: QueryCtx, asked: Asked) -> OrderedQuery[Note]:
    equals: list[Bound[Note]] = []
    if asked.topic is not None:
        equals.append(Note.topic == asked.topic)
    if asked.pinned is not None:
        equals.append(Note.pinned.is_(asked.pinned))
    return ctx.db.query(Note).with_search_index(Note.by_text, asked.text, *equals)


def _labels(notes: list[Note]) -> list[str]:
    return sorted(note.label for note in notes)


def _made(note: dict[str, Any]) -> Note:
    whole: dict[str, Any] = {"pinned": False, **note}
    return Note(**whole)


@mutation
async def add(ctx: MutationCtx, *, notes: list[Any]) -> None:
    for note in notes:
        await ctx.db.insert(_made(note))


@mutation
async def change(ctx: MutationCtx, *, label: str, text: str | None = None) -> None:
    note = next(one for one in await ctx.db.query(Note).collect() if one.label == label)
    if text is None:
        await ctx.db.delete(note.id)
    else:
        await ctx.db.patch(note.id, Note.text.set(text))


@query
async def find(ctx: QueryCtx, *, asked: Flat[Asked]) -> list[str]:
    return _labels(await _search(ctx, asked).collect())


@query
async def count_of(ctx: QueryCtx, *, asked: Flat[Asked], n: int) -> int:
    return len(await _search(ctx, asked).take(n))


@query
async def filtered(ctx: QueryCtx, *, asked: Flat[Asked], label: str) -> list[str]:
    return _labels(await _search(ctx, asked).filter(lambda note: note.label != label).collect())


@query
async def page(ctx: QueryCtx, *, asked: Flat[Asked], opts: PaginationOptions) -> list[str]:
    return _labels((await _search(ctx, asked).paginate(opts)).page)


@mutation
async def add_and_find(ctx: MutationCtx, *, note: Any, asked: Flat[Asked]) -> list[str]:
    await ctx.db.insert(_made(note))
    return _labels(await _search(ctx, asked).collect())
