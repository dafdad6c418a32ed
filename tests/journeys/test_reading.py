"""Journey 1: a visitor reads along while an editor publishes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.compat.support.client import Kind
from tests.journeys.stage import Stage

DRAFT = {
    "title": "Journey One",
    "summary": "A summary.",
    "content": "The whole text.",
    "type": "tool",
    "tags": ["ChatGPT"],
    "isPremium": False,
}


def first(listed: Any) -> Any:
    return listed["news"][0]


@pytest.mark.parametrize("kind", ["npm", "pypi"])
async def test_visitor_and_a_live_item(stage: Stage, kind: Kind) -> None:
    """Publishing and unpublishing reach an open list at once; drafts do not."""
    visitor, admin = await stage.tab(kind=kind), await stage.admin()
    view = visitor.live("news:list", limit=10)
    before = await view.shows(lambda value: len(value["news"]) == 10)
    times = [item["publishedAt"] for item in before["news"]]
    assert times == sorted(times, reverse=True)
    assert before["nextCursor"] is not None

    item = await admin.mutation("news:create", **DRAFT)
    await admin.mutation("news:update", id=item, isPublished=True)
    published = first(await view.shows(lambda value: first(value)["_id"] == item))
    assert len(view.changes) == 2, "the draft was pushed"

    await admin.mutation("news:update", id=item, isPublished=False)
    after = await view.shows(lambda value: first(value)["_id"] != item)
    assert after["news"] == before["news"]

    await admin.mutation("news:update", id=item, isPublished=True)
    again = first(await view.shows(lambda value: first(value)["_id"] == item))
    assert again["publishedAt"] > published["publishedAt"]


async def test_publish_lifecycle_as_the_first_client_wrote_it(stage: Stage) -> None:
    """Section 4.4: the arguments of old clients still work, on a used database too."""
    admin = await stage.admin()
    me = {"clerkUserId": "admin-1"}
    await admin.mutation("users:createOrUpdate", email="admin-1@example.test", **me)
    for module, extra in (("news", {"type": "tool"}), ("research", {"implication": "Much."})):
        new = {key: value for key, value in DRAFT.items() if key != "type"}
        item = await admin.mutation(f"{module}:create", **new, **extra, **me)
        read = {"path": f"{module}:getById", "id": item, "userId": "admin-1"}
        draft = await admin.query(**read)
        assert draft["isPublished"] is False
        assert draft["publishedAt"] is None
        seen: list[float] = []
        for is_published in (True, False, True):
            await admin.mutation(f"{module}:update", id=item, isPublished=is_published, **me)
            now = await admin.query(**read)
            assert now["isPublished"] is is_published
            seen.append(now["publishedAt"])
        assert seen[0] == seen[1] < seen[2]
