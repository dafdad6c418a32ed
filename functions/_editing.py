"""What news, research and courses have in common for editors: drafts, edits, the bin."""

from __future__ import annotations

from dataclasses import dataclass

from functions import _errors as errors
from functions import _images as images
from functions import utils, validation
from functions._articles import A, ArticleKind, C, Kind, by_slug
from functions._bookkeeping import audit, count
from functions.permissions import Caller, is_listed
from reactor import ABSENT, Absent, Change, Id, MutationCtx, QueryCtx, StoredFile
from schema import ContentTag, File, Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What an editor changes in anything; None means "leave it"."""

    title: str | None
    image_url: str | Absent | None
    is_published: bool | None
    slug: str | None
    language: Language | None = None

    def checked(self) -> Edit:
        """The same edit in the form that is stored.

        Raises:
            AppError: INVALID_ARGUMENT.
        """
        return Edit(
            title=validation.given(validation.title, self.title),
            image_url=validation.clearable(validation.image_url, self.image_url),
            is_published=self.is_published,
            slug=validation.given(validation.slug, self.slug),
            language=self.language,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What an editor changes in an article beside that; None means "leave it"."""

    summary: str | None
    content: str | None
    tags: list[str] | None
    is_premium: bool | None

    def checked(self) -> Texts:
        """As `Edit.checked`."""
        return Texts(
            summary=validation.given(validation.summary, self.summary),
            content=validation.given(validation.content, self.content),
            tags=validation.given(validation.tags, self.tags),
            is_premium=self.is_premium,
        )


async def new_slug(ctx: QueryCtx, kind: Kind[C], title: str, own: Id[C] | None = None) -> str:
    """A slug for a title that no other item has, deleted ones included."""

    async def is_taken(slug: str) -> bool:
        other = await by_slug(ctx, kind.table, slug)
        return other is not None and other.id != own

    return await utils.unique_slug(ctx, title, f"{kind.entity}-", is_taken)


async def created(
    ctx: MutationCtx, kind: Kind[C], editor: Caller, id: Id[C], image: Id[StoredFile] | None
) -> None:
    """Does what a new draft needs beside its row.

    Raises:
        AppError: NOT_FOUND for an image that nobody uploaded for this; CONFLICT for one that
            another item shows.
    """
    if image is not None:
        match = File.storage_id == image
        file = await ctx.db.query(File).with_index(File.by_storage_id, match).unique()
        if file is None or file.purpose != f"{kind.entity}_image":
            raise errors.not_found("file")
        if file.target_id is not None:
            raise errors.conflict("The file is attached already to something else")
        await ctx.db.patch(file.id, File.target_table.set(kind.name), File.target_id.set(id))
        if (await ctx.db.require(id)).image_url is None:
            shown: list[Change[C]] = [kind.table.image_url.set(await ctx.storage.get_url(image))]
            await ctx.db.patch(id, *shown)
    await count(ctx, kind.counter, 1)
    await audit(ctx, editor, f"{kind.name}.create", kind.name, id)


async def save(
    ctx: MutationCtx,
    kind: Kind[C],
    editor: Caller,
    id: Id[C],
    edit: Edit,
    own: list[Change[C]],
) -> C:
    """Stores an edit, with the changes to columns that only this kind has.

    Returns:
        The item as it was.

    Raises:
        AppError: NOT_FOUND, also for a deleted item; SLUG_TAKEN.
    """
    table, item = kind.table, await ctx.db.get(id)
    if item is None or item.deleted_at is not None:
        raise errors.not_found(kind.entity)
    changes: list[Change[C]] = [
        table.title.given(edit.title),
        table.language.given(edit.language),
        table.slug.given(await _changed_slug(ctx, kind, item, id, edit)),
        table.updated_at.set(ctx.now_ms()),
    ]
    changes += own
    if edit.image_url is not ABSENT and edit.image_url != item.image_url:
        changes += [table.image_url.set(edit.image_url), table.image_storage_id.set(None)]
        if item.image_storage_id is not None:
            await images.drop(ctx, item.image_storage_id)
    if edit.is_published is not None:
        changes += utils.publish_patch(table, item, edit.is_published, ctx.now_ms())
    await ctx.db.patch(id, *changes)
    await audit(ctx, editor, f"{kind.name}.update", kind.name, id)
    return item


async def _changed_slug(ctx: QueryCtx, kind: Kind[C], item: C, id: Id[C], edit: Edit) -> str | None:
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
    ctx: MutationCtx, kind: Kind[C], editor: Caller, id: Id[C], is_deleted: bool
) -> None:
    """Moves an item to the bin or back; does nothing when it is there already.

    Raises:
        AppError: NOT_FOUND.
    """
    table, item = kind.table, await ctx.db.get(id)
    if item is None:
        raise errors.not_found(kind.entity)
    if (item.deleted_at is not None) == is_deleted:
        return
    now = ctx.now_ms()
    changes: list[Change[C]] = [
        table.deleted_at.set(now if is_deleted else None),
        table.updated_at.set(now),
    ]
    await ctx.db.patch(id, *changes)
    await count(ctx, kind.counter, -1 if is_deleted else 1)
    await audit(ctx, editor, f"{kind.name}.{'remove' if is_deleted else 'restore'}", kind.name, id)


async def save_article(
    ctx: MutationCtx,
    kind: ArticleKind[A],
    editor: Caller,
    id: Id[A],
    edit: Edit,
    texts: Texts,
    own: list[Change[A]],
) -> None:
    """As `save`, and keeps the lists by tag in step."""
    table = kind.table
    changes: list[Change[A]] = [
        table.summary.given(texts.summary),
        table.content.given(texts.content),
        table.tags.given(texts.tags),
        table.is_premium.given(texts.is_premium),
    ]
    await save(ctx, kind, editor, id, edit, changes + own)
    await keep_tags(ctx, kind, id)


async def set_article_deleted(
    ctx: MutationCtx, kind: ArticleKind[A], editor: Caller, id: Id[A], is_deleted: bool
) -> None:
    """As `set_deleted`, and keeps the lists by tag in step."""
    await set_deleted(ctx, kind, editor, id, is_deleted)
    await keep_tags(ctx, kind, id)


async def keep_tags(ctx: MutationCtx, kind: ArticleKind[A], id: Id[A]) -> None:
    """Brings the rows that lists by tag read in step with the item."""
    item = await ctx.db.get(id)
    wanted: dict[str, float] = {}
    if item is not None and is_listed(item):
        wanted = dict.fromkeys(map(str.lower, item.tags), utils.publish_time(item) or 0.0)
    rows = ctx.db.query(ContentTag).with_index(
        ContentTag.by_content, ContentTag.content_type == kind.name, ContentTag.content_id == id
    )
    for row in await rows.collect():
        if wanted.get(row.tag) == row.published_at:
            del wanted[row.tag]
        else:
            await ctx.db.delete(row.id)
    for tag, time in wanted.items():
        await ctx.db.insert(
            ContentTag(content_type=kind.name, content_id=id, tag=tag, published_at=time)
        )
