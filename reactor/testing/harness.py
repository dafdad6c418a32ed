"""A node for tests: the real runner, transactions, log and sessions over memory storage."""

from __future__ import annotations

import json as json_module
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar

import httpx2
import orjson

from reactor.app import Reactor
from reactor.auth.identity import ANONYMOUS, Caller
from reactor.errors import AppError, DeveloperError
from reactor.runner.run import Call, Outcome
from reactor.schema.table import Table
from reactor.testing.feed import Feed
from reactor.testing.machine import ADMIN_KEY, Machine, caller_of
from reactor.values.json import from_json

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from types import ModuleType

    from reactor.app import Node
    from reactor.runner.component import Component
    from reactor.runner.context import ActionCtx, MutationCtx
    from reactor.runner.definition import Definition
    from reactor.runner.env import Env
    from reactor.runner.registry import ActionFn, Fn, MutationFn, QueryFn
    from reactor.runtime.clock import VirtualClock
    from reactor.runtime.random import Random
    from reactor.schema.fields import Id
    from reactor.testing.faults import Fault, FaultPoint
    from reactor.transaction.database import DatabaseReader

P = ParamSpec("P")
R = TypeVar("R")
W = TypeVar("W", bound=Table)

ISSUER = "https://issuer.test"
SITE = "http://site.test"


