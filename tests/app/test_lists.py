"""The list convention: limits, cursors, order, nothing twice and nothing missed."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

import schema
from reactor import MutationCtx
from reactor.testing import Harness
from tests.app.support import Json, Reimaji, code_of, refusal

NAN = {"$float": "AAAAAAAA+H8="}
INFINITE = {"$float": "AAAAAAAA8H8="}


async def pages(caller: Harness, path: str, key: str, limit: int, **args: Any) -> list[list[str]]:
    """The ids of every page of a list."""
    found: list[list[str]] = []
    cursor: str | None = None
    while True:
        answer: Json = await caller.call(path, {"limit": limit, "cursor": cursor, **args})
        found.append([item["_id"] for item in answer[key]])
        cursor = answer["nextCursor"]
        if cursor is None:
            return found
        assert len(cursor) <= 2_000


def flat(found: list[list[str]]) -> list[str]:
    return [item for page in found for item in page]


# ---------------------------------------------------------------- limits


@pytest.mark.parametrize("limit", [0, -1, 1.5, NAN, INFINITE, 0.999])
async def test_bad_limits_are_refused(app: Reimaji, limit: Any) -> None:
    """D26: the client learns which argument was wrong."""
    for path in ("news:list", "research:list", "news:listTags"):
        data = await refusal(app.visitor.call(path, {"limit": limit}))
        assert (data["code"], data["field"]) == ("INVALID_ARGUMENT", "limit")


async def test_limits_default_to_20_and_are_cut_to_100(app: Reimaji) -> None:
    """A client that asks for everything gets a page that the server can afford."""
    await app.publish_many(103)
    assert len((await app.visitor.call("news:list"))["news"]) == 20
    for limit in (100, 101, 10**9, 1e300):
        assert len((await app.visitor.call("news:list", {"limit": limit}))["news"]) == 100


# ---------------------------------------------------------------- pages


async def test_pages_are_disjoint_complete_and_end_in_null(app: Reimaji) -> None:
    """D22, D25: forty rows by ten are four pages, and the fourth says that it is the last."""
    items = await app.publish_many(40)
    found = await pages(app.visitor, "news:list", "news", 10)
    assert [len(page) for page in found] == [10, 10, 10, 10]
    assert flat(found) == items


async def test_items_of_one_millisecond_all_appear(app: Reimaji) -> None:
    """D23: equal times are no reason to lose rows, whatever the page size."""
    items = {await app.publish(title=f"Item {number}", tags=["one"]) for number in range(30)}
    assert len({(await app.news(item))["publishedAt"] for item in items}) == 1
    for limit in (1, 7, 29, 30):
        found = flat(await pages(app.visitor, "news:list", "news", limit))
        assert len(found) == 30
        assert set(found) == items
        assert flat(await pages(app.visitor, "news:list", "news", limit, tag="one")) == found
        assert flat(await pages(app.admin, "news:adminList", "news", limit)) != []
        assert set(flat(await pages(app.admin, "news:adminList", "news", limit))) == items


@pytest.mark.parametrize("args", [{}, {"type": "tool"}, {"tag": "long"}])
async def test_long_items_make_shorter_pages(app: Reimaji, args: Json) -> None:
    """A hundred articles of 200,000 letters are more than one query may read or answer with."""
    expected = await _insert_long(app, 60)
    found = await pages(app.pro, "news:list", "news", 100, **args)
    assert flat(found) == expected
    assert [len(page) for page in found] == [5] * 12
    assert flat(await pages(app.admin, "news:adminList", "news", 100)) == expected


async def test_what_just_fits_ends_in_null(app: Reimaji) -> None:
    """A page that is full because of its bytes has a cursor only if something follows."""
    expected = await _insert_long(app, 5)
    assert await pages(app.pro, "news:list", "news", 100) == [expected]


async def _insert_long(app: Reimaji, count: int) -> list[str]:
    """Articles as long as they may be, in a script of two bytes a letter; the newest first."""
    author = await app.insert_user("author")
    ids: list[str] = []
    for number in range(count):
        time = float(number)
        news = schema.News(
            title="Long", slug=f"long-{number}", summary="s", content="ж" * 200_000,
            type_="tool", tags=["long"], is_premium=False, is_published=True,
            published_at=time, created_by=author, created_at=0.0, updated_at=time,
        )  # fmt: skip
        ids.append(await app.backend.insert(news))
        tag = schema.ContentTag(
            content_type="news", content_id=ids[-1], tag="long", published_at=time
        )
        await app.backend.insert(tag)
    return ids[::-1]


async def test_ties_go_by_creation_time(app: Reimaji) -> None:
    """Items published together stand in the order in which they were made, newest first."""
    made = [await app.draft(title="First", tags=["x"])]
    await app.pass_time(minutes=1)
    made.append(await app.draft(title="Second", tags=["x"]))
    await app.pass_time(minutes=1)
    for item in reversed(made):
        await app.admin.call("news:update", {"id": item, "isPublished": True})
    for args in ({}, {"tag": "X"}):
        assert flat(await pages(app.visitor, "news:list", "news", 1, **args)) == made[::-1]


async def test_an_old_draft_is_first_once_published(app: Reimaji) -> None:
    """D30: order follows publishing, not creation."""
    draft = await app.draft()
    items = await app.publish_many(3)
    await app.admin.call("news:update", {"id": draft, "isPublished": True})
    assert flat(await pages(app.visitor, "news:list", "news", 10)) == [draft, *items]


# ---------------------------------------------------------------- cursors


async def first_cursor(app: Reimaji, limit: int = 2) -> str:
    return str((await app.visitor.call("news:list", {"limit": limit}))["nextCursor"])


async def after(app: Reimaji, cursor: str) -> list[str]:
    answer = await app.visitor.call("news:list", {"cursor": cursor})
    return [item["_id"] for item in answer["news"]]


async def test_cursors_outlive_the_row_they_point_at(app: Reimaji) -> None:
    """D24: unpublishing, deleting or moving the last item of a page does not break scrolling."""
    items = await app.publish_many(5)
    cursor, rest, last = await first_cursor(app), items[2:], items[1]
    assert await after(app, cursor) == rest
    await app.admin.call("news:update", {"id": last, "isPublished": False})
    assert await after(app, cursor) == rest
    await app.admin.call("news:update", {"id": last, "isPublished": True})
    assert await after(app, cursor) == rest
    await app.admin.call("news:remove", {"id": last})
    assert await after(app, cursor) == rest

    async def purge(ctx: MutationCtx) -> None:
        document = ctx.db.normalize_id(schema.News, last)
        assert document is not None
        await ctx.db.delete(document)

    await app.backend.run(purge)
    assert await after(app, cursor) == rest


async def test_new_items_shift_nothing(app: Reimaji) -> None:
    """What is published while somebody scrolls neither repeats nor hides an item below."""
    items = await app.publish_many(5)
    cursor = await first_cursor(app)
    await app.publish(title="Newer")
    assert await after(app, cursor) == items[2:]


async def test_bare_ids_are_cursors(app: Reimaji) -> None:
    """The seed's clients send the id of the last item; it need not be listed."""
    items = await app.publish_many(4)
    assert await after(app, items[1]) == items[2:]
    await app.admin.call("news:update", {"id": items[1], "isPublished": False})
    assert await after(app, items[1]) == items[2:]
    await app.admin.call("news:remove", {"id": items[1]})
    assert await after(app, items[1]) == items[2:]
    draft = await app.draft(tags=["ChatGPT"])
    assert await after(app, draft) == []
    tagged = await app.visitor.call("news:list", {"cursor": draft, "tag": "ChatGPT"})
    assert tagged == {"news": [], "nextCursor": None}


