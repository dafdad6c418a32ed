"""Stores the demo news and research digests."""

from __future__ import annotations

from collections.abc import Sequence

from functions import news, research
from functions._bookkeeping import count
from functions._demo import NEWS, RESEARCH
from functions._demo.shapes import Article, Digest, NewsItem, prose
from functions._editing import keep_tags, new_slug
from functions._sowing.people import People
from functions._sowing.sower import DRAFTING_DAYS, Sower
from reactor import Id
from schema import News, Research, User


async def sow_news(sower: Sower, people: People) -> None:
    """Inserts the news with their tags."""
    for item in sorted(NEWS, key=lambda item: -item.days_ago):
        slug = await new_slug(sower.ctx, news.NEWS, item.title)
        stored = await sower.insert(_news(sower, item, slug, people[item.author].id))
        await keep_tags(sower.ctx, news.NEWS, stored)
    await count(sower.ctx, news.NEWS.counter, _kept(NEWS))


async def sow_research(sower: Sower, people: People) -> None:
    """Inserts the digests with their tags."""
    for item in sorted(RESEARCH, key=lambda item: -item.days_ago):
        slug = await new_slug(sower.ctx, research.RESEARCH, item.title)
        stored = await sower.insert(_research(sower, item, slug, people[item.author].id))
        await keep_tags(sower.ctx, research.RESEARCH, stored)
    await count(sower.ctx, research.RESEARCH.counter, _kept(RESEARCH))


def _kept(items: Sequence[Article]) -> int:
    return sum(item.state != "deleted" for item in items)


def _news(sower: Sower, item: NewsItem, slug: str, author: Id[User]) -> News:
    created_at, published_at, withdrawn_at = _times(sower, item)
    return News(
        title=item.title,
        slug=slug,
        summary=item.summary,
        content=prose(item.content),
        type_=item.type_,
        tags=list(item.tags),
        source_url=item.source_url,
        language=item.language,
        is_premium=item.is_premium,
        is_published=item.state in ("published", "deleted"),
        published_at=published_at,
        deleted_at=withdrawn_at if item.state == "deleted" else None,
        created_by=author,
        view_count=item.views,
        like_count=item.likes,
        created_at=created_at,
        updated_at=withdrawn_at or sower.ago(item.days_ago),
    )


def _research(sower: Sower, item: Digest, slug: str, author: Id[User]) -> Research:
    created_at, published_at, withdrawn_at = _times(sower, item)
    return Research(
        title=item.title,
        slug=slug,
        summary=item.summary,
        implication=item.implication,
        content=prose(item.content),
        tags=list(item.tags),
        paper_url=item.paper_url,
        # Real papers: a made-up number of citations would be a false statement about them.
        citation_count=0,
        language=item.language,
        is_premium=item.is_premium,
        is_published=item.state in ("published", "deleted"),
        published_at=published_at,
        deleted_at=withdrawn_at if item.state == "deleted" else None,
        created_by=author,
        view_count=item.views,
        created_at=created_at,
        updated_at=withdrawn_at or sower.ago(item.days_ago),
    )


def _times(sower: Sower, item: Article) -> tuple[float, float | None, float | None]:
    """When the item was created, first published (None for a draft) and withdrawn (or None)."""
    published_at = None if item.state == "draft" else sower.ago(item.days_ago)
    withdrawn_days = item.withdrawn_days_ago
    withdrawn_at = None if withdrawn_days is None else sower.ago(withdrawn_days)
    return sower.ago(item.days_ago + DRAFTING_DAYS), published_at, withdrawn_at
