"""Cron expressions in Convex's grammar: five fields, minutes to days of the week.

cronsim steps through time and knows daylight saving; the days are matched here, since Convex's
grammar has more of them (`L-3`, `15W`) and counts the week from 0 to 6 only.

    field          values             besides
    minute         0 to 59            *  a  a-b  */n  a/n  a-b/n, and lists of them
    hour           0 to 23            the same
    day of month   1 to 31            L (the last)  L-n  LW (the last weekday)  nW
    month          1 to 12, JAN-DEC
    day of week    0 to 6, SUN-SAT    dL (the last such day)  d#n (the n-th, 1 to 5)

A day fits when both of its fields do, or, when neither is `*`, when either does.

Source: protocol.md 5.10.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Final

from cronsim import CronSim

from reactor.errors import ScheduleRefused

DayTest = Callable[[date], bool]

_MONTHS: Final = (
    "JAN",
    "FEB",
    "MAR",
    "APR",
    "MAY",
    "JUN",
    "JUL",
    "AUG",
    "SEP",
    "OCT",
    "NOV",
    "DEC",
)
_WEEKDAYS: Final = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
_STEPS: Final = re.compile(r"(?P<range>[^/]+)(/(?P<step>[0-9]{1,3}))?")
_CHARS_MAX: Final = 500
"""Characters of an expression; the longest sensible list is about 200."""


@dataclass(frozen=True, slots=True)
class _Field:
    """One of the five: its name, its numbers, and words for them."""

    name: str
    low: int
    high: int
    words: tuple[str, ...] = ()

    def refused(self, item: str, why: str) -> ScheduleRefused:
        return ScheduleRefused(f"{item!r} is no {self.name} of a cron expression: {why}")

    def number(self, text: str, item: str) -> int:
        """A number or a word of this field."""
        if text in self.words:
            return self.words.index(text) + self.low
        if not (text.isascii() and text.isdigit()):
            known = f", or {self.words[0]} to {self.words[-1]}" if self.words else ""
            raise self.refused(item, f"write a number from {self.low} to {self.high}{known}")
        value = int(text)
        if not self.low <= value <= self.high:
            hint = "; Sunday is 0" if self is _WEEKDAY and value == 7 else ""
            raise self.refused(item, f"{value} is not from {self.low} to {self.high}{hint}")
        return value

    def values(self, item: str) -> set[int]:
        """The numbers that `*`, `a`, `a-b` and their steps stand for."""
        parts = _STEPS.fullmatch(item)
        if parts is None:
            raise self.refused(item, "write it as *, a, a-b, */n, a/n or a-b/n")
        first, dash, last = parts["range"].partition("-")
        step = None if parts["step"] is None else int(parts["step"])
        if step == 0:
            raise self.refused(item, "a step of 0 goes nowhere")
        if first == "*" and not dash:
            low, high = self.low, self.high
        else:
            low = self.number(first, item)
            high = self.number(last, item) if dash else (low if step is None else self.high)
        if high < low:
            raise self.refused(item, "the range ends before it starts; write two, with a comma")
        return set(range(low, high + 1, step or 1))


_MINUTE: Final = _Field("minute", 0, 59)
_HOUR: Final = _Field("hour", 0, 23)
_DAY: Final = _Field("day of month", 1, 31)
_MONTH: Final = _Field("month", 1, 12, _MONTHS)
_WEEKDAY: Final = _Field("day of week", 0, 6, _WEEKDAYS)


class Expression:
    """A cron expression: when something happens again and again.

    Args:
        text: five fields, as in `0 7 * * MON-FRI`.

    Raises:
        ScheduleRefused: it is none; the field that is wrong is named.
    """

    def __init__(self, text: str) -> None:
        if len(text) > _CHARS_MAX:
            raise ScheduleRefused(f"a cron expression has at most {_CHARS_MAX} characters")
        fields = text.upper().split()
        if len(fields) != 5:
            hint = "; names such as @daily are not known" if text.startswith("@") else ""
            raise ScheduleRefused(
                f"{text!r} is no cron expression: it has five fields, minute, hour, day of month, "
                f"month and day of week, not {len(fields)}{hint}"
            )
        self.text = text
        minute, hour, day, month, weekday = fields
        clock = (_MINUTE, minute), (_HOUR, hour), (_DAY, "*"), (_MONTH, month), (_WEEKDAY, "*")
        self._clock = " ".join(_listed(field, given) for field, given in clock)
        self._days = [_day_test(item) for item in day.split(",")]
        self._weekdays = [_weekday_test(item) for item in weekday.split(",")]
        self._is_either = day != "*" and weekday != "*"
        if self.after(_SOME_DAY, UTC) is None:
            raise ScheduleRefused(f"{text!r} never comes: no year has such a day")

    def after(self, when: datetime, zone: tzinfo) -> datetime | None:
        """The first time after another; None when none comes within fifty years.

        Where clocks are set forward, a time that is skipped comes when they are; where they are set
        back, a fixed time comes once, and `*` as often as the clock shows it.

        Args:
            when: an aware time.
            zone: whose clock the expression reads.
        """
        steps = _Steps(self._clock, self.fits, when.astimezone(zone))
        for found in steps:
            # A fixed time in the hour that comes twice may be found in its first round again.
            if found.astimezone(UTC) > when.astimezone(UTC):
                return found.astimezone(UTC)
        return None

    def fits(self, day: date) -> bool:
        """Whether something may happen on this day."""
        on_day = any(test(day) for test in self._days)
        on_weekday = any(test(day) for test in self._weekdays)
        return on_day or on_weekday if self._is_either else on_day and on_weekday


class _Steps(CronSim):
    """cronsim with other days: it steps through hours and months, and asks here about days."""

    def __init__(self, expression: str, fits: DayTest, when: datetime) -> None:
        self._fits = fits
        super().__init__(expression, when)

    def match_day(self, d: date) -> bool:
        """Whether a day fits; the expression's own day fields are stars."""
        return self._fits(d)


