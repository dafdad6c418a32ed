"""Cron expressions: Convex's grammar, impossible days, daylight saving."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

import pytest

from reactor.errors import ScheduleRefused
from reactor.scheduler.expression import Expression

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)  # a Thursday


def times(text: str, count: int = 3, start: datetime = NEW_YEAR, zone: tzinfo = UTC) -> list[str]:
    """The next times in the zone's own words."""
    expression = Expression(text)
    found: list[str] = []
    when: datetime | None = start
    for _ in range(count):
        assert when is not None
        when = expression.after(when, zone)
        assert when is not None
        assert when.tzinfo is UTC
        found.append(when.astimezone(zone).strftime("%m-%d %H:%M"))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("* * * * *", ["01-01 00:01", "01-01 00:02", "01-01 00:03"]),
        ("*/20 * * * *", ["01-01 00:20", "01-01 00:40", "01-01 01:00"]),
        ("50/5 3 * * *", ["01-01 03:50", "01-01 03:55", "01-02 03:50"]),
        ("5-5/10 * * * *", ["01-01 00:05", "01-01 01:05", "01-01 02:05"]),
        ("0 9-17/4 * * *", ["01-01 09:00", "01-01 13:00", "01-01 17:00"]),
        ("15,45 0 * * *", ["01-01 00:15", "01-01 00:45", "01-02 00:15"]),
        ("0 17 * * *", ["01-01 17:00", "01-02 17:00", "01-03 17:00"]),
        ("0 7 * * 1", ["01-05 07:00", "01-12 07:00", "01-19 07:00"]),
        ("0 7 * * 0", ["01-04 07:00", "01-11 07:00", "01-18 07:00"]),
        ("0 7 * * mon-fri", ["01-01 07:00", "01-02 07:00", "01-05 07:00"]),
        ("0 0 31 * *", ["01-31 00:00", "03-31 00:00", "05-31 00:00"]),
        ("0 0 29 2 *", ["02-29 00:00", "02-29 00:00", "02-29 00:00"]),
        ("0 0 1 jan,JUL *", ["07-01 00:00", "01-01 00:00", "07-01 00:00"]),
        ("0 0 L * *", ["01-31 00:00", "02-28 00:00", "03-31 00:00"]),
        ("0 0 L-3 * *", ["01-28 00:00", "02-25 00:00", "03-28 00:00"]),
        ("0 0 LW * *", ["01-30 00:00", "02-27 00:00", "03-31 00:00"]),
        ("0 0 15W * *", ["01-15 00:00", "02-16 00:00", "03-16 00:00"]),
        ("0 0 1W * *", ["02-02 00:00", "03-02 00:00", "04-01 00:00"]),  # 1 February is a Sunday
        ("0 0 31W * *", ["01-30 00:00", "03-31 00:00", "05-29 00:00"]),
        ("0 0 * * 5L", ["01-30 00:00", "02-27 00:00", "03-27 00:00"]),
        ("0 0 * * FRI#2", ["01-09 00:00", "02-13 00:00", "03-13 00:00"]),
        ("0 0 * * MON#5", ["03-30 00:00", "06-29 00:00", "08-31 00:00"]),
        ("0 0 13 * 5", ["01-02 00:00", "01-09 00:00", "01-13 00:00"]),  # either
        ("0 0 */10 * 1", ["01-05 00:00", "01-11 00:00", "01-12 00:00"]),  # still either
        ("0 0 13 * *", ["01-13 00:00", "02-13 00:00", "03-13 00:00"]),
        ("  0   0 13 *  * ", ["01-13 00:00", "02-13 00:00", "03-13 00:00"]),
    ],
)
def test_what_expressions_mean(text: str, expected: list[str]) -> None:
    assert times(text) == expected


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "five fields"),
        ("* * * *", "five fields"),
        ("0 * * * * *", "five fields"),
        ("@daily", "@daily are not known"),
        ("60 * * * *", "'60' is no minute"),
        ("-1 * * * *", "'-1' is no minute"),
        ("1.5 * * * *", "'1.5' is no minute"),
        ("* 24 * * *", "'24' is no hour"),
        ("* * 0 * *", "'0' is no day of month"),
        ("* * 32 * *", "'32' is no day of month"),
        ("* * * 13 *", "'13' is no month"),
        ("* * * FEBRUARY *", "JAN to DEC"),
        ("0 0 * * 7", "Sunday is 0"),
        ("0 0 * * 5-7", "Sunday is 0"),
        ("*/0 * * * *", "step of 0"),
        ("5-1 * * * *", "ends before it starts"),
        ("0 22-4 * * *", "ends before it starts"),
        ("1,,2 * * * *", "'' is no minute"),
        ("1- * * * *", "'1-' is no minute"),
        ("1/2/3 * * * *", "'1/2/3' is no minute"),
        ("*-5 * * * *", "'*-5' is no minute"),
        ("? * * * *", "'?' is no minute"),
        ("0 0 L-0 * *", "L-n"),
        ("0 0 L-31 * *", "L-n"),
        ("0 0 L-² * *", "L-n"),
        ("0 0 32W * *", "'32W'"),
        ("0 0 W * *", "'W'"),
        ("0 0 * * L", "'L' is no day of week"),
        ("0 0 * * 7L", "Sunday is 0"),
        ("0 0 * * 1#6", "n from 1 to 5"),
        ("0 0 * * 1#0", "n from 1 to 5"),
        ("٣ * * * *", "no minute"),
        ("0 0 30 2 *", "never comes"),
        ("0 0 31 4,6,9,11 *", "never comes"),
        ("0 0 31W 2 *", "never comes"),
        (f"{'1,' * 300}1 * * * *", "at most 500 characters"),
    ],
)
def test_what_is_no_expression_says_why(text: str, words: str) -> None:
    """A job that never runs is worse than a start that fails."""
    with pytest.raises(ScheduleRefused) as caught:
        Expression(text)
    assert words in str(caught.value)


