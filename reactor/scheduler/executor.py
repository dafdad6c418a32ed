"""Runs what has become due: mutations exactly once, actions at most once.

A mutation commits together with the note that it is done, so a crash leaves both or neither. An
action is noted as begun, durably, before its first line runs; if the server stops before its end is
noted, the next start finds the note and does not run it again.

    mutation    run ──► commit with `done`            a lost race or an error of ours: again, later
                    └─► its own error ──► `failed`
    action      `claim`, durable ──► run ──► `done` or `failed`
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Protocol

import structlog

from reactor import limits
from reactor.errors import Conflict, StorageFailed
from reactor.runner.jobs import Gone
from reactor.runtime.stacks import stack_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from reactor.runner.failure import Failure
    from reactor.runner.run import Call, Outcome, Runner
    from reactor.runtime.tasks import Background, Driver
    from reactor.scheduler.agenda import Agenda
    from reactor.transaction.transaction import Transaction

_log = structlog.get_logger("reactor.scheduler")
SOURCE = "scheduler"


class Work(Protocol):
    """One run of something that was scheduled, with the notes that the engine takes of it.

    Each note is taken in a transaction that it is given, and raises `Gone` when there is nothing
    left to run: it was canceled meanwhile.
    """

    attempts: int

    @property
    def call(self) -> Call:
        """What runs."""
        ...

    def claim(self, tx: Transaction) -> None:
        """Notes that an action begins."""
        ...

    def done(self, tx: Transaction) -> None:
        """Notes a success."""
        ...

    def failed(self, tx: Transaction, failure: Failure) -> None:
        """Notes an error of the function's own."""
        ...

    def ended(self, outcome: Outcome | None) -> None:
        """Told when the run is over and noted, with its outcome, or with None when it was gone."""
        ...


class _Lane:
    """Work of one kind: how much of it runs, and what waits because enough does.

    Args:
        begin: starts one piece of work.
        most: how many may run at the same time.
    """

    def __init__(self, begin: Callable[[Work], None], most: int) -> None:
        self.begin = begin
        self.most = most
        self.running = 0
        self.waiting: deque[Work] = deque()


class Executor:
    """Runs work as the deployment's own.

    Args:
        runner: runs functions.
        agenda: knows when to try again.
        driver: runs mutations.
        background: runs actions.
    """

    def __init__(
        self, runner: Runner, agenda: Agenda, driver: Driver, background: Background
    ) -> None:
        self.runner = runner
        self.agenda = agenda
        self._driver = driver
        self._background = background
        self._mutations = _Lane(self._mutate, limits.SCHEDULED_MUTATIONS_MAX)
        self._actions = _Lane(self._begin_action, limits.SCHEDULED_ACTIONS_MAX)

    @property
    def is_idle(self) -> bool:
        """Whether nothing runs and nothing waits for room."""
        lanes = (self._mutations, self._actions)
        return not any(lane.running or lane.waiting for lane in lanes)

    def start(self, work: Work) -> None:
        """Runs work now, or as soon as there is room; must not be called from inside a task."""
        # What is not there, or is a query, fails as a mutation, with the words for it.
        is_action = self.runner.kind_of(work.call) == "action"
        lane = self._actions if is_action else self._mutations
        lane.waiting.append(work)
        self._fill(lane)

    def _fill(self, lane: _Lane) -> None:
        while lane.waiting and lane.running < lane.most:
            lane.running += 1
            lane.begin(lane.waiting.popleft())

    def _release(self, lane: _Lane) -> None:
        lane.running -= 1
        if lane.waiting:
            # Through the agenda: it calls outside of any task.
            self.agenda.at(0.0, self._fill, lane)

    # --- mutations ------------------------------------------------------------------------

    def _mutate(self, work: Work) -> None:
        def finished(outcome: Outcome | None, error: BaseException | None) -> None:
            self._release(self._mutations)
            self._mutated(work, outcome, error)

        call = work.call
        run = self.runner.mutation(call, lambda _value, _ts: self.runner.draft(work.done))
        self._driver.start(run, finished)

    def _mutated(self, work: Work, outcome: Outcome | None, error: BaseException | None) -> None:
        if outcome is None:
            if isinstance(error, Gone):
                work.ended(None)
            elif isinstance(error, Exception):
                self._again(work, error)
            return
        failure = outcome.failure
        if failure is not None and not self._note(lambda tx: work.failed(tx, failure)):
            work.ended(None)
        else:
            work.ended(outcome)

    def _again(self, work: Work, error: Exception) -> None:
        """Tries a mutation again, later each time; nothing of what it did has been kept."""
        first_ms, most_ms = (
            limits.SCHEDULED_ERROR_BACKOFF_MS,
            limits.SCHEDULED_ERROR_BACKOFF_MAX_MS,
        )
        if isinstance(error, Conflict):
            first_ms, most_ms = (
                limits.SCHEDULED_CONFLICT_BACKOFF_MS,
                limits.SCHEDULED_CONFLICT_BACKOFF_MAX_MS,
            )
        else:
            told = {"exception": stack_of(error)} if work.attempts == 0 else {}
            _log.error(
                "a scheduled mutation will run again",
                path=work.call.path, attempts=work.attempts + 1, error=str(error), **told,
            )  # fmt: skip
        jitter = 0.5 + self.runner.entropy.token(1)[0] / 510
        wait_ms = min(first_ms * 2 ** min(work.attempts, 32), most_ms) * jitter
        work.attempts += 1
        self.agenda.at(self.agenda.clock.now_ms() + wait_ms, self.start, work)

    # --- actions --------------------------------------------------------------------------

    def _begin_action(self, work: Work) -> None:
        self._background.start(self._act(work))

    async def _act(self, work: Work) -> None:
        try:
            outcome = await self._acted(work)
        except StorageFailed:
            return  # the node stops; what was noted last holds
        finally:
            self._release(self._actions)
        work.ended(outcome)

    async def _acted(self, work: Work) -> Outcome | None:
        if not self._note(work.claim):
            return None
        await self.runner.durable()
        outcome = await self.runner.action(work.call)
        failure = outcome.failure
        is_noted = self._note(work.done if failure is None else lambda tx: work.failed(tx, failure))
        return outcome if is_noted else None

    def _note(self, body: Callable[[Transaction], None]) -> bool:
        """Commits a note; whether there was still something to take note of."""
        try:
            self.runner.transact(SOURCE, body)
        except Gone:
            return False
        return True