async def test_null_and_absent_cursors_start_at_the_top(app: Reimaji) -> None:
    """Both spellings of "the first page" work."""
    items = await app.publish_many(2)
    for args in ({}, {"cursor": None}):
        answer = await app.visitor.call("news:list", args)
        assert [item["_id"] for item in answer["news"]] == items


def packed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


async def test_bad_cursors_are_refused(app: Reimaji) -> None:
    """D24: never an internal error, never the rows of another table."""
    item = await app.publish()
    other = await app.publish("research")
    await app.publish("research", title="Another")
    foreign = (await app.visitor.call("research:list", {"limit": 1}))["nextCursor"]

    async def purge(ctx: MutationCtx) -> str:
        news = next(iter(await ctx.db.query(schema.News).collect()))
        copy = {name: getattr(news, name) for name in ("title", "summary", "content", "tags")}
        made = await ctx.db.insert(
            schema.News(
                slug="purged",
                type_="tool",
                is_premium=False,
                created_by=news.created_by,
                created_at=0.0,
                updated_at=0.0,
                **copy,
            )
        )
        await ctx.db.delete(made)
        return made

    gone = await app.backend.run(purge)
    good = {"values": [1.0], "created": 1.0, "id": item}
    bad = [
        "", "x", "…", "a" * 2_001, "=" * 8, other, foreign, gone, item + "0",
        packed([]), packed({}), packed({**good, "id": other}), packed({**good, "id": 5}),
        packed({**good, "values": []}), packed({**good, "values": [1.0, 2.0]}),
        packed({**good, "values": ["a"]}), packed({**good, "values": [True]}),
        packed({**good, "values": [float("inf")]}), packed({**good, "created": None}),
        packed({**good, "created": float("nan")}), packed({**good, "created": 10**400}),
        packed({**good, "more": 1}), base64.urlsafe_b64encode(b"[" * 1_400).decode(),
        base64.urlsafe_b64encode(json.dumps(good).replace("1.0]", "1e999]").encode()).decode(),
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ]  # fmt: skip
    for cursor in bad:
        for args in ({}, {"tag": "chatgpt"}):
            data = await refusal(app.visitor.call("news:list", {"cursor": cursor, **args}))
            assert (data["code"], data["message"]) == ("INVALID_CURSOR", "Invalid cursor"), cursor
    assert await after(app, packed(good)) == []
    assert await after(app, packed({**good, "values": [10**30]})) == [item]