def test_a_time_is_strictly_after_the_last() -> None:
    at = datetime(2026, 1, 1, 7, tzinfo=UTC)
    assert times("0 7 * * *", 1, at) == ["01-02 07:00"]
    assert times("0 7 * * *", 1, at.replace(microsecond=1)) == ["01-02 07:00"]
    assert times("0 7 * * *", 1, datetime(2026, 1, 1, 6, 59, 59, 999999, UTC)) == ["01-01 07:00"]


def test_zones_have_clocks_of_their_own() -> None:
    jakarta = ZoneInfo("Asia/Jakarta")
    found = Expression("0 7 * * *").after(NEW_YEAR, jakarta)
    assert found == datetime(2026, 1, 2, tzinfo=UTC)  # 00:00 UTC is 07:00 there


def test_a_time_that_clocks_skip_comes_when_they_are_set() -> None:
    """On the last Sunday of March, 02:30 does not exist in Berlin; the job is not lost."""
    start = datetime(2026, 3, 28, 12, tzinfo=UTC)
    assert times("30 2 * * *", 3, start, BERLIN) == ["03-29 03:00", "03-30 02:30", "03-31 02:30"]


def test_a_time_that_comes_twice_is_taken_once() -> None:
    """On the last Sunday of October, 02:30 comes twice in Berlin; a bill is sent once."""
    start = datetime(2026, 10, 24, 12, tzinfo=UTC)
    expected = ["10-25 02:30", "10-26 02:30", "10-27 02:30"]
    assert times("30 2 * * *", 3, start, BERLIN) == expected
    second_round = datetime(2026, 10, 25, 1, 15, tzinfo=UTC)  # 02:15 again
    assert times("30 2 * * *", 1, second_round, BERLIN) == ["10-26 02:30"]


def test_every_half_hour_means_every_half_hour_all_the_same() -> None:
    start = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)
    expected = ["10-25 02:30", "10-25 02:00", "10-25 02:30", "10-25 03:00"]
    assert times("*/30 * * * *", 4, start, BERLIN) == expected


def test_days_can_be_asked_for() -> None:
    assert Expression("0 0 13 * 5").fits(date(2026, 1, 13))
    assert Expression("0 0 13 * 5").fits(date(2026, 1, 2))
    assert not Expression("0 0 13 * 5").fits(date(2026, 1, 3))
