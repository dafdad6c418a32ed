"""The dashboard: totals, windows, distinct users, and putting wrong numbers right."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import schema
from functions import _recount as recounting
from functions import _statistics as statistics
from functions import analytics
from functions._bookkeeping import mark_active
from functions.constants import DAY_MS, LAST_ACTIVE
from reactor import Id, MutationCtx
from reactor.testing import Harness
from schema import Counter, DailyActive, DailyStats, User
from tests.app.support import Json, Reimaji, code_of, refusal

STATS = "analytics:getDashboardStats"


async def stats(app: Reimaji, **args: Any) -> Json:
    return dict(await app.admin.call(STATS, args))


async def be_active(app: Reimaji, *users: Id[User]) -> None:
    async def body(ctx: MutationCtx) -> None:
        for user in users:
            await mark_active(ctx, await ctx.db.require(user))

    await app.backend.run(body)


async def pay(app: Reimaji, user: Id[User], amount: int, *, days_ago: float = 0) -> None:
    """A payment as billing stores it, without its numbers."""
    at = app.backend.clock.now_ms() - days_ago * DAY_MS
    await app.backend.insert(
        schema.Transaction(
            user_id=user, amount=amount, currency="IDR", status="PAID", description="",
            external_id=f"e{at}", expires_at=at, paid_at=at, plan="pro_monthly",
            created_at=at, updated_at=at,
        )
    )  # fmt: skip


async def test_totals_follow_what_happens(app: Reimaji) -> None:
    """Journey 14: sign-ups, content and deletions, drafts included."""
    before = await stats(app)
    await app.join("new-1")
    await app.draft()
    await app.publish("research")
    gone = await app.publish(title="Gone")
    await app.admin.call("news:remove", {"id": gone})
    after = await stats(app)
    grown = {key: after[key] - before[key] for key in after if after[key] != before[key]}
    assert grown == {"totalUsers": 1, "newUsers": 1, "totalNews": 1, "totalResearch": 1}
    assert after["generatedAt"] == app.backend.clock.now_ms()
    assert (after["windowStart"] + 7 * 3_600_000) % DAY_MS == 0


async def test_active_users_are_people(app: Reimaji) -> None:
    """D102: one person with five events, on two days, is one."""
    user = await app.insert_user("ayu")
    for _ in range(5):
        await be_active(app, user)
    assert (await stats(app))["activeUsers"] == 1
    await app.pass_time(days=1)
    await be_active(app, user, await app.insert_user("budi"))
    assert (await stats(app))["activeUsers"] == 2
    assert (await stats(app, days=1))["activeUsers"] == 2
    await app.pass_time(days=30)
    assert (await stats(app))["activeUsers"] == 0


async def test_a_window_is_platform_days(app: Reimaji) -> None:
    """Today counts as the first; midnight is that of Jakarta."""
    await app.pass_time(hours=16)  # 23:00 in Jakarta
    await app.join("late-1")
    assert (await stats(app, days=1))["newUsers"] == 4
    await app.pass_time(hours=1)
    await app.join("early-1")
    assert (await stats(app, days=1))["newUsers"] == 1
    assert (await stats(app, days=2))["newUsers"] == 5
    series = (await app.admin.call("analytics:getTimeSeries", {"days": 3}))["days"]
    assert [day["newUsers"] for day in series] == [0, 4, 1]
    assert [day["day"] for day in series] == ["2025-12-31", "2026-01-01", "2026-01-02"]


@pytest.mark.parametrize("days", [0, -1, 366, 1e9, 1.5])
async def test_days_are_bounded(app: Reimaji, days: float) -> None:
    """D104."""
    for path in (STATS, "analytics:getTimeSeries"):
        error = await refusal(app.admin.call(path, {"days": days}))
        assert (error["code"], error["field"]) == ("INVALID_ARGUMENT", "days")


async def test_only_admins_look(app: Reimaji) -> None:
    """And the system; with the seed's word."""
    error = await refusal(app.free.call(STATS, {}))
    assert (error["code"], error["message"]) == ("FORBIDDEN", "Unauthorized")
    assert await code_of(app.visitor.call(STATS, {"clerkUserId": "admin-1"})) == "UNAUTHENTICATED"
    for path in ("analytics:getTimeSeries", "analytics:getContentPerformance"):
        assert await code_of(app.pro.call(path, {"type": "news"} if "Perf" in path else {})) == (
            "FORBIDDEN"
        )
    await app.system.call(STATS, {})


