"""Cron expressions against a walk through every minute."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reactor.errors import ScheduleRefused
from reactor.scheduler.expression import Expression

MINUTE = timedelta(minutes=1)


def last_of(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def working_day(day: date, wanted: int) -> int:
    """The nearest Monday to Friday within the month, found by looking at every day of it."""
    days = range(1, last_of(day) + 1)
    open_days = [n for n in days if day.replace(day=n).isoweekday() <= 5]
    return min(open_days, key=lambda n: abs(n - wanted))


def item_fits(item: str, value: int, low: int, high: int) -> bool:
    """Whether a plain item of a list takes a value."""
    span, _, step = item.partition("/")
    if span == "*":
        first, last = low, high
    else:
        start, dash, end = span.partition("-")
        first = int(start)
        last = int(end) if dash else (high if step else first)
    return first <= value <= last and (value - first) % int(step or 1) == 0


def day_fits(item: str, day: date) -> bool:
    """Whether an item of the days of the month takes a day."""
    last = last_of(day)
    if item == "L":
        return day.day == last
    if item == "LW":
        return day.day == working_day(day, last)
    if item.startswith("L-"):
        return day.day == last - int(item[2:])
    if item.endswith("W"):
        wanted = int(item[:-1])
        return wanted <= last and day.day == working_day(day, wanted)
    return item_fits(item, day.day, 1, 31)


def weekday_fits(item: str, day: date) -> bool:
    """Whether an item of the days of the week takes a day."""
    number = day.isoweekday() % 7
    if item.endswith("L"):
        return number == int(item[:-1]) and (day + timedelta(days=7)).month != day.month
    name, mark, nth = item.partition("#")
    if mark:
        same = [n for n in range(1, day.day + 1) if day.replace(day=n).isoweekday() % 7 == number]
        return number == int(name) and len(same) == int(nth)
    return item_fits(item, number, 0, 6)


def brute_fits(text: str, at: datetime) -> bool:
    """The meaning of an expression, word for word."""
    minute, hour, day, month, weekday = text.split()
    if not any(item_fits(item, at.minute, 0, 59) for item in minute.split(",")):
        return False
    if not any(item_fits(item, at.hour, 0, 23) for item in hour.split(",")):
        return False
    if not any(item_fits(item, at.month, 1, 12) for item in month.split(",")):
        return False
    on_day = any(day_fits(item, at.date()) for item in day.split(","))
    on_weekday = any(weekday_fits(item, at.date()) for item in weekday.split(","))
    if day != "*" and weekday != "*":
        return on_day or on_weekday
    return on_day and on_weekday


def brute_next(text: str, after: datetime, days: int) -> datetime | None:
    """The next time within so many days; whole days that cannot fit are stepped over."""
    at = after.replace(second=0, microsecond=0) + MINUTE
    end = after + timedelta(days=days)
    _, _, day, month, weekday = text.split()
    midnight = f"* * {day} {month} {weekday}"
    while at < end:
        if not brute_fits(midnight, at):
            at = at.replace(hour=0, minute=0) + timedelta(days=1)
        elif brute_fits(text, at):
            return at
        else:
            at += MINUTE
    return None


def plain(low: int, high: int) -> st.SearchStrategy[str]:
    number = st.integers(low, high)
    span = st.tuples(number, number).map(sorted).map(lambda pair: f"{pair[0]}-{pair[1]}")
    step = st.integers(1, high + 3)
    return st.one_of(
        st.just("*"),
        number.map(str),
        span,
        step.map(lambda n: f"*/{n}"),
        st.tuples(number, step).map(lambda pair: f"{pair[0]}/{pair[1]}"),
        st.tuples(span, step).map(lambda pair: f"{pair[0]}/{pair[1]}"),
    )


def lists(item: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(item, st.lists(item, min_size=1, max_size=3).map(",".join))


days = st.one_of(
    plain(1, 31),
    st.sampled_from(["L", "LW"]),
    st.integers(1, 30).map(lambda n: f"L-{n}"),
    st.integers(1, 31).map(lambda n: f"{n}W"),
)
weekdays = st.one_of(
    plain(0, 6),
    st.integers(0, 6).map(lambda n: f"{n}L"),
    st.tuples(st.integers(0, 6), st.integers(1, 5)).map(lambda pair: f"{pair[0]}#{pair[1]}"),
)
expressions = st.tuples(
    lists(plain(0, 59)), lists(plain(0, 23)), lists(days), lists(plain(1, 12)), lists(weekdays)
).map(" ".join)
seconds = st.integers(0, 20 * 365 * 86_400)
starts = seconds.map(lambda n: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=n))


@given(expressions, starts)
def test_the_next_time_is_the_first_that_fits(text: str, start: datetime) -> None:
    """Nothing is skipped, and nothing comes too early."""
    days = 366 * 9
    try:
        expression = Expression(text)
    except ScheduleRefused:
        assert brute_next(text, datetime(2024, 1, 1, tzinfo=UTC), days) is None
        return
    expected = brute_next(text, start, days)
    found = expression.after(start, UTC)
    assert found is not None
    if expected is None:
        assert found >= start + timedelta(days=days)
    else:
        assert found == expected
