"""`ctx.scheduler`: functions that run later."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, ParamSpec, Protocol, TypeVar, cast

import orjson

from reactor import limits
from reactor.errors import FunctionNotFound, ScheduleRefused

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from reactor.runner.context import Run
    from reactor.runner.definition import Definition
    from reactor.runner.jobs import JobTable
    from reactor.runner.registry import ActionFn, Fn, MutationFn
    from reactor.runner.space import Space
    from reactor.schema.fields import Id
    from reactor.schema.system import ScheduledFunction
    from reactor.transaction.transaction import Transaction

P = ParamSpec("P")
T = TypeVar("T")


class Transact(Protocol):
    """Runs and commits a transaction of the engine's own."""

    def __call__(self, source: str, body: Callable[[Transaction], T]) -> T:
        """What the body returned, once it is committed in memory."""
        ...


INVALID_DELAY: Final = "InvalidScheduledFunctionDelay"


class Scheduler:
    """Runs mutations and actions later, as the deployment's own: nobody is signed in there.

    In a mutation, what is scheduled is part of the transaction. In an action, it is durable when
    the call returns, whatever becomes of the action.

    Args:
        run: who schedules.
    """

    __slots__ = ("_run",)

    def __init__(self, run: Run) -> None:
        self._run = run

    async def run_after(
        self,
        delay: timedelta | Literal[0],
        fn: MutationFn[P, Any] | ActionFn[P, Any],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Id[ScheduledFunction]:
        """Runs a function some time from now; `0` is as soon as this has committed.

        A mutation runs exactly once, an action at most once.

        Raises:
            ScheduleRefused: the delay is negative, no duration, or more than five years.
            FunctionNotFound: there is no such function.
            ValidationFailed: the function does not take these arguments.
            LimitError: too many functions, or too large arguments.
        """
        now_ms = self._run.now_ms()
        due_ms = checked_due(now_ms + delay_ms(delay), now_ms)
        return await self._schedule(due_ms, fn, args, kwargs)

    async def run_at(
        self,
        when: datetime,
        fn: MutationFn[P, Any] | ActionFn[P, Any],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Id[ScheduledFunction]:
        """Runs a function at a time, given with its time zone; one that has passed means at once.

        A mutation runs exactly once, an action at most once.

        Raises:
            ScheduleRefused: the time has no zone, or is more than five years away.
            FunctionNotFound: there is no such function.
            ValidationFailed: the function does not take these arguments.
            LimitError: too many functions, or too large arguments.
        """
        due_ms = checked_due(time_ms(when), self._run.now_ms())
        return await self._schedule(due_ms, fn, args, kwargs)

    async def run_anyway(
        self,
        fn: MutationFn[P, Any] | ActionFn[P, Any],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Id[ScheduledFunction]:
        """Runs a function as soon as possible, even when this mutation fails or is tried again.

        It is scheduled in a transaction of its own, so it may find what this mutation did not
        write, and may run more than once: for cleaning up after a call that is refused.

        Raises:
            FunctionNotFound: there is no such function.
            ValidationFailed: the function does not take these arguments.
            LimitError: too large arguments.
        """
        return await self._schedule(self._run.now_ms(), fn, args, kwargs, is_alone=True)

    async def cancel(self, id: Id[ScheduledFunction], /) -> None:
        """Keeps a scheduled function from running; does nothing when it has ended.

        An action in progress goes on, but what it schedules from then on is canceled.

        Raises:
            InvalidId: the id is none of a scheduled function.
            ScheduleRefused: a scheduled mutation cancels itself.
        """
        await self._run.calls.scheduling.cancel(self._run, id)

    async def _schedule(
        self,
        due_ms: float,
        fn: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        *,
        is_alone: bool = False,
    ) -> Id[ScheduledFunction]:
        scheduling = self._run.calls.scheduling
        id = await scheduling.add(self._run, due_ms, fn, args, kwargs, is_alone=is_alone)
        return cast("Id[ScheduledFunction]", id)


class Scheduling:
    """How running functions schedule others: in a transaction that they have, or in one of its own.

    A job is kept in the space that schedules it, which can read and cancel it; it runs wherever its
    function is.

    Args:
        jobs: the jobs of every space, by its path.
        transact: commits a transaction of the engine's own under a name.
        durable: waits until what is committed has reached the disk.
    """

    def __init__(
        self,
        jobs: Mapping[str, JobTable],
        transact: Transact,
        durable: Callable[[], Awaitable[None]],
    ) -> None:
        self._jobs = jobs
        self._transact = transact
        self._durable = durable

    async def add(
        self,
        run: Run,
        due_ms: float,
        fn: Fn[..., Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
        *,
        is_alone: bool = False,
    ) -> str:
        """Schedules a function and returns the job's id.

        Args:
            run: who schedules.
            due_ms: when it is due, ms since the epoch.
            fn: what runs then.
            args: its positional arguments.
            kwargs: its others.
            is_alone: in a transaction of its own, though the run has one; then nobody waits for the
                disk, which has the job before anything that is committed later.
        """
        found, wire = schedulable(run.space, fn, args, kwargs)
        is_elsewhere = found.component != run.space.path
        name = f"{found.component};{found.module_path}" if is_elsewhere else found.module_path
        if len(wire) > limits.SCHEDULED_ARGS_BYTES_WARNED:
            run.execution.logs.add(
                "WARN", f"the arguments scheduled for {name} are large: {len(wire)} bytes"
            )

        def add(tx: Transaction) -> str:
            is_canceled = run.job is not None and self._is_canceled(tx, run.job)
            return jobs.add(tx, name, wire, due_ms, is_canceled=is_canceled)

        jobs = self._jobs[run.space.path]
        if is_alone and run.tx is not None:
            return self._transact(run.name, add)
        return await self._in(run, add)

    async def cancel(self, run: Run, id: str) -> None:
        """Cancels a job."""
        jobs = self._jobs[run.space.path]
        await self._in(run, lambda tx: jobs.cancel(tx, id, run.job))

    def _is_canceled(self, tx: Transaction, job: str) -> bool:
        # A component's function may run for a job of the app's: the id says whose it is.
        return any(jobs.is_canceled(tx, job) for jobs in self._jobs.values())

    async def _in(self, run: Run, body: Callable[[Transaction], T]) -> T:
        if run.tx is not None:
            return body(run.tx)
        result = self._transact(run.name, body)
        await self._durable()
        return result


def delay_ms(delay: object) -> float:
    """A delay in milliseconds.

    Raises:
        ScheduleRefused: it is negative, or a number other than zero, which would have no unit.
    """
    if isinstance(delay, timedelta):
        ms = delay / timedelta(milliseconds=1)
        if ms < 0:
            raise ScheduleRefused(
                f"`delayMs` must be non-negative, not {ms:g}; for a time that may have passed, use "
                "run_at",
                code=INVALID_DELAY,
            )
        return ms
    if isinstance(delay, bool) or not isinstance(delay, int | float):
        raise ScheduleRefused(
            f"`delayMs` must be a number: a timedelta or 0, not {type(delay).__name__}",
            code=INVALID_DELAY,
        )
    if not math.isfinite(delay):
        raise ScheduleRefused("`delayMs` must be a finite number", code=INVALID_DELAY)
    if delay < 0:
        raise ScheduleRefused("`delayMs` must be non-negative", code=INVALID_DELAY)
    if delay:
        raise ScheduleRefused(
            f"a delay of {delay:g} has no unit; write timedelta(milliseconds={delay:g}) or "
            f"timedelta(seconds={delay:g})",
            code=INVALID_DELAY,
        )
    return 0.0


def time_ms(when: object) -> float:
    """A time in milliseconds since the epoch.

    Raises:
        ScheduleRefused: it is no time, or says no zone.
    """
    if not isinstance(when, datetime):
        raise ScheduleRefused(
            f"The invoke time must be a datetime, not {type(when).__name__}", code=INVALID_DELAY
        )
    if when.utcoffset() is None:
        raise ScheduleRefused(
            f"{when.isoformat()} has no time zone; start from ctx.now(), or pass tzinfo",
            code=INVALID_DELAY,
        )
    return (when - _EPOCH) / timedelta(milliseconds=1)


def checked_due(due_ms: float, now_ms: float) -> float:
    """The time, if it is not too far away.

    Raises:
        ScheduleRefused: it is more than five years in the future or in the past.
    """
    if abs(due_ms - now_ms) > limits.SCHEDULE_HORIZON_MS:
        side = "future" if due_ms > now_ms else "past"
        raise ScheduleRefused(
            f"a function cannot be scheduled more than 5 years in the {side} "
            f"({abs(due_ms - now_ms) / 86_400_000:,.0f} days from now)",
            code=INVALID_DELAY,
        )
    return due_ms


def schedulable(
    space: Space, fn: Fn[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> tuple[Definition, bytes]:
    """What a function means in a space, and its arguments as wire JSON, both checked.

    Raises:
        FunctionNotFound: there is no such function.
        ScheduleRefused: it is a query.
        ValidationFailed: it does not take these arguments.
    """
    try:
        found = space.resolve(fn)
    except FunctionNotFound as error:
        name = fn.reference or fn.path or fn.__name__
        raise FunctionNotFound(
            f"Attempted to schedule function at nonexistent path: {name}. {error}"
        ) from None
    if found.fn.kind == "query":
        raise ScheduleRefused(
            f"Attempted to schedule {found.module_path}, which is a query; only mutations and "
            "actions run later",
            code="WrongFunctionKind",
        )
    wire = found.wired(args, kwargs)
    found.arguments(orjson.loads(wire))
    return found, wire


_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
