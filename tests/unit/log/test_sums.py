"""Sums of ranges: exact, whatever was written in whatever order."""

from __future__ import annotations

import math

import pytest

from reactor.log.sums import Sums, Total

LOW, HIGH = b"", b"\xff"


def key(n: int) -> bytes:
    return n.to_bytes(4, "big")


def filled(count: int) -> Sums:
    sums = Sums()
    sums.extend_sorted([(key(n), float(n)) for n in range(count)])
    return sums


def test_no_numbers_sum_to_zero() -> None:
    assert Sums().total(LOW, HIGH).rounded() == 0.0
    assert filled(10).total(key(4), key(4)).rounded() == 0.0


def test_any_range_over_many_blocks() -> None:
    sums = filled(3000)
    for low, high in [(0, 3000), (0, 1), (5, 300), (250, 260), (100, 2900), (2999, 4000)]:
        found = sums.total(key(low), key(high)).rounded()
        assert found == sum(range(low, min(high, 3000)))


def test_numbers_come_change_and_go() -> None:
    sums = Sums()
    for n in range(2000):
        sums.put(key((n * 977) % 2000), 1.0)
    for n in range(0, 2000, 2):
        sums.put(key(n), 3.0)
    for n in range(1000, 1500):
        sums.remove(key(n))
        sums.remove(key(n))
    assert sums.total(LOW, HIGH).rounded() == 750 * 1.0 + 750 * 3.0
    assert sums.total(key(1000), key(1501)).rounded() == 3.0
    assert (sums.number(key(1)), sums.number(key(2))) == (1.0, 3.0)
    for n in range(2000):
        sums.remove(key(n))
    assert sums.total(LOW, HIGH) == Total()
    sums.remove(key(1))
    sums.put(key(1), 2.0)
    assert sums.total(LOW, HIGH).rounded() == 2.0


def test_nothing_is_lost_beside_large_numbers() -> None:
    """As floats, the one would be gone, and what is left would depend on the order of writes."""
    sums = Sums()
    for n, number in enumerate([1e300, 1.0, -1e300, 0.1, 5e-324]):
        sums.put(key(n), number)
    assert sums.total(LOW, HIGH).rounded() == 1.1
    for n in (0, 1, 2, 3):
        sums.remove(key(n))
    assert sums.total(LOW, HIGH).rounded() == 5e-324


@pytest.mark.parametrize(
    ("numbers", "total"),
    [
        ([math.inf, 1.0], math.inf),
        ([-math.inf, 1.0], -math.inf),
        ([math.inf, -math.inf], math.nan),
        ([math.nan, 1.0], math.nan),
        ([1.7e308, 1.7e308], math.inf),
        ([-1.7e308, -1.7e308], -math.inf),
        ([2**53, 1], 2.0**53),
    ],
)
def test_numbers_that_are_not_finite(numbers: list[float], total: float) -> None:
    sums = Sums()
    for n, number in enumerate(numbers):
        sums.put(key(n), number)
    assert repr(sums.total(LOW, HIGH).rounded()) == repr(total)
    for n in range(len(numbers)):
        sums.remove(key(n))
    sums.put(key(0), 1.0)
    assert sums.total(LOW, HIGH).rounded() == 1.0, "they leave nothing behind"
