"""What a function is handed as `ctx`: only what its kind may do."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ParamSpec, Protocol, TypeVar

from reactor.files.access import Storage, StorageReader, StorageWriter
from reactor.files.tables import STORAGE
from reactor.runner.env import Env
from reactor.runner.logs import LogLines
from reactor.runner.scheduling import Scheduler, Scheduling
from reactor.runtime.random import Random, uuid_from
from reactor.schema.objects import Object
from reactor.schema.places import place_of
from reactor.transaction.system import SystemTable

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from uuid import UUID

    from reactor.auth.identity import Caller, UserIdentity
    from reactor.files.store import Files
    from reactor.runner.registry import ActionFn, Fn, MutationFn, QueryFn
    from reactor.runner.space import Space
    from reactor.runtime.random import Entropy
    from reactor.transaction.database import DatabaseReader, DatabaseWriter
    from reactor.transaction.transaction import Transaction

P = ParamSpec("P")
R = TypeVar("R")
E = TypeVar("E", bound=Env)


class Calls(Protocol):
    """How a running function calls others; the runner is the only one."""

    entropy: Entropy

    @property
    def files(self) -> Files:
        """File storage."""
        ...

    async def nested(
        self, run: Run, fn: Fn[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Any:
        """Runs another function for this one and returns its Python result."""
        ...

    @property
    def scheduling(self) -> Scheduling:
        """How a running function schedules others."""
        ...

    def read_env(self, run: Run, cls: type[E]) -> E:
        """The settings as of the transaction, or the newest, as its space sees them."""
        ...


@dataclass(slots=True)
class Run:
    """One execution of one function, with everything it may touch.

    Args:
        name: its wire path, such as `news:list`.
        caller: for whom it runs.
        now_ms: its frozen clock; actions tell the time anew.
        space: whose function it is.
        seed: makes its random generator when it is first used.
        calls: how it calls others.
        tx: its transaction; None in an action.
        depth: how many calls it is nested in.
        request_id: 16 hex digits that its errors carry.
        job: the scheduled function that it is, or is part of.
        read_identity: whether it asked who is calling.
        read_clock: whether it asked for the time.
        logs: what it prints; a nested run shares its caller's.
    """

    name: str
    space: Space
    caller: Caller
    now_ms: Callable[[], float]
    seed: Callable[[], Random]
    calls: Calls
    tx: Transaction | None
    depth: int = 0
    request_id: str = ""
    job: str | None = None
    read_identity: bool = False
    read_clock: bool = False
    random: Random | None = None
    logs: LogLines = dataclass_field(default_factory=LogLines)


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


class FunctionInfo(Object):
    """What is running."""

    name: str


class Meta:
    """Facts about the run itself."""

    __slots__ = ("function",)

    def __init__(self, run: Run) -> None:
        self.function = FunctionInfo(name=run.name)


class _Ctx:
    __slots__ = ("_run", "auth")

    def __init__(self, run: Run) -> None:
        self._run = run
        self.auth = Auth(run)

    @property
    def meta(self) -> Meta:
        """Facts about the run itself."""
        return Meta(self._run)

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

    def _nested(self, fn: Fn[..., Any], args: Any, kwargs: Any) -> Awaitable[Any]:
        return self._run.calls.nested(self._run, fn, args, kwargs)


class QueryCtx(_Ctx):
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

    async def run_query(self, fn: QueryFn[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs another query at the same timestamp."""
        result: R = await self._nested(fn, args, kwargs)
        return result


def transaction_of(ctx: QueryCtx) -> Transaction:
    """The transaction behind a context; for the engine's own functions."""
    tx = ctx._run.tx  # pyright: ignore[reportPrivateUsage]  # this module's own
    assert tx is not None, "queries and mutations have a transaction"
    return tx


def _files_of(run: Run) -> str:
    return place_of(run.space.path, STORAGE)


def space_of(ctx: QueryCtx) -> Space:
    """The space that a run belongs to; for the engine's own functions."""
    return ctx._run.space  # pyright: ignore[reportPrivateUsage]  # this module's own


def system_table(ctx: MutationCtx, name: str) -> SystemTable:
    """One of the engine's own tables, in a mutation's transaction; for its own functions."""
    run = ctx._run  # pyright: ignore[reportPrivateUsage]  # this module's own
    return SystemTable(transaction_of(ctx), place_of(run.space.path, name), run.calls.entropy)


class MutationCtx(QueryCtx):
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

    async def run_mutation(self, fn: MutationFn[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs another mutation in this transaction; if it fails, only its writes are undone."""
        result: R = await self._nested(fn, args, kwargs)
        return result


class ActionCtx(_Ctx):
    """What an action can do: use the network, and call functions, each a transaction of its own."""

    __slots__ = ("scheduler",)

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self.scheduler = Scheduler(run)

    @property
    def storage(self) -> Storage:
        """Files: to store, to read, to remove."""
        return Storage(self._run.calls.files, None, _files_of(self._run))

    async def run_query(self, fn: QueryFn[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs a query at the newest timestamp."""
        result: R = await self._nested(fn, args, kwargs)
        return result

    async def run_mutation(self, fn: MutationFn[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs a mutation as a transaction of its own; it is durable when this returns."""
        result: R = await self._nested(fn, args, kwargs)
        return result

    async def run_action(self, fn: ActionFn[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs another action."""
        result: R = await self._nested(fn, args, kwargs)
        return result
