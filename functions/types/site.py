"""What the public HTTP routes show."""

from __future__ import annotations

from reactor import Object


class FeedItem(Object):
    """An item of a feed; never its text, which may be premium."""

    slug: str
    title: str
    summary: str
    tags: list[str]
    published_at: float


class FeedPage(Object):
    """Some items of a feed, and where it goes on."""

    items: list[FeedItem]
    cursor: str | None


class SitemapEntry(Object):
    """A page that search engines may show."""

    slug: str
    updated_at: float


class SitemapPage(Object):
    """Some pages of a section, and where it goes on."""

    entries: list[SitemapEntry]
    cursor: str | None
