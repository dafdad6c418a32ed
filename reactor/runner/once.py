"""Mutations of clients that may send them again: each is run once, whatever becomes of its line.

Source: protocol.md 3.8.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from reactor.log.reads import ReadSet
from reactor.runner.run import Outcome

if TYPE_CHECKING:
    from reactor.log.snapshot import Write
    from reactor.runner.dedup import SessionRequests
    from reactor.runner.run import Call, Runner
    from reactor.runtime.tasks import Driver

Answered = Callable[[Outcome | None, BaseException | None], None]
Request = tuple[str, int]
"""A session's id, and the number of the request in it."""


class Once:
    """Runs mutations by their request, and answers a repeated one with what came of the first.

    Two runs of one request at once could not both be answered truly: one may commit after the other
    has failed. So a request that comes again while it is under way waits for that run: if it
    succeeds its answer is the answer, if not the waiting one runs.

    Args:
        runner: runs the mutations.
        requests: the recorded answers.
        driver: drives runs that do not suspend without a task.
    """

    def __init__(self, runner: Runner, requests: SessionRequests, driver: Driver) -> None:
        self._runner = runner
        self._requests = requests
        self._driver = driver
        self._under_way: dict[Request, list[Callable[[], None]]] = {}

    def run(self, call: Call, request: Request | None, answered: Answered) -> None:
        """Runs a mutation, unless it has been run; must not be called from inside a task.

        Args:
            call: the mutation.
            request: what the client calls it; None when the client has no session, and so could
                not be recognized.
            answered: called once with its outcome or its exception, now or later.
        """
        if request is None:
            self._driver.start(self._runner.mutation(call), answered)
            return
        known = self._requests.find(*request)
        if known is not None:
            answered(Outcome(known.value, None, ReadSet.empty(), known.ts), None)
            return
        waiting = self._under_way.get(request)
        if waiting is not None:
            waiting.append(lambda: self.run(call, request, answered))
            return
        self._start(call, request, answered)

    def _start(self, call: Call, request: Request, answered: Answered) -> None:
        def record(value: bytes, ts: int) -> list[Write]:
            return [self._requests.record(*request, call.caller.key, value, ts)]

        is_over = False

        def finished(outcome: Any, error: BaseException | None) -> None:
            nonlocal is_over
            is_over = True
            answered(outcome, error)
            for again in self._under_way.pop(request, ()):
                again()

        self._driver.start(self._runner.mutation(call, record), finished)
        if not is_over:  # it has suspended: the line may break, and the request come again
            self._under_way[request] = []