# ---------------------------------------------------------------- filters


async def test_filters_and_pages_together(app: Reimaji) -> None:
    """Each filter has an index of its own, and pages of each are complete."""
    everything: list[tuple[str, str, bool]] = []
    for number in range(12):
        type_ = ("tool", "use_case", "regulation")[number % 3]
        is_premium = number % 2 == 0
        args: Json = {"type": type_, "isPremium": is_premium, "tags": ["All"]}
        item = await app.publish(title=f"Item {number}", **args)
        everything.insert(0, (item, type_, is_premium))
        await app.pass_time(seconds=1)
    for only_type in (None, "tool", "use_case"):
        for only_premium in (None, True, False):
            wanted = [
                item
                for item, type_, is_premium in everything
                if only_type in (None, type_) and only_premium in (None, is_premium)
            ]
            both = {"type": only_type, "isPremium": only_premium}
            given = {name: value for name, value in both.items() if value is not None}
            assert flat(await pages(app.visitor, "news:list", "news", 2, **given)) == wanted
            tagged = await pages(app.visitor, "news:list", "news", 2, tag=" aLL ", **given)
            assert flat(tagged) == wanted


async def test_drafts_deleted_and_unpublished_are_not_listed(app: Reimaji) -> None:
    """Visitors see what is published and in nobody's bin."""
    shown = await app.publish()
    await app.draft()
    taken_down = await app.publish(title="Down")
    await app.admin.call("news:update", {"id": taken_down, "isPublished": False})
    deleted = await app.publish(title="Deleted")
    await app.admin.call("news:remove", {"id": deleted})
    for args in ({}, {"tag": "chatgpt"}, {"type": "tool"}):
        assert flat(await pages(app.admin, "news:list", "news", 5, **args)) == [shown]


