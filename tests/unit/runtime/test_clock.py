"""Time, real and virtual."""

from __future__ import annotations

import asyncio

from reactor.runtime.clock import OffsetClock, SystemClock, VirtualClock


async def test_the_virtual_clock_stands_still_until_it_is_moved() -> None:
    clock = VirtualClock(1_000.0)
    woken: list[str] = []

    async def sleeper(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append(name)

    tasks = [asyncio.ensure_future(sleeper(*each)) for each in (("late", 2), ("early", 1))]
    gone = asyncio.ensure_future(sleeper("gone", 1))
    await clock.sleep(0)
    gone.cancel()
    await clock.sleep(0)
    clock.advance(0.5)
    await clock.sleep(0)
    assert woken == []
    clock.advance(5)
    await asyncio.gather(*tasks)
    assert woken == ["early", "late"]
    assert (clock.now_ms(), clock.now_ns(), clock.monotonic()) == (6_500.0, 6_500_000_000, 5.5)


async def test_a_second_try_takes_no_virtual_time() -> None:
    """A test that awaits a mutation cannot move the clock for it."""
    clock, turns = VirtualClock(), 0

    async def other() -> None:
        nonlocal turns
        turns += 1

    task = asyncio.ensure_future(other())
    await clock.back_off(3_600)
    assert (turns, clock.monotonic()) == (1, 0.0)
    await task


async def test_fractions_that_add_up_wake_whoever_waits_for_their_sum() -> None:
    """Ten tenths of a second are not quite one, and a test that waits so long must not hang."""
    clock = VirtualClock()
    woken: list[float] = []

    async def sleeper() -> None:
        await clock.sleep(1.0)
        woken.append(clock.monotonic())

    task = asyncio.ensure_future(sleeper())
    await clock.sleep(0)
    for _ in range(10):
        clock.advance(0.1)
    assert clock.monotonic() < 1.0
    await task
    assert len(woken) == 1


async def test_the_system_clock_is_the_machines() -> None:
    clock = SystemClock()
    before = clock.monotonic()
    await clock.sleep(0)
    await clock.back_off(0.001)
    assert clock.monotonic() >= before + 0.001
    assert clock.monotonic() >= before
    assert abs(clock.now_ns() / 1e6 - clock.now_ms()) < 60_000


def test_a_clock_that_was_set_back() -> None:
    """Commit timestamps must grow all the same; this clock lets a test see that."""
    clock, hour_ms = OffsetClock(-3_600_000.0), 3_600_000
    assert abs(SystemClock().now_ms() - clock.now_ms() - hour_ms) < 60_000
    assert abs(SystemClock().now_ns() - clock.now_ns() - hour_ms * 10**6) < 60 * 10**9
