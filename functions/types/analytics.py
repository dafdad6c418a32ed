"""Numbers about the platform, as admins get them."""

from __future__ import annotations

from typing import Literal

from reactor import Id, Object, field
from schema import Course, News, Research


class DashboardStats(Object):
    """The platform at a glance; times in ms, revenue in whole rupiah."""

    total_users: int
    new_users: int
    active_users: int
    total_news: int
    total_research: int
    total_courses: int
    total_revenue: int
    window_start: float
    generated_at: float
    active_users_as_of: float


class DayStats(Object):
    """One day of the platform."""

    day: str
    new_users: int
    active_users: int
    paid_count: int
    revenue: int


class TimeSeries(Object):
    """Every day of a window, also those on which nothing happened."""

    days: list[DayStats]


class ContentItem(Object):
    """An item, and how well it does: its views, or its enrollments and completions."""

    id: Id[News] | Id[Research] | Id[Course] = field(wire="_id")
    title: str
    slug: str
    view_count: int | None = None
    enrollment_count: int | None = None
    completion_count: int | None = None


class ContentPerformance(Object):
    """The items that do best, the best first."""

    type_: Literal["news", "research", "courses"]
    items: list[ContentItem]


class Correction(Object):
    """A number that was wrong."""

    name: str
    from_: int
    to: int


class Recounted(Object):
    """What a recount has put right."""

    fixed: list[Correction]


class Numbers(Object):
    """What is kept of users at a moment, by name."""

    at: float
    newest: float
    numbers: dict[str, int]


class UserPage(Object):
    """What a page of users adds up to; the cursor is null after the last."""

    numbers: dict[str, int]
    cursor: str | None
