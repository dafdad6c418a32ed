"""The HTTP routes beside the client API."""

from __future__ import annotations

import asyncio
from typing import Any
from xml.etree import ElementTree

import pytest

from functions._xml import sitemap, sitemap_part
from functions.constants import FEED_ITEMS, SITEMAP_URLS_MAX, SLUG_CHARS_MAX
from functions.http import SECTIONS
from functions.types.site import SitemapEntry
from schema import Certificate, User
from tests.app.support import Reimaji

APP = "http://localhost:3000"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


async def test_health(app: Reimaji) -> None:
    """A load balancer asks this before it sends people."""
    await app.pass_time(hours=1)
    answer = await app.backend.request("GET", "/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "time": app.backend.clock.now_ms()}


@pytest.mark.parametrize(
    "path", ["/health", "/sitemap.xml", "/feed/news.xml", "/certificates/X", "/feed/nothing.xml"]
)
async def test_routes_are_read_only(app: Reimaji, path: str) -> None:
    """Nothing answers a POST there."""
    assert (await app.backend.request("POST", path)).status_code in (404, 405)
    assert (await app.backend.request("GET", "/webhooks/clerk")).status_code in (404, 405)


# ---------------------------------------------------------------- feeds


async def items_of(app: Reimaji, path: str) -> list[dict[str, Any]]:
    """The items of a feed, as a reader understands them."""
    answer = await app.backend.request("GET", path)
    assert answer.headers["content-type"].startswith("application/rss+xml")
    channel = ElementTree.fromstring(answer.content).find("channel")
    assert channel is not None
    return [{part.tag: part.text for part in item} for item in channel.findall("item")]


async def test_a_feed_shows_the_newest_without_their_texts(app: Reimaji) -> None:
    """Premium items too, by their summaries; drafts and deleted ones never."""
    await app.draft(title="A draft")
    gone = await app.publish(title="Deleted")
    await app.admin.call("news:remove", {"id": gone})
    await app.publish_many(51, content="SECRET", isPremium=True)
    items = await items_of(app, "/feed/news.xml")
    assert [item["title"] for item in items] == [f"Item {number}" for number in range(50, 0, -1)]
    assert items[0]["link"] == items[0]["guid"] == f"{APP}/news/item-50"
    assert items[0]["description"] == "A summary."
    assert items[0]["category"] == "ChatGPT"
    assert str(items[0]["pubDate"]).endswith("+0000")
    answer = await app.backend.request("GET", "/feed/news.xml")
    assert b"SECRET" not in answer.content


async def test_research_has_a_feed_of_its_own(app: Reimaji) -> None:
    """News is not in it."""
    await app.publish()
    await app.publish("research", title="A Paper")
    assert [item["title"] for item in await items_of(app, "/feed/research.xml")] == ["A Paper"]


@pytest.mark.parametrize("title", ["A < B & \"C\" ]]> 'D'", "emoji \U0001f600, \u0639\u0631\u0628"])
async def test_titles_survive_xml(app: Reimaji, title: str) -> None:
    """Whatever an editor writes, the feed can be read."""
    await app.publish(title=title)
    (item,) = await items_of(app, "/feed/news.xml")
    assert item["title"] == title


async def test_characters_that_xml_cannot_hold_are_left_out(app: Reimaji) -> None:
    """One of them would make the whole feed unreadable."""
    await app.publish(title="bell\x07 and\x00 \ufffe", summary="two\nlines")
    (item,) = await items_of(app, "/feed/news.xml")
    assert (item["title"], item["description"]) == ("bell and ", "two\nlines")


HOSTILE = (
    "]]></title>\x00\x1b\x85<script>alert(1)</script>&amp;&#0;<!-- \u202e\u2066 \u200f\ufdd0 ?>"
)
HARMLESS = "]]></title><script>alert(1)</script>&amp;&#0;<!--  \u200f ?>"


@pytest.mark.parametrize("module", ["news", "research"])
async def test_hostile_texts_stay_texts(app: Reimaji, module: str) -> None:
    """In every element of a feed; and what turns the text around it does not reach a reader."""
    await app.publish(module, title=HOSTILE, summary=HOSTILE, tags=[HOSTILE[:40]])
    answer = await app.backend.request("GET", f"/feed/{module}.xml")
    root = ElementTree.fromstring(answer.content)
    assert {element.tag for element in root.iter()} == {
        "rss", "channel", "title", "link", "description", "lastBuildDate",
        "item", "guid", "pubDate", "category",
    }  # fmt: skip
    (item,) = await items_of(app, f"/feed/{module}.xml")
    assert (item["title"], item["description"]) == (HARMLESS, HARMLESS)
    assert item["category"].lower().startswith("]]></title><script>")
    sitemap = await app.backend.request("GET", "/sitemap.xml")
    (url,) = ElementTree.fromstring(sitemap.content)
    assert str(url.findtext(f"{SITEMAP}loc")).startswith(f"{APP}/{module}/title-script-alert-1")


async def test_an_empty_feed_is_a_feed(app: Reimaji) -> None:
    """On the first day there is nothing yet."""
    assert await items_of(app, "/feed/news.xml") == []


@pytest.mark.parametrize("path", ["/feed/news.xml", "/feed/research.xml", "/sitemap.xml"])
async def test_whoever_has_it_already_gets_no_body(app: Reimaji, path: str) -> None:
    """Readers ask every few minutes; a mark says whether something has changed."""
    first = await app.backend.request("GET", path)
    etag = first.headers["etag"]
    assert first.headers["cache-control"].startswith("max-age=")
    for mark in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = await app.backend.request("GET", path, headers={"if-none-match": mark})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    other = await app.backend.request("GET", path, headers={"if-none-match": '"other"'})
    assert other.status_code == 200
    await app.publish("news")
    await app.publish("research")
    changed = await app.backend.request("GET", path, headers={"if-none-match": etag})
    assert (changed.status_code, changed.headers["etag"] != etag) == (200, True)


# ---------------------------------------------------------------- the sitemap


async def test_the_sitemap_lists_every_public_page(app: Reimaji) -> None:
    """More than one page of each; nothing that visitors cannot find."""
    await app.draft(title="A draft")
    await app.publish_many(65)
    await app.publish("research", title="A Paper")
    await app.insert_course(is_published=True, slug="dasar", updated_at=86_400_000.0)
    await app.insert_course(slug="rancangan")
    answer = await app.backend.request("GET", "/sitemap.xml")
    assert answer.headers["content-type"].startswith("application/xml")
    urls = ElementTree.fromstring(answer.content)
    pages = {url.findtext(f"{SITEMAP}loc"): url.findtext(f"{SITEMAP}lastmod") for url in urls}
    assert len(pages) == len(urls) == 67
    assert f"{APP}/news/item-0" in pages
    assert f"{APP}/research/a-paper" in pages
    assert pages[f"{APP}/courses/dasar"] == "1970-01-02T00:00:00Z"


async def addresses(app: Reimaji) -> list[str]:
    """The pages that the sitemap names, below the app's address."""
    answer = await app.backend.request("GET", "/sitemap.xml")
    assert answer.status_code == 200
    urls = ElementTree.fromstring(answer.content)
    return [str(url.findtext(f"{SITEMAP}loc")).removeprefix(f"{APP}/") for url in urls]


async def test_a_full_sitemap_leaves_out_the_oldest_news(
    app: Reimaji, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Search engines refuse one that is too long as a whole; courses are never crowded out."""
    monkeypatch.setattr("functions.http.SITEMAP_URLS_MAX", 5)
    monkeypatch.setattr("functions.site.SITE_PAGE", 2)
    await app.publish_many(6)
    await app.publish("research", title="A Paper")
    await app.insert_course(is_published=True, slug="dasar")
    news = ["news/item-5", "news/item-4", "news/item-3"]
    assert await addresses(app) == ["courses/dasar", "research/a-paper", *news]
    monkeypatch.setattr("functions.http.SITEMAP_URLS_MAX", 2)
    assert await addresses(app) == ["courses/dasar", "research/a-paper"]


async def test_a_full_sitemap_fits_what_search_engines_read(app: Reimaji) -> None:
    """50 MB, though every slug is as long as slugs get."""
    page = SitemapEntry(slug="x" * (SLUG_CHARS_MAX + 9), updated_at=4_000_000_000_000.0)
    part = sitemap_part(f"{APP}/research", [page] * SITEMAP_URLS_MAX)
    assert len(sitemap([part])) < 50 * 2**20 / 4


async def test_a_sitemap_leaves_room_for_others(app: Reimaji) -> None:
    """One crawler must not stop the server: between two parts everything else goes on."""
    await app.publish()
    await app.publish("research")
    await app.insert_course(is_published=True, slug="dasar")
    loop, turns = asyncio.get_running_loop(), 0

    def others() -> None:
        nonlocal turns
        turns += 1
        if not answer.done():
            loop.call_soon(others)

    answer = asyncio.ensure_future(app.backend.request("GET", "/sitemap.xml"))
    loop.call_soon(others)
    assert (await answer).status_code == 200
    assert turns > len(SECTIONS) * 2


async def test_the_largest_items_fit_what_one_query_may_read(app: Reimaji) -> None:
    """Items are read whole, 800 KB each when an editor uses all that the rules allow."""
    await app.publish_many(FEED_ITEMS + 1, content="\U0001f600" * 200_000)
    assert len(await addresses(app)) == FEED_ITEMS + 1
    assert len(await items_of(app, "/feed/news.xml")) == FEED_ITEMS


# ---------------------------------------------------------------- certificates


async def test_anybody_can_check_a_certificate(app: Reimaji) -> None:
    """However its code was copied; no ids and no e-mail."""
    user = (await app.rows(User))[0]
    await app.backend.insert(
        Certificate(
            user_id=user.id,
            course_id=await app.insert_course(),
            code="ABCD1234EFGH",
            recipient_name="Ayu",
            course_title="Dasar AI",
            score=87.5,
            issued_at=1_000.0,
        )
    )
    for code in ("ABCD1234EFGH", "abcd-1234-efgh", "ABCD%201234%20EFGH"):
        answer = await app.backend.request("GET", f"/certificates/{code}")
        assert answer.json() == {
            "code": "ABCD1234EFGH",
            "recipientName": "Ayu",
            "courseTitle": "Dasar AI",
            "score": 87.5,
            "issuedAt": 1_000.0,
        }
    for code in ("", "UNKNOWN", "../x", "ABCD1234EFGH/x"):
        answer = await app.backend.request("GET", f"/certificates/{code}")
        assert answer.status_code == 404


@pytest.mark.parametrize("code", ["%00", "%ED%A0%80", "%FF", "%C0%AF", "<b>", "a" * 5_000, "%"])
async def test_codes_that_are_no_texts_are_unknown(app: Reimaji, code: str) -> None:
    """Scanners try everything; none of it is an error of ours."""
    answer = await app.backend.request("GET", f"/certificates/{code}")
    assert answer.status_code == 404
    assert answer.json()["code"] == "NOT_FOUND"


async def test_a_hostile_certificate_is_data(app: Reimaji) -> None:
    """A browser that opens the answer sees text, never a page."""
    user = (await app.rows(User))[0]
    hostile = "</script><script>alert(1)</script>\u202e\x00"
    await app.backend.insert(
        Certificate(
            user_id=user.id,
            course_id=await app.insert_course(),
            code="ABCD1234EFGH",
            recipient_name=hostile,
            course_title=hostile,
            issued_at=1_000.0,
        )
    )
    answer = await app.backend.request("GET", "/certificates/ABCD1234EFGH")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.json()["recipientName"] == hostile
    assert b"\x00" not in answer.content
