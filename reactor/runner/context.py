"""What a function is handed as `ctx`: only what its kind may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar

from reactor.errors import DatabaseError, WrongFunctionKind
from reactor.files.access import Storage, StorageReader, StorageWriter
from reactor.files.tables import STORAGE
from reactor.runner.env import Env
from reactor.runner.meta import ActionMeta, DeploymentInfo, MutationMeta, QueryMeta
from reactor.runner.scheduling import Scheduler, Scheduling
from reactor.runner.vectors import Scored, vector_search
from reactor.runtime.random import Random, uuid_from
from reactor.schema.places import place_of
from reactor.schema.table import Document
from reactor.transaction.system import SystemTable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from uuid import UUID

    from reactor.auth.identity import Caller, UserIdentity
    from reactor.files.store import Files
    from reactor.log.commit import Log
    from reactor.runner.executions import Execution
    from reactor.runner.registry import ActionFn, Fn, Kind, MutationFn, QueryFn, Visibility
    from reactor.runner.space import Space
    from reactor.runtime.random import Entropy
    from reactor.schema.columns import Bound
    from reactor.schema.index import VectorIndexRef
    from reactor.transaction.database import DatabaseReader, DatabaseWriter
    from reactor.transaction.transaction import Transaction

P = ParamSpec("P")
R = TypeVar("R")
E = TypeVar("E", bound=Env)
D = TypeVar("D", bound=Document)


class Calls(Protocol):
    """How a running function calls others; the runner is the only one."""

    deployment: DeploymentInfo
    entropy: Entropy
    log: Log

    @property
    def files(self) -> Files:
        """File storage."""
        ...

    async def nested(self, run: Run, call: NestedCall) -> Any:
        """Runs another function for this one and returns its Python result."""
        ...

    @property
    def scheduling(self) -> Scheduling:
        """How a running function schedules others."""
        ...

    async def durable(self) -> None:
        """Returns once everything that is committed now has reached the disk."""
        ...

    def read_env(self, run: Run, cls: type[E]) -> E:
        """The settings as of the transaction, or the newest, as its space sees them."""
        ...


@dataclass(frozen=True, slots=True)
class NestedCall:
    """A function that another one calls.

    Args:
        kind: what it is called as.
        fn: the function object, or a reference.
        args: positional arguments.
        kwargs: the others.
        caps: how much more of its transaction's limits it may use, by counter.
    """

    kind: Kind
    fn: Fn[..., Any]
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    caps: Mapping[str, int] | None = None


@dataclass(slots=True)
class Run:
    """One function that is running, with everything it may touch.

    Args:
        name: its wire path, such as `news:list`.
        space: whose function it is.
        kind: what it runs as.
        visibility: whether clients may call it.
        caller: for whom it runs.
        clock_ms: the time as it passes.
        seed: makes its random generator when it is first used.
        calls: how it calls others.
        tx: its transaction; None in an action.
        execution: what the log will say; shared with the functions that run inside its transaction.
        depth: how many calls it is nested in.
        job: the scheduled function that it is, or is part of.
        read_identity: whether it asked who is calling.
        read_clock: whether it asked for the time.
        has_suspended: whether it did not finish in its first step.
    """

    name: str
    space: Space
    kind: Kind
    visibility: Visibility
    caller: Caller
    clock_ms: Callable[[], float]
    seed: Callable[[], Random]
    calls: Calls
    tx: Transaction | None
    execution: Execution
    depth: int = 0
    job: str | None = None
    read_identity: bool = False
    read_clock: bool = False
    has_suspended: bool = False
    random: Random | None = None

    def now_ms(self) -> float:
        """Its time: frozen in a query or a mutation, passing in an action."""
        return self.clock_ms() if self.tx is None else self.tx.now_ms


class Auth:
    """Who is calling."""

    __slots__ = ("_run",)

    def __init__(self, run: Run) -> None:
        self._run = run

    async def get_user_identity(self) -> UserIdentity | None:
        """The verified identity of the caller; None in components, and when nobody is signed in."""
        self._run.read_identity = True
        return self._run.caller.identity

    @property
    def is_admin(self) -> bool:
        """Whether the deployment itself is calling: its admin key, or its own scheduler."""
        self._run.read_identity = True
        return self._run.caller.kind == "admin"


class _Ctx:
    __slots__ = ("_run", "auth")

    def __init__(self, run: Run) -> None:
        self._run = run
        self.auth = Auth(run)

    @property
    def random(self) -> Random:
        """A generator that is seeded for this run."""
        if self._run.random is None:
            self._run.random = self._run.seed()
        return self._run.random

    def now(self) -> datetime:
        """The time, aware and in UTC; the same throughout a query or a mutation."""
        return datetime.fromtimestamp(self.now_ms() / 1000.0, UTC)

    def now_ms(self) -> float:
        """Milliseconds since the epoch; the same throughout a query or a mutation."""
        self._run.read_clock = True
        return self._run.now_ms()

    def uuid(self) -> UUID:
        """A version 4 UUID from `random`."""
        return uuid_from(self.random)

    def env(self, cls: type[E], /) -> E:
        """The deployment's current settings.

        Raises:
            ProjectError: a variable is missing or cannot be read; it is named.
        """
        return self._run.calls.read_env(self._run, cls)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            refused = _REFUSED.get((self._run.kind, name))
            if refused is None:
                raise AttributeError(f"{type(self).__name__!r} has no attribute {name!r}")
            raise WrongFunctionKind(refused)


_REFUSED = {
    ("query", "run_mutation"): "Cannot call a Mutation function from a Query function",
    ("query", "run_action"): "Cannot call an Action function from a Query function",
    ("mutation", "run_action"): "Cannot call an Action function from a Mutation function",
    (
        "action",
        "db",
    ): "Actions have no database: read with ctx.run_query, write with ctx.run_mutation",
}
"""What a kind of function cannot do, in words; type checkers say so before it is run."""


class _Calling:
    """What can call other functions: a context, or what `within` makes of one."""

    __slots__ = ()

    _run: Run
    _caps: Mapping[str, int] | None = None

    async def _call(self, kind: Kind, fn: Fn[..., Any], args: Any, kwargs: Any) -> Any:
        return await self._run.calls.nested(
            self._run, NestedCall(kind, fn, args, kwargs, self._caps)
        )


class _Queries(_Calling):
    __slots__ = ()

    async def run_query(self, fn: QueryFn[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs another query: at the same timestamp, or at the newest one in an action.

        Raises:
            LimitError: it needs more than it may use.
        """
        result: R = await self._call("query", fn, args, kwargs)
        return result


