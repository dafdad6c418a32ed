"""The XML that search engines and feed readers get."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from email.utils import format_datetime
from typing import Final
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from functions.types.site import FeedItem, SitemapEntry
from functions.utils import moment, readable

_DECLARATION: Final = b'<?xml version="1.0" encoding="utf-8"?>\n'


def rss(title: str, link: str, items: Sequence[FeedItem]) -> bytes:
    """An RSS 2.0 feed.

    Args:
        title: of the channel.
        link: the page that lists the items; each item's page is below it.
        items: the newest first.
    """
    root = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(root, "channel")
    _add(channel, "title", title)
    _add(channel, "link", link)
    _add(channel, "description", title)
    if items:
        _add(channel, "lastBuildDate", format_datetime(moment(items[0].published_at)))
    for item in items:
        entry = ElementTree.SubElement(channel, "item")
        _add(entry, "title", item.title)
        _add(entry, "link", f"{link}/{item.slug}")
        _add(entry, "guid", f"{link}/{item.slug}")
        _add(entry, "pubDate", format_datetime(moment(item.published_at)))
        _add(entry, "description", item.summary)
        for tag in item.tags:
            _add(entry, "category", tag)
    return _document(root)


def sitemap(parts: Iterable[str]) -> bytes:
    """A sitemap of parts."""
    opening = '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return _DECLARATION + f"{opening}{''.join(parts)}</urlset>".encode()


def sitemap_part(link: str, entries: Iterable[SitemapEntry]) -> str:
    """The pages below an address, and when each changed."""
    address = escape(readable(link))
    return "".join(
        f"<url><loc>{address}/{entry.slug}</loc>"
        f"<lastmod>{moment(entry.updated_at):%Y-%m-%dT%H:%M:%SZ}</lastmod></url>"
        for entry in entries
    )


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    # One character that XML cannot hold would make the whole document unreadable.
    ElementTree.SubElement(parent, name).text = readable(text)


def _document(root: ElementTree.Element) -> bytes:
    text: str = ElementTree.tostring(root, encoding="unicode")
    return _DECLARATION + text.encode()
