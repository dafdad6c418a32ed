"""What all runs of functions share: how one is set up, driven, called by another, and recorded.

Queries and mutations are coroutines that usually finish in their first step, which is taken by
hand; only one that suspends is given a time limit on the clock.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from reactor import limits
from reactor.auth.identity import ANONYMOUS, Caller
from reactor.errors import (
    Conflict,
    DeveloperError,
    FunctionNotFound,
    OutOfMemory,
    WrongFunctionKind,
)
from reactor.log.commit import Invalidation, Log, ReadsChanged
from reactor.log.snapshot import Write
from reactor.runner.context import ActionCtx, MutationCtx, NestedCall, QueryCtx, Run
from reactor.runner.current import begin, end
from reactor.runner.env import Env
from reactor.runner.executions import INSIDE, End, Executions, Origin, UdfType
from reactor.runner.failure import Failure, failure_of
from reactor.runner.jobs import TABLE as JOBS
from reactor.runner.jobs import JobTable
from reactor.runner.loader import shown_path
from reactor.runner.registry import is_function
from reactor.runner.scheduling import Scheduling
from reactor.runner.space import ROOT, Space
from reactor.runner.watch import Overdue, ended, mib_allowed
from reactor.runtime.tasks import resumed, time_limit
from reactor.schema.places import place_of
from reactor.transaction.database import DatabaseReader, DatabaseWriter
from reactor.transaction.transaction import MustRestart, Transaction

if TYPE_CHECKING:
    from reactor.files.store import Files
    from reactor.runner.definition import Definition
    from reactor.runner.environment import Environment
    from reactor.runner.meta import DeploymentInfo
    from reactor.runner.registry import Kind
    from reactor.runtime.clock import Clock
    from reactor.runtime.random import Entropy

E = TypeVar("E", bound=Env)
T = TypeVar("T")

_UDF_TYPES: dict[Kind, UdfType] = {"query": "Query", "mutation": "Mutation", "action": "Action"}
SYSTEM = "_system/"
"""The engine's own functions; the log of executions is about the project's."""


@dataclass(frozen=True, slots=True)
class Call:
    """A function to be run.

    Args:
        path: as the client sent it.
        args: the arguments object as wire JSON.
        caller: for whom.
        component: the path of the space that has it; "" for the root.
        sees_internal: whether internal functions, and components, can be reached.
        request_id: 16 hex digits for error messages and the log.
        job: the scheduled function that it is.
        origin: where the request came from.
    """

    path: str
    args: bytes
    caller: Caller = ANONYMOUS
    component: str = ROOT
    sees_internal: bool = False
    request_id: str = ""
    job: str | None = None
    origin: Origin = INSIDE


Record = Callable[[bytes, int], list[Write]]
"""From a mutation's result and commit timestamp to the engine's own writes beside it."""


class Performer:
    """Sets up, drives and records the runs of one project's functions.

    Args:
        log: the data.
        spaces: the project and its components, by path.
        clock: the time that handlers see.
        entropy: seeds, ids and request ids.
        environment: the variables that functions see.
        deployment: what functions are told of where they run.
        files: file storage.
        is_production: whether log lines stay on the server, and queries run only once.
        committed: told of every commit before its outcome is returned.
        durable: waits until a timestamp is durable; for actions' mutations.
    """

    def __init__(
        self,
        log: Log,
        spaces: Mapping[str, Space],
        clock: Clock,
        entropy: Entropy,
        environment: Environment,
        deployment: DeploymentInfo,
        *,
        is_production: bool,
        files: Files,
        committed: Callable[[Invalidation], None],
        durable: Callable[[int], Awaitable[None]],
    ) -> None:
        self.log = log
        self.spaces = spaces
        self.clock = clock
        self.entropy = entropy
        self.environment = environment
        self.deployment = deployment
        self.is_production = is_production
        self.files = files
        self.executions = Executions(clock, entropy)
        self.jobs = {path: JobTable(log, entropy, place_of(path, JOBS)) for path in spaces}
        self.scheduling = Scheduling(self.jobs, self.transact, self.durable)
        self.listeners: list[Callable[[Invalidation], None]] = [committed]
        self._durable = durable

    @property
    def root(self) -> Space:
        """The project itself."""
        return self.spaces[ROOT]

    def request_id(self) -> str:
        """Sixteen hex digits that name one request in logs and errors."""
        return self.entropy.token(8).hex()

    # --- finding --------------------------------------------------------------------------

    def kind_of(self, call: Call) -> Kind:
        """The kind of the function that a call names; "query" when there is none."""
        try:
            return self._find(call).fn.kind
        except FunctionNotFound:
            return "query"

    def _find(self, call: Call) -> Definition:
        is_admin = call.caller.kind == "admin"
        # Only what an admin asks for itself: no function reaches these on somebody's behalf.
        system = self.root.functions.find_system(call.path, is_admin=is_admin)
        space = self.spaces.get(call.component)
        if space is None or not (space.is_root or call.sees_internal):
            # The same answer whether it is there or not: clients reach the root only.
            raise FunctionNotFound(
                f"Could not find public function for '{shown_path(call.path)}' in component "
                f"'{call.component[:200]}'. Clients reach the functions of the app itself."
            )
        if system is not None:
            return system
        return space.functions.find(call.path, sees_internal=call.sees_internal)

    # --- one run --------------------------------------------------------------------------

    def _new_run(self, kind: Kind, call: Call, tx: Transaction | None) -> Run:
        """A run of its own, and its execution."""
        usage = None if tx is None else tx.usage
        execution = self.executions.begin(_UDF_TYPES[kind], call, usage)
        space = self.spaces.get(call.component, self.root)
        return Run(
            call.path, space, kind, "public", _seen_from(space, call.caller), self.clock.now_ms,
            self.entropy.seeded, self, tx, execution, job=call.job,
        )  # fmt: skip

    def _child(self, parent: Run, definition: Definition, tx: Transaction | None) -> Run:
        """A run that another one calls; inside a transaction it is part of the same execution."""
        execution, kind = parent.execution, definition.fn.kind
        space = self.spaces[definition.component]
        if parent.tx is None:
            asked_by = execution.call.origin
            call = Call(
                definition.path, b"", parent.caller, space.path, request_id=execution.request_id,
                job=parent.job, origin=Origin("Action", asked_by.ip, asked_by.user_agent),
            )  # fmt: skip
            usage = None if tx is None else tx.usage
            execution = self.executions.begin(_UDF_TYPES[kind], call, usage, execution)
        return Run(
            definition.path, space, kind, definition.fn.visibility,
            _seen_from(space, parent.caller), self.clock.now_ms, self.entropy.seeded, self, tx,
            execution, parent.depth + 1, parent.job,
        )  # fmt: skip

    async def _perform(self, definition: Definition, run: Run, kwargs: dict[str, Any]) -> Any:
        """Runs a handler within its time.

        Raises:
            TimedOut: it took longer.
            OutOfMemory: it took more memory than it may.
            MustRestart: what it read has changed.
            Exception: what the handler raised.
        """
        token = begin(run)
        try:
            work = self._invoke(definition, run, kwargs)
            if run.tx is None:
                async with time_limit(self.clock, limits.ACTION_S_MAX):
                    return await work
            try:
                awaited = work.send(None)
            except StopIteration as stop:
                return stop.value
            run.has_suspended = True
            async with time_limit(self.clock, limits.TRANSACTION_S_MAX):
                return await resumed(work, awaited)
        except Overdue as overdue:
            where = overdue.__traceback__
            raise ended(run).with_traceback(where) from None
        except MemoryError as error:
            raise OutOfMemory(mib_allowed(run)).with_traceback(error.__traceback__) from None
        finally:
            end(token)
            if run.tx is None:
                self.executions.closed(run.execution)

    async def _invoke(self, definition: Definition, run: Run, kwargs: dict[str, Any]) -> Any:
        ctx = self._context(definition.fn.kind, run)
        fn = definition.fn
        try:
            if fn.guard is None:
                return await fn.handler(ctx, **kwargs)
            return await fn.handler(ctx, await fn.guard(ctx), **kwargs)
        except BaseExceptionGroup as group:
            # A TaskGroup wraps what its tasks raise; what is meant for us must reach us as it is.
            ours = group.subgroup((MustRestart, Overdue))
            if ours is None:
                raise
            raise _first(ours) from group

    def _context(self, kind: Kind, run: Run) -> QueryCtx | MutationCtx | ActionCtx:
        if kind == "action":
            return ActionCtx(run)
        assert run.tx is not None, "queries and mutations have a transaction"
        if kind == "query":
            return QueryCtx(run, DatabaseReader(run.tx, run.space.schema))
        return MutationCtx(run, DatabaseWriter(run.tx, run.space.schema, self.entropy))

    def read_env(self, run: Run, cls: type[E]) -> E:
        """The settings as of the transaction, or the newest, as its space sees them."""
        return self.environment.read(cls, run.tx, run.space)

    def _commit(
        self, tx: Transaction, source: str, value: bytes | None, record: Record | None
    ) -> int:
        assert value is not None, "only a mutation that succeeded is committed"
        ts = self.log.next_ts()
        extra = record(value, ts) if record is not None else []
        invalidation = tx.commit(source, extra, ts)
        if invalidation is None:
            return 0
        for listener in self.listeners:
            listener(invalidation)
        return invalidation.ts

    def transact(self, source: str, body: Callable[[Transaction], T]) -> T:
        """Runs and commits a transaction of the engine's own, in memory and in one step.

        Args:
            source: its name, such as "scheduler".
            body: what it does; it cannot suspend, so it cannot conflict.
        """
        tx = Transaction(self.log, self.clock.now_ms())
        try:
            result = body(tx)
            self._commit(tx, source, b"null", None)
        finally:
            tx.close()
        return result

    def draft(self, body: Callable[[Transaction], None]) -> list[Write]:
        """The writes of a transaction of the engine's own, to be committed beside a mutation's."""
        tx = Transaction(self.log, self.clock.now_ms())
        try:
            body(tx)
            return tx.writes()
        finally:
            tx.close()

    async def durable(self) -> None:
        """Returns once everything that is committed now has reached the disk."""
        await self._durable(self.log.last_ts)

    # --- the log of executions ------------------------------------------------------------

    def _ended(
        self, run: Run, value: bytes | None, failure: Failure | None, status: int | None = None
    ) -> None:
        """Records that a run has ended."""
        execution = run.execution
        execution.finish()
        if execution.usage is not None:
            for sentence in execution.usage.warnings():
                execution.logs.add("WARN", sentence)
        if not execution.path.startswith(SYSTEM):
            seconds = self.clock.monotonic() - execution.began
            size = None if value is None else len(value)
            self.executions.ended(execution, End(seconds, size, failure, status))

    def _lost(self, run: Run, cause: MustRestart | ReadsChanged, *, will_retry: bool) -> None:
        """Records that a run lost a race; what it printed is forgotten."""
        changed = cause.cause if isinstance(cause, MustRestart) else cause
        execution = run.execution
        execution.finish(forgets=True)
        error = too_contended(execution.path, changed)
        failure = Failure(f"{error}\n", None, error.code)
        seconds, conflict = (
            self.clock.monotonic() - execution.began,
            (changed.table, changed.source),
        )
        end = End(seconds, failure=failure, conflict=conflict, will_retry=will_retry)
        self.executions.ended(execution, end)

    # --- calls of others ------------------------------------------------------------------

    async def nested(self, run: Run, call: NestedCall) -> Any:
        """Runs another function for a running one.

        Raises:
            DeveloperError: calls are nested too deep, or it may not be called from here.
            LimitError: it went over what it may use.
            Exception: what the function raised.
        """
        if run.depth >= limits.CALL_DEPTH_MAX:
            raise DeveloperError(
                f"functions call each other {limits.CALL_DEPTH_MAX} deep; call a plain Python "
                "helper instead of another function",
                code="CallDepthExceeded",
            )
        if not is_function(call.fn):
            raise DeveloperError(
                f"run_{call.kind} takes a function that carries a decorator, such as @{call.kind}, "
                f"not {call.fn!r}; await a plain Python function directly",
                code="InvalidFunctionReference",
            )
        definition = run.space.resolve(call.fn)
        kind = definition.fn.kind
        if run.kind == "query" and kind != "query":
            article = "an" if kind == "action" else "a"
            raise WrongFunctionKind(
                f"Cannot call {article} {kind.capitalize()} function from a Query function"
            )
        if kind != call.kind:
            raise wrong_kind(definition, call.kind)
        if run.tx is None:
            return await self._from_action(run, definition, call)
        return await self._inside(run, run.tx, definition, call)

    async def _inside(
        self, parent: Run, tx: Transaction, definition: Definition, call: NestedCall
    ) -> Any:
        """A call in the same transaction; a failing child takes back its own writes only."""
        child = self._child(parent, definition, tx)
        saved, usage = tx.savepoint(), tx.usage
        caps = usage.caps
        if call.caps is not None:
            usage.caps = usage.narrowed(call.caps)
        token = begin(child)
        try:
            kwargs = definition.rebound(call.args, call.kwargs)
            result = await self._invoke(definition, child, kwargs)
            definition.result(result)
        except Exception:
            tx.restore(saved)
            raise
        finally:
            end(token)
            usage.caps = caps
            # In another space nobody is signed in, whoever calls.
            asked = child.read_identity and child.space is parent.space
            parent.read_identity = parent.read_identity or asked
            parent.read_clock = parent.read_clock or child.read_clock
        return result

    async def _from_action(self, parent: Run, definition: Definition, call: NestedCall) -> Any:
        """A call from an action: a transaction of its own, retried on its own."""
        kwargs = definition.rebound(call.args, call.kwargs)
        if definition.fn.kind == "action":
            result, _ = await self._called(
                self._child(parent, definition, None), definition, kwargs
            )
            return result
        cause: MustRestart | ReadsChanged | None = None
        for attempt in range(limits.CONFLICT_RETRIES_MAX + 1):
            if attempt:
                await self.clock.back_off(limits.CONFLICT_BACKOFF_MS * 2**attempt / 1000)
                kwargs = definition.rebound(call.args, call.kwargs)
            tx = Transaction(self.log, self.clock.now_ms())
            child = self._child(parent, definition, tx)
            try:
                result, wire = await self._called(child, definition, kwargs)
                if definition.fn.kind == "mutation":
                    self._commit(tx, definition.path, wire, None)
            except (MustRestart, ReadsChanged) as changed:
                cause = changed
                self._lost(child, changed, will_retry=attempt < limits.CONFLICT_RETRIES_MAX)
                continue
            finally:
                tx.close()
            self._ended(child, wire, None)
            await self.durable()
            return result
        raise too_contended(definition.path, cause)

    async def _called(
        self, child: Run, definition: Definition, kwargs: dict[str, Any]
    ) -> tuple[Any, bytes]:
        """Runs what an action calls; a failure is recorded and goes on to the action."""
        try:
            result = await self._perform(definition, child, kwargs)
            wire = definition.result(result)
        except Exception as error:
            self._ended(child, None, failure_of(error))
            raise
        if child.tx is None:
            self._ended(child, wire, None)
        return result, wire


def _seen_from(space: Space, caller: Caller) -> Caller:
    """Who is asking is the app's own affair: it tells a component what it should know."""
    return caller if space.is_root else ANONYMOUS


def wrong_kind(definition: Definition, asked: Kind) -> WrongFunctionKind:
    """The refusal of a function that is asked for as what it is not."""
    return WrongFunctionKind(
        f"Trying to execute {definition.module_path} as {asked.capitalize()}, but it is defined as "
        f"{definition.fn.kind.capitalize()}."
    )


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    inner: Any = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner  # pyright: ignore[reportUnknownArgumentType]  # of BaseException


def too_contended(path: str, cause: MustRestart | ReadsChanged | None) -> Conflict:
    """The error of a function whose reads changed each time it was tried."""
    changed = cause.cause if isinstance(cause, MustRestart) else cause
    where = f'table "{changed.table}"' if changed is not None else "the database"
    return Conflict(
        f"Documents read from or written to {where} changed while {path} was being run and on "
        "every subsequent retry. Another call to this function changed them. See "
        "https://docs.convex.dev/error#1"
    )
