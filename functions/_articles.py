"""What news and research have in common: finding, editing, deleting, viewing, tagging."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from functions import _errors as errors
from functions import utils, validation
from functions._bookkeeping import audit, count, mark_active
from functions._lists import Listing, Slice, cut, position_of
from functions.constants import VIEW_WINDOW_MS
from functions.permissions import Caller, is_listed
from reactor import ABSENT, Absent, Change, Id, MutationCtx, QueryCtx, StoredFile
from schema import ContentTag, ContentType, ContentView, File, Language, News, Research

A = TypeVar("A", News, Research)

Status = Literal["all", "draft", "published", "deleted"]


@dataclass(frozen=True, slots=True)
class Kind(Generic[A]):
    """Where news and research differ in the code they share.

    Args:
        table: the table of the items.
        name: what tags, views, audits and errors call them.
        counter: the counter of all items that are not deleted.
    """

    table: type[A]
    name: ContentType
    counter: str


# ---------------------------------------------------------------- finding


def find(kind: Kind[A], caller: Caller, item: A | None) -> A:
    """The item, if it exists for the caller.

    Raises:
        AppError: NOT_FOUND.
    """
    if item is None or not caller.can_find(item):
        raise errors.not_found(kind.name)
    return item


async def by_slug(ctx: QueryCtx, table: type[A], slug: str) -> A | None:
    """The item with a slug, whatever its state."""
    return await ctx.db.query(table).with_index(table.by_slug, table.slug == slug).unique()


def listed(table: type[A], is_premium: bool | None) -> Listing[A]:
    """The list that visitors see, latest published first."""
    equal = (table.is_published.is_(True), table.deleted_at.is_absent())
    index = table.by_listed
    if is_premium is not None:
        index, equal = table.by_listed_premium, (*equal, table.is_premium.is_(is_premium))
    return Listing(
        table=table,
        index=index,
        equal=equal,
        columns=(table.published_at,),
        values=published,
    )


def published(item: News | Research) -> tuple[float | None]:
    """What the lists of visitors are sorted by."""
    return (utils.publish_time(item),)


def administered(table: type[A], status: Status) -> Listing[A]:
    """The list that editors see, last changed first."""
    kept = table.deleted_at.is_absent()
    if status == "deleted":
        return Listing(
            table=table,
            index=table.by_deleted_at_updated_at,
            columns=(table.deleted_at, table.updated_at),
            values=lambda item: (item.deleted_at, item.updated_at),
            end=(table.deleted_at.is_present(),),
            keep=lambda item: item.deleted_at is not None,
        )
    if status == "all":
        index, equal = table.by_deleted_at_updated_at, (kept,)
    else:
        is_published = table.is_published.is_(status == "published")
        index, equal = table.by_draft_updated_at, (is_published, kept)
    return Listing(
        table=table,
        index=index,
        equal=equal,
        columns=(table.updated_at,),
        values=lambda item: (item.updated_at,),
    )


# ---------------------------------------------------------------- editing


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What an editor changes in any article; None means "leave it"."""

    title: str | None
    summary: str | None
    content: str | None
    tags: list[str] | None
    image_url: str | Absent | None
    is_premium: bool | None
    is_published: bool | None
    slug: str | None
    language: Language | None

    def checked(self) -> Edit:
        """The same edit in the form that is stored.

        Raises:
            AppError: INVALID_ARGUMENT.
        """
        return Edit(
            title=validation.given(validation.title, self.title),
            summary=validation.given(validation.summary, self.summary),
            content=validation.given(validation.content, self.content),
            tags=validation.given(validation.tags, self.tags),
            image_url=validation.clearable(validation.image_url, self.image_url),
            is_premium=self.is_premium,
            is_published=self.is_published,
            slug=validation.given(validation.slug, self.slug),
            language=self.language,
        )


async def new_slug(ctx: QueryCtx, kind: Kind[A], title: str, own: Id[A] | None = None) -> str:
    """A slug for a title that no other item has, deleted ones included."""

    async def is_taken(slug: str) -> bool:
        other = await by_slug(ctx, kind.table, slug)
        return other is not None and other.id != own

    return await utils.unique_slug(ctx, title, f"{kind.name}-", is_taken)


async def created(
    ctx: MutationCtx, kind: Kind[A], editor: Caller, id: Id[A], image: Id[StoredFile] | None
) -> None:
    """Does what a new draft needs beside its row.

    Raises:
        AppError: NOT_FOUND for an image that nobody uploaded.
    """
    if image is not None:
        match = File.storage_id == image
        file = await ctx.db.query(File).with_index(File.by_storage_id, match).unique()
        if file is None:
            raise errors.not_found("file")
        await ctx.db.patch(file.id, File.target_table.set(kind.name), File.target_id.set(id))
    await count(ctx, kind.counter, 1)
    await audit(ctx, editor, f"{kind.name}.create", kind.name, id)


async def save(
    ctx: MutationCtx,
    kind: Kind[A],
    editor: Caller,
    id: Id[A],
    edit: Edit,
    own: list[Change[A]],
) -> None:
    """Stores an edit, with the changes to columns that only this kind has.

    Raises:
        AppError: NOT_FOUND, also for a deleted item; SLUG_TAKEN.
    """
    table, item = kind.table, await ctx.db.get(id)
    if item is None or item.deleted_at is not None:
        raise errors.not_found(kind.name)
    changes = [
        *own,
        table.title.given(edit.title),
        table.summary.given(edit.summary),
        table.content.given(edit.content),
        table.tags.given(edit.tags),
        table.is_premium.given(edit.is_premium),
        table.language.given(edit.language),
        table.slug.given(await _changed_slug(ctx, kind, item, id, edit)),
        table.updated_at.set(ctx.now_ms()),
    ]
    if edit.image_url is not ABSENT:
        changes.append(table.image_url.set(edit.image_url))
    if edit.is_published is not None:
        changes += utils.publish_patch(table, item, edit.is_published, ctx.now_ms())
    await ctx.db.patch(id, *changes)
    await keep_tags(ctx, kind, id)
    await audit(ctx, editor, f"{kind.name}.update", kind.name, id)


