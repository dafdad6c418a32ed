"""Journeys 13 and 14: an editor's day, and the numbers that an admin watches."""

from __future__ import annotations

import base64
from functools import partial
from operator import eq
from typing import Any

from tests.journeys.stage import Stage, View, eventually, new_subject
from tests.journeys.test_learning import new_course

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    "gg=="
)


def newest(listed: Any) -> Any:
    return listed["news"][0]


async def test_admin_day(stage: Stage) -> None:
    """From a raw text to an item with a picture that is found everywhere; then gone, then back."""
    admin, visitor = await stage.admin(), await stage.tab()
    readers = [await stage.newcomer(), await stage.tab("free-3"), await stage.tab("pro-1")]
    title = f"Kabar {new_subject()}"
    summary = await admin.action("ai:summarizeContent", type="news", rawText="A long raw text.")
    news = await admin.mutation(
        "news:create", title=title, content="Isi berita.", type="tool", tags=["kabar"],
        isPremium=False, **summary,
    )  # fmt: skip
    address = await admin.mutation("files:generateUploadUrl", purpose="news_image")
    stored = await admin.client.ask(
        "upload", url=address, base64=base64.b64encode(PNG).decode(), type="image/png"
    )
    await admin.mutation(
        "files:attach", storageId=stored["storageId"], purpose="news_image", targetId=news
    )
    view = visitor.live("news:list", limit=5)
    await view.shows(lambda value: bool(value["news"]))
    await admin.mutation("news:update", id=news, isPublished=True)
    item = newest(await view.shows(lambda value: newest(value)["_id"] == news))
    picture = await stage.get(item["imageUrl"])
    assert (picture.content, picture.headers["content-type"]) == (PNG, "image/png")
    assert f"/news/{item['slug']}</loc>" in await stage.site("/sitemap.xml")
    assert title in await stage.site("/feed/news.xml")
    found = await visitor.query("search:searchContent", query=title)
    assert found["news"][0]["_id"] == news

    unread = [reader.live("notifications:unreadCount") for reader in readers]
    before = [await count.shows(lambda value: value is not None) for count in unread]
    await admin.mutation("notifications:announce", title="Halo", message=title)
    for count, old in zip(unread, before, strict=True):
        await count.shows(partial(eq, old + 1))

    await admin.mutation("news:remove", id=news)
    await view.shows(lambda value: newest(value)["_id"] != news)
    assert title not in await stage.site("/feed/news.xml")
    assert (await visitor.query("search:searchContent", query=title))["news"] == []
    await admin.mutation("news:restore", id=news)
    back = newest(await view.shows(lambda value: newest(value)["_id"] == news))
    assert back["publishedAt"] == item["publishedAt"]


async def test_dashboard(stage: Stage) -> None:
    """Sign-ups, payments and learners count as they happen, each learner once a day."""
    admin = await stage.admin()
    _, lessons = await new_course(admin)
    view = admin.live("analytics:getDashboardStats", days=30)

    async def grows(view: View, before: Any, **by: float) -> Any:
        return await view.shows(
            lambda value: all(value[name] == before[name] + more for name, more in by.items())
        )

    start = await view.shows(lambda value: value is not None)
    tab = await stage.newcomer()
    joined = await grows(view, start, totalUsers=1, newUsers=1)

    invoice = await tab.action("transactions:createInvoice", plan="pro_monthly")
    await stage.pay_on_page(invoice["paymentUrl"])
    paid = await grows(view, joined, totalRevenue=99_000)
    assert paid["activeUsers"] == start["activeUsers"]

    for lesson in lessons:
        await tab.mutation("progress:startLesson", lessonId=lesson)
    await tab.mutation("progress:completeLesson", lessonId=lessons[0], timeSpent=3)
    await grows(view, paid, activeUsers=1)

    async def is_listed() -> bool:
        learner = await tab.query("progress:getMyDashboard")
        return bool(learner["lessonsCompleted"] == 1)

    await eventually(is_listed)
    latest = await admin.query("analytics:getDashboardStats", days=30)
    assert latest["activeUsers"] == paid["activeUsers"] + 1
