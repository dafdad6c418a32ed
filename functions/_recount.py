"""Counting everything anew: what the counters and the daily numbers should be.

Users are counted page by page while people go on using the platform. Only rows from before the
start are counted, as they were then, and the difference to the numbers of then is added to those of
now: what happened meanwhile is neither lost nor counted twice. Everything else is counted and set
within one mutation.
"""

from __future__ import annotations

from collections import Counter as Sums
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from functions import utils
from functions._bookkeeping import count, last_active_on
from functions._env import Env
from functions._statistics import counter
from functions.constants import DAY_MS, LAST_ACTIVE, RECOUNT_PAGE
from functions.types.analytics import Correction, Numbers, UserPage
from reactor import MutationCtx, PaginationOptions, QueryCtx
from schema import Counter, Course, DailyActive, DailyStats, News, Research, Transaction, User

NEW_USERS = "newUsers:"
"""Before a day: what `dailyStats.newUsers` of that day is called in a recount."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


# ---------------------------------------------------------------- users


async def numbers_now(ctx: QueryCtx) -> Numbers:
    """The numbers that follow from users, as they are kept."""
    last_active = ctx.db.query(Counter).with_index(
        Counter.by_name, Counter.name >= LAST_ACTIVE, Counter.name < LAST_ACTIVE + chr(0x10FFFF)
    )
    numbers = {row.name: row.value async for row in last_active}
    async for row in ctx.db.query(DailyStats).with_index(DailyStats.by_day):
        numbers[NEW_USERS + row.day] = row.new_users
    numbers["totalUsers"] = await counter(ctx, "totalUsers")
    return Numbers(at=ctx.now_ms(), newest=await _newest(ctx), numbers=numbers)


async def _newest(ctx: QueryCtx) -> float:
    """When the latest of the rows that are counted was made.

    The clock is too coarse to tell what was before: the rows of one mutation differ by less than a
    millisecond.
    """
    user = await ctx.db.query(User).order("desc").first()
    active = await ctx.db.query(DailyActive).order("desc").first()
    return max(row.creation_time if row else 0.0 for row in (user, active))


async def count_users(ctx: QueryCtx, at: float, newest: float, cursor: str | None) -> UserPage:
    """The same, counted from a page of users as they were at a moment.

    Args:
        ctx: the context of the call.
        at: the moment.
        newest: when the last row from before it was made.
        cursor: where the page begins.
    """
    page = await ctx.db.query(User).paginate(
        PaginationOptions(num_items=RECOUNT_PAGE, cursor=cursor)
    )
    offset = ctx.env(Env).reimaji_day_utc_offset_minutes
    sums: Sums[str] = Sums()
    for user in page.page:
        if user.creation_time > newest:
            continue
        sums["totalUsers"] += user.deleted_at is None or user.deleted_at > at
        if user.deleted_at != user.created_at:  # else Clerk deleted an account we never had
            sums[NEW_USERS + utils.day_key(user.created_at, offset)] += 1
        mine = ctx.db.query(DailyActive).with_index(
            DailyActive.by_user_day, DailyActive.user_id == user.id
        )
        known = mine.order("desc").filter(lambda row: row.creation_time <= newest)
        last = await known.first()
        if last is not None:
            sums[last_active_on(last.day)] += 1
    return UserPage(numbers=dict(sums), cursor=None if page.is_done else page.continue_cursor)


async def correct_users(
    ctx: MutationCtx, kept: Mapping[str, int], counted: Mapping[str, int]
) -> list[Correction]:
    """Adds what was missing then to what the numbers are now."""
    fixed: list[Correction] = []
    for name in sorted({*kept, *counted}):
        old, new = kept.get(name, 0), counted.get(name, 0)
        if old == new:
            continue
        if name.startswith(NEW_USERS):
            stats = await _stats_of(ctx, name.removeprefix(NEW_USERS))
            change = DailyStats.new_users.set(stats.new_users + new - old)
            await ctx.db.patch(stats.id, change)
        else:
            await count(ctx, name, new - old)
        fixed.append(Correction(name=name, from_=old, to=new))
    return fixed


# ---------------------------------------------------------------- content


async def correct_content(ctx: MutationCtx) -> list[Correction]:
    """Sets the counters of items that are not deleted."""
    db = ctx.db
    news = db.query(News).with_index(News.by_deleted_at_updated_at, News.deleted_at.is_absent())
    research = db.query(Research).with_index(
        Research.by_deleted_at_updated_at, Research.deleted_at.is_absent()
    )
    courses = db.query(Course).with_index(
        Course.by_deleted_at_updated_at, Course.deleted_at.is_absent()
    )
    found = {
        "totalNews": await news.count(),
        "totalResearch": await research.count(),
        "totalCourses": await courses.count(),
    }
    kept = {name: await counter(ctx, name) for name in found}
    for name, value in found.items():
        if value != kept[name]:
            await count(ctx, name, value - kept[name])
    return _differences(kept, found)


# ---------------------------------------------------------------- days


async def days_with_something(ctx: QueryCtx) -> list[str]:
    """The days on which anything was counted, or should have been; an index read for each."""
    db, offset = ctx.db, ctx.env(Env).reimaji_day_utc_offset_minutes
    days = {row.day async for row in db.query(DailyStats).with_index(DailyStats.by_day)}
    active = await db.query(DailyActive).with_index(DailyActive.by_day).first()
    while active is not None:
        days.add(active.day)
        later = DailyActive.day > active.day
        active = await db.query(DailyActive).with_index(DailyActive.by_day, later).first()
    paid = await _first_paid(ctx, 0)
    while paid is not None:
        days.add(utils.day_key(paid, offset))
        paid = await _first_paid(ctx, utils.start_of_day(paid, offset) + DAY_MS)
    return sorted(days)


async def _first_paid(ctx: QueryCtx, since: float) -> float | None:
    payments = ctx.db.query(Transaction).with_index(
        Transaction.by_status_paid_at,
        Transaction.status == "PAID",
        Transaction.paid_at >= since,
    )
    payment = await payments.first()
    return None if payment is None else payment.paid_at


async def correct_day(ctx: MutationCtx, day: str) -> list[Correction]:
    """Sets who was active and what was paid on a day."""
    offset = ctx.env(Env).reimaji_day_utc_offset_minutes
    midnight = datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(minutes=offset)
    start = (midnight - _EPOCH) / timedelta(milliseconds=1)
    active = ctx.db.query(DailyActive).with_index(DailyActive.by_day, DailyActive.day == day)
    payments = ctx.db.query(Transaction).with_index(
        Transaction.by_status_paid_at,
        Transaction.status == "PAID",
        Transaction.paid_at >= start,
        Transaction.paid_at < start + DAY_MS,
    )
    amounts = [payment.amount async for payment in payments if payment.currency == "IDR"]
    found = {
        f"activeUsers:{day}": await active.count(),
        f"paidCount:{day}": len(amounts),
        f"revenue:{day}": sum(amounts),
    }
    stats = await _find_stats(ctx, day)
    old = (stats.active_users, stats.paid_count, stats.revenue) if stats else (0, 0, 0)
    kept = dict(zip(found, old, strict=True))
    fixed = _differences(kept, found)
    if fixed:
        active_users, paid_count, revenue = found.values()
        await ctx.db.patch(
            (stats or await _stats_of(ctx, day)).id,
            DailyStats.active_users.set(active_users),
            DailyStats.paid_count.set(paid_count),
            DailyStats.revenue.set(revenue),
        )
    return fixed


def _differences(kept: Mapping[str, int], found: Mapping[str, int]) -> list[Correction]:
    return [
        Correction(name=name, from_=kept[name], to=value)
        for name, value in found.items()
        if value != kept[name]
    ]


async def _find_stats(ctx: QueryCtx, day: str) -> DailyStats | None:
    match = DailyStats.day == day
    return await ctx.db.query(DailyStats).with_index(DailyStats.by_day, match).unique()


async def _stats_of(ctx: MutationCtx, day: str) -> DailyStats:
    known = await _find_stats(ctx, day)
    return known or await ctx.db.require(await ctx.db.insert(DailyStats(day=day)))
