"""News for readers and editors: access, edits, the bin, tags, likes, views."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

import schema
from functions.constants import VIEWS_PER_FLUSH
from reactor import Id, MutationCtx, StoredFile
from reactor.values.ids import encode_id
from tests.app.support import NEWS, Json, Reimaji, code_of, refusal

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
SECRET = "xyzzy-secret-text"


# ---------------------------------------------------------------- reading


async def test_premium_text_leaves_only_to_those_who_may_read_it(app: Reimaji) -> None:
    """D02, D03, D10, D16: teasers for everybody, the text for Pro and admins."""
    item = await app.publish(isPremium=True, content=SECRET, title="Teaser")
    for caller in (app.visitor, app.free):
        data = await refusal(caller.call("news:getById", {"id": item}))
        assert data["code"] == "PREMIUM_REQUIRED"
        assert data["message"] == "Premium content requires subscription"
        assert (data["preview"]["title"], data["preview"]["isLocked"]) == ("Teaser", True)
        listed = await caller.call("news:list")
        assert (listed["news"][0]["content"], listed["news"][0]["isLocked"]) == ("", True)
        by_slug = await refusal(caller.call("news:getBySlug", {"slug": "teaser"}))
        assert SECRET not in f"{data} {listed} {by_slug}"
    for caller in (app.pro, app.admin, app.system):
        news = await caller.call("news:getById", {"id": item})
        assert (news["content"], news["isLocked"]) == (SECRET, False)
        assert (await caller.call("news:list"))["news"][0]["content"] == SECRET


async def test_paid_access_ends_with_the_period(app: Reimaji) -> None:
    """A role that nobody took back yet opens nothing after the end."""
    item = await app.publish(isPremium=True)
    await app.subscribe_user("free-1", days=1)
    assert (await app.free.call("news:getById", {"id": item}))["isLocked"] is False
    await app.pass_time(days=1)
    assert await code_of(app.free.call("news:getById", {"id": item})) == "PREMIUM_REQUIRED"


async def test_drafts_and_deleted_items_are_for_admins(app: Reimaji) -> None:
    """D28, D29: readers get NOT_FOUND, editors go on working."""
    draft = await app.draft()
    deleted = await app.publish(title="Deleted")
    await app.admin.call("news:remove", {"id": deleted})
    for item, slug in ((draft, "ai-tools-for-everybody"), (deleted, "deleted")):
        for caller in (app.visitor, app.free, app.pro):
            for path, args in (("news:getById", {"id": item}), ("news:getBySlug", {"slug": slug})):
                data = await refusal(caller.call(path, args))
                assert (data["code"], data["entity"]) == ("NOT_FOUND", "news")
                assert data["message"] == "News not found"
        assert (await app.admin.call("news:getBySlug", {"slug": slug}))["_id"] == item
    assert (await app.news(deleted))["deletedAt"] > 0


async def test_slugs_lead_to_the_item(app: Reimaji) -> None:
    """D39: addresses can be read out loud."""
    item = await app.publish(title="Hello, World!")
    assert (await app.visitor.call("news:getBySlug", {"slug": "hello-world"}))["_id"] == item
    assert await code_of(app.visitor.call("news:getBySlug", {"slug": "nothing"})) == "NOT_FOUND"


async def test_ids_of_other_tables_are_refused(app: Reimaji) -> None:
    """A research id is no news id, whatever the argument is called."""
    other = await app.publish("research")
    with pytest.raises(Exception, match="ArgumentValidationError"):
        await app.visitor.call("news:getById", {"id": other})


async def test_cards_leave_the_text_out(app: Reimaji) -> None:
    """Lists on phones do not load what they do not show."""
    await app.publish()
    card = (await app.visitor.call("news:list", {"fields": "card"}))["news"][0]
    full = (await app.visitor.call("news:list", {"fields": "full"}))["news"][0]
    assert full.pop("content") == NEWS["content"]
    assert card == full


async def test_reading_writes_nothing(app: Reimaji) -> None:
    """D20: twenty reads are no views; views are told by `recordView`."""
    item = await app.publish()
    for _ in range(20):
        await app.visitor.call("news:getById", {"id": item})
    assert (await app.news(item))["viewCount"] == 0


# ---------------------------------------------------------------- creating


async def test_equal_titles_get_different_slugs(app: Reimaji) -> None:
    """D43: every item has an address of its own, counted up from 2."""
    items = [await app.draft(title="Same Title") for _ in range(20)]
    slugs = [(await app.news(item))["slug"] for item in items]
    assert slugs == ["same-title"] + [f"same-title-{number}" for number in range(2, 21)]
    at_once = await asyncio.gather(*(app.draft(title="Rush") for _ in range(20)))
    assert len({(await app.news(item))["slug"] for item in at_once}) == 20
    await app.admin.call("news:remove", {"id": items[0]})
    again = await app.draft(title="Same title!")
    assert (await app.news(again))["slug"] == "same-title-21"


@pytest.mark.parametrize("title", ["-hello-", "日本語", "🙂", "Ünïcödé Ⅷ", "ـــ", "x" * 200])
async def test_slugs_have_one_form(app: Reimaji, title: str) -> None:
    """D42: no title makes an address that breaks."""
    slug = (await app.news(await app.draft(title=title)))["slug"]
    assert SLUG.fullmatch(slug)
    assert len(slug) <= 80


async def test_bad_input_is_refused_and_stores_nothing(app: Reimaji) -> None:
    """D46: empty titles, scripts as addresses and floods end at the door."""
    bad: list[tuple[str, Any]] = [
        ("title", " "), ("title", "x" * 201), ("summary", ""), ("summary", "x" * 1_001),
        ("content", ""), ("content", "x" * 200_001), ("tags", [str(n) for n in range(11)]),
        ("tags", [" "]), ("tags", ["x" * 41]), ("sourceUrl", "javascript:alert(1)"),
        ("sourceUrl", "java\nscript:alert(1)"), ("imageUrl", "ftp://a.test/x"), ("imageUrl", ""),
    ]  # fmt: skip
    for field, value in bad:
        data = await refusal(app.admin.call("news:create", {**NEWS, field: value}))
        assert (data["code"], data["field"]) == ("INVALID_ARGUMENT", field)
    assert await app.rows(schema.News) == []
    assert [row.name for row in await app.rows(schema.Counter)] == ["totalUsers"]


async def test_what_is_stored_is_trimmed_or_exact(app: Reimaji) -> None:
    """Titles and tags lose their blanks, texts keep every character."""
    item = await app.draft(
        title="  Title ", content=" text\n", summary=" s ", tags=[" AI ", "ai", "Law"]
    )
    news = await app.news(item)
    assert (news["title"], news["tags"]) == ("Title", ["AI", "Law"])
    assert (news["content"], news["summary"]) == (" text\n", " s ")
    assert (news["isPublished"], news["viewCount"], news["likeCount"]) == (False, 0, 0)


async def test_images_must_have_been_uploaded(app: Reimaji) -> None:
    """A draft cannot show a file that nobody checked; the file then knows its item."""
    owner = (await app.rows(schema.User))[0].id
    number = app.backend.node.log.numbers["_storage"]
    known, unknown = (Id[StoredFile](encode_id(number, bytes([n]) * 16)) for n in (1, 2))
    await app.backend.insert(
        schema.File(
            storage_id=known,
            owner_id=owner,
            purpose="news_image",
            content_type="image/png",
            size=1,
            created_at=0.0,
        )
    )
    data = await refusal(app.admin.call("news:create", {**NEWS, "imageStorageId": unknown}))
    assert (data["code"], data["entity"]) == ("NOT_FOUND", "file")
    item = await app.draft(imageStorageId=known)
    (file,) = await app.rows(schema.File)
    assert (file.target_table, file.target_id) == ("news", item)
    assert "imageStorageId" not in await app.news(item)


# ---------------------------------------------------------------- updating


async def test_update_changes_what_is_given(app: Reimaji) -> None:
    """An absent key leaves a value, null clears an address."""
    item = await app.draft(sourceUrl="https://a.test", imageUrl="https://a.test/i.png")
    before = await app.news(item)
    await app.pass_time(seconds=1)
    await app.admin.call("news:update", {"id": item, "summary": "New.", "sourceUrl": None})
    after = await app.news(item)
    assert after.pop("updatedAt") > before.pop("updatedAt")
    assert before.pop("sourceUrl") == "https://a.test"
    assert after == {**before, "summary": "New."}
    await app.admin.call("news:update", {"id": item, "imageUrl": None, "type": "regulation"})
    after = await app.news(item)
    assert "imageUrl" not in after
    assert after["type"] == "regulation"
    for field, value in (("title", ""), ("sourceUrl", "data:text/html,x"), ("slug", "No Slug")):
        data = await refusal(app.admin.call("news:update", {"id": item, field: value}))
        assert (data["code"], data["field"]) == ("INVALID_ARGUMENT", field)


async def test_the_slug_follows_the_title_until_the_first_publish(app: Reimaji) -> None:
    """Links that people may have shared keep working."""
    item = await app.draft(title="First")
    other = await app.draft(title="Other")
    update = "news:update"
    await app.admin.call(update, {"id": item, "title": "Second"})
    assert (await app.news(item))["slug"] == "second"
    await app.admin.call(update, {"id": item, "title": "second!"})
    assert (await app.news(item))["slug"] == "second"
    await app.admin.call(update, {"id": item, "title": "Other", "isPublished": True})
    assert (await app.news(item))["slug"] == "other-2"
    await app.admin.call(update, {"id": item, "isPublished": False})
    await app.admin.call(update, {"id": item, "title": "Third"})
    assert (await app.news(item))["slug"] == "other-2"
    await app.admin.call(update, {"id": item, "slug": "mine"})
    await app.admin.call(update, {"id": item, "slug": "mine"})
    assert (await app.news(item))["slug"] == "mine"
    data = await refusal(app.admin.call(update, {"id": item, "slug": "other"}))
    assert (data["code"], data["slug"]) == ("SLUG_TAKEN", "other")
    await app.admin.call("news:remove", {"id": other})
    assert await code_of(app.admin.call(update, {"id": item, "slug": "other"})) == "SLUG_TAKEN"


async def test_the_bin(app: Reimaji) -> None:
    """D45: deleted items rest until restored, then come back as they were."""
    item = await app.publish()
    before = await app.news(item)
    for _ in range(2):
        assert await app.admin.call("news:remove", {"id": item}) == item
    assert await code_of(app.admin.call("news:update", {"id": item, "title": "X"})) == "NOT_FOUND"
    publish = {"id": item, "isPublished": True}
    assert await code_of(app.admin.call("news:update", publish)) == "NOT_FOUND"
    for _ in range(2):
        assert await app.admin.call("news:restore", {"id": item}) == item
    after = await app.news(item)
    assert {**after, "updatedAt": 0} == {**before, "updatedAt": 0}
    assert (await app.visitor.call("news:list"))["news"][0]["_id"] == item
    counters = {row.name: row.value for row in await app.rows(schema.Counter)}
    assert counters["totalNews"] == 1
    actions = [row.action for row in await app.rows(schema.AuditLog)]
    assert sorted(actions) == ["news.create", "news.remove", "news.restore", "news.update"]

    async def purge(ctx: MutationCtx) -> None:
        await ctx.db.delete(Id(item))

    await app.backend.run(purge)
    for path in ("news:remove", "news:restore", "news:update"):
        assert await code_of(app.admin.call(path, {"id": item})) == "NOT_FOUND"


# ---------------------------------------------------------------- tags


async def tags(app: Reimaji, **args: Any) -> list[tuple[str, int]]:
    answer = await app.visitor.call("news:listTags", args)
    return [(entry["tag"], int(entry["count"])) for entry in answer["tags"]]


async def test_tags_count_listed_items(app: Reimaji) -> None:
    """The tag cloud leads to no empty page: drafts, the bin and old tags do not count."""
    first = await app.publish(title="One", tags=["AI", "Law"])
    await app.publish(title="Two", tags=["ai", "No-Code"])
    draft = await app.draft(title="Three", tags=["Draft"])
    await app.publish("research", tags=["AI"])
    assert await tags(app) == [("ai", 2), ("law", 1), ("no-code", 1)]
    assert await tags(app, limit=1) == [("ai", 2)]
    await app.admin.call("news:update", {"id": first, "tags": ["LAW", "New"]})
    assert await tags(app) == [("ai", 1), ("law", 1), ("new", 1), ("no-code", 1)]
    await app.admin.call("news:update", {"id": first, "isPublished": False})
    await app.admin.call("news:update", {"id": draft, "isPublished": True})
    assert await tags(app) == [("ai", 1), ("draft", 1), ("no-code", 1)]
    await app.admin.call("news:remove", {"id": draft})
    assert await tags(app) == [("ai", 1), ("no-code", 1)]
    await app.admin.call("news:restore", {"id": draft})
    assert await tags(app) == [("ai", 1), ("draft", 1), ("no-code", 1)]
    listed = await app.visitor.call("news:list", {"tag": "Draft"})
    assert [item["_id"] for item in listed["news"]] == [draft]


async def test_republished_items_lead_their_tags(app: Reimaji) -> None:
    """A tag's list is in the same order as the whole list."""
    items = await app.publish_many(3, tags=["x"])
    await app.admin.call("news:update", {"id": items[2], "isPublished": False})
    await app.admin.call("news:update", {"id": items[2], "isPublished": True})
    listed = await app.visitor.call("news:list", {"tag": "x"})
    assert [item["_id"] for item in listed["news"]] == [items[2], items[0], items[1]]


