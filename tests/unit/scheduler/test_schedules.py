"""When cron jobs run, and how their schedules are written."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from reactor.errors import ScheduleRefused
from reactor.scheduler.schedules import (
    Every,
    Schedule,
    by_expression,
    daily,
    hourly,
    monthly,
    weekly,
    zone_of,
)

JAKARTA = ZoneInfo("Asia/Jakarta")


def ms(text: str) -> float:
    """A time of 2026 in UTC, in milliseconds since the epoch."""
    return datetime.fromisoformat(f"2026-{text}+00:00").timestamp() * 1000


@pytest.mark.parametrize(
    ("every", "source", "seconds"),
    [
        (timedelta(seconds=90), {"type": "interval", "seconds": 90}, 90),
        (timedelta(minutes=15), {"type": "interval", "minutes": 15}, 900),
        (timedelta(days=1), {"type": "interval", "hours": 24}, 86_400),
    ],
)
def test_intervals_are_written_as_npm_does(
    every: timedelta, source: dict[str, Any], seconds: int
) -> None:
    schedule = Every(every)
    assert schedule.source == source
    assert schedule.stored == {"type": "interval", "seconds": seconds}


def test_an_interval_runs_at_once_and_then_from_time_to_time() -> None:
    schedule = Every(timedelta(minutes=15))
    assert schedule.first_ms(1000.5, 30_000.0) == 1000.5
    assert schedule.after_ms(1000.5, 1000.5, 0.0) == 901_000.5
    assert schedule.after_ms(1000.5, 2000.0, 0.0) == 901_000.5, "a late run moves no later one"


def test_missed_intervals_are_skipped_and_the_rhythm_is_kept() -> None:
    schedule = Every(timedelta(minutes=15))
    hours_later = 1000.0 + 3 * 3_600_000 + 5
    assert schedule.after_ms(1000.0, hours_later, 0.0) == 1000.0 + 13 * 900_000
    assert schedule.after_ms(1000.0, 1000.0 + 900_000, 0.0) == 1000.0 + 2 * 900_000
    assert schedule.after_ms(5000.0, 1000.0, 0.0) == 905_000.0, "the machine's clock went back"


@pytest.mark.parametrize(
    "every", [timedelta(0), timedelta(seconds=-1), timedelta(milliseconds=1500), 60, None]
)
def test_what_is_no_interval(every: Any) -> None:
    with pytest.raises(ScheduleRefused):
        Every(every)


at = time(7, 30)
EVERY_KIND: list[tuple[Schedule, dict[str, Any], dict[str, Any], str]] = [
    (hourly(5), {"type": "hourly", "minuteUTC": 5}, {}, "01-01 00:05"),
    (daily(at), {"type": "daily", "hourUTC": 7, "minuteUTC": 30}, {}, "01-01 07:30"),
    (
        weekly("monday", at),
        {"type": "weekly", "dayOfWeek": "monday", "hourUTC": 7, "minuteUTC": 30},
        {"dayOfWeek": 1},
        "01-05 07:30",
    ),
    (
        weekly("sunday", at),
        {"type": "weekly", "dayOfWeek": "sunday", "hourUTC": 7, "minuteUTC": 30},
        {"dayOfWeek": 0},
        "01-04 07:30",
    ),
    (
        monthly(31, at),
        {"type": "monthly", "day": 31, "hourUTC": 7, "minuteUTC": 30},
        {},
        "01-31 07:30",
    ),
]


@pytest.mark.parametrize(("schedule", "source", "differs", "first"), EVERY_KIND)
def test_clock_schedules(
    schedule: Schedule, source: dict[str, Any], differs: dict[str, Any], first: str
) -> None:
    assert schedule.source == source
    assert schedule.stored == source | differs
    now = ms("01-01 00:00:00")
    assert schedule.first_ms(now, 0.0) == ms(f"{first}:00")
    assert schedule.after_ms(now, now, 0.0) == ms(f"{first}:00")


def test_short_months_have_no_31st() -> None:
    schedule = monthly(31, time(0))
    first = schedule.first_ms(ms("02-01 00:00:00"), 0.0)
    assert first == ms("03-31 00:00:00")
    assert schedule.after_ms(first, first, 0.0) == ms("05-31 00:00:00")


def test_missed_times_are_skipped() -> None:
    schedule = daily(time(7))
    late = schedule.after_ms(ms("01-01 07:00:00"), ms("01-05 09:00:00"), 0.0)
    assert late == ms("01-06 07:00:00")


def test_a_splay_is_added_to_every_time() -> None:
    schedule = daily(time(7))
    splay_ms = 42_000.0
    first = schedule.first_ms(ms("01-01 00:00:00"), splay_ms)
    assert first == ms("01-01 07:00:42")
    assert schedule.first_ms(ms("01-01 07:00:10"), splay_ms) == first, "not yet over"
    assert schedule.after_ms(first, first, splay_ms) == ms("01-02 07:00:42")


def test_expressions_and_their_zones() -> None:
    utc = by_expression("0 7 * * 1", "UTC")
    assert utc.source == {"type": "cron", "cron": "0 7 * * 1"}
    assert utc.stored == {"type": "cron", "cronExpr": "0 7 * * 1"}
    there = by_expression("0 7 * * 1", "Asia/Jakarta")
    assert there.source == {"type": "cron", "cron": "0 7 * * 1", "tz": "Asia/Jakarta"}
    assert there.first_ms(ms("01-01 00:00:00"), 0.0) == ms("01-05 00:00:00")
    with pytest.raises(ScheduleRefused):
        by_expression("0 7 * *", "UTC")


@pytest.mark.parametrize("zone", [None, UTC, ZoneInfo("UTC")])
def test_utc_by_any_name(zone: tzinfo | None) -> None:
    assert daily(time(7, tzinfo=zone)).source == {"type": "daily", "hourUTC": 7, "minuteUTC": 0}


def test_times_of_day_may_be_those_of_a_zone() -> None:
    schedule = daily(time(7, tzinfo=JAKARTA))
    assert schedule.source == {"type": "daily", "hourUTC": 7, "minuteUTC": 0, "tz": "Asia/Jakarta"}
    assert schedule.first_ms(ms("01-01 12:00:00"), 0.0) == ms("02-01 00:00:00") - 30 * 86_400_000


@pytest.mark.parametrize("name", ["Mars/Base", "../etc/passwd", "", "a\0b"])
def test_what_is_no_zone(name: str) -> None:
    with pytest.raises(ScheduleRefused, match="no time zone"):
        zone_of(name)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: hourly(60), "Minute of hour must be an integer from 0 to 59"),
        (lambda: hourly(True), "Minute of hour"),
        (lambda: monthly(0, at), "Day of month must be an integer from 1 to 31"),
        (lambda: monthly(32, at), "Day of month"),
        (lambda: weekly("Monday", at), 'Day of week must be a string like "monday"'),  # type: ignore[arg-type]
        (lambda: daily(time(7, 0, 1)), "has seconds"),
        (lambda: daily("07:00"), "a time of day is a time"),  # type: ignore[arg-type]
        (lambda: daily(time(7, tzinfo=timezone(timedelta(hours=7)))), "has no name"),
    ],
)
def test_what_is_no_schedule_says_why(make: Any, words: str) -> None:
    with pytest.raises(ScheduleRefused) as caught:
        make()
    assert words in str(caught.value)
