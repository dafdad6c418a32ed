"""Coroutines driven by hand, and background tasks with an owner."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from typing import Any

import pytest

from reactor.errors import TimedOut
from reactor.runtime.clock import VirtualClock
from reactor.runtime.tasks import Background, Driver, in_task, resumed, time_limit, within

Result = tuple[Any, BaseException | None]
clock = VirtualClock()
mark: ContextVar[str] = ContextVar("mark", default="unset")


class Run:
    """Drives coroutines from outside of any task, as the hub does."""

    def __init__(self) -> None:
        self.driver = Driver()
        self.results: list[Result] = []
        self.in_task: list[bool] = []

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        asyncio.get_running_loop().call_soon(self.driver.start, work, self.finished)

    def finished(self, result: Any, error: BaseException | None) -> None:
        self.in_task.append(in_task())
        self.results.append((result, error))

    async def settle(self) -> None:
        for _ in range(15):
            await clock.sleep(0)


async def value() -> int:
    return 1


async def fail() -> int:
    raise ZeroDivisionError


async def slow_value() -> int:
    await clock.sleep(0)
    return 2


async def slow_failure() -> int:
    await clock.sleep(0)
    raise ZeroDivisionError


async def grouped() -> int:
    async with asyncio.TaskGroup() as group:
        one = group.create_task(slow_value())
    return one.result()


async def timed_out() -> str:
    try:
        async with asyncio.timeout(0):
            await asyncio.get_running_loop().create_future()
    except TimeoutError:
        return "timed out"
    return "went on"


async def surviving() -> str:
    try:
        await failing_future()
    except ZeroDivisionError:
        await clock.sleep(0)
        return "survived"
    return "went on"


async def caught() -> str:
    try:
        await failing_future()
    except ZeroDivisionError:
        return "caught"
    return "went on"


def failing_future() -> asyncio.Future[None]:
    loop = asyncio.get_running_loop()
    future: asyncio.Future[None] = loop.create_future()
    loop.call_soon(future.set_exception, ZeroDivisionError())
    return future


async def marking(text: str) -> str:
    mark.set(text)
    await clock.sleep(0)
    return mark.get()


async def yielding() -> str:
    try:
        async with asyncio.timeout(0):
            await clock.sleep(0)
            await clock.sleep(0)
    except TimeoutError:
        return "timed out"
    return "went on"


@pytest.mark.parametrize("work", [timed_out, yielding])
async def test_a_timeout_of_no_seconds_reaches_what_is_taken_over(
    work: Callable[[], Coroutine[Any, Any, str]],
) -> None:
    """The task that carries it has waited for long, so that it is cancelled while it wakes."""
    run = Run()
    run.start(value())
    await run.settle()
    run.start(work())
    await run.settle()
    assert run.results[1] == ("timed out", None)


async def test_what_does_not_suspend_is_done_at_once() -> None:
    run = Run()
    run.start(value())
    run.start(fail())
    await run.settle()
    assert run.results[0] == (1, None)
    assert isinstance(run.results[1][1], ZeroDivisionError)
    await run.driver.close()


async def test_what_suspends_goes_on_as_a_task() -> None:
    """Handlers use asyncio as they like: groups, timeouts, futures that fail."""
    run = Run()
    for work in (slow_value(), grouped(), timed_out(), surviving(), caught()):
        run.start(work)
        await run.settle()
    assert run.results == [
        (2, None),
        (2, None),
        ("timed out", None),
        ("survived", None),
        ("caught", None),
    ]
    run.start(slow_failure())
    await run.settle()
    assert isinstance(run.results[-1][1], ZeroDivisionError)
    await run.driver.close()


async def test_results_are_told_outside_of_tasks() -> None:
    """Who is told drives the next coroutine by hand, which no task may do."""
    run = Run()
    run.start(value())
    run.start(slow_value())
    run.start(slow_failure())
    await run.settle()
    assert run.in_task == [False, False, False]
    assert in_task()
    await run.driver.close()


async def test_each_coroutine_keeps_its_own_context() -> None:
    run = Run()
    run.start(marking("one"))
    run.start(marking("two"))
    await run.settle()
    assert [result for result, _ in run.results] == ["one", "two"]
    assert mark.get() == "unset"
    await run.driver.close()


async def test_closing_cancels_what_is_under_way() -> None:
    run = Run()
    run.start(asyncio.wait_for(asyncio.get_running_loop().create_future(), None))
    await run.settle()
    await run.driver.close()
    await run.settle()
    [(_, error)] = run.results
    assert isinstance(error, asyncio.CancelledError)
    await run.driver.close()


async def test_background_tasks_end_with_their_owner() -> None:
    background = Background()
    forever = background.start(asyncio.wait_for(asyncio.get_running_loop().create_future(), None))
    failed = background.start(slow_failure())
    await asyncio.gather(failed, return_exceptions=True)
    await clock.sleep(0)
    await background.close()
    assert forever.cancelled()


def test_outside_of_a_loop_there_is_no_task() -> None:
    assert not in_task()


async def test_a_wait_ends_with_what_it_waits_for_or_with_the_time() -> None:
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    waiting = asyncio.ensure_future(within(clock, 5, future))
    await clock.sleep(0)
    await clock.sleep(0)
    clock.advance(5)
    assert not await waiting
    assert not future.cancelled()
    waiting = asyncio.ensure_future(within(clock, 5, future))
    await clock.sleep(0)
    future.set_result(None)
    assert await waiting


async def test_a_time_limit_ends_what_is_inside_and_nothing_else() -> None:
    async def limited(wait_s: float) -> str:
        async with time_limit(clock, 5):
            await clock.sleep(wait_s)
        return "in time"

    late, early = asyncio.ensure_future(limited(6)), asyncio.ensure_future(limited(4))
    for _ in range(3):
        await clock.sleep(0)
    clock.advance(5)
    assert await early == "in time"
    with pytest.raises(TimedOut):
        await late
    clock.advance(60)


async def test_timeouts_inside_a_time_limit_stay_what_they_are() -> None:
    async def limited() -> None:
        async with time_limit(clock, 5), asyncio.timeout(0):
            await clock.sleep(6)

    with pytest.raises(TimeoutError):
        await limited()


async def test_cancelling_from_outside_is_no_timeout() -> None:
    async def limited() -> None:
        async with time_limit(clock, 5):
            await clock.sleep(6)

    task = asyncio.ensure_future(limited())
    await clock.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_the_timer_runs_in_nobodys_context() -> None:
    """What guards a function's context must not meet the engine's own timers there."""
    seen: list[str] = []

    class Spying(VirtualClock):
        async def sleep(self, seconds: float) -> None:
            seen.append(mark.get())
            await super().sleep(seconds)

    token = mark.set("a function's")
    async with time_limit(Spying(), 5):
        await clock.sleep(0)
    mark.reset(token)
    assert seen == ["unset"]


async def test_a_coroutine_is_resumed_where_it_stopped() -> None:
    async def work() -> list[str]:
        steps = ["started"]
        try:
            await failing
        except ZeroDivisionError:
            steps.append("caught")
        await clock.sleep(0)
        return steps

    failing: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    started = work()
    awaited = started.send(None)
    failing.set_exception(ZeroDivisionError())
    assert await resumed(started, awaited) == ["started", "caught"]