# ---------------------------------------------------------------- likes


async def test_likes_toggle(app: Reimaji) -> None:
    """One person, one like; the page says whether it is one's own."""
    item = await app.publish()
    like = "news:toggleLike"
    assert await app.free.call(like, {"id": item}) == {"liked": True, "likeCount": 1}
    assert await app.pro.call(like, {"id": item}) == {"liked": True, "likeCount": 2}
    assert (await app.free.call("news:getById", {"id": item}))["likedByMe"] is True
    assert (await app.admin.call("news:getById", {"id": item}))["likedByMe"] is False
    assert (await app.visitor.call("news:getById", {"id": item}))["likedByMe"] is False
    assert await app.free.call(like, {"id": item}) == {"liked": False, "likeCount": 1}
    assert (await app.news(item))["likeCount"] == 1
    active = {row.user_id for row in await app.rows(schema.DailyActive)}
    assert len(active) == 2
    assert [day.active_users for day in await app.rows(schema.DailyStats)] == [2]


async def test_likes_need_the_right_to_read(app: Reimaji) -> None:
    """What one cannot read one cannot like."""
    premium, draft = await app.publish(isPremium=True), await app.draft()
    like = "news:toggleLike"
    assert await code_of(app.free.call(like, {"id": premium})) == "PREMIUM_REQUIRED"
    assert await code_of(app.pro.call(like, {"id": draft})) == "NOT_FOUND"
    assert (await app.pro.call(like, {"id": premium}))["liked"] is True
    assert len(await app.rows(schema.Like)) == 1


