"""The dashboard of admins."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from functions import _recount as recounting
from functions import _statistics as statistics
from functions import validation
from functions._articles import A, ArticleKind
from functions.constants import COURSES_COMPARED, PERFORMANCE_BYTES, STATS_DAYS
from functions.news import NEWS
from functions.permissions import Caller, admin_query, require_admin
from functions.research import RESEARCH
from functions.types.analytics import (
    ContentItem,
    ContentPerformance,
    Correction,
    DashboardStats,
    DayStats,
    Numbers,
    Recounted,
    TimeSeries,
    UserPage,
)
from reactor import (
    ActionCtx,
    MutationCtx,
    PaginationOptions,
    QueryCtx,
    internal_action,
    internal_mutation,
    internal_query,
    query,
)
from schema import Course, News, Research


@query
async def get_dashboard_stats(
    ctx: QueryCtx, *, days: float = STATS_DAYS, clerk_user_id: str | None = None
) -> DashboardStats:
    """Totals of now, and sums over the last days, today included."""
    await require_admin(ctx, clerk_user_id)
    window = statistics.window_of(ctx, validation.stats_days(days))
    rows = await statistics.daily_stats(ctx, window)
    activity = sum(row.active_users for row in rows)
    active_users, as_of = await statistics.active_users(ctx, window, activity)
    return DashboardStats(
        total_users=await statistics.counter(ctx, "totalUsers"),
        new_users=sum(row.new_users for row in rows),
        active_users=active_users,
        total_news=await statistics.counter(ctx, NEWS.counter),
        total_research=await statistics.counter(ctx, RESEARCH.counter),
        total_courses=await statistics.counter(ctx, "totalCourses"),
        total_revenue=sum(row.revenue for row in rows),
        window_start=window.start,
        generated_at=ctx.now_ms(),
        active_users_as_of=as_of,
    )


@admin_query
async def get_time_series(ctx: QueryCtx, admin: Caller, *, days: float = STATS_DAYS) -> TimeSeries:
    """Every one of the last days."""
    window = statistics.window_of(ctx, validation.stats_days(days))
    known = {row.day: row for row in await statistics.daily_stats(ctx, window)}
    series: list[DayStats] = []
    for day in window.days:
        row = known.get(day)
        series.append(
            DayStats(
                day=day,
                new_users=row.new_users if row else 0,
                active_users=row.active_users if row else 0,
                paid_count=row.paid_count if row else 0,
                revenue=row.revenue if row else 0,
            )
        )
    return TimeSeries(days=series)


@admin_query
async def get_content_performance(
    ctx: QueryCtx,
    admin: Caller,
    *,
    type_: Literal["news", "research", "courses"],
    limit: float | None = None,
) -> ContentPerformance:
    """The listed items with most views or enrollments; of equals the latest first.

    Fewer than asked for when they are so long that a query may not read more of them.
    """
    number = validation.limit(limit)
    match type_:
        case "news":
            items = await _most_viewed(ctx, NEWS, number)
        case "research":
            items = await _most_viewed(ctx, RESEARCH, number)
        case "courses":
            courses = ctx.db.query(Course).with_index(
                Course.by_listed, Course.is_published.is_(True), Course.deleted_at.is_absent()
            )
            found = await courses.order("desc").take(COURSES_COMPARED)
            found.sort(key=lambda course: -course.enrollment_count)
            items = [_enrolled(course) for course in found[:number]]
    return ContentPerformance(type_=type_, items=items)


async def _most_viewed(ctx: QueryCtx, kind: ArticleKind[A], number: int) -> list[ContentItem]:
    table = kind.table
    by_views = ctx.db.query(table).with_index(
        table.by_views, table.is_published.is_(True), table.deleted_at.is_absent()
    )
    options = PaginationOptions(num_items=number, cursor=None, maximum_bytes_read=PERFORMANCE_BYTES)
    page = await by_views.order("desc").paginate(options)
    return [_viewed(item) for item in page.page]


def _viewed(item: News | Research) -> ContentItem:
    return ContentItem(id=item.id, title=item.title, slug=item.slug, view_count=item.view_count)


def _enrolled(course: Course) -> ContentItem:
    return ContentItem(
        id=course.id,
        title=course.title,
        slug=course.slug,
        enrollment_count=course.enrollment_count,
        completion_count=course.completion_count,
    )


@internal_mutation
async def refresh_active_users(ctx: MutationCtx) -> None:
    """Counts the distinct users of the windows that are kept ready."""
    await statistics.take_snapshots(ctx)


# ---------------------------------------------------------------- recounting


@internal_action
async def recount(ctx: ActionCtx) -> Recounted:
    """Counts everything anew, a page at a time, and puts right what is off."""
    kept = await ctx.run_query(kept_numbers)
    counted: Counter[str] = Counter()
    cursor: str | None = None
    while True:
        page = await ctx.run_query(count_users, at=kept.at, newest=kept.newest, cursor=cursor)
        counted.update(page.numbers)
        cursor = page.cursor
        if cursor is None:
            break
    fixed = await ctx.run_mutation(correct_totals, kept=kept.numbers, counted=dict(counted))
    for day in await ctx.run_query(days_to_correct):
        corrections = await ctx.run_mutation(correct_day, day=day)
        fixed.extend(corrections)
    return Recounted(fixed=fixed)


@internal_query
async def kept_numbers(ctx: QueryCtx) -> Numbers:
    """The numbers that follow from users, as they are kept."""
    return await recounting.numbers_now(ctx)


@internal_query
async def count_users(ctx: QueryCtx, *, at: float, newest: float, cursor: str | None) -> UserPage:
    """The same, counted from a page of users."""
    return await recounting.count_users(ctx, at, newest, cursor)


@internal_mutation
async def correct_totals(
    ctx: MutationCtx, *, kept: dict[str, int], counted: dict[str, int]
) -> list[Correction]:
    """Puts right what follows from users and content."""
    users = await recounting.correct_users(ctx, kept, counted)
    return users + await recounting.correct_content(ctx)


@internal_query
async def days_to_correct(ctx: QueryCtx) -> list[str]:
    """All days from the first to today."""
    return await recounting.days_with_something(ctx)


@internal_mutation
async def correct_day(ctx: MutationCtx, *, day: str) -> list[Correction]:
    """Puts right who was active and what was paid on a day."""
    return await recounting.correct_day(ctx, day)
