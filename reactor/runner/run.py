"""The runner: a function, its arguments and a caller in; an outcome out.

A run whose reads were changed under it starts again from scratch, which is safe because nothing
leaves it before it ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import structlog

from reactor import limits
from reactor.errors import InternalError
from reactor.log.commit import ReadsChanged
from reactor.log.reads import ReadSet
from reactor.runner.arguments import parse_args
from reactor.runner.context import ActionCtx, MutationCtx, Run
from reactor.runner.current import begin, end
from reactor.runner.executions import End
from reactor.runner.failure import Failure, failure_of
from reactor.runner.loader import canonical
from reactor.runner.perform import SYSTEM, Call, Performer, Record, too_contended, wrong_kind
from reactor.runner.rerun import difference
from reactor.runner.watch import Overdue, ended
from reactor.runtime.random import Random
from reactor.runtime.tasks import time_limit
from reactor.transaction.database import DatabaseWriter
from reactor.transaction.transaction import MustRestart, Transaction
from reactor.transaction.usage import Usage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from reactor.auth.identity import Caller
    from reactor.runner.definition import Definition
    from reactor.runner.registry import Kind

__all__ = ["Call", "Outcome", "Record", "Runner"]

T = TypeVar("T")

_NOTHING = Usage()
"""What a run uses that does not take place."""

_log = structlog.get_logger("reactor.runner")


@dataclass(slots=True)
class Outcome:
    """What became of one function run.

    Args:
        value: the result as canonical wire JSON; None when it failed.
        failure: why it failed; None when it did not.
        reads: what it depended on.
        ts: the timestamp at which it is true; for a mutation that wrote, its commit.
        journal: the end of its page, when it made one.
        read_identity: whether it depends on who asked.
        read_clock: whether it depends on when it ran.
        log_lines: what it printed; in production no client is told.
        request_id: what its errors and its log entry are found by.
    """

    value: bytes | None
    failure: Failure | None
    reads: ReadSet
    ts: int
    journal: str | None = None
    read_identity: bool = False
    read_clock: bool = False
    log_lines: tuple[str, ...] = ()
    request_id: str = ""


class Runner(Performer):
    """Runs the functions of one project, again where their reads were changed.

    Attributes:
        query_runs: how many queries have been run.
        mutation_runs: how many mutations have been run.
    """

    query_runs = 0
    mutation_runs = 0

    async def query(
        self,
        call: Call,
        *,
        journal: str | None = None,
        at_ts: int | None = None,
    ) -> Outcome:
        """Runs a query; suspends only if its handler does.

        Args:
            call: which, with what, for whom.
            journal: where its page must end, from an earlier run.
            at_ts: a recent timestamp to read at, instead of the newest.

        Raises:
            NotRetained: `at_ts` is older than the log keeps.
            Conflict: it suspended, and what it read kept changing.
        """
        cause: MustRestart | None = None
        for attempt in range(limits.CONFLICT_RETRIES_MAX + 1):
            self.query_runs += 1
            tx = Transaction(self.log, self.clock.now_ms(), at_ts)
            tx.journal = journal
            run = self._new_run("query", call, tx)
            seed = self._sample(run)
            try:
                value, failure = await self._attempt(call, "query", run)
                if seed is not None and value is not None:
                    await self._check_again(call, run, value, seed, at_ts)
            except MustRestart as changed:
                cause = changed
                self._lost(run, changed, will_retry=attempt < limits.CONFLICT_RETRIES_MAX)
                continue
            finally:
                tx.close()
            return self._outcome(
                run, value, failure, tx.reads, tx.begin_ts if at_ts is None else at_ts
            )
        raise too_contended(call.path, cause)

    async def mutation(self, call: Call, record: Record | None = None) -> Outcome:
        """Runs a mutation and commits it; the commit is in memory, not yet durable.

        Args:
            call: which, with what, for whom.
            record: writes of the engine's own that commit with it.

        Raises:
            Conflict: what it read changed each time it was tried.
        """
        delay_ms = limits.CONFLICT_BACKOFF_MS
        cause: MustRestart | ReadsChanged | None = None
        for attempt in range(limits.CONFLICT_RETRIES_MAX + 1):
            if attempt:
                jitter = 0.5 + self.entropy.token(1)[0] / 255
                await self.clock.back_off(delay_ms * jitter / 1000)
                delay_ms = min(delay_ms * 2, limits.CONFLICT_BACKOFF_MAX_MS)
            self.mutation_runs += 1
            tx = Transaction(self.log, self.clock.now_ms())
            run = self._new_run("mutation", call, tx)
            try:
                value, failure = await self._attempt(call, "mutation", run)
                ts = self._commit(tx, run.name, value, record) if failure is None else 0
            except (MustRestart, ReadsChanged) as changed:
                cause = changed
                self._lost(run, changed, will_retry=attempt < limits.CONFLICT_RETRIES_MAX)
                continue
            finally:
                tx.close()
            return self._outcome(run, value, failure, tx.reads, ts or self.log.last_ts)
        raise too_contended(call.path, cause)

    async def action(self, call: Call) -> Outcome:
        """Runs an action; it is never run twice."""
        run = self._new_run("action", call, None)
        value, failure = await self._attempt(call, "action", run)
        return self._outcome(run, value, failure, ReadSet.empty(), self.log.last_ts)

    async def unregistered(self, body: Callable[[MutationCtx], Awaitable[T]], caller: Caller) -> T:
        """Runs a coroutine function as a mutation that no client can name; for tests and seeds.

        Raises:
            Conflict: it suspended, and what it read changed each time it was tried.
            TimedOut: it took longer than a mutation may.
        """
        cause: MustRestart | ReadsChanged | None = None
        for _ in range(limits.CONFLICT_RETRIES_MAX + 1):
            tx = Transaction(self.log, self.clock.now_ms())
            run = self._new_run("mutation", Call("unregistered", b"{}", caller), tx)
            writer = DatabaseWriter(tx, run.space.schema, self.entropy)
            token = begin(run)
            try:
                result = await body(MutationCtx(run, writer))
                self._commit(tx, "unregistered", b"null", None)
            except (MustRestart, ReadsChanged) as changed:
                cause = changed
                continue
            except Overdue:
                raise ended(run) from None
            finally:
                end(token)
                tx.close()
            return result
        raise too_contended("an unregistered mutation", cause)

    async def unregistered_action(
        self,
        call: Call,
        body: Callable[[ActionCtx], Awaitable[T]],
        status: Callable[[T], int | None] = lambda _: None,
    ) -> T:
        """Runs a coroutine function as an action that no client can name, such as an HTTP route.

        Args:
            call: what it is called in the log, and for whom it runs.
            body: the coroutine function.
            status: the HTTP status of what it returns, if that is a response.

        Raises:
            TimedOut: it took longer than an action may.
            Exception: what the function raised.
        """
        run = self._new_run("action", call, None)
        run.execution.kind = "HttpAction"
        token = begin(run)
        try:
            async with time_limit(self.clock, limits.ACTION_S_MAX):
                result = await body(ActionCtx(run))
        except Exception as error:
            self._ended(run, None, failure_of(error), 500)
            raise
        finally:
            end(token)
            self.executions.closed(run.execution)
        self._ended(run, None, None, status(result))
        return result

    def served(self, call: Call, outcome: Outcome) -> None:
        """Records that a query was answered with a result that was at hand."""
        execution = self.executions.begin("Query", call, _NOTHING)
        execution.path = canonical(call.path)
        if not execution.path.startswith(SYSTEM):
            assert outcome.value is not None, "only results are kept"
            self.executions.ended(execution, End(0.0, len(outcome.value), is_cached=True))

    async def _attempt(
        self, call: Call, kind: Kind, run: Run
    ) -> tuple[bytes | None, Failure | None]:
        try:
            definition = self._definition(call, kind)
            run.name = run.execution.path = definition.path
            run.visibility = definition.fn.visibility
            kwargs = definition.arguments(parse_args(call.args, definition.module_path))
            result = await self._perform(definition, run, kwargs)
            value = definition.result(result)
        except InternalError as error:
            if kind != "action":
                raise
            # An action is never run twice, so what its calls could not do is its caller's to know.
            return None, failure_of(error)
        except Exception as error:
            # A handler may raise anything; whatever it is becomes the caller's answer.
            return None, failure_of(error)
        return value, None

    def _definition(self, call: Call, kind: Kind) -> Definition:
        found = self._find(call)
        if found.fn.kind != kind:
            raise wrong_kind(found, kind)
        return found

    def _outcome(
        self, run: Run, value: bytes | None, failure: Failure | None, reads: ReadSet, ts: int
    ) -> Outcome:
        """Records the end of a run, and says what became of it."""
        self._ended(run, value, failure)
        lines = tuple(map(str, run.execution.lines))
        return Outcome(
            value, failure, reads, ts, None if run.tx is None else run.tx.page_end,
            run.read_identity, run.read_clock, lines, run.execution.request_id,
        )  # fmt: skip

    # --- development ----------------------------------------------------------------------

    def _sample(self, run: Run) -> bytes | None:
        """Whether this run is one of those that are run twice: the seed of both, or None."""
        if self.is_production or run.name.startswith(SYSTEM):
            return None
        if int.from_bytes(self.entropy.token(4), "big") % limits.RERUN_ONE_IN:
            return None
        seed = self.entropy.token(16)
        run.seed = lambda: Random(seed)
        return seed

    async def _check_again(
        self, call: Call, first: Run, value: bytes, seed: bytes, at_ts: int | None
    ) -> None:
        """Runs a query that has just succeeded again, and says so when it differs."""
        assert first.tx is not None, "queries have a transaction"
        if first.has_suspended:
            return
        tx = Transaction(self.log, first.tx.now_ms, at_ts)
        tx.journal = first.tx.journal
        second = self._new_run("query", call, tx)
        second.seed = lambda: Random(seed)
        try:
            again, _ = await self._attempt(call, "query", second)
        finally:
            tx.close()
        differs = difference(value, again, first.tx.reads, tx.reads)
        if differs is not None:
            _log.warning("a query is not deterministic", function=first.name, difference=differs)
            first.execution.logs.add(
                "WARN",
                f"{first.name} ran twice on the same data and differed: {differs}. A query may "
                "depend on its arguments, the database, the caller, ctx.now() and ctx.random only.",
            )