# ---------------------------------------------------------------- views


async def flush(app: Reimaji) -> int:
    return int((await app.system.call("news:flushViews"))["flushed"])


async def test_views_count_once_per_viewer_and_half_hour(app: Reimaji) -> None:
    """Reloading is no second view; visitors count with a key of their own."""
    item = await app.publish()
    view = "news:recordView"
    key: Json = {"id": item, "viewerKey": "browser-1"}
    assert await app.free.call(view, {"id": item}) == {"counted": True}
    assert await app.free.call(view, key) == {"counted": False}
    assert await app.visitor.call(view, key) == {"counted": True}
    assert await app.visitor.call(view, key) == {"counted": False}
    assert await app.visitor.call(view, {"id": item}) == {"counted": False}
    impostor = await app.visitor.call(view, {"id": item, "viewerKey": "user:pro-1"})
    assert impostor == {"counted": True}
    assert await app.pro.call(view, {"id": item}) == {"counted": True}
    assert (await app.news(item))["viewCount"] == 0
    assert await flush(app) == 4
    assert (await app.news(item))["viewCount"] == 4
    assert await flush(app) == 0
    await app.pass_time(minutes=30)
    assert await app.free.call(view, {"id": item}) == {"counted": True}
    assert await flush(app) == 1
    assert (await app.news(item))["viewCount"] == 5