async def test_admin_lists_by_state(app: Reimaji) -> None:
    """Editors find drafts, published items and the bin, the last changed first."""
    names = ["draft", "up", "down", "gone", "gone-too"]
    item: dict[str, str] = {}
    for name in names:
        make = app.draft if name == "draft" else app.publish
        item[name] = await make(title=name)
        await app.pass_time(seconds=1)
    await app.admin.call("news:update", {"id": item["down"], "isPublished": False})
    await app.admin.call("news:remove", {"id": item["gone-too"]})
    await app.pass_time(seconds=1)
    await app.admin.call("news:remove", {"id": item["gone"]})
    await app.admin.call("news:update", {"id": item["draft"], "summary": "Touched."})
    expected = {
        "all": ["draft", "down", "up"],
        "draft": ["draft", "down"],
        "published": ["up"],
        "deleted": ["gone", "gone-too"],
    }
    for status, wanted in expected.items():
        for limit in (1, 2, 10):
            found = await pages(app.admin, "news:adminList", "news", limit, status=status)
            assert flat(found) == [item[name] for name in wanted], status
    bare = await app.admin.call("news:adminList", {"status": "deleted", "cursor": item["up"]})
    assert bare["news"] == []


async def test_paginated_twins_agree_with_the_lists(app: Reimaji) -> None:
    """`usePaginatedQuery` shows the same items in the same order."""
    items = await app.publish_many(5, type="use_case")
    cursor, found = None, list[str]()
    for _ in range(5):
        opts = {"numItems": 2, "cursor": cursor}
        args = {"paginationOpts": opts, "type": "use_case"}
        answer = await app.visitor.call("news:listPaginated", args)
        assert all("content" not in item for item in answer["page"])
        found += [item["_id"] for item in answer["page"]]
        cursor = answer["continueCursor"]
        if answer["isDone"]:
            break
    assert found == items


async def test_user_lists(app: Reimaji) -> None:
    """Admins find people by role, by status and by the start of an e-mail address."""
    for number in range(5):
        await app.pass_time(seconds=1)
        await app.join(f"reader-{number}")
    await app.insert_user("reader-gone", deleted_at=1.0)
    path = "users:list"
    people = await pages(app.admin, path, "users", 3)
    assert len(flat(people)) == len(set(flat(people))) == 8
    by_email = await app.admin.call(path, {"emailPrefix": " Reader-", "limit": 2})
    emails = [user["email"] for user in by_email["users"]]
    assert emails == ["reader-0@example.test", "reader-1@example.test"]
    assert len(flat(await pages(app.admin, path, "users", 2, emailPrefix="reader-"))) == 5
    pros = flat(await pages(app.admin, path, "users", 1, role="pro"))
    assert len(pros) == 1
    free = await pages(app.admin, path, "users", 2, role="free", subscriptionStatus="trial")
    assert len(flat(free)) == 6
    assert await pages(app.admin, path, "users", 2, subscriptionStatus="expired") == [[]]
    paged = {"paginationOpts": {"numItems": 100, "cursor": None}}
    assert len((await app.admin.call("users:listPaginated", paged))["page"]) == 8
    free_ones = await app.admin.call("users:listPaginated", {**paged, "role": "free"})
    assert len(free_ones["page"]) == 6
    stranger = (await app.admin.call(path, {"emailPrefix": "pro-"}))["users"][0]["_id"]
    after_stranger = await app.admin.call(path, {"emailPrefix": "reader-", "cursor": stranger})
    assert len(after_stranger["users"]) == 5


async def test_unknown_list_arguments_are_refused_by_the_engine(app: Reimaji) -> None:
    """Convex clients get Convex's words for a wrong type."""
    with pytest.raises(Exception, match="ArgumentValidationError"):
        await app.visitor.call("news:list", {"limit": "10"})
    assert await code_of(app.visitor.call("news:list", {"limit": 0})) == "INVALID_ARGUMENT"
