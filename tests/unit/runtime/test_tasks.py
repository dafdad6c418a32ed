"""Coroutines driven by hand, and background tasks with an owner."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextvars import ContextVar
from typing import Any

from reactor.runtime.clock import VirtualClock
from reactor.runtime.tasks import Background, Driver, in_task

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
