"""Digests of research papers."""

from __future__ import annotations

from typing import Literal

from functions import _articles as articles
from functions import _editing as editing
from functions import _errors as errors
from functions import _views as views
from functions import validation
from functions._articles import ArticleKind
from functions._lists import read_page
from functions.permissions import Caller, admin_query, identify, require_admin
from functions.types.content import (
    ResearchCard,
    ResearchDoc,
    ResearchList,
    ViewResult,
    research_card,
    research_doc,
)
from reactor import (
    ABSENT,
    Absent,
    Change,
    Id,
    MutationCtx,
    Page,
    PaginationOptions,
    QueryCtx,
    StoredFile,
    mutation,
    query,
)
from schema import Language, Research

RESEARCH = ArticleKind(
    table=Research,
    name="research",
    entity="research",
    counter="totalResearch",
    by_listed=Research.by_listed,
    by_listed_premium=Research.by_listed_premium,
    by_state=Research.by_draft_updated_at,
    by_deleted=Research.by_deleted_at_updated_at,
)


# ---------------------------------------------------------------- reading


@query
async def list_(
    ctx: QueryCtx,
    *,
    limit: float | None = None,
    cursor: str | Absent | None = ABSENT,
    is_premium: bool | None = None,
    user_id: str | None = None,
    tag: str | None = None,
    fields: Literal["full", "card"] = "full",
) -> ResearchList:
    """Published research, the latest first; texts that the caller may not read are empty."""
    caller = await identify(ctx, user_id, field="userId")
    if tag is None:
        page = await read_page(ctx, articles.listed(RESEARCH, is_premium), cursor, limit)
    else:
        page = await articles.read_tagged(
            ctx, RESEARCH, tag, lambda item: is_premium in (None, item.is_premium), cursor, limit
        )
    show = research_card if fields == "card" else research_doc
    reads_premium = caller.reads_premium(ctx.now_ms())
    return ResearchList(
        research=[show(item, reads_premium) for item in page.items], next_cursor=page.next_cursor
    )


@query
async def list_paginated(
    ctx: QueryCtx, *, pagination_opts: PaginationOptions, is_premium: bool | None = None
) -> Page[ResearchCard]:
    """The same list for `usePaginatedQuery`."""
    caller = await identify(ctx)
    page = await articles.listed(RESEARCH, is_premium).query(ctx).paginate(pagination_opts)
    reads_premium = caller.reads_premium(ctx.now_ms())
    return page.with_items([research_card(item, reads_premium) for item in page.page])


@query
async def get_by_id(ctx: QueryCtx, *, id: Id[Research], user_id: str | None = None) -> ResearchDoc:
    """One item with its text, for readers who may read it."""
    caller = await identify(ctx, user_id, field="userId")
    return _readable(ctx, caller, await ctx.db.get(id))


@query
async def get_by_slug(ctx: QueryCtx, *, slug: str) -> ResearchDoc:
    """One item by the last part of its address."""
    caller = await identify(ctx)
    return _readable(ctx, caller, await articles.by_slug(ctx, Research, slug))


def _readable(ctx: QueryCtx, caller: Caller, item: Research | None) -> ResearchDoc:
    research = articles.find(RESEARCH, caller, item)
    if not caller.can_read(research, ctx.now_ms()):
        raise errors.premium_required(research_card(research, reads_premium=False))
    return research_doc(research, reads_premium=True)


# ---------------------------------------------------------------- editing


