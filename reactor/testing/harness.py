"""A node for tests: the real runner, transactions, log and sessions over memory storage."""

from __future__ import annotations

import json as json_module
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ParamSpec, Self, TypeVar

import httpx2
import orjson

from reactor.app import Node, Reactor
from reactor.auth.authenticator import Authenticator
from reactor.auth.identity import ANONYMOUS, Caller, UserIdentity
from reactor.errors import AppError, AuthFailed, DeveloperError
from reactor.runner.run import Call, Outcome
from reactor.runtime.clock import VirtualClock
from reactor.runtime.random import SeededEntropy
from reactor.runtime.settings import settings_from
from reactor.schema.table import Table
from reactor.storage.memory import MemoryStorage
from reactor.storage.memory_blobs import MemoryBlobs
from reactor.testing.feed import Feed
from reactor.values.json import from_json

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from types import ModuleType

    from reactor.runner.component import Component
    from reactor.runner.context import ActionCtx, MutationCtx
    from reactor.runner.definition import Definition
    from reactor.runner.env import Env
    from reactor.runner.registry import ActionFn, Fn, MutationFn, QueryFn
    from reactor.schema.fields import Id

P = ParamSpec("P")
R = TypeVar("R")
W = TypeVar("W", bound=Table)

ISSUER = "https://issuer.test"
ADMIN_KEY = "test-admin-key"
NEVER_MS = 2.0**53


class _Trusting(Authenticator):
    """Takes the claims of a test's identity as its token."""

    def verify_now(self, token: str) -> Caller | None:
        try:
            claims = json_module.loads(token)
        except ValueError:
            raise AuthFailed("Could not parse JWT payload") from None
        return _user(claims)

    async def verify(self, token: str) -> Caller:
        caller = self.verify_now(token)
        assert caller is not None, "a test's token needs no keys"
        return caller


def _user(claims: Mapping[str, Any]) -> Caller:
    return Caller.user(UserIdentity.from_claims(claims, custom=False), NEVER_MS)


class Harness:
    """Calls a project's functions in tests, as somebody.

    Args:
        project: what is tested.
        env: the environment variables that it sees.
        seed: makes ids and random numbers repeat.
    """

    def __init__(self, project: Reactor, env: Mapping[str, str], seed: int) -> None:
        self._project = project
        self._env = env
        self._seed = seed
        self._claims: dict[str, Any] | None = None
        self._caller: Caller = ANONYMOUS
        self.clock = VirtualClock()
        self._node: Node | None = None

    @property
    def node(self) -> Node:
        """The running node, for white-box asserts."""
        assert self._node is not None, "use: async with open_harness(...) as harness"
        return self._node

    async def __aenter__(self) -> Self:
        variables = {"REACTOR_ADMIN_KEY": ADMIN_KEY, "CRON_SPLAY_SECONDS": "0", **self._env}
        settings = settings_from(variables, dev=True)
        authenticator = _Trusting([], admin_key=ADMIN_KEY, clock=self.clock)
        self._node = await Node.open(
            self._project, settings, storage=MemoryStorage(), blobs=MemoryBlobs(), clock=self.clock,
            entropy=SeededEntropy(self._seed), authenticator=authenticator,
        )  # fmt: skip
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.node.close()

    def _as(self, caller: Caller, claims: dict[str, Any] | None) -> Harness:
        twin = Harness(self._project, self._env, self._seed)
        twin.clock, twin._node = self.clock, self._node
        twin._caller, twin._claims = caller, claims
        return twin

    def with_identity(self, *, subject: str = "user_test", **claims: Any) -> Harness:
        """The same node, called by somebody whose token was verified.

        Args:
            subject: the `sub` claim.
            claims: further OIDC claims, such as `email=…`.
        """
        whole = {"iss": ISSUER, "sub": subject, **claims}
        return self._as(_user(whole), whole)

    def as_admin(self) -> Harness:
        """The same node, called with the deployment's admin key."""
        return self._as(Caller.admin(), None)

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

    async def run_action(self, body: Callable[[ActionCtx], Awaitable[R]], /) -> R:
        """An unregistered action."""
        return await self.node.hub.runner.unregistered_action("test", body, self._caller)

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
        """Runs what is due now, and what that schedules for now; returns when all is pushed."""
        while not self.node.timekeeper.is_idle:
            await self.clock.sleep(0)
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
        headers: dict[str, str] | None = None,
    ) -> httpx2.Response:
        """A request to the project's own HTTP routes."""
        body = orjson.dumps(json) if json is not None else content
        transport = httpx2.ASGITransport(app=self.node.site)
        async with httpx2.AsyncClient(transport=transport, base_url="http://site.test") as client:
            return await client.request(method, path, content=body, headers=headers)


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
    """
    project = Reactor(
        functions=functions, schema=schema, schema_validation=schema_validation, env=settings,
        components=components,
    )  # fmt: skip
    return Harness(project, env or {}, seed)
