"""What news, research and courses have in common for readers: finding and listing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from functions import _errors as errors
from functions import utils, validation
from functions._lists import Listing, Slice, SortValue, cut, fitting, position_of
from functions.constants import LIST_CHARS_MAX
from functions.permissions import Caller
from reactor import Absent, Bound, FieldRef, IndexRef, QueryCtx
from schema import ContentTag, ContentType, Course, News, Research

A = TypeVar("A", News, Research)
"""Either kind of article; the checkers read a function once for each."""

C = TypeVar("C", News, Research, Course)
"""Whatever editors draft, publish and move to the bin."""

Status = Literal["all", "draft", "published", "deleted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind(Generic[C]):
    """Where news, research and courses differ in the code they share.

    Args:
        table: the table of the items.
        name: what audits and files call the table.
        entity: what errors, slugs and the purposes of images call one item.
        counter: the counter of all items that are not deleted.
        by_deleted: the index that orders the lists of editors.
        by_state: the same by draft and published, for a table with so many items that it needs one.
    """

    table: type[C]
    name: str
    entity: errors.Entity
    counter: str
    by_deleted: IndexRef[C]
    by_state: IndexRef[C] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleKind(Kind[A]):
    """Where news and research differ.

    Args:
        name: what tags and views call it as well.
        by_listed: and the other, the indexes that the lists of visitors read.
    """

    name: ContentType
    by_listed: IndexRef[A]
    by_listed_premium: IndexRef[A]


def find(kind: Kind[C], caller: Caller, item: C | None) -> C:
    """The item, if it exists for the caller.

    Raises:
        AppError: NOT_FOUND.
    """
    if item is None or not caller.can_find(item):
        raise errors.not_found(kind.entity)
    return item


async def by_slug(ctx: QueryCtx, table: type[C], slug: str) -> C | None:
    """The item with a slug, whatever its state."""
    return await ctx.db.query(table).with_index(table.by_slug, table.slug == slug).unique()


def listed(kind: ArticleKind[A], is_premium: bool | None = None) -> Listing[A]:
    """The list that visitors see, latest published first.

    Args:
        kind: news or research.
        is_premium: only items for subscribers, or only free ones; None for both.
    """
    table, index = kind.table, kind.by_listed
    equal: list[Bound[A]] = [table.is_published.is_(True), table.deleted_at.is_absent()]
    if is_premium is not None:
        index = kind.by_listed_premium
        equal.append(table.is_premium.is_(is_premium))
    columns: list[FieldRef[A, Any]] = [table.published_at]
    return Listing(
        table=table, index=index, equal=equal, columns=columns, values=published, weight=weight
    )


def weight(item: News | Research | Course) -> int:
    """Letters of what makes an item long."""
    return len(item.description if isinstance(item, Course) else item.content)


def published(item: News | Research) -> tuple[SortValue]:
    """What the lists of visitors are sorted by."""
    return (utils.publish_time(item),)


def administered(kind: Kind[C], status: Status) -> Listing[C]:
    """The list that editors see, last changed first."""
    if status == "deleted":
        return _deleted(kind)
    table, index = kind.table, kind.by_deleted
    equal: list[Bound[C]] = [table.deleted_at.is_absent()]
    if status != "all" and kind.by_state is not None:
        index = kind.by_state
        equal.insert(0, table.is_published.is_(status == "published"))
    columns: list[FieldRef[C, Any]] = [table.updated_at]
    return Listing(
        table=table,
        index=index,
        equal=equal,
        columns=columns,
        values=lambda item: (item.updated_at,),
        keep=lambda item: status == "all" or item.is_published == (status == "published"),
        weight=weight,
    )


def _deleted(kind: Kind[C]) -> Listing[C]:
    table = kind.table
    columns: list[FieldRef[C, Any]] = [table.deleted_at, table.updated_at]
    end: list[Bound[C]] = [table.deleted_at.is_present()]
    return Listing(
        table=table,
        index=kind.by_deleted,
        columns=columns,
        values=lambda item: (item.deleted_at, item.updated_at),
        end=end,
        keep=lambda item: item.deleted_at is not None,
        weight=weight,
    )


async def read_tagged(
    ctx: QueryCtx,
    kind: ArticleKind[A],
    tag: str,
    keep: Callable[[A], bool],
    cursor: str | Absent | None,
    limit: float | None,
) -> Slice[A]:
    """A page of the listed items with a tag, in the order of all lists.

    Tag rows know when their item was published, not when it was made; so items that were published
    in one millisecond are read together and sorted here.

    Raises:
        AppError: INVALID_ARGUMENT for the limit, INVALID_CURSOR.
    """
    number = validation.limit(limit)
    listing = listed(kind)
    position = await position_of(ctx, listing, cursor)
    bounds = [ContentTag.content_type == kind.name, ContentTag.tag == tag.strip().lower()]
    if position is not None:
        last = position[0][0]
        if not isinstance(last, float):
            return Slice([], None)  # a draft's own id: drafts come after everything published
        bounds.append(ContentTag.published_at <= last)
    rows = ctx.db.query(ContentTag).with_index(ContentTag.by_tag, *bounds).order("desc")
    found: list[A] = []
    time, read = None, 0
    async for row in rows:
        if row.published_at != time and (len(found) > number or read > LIST_CHARS_MAX):
            break
        time = row.published_at
        item = await utils.find(ctx, kind.table, row.content_id)
        if item is not None and keep(item) and listing.is_after(item, position):
            found.append(item)
            read += weight(item)
    found.sort(key=listing.key, reverse=True)
    return cut(listing, found, fitting(listing, found, number))
