"""Concurrency, behind a seam: coroutines driven by hand, background tasks with an owner."""

from __future__ import annotations

import asyncio
from asyncio.tasks import (  # documented for alternative task implementations
    _enter_task,  # pyright: ignore[reportPrivateUsage]
    _leave_task,  # pyright: ignore[reportPrivateUsage]
)
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import asynccontextmanager
from contextvars import Context, copy_context
from types import coroutine
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from reactor.errors import TimedOut
from reactor.runtime.stacks import stack_of

if TYPE_CHECKING:
    from reactor.runtime.clock import Clock

T = TypeVar("T")
Finished = Callable[[Any, BaseException | None], None]
_Adopted = tuple[Coroutine[Any, Any, Any], Any, Finished, Context]

_log = structlog.get_logger("reactor.tasks")


class _Parked:
    """A task that waits for a coroutine which its driver has started and which then suspended.

    While the driver takes the first step by hand, this task is the current one; so a TaskGroup or a
    timeout entered in that step belongs to the task that will carry the rest.
    """

    __slots__ = ("_adopted", "_wake", "task")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._wake: asyncio.Future[None] = loop.create_future()
        self._adopted: _Adopted | None = None
        self.task: asyncio.Task[None] = loop.create_task(self._run())

    def adopt(self, adopted: _Adopted) -> None:
        self._adopted = adopted
        self._wake.set_result(None)

    async def _run(self) -> None:
        try:
            await self._wake
        except asyncio.CancelledError:
            if self._adopted is None:
                raise
            # Meant for what was adopted, as by a timeout of no seconds: to be delivered there.
            self.task.uncancel()
            self.task.cancel()
        assert self._adopted is not None, "woken only when something was adopted"
        started, awaited, finished, context = self._adopted
        # Order: told outside this task, since whoever is told may drive the next coroutine by hand.
        tell = asyncio.get_running_loop().call_soon
        try:
            result = await _carry_on(started, awaited, context)
        except BaseException as error:
            tell(finished, None, error)
            if isinstance(error, asyncio.CancelledError):
                raise
        else:
            tell(finished, result, None)


@coroutine
def _carry_on(
    started: Coroutine[Any, Any, Any], awaited: Any, context: Context
) -> Generator[Any, Any, Any]:
    """Goes on, in its own context, with a coroutine that has already yielded `awaited`."""
    while True:
        try:
            sent = yield awaited
        except BaseException as error:
            try:
                awaited = context.run(started.throw, error)
            except StopIteration as stop:
                return stop.value
        else:
            try:
                awaited = context.run(started.send, sent)
            except StopIteration as stop:
                return stop.value


class Driver:
    """Runs coroutines to completion without a task, unless they suspend.

    A handler that never suspends costs one `send`; one that does goes on as a task.
    """

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._parked: _Parked | None = None
        self._carried: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, Any], finished: Finished) -> None:
        """Takes the first step of a coroutine; must not be called from inside a task.

        Args:
            work: the coroutine.
            finished: called with its result or its exception, now or later, on the loop.
        """
        parked = self._parked
        if parked is None or parked.task.done():
            parked = self._parked = _Parked(self._loop)
        context = copy_context()
        _enter_task(self._loop, parked.task)
        try:
            awaited = context.run(work.send, None)
        except StopIteration as stop:
            _leave_task(self._loop, parked.task)
            finished(stop.value, None)
            return
        except BaseException as error:
            _leave_task(self._loop, parked.task)
            finished(None, error)
            return
        _leave_task(self._loop, parked.task)
        self._parked = None
        self._carried.add(parked.task)
        parked.task.add_done_callback(self._carried.discard)
        parked.adopt((work, awaited, finished, context))

    async def close(self) -> None:
        """Cancels what is still running and waits for it."""
        tasks = list(self._carried)
        if self._parked is not None:
            tasks.append(self._parked.task)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Background:
    """Long-lived tasks of the engine; their owner closes them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Runs a coroutine beside everything else; a failure is logged."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("background task failed", exception=stack_of(error))

    async def close(self) -> None:
        """Cancels all of them and waits."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def within(clock: Clock, seconds: float, awaited: asyncio.Future[Any]) -> bool:
    """Waits for a future, but not for ever; whether it is done.

    Args:
        clock: tells when the time is over.
        seconds: how long to wait.
        awaited: stays as it is when the time is over.
    """
    timer = _detached(clock.sleep(seconds))
    try:
        await asyncio.wait((awaited, timer), return_when=asyncio.FIRST_COMPLETED)
    finally:
        timer.cancel()
    return awaited.done()


@asynccontextmanager
async def time_limit(clock: Clock, seconds: float) -> AsyncGenerator[None]:
    """Cancels what is inside when the time is over; to be entered in a task.

    Args:
        clock: tells when the time is over.
        seconds: how long.

    Raises:
        TimedOut: the time was over.
    """
    scope = asyncio.timeout(None)

    async def expire() -> None:
        await clock.sleep(seconds)
        scope.reschedule(0)

    try:
        async with scope:
            timer = _detached(expire())
            try:
                yield
            finally:
                timer.cancel()
    except TimeoutError:
        if scope.expired():
            raise TimedOut(seconds) from None
        raise


@coroutine
def resumed(started: Coroutine[Any, Any, T], awaited: Any) -> Generator[Any, Any, T]:
    """Goes on with a coroutine that has already yielded `awaited`."""
    while True:
        try:
            sent = yield awaited
        except BaseException as error:
            try:
                awaited = started.throw(error)
            except StopIteration as stop:
                result: T = stop.value
                return result
        else:
            try:
                awaited = started.send(sent)
            except StopIteration as stop:
                result = stop.value
                return result


def _detached(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """A task in a context of its own: the engine's, whoever's function is running here."""
    return asyncio.get_running_loop().create_task(work, context=Context())


def in_task() -> bool:
    """Whether a task is running, so that a coroutine can simply be awaited."""
    try:
        return asyncio.current_task() is not None
    except RuntimeError:
        return False
