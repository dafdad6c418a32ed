"""The arithmetic of rates."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reactor.contrib.rate_limiter.rate import Level, Rate, level_at, wait_ms
from reactor.errors import ProjectError

SECOND = timedelta(seconds=1)
WINDOW = Rate.fixed_window(2, SECOND)
BUCKET = Rate.token_bucket(10, SECOND, burst=20)


def test_a_rate_that_was_never_used_is_full() -> None:
    assert level_at(WINDOW, None, 500.0) == Level(2.0, 500.0)
    assert level_at(BUCKET, None, 500.0) == Level(20.0, 500.0)


def test_a_window_opens_with_its_first_use() -> None:
    """Not on the hour: else everybody would come back in the same moment."""
    used = Level(0.0, 500.0)
    assert level_at(WINDOW, used, 1499.0) == used
    assert level_at(WINDOW, used, 1500.0) == Level(2.0, 1500.0)
    assert level_at(WINDOW, used, 9999.0) == Level(2.0, 9999.0)
    assert wait_ms(WINDOW, used, 1, 700.0) == 800.0


def test_what_was_reserved_is_owed_by_later_windows() -> None:
    owing = Level(-3.0, 500.0)
    assert level_at(WINDOW, owing, 1600.0) == Level(-1.0, 1500.0)
    assert wait_ms(WINDOW, owing, 1, 600.0) == 1900.0
    assert wait_ms(WINDOW, owing, 1, 600.0) == 1000.0 + wait_ms(WINDOW, owing, 1, 1600.0)
    assert level_at(WINDOW, owing, 500.0 + wait_ms(WINDOW, owing, 1, 500.0)).tokens >= 1


def test_a_bucket_fills_steadily_and_not_for_ever() -> None:
    used = Level(0.0, 500.0)
    assert level_at(BUCKET, used, 600.0) == Level(1.0, 600.0)
    assert level_at(BUCKET, used, 99_999.0).tokens == 20.0
    assert wait_ms(BUCKET, used, 3, 500.0) == 300.0
    assert wait_ms(Rate.token_bucket(3, SECOND), Level(0.0, 0.0), 1, 0.0) == 334.0


def test_a_wait_is_not_a_millisecond_too_long() -> None:
    """Rounding must neither add to a wait that is a whole number, nor to a window's length."""
    assert Rate.fixed_window(4, timedelta(milliseconds=2047)).per_ms == 2047.0
    third = Rate.token_bucket(9, timedelta(milliseconds=4179))
    assert wait_ms(third, Level(1445 / 1393, 0.0), 2, 0.0) == 447.0


def test_a_clock_that_goes_back_gives_nothing() -> None:
    assert level_at(BUCKET, Level(5.0, 500.0), 300.0) == Level(5.0, 300.0)
    assert level_at(WINDOW, Level(1.0, 500.0), 300.0) == Level(1.0, 500.0)


def test_a_smaller_rate_holds_at_once() -> None:
    """A release that lowers a limit must not have to wait for old buckets to run empty."""
    assert level_at(BUCKET, Level(500.0, 500.0), 500.0).tokens == 20.0
    assert level_at(WINDOW, Level(500.0, 500.0), 600.0).tokens == 2.0


def test_shards_share_it_equally() -> None:
    part = BUCKET.share(4)
    assert (part.count, part.burst, part.per_ms) == (2.5, 5.0, 1000.0)


@pytest.mark.parametrize(
    ("count", "per"), [(0, SECOND), (-1, SECOND), (1, timedelta()), (float("inf"), SECOND)]
)
def test_a_rate_needs_positive_numbers(count: float, per: timedelta) -> None:
    with pytest.raises(ProjectError):
        Rate.fixed_window(count, per)
    with pytest.raises(ProjectError):
        Rate.token_bucket(count, per)
