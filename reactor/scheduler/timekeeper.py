"""Everything of a node that runs by time, put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reactor.scheduler.agenda import Agenda
from reactor.scheduler.cron_jobs import CronJobs
from reactor.scheduler.executor import Executor
from reactor.scheduler.queue import Queue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reactor.log.commit import Invalidation
    from reactor.runner.run import Runner
    from reactor.runtime.tasks import Background, Driver
    from reactor.scheduler.crons import Timetable


class Timekeeper:
    """Runs scheduled functions and crons of a node, of the project and of its components.

    Args:
        runner: runs functions, and reports commits.
        driver: drives mutations.
        background: owns actions and the sleeper.
        soon: runs something in the loop's next turn, outside of any task.
        timetables: the cron jobs of every space, by its path.
        cron_splay_s: by how many seconds at most a cron job is late on purpose.
    """

    def __init__(
        self,
        runner: Runner,
        driver: Driver,
        background: Background,
        soon: Callable[[Callable[[], None]], None],
        timetables: Mapping[str, Timetable],
        cron_splay_s: int,
    ) -> None:
        self.agenda = Agenda(runner.clock, background, soon)
        self.executor = Executor(runner, self.agenda, driver, background)
        self.queues = {path: Queue(jobs, self.executor, path) for path, jobs in runner.jobs.items()}
        self.crons = {
            path: CronJobs(timetable, self.executor, path, cron_splay_s)
            for path, timetable in timetables.items()
        }
        self._by_table = {jobs.data: self.queues[path] for path, jobs in runner.jobs.items()}
        runner.listeners.append(self._committed)

    def start(self) -> None:
        """Takes up what an earlier process left; from here on, what is due runs."""
        for queue in self.queues.values():
            queue.load()
        for crons in self.crons.values():
            crons.load()

    def _committed(self, invalidation: Invalidation) -> None:
        for touch in invalidation.touches:
            queue = self._by_table.get(touch.table)
            if queue is not None:
                queue.touched(touch)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is due and nothing runs."""
        return self.executor.is_idle and not self.agenda.is_due

    def close(self) -> None:
        """Begins nothing further."""
        self.agenda.close()
