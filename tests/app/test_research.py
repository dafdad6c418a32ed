"""Research: what differs from news."""

from __future__ import annotations

import schema
from tests.app.support import RESEARCH, Reimaji, code_of, refusal

SECRET = "xyzzy-secret-text"


async def test_locked_research_hides_text_and_implication(app: Reimaji) -> None:
    """The implication is what readers pay for, so no teaser holds it."""
    item = await app.publish("research", isPremium=True, content=SECRET, implication=SECRET)
    for caller in (app.visitor, app.free):
        data = await refusal(caller.call("research:getById", {"id": item}))
        assert data["code"] == "PREMIUM_REQUIRED"
        listed = await caller.call("research:list")
        cards = await caller.call("research:list", {"fields": "card"})
        opts = {"paginationOpts": {"numItems": 5, "cursor": None}}
        paged = await caller.call("research:listPaginated", opts)
        assert SECRET not in f"{data} {listed} {cards} {paged}"
        assert (listed["research"][0]["content"], listed["research"][0]["implication"]) == ("", "")
    own = await app.pro.call("research:getBySlug", {"slug": "a-paper"})
    assert (own["content"], own["implication"], own["isLocked"]) == (SECRET, SECRET, False)
    assert "likedByMe" not in own


async def test_research_has_its_own_words(app: Reimaji) -> None:
    """Messages name what the client asked for."""
    item = await app.draft("research")
    data = await refusal(app.visitor.call("research:getById", {"id": item}))
    assert (data["code"], data["message"]) == ("NOT_FOUND", "Research not found")
    assert data["entity"] == "research"
    data = await refusal(app.free.call("research:update", {"id": item}))
    assert data["message"] == "Unauthorized to update research"


async def test_research_columns(app: Reimaji) -> None:
    """Citations and the paper's address are stored, checked and cleared."""
    item = await app.draft("research", paperUrl="https://p.test", citationCount=3)
    await app.admin.call("research:update", {"id": item, "citationCount": 4, "paperUrl": None})
    research = await app.admin.call("research:getById", {"id": item})
    assert research["citationCount"] == 4
    assert "paperUrl" not in research
    for field, value in [
        ("citationCount", 1.5),
        ("citationCount", -1),
        ("paperUrl", "javascript:x"),
        ("implication", ""),
        ("implication", "x" * 5_001),
    ]:
        create = app.admin.call("research:create", {**RESEARCH, field: value})
        assert (await refusal(create))["field"] == field
        update = app.admin.call("research:update", {"id": item, field: value})
        assert (await refusal(update))["field"] == field


async def test_research_lists_filter_and_page(app: Reimaji) -> None:
    """The premium filter and tags work as for news."""
    free = await app.publish("research", title="Free")
    await app.pass_time(seconds=1)
    paid = await app.publish("research", title="Paid", isPremium=True)
    wanted = {(): [paid, free], (("isPremium", True),): [paid], (("isPremium", False),): [free]}
    for args, items in wanted.items():
        for tag in ({}, {"tag": "models"}):
            answer = await app.visitor.call("research:list", {**dict(args), **tag})
            assert [item["_id"] for item in answer["research"]] == items
    assert await app.visitor.call("news:list", {"tag": "models"}) == {
        "news": [],
        "nextCursor": None,
    }


async def test_research_bin_views_and_counter(app: Reimaji) -> None:
    """Deleting, restoring and counting are those of news."""
    item = await app.publish("research")
    await app.admin.call("research:remove", {"id": item})
    assert await code_of(app.visitor.call("research:getById", {"id": item})) == "NOT_FOUND"
    binned = await app.admin.call("research:adminList", {"status": "deleted"})
    assert [entry["_id"] for entry in binned["research"]] == [item]
    await app.admin.call("research:restore", {"id": item})
    assert await app.free.call("research:recordView", {"id": item}) == {"counted": True}
    counters = {row.name: row.value for row in await app.rows(schema.Counter)}
    assert counters["totalResearch"] == 1
