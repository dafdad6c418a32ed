"""Which writes reach an open subscription, and which do not even re-run its query."""

from __future__ import annotations

from typing import Any

import pytest

from functions import news, permissions, users
from functions.types.content import ArticleCard, NewsDoc, NewsList
from reactor import AppError, Id
from reactor.testing import Harness
from schema import News
from tests.app.support import Json, Reimaji


async def runs(app: Reimaji, caller: Harness, path: str, args: Json) -> int:
    """How many queries a mutation makes the server run again."""
    await app.backend.drain()
    before = app.backend.node.hub.runner.query_runs
    await caller.call(path, args)
    await app.backend.drain()
    return app.backend.node.hub.runner.query_runs - before


def cards(answer: NewsList) -> list[ArticleCard]:
    return [(item.card if isinstance(item, NewsDoc) else item).article for item in answer.news]


def ids(answer: NewsList) -> list[str]:
    return [(item.card if isinstance(item, NewsDoc) else item).id for item in answer.news]


async def edit(app: Reimaji, item: str, **changes: Any) -> None:
    await app.admin.call("news:update", {"id": item, **changes})


async def test_the_first_page_follows_what_is_on_it(app: Reimaji) -> None:
    """Journey 1: publish, edit, unpublish, delete and restore arrive by themselves."""
    items = await app.publish_many(5)
    async with app.visitor.subscribe(news.list_, limit=3) as feed:
        assert ids(await feed.next()) == items[:3]
        draft = await app.draft(title="Breaking")
        await app.backend.drain()
        assert feed.pushes == 1
        await edit(app, draft, isPublished=True)
        assert ids(await feed.next()) == [draft, *items[:2]]
        await edit(app, draft, title="Broken")
        assert cards(await feed.next())[0].title == "Broken"
        await edit(app, draft, isPublished=False)
        assert ids(await feed.next()) == items[:3]
        await edit(app, draft, isPublished=True)
        assert ids(await feed.next())[0] == draft
        await app.admin.call("news:remove", {"id": draft})
        assert ids(await feed.next()) == items[:3]
        await app.admin.call("news:restore", {"id": draft})
        assert ids(await feed.next())[0] == draft
        await app.backend.drain()
        assert feed.pushes == 7


async def test_the_first_page_sleeps_through_everything_else(app: Reimaji) -> None:
    """D21, D27: drafts, far items, research, views and other people's rows cost no run."""
    items = await app.publish_many(8)
    draft = await app.draft()
    digest = await app.publish("research")
    view: Json = {"viewerKey": "browser-1"}
    await app.system.call("news:flushViews")
    writes: list[tuple[str, Harness, str, Json]] = [
        ("a view", app.visitor, "news:recordView", {"id": items[0], **view}),
        ("a user's view", app.free, "news:recordView", {"id": items[0]}),
        ("a draft", app.admin, "news:update", {"id": draft, "title": "Other"}),
        ("the next item below", app.admin, "news:update", {"id": items[4], "title": "Other"}),
        ("a like far below", app.free, "news:toggleLike", {"id": items[7]}),
        ("research", app.admin, "research:update", {"id": digest, "title": "Other"}),
        ("another user", app.pro, "users:updatePreferences", {"theme": "dark"}),
        ("another user's role", app.admin, "users:updateRole",
         {"clerkUserId": "pro-1", "role": "free"}),
        ("a new user", app.signed_in("new-1"), "users:createOrUpdate", {"email": "n@e.test"}),
    ]  # fmt: skip
    async with app.free.subscribe(news.list_, limit=3) as mine, \
            app.visitor.subscribe(news.list_, limit=3) as theirs:  # fmt: skip
        await mine.next()
        await theirs.next()
        for what, caller, path, args in writes:
            assert await runs(app, caller, path, args) == 0, what
        assert (mine.pushes, theirs.pushes) == (1, 1)