def _listed(field: _Field, given: str) -> str:
    """A field for cronsim: every number by itself, except where a star says "each that comes"."""
    values = {value for item in given.split(",") for value in field.values(item)}
    return given if given.startswith("*") else ",".join(map(str, sorted(values)))


def _day_test(item: str) -> DayTest:
    if item == "L":
        return lambda day: day.day == _last(day)
    if item == "LW":
        return lambda day: day.day == _nearest_weekday(day, _last(day))
    if item.startswith("L-"):
        before = item[2:]
        if not (before.isascii() and before.isdigit()) or not 1 <= int(before) <= 30:
            raise _DAY.refused(item, "L-n is the n-th day before the last, with n from 1 to 30")
        return lambda day: day.day == _last(day) - int(before)
    if item.endswith("W"):
        wanted = _DAY.number(item[:-1], item)
        return lambda day: wanted <= _last(day) and day.day == _nearest_weekday(day, wanted)
    values = _DAY.values(item)
    return lambda day: day.day in values


def _weekday_test(item: str) -> DayTest:
    name, mark, nth = item.partition("#")
    if mark:
        weekday = _WEEKDAY.number(name, item)
        if nth not in ("1", "2", "3", "4", "5"):
            raise _WEEKDAY.refused(item, "d#n is the n-th such day, with n from 1 to 5")
        return lambda day: _weekday(day) == weekday and (day.day + 6) // 7 == int(nth)
    if item.endswith("L"):
        last = _WEEKDAY.number(item[:-1], item)
        return lambda day: _weekday(day) == last and day.day + 7 > _last(day)
    values = _WEEKDAY.values(item)
    return lambda day: _weekday(day) in values


def _last(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _weekday(day: date) -> int:
    return day.isoweekday() % 7


def _nearest_weekday(month: date, wanted: int) -> int:
    """The day from Monday to Friday that is nearest to another, within its month."""
    weekday = _weekday(month.replace(day=wanted))
    if weekday == 6:
        return wanted - 1 if wanted > 1 else wanted + 2
    if weekday == 0:
        return wanted + 1 if wanted < _last(month) else wanted - 2
    return wanted


_SOME_DAY: Final = datetime(2024, 1, 1, tzinfo=UTC)
"""Where the search for a first match starts; any day would do."""
