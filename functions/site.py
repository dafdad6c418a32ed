"""What the public HTTP routes read: feeds and the sitemap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from functions import utils
from functions.constants import SITE_PAGE, SITE_PAGE_BYTES
from functions.types.site import FeedItem, FeedPage, SitemapEntry, SitemapPage
from reactor import PaginationOptions, QueryCtx, RangeQuery, internal_query
from schema import Course, News, Research

Section = Literal["news", "research", "courses"]


@internal_query
async def feed_page(
    ctx: QueryCtx, *, section: Literal["news", "research"], cursor: str | None
) -> FeedPage:
    """Some of the listed items, the newest first, without their texts."""
    items: Sequence[News | Research]
    if section == "news":
        news = await _listed_news(ctx).paginate(_options(cursor))
        items, is_done, after = news.page, news.is_done, news.continue_cursor
    else:
        papers = await _listed_research(ctx).paginate(_options(cursor))
        items, is_done, after = papers.page, papers.is_done, papers.continue_cursor
    found = [
        FeedItem(
            slug=item.slug,
            title=item.title,
            summary=item.summary,
            tags=item.tags,
            published_at=utils.publish_time(item) or item.created_at,
        )
        for item in items
    ]
    return FeedPage(items=found, cursor=None if is_done else after)


@internal_query
async def sitemap_page(ctx: QueryCtx, *, section: Section, cursor: str | None) -> SitemapPage:
    """Some of the listed items of a section."""
    options = _options(cursor)
    entries: list[SitemapEntry]
    if section == "news":
        news = await _listed_news(ctx).paginate(options)
        entries, is_done, after = _entries(news.page), news.is_done, news.continue_cursor
    elif section == "research":
        papers = await _listed_research(ctx).paginate(options)
        entries, is_done, after = _entries(papers.page), papers.is_done, papers.continue_cursor
    else:
        courses = await _listed_courses(ctx).paginate(options)
        entries, is_done, after = _entries(courses.page), courses.is_done, courses.continue_cursor
    return SitemapPage(entries=entries, cursor=None if is_done else after)


def _options(cursor: str | None) -> PaginationOptions:
    return PaginationOptions(num_items=SITE_PAGE, cursor=cursor, maximum_bytes_read=SITE_PAGE_BYTES)


def _entries(items: Sequence[News | Research | Course]) -> list[SitemapEntry]:
    return [SitemapEntry(slug=item.slug, updated_at=item.updated_at) for item in items]


def _listed_news(ctx: QueryCtx) -> RangeQuery[News]:
    listed = News.is_published.is_(True), News.deleted_at.is_absent()
    return ctx.db.query(News).with_index(News.by_listed, *listed).order("desc")


def _listed_research(ctx: QueryCtx) -> RangeQuery[Research]:
    listed = Research.is_published.is_(True), Research.deleted_at.is_absent()
    return ctx.db.query(Research).with_index(Research.by_listed, *listed).order("desc")


def _listed_courses(ctx: QueryCtx) -> RangeQuery[Course]:
    listed = Course.is_published.is_(True), Course.deleted_at.is_absent()
    return ctx.db.query(Course).with_index(Course.by_listed, *listed).order("desc")
