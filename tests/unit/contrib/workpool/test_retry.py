"""Waits between attempts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from reactor.contrib import Retry
from reactor.contrib.workpool.retry import delay_ms
from reactor.errors import ProjectError
from reactor.runtime.random import SeededEntropy


def test_each_wait_is_longer_and_none_is_the_same() -> None:
    backoff = Retry(first_delay=timedelta(seconds=1), base=3).backoff
    random = SeededEntropy(1).seeded()
    for failures, even_ms in [(1, 1000.0), (2, 3000.0), (3, 9000.0)]:
        waits = {delay_ms(backoff, failures, random) for _ in range(200)}
        assert even_ms * 0.5 <= min(waits)
        assert max(waits) <= even_ms * 1.5
        assert len(waits) > 100, "jobs that failed together come back apart"


def test_no_wait_is_longer_than_a_day_and_a_half() -> None:
    backoff = Retry(attempts=10_000).backoff
    assert delay_ms(backoff, 9_999, SeededEntropy(1).seeded()) <= 36 * 3_600_000


@pytest.mark.parametrize(
    "options",
    [{"attempts": 0}, {"first_delay": timedelta(-1)}, {"base": 0.5}, {"base": float("nan")}],
)
def test_numbers_that_make_no_sense(options: dict[str, Any]) -> None:
    with pytest.raises(ProjectError):
        Retry(**options)
