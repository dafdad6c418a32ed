"""The seed's publish-lifecycle tests, on a fresh and on a used database."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from functions import demo
from reactor.testing import Harness
from tests.app.support import Json, Reimaji

ADMIN = {"clerkUserId": "admin-1"}
NEWS: Json = {"type": "tool", "tags": [], "isPremium": False, **ADMIN}


@pytest.fixture(params=["fresh", "used"])
async def admin(request: pytest.FixtureRequest, app: Reimaji) -> Harness:
    if request.param == "used":
        await app.publish(title="t")
        await app.publish("research", title="r1")
        await app.pass_time(hours=1)
    return app.admin


async def read(admin: Harness, module: str, item: object) -> Json:
    answer: Any = await admin.call(f"{module}:getById", {"id": item, "userId": "admin-1"})
    return dict(answer)


async def test_draft_has_null_published_at(admin: Harness) -> None:
    """D40, D41: a client can tell a draft by `publishedAt === null`."""
    args: Json = {"title": "t", "summary": "s", "content": "c", **NEWS}
    item = await admin.call("news:create", args)
    draft = await read(admin, "news", item)
    assert draft["isPublished"] is False
    assert draft["publishedAt"] is None


async def test_publish_sets_published_at(admin: Harness) -> None:
    """A published item says since when."""
    args: Json = {"title": "t2", "summary": "s2", "content": "c2", **NEWS}
    item = await admin.call("news:create", args)
    await admin.call("news:update", {"id": item, "isPublished": True, **ADMIN})
    published = await read(admin, "news", item)
    assert published["isPublished"] is True
    assert published["publishedAt"] is not None


async def test_unpublish_keeps_published_at(admin: Harness) -> None:
    """Taking an item down does not forget when it was up."""
    args: Json = {"title": "t3", "summary": "s3", "content": "c3", **NEWS}
    item = await admin.call("news:create", args)
    await admin.call("news:update", {"id": item, "isPublished": True, **ADMIN})
    up = await read(admin, "news", item)
    await admin.call("news:update", {"id": item, "isPublished": False, **ADMIN})
    down = await read(admin, "news", item)
    assert down["isPublished"] is False
    assert down["publishedAt"] == up["publishedAt"]


async def test_republish_moves_published_at(admin: Harness) -> None:
    """D44: publishing again within one millisecond still gives a later time."""
    args: Json = {"title": "r1", "summary": "rs", "implication": "ri", "content": "rc", "tags": []}
    item = await admin.call("research:create", {**args, "isPremium": False, **ADMIN})
    await admin.call("research:update", {"id": item, "isPublished": True, **ADMIN})
    first = await read(admin, "research", item)
    await admin.call("research:update", {"id": item, "isPublished": False, **ADMIN})
    await admin.call("research:update", {"id": item, "isPublished": True, **ADMIN})
    second = await read(admin, "research", item)
    assert second["publishedAt"] > first["publishedAt"]


async def test_published_at_rises_over_fifty_cycles(app: Reimaji) -> None:
    """D44: list order and sync tools rely on a strictly rising time."""
    item = await app.draft()
    times: list[float] = []
    for _ in range(50):
        await app.admin.call("news:update", {"id": item, "isPublished": True})
        times.append((await app.news(item))["publishedAt"])
        await app.admin.call("news:update", {"id": item, "isPublished": False})
    assert all(early < late for early, late in itertools.pairwise(times))


async def test_publishing_what_is_published_changes_no_time(app: Reimaji) -> None:
    """Saving a form with `isPublished: true` does not push the item up the list."""
    item = await app.publish()
    before = await app.news(item)
    await app.pass_time(hours=1)
    await app.admin.call("news:update", {"id": item, "isPublished": True, "summary": "New."})
    after = await app.news(item)
    assert after["publishedAt"] == before["publishedAt"]
    assert after["updatedAt"] > before["updatedAt"]


async def test_lifecycle_works_beside_the_demo_data(app: Reimaji) -> None:
    """What `reactor dev` fills in does not get in the way."""
    await app.backend.mutation(demo.seed)
    item = await app.publish()
    answer = await app.visitor.call("news:list", {"limit": 1})
    assert answer["news"][0]["_id"] == item