async def test_a_hundred_views_are_one_push(app: Reimaji) -> None:
    """D21: lists stand still while people read, and catch up once per flush."""
    items = await app.publish_many(3)
    async with app.visitor.subscribe(news.list_, limit=3) as feed:
        await feed.next()
        for number in range(100):
            args = {"id": items[number % 3], "viewerKey": f"browser-{number}"}
            await app.visitor.call("news:recordView", args)
        await app.backend.drain()
        assert feed.pushes == 1
        await app.system.call("news:flushViews")
        counts = [card.view_count for card in cards(await feed.next())]
        assert sorted(counts) == [33, 33, 34]
        await app.backend.drain()
        assert feed.pushes == 2


async def test_a_page_follows_the_readers_rights(app: Reimaji) -> None:
    """Journey 2: the text arrives in the open tab when the reader becomes Pro, and leaves again."""
    item = await app.publish(isPremium=True)
    role = "users:updateRole"
    async with app.free.subscribe(news.get_by_id, id=Id[News](item)) as page, \
            app.free.subscribe(news.list_, limit=3) as listed, \
            app.free.subscribe(permissions.my) as mine:  # fmt: skip
        with pytest.raises(AppError) as refused:
            await page.next()
        assert refused.value.data["code"] == "PREMIUM_REQUIRED"
        assert refused.value.data["preview"]["title"]
        assert cards(await listed.next())[0].is_locked
        assert not (await mine.next()).is_pro
        await app.admin.call(role, {"clerkUserId": "free-1", "role": "pro"})
        assert (await page.next()).news.content
        assert not cards(await listed.next())[0].is_locked
        assert (await mine.next()).is_pro
        await app.admin.call(role, {"clerkUserId": "free-1", "role": "free"})
        with pytest.raises(AppError):
            await page.next()
        assert cards(await listed.next())[0].is_locked


async def test_one_item_follows_itself_and_its_reader(app: Reimaji) -> None:
    """`news:getById` wakes for edits and one's own like, not for other items or people."""
    item, other = await app.publish(), await app.publish(title="Other")
    async with app.free.subscribe(news.get_by_id, id=Id[News](item)) as page:
        assert not (await page.next()).liked_by_me
        await app.free.call("news:toggleLike", {"id": item})
        liked = await page.next()
        assert (liked.liked_by_me, liked.news.card.like_count) == (True, 1)
        await edit(app, item, summary="New.")
        assert (await page.next()).news.card.article.summary == "New."
        await edit(app, item, isPublished=False)
        with pytest.raises(AppError):
            await page.next()
        await edit(app, item, isPublished=True)
        await page.next()
        writes: list[tuple[Harness, str, Json]] = [
            (app.admin, "news:update", {"id": other, "title": "X"}),
            (app.pro, "news:toggleLike", {"id": other}),
            (app.pro, "users:updatePreferences", {"theme": "dark"}),
            (app.pro, "news:recordView", {"id": item}),
        ]
        for caller, path, args in writes:
            assert await runs(app, caller, path, args) == 0, path


async def test_own_rows_follow_own_changes(app: Reimaji) -> None:
    """`users:me` and `permissions:my` wake for the caller's rows and nobody else's."""
    async with app.free.subscribe(users.me) as me, app.free.subscribe(permissions.my) as mine:
        await me.next()
        await mine.next()
        await app.free.call("users:updatePreferences", {"theme": "dark"})
        changed = await me.next()
        assert changed is not None
        assert changed.preferences is not None
        assert changed.preferences.theme == "dark"
        await app.admin.call("users:updateRole", {"clerkUserId": "free-1", "role": "admin"})
        promoted = await me.next()
        assert promoted is not None
        assert promoted.role == "admin"
        assert (await mine.next()).is_admin
        writes: list[tuple[Harness, str, Json]] = [
            (app.pro, "users:updatePreferences", {"theme": "dark"}),
            (app.signed_in("new-1"), "users:createOrUpdate", {"email": "n@e.test"}),
        ]
        for caller, path, args in writes:
            assert await runs(app, caller, path, args) == 0, path


async def test_signing_up_arrives_in_the_open_tab(app: Reimaji) -> None:
    """Journey 3: `users:me` turns from null to the account without a reload."""
    async with app.signed_in("new-1").subscribe(users.me) as me:
        assert await me.next() is None
        await app.join("new-1")
        account = await me.next()
        assert account is not None
        assert account.clerk_user_id == "new-1"