class Harness:
    """Calls a project's functions in tests, as somebody.

    Args:
        machine: what the node runs on; everyone who calls the same node shares it.
        caller: who calls.
        claims: those of the caller's token, if it has one.
    """

    def __init__(
        self, machine: Machine, caller: Caller = ANONYMOUS, claims: dict[str, Any] | None = None
    ) -> None:
        self._machine = machine
        self._caller = caller
        self._claims = claims

    @property
    def node(self) -> Node:
        """The running node, for white-box asserts."""
        return self._machine.node

    @property
    def clock(self) -> VirtualClock:
        """The clock of the node, which stands still until `advance`."""
        return self._machine.clock

    @property
    def seed(self) -> int:
        """What every id, time and random number of this node follows from."""
        return self._machine.seed

    @property
    def random(self) -> Random:
        """For the test's own choices, so that they repeat with the seed."""
        return self._machine.random

    @property
    def query_runs(self) -> int:
        """How often the handler of a query has run, re-runs of subscriptions included."""
        return self.node.hub.runner.query_runs

    @property
    def mutation_runs(self) -> int:
        """How often the handler of a mutation has run, second tries included."""
        return self.node.hub.runner.mutation_runs

    async def __aenter__(self) -> Self:
        await self._machine.start()
        return self

    async def __aexit__(self, _: object, error: BaseException | None, __: object) -> None:
        if error is not None:
            error.add_note(f"reactor.testing: the seed was {self.seed}")
        await self._machine.stop()

    async def restart(self) -> None:
        """Kills the node and starts it again on what the disk held, as after a power cut.

        The clock stands where it stood. Subscriptions end; whoever waited for the disk gets
        StorageFailed.
        """
        await self._machine.kill()
        await self._machine.start()

    def replay(self, seed: int | None = None, /) -> Harness:
        """The same project from the beginning, on a node of its own.

        Args:
            seed: another one; the same by default, and then everything repeats.
        """
        machine = self._machine
        seed = machine.seed if seed is None else seed
        return Harness(Machine(machine.project, machine.env, seed, crons=machine.crons))

    def fail(self, point: FaultPoint, /, *, times: int = 1) -> Fault:
        """Breaks the node at a named point, until the fault is mended.

        Args:
            point: `append`, the next batch does not reach the disk and the node stops; `commit`,
                the next commit finds its reads changed; `disk`, nothing becomes durable.
            times: how often a `commit` is refused; after five a mutation gives up.
        """
        return self._machine.faults.fail(point, times)

    def with_identity(self, *, subject: str = "user_test", **claims: Any) -> Harness:
        """The same node, called by somebody whose token was verified.

        Args:
            subject: the `sub` claim.
            claims: further OIDC claims, such as `email=…`.
        """
        whole = {"iss": ISSUER, "sub": subject, **claims}
        return Harness(self._machine, caller_of(whole), whole)

    def as_admin(self) -> Harness:
        """The same node, called with the deployment's admin key."""
        return Harness(self._machine, Caller.admin())

    def _definition(self, fn: Fn[..., Any]) -> Definition:
        return self.node.loaded.root.resolve(fn)

    def _call(self, fn: Fn[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call:
        definition = self._definition(fn)
        named = dict(zip(definition.positions, args, strict=False)) | kwargs
        body = orjson.dumps(definition.write_args(named))
        return Call(
            definition.path, body, self._caller, component=definition.component, sees_internal=True
        )

    def _result(self, fn: Fn[..., Any], outcome: Outcome) -> Any:
        return self._reader(fn)(orjson.loads(_value(outcome)))

    def _reader(self, fn: Fn[..., Any]) -> Callable[[Any], Any]:
        definition = self._definition(fn)
        if definition.returns is None:
            return from_json
        return definition.returns.reader(definition.tables)

    async def query(self, fn: QueryFn[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs a query.

        Raises:
            AppError: what it raised.
            DeveloperError: it failed otherwise; `code` says how.
        """
        outcome = await self.node.hub.queries.ask(self._call(fn, args, dict(kwargs)))
        result: R = self._result(fn, outcome)
        return result

    async def mutation(self, fn: MutationFn[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs a mutation; its writes are durable, and pushed, when this returns.

        Raises:
            AppError: what it raised.
            DeveloperError: it failed otherwise; `code` says how.
        """
        outcome = await self.node.hub.runner.mutation(self._call(fn, args, dict(kwargs)))
        await self.node.hub.durable(outcome.ts)
        result: R = self._result(fn, outcome)
        return result

    async def action(self, fn: ActionFn[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs an action.

        Raises:
            AppError: what it raised.
            DeveloperError: it failed otherwise; `code` says how.
        """
        outcome = await self.node.hub.runner.action(self._call(fn, args, dict(kwargs)))
        result: R = self._result(fn, outcome)
        return result

    async def call(self, path: str, args: Mapping[str, Any] | None = None) -> Any:
        """Calls a public function by its wire path, as a client would; wire names in and out.

        Raises:
            AppError: what it raised.
            DeveloperError: it failed otherwise, arguments and path included.
        """
        is_admin = self._caller.kind == "admin"
        body = orjson.dumps(args or {})
        call = Call(path, body, self._caller, sees_internal=is_admin)
        runner = self.node.hub.runner
        kind = runner.kind_of(call)
        if kind == "mutation":
            outcome = await runner.mutation(call)
            await self.node.hub.durable(outcome.ts)
        elif kind == "action":
            outcome = await runner.action(call)
        else:
            outcome = await self.node.hub.queries.ask(call)
        return from_json(orjson.loads(_value(outcome)))

    async def run(self, body: Callable[[MutationCtx], Awaitable[R]], /) -> R:
        """An unregistered mutation: seed, look inside, try something."""
        result = await self.node.hub.runner.unregistered(body, self._caller)
        await self.node.hub.durable(self.node.log.last_ts)
        return result

    async def read(self, body: Callable[[DatabaseReader], Awaitable[R]], /) -> R:
        """What memory holds now, durable or not: `await h.read(lambda db: db.query(T).count())`."""
        return await self.node.hub.runner.unregistered(lambda ctx: body(ctx.db), self._caller)

    async def run_action(self, body: Callable[[ActionCtx], Awaitable[R]], /) -> R:
        """An unregistered action."""
        call = Call("test", b"", self._caller)
        return await self.node.hub.runner.unregistered_action(call, body)

    async def insert(self, document: W, /) -> Id[W]:
        """Stores a document."""
        return await self.run(lambda ctx: ctx.db.insert(document))

    def subscribe(self, fn: QueryFn[P, R], /, *args: P.args, **kwargs: P.kwargs) -> Feed[R]:
        """A live query, over a session of its own: `async with … as feed: await feed.next()`."""
        token = None if self._claims is None else json_module.dumps(self._claims)
        call = self._call(fn, args, dict(kwargs))
        return Feed(self.node.hub, token, call, self._reader(fn))

    async def advance(self, delta: timedelta, /) -> None:
        """Moves the clock, and runs everything that becomes due on the way at its own time."""
        agenda, end_ms = (
            self.node.timekeeper.agenda,
            self.clock.now_ms() + delta / timedelta(milliseconds=1),
        )
        await self.drain()
        while (due_ms := agenda.next_ms) is not None and due_ms <= end_ms:
            self.clock.advance(max(due_ms - self.clock.now_ms(), 0.0) / 1000)
            await self.drain()
        self.clock.advance(max(end_ms - self.clock.now_ms(), 0.0) / 1000)
        await self.drain()

    async def drain(self) -> None:
        """Runs what is due now, and what that schedules for now; returns when all is pushed.

        Raises:
            StorageFailed: the disk is broken, so that nothing would ever end.
        """
        self._machine.require_disk()
        while not self.node.timekeeper.is_idle:
            await self.clock.sleep(0)
            self._machine.require_disk()
        for _ in range(3):
            await self.clock.sleep(0)
            await self.node.hub.durable(self.node.log.last_ts)
        await self.clock.sleep(0)

    async def request(
        self,
        method: str,
        path: str,
        /,
        *,
        json: Any = None,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """A request to the project's own HTTP routes, by the harness's caller."""
        body = orjson.dumps(json) if json is not None else content
        whole = {**self._authorization(), **(headers or {})}
        transport = httpx2.ASGITransport(app=self.node.site)
        async with httpx2.AsyncClient(transport=transport, base_url=SITE) as client:
            return await client.request(method, path, content=body, headers=whole)

    def _authorization(self) -> dict[str, str]:
        if self._caller.kind == "admin":
            return {"authorization": f"Convex {ADMIN_KEY}"}
        if self._claims is None:
            return {}
        return {"authorization": f"Bearer {json_module.dumps(self._claims)}"}

    async def get(
        self, path: str, /, *, headers: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        """GET from the project's own HTTP routes."""
        return await self.request("GET", path, headers=headers)

    async def post(
        self,
        path: str,
        /,
        *,
        json: Any = None,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """POST to the project's own HTTP routes: a webhook arrives."""
        return await self.request("POST", path, json=json, content=content, headers=headers)


def _value(outcome: Outcome) -> bytes:
    failure = outcome.failure
    if failure is None:
        assert outcome.value is not None, "a success has a value"
        return outcome.value
    if failure.data is not None:
        raise AppError(from_json(orjson.loads(failure.data)))
    raise DeveloperError(failure.text.rstrip("\n"), code=failure.code)


def open_harness(
    *,
    functions: str,
    schema: ModuleType | None = None,
    schema_validation: bool = True,
    env: Mapping[str, str] | None = None,
    settings: type[Env] | None = None,
    components: Sequence[Component] = (),
    seed: int = 0,
    crons: bool = True,
) -> Harness:
    """A project in memory: the value of an `async with` block.

    Args:
        functions: the import name of the folder with the functions.
        schema: the module with the tables.
        schema_validation: whether documents must match it.
        env: the environment variables that functions see.
        settings: the project's Env class, when its variables are to be checked at start.
        components: what is mounted beside the functions.
        seed: makes ids and random numbers repeat.
        crons: whether cron jobs run while time passes. A job of every ten seconds runs 8,640 times
            in a day of a test that is about something else.
    """
    project = Reactor(
        functions=functions, schema=schema, schema_validation=schema_validation, env=settings,
        components=components,
    )  # fmt: skip
    return Harness(Machine(project, env or {}, seed, crons=crons))