async def _changed_slug(ctx: QueryCtx, kind: Kind[A], item: A, id: Id[A], edit: Edit) -> str | None:
    """The slug an editor chose, or the title's until the first publish made it public."""
    if edit.slug is not None:
        other = await by_slug(ctx, kind.table, edit.slug)
        if other is not None and other.id != id:
            raise errors.slug_taken(edit.slug)
        return edit.slug
    if edit.title is None or edit.title == item.title or utils.publish_time(item) is not None:
        return None
    return await new_slug(ctx, kind, edit.title, id)


async def set_deleted(
    ctx: MutationCtx, kind: Kind[A], editor: Caller, id: Id[A], is_deleted: bool
) -> None:
    """Moves an item to the bin or back; does nothing when it is there already.

    Raises:
        AppError: NOT_FOUND.
    """
    table, item = kind.table, await ctx.db.get(id)
    if item is None:
        raise errors.not_found(kind.name)
    if (item.deleted_at is not None) == is_deleted:
        return
    now = ctx.now_ms()
    await ctx.db.patch(
        id, table.deleted_at.set(now if is_deleted else None), table.updated_at.set(now)
    )
    await keep_tags(ctx, kind, id)
    await count(ctx, kind.counter, -1 if is_deleted else 1)
    await audit(ctx, editor, f"{kind.name}.{'remove' if is_deleted else 'restore'}", kind.name, id)


# ---------------------------------------------------------------- tags


async def keep_tags(ctx: MutationCtx, kind: Kind[A], id: Id[A]) -> None:
    """Brings the rows that lists by tag read in step with the item."""
    item = await ctx.db.get(id)
    time = utils.publish_time(item) if item is not None and is_listed(item) else None
    wanted = {tag.lower() for tag in item.tags} if item is not None and time is not None else set()
    rows = ctx.db.query(ContentTag).with_index(
        ContentTag.by_content, ContentTag.content_type == kind.name, ContentTag.content_id == id
    )
    for row in await rows.collect():
        if row.tag in wanted and row.published_at == time:
            wanted.remove(row.tag)
        else:
            await ctx.db.delete(row.id)
    for tag in sorted(wanted):
        await ctx.db.insert(
            ContentTag(content_type=kind.name, content_id=id, tag=tag, published_at=time)
        )


async def read_tagged(
    ctx: QueryCtx,
    kind: Kind[A],
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
    listing = listed(kind.table, None)
    position = await position_of(ctx, listing, cursor)
    bounds = [ContentTag.content_type == kind.name, ContentTag.tag == tag.strip().lower()]
    if position is not None:
        bounds.append(ContentTag.published_at <= position[0][0])
    rows = ctx.db.query(ContentTag).with_index(ContentTag.by_tag, *bounds).order("desc")
    found: list[A] = []
    time = None
    async for row in rows:
        if len(found) > number and row.published_at != time:
            break
        time = row.published_at
        item_id = ctx.db.normalize_id(kind.table, row.content_id)
        item = item_id and await ctx.db.get(item_id)
        if item and keep(item) and listing.is_after(item, position):
            found.append(item)
    found.sort(key=listing.key, reverse=True)
    return cut(listing, found, number)


# ---------------------------------------------------------------- views


async def record_view(
    ctx: MutationCtx, kind: Kind[A], caller: Caller, id: Id[A], viewer_key: str | None
) -> bool:
    """Notes that somebody looked at an item; `news:flushViews` adds it to the item later.

    Counting on the item itself would push every list that shows it, once per reader.

    Returns:
        Whether it is the viewer's first look in this half hour. Visitors without a key do not
        count.

    Raises:
        AppError: INVALID_ARGUMENT for the key, NOT_FOUND.
    """
    validation.given(validation.viewer_key, viewer_key)
    find(kind, caller, await ctx.db.get(id))
    if caller.user is not None:
        await mark_active(ctx, caller.user)
    # The prefixes keep a visitor from using up a user's view by sending the user's id as a key.
    viewer = viewer_key and f"key:{viewer_key}"
    if caller.subject is not None:
        viewer = f"user:{caller.subject}"
    if viewer is None:
        return False
    window = int(ctx.now_ms() // VIEW_WINDOW_MS)
    seen = ctx.db.query(ContentView).with_index(
        ContentView.by_view,
        ContentView.content_type == kind.name,
        ContentView.content_id == id,
        ContentView.viewer_key == viewer,
        ContentView.bucket == window,
    )
    if await seen.unique() is not None:
        return False
    await ctx.db.insert(
        ContentView(content_type=kind.name, content_id=id, viewer_key=viewer, bucket=window)
    )
    return True


async def add_views(ctx: MutationCtx, kind: Kind[A], views: dict[str, int]) -> None:
    """Adds views to the items they belong to; views of purged items are dropped."""
    for content_id, number in views.items():
        id = ctx.db.normalize_id(kind.table, content_id)
        item = id and await ctx.db.get(id)
        if id and item:
            await ctx.db.patch(id, kind.table.view_count.set(item.view_count + number))
