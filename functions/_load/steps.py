"""Stores the load data set step by step, and empties tables."""

from __future__ import annotations

from typing import Any, Final, cast

import schema
from functions import _errors as errors
from functions._env import Env
from functions._load.content import (
    store_courses,
    store_editors,
    store_news,
    store_research,
)
from functions._load.people import store_people
from functions._load.sizes import Size, steps
from functions._load.writer import Writer
from reactor import ActionCtx, MutationCtx, Object, PaginationOptions, QueryCtx, Table
from schema import File, StatsSnapshot

_STORE: Final = {
    "editors": store_editors,
    "course": store_courses,
    "people": store_people,
    "news": store_news,
    "research": store_research,
}

_KEY: Final = "demoLoad"
"""The snapshot that says how far the data set has come, and when it was begun."""

_ROWS_PER_RUN: Final = 4_000
"""Rows that one mutation deletes, a quarter of what it may write."""

_BYTES_PER_RUN: Final = 2**22
"""What one mutation reads in order to delete it, a quarter of what it may."""

TABLES: Final = {
    cast("Any", table).__table_name__: table
    for table in vars(schema).values()
    if isinstance(table, type) and issubclass(table, Table) and table is not Table
}


class LoadProgress(Object):
    """How many of a data set's steps are stored."""

    done: int
    steps: int


def require_dev(ctx: QueryCtx | ActionCtx) -> None:
    """Refuses anywhere but on a developer's machine.

    Raises:
        AppError: FORBIDDEN.
    """
    if ctx.env(Env).reactor_env != "dev":
        raise errors.forbidden("Only with REACTOR_ENV=dev")


async def store_next(ctx: MutationCtx, name: str, size: Size) -> LoadProgress:
    """Stores the next step of a data set, unless all are stored.

    The step and the note that it is done are one transaction: whatever breaks, and however often
    this is called, each step is stored once.

    Raises:
        AppError: CONFLICT when the database holds another data set of this kind.
    """
    row = await _find(ctx, name)
    done, present = (0, float(ctx.now_ms() // 1)) if row is None else (int(row.value), row.as_of)
    todo = steps(size)
    if done == len(todo):
        return LoadProgress(done=done, steps=done)
    step = todo[done]
    writer = Writer(ctx, size, present, f"{name} {done}")
    await _STORE[step.kind](writer, step)
    await writer.count_days()
    if row is None:
        await ctx.db.insert(StatsSnapshot(key=f"{_KEY}/{name}", value=1.0, as_of=present))
    else:
        await ctx.db.patch(row.id, StatsSnapshot.value.set(done + 1.0))
    return LoadProgress(done=done + 1, steps=len(todo))


async def _find(ctx: QueryCtx, name: str) -> StatsSnapshot | None:
    """The note about a data set."""
    notes = ctx.db.query(StatsSnapshot).with_index(
        StatsSnapshot.by_key, StatsSnapshot.key >= f"{_KEY}/", StatsSnapshot.key < f"{_KEY}0"
    )
    note = await notes.first()
    if note is not None and note.key != f"{_KEY}/{name}":
        raise errors.conflict(f"the database holds {note.key}; empty it with demo:reset first")
    return note


async def clear_some(ctx: MutationCtx, name: str) -> int:
    """Deletes rows of a table, as many as fit into one mutation; stored files go with theirs.

    Returns:
        How many; 0 when the table is empty.
    """
    rows = ctx.db.query(TABLES[name])
    page = await rows.paginate(
        PaginationOptions(num_items=_ROWS_PER_RUN, cursor=None, maximum_bytes_read=_BYTES_PER_RUN)
    )
    for row in page.page:
        if isinstance(row, File):
            await ctx.storage.delete(row.storage_id)
        await ctx.db.delete(row.id)
    return len(page.page)