@mutation
async def create(
    ctx: MutationCtx,
    *,
    title: str,
    summary: str,
    implication: str,
    content: str,
    tags: list[str],
    is_premium: bool,
    paper_url: str | None = None,
    image_url: str | None = None,
    clerk_user_id: str | None = None,
    citation_count: float | None = None,
    language: Language | None = None,
    image_storage_id: Id[StoredFile] | None = None,
) -> Id[Research]:
    """Stores a draft; `update` publishes it."""
    editor = await require_admin(ctx, clerk_user_id, "Unauthorized to create research")
    author, now = editor.require_user(), ctx.now_ms()
    title = validation.title(title)
    research = Research(
        title=title,
        slug=await editing.new_slug(ctx, RESEARCH, title),
        summary=validation.summary(summary),
        implication=validation.implication(implication),
        content=validation.content(content),
        tags=validation.tags(tags),
        paper_url=validation.given(validation.paper_url, paper_url),
        image_url=validation.given(validation.image_url, image_url),
        image_storage_id=image_storage_id,
        language=language,
        is_premium=is_premium,
        published_at=None,
        citation_count=validation.citation_count(citation_count or 0),
        created_by=author.id,
        created_at=now,
        updated_at=now,
    )
    research_id = await ctx.db.insert(research)
    await editing.created(ctx, RESEARCH, editor, research_id, image_storage_id)
    return research_id


@mutation
async def update(
    ctx: MutationCtx,
    *,
    id: Id[Research],
    title: str | None = None,
    summary: str | None = None,
    implication: str | None = None,
    content: str | None = None,
    tags: list[str] | None = None,
    paper_url: str | Absent | None = ABSENT,
    image_url: str | Absent | None = ABSENT,
    is_premium: bool | None = None,
    is_published: bool | None = None,
    slug: str | None = None,
    citation_count: float | None = None,
    language: Language | None = None,
    clerk_user_id: str | None = None,
) -> Id[Research]:
    """Changes what is given, publishes or unpublishes; null clears an address."""
    editor = await require_admin(ctx, clerk_user_id, "Unauthorized to update research")
    edit = editing.Edit(
        title=title,
        image_url=image_url,
        is_published=is_published,
        slug=slug,
        language=language,
    ).checked()
    texts = editing.Texts(
        summary=summary, content=content, tags=tags, is_premium=is_premium
    ).checked()
    own: list[Change[Research]] = [
        Research.implication.given(validation.given(validation.implication, implication)),
        Research.citation_count.given(validation.given(validation.citation_count, citation_count)),
    ]
    if paper_url is not ABSENT:
        own.append(Research.paper_url.set(validation.given(validation.paper_url, paper_url)))
    await editing.save_article(ctx, RESEARCH, editor, id, edit, texts, own)
    return id


@mutation
async def remove(
    ctx: MutationCtx, *, id: Id[Research], clerk_user_id: str | None = None
) -> Id[Research]:
    """Moves an item to the bin; again is fine."""
    editor = await require_admin(ctx, clerk_user_id)
    await editing.set_article_deleted(ctx, RESEARCH, editor, id, is_deleted=True)
    return id


@mutation
async def restore(
    ctx: MutationCtx, *, id: Id[Research], clerk_user_id: str | None = None
) -> Id[Research]:
    """Takes an item out of the bin, in the state it had; again is fine."""
    editor = await require_admin(ctx, clerk_user_id)
    await editing.set_article_deleted(ctx, RESEARCH, editor, id, is_deleted=False)
    return id


@admin_query
async def admin_list(
    ctx: QueryCtx,
    admin: Caller,
    *,
    limit: float | None = None,
    cursor: str | Absent | None = ABSENT,
    status: articles.Status = "all",
) -> ResearchList:
    """All research in a state, the last changed first; "all" leaves out the bin."""
    page = await read_page(ctx, articles.administered(RESEARCH, status), cursor, limit)
    return ResearchList(
        research=[research_doc(item, reads_premium=True) for item in page.items],
        next_cursor=page.next_cursor,
    )


@mutation
async def record_view(
    ctx: MutationCtx, *, id: Id[Research], viewer_key: str | None = None
) -> ViewResult:
    """Counts a view once per viewer and half hour; `viewCount` follows within seconds."""
    caller = await identify(ctx)
    return ViewResult(counted=await views.record_view(ctx, RESEARCH, caller, id, viewer_key))
