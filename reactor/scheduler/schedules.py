"""When a cron job runs: every so often, or when a clock in some zone shows a time.

A schedule has two written forms: `source`, as npm's client writes it into a deployment, and
`stored`, as system tables and the dashboard hold it.

Source: protocol.md 5.10.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any, Final, Literal, Protocol, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from reactor.errors import ScheduleRefused
from reactor.scheduler.expression import Expression

Weekday = Literal["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]
WEEKDAYS: Final[tuple[str, ...]] = get_args(Weekday)

Json = dict[str, Any]
"""A schedule as JSON; whole numbers are ints here, and int64 where they are stored."""


class Schedule(Protocol):
    """When a job runs."""

    @property
    def source(self) -> Json:
        """As npm's client writes it."""
        ...

    @property
    def stored(self) -> Json:
        """As system tables hold it; two schedules are the same when these are."""
        ...

    def first_ms(self, now_ms: float, splay_ms: float) -> float:
        """The first run of a new job, in milliseconds since the epoch."""
        ...

    def after_ms(self, run_ms: float, now_ms: float, splay_ms: float) -> float:
        """The first run after one and after now; what was missed meanwhile is skipped.

        Args:
            run_ms: when the last run was due.
            now_ms: the time.
            splay_ms: how much later than the clock says this job runs.
        """
        ...


class Every:
    """Every so many seconds, counted from the first run.

    Args:
        every: whole seconds, at least one.

    Raises:
        ScheduleRefused: it is not.
    """

    def __init__(self, every: timedelta) -> None:
        _check_type(every, timedelta, "an interval", "timedelta(minutes=5)")
        if every <= timedelta(0) or every % timedelta(seconds=1):
            raise ScheduleRefused(
                f"Interval must be an integer greater than 0 of seconds, not {every}"
            )
        self.seconds = every // timedelta(seconds=1)

    @property
    def source(self) -> Json:
        """In the largest unit that divides it."""
        for unit, seconds in (("hours", 3600), ("minutes", 60)):
            if self.seconds % seconds == 0:
                return {"type": "interval", unit: self.seconds // seconds}
        return {"type": "interval", "seconds": self.seconds}

    @property
    def stored(self) -> Json:
        """In seconds."""
        return {"type": "interval", "seconds": self.seconds}

    def first_ms(self, now_ms: float, splay_ms: float) -> float:
        """At once."""
        return now_ms

    def after_ms(self, run_ms: float, now_ms: float, splay_ms: float) -> float:
        """So many intervals after the last run that the time lies ahead."""
        every_ms = self.seconds * 1000.0
        missed = max(0.0, (now_ms - run_ms) // every_ms)
        return run_ms + (missed + 1.0) * every_ms


class Clock:
    """Whenever a clock shows what an expression says.

    Args:
        expression: the times.
        zone: whose clock.
        source: the schedule as npm's client writes it.
        stored: the same as system tables hold it.

    Raises:
        ScheduleRefused: the expression is none, or never comes.
    """

    def __init__(self, expression: str, zone: tzinfo, source: Json, stored: Json) -> None:
        self.source = source
        self.stored = stored
        self._times = Expression(expression)
        self._zone = zone

    def first_ms(self, now_ms: float, splay_ms: float) -> float:
        """The next time that the clock shows it."""
        return self.after_ms(now_ms, now_ms, splay_ms)

    def after_ms(self, run_ms: float, now_ms: float, splay_ms: float) -> float:
        """The next time after the last run and after now."""
        after = _EPOCH + timedelta(milliseconds=max(run_ms, now_ms) - splay_ms)
        found = self._times.after(after, self._zone)
        assert found is not None, "an expression that never comes was refused"
        return (found - _EPOCH) / timedelta(milliseconds=1) + splay_ms


def hourly(minute: int) -> Clock:
    """Once an hour.

    Raises:
        ScheduleRefused: that is no minute.
    """
    _check_whole(minute, 0, 59, "Minute of hour")
    fields: Json = {"type": "hourly", "minuteUTC": minute}
    return Clock(f"{minute} * * * *", UTC, fields, fields)


def daily(at: time) -> Clock:
    """Once a day.

    Raises:
        ScheduleRefused: the time has seconds, or a zone that is none.
    """
    zone, fields = _time_fields(at)
    form = {"type": "daily", **fields}
    return Clock(f"{at.minute} {at.hour} * * *", zone, form, form)


def weekly(day: Weekday, at: time) -> Clock:
    """Once a week.

    Raises:
        ScheduleRefused: there is no such day, the time has seconds, or a zone that is none.
    """
    if day not in WEEKDAYS:
        raise ScheduleRefused(f'Day of week must be a string like "monday", not {day!r}')
    zone, fields = _time_fields(at)
    number = WEEKDAYS.index(day)
    source: Json = {"type": "weekly", "dayOfWeek": day, **fields}
    return Clock(
        f"{at.minute} {at.hour} * * {number}", zone, source, {**source, "dayOfWeek": number}
    )


def monthly(day: int, at: time) -> Clock:
    """Once a month; months that have no such day are skipped.

    Raises:
        ScheduleRefused: there is no such day, the time has seconds, or a zone that is none.
    """
    _check_whole(day, 1, 31, "Day of month")
    zone, fields = _time_fields(at)
    form: Json = {"type": "monthly", "day": day, **fields}
    return Clock(f"{at.minute} {at.hour} {day} * *", zone, form, form)


def by_expression(expression: str, zone: str) -> Clock:
    """By a cron expression.

    Args:
        expression: five fields.
        zone: an IANA name.

    Raises:
        ScheduleRefused: the expression is none, or there is no such zone.
    """
    named = _zone_fields(zone)
    return Clock(
        expression,
        zone_of(zone),
        {"type": "cron", "cron": expression, **named},
        {"type": "cron", "cronExpr": expression, **named},
    )


def zone_of(name: str) -> tzinfo:
    """The time zone of a name.

    Raises:
        ScheduleRefused: there is none.
    """
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ScheduleRefused(
            f"there is no time zone {name!r}; write an IANA name such as 'Asia/Jakarta'"
        ) from None


def _zone_fields(name: str) -> Json:
    return {} if name == "UTC" else {"tz": name}


def _time_fields(at: time) -> tuple[tzinfo, Json]:
    _check_type(at, time, "a time of day", "time(7, 30)")
    if at.second or at.microsecond:
        raise ScheduleRefused(f"cron jobs run on whole minutes; {at} has seconds")
    fields: Json = {"hourUTC": at.hour, "minuteUTC": at.minute}
    if at.tzinfo is None or at.tzinfo is UTC:
        return UTC, fields
    name = getattr(at.tzinfo, "key", None)
    if name is None:
        raise ScheduleRefused(
            f"the time zone of {at} has no name; write time(7, tzinfo=ZoneInfo('Asia/Jakarta'))"
        )
    return zone_of(name), fields | _zone_fields(name)


def _check_type(value: object, wanted: type, what: str, example: str) -> None:
    if not isinstance(value, wanted):
        raise ScheduleRefused(f"{what} is a {wanted.__name__}, such as {example}, not {value!r}")


def _check_whole(value: object, low: int, high: int, what: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ScheduleRefused(f"{what} must be an integer from {low} to {high}, not {value!r}")


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