async def test_views_of_what_cannot_be_seen(app: Reimaji) -> None:
    """Counting gives no hint about drafts; keys have a sane length."""
    draft, item = await app.draft(), await app.publish(title="Up")
    args: Json = {"viewerKey": "browser-1"}
    assert await code_of(app.visitor.call("news:recordView", {"id": draft, **args})) == "NOT_FOUND"
    for key in ("short", "x" * 65):
        call = app.visitor.call("news:recordView", {"id": item, "viewerKey": key})
        assert (await refusal(call))["field"] == "viewerKey"


async def test_one_flush_is_bounded(app: Reimaji) -> None:
    """A burst of views is worked off in steps that no other writer waits long for."""
    news, research = await app.publish(), await app.publish("research")

    async def burst(ctx: MutationCtx) -> None:
        for number in range(VIEWS_PER_FLUSH + 10):
            await ctx.db.insert(
                schema.ContentView(
                    content_type="news" if number % 2 else "research",
                    content_id=news if number % 2 else research,
                    viewer_key=f"key:{number}",
                    bucket=0,
                )
            )
        gone = schema.ContentView(
            content_type="news", content_id="purged", viewer_key="key:x", bucket=0
        )
        await ctx.db.insert(gone)

    await app.backend.run(burst)
    runs = app.backend.mutation_runs
    assert await flush(app) == VIEWS_PER_FLUSH
    await app.backend.drain()
    assert app.backend.mutation_runs == runs + 2, "the rest follows by itself, in a run of its own"
    assert await flush(app) == 0
    assert (await app.news(news))["viewCount"] == VIEWS_PER_FLUSH / 2 + 5
    digest = await app.admin.call("research:getById", {"id": research})
    assert digest["viewCount"] == VIEWS_PER_FLUSH / 2 + 5
