"""The runner: a function, its arguments and a caller in; an outcome out.

Queries and mutations are coroutines that usually finish in their first step. A run whose reads were
changed under it starts again from scratch, which is safe because nothing leaves it before it ends.
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
    InternalError,
    WrongFunctionKind,
)
from reactor.log.commit import Invalidation, Log, ReadsChanged
from reactor.log.reads import ReadSet
from reactor.log.snapshot import Write
from reactor.runner.arguments import parse_args
from reactor.runner.context import ActionCtx, MutationCtx, QueryCtx, Run
from reactor.runner.env import Env
from reactor.runner.failure import Failure, failure_of
from reactor.runner.jobs import TABLE as JOBS
from reactor.runner.jobs import JobTable
from reactor.runner.loader import shown_path
from reactor.runner.logs import begin, end
from reactor.runner.scheduling import Scheduling
from reactor.runner.space import ROOT, Space, Within
from reactor.schema.places import place_of
from reactor.transaction.database import DatabaseReader, DatabaseWriter
from reactor.transaction.transaction import MustRestart, Transaction

if TYPE_CHECKING:
    from reactor.files.store import Files
    from reactor.runner.definition import Definition
    from reactor.runner.environment import Environment
    from reactor.runner.registry import Fn, Kind
    from reactor.runtime.clock import Clock
    from reactor.runtime.random import Entropy

E = TypeVar("E", bound=Env)
T = TypeVar("T")


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
        log_lines: what it printed.
    """

    value: bytes | None
    failure: Failure | None
    reads: ReadSet
    ts: int
    journal: str | None = None
    read_identity: bool = False
    read_clock: bool = False
    log_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A function to be run.

    Args:
        path: as the client sent it.
        args: the arguments object as wire JSON.
        caller: for whom.
        component: the path of the space that has it; "" for the root.
        sees_internal: whether internal functions, and components, can be reached.
        request_id: 16 hex digits for error messages.
        job: the scheduled function that it is.
    """

    path: str
    args: bytes
    caller: Caller = ANONYMOUS
    component: str = ROOT
    sees_internal: bool = False
    request_id: str = ""
    job: str | None = None


Record = Callable[[bytes, int], list[Write]]
"""From a mutation's result and commit timestamp to the engine's own writes beside it."""


class Runner:
    """Runs the functions of one project.

    Args:
        log: the data.
        spaces: the project and its components, by path.
        clock: the time that handlers see.
        entropy: seeds, ids and request ids.
        environment: the variables that functions see.
        files: file storage.
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
        *,
        files: Files,
        committed: Callable[[Invalidation], None],
        durable: Callable[[int], Awaitable[None]],
    ) -> None:
        self.log = log
        self.spaces = spaces
        self.clock = clock
        self.entropy = entropy
        self.environment = environment
        self.files = files
        self.query_runs = 0
        self.mutation_runs = 0
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

    def _definition(self, call: Call, kind: Kind) -> Definition:
        found = self._find(call)
        if found.fn.kind != kind:
            raise WrongFunctionKind(
                f"Trying to execute {found.module_path} as {kind.capitalize()}, but it is defined "
                f"as {found.fn.kind.capitalize()}."
            )
        return found

    async def query(
        self, call: Call, *, journal: str | None = None, at_ts: int | None = None
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
        for _ in range(limits.CONFLICT_RETRIES_MAX + 1):
            self.query_runs += 1
            tx = Transaction(self.log, self.clock.now_ms(), at_ts)
            tx.journal = journal
            run = self._new_run(call, tx)
            try:
                value, failure = await self._attempt(call, "query", run)
            except MustRestart:
                continue
            finally:
                tx.close()
            return Outcome(
                value, failure, tx.reads, tx.begin_ts if at_ts is None else at_ts,
                journal=tx.page_end, read_identity=run.read_identity, read_clock=run.read_clock,
                log_lines=run.logs.taken(),
            )  # fmt: skip
        raise _too_contended(call.path)

    async def mutation(self, call: Call, record: Record | None = None) -> Outcome:
        """Runs a mutation and commits it; the commit is in memory, not yet durable.

        Args:
            call: which, with what, for whom.
            record: writes of the engine's own that commit with it.

        Raises:
            Conflict: what it read changed each time it was tried.
        """
        delay_ms = limits.CONFLICT_BACKOFF_MS
        for attempt in range(limits.CONFLICT_RETRIES_MAX + 1):
            if attempt:
                jitter = 0.5 + self.entropy.token(1)[0] / 255
                await self.clock.back_off(delay_ms * jitter / 1000)
                delay_ms = min(delay_ms * 2, limits.CONFLICT_BACKOFF_MAX_MS)
            self.mutation_runs += 1
            tx = Transaction(self.log, self.clock.now_ms())
            run = self._new_run(call, tx)
            try:
                value, failure = await self._attempt(call, "mutation", run)
                ts = self._commit(tx, call.path, value, record) if failure is None else 0
            except (MustRestart, ReadsChanged):
                continue
            finally:
                tx.close()
            ts = ts or self.log.last_ts
            return Outcome(value, failure, tx.reads, ts, log_lines=run.logs.taken())
        raise _too_contended(call.path)

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

    async def unregistered(self, body: Callable[[MutationCtx], Awaitable[T]], caller: Caller) -> T:
        """Runs a coroutine function as a mutation that no client can name; for tests and seeds.

        Raises:
            Conflict: it suspended, and what it read changed each time it was tried.
        """
        for _ in range(limits.CONFLICT_RETRIES_MAX + 1):
            tx = Transaction(self.log, self.clock.now_ms())
            run = self._new_run(Call("unregistered", b"{}", caller), tx)
            try:
                with Within(run.space):
                    result = await body(self._mutation_context(run, tx))
                self._commit(tx, "unregistered", b"null", None)
            except (MustRestart, ReadsChanged):
                continue
            finally:
                tx.close()
            return result
        raise _too_contended("an unregistered mutation")

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

    async def action(self, call: Call) -> Outcome:
        """Runs an action; it is never run twice."""
        run = self._new_run(call, None)
        value, failure = await self._attempt(call, "action", run)
        lines = run.logs.taken()
        return Outcome(value, failure, ReadSet.empty(), self.log.last_ts, log_lines=lines)

    async def unregistered_action(
        self,
        name: str,
        body: Callable[[ActionCtx], Awaitable[T]],
        caller: Caller,
        component: str = ROOT,
    ) -> T:
        """Runs a coroutine function as an action that no client can name, such as an HTTP route.

        Args:
            name: what it is called in logs.
            body: the coroutine function.
            caller: for whom.
            component: the path of the space that it is part of.
        """
        call = Call(name, b"{}", caller, component, request_id=self.request_id())
        run = self._new_run(call, None)
        with Within(run.space):
            return await body(ActionCtx(run))

    def _new_run(self, call: Call, tx: Transaction | None, depth: int = 0) -> Run:
        if tx is None:
            now_ms = self.clock.now_ms
        else:
            frozen = tx.now_ms

            def now_ms() -> float:
                return frozen

        space = self.spaces.get(call.component, self.root)
        # Who is asking is the app's own affair: it tells a component what it should know.
        caller = call.caller if space.is_root else ANONYMOUS
        return Run(
            call.path, space, caller, now_ms, self.entropy.seeded, self, tx, depth,
            request_id=call.request_id, job=call.job,
        )  # fmt: skip

    def _child(self, parent: Run, definition: Definition, tx: Transaction | None) -> Run:
        call = Call(
            definition.path, b"{}", parent.caller, definition.component,
            request_id=parent.request_id, job=parent.job,
        )  # fmt: skip
        child = self._new_run(call, tx, parent.depth + 1)
        child.logs = parent.logs
        return child

    async def _attempt(
        self, call: Call, kind: Kind, run: Run
    ) -> tuple[bytes | None, Failure | None]:
        token = begin(run.logs)
        try:
            definition = self._definition(call, kind)
            kwargs = definition.arguments(parse_args(call.args))
            result = await self._invoke(definition, run, kwargs)
            return definition.result(result), None
        except InternalError as error:
            if kind != "action":
                raise
            # An action is never run twice, so what its calls could not do is its caller's to know.
            return None, failure_of(error)
        except Exception as error:
            # A handler may raise anything; whatever it is becomes the caller's answer.
            return None, failure_of(error)
        finally:
            end(token)

    async def _invoke(self, definition: Definition, run: Run, kwargs: dict[str, Any]) -> Any:
        ctx = self._context(definition.fn.kind, run)
        fn = definition.fn
        try:
            with Within(run.space):
                if fn.guard is None:
                    return await fn.handler(ctx, **kwargs)
                return await fn.handler(ctx, await fn.guard(ctx), **kwargs)
        except BaseExceptionGroup as group:
            # A TaskGroup wraps what its tasks raise; a restart must reach the runner as it is.
            restart = group.subgroup(MustRestart)
            if restart is None:
                raise
            raise _first(restart) from group

    def _context(self, kind: Kind, run: Run) -> QueryCtx | MutationCtx | ActionCtx:
        if kind == "action":
            return ActionCtx(run)
        assert run.tx is not None, "queries and mutations have a transaction"
        if kind == "query":
            return QueryCtx(run, DatabaseReader(run.tx, run.space.schema))
        return self._mutation_context(run, run.tx)

    def _mutation_context(self, run: Run, tx: Transaction) -> MutationCtx:
        return MutationCtx(run, DatabaseWriter(tx, run.space.schema, self.entropy))

    def read_env(self, run: Run, cls: type[E]) -> E:
        """The settings as of the transaction, or the newest, as its space sees them."""
        return self.environment.read(cls, run.tx, run.space)

    async def nested(
        self, run: Run, fn: Fn[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Runs another function for a running one.

        Raises:
            DeveloperError: calls are nested too deep.
            Exception: what the function raised.
        """
        if run.depth >= limits.CALL_DEPTH_MAX:
            raise DeveloperError(
                f"functions call each other {limits.CALL_DEPTH_MAX} deep; call a plain Python "
                "helper instead of another function",
                code="CallDepthExceeded",
            )
        definition = run.space.resolve(fn)
        if definition.fn.kind != fn.kind:
            raise WrongFunctionKind(
                f"Trying to execute {definition.module_path} as {fn.kind.capitalize()}, but it is "
                f"defined as {definition.fn.kind.capitalize()}."
            )
        if run.tx is None:
            return await self._from_action(run, definition, args, kwargs)
        return await self._inside(run, run.tx, definition, args, kwargs)

    async def _inside(
        self,
        parent: Run,
        tx: Transaction,
        definition: Definition,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """A call in the same transaction; a failing child takes back its own writes only."""
        child = self._child(parent, definition, tx)
        saved = tx.savepoint()
        try:
            result = await self._invoke(definition, child, definition.rebound(args, kwargs))
            definition.result(result)
        except Exception:
            tx.restore(saved)
            raise
        finally:
            # In another space nobody is signed in, whoever calls.
            asked = child.read_identity and child.space is parent.space
            parent.read_identity = parent.read_identity or asked
            parent.read_clock = parent.read_clock or child.read_clock
        return result

    async def _from_action(
        self, parent: Run, definition: Definition, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """A call from an action: a transaction of its own, retried on its own."""
        if definition.fn.kind == "action":
            child = self._child(parent, definition, None)
            result = await self._invoke(definition, child, definition.rebound(args, kwargs))
            definition.result(result)
            return result
        for attempt in range(limits.CONFLICT_RETRIES_MAX + 1):
            if attempt:
                await self.clock.back_off(limits.CONFLICT_BACKOFF_MS * 2**attempt / 1000)
            tx = Transaction(self.log, self.clock.now_ms())
            child = self._child(parent, definition, tx)
            try:
                result = await self._invoke(definition, child, definition.rebound(args, kwargs))
                wire = definition.result(result)
                if definition.fn.kind == "mutation":
                    self._commit(tx, definition.path, wire, None)
            except (MustRestart, ReadsChanged):
                continue
            finally:
                tx.close()
            await self.durable()
            return result
        raise _too_contended(definition.path)


def _first(group: BaseExceptionGroup[MustRestart]) -> MustRestart:
    inner = group.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner


def _too_contended(path: str) -> Conflict:
    return Conflict(
        f"Documents read from or written to by {path} changed while it was being run and on every "
        "subsequent retry. Another call to this function changed them. See "
        "https://docs.convex.dev/error#1"
    )
