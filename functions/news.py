"""News about AI tools, use cases and regulation."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from functions import _articles as articles
from functions import _editing as editing
from functions import _errors as errors
from functions import _views as views
from functions import validation
from functions._articles import ArticleKind
from functions._bookkeeping import mark_active
from functions._lists import Listing, read_page
from functions.constants import DISTINCT_TAGS_MAX, VIEWS_PER_FLUSH
from functions.permissions import Caller, admin_query, identify, require_admin, user_mutation
from functions.research import RESEARCH
from functions.types.content import (
    FlushResult,
    LikeResult,
    NewsCard,
    NewsDetail,
    NewsList,
    TagCount,
    TagList,
    ViewResult,
    news_card,
    news_doc,
)
from reactor import (
    ABSENT,
    Absent,
    Bound,
    Change,
    Id,
    MutationCtx,
    Page,
    PaginationOptions,
    QueryCtx,
    RangeQuery,
    StoredFile,
    internal_mutation,
    mutation,
    query,
)
from schema import ContentTag, Language, Like, News, NewsType, User

NEWS = ArticleKind(
    table=News,
    name="news",
    entity="news",
    counter="totalNews",
    by_listed=News.by_listed,
    by_listed_premium=News.by_listed_premium,
    by_state=News.by_draft_updated_at,
    by_deleted=News.by_deleted_at_updated_at,
)


# ---------------------------------------------------------------- reading


@query
async def list_(
    ctx: QueryCtx,
    *,
    limit: float | None = None,
    cursor: str | Absent | None = ABSENT,
    type_: NewsType | None = None,
    is_premium: bool | None = None,
    user_id: str | None = None,
    tag: str | None = None,
    fields: Literal["full", "card"] = "full",
) -> NewsList:
    """Published news, the latest first; texts that the caller may not read are empty."""
    caller = await identify(ctx, user_id, field="userId")
    if tag is None:
        page = await read_page(ctx, _listing(type_, is_premium), cursor, limit)
    else:
        page = await articles.read_tagged(
            ctx,
            NEWS,
            tag,
            lambda news: type_ in (None, news.type_) and is_premium in (None, news.is_premium),
            cursor,
            limit,
        )
    show = news_card if fields == "card" else news_doc
    reads_premium = caller.reads_premium(ctx.now_ms())
    return NewsList(
        news=[show(news, reads_premium) for news in page.items], next_cursor=page.next_cursor
    )


@query
async def list_paginated(
    ctx: QueryCtx,
    *,
    pagination_opts: PaginationOptions,
    type_: NewsType | None = None,
    is_premium: bool | None = None,
) -> Page[NewsCard]:
    """The same list for `usePaginatedQuery`."""
    caller = await identify(ctx)
    page = await _listing(type_, is_premium).query(ctx).paginate(pagination_opts)
    reads_premium = caller.reads_premium(ctx.now_ms())
    return page.with_items([news_card(news, reads_premium) for news in page.page])


def _listing(type_: NewsType | None, is_premium: bool | None) -> Listing[News]:
    listing = articles.listed(NEWS, is_premium)
    if type_ is None:
        return listing
    index = News.by_listed_type if is_premium is None else News.by_listed_type_premium
    is_listed, rest = listing.equal[:2], listing.equal[2:]
    return replace(listing, index=index, equal=[*is_listed, News.type_ == type_, *rest])


@query
async def get_by_id(ctx: QueryCtx, *, id: Id[News], user_id: str | None = None) -> NewsDetail:
    """One item with its text, for readers who may read it."""
    caller = await identify(ctx, user_id, field="userId")
    return await _detail(ctx, caller, await ctx.db.get(id))


@query
async def get_by_slug(ctx: QueryCtx, *, slug: str) -> NewsDetail:
    """One item by the last part of its address."""
    caller = await identify(ctx)
    return await _detail(ctx, caller, await articles.by_slug(ctx, News, slug))


async def _detail(ctx: QueryCtx, caller: Caller, item: News | None) -> NewsDetail:
    news = _readable(ctx, caller, item)
    like = await _like_of(ctx, caller.user, news.id) if caller.user else None
    return NewsDetail(news=news_doc(news, reads_premium=True), liked_by_me=like is not None)


def _readable(ctx: QueryCtx, caller: Caller, item: News | None) -> News:
    news = articles.find(NEWS, caller, item)
    if not caller.can_read(news, ctx.now_ms()):
        raise errors.premium_required(news_card(news, reads_premium=False))
    return news


async def _like_of(ctx: QueryCtx, user: User, news_id: Id[News]) -> Like | None:
    likes = ctx.db.query(Like).with_index(
        Like.by_user_content,
        Like.user_id == user.id,
        Like.content_type == NEWS.name,
        Like.content_id == news_id,
    )
    return await likes.unique()


@query
async def list_tags(ctx: QueryCtx, *, limit: float | None = None) -> TagList:
    """The tags of listed news, the most used first."""
    number = validation.limit(limit)
    found: list[TagCount] = []
    row = await _tags_where(ctx).first()
    while row is not None and len(found) < DISTINCT_TAGS_MAX:
        uses = await _tags_where(ctx, ContentTag.tag == row.tag).count()
        found.append(TagCount(tag=row.tag, count=uses))
        row = await _tags_where(ctx, ContentTag.tag > row.tag).first()
    found.sort(key=lambda entry: -entry.count)
    return TagList(tags=found[:number])


def _tags_where(ctx: QueryCtx, *bounds: Bound[ContentTag]) -> RangeQuery[ContentTag]:
    is_news = ContentTag.content_type == NEWS.name
    return ctx.db.query(ContentTag).with_index(ContentTag.by_tag, is_news, *bounds)


# ---------------------------------------------------------------- editing


@mutation
async def create(
    ctx: MutationCtx,
    *,
    title: str,
    summary: str,
    content: str,
    type_: NewsType,
    tags: list[str],
    is_premium: bool,
    source_url: str | None = None,
    image_url: str | None = None,
    clerk_user_id: str | None = None,
    language: Language | None = None,
    image_storage_id: Id[StoredFile] | None = None,
) -> Id[News]:
    """Stores a draft; `update` publishes it."""
    editor = await require_admin(ctx, clerk_user_id, "Unauthorized to create news")
    author, now = editor.require_user(), ctx.now_ms()
    title = validation.title(title)
    news = News(
        title=title,
        slug=await editing.new_slug(ctx, NEWS, title),
        summary=validation.summary(summary),
        content=validation.content(content),
        type_=type_,
        tags=validation.tags(tags),
        source_url=validation.given(validation.source_url, source_url),
        image_url=validation.given(validation.image_url, image_url),
        image_storage_id=image_storage_id,
        language=language,
        is_premium=is_premium,
        published_at=None,
        created_by=author.id,
        created_at=now,
        updated_at=now,
    )
    news_id = await ctx.db.insert(news)
    await editing.created(ctx, NEWS, editor, news_id, image_storage_id)
    return news_id


@mutation
async def update(
    ctx: MutationCtx,
    *,
    id: Id[News],
    title: str | None = None,
    summary: str | None = None,
    content: str | None = None,
    type_: NewsType | None = None,
    tags: list[str] | None = None,
    source_url: str | Absent | None = ABSENT,
    image_url: str | Absent | None = ABSENT,
    is_premium: bool | None = None,
    is_published: bool | None = None,
    slug: str | None = None,
    language: Language | None = None,
    clerk_user_id: str | None = None,
) -> Id[News]:
    """Changes what is given, publishes or unpublishes; null clears an address."""
    editor = await require_admin(ctx, clerk_user_id, "Unauthorized to update news")
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
    own: list[Change[News]] = [News.type_.given(type_)]
    if source_url is not ABSENT:
        own.append(News.source_url.set(validation.given(validation.source_url, source_url)))
    await editing.save_article(ctx, NEWS, editor, id, edit, texts, own)
    return id


@mutation
async def remove(ctx: MutationCtx, *, id: Id[News], clerk_user_id: str | None = None) -> Id[News]:
    """Moves an item to the bin; again is fine."""
    editor = await require_admin(ctx, clerk_user_id)
    await editing.set_article_deleted(ctx, NEWS, editor, id, is_deleted=True)
    return id


@mutation
async def restore(ctx: MutationCtx, *, id: Id[News], clerk_user_id: str | None = None) -> Id[News]:
    """Takes an item out of the bin, in the state it had; again is fine."""
    editor = await require_admin(ctx, clerk_user_id)
    await editing.set_article_deleted(ctx, NEWS, editor, id, is_deleted=False)
    return id


@admin_query
async def admin_list(
    ctx: QueryCtx,
    admin: Caller,
    *,
    limit: float | None = None,
    cursor: str | Absent | None = ABSENT,
    status: articles.Status = "all",
) -> NewsList:
    """All news in a state, the last changed first; "all" leaves out the bin."""
    page = await read_page(ctx, articles.administered(NEWS, status), cursor, limit)
    return NewsList(
        news=[news_doc(news, reads_premium=True) for news in page.items],
        next_cursor=page.next_cursor,
    )


# ---------------------------------------------------------------- readers' marks


@mutation
async def record_view(
    ctx: MutationCtx, *, id: Id[News], viewer_key: str | None = None
) -> ViewResult:
    """Counts a view once per viewer and half hour; `viewCount` follows within seconds."""
    caller = await identify(ctx)
    return ViewResult(counted=await views.record_view(ctx, NEWS, caller, id, viewer_key))


@user_mutation
async def toggle_like(ctx: MutationCtx, user: User, *, id: Id[News]) -> LikeResult:
    """Likes an item, or takes the like back."""
    news = _readable(ctx, Caller(user=user), await ctx.db.get(id))
    await mark_active(ctx, user)
    like = await _like_of(ctx, user, id)
    if like is None:
        row = Like(user_id=user.id, content_type=NEWS.name, content_id=id, created_at=ctx.now_ms())
        await ctx.db.insert(row)
    else:
        await ctx.db.delete(like.id)
    like_count = news.like_count + (1 if like is None else -1)
    await ctx.db.patch(id, News.like_count.set(like_count))
    return LikeResult(liked=like is None, like_count=like_count)


@internal_mutation
async def flush_views(ctx: MutationCtx) -> FlushResult:
    """Adds the views that wait to the counts of news and research, a bounded number per run."""
    flushed = await views.flush_views(ctx, [NEWS, RESEARCH])
    if flushed == VIEWS_PER_FLUSH:
        await ctx.scheduler.run_after(0, flush_views)
    return FlushResult(flushed=flushed)
