"""`crons = Crons()` in `functions/crons.py`: functions that run again and again.

Source: protocol.md 5.10.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, ParamSpec

import orjson

from reactor.errors import DeveloperError, ProjectError, ScheduleRefused
from reactor.runner.scheduling import schedulable
from reactor.scheduler import schedules
from reactor.scheduler.schedules import Every, Schedule, Weekday

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import time, timedelta

    from reactor.runner.registry import ActionFn, Fn, MutationFn
    from reactor.runner.space import Space

P = ParamSpec("P")
_NAME: Final = re.compile(r"[ -~]+")
_NAME_CHARS_MAX: Final = 256


class Cron:
    """A cron expression, and the time zone whose clock it reads.

    Args:
        expression: minute, hour, day of month, month, day of week, as in `0 7 * * MON-FRI`.
        tz: an IANA name, such as `Asia/Jakarta`.
    """

    def __init__(self, expression: str, /, *, tz: str = "UTC") -> None:
        self.expression = expression
        self.tz = tz


@dataclass(frozen=True, slots=True)
class CronEntry:
    """One cron job as the code declares it.

    Args:
        name: its identifier.
        schedule: when it runs.
        component: the path of the space whose function runs; "" for the root.
        path: the function, as Convex prints it: `news.js:digest`.
        args: the arguments object as wire JSON.
    """

    name: str
    schedule: Schedule
    component: str
    path: str
    args: bytes


@dataclass(frozen=True, slots=True)
class _Declared:
    schedule: Schedule
    fn: Fn[..., Any]
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]


class Crons:
    """Functions that run again and again, each under a name of its own.

    Times are UTC unless they carry a `ZoneInfo`. A job runs at most once at a time; what was missed
    while it ran, or while the server was down, is skipped. Changing a line schedules the job anew,
    removing it ends it.
    """

    def __init__(self) -> None:
        self._declared: dict[str, _Declared] = {}

    def interval(
        self,
        name: str,
        every: timedelta,
        fn: MutationFn[P, Any] | ActionFn[P, Any],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Runs a function every so often, the first time when the server starts with it."""
        self._add(name, Every(every), fn, args, kwargs)

    def hourly(
        self,
        name: str,
        minute: int,
        fn: MutationFn[P, Any] | ActionFn[P, Any],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Runs a function once an hour, so many minutes after it strikes in UTC."""
        self._add(name, schedules.hourly(minute), fn, args, kwargs)

    def daily(
        self,
        name: str,
        at: time,
        fn: MutationFn[P, Any] | ActionFn[P, Any],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Runs a function once a day."""
        self._add(name, schedules.daily(at), fn, args, kwargs)

    def weekly(
        self,
        name: str,
        day: Weekday,
        at: time,
        fn: MutationFn[P, Any] | ActionFn[P, Any],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Runs a function once a week."""
        self._add(name, schedules.weekly(day, at), fn, args, kwargs)

    def monthly(
        self,
        name: str,
        day: int,
        at: time,
        fn: MutationFn[P, Any] | ActionFn[P, Any],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Runs a function once a month; months without that day are skipped."""
        self._add(name, schedules.monthly(day, at), fn, args, kwargs)

    def cron(
        self,
        name: str,
        when: str | Cron,
        fn: MutationFn[P, Any] | ActionFn[P, Any],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> None:
        """Runs a function by a cron expression, which is read in UTC unless a `Cron` says where."""
        self._add(name, _by(when), fn, args, kwargs)

    def _add(
        self,
        name: str,
        schedule: Schedule,
        fn: Fn[..., Any],
        args: tuple[Any, ...],
        kwargs: Mapping[str, Any],
    ) -> None:
        if not _NAME.fullmatch(name) or len(name) > _NAME_CHARS_MAX:
            raise ScheduleRefused(
                f"Invalid cron identifier {name!r}: use ASCII letters that are not control "
                f"characters, 1 to {_NAME_CHARS_MAX} of them"
            )
        if name in self._declared:
            raise ScheduleRefused(f"Cron identifier registered twice: {name}")
        self._declared[name] = _Declared(schedule, fn, args, kwargs)

    def timetable(self, space: Space) -> Timetable:
        """These jobs in a space: every function found, every argument checked.

        Raises:
            ProjectError: a job cannot run; it is named, with the reason.
        """
        entries: dict[str, CronEntry] = {}
        for name, declared in self._declared.items():
            try:
                found, args = schedulable(space, declared.fn, declared.args, declared.kwargs)
            except DeveloperError as error:
                raise ProjectError(f"cron {name!r}: {error}") from error
            entries[name] = CronEntry(
                name, declared.schedule, found.component, found.module_path, args
            )
        return Timetable(entries)


@dataclass(frozen=True, slots=True)
class Timetable:
    """The cron jobs of one space, ready to run.

    Args:
        entries: by name.
    """

    entries: Mapping[str, CronEntry]

    def spec(self) -> dict[str, Any]:
        """Every job by its name, in the form in which npm's client writes them."""
        return {
            name: {
                "name": entry.path.replace(".js:", ":"),
                "args": [orjson.loads(entry.args)],
                "schedule": entry.schedule.source,
            }
            for name, entry in self.entries.items()
        }


def _by(when: str | Cron) -> Schedule:
    cron = Cron(when) if isinstance(when, str) else when
    return schedules.by_expression(cron.expression, cron.tz)


def timetable_of(space: Space) -> Timetable:
    """The cron jobs of a space: the `Crons` in its module `crons`, whatever that is called.

    Raises:
        ProjectError: there are two, or a job cannot run.
    """
    module = space.functions.crons
    if module is None:
        return Timetable({})
    found = [value for value in vars(module).values() if isinstance(value, Crons)]
    if len(found) > 1:
        raise ProjectError(
            f"{module.__name__} has {len(found)} Crons; put every job into one of them"
        )
    return found[0].timetable(space) if found else Timetable({})