class _Mutations(_Queries):
    __slots__ = ()

    async def run_mutation(self, fn: MutationFn[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs another mutation.

        In a mutation it is part of the transaction, and if it fails, only its own writes are
        undone. In an action it is a transaction of its own, durable when this returns.

        Raises:
            LimitError: it needs more than it may use.
        """
        result: R = await self._call("mutation", fn, args, kwargs)
        return result


class QueriesWithin(_Queries):
    """A query's calls of others, with limits: what `ctx.within(...)` gives."""

    __slots__ = ("_caps", "_run")

    def __init__(self, run: Run, allowed: Mapping[str, int | None]) -> None:
        self._run = run
        self._caps = {counter: most for counter, most in allowed.items() if most is not None}
        wrong = [f"{counter}={most!r}" for counter, most in self._caps.items() if most < 0]
        if wrong:
            raise DatabaseError(f"within() takes whole numbers from 0 up, not {', '.join(wrong)}")


class MutationsWithin(QueriesWithin, _Mutations):
    """A mutation's calls of others, with limits: what `ctx.within(...)` gives."""

    __slots__ = ()


class QueryCtx(_Ctx, _Queries):
    """What a query can do: read, and call other queries at the same timestamp."""

    __slots__ = ("_db",)

    def __init__(self, run: Run, db: DatabaseReader) -> None:
        super().__init__(run)
        self._db = db

    @property
    def db(self) -> DatabaseReader:
        """The database at one timestamp."""
        return self._db

    @property
    def storage(self) -> StorageReader:
        """Files, at the same timestamp."""
        return StorageReader(self._run.calls.files, self._run.tx, _files_of(self._run))

    @property
    def meta(self) -> QueryMeta:
        """Facts about this run."""
        return QueryMeta(self._run)

    def within(
        self,
        *,
        bytes_read: int | None = None,
        bytes_written: int | None = None,
        database_queries: int | None = None,
        documents_read: int | None = None,
        documents_written: int | None = None,
        functions_scheduled: int | None = None,
        scheduled_function_args_bytes: int | None = None,
    ) -> QueriesWithin:
        """Calls of other functions that may use at most so much of what is left.

        A call that needs more raises LimitError, and nothing of what it wrote stays.
        """
        allowed = {name: value for name, value in locals().items() if name != "self"}
        return QueriesWithin(self._run, allowed)


def transaction_of(ctx: QueryCtx) -> Transaction:
    """The transaction behind a context; for the engine's own functions."""
    tx = ctx._run.tx  # pyright: ignore[reportPrivateUsage]  # this module's own
    assert tx is not None, "queries and mutations have a transaction"
    return tx


def _files_of(run: Run) -> str:
    return place_of(run.space.path, STORAGE)


def space_of(ctx: QueryCtx) -> Space:
    """The space behind a context; for the engine's own functions."""
    return ctx._run.space  # pyright: ignore[reportPrivateUsage]  # this module's own


def system_table(ctx: MutationCtx, name: str) -> SystemTable:
    """One of the engine's own tables, in a mutation's transaction; for its own functions."""
    run = ctx._run  # pyright: ignore[reportPrivateUsage]  # this module's own
    return SystemTable(transaction_of(ctx), place_of(run.space.path, name), run.calls.entropy)


class MutationCtx(QueryCtx, _Mutations):
    """What a mutation can do: read, write, and call other queries and mutations inside itself."""

    __slots__ = ("_writer", "scheduler")

    def __init__(self, run: Run, db: DatabaseWriter) -> None:
        super().__init__(run, db)
        self._writer = db
        self.scheduler = Scheduler(run)

    @property
    def db(self) -> DatabaseWriter:
        """The database at one timestamp, with this mutation's own writes."""
        return self._writer

    @property
    def storage(self) -> StorageWriter:
        """Files; what is deleted here is deleted when the mutation commits."""
        return StorageWriter(self._run.calls.files, self._run.tx, _files_of(self._run))

    @property
    def meta(self) -> MutationMeta:
        """Facts about this run."""
        return MutationMeta(self._run)

    def within(
        self,
        *,
        bytes_read: int | None = None,
        bytes_written: int | None = None,
        database_queries: int | None = None,
        documents_read: int | None = None,
        documents_written: int | None = None,
        functions_scheduled: int | None = None,
        scheduled_function_args_bytes: int | None = None,
    ) -> MutationsWithin:
        """Calls of other functions that may use at most so much of what is left.

        A call that needs more raises LimitError, and nothing of what it wrote stays.
        """
        allowed = {name: value for name, value in locals().items() if name != "self"}
        return MutationsWithin(self._run, allowed)


class ActionCtx(_Ctx, _Mutations):
    """What an action can do: use the network, and call functions, each a transaction of its own."""

    __slots__ = ("scheduler",)

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.scheduler = Scheduler(run)

    @property
    def storage(self) -> Storage:
        """Files: to store, to read, to remove."""
        return Storage(self._run.calls.files, None, _files_of(self._run))

    @property
    def meta(self) -> ActionMeta:
        """Facts about this run."""
        return ActionMeta(self._run)

    async def vector_search(
        self,
        index: VectorIndexRef[D],
        vector: Sequence[float],
        /,
        *,
        limit: int = 10,
        any_of: Sequence[Bound[D]] = (),
    ) -> list[Scored[D]]:
        """The documents whose vectors are nearest, the nearest first; exact.

        Args:
            index: a vector index.
            vector: what is looked for.
            limit: documents, 1 to 256.
            any_of: equalities on its filter columns, one of which must fit.

        Raises:
            DatabaseError: the index, the vector, the limit or an equality does not fit.
            LimitError: too many equalities.
        """
        return await vector_search(self._run, index, vector, limit, any_of)

    async def run_action(self, fn: ActionFn[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs another action."""
        result: R = await self._call("action", fn, args, kwargs)
        return result
