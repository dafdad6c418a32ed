"""Lists: pages in the order of an index, each going on where a cursor says.

A cursor is a position in the order, not a row: it holds the sort values of the last item shown.
Rows that come, go or move between two calls therefore cause neither a gap nor a duplicate below
it, and the row itself may be gone.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from functions import _errors as errors
from functions import validation
from functions.constants import CURSOR_CHARS_MAX, LIST_CHARS_MAX, LONG_ROWS_PER_READ
from reactor import (
    ABSENT,
    Absent,
    Bound,
    FieldRef,
    IndexRef,
    Object,
    QueryCtx,
    RangeQuery,
    Table,
    parse,
)

D = TypeVar("D", bound=Table)

SortValue = float | str | None
SortKey = tuple[tuple[SortValue, ...], float, str]
"""The values of the sort columns, `_creationTime`, `_id`: what every index orders by."""


@dataclass(frozen=True, slots=True)
class Slice(Generic[D]):
    """One page of a list; `next_cursor` is None exactly when nothing follows it."""

    items: list[D]
    next_cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Generic[D]):
    """A list: one range of an index, in the index's order.

    Args:
        table: what is listed.
        index: what orders it.
        equal: what the first columns of the index must be.
        columns: the columns that follow, which sort the list; then comes `_creationTime`.
        values: those columns of a document.
        order: "desc" is newest or largest first.
        start: where the list begins, as a bound of the first sort column.
        end: where it ends, likewise.
        keep: drops documents that the range holds and the list does not show.
        kind: the type of the sort values.
        weight: letters of a document's texts, for a list whose documents can be long: its pages are
            shorter then.
    """

    table: type[D]
    index: IndexRef[D]
    equal: Sequence[Bound[D]] = ()
    columns: Sequence[FieldRef[D, Any]] = ()
    values: Callable[[D], tuple[SortValue, ...]] = lambda _: ()
    order: Literal["asc", "desc"] = "desc"
    start: Sequence[Bound[D]] = ()
    end: Sequence[Bound[D]] = ()
    keep: Callable[[D], bool] = lambda _: True
    kind: type[float] | type[str] = float
    weight: Callable[[D], int] | None = None

    def query(self, ctx: QueryCtx, *bounds: Bound[D]) -> RangeQuery[D]:
        """The listed documents in order, before `keep`, narrowed by more bounds."""
        bounds = bounds or (*self.equal, *self.start, *self.end)
        return ctx.db.query(self.table).with_index(self.index, *bounds).order(self.order)

    def key(self, document: D) -> SortKey:
        """Where a document stands in the list, or would stand."""
        return self.values(document), document.creation_time, document.id

    def ranges_after(self, position: SortKey | None) -> Iterator[tuple[Bound[D], ...]]:
        """The index ranges that hold what follows a position, in list order.

        After (a, b) they are "a, b and not younger", "a and less than b", "less than a". The first
        also holds the position itself and its twins of the same `_creationTime`.
        """
        if position is None:
            yield (*self.equal, *self.start, *self.end)
            return
        values, time, _ = position
        tied = tuple(column == value for column, value in zip(self.columns, values, strict=True))
        created = self.table.creation_time
        yield (*self.equal, *tied, created <= time if self.order == "desc" else created >= time)
        for place in reversed(range(len(self.columns))):
            column, value = self.columns[place], values[place]
            beyond = column < value if self.order == "desc" else column > value
            yield (*self.equal, *tied[:place], beyond, *(self.end if place == 0 else ()))

    def is_after(self, document: D, position: SortKey | None) -> bool:
        """Whether a document that shares the position's sort values follows it."""
        if position is None or self.values(document) != position[0]:
            return True
        own, other = self.key(document)[1:], position[1:]
        return own < other if self.order == "desc" else own > other


async def read_page(
    ctx: QueryCtx, listing: Listing[D], cursor: str | Absent | None, limit: float | None
) -> Slice[D]:
    """The page of a list that a client asks for; reads one document more than it shows.

    Raises:
        AppError: INVALID_ARGUMENT for the limit, INVALID_CURSOR.
    """
    count = validation.limit(limit)
    position = await position_of(ctx, listing, cursor)
    found: list[D] = []
    while True:
        wanted = count + 1 - len(found)
        step = wanted if listing.weight is None else min(wanted, LONG_ROWS_PER_READ)
        part = await _read(ctx, listing, position, step)
        found += part
        if len(part) < step or len(found) > count:
            break
        if fitting(listing, found, count) < len(found):
            break
        position = listing.key(part[-1])
    return cut(listing, found, fitting(listing, found, count))


def fitting(listing: Listing[D], found: Sequence[D], count: int) -> int:
    """How many of the first `count` documents one page can hold: one at least."""
    if listing.weight is None:
        return count
    total = 0
    for place, document in enumerate(found[:count]):
        total += listing.weight(document)
        if total > LIST_CHARS_MAX:
            return max(place, 1)
    return count


async def _read(
    ctx: QueryCtx, listing: Listing[D], position: SortKey | None, count: int
) -> list[D]:
    """The next documents after a position, at most `count`."""
    found: list[D] = []
    for bounds in listing.ranges_after(position):
        rest = listing.query(ctx, *bounds).filter(
            lambda document: listing.keep(document) and listing.is_after(document, position)
        )
        found += await rest.take(count - len(found))
        if len(found) == count:
            break
    return found


def cut(listing: Listing[D], found: Sequence[D], count: int) -> Slice[D]:
    """The first `count` documents, with a cursor when there are more."""
    items = list(found[:count])
    return Slice(items, write_cursor(listing.key(items[-1])) if len(found) > count else None)


class _Cursor(Object):
    """What is inside a cursor."""

    values: list[float | str | None]
    created: float
    id: str


def write_cursor(position: SortKey) -> str:
    """A cursor that goes on after a position."""
    values, created, document_id = position
    parts = {"values": values, "created": created, "id": document_id}
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode()


async def position_of(
    ctx: QueryCtx, listing: Listing[D], cursor: str | Absent | None
) -> SortKey | None:
    """The position that a client's cursor names, None for the beginning.

    The bare id of a document of the table is a cursor too, whether the list shows it or not.

    Raises:
        AppError: INVALID_CURSOR.
    """
    if cursor is None or cursor is ABSENT:
        return None
    if len(cursor) > CURSOR_CHARS_MAX:
        raise errors.invalid_cursor()
    document_id = ctx.db.normalize_id(listing.table, cursor)
    if document_id is not None:
        document = await ctx.db.get(document_id)
        if document is None:
            raise errors.invalid_cursor()
        return listing.key(document)
    position = _read_cursor(cursor)
    values, _, last_id = position
    is_ours = len(values) == len(listing.columns) and all(
        value is None or isinstance(value, listing.kind) for value in values
    )
    if not is_ours or ctx.db.normalize_id(listing.table, last_id) is None:
        raise errors.invalid_cursor()
    return position


def _read_cursor(cursor: str) -> SortKey:
    try:
        text = base64.b64decode(cursor, altchars=b"-_", validate=True)
        data = json.loads(text, parse_int=_finite, parse_float=_finite, parse_constant=_finite)
        parts = parse(_Cursor, data)
    except (ValueError, RecursionError):
        raise errors.invalid_cursor() from None
    return tuple(parts.values), parts.created, parts.id


def _finite(number: str) -> float:
    value = float(number)
    if not math.isfinite(value):
        raise ValueError(f"{number} is in no cursor that we wrote")
    return value