async def test_snapshots_answer_when_there_is_much(
    app: Reimaji, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the nearest window, at most a minute old; kept from one row a day."""
    monkeypatch.setattr(statistics, "ACTIVE_ROWS_LIVE_MAX", 2)
    people = [await app.insert_user(f"u{number}") for number in range(4)]
    for _ in range(3):
        await be_active(app, *people)
        await app.pass_time(days=1)
    await be_active(app, people[0])
    await app.system.call("analytics:refreshActiveUsers")
    await app.pass_time(seconds=59)
    shown = await stats(app, days=28)
    assert shown["activeUsers"] == 4
    assert app.backend.clock.now_ms() - shown["activeUsersAsOf"] == 59_000
    await be_active(app, await app.insert_user("late"))
    assert (await stats(app, days=28))["activeUsers"] == 4
    await app.system.call("analytics:refreshActiveUsers")
    assert (await stats(app, days=28))["activeUsers"] == 5
    assert (await stats(app, days=1))["activeUsers"] == 2


async def test_what_does_best(app: Reimaji) -> None:
    """Listed items by views, courses by enrollments."""
    for number in range(3):
        await app.publish(title=f"Item {number}")
    best = await app.publish(title="Best")
    await app.draft(title="Draft")
    await app.visitor.call("news:recordView", {"id": best, "viewerKey": "browser-1"})
    await app.system.call("news:flushViews")
    path = "analytics:getContentPerformance"
    shown = await app.admin.call(path, {"type": "news", "limit": 2})
    assert shown["items"][0]["title"] == "Best"
    assert (len(shown["items"]), shown["items"][0]["viewCount"]) == (2, 1)
    assert (await app.admin.call(path, {"type": "courses"}))["items"] == []


async def test_the_oldest_can_do_best(app: Reimaji) -> None:
    """However much has been published since; only what visitors can find counts."""
    columns: Json = {
        "summary": "", "content": "", "tags": [], "is_premium": False, "is_published": True,
        "created_by": await app.insert_user("author"), "created_at": 0.0, "updated_at": 0.0,
    }  # fmt: skip

    async def write(ctx: MutationCtx) -> None:
        for number in range(350):
            views = {"view_count": 9 if number in (0, 1, 2) else 0}
            hidden = {"is_published": number != 1, "deleted_at": 1.0 if number == 2 else None}
            what: Json = {"title": f"{number}", "slug": f"{number}", **columns, **views, **hidden}
            await ctx.db.insert(schema.News(type_="tool", published_at=float(number), **what))
            await ctx.db.insert(schema.Research(implication="", published_at=1.0, **what))

    await app.backend.run(write)
    for kind in ("news", "research"):
        shown = await app.admin.call("analytics:getContentPerformance", {"type": kind, "limit": 2})
        assert [item["title"] for item in shown["items"]] == ["0", "349"]


async def test_long_texts_do_not_break_the_ranking(app: Reimaji) -> None:
    """Items are read whole; an admin sees as many of the best as one query may read."""
    await app.publish_many(21, content="\U0001f600" * 200_000)
    shown = await app.admin.call("analytics:getContentPerformance", {"type": "news"})
    titles = [item["title"] for item in shown["items"]]
    assert len(titles) > 10
    assert titles == [f"Item {number}" for number in range(20, 20 - len(titles), -1)]


# ---------------------------------------------------------------- recounting


async def test_a_recount_finds_nothing_to_do(app: Reimaji) -> None:
    """When all has been counted as it happened."""
    user = await app.insert_user("pro-9")
    await app.system.call("analytics:recount")
    await be_active(app, user)
    await app.pass_time(days=1)
    await be_active(app, user)
    await app.draft()
    gone = await app.publish()
    await app.admin.call("news:remove", {"id": gone})
    left = {"clerkUserId": "free-1", "eventTimestamp": 1}
    await app.system.call("users:deleteFromClerk", left)
    await app.system.call("users:deleteFromClerk", {**left, "clerkUserId": "never-seen"})
    assert (await app.system.call("analytics:recount"))["fixed"] == []


async def test_a_recount_counts_what_happened_in_its_own_millisecond(app: Reimaji) -> None:
    """Rows of one millisecond differ by less; leaving them out made right numbers wrong."""
    await be_active(app, *[await app.insert_user(f"u{number}") for number in range(5)])
    await app.system.call("analytics:recount")
    assert (await app.system.call("analytics:recount"))["fixed"] == []
    assert (await stats(app, days=1))["activeUsers"] == 5
    await app.system.call("analytics:refreshActiveUsers")
    counters: list[Counter] = await app.rows(Counter)
    last_active = {row.name: row.value for row in counters if row.name.startswith(LAST_ACTIVE)}
    assert list(last_active.values()) == [5]


async def test_a_recount_puts_right_what_is_wrong(app: Reimaji) -> None:
    """Whatever was imported, lost or broken; twice changes nothing more."""
    user = await app.insert_user("ayu", created_at=app.backend.clock.now_ms())
    await app.draft()
    await pay(app, user, 99_000)
    await pay(app, user, 1_000, days_ago=2)
    await app.backend.insert(DailyActive(user_id=user, day="2026-01-01"))

    async def spoil(ctx: MutationCtx) -> None:
        for row in await ctx.db.query(Counter).collect():
            await ctx.db.patch(row.id, Counter.value.set(row.value + 7))
        for day in await ctx.db.query(DailyStats).collect():
            await ctx.db.delete(day.id)

    await app.backend.run(spoil)
    fixed = (await app.system.call("analytics:recount"))["fixed"]
    changes = {one["name"]: (one["from"], one["to"]) for one in fixed}
    assert changes["totalUsers"] == (10, 4)
    assert changes["totalNews"] == (8, 1)
    assert changes["newUsers:2026-01-01"] == (0, 4)
    assert changes["revenue:2026-01-01"] == (0, 99_000)
    assert changes["revenue:2025-12-30"] == (0, 1_000)
    assert changes["lastActive:2026-01-01"] == (0, 1)
    shown = await stats(app)
    assert (shown["totalUsers"], shown["totalNews"], shown["newUsers"]) == (4, 1, 4)
    assert (shown["totalRevenue"], shown["activeUsers"]) == (100_000, 1)
    assert (await app.system.call("analytics:recount"))["fixed"] == []


async def test_a_recount_among_sign_ups(app: Reimaji, monkeypatch: pytest.MonkeyPatch) -> None:
    """Page by page, while people come: nobody is lost and nobody counts twice."""
    monkeypatch.setattr(recounting, "RECOUNT_PAGE", 2)
    for number in range(5):
        await app.join(f"old-{number}")

    async def arrive() -> None:
        for number in range(10):
            await app.pass_time(seconds=1)
            await app.join(f"new-{number}")

    await app.pass_time(seconds=1)
    await asyncio.gather(app.system.call("analytics:recount"), arrive())
    assert (await stats(app))["totalUsers"] == 18
    assert (await app.system.call("analytics:recount"))["fixed"] == []


# ---------------------------------------------------------------- live


async def test_what_wakes_the_dashboard(app: Reimaji) -> None:
    """Row of 2.22: sign-ups and content push; views and likes do not even re-run it."""
    item = await app.publish()
    await app.free.call("news:toggleLike", {"id": item})
    async with app.admin.subscribe(analytics.get_dashboard_stats) as feed:
        first = await feed.next()
        await app.join("new-1")
        assert (await feed.next()).total_users == first.total_users + 1
        draft = await app.draft()
        assert (await feed.next()).total_news == first.total_news + 1
        await app.admin.call("news:remove", {"id": draft})
        assert (await feed.next()).total_news == first.total_news
        await app.backend.drain()
        pushes = feed.pushes
        writes: list[tuple[Harness, str, Json]] = [
            (app.visitor, "news:recordView", {"id": item, "viewerKey": "browser-1"}),
            (app.free, "news:toggleLike", {"id": item}),
            (app.system, "news:flushViews", {}),
            (app.admin, "news:update", {"id": item, "title": "Other"}),
        ]
        for caller, path, args in writes:
            before = app.backend.query_runs
            await caller.call(path, args)
            await app.backend.drain()
            assert app.backend.query_runs == before, path
        assert feed.pushes == pushes
