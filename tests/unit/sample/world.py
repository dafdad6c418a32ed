"""A running sample, and clients of its sync protocol that check every version they are given."""

from __future__ import annotations

import json
import math
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, cast
from uuid import UUID

import orjson

from reactor.edge.asgi import payloads_of
from reactor.runner.run import Call, Outcome
from reactor.storage.memory import MemoryStorage
from reactor.testing import Harness, open_harness
from tests.unit.sample import schema
from tests.unit.sample.board import left, nest, right
from tests.unit.sample.board import schema as board_schema
from tests.unit.sample.gate import gate

FUNCTIONS = "tests.unit.sample.functions"
START = {"querySet": 0, "identity": 0, "ts": "AAAAAAAAAAA="}
Json = dict[str, Any]


def harness(**options: Any) -> Harness:
    """The sample in memory."""
    return open_harness(functions=FUNCTIONS, schema=schema, **options)


def open_board(**options: Any) -> Harness:
    """An app with components, in memory."""
    return open_harness(
        functions="tests.unit.sample.board.functions", schema=board_schema,
        components=[left, right, nest], **options,
    )  # fmt: skip


class Client:
    """One socket's far end: what it was sent, and what it believes.

    Every Transition must start where the last one ended; `results` is what the client shows.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._query_set = 0
        self._identity = 0
        self.is_paused = False
        self.last_received = math.inf
        self.pings = 0
        self.messages: list[Json] = []
        self.writes: list[list[Json]] = []
        self.results: dict[int, Any] = {}
        self.version: Json = START
        self.goodbye: tuple[int | None, str] | None = None
        self.session = world.hub.connect(self)

    # --- the transport ------------------------------------------------------------------

    def send(self, payload: bytes) -> None:
        self.write_all([payload])

    def write(self, frames: bytes) -> None:
        self.write_all(payloads_of(frames))

    def write_all(self, payloads: list[bytes]) -> None:
        assert self.goodbye is None, "nothing is sent after the end"
        messages = [orjson.loads(payload) for payload in payloads]
        self.writes.append(messages)
        for message in messages:
            self.messages.append(message)
            if message["type"] == "Transition":
                self._follow(message)

    def ping(self) -> None:
        self.pings += 1

    def close(self, code: int | None, reason: str = "") -> None:
        self.goodbye = (code, reason)

    def _follow(self, transition: Json) -> None:
        assert transition["startVersion"] == self.version, "the chain of versions is broken"
        self.version = transition["endVersion"]
        for change in transition["modifications"]:
            if change["type"] == "QueryRemoved":
                del self.results[change["queryId"]]
            elif change["type"] == "QueryUpdated":
                self.results[change["queryId"]] = change["value"]
            else:
                self.results[change["queryId"]] = change.get("errorData", "failed")

    # --- what the client says -----------------------------------------------------------

    def say(self, type: str, **fields: Any) -> None:
        """Sends a message; it is received in the loop's next turn."""
        self.say_raw(orjson.dumps({"type": type, **fields}))

    def say_raw(self, data: bytes) -> None:
        def receive() -> None:
            self.session.receive(data)
            self.session.state.check()

        self._world.hub.soon(receive)

    def connect(self, session: int = 1, **fields: Any) -> None:
        self.say("Connect", sessionId=str(UUID(int=session)), connectionCount=0, **fields)

    def modify(self, *modifications: Json) -> None:
        base, self._query_set = self._query_set, self._query_set + 1
        self.say(
            "ModifyQuerySet",
            baseVersion=base,
            newVersion=self._query_set,
            modifications=list(modifications),
        )

    def add(self, query_id: int, path: str, journal: str | None = None, **args: Any) -> None:
        self.modify(add(query_id, path, journal, **args))

    def remove(self, query_id: int) -> None:
        self.modify({"type": "Remove", "queryId": query_id})

    def authenticate(self, subject: str | None) -> None:
        base, self._identity = self._identity, self._identity + 1
        if subject is None:
            self.say("Authenticate", baseVersion=base, tokenType="None")
            return
        token = json.dumps({"iss": "https://issuer.test", "sub": subject})
        self.say("Authenticate", baseVersion=base, tokenType="User", value=token)

    def mutate(self, request_id: int, path: str, **args: Any) -> None:
        self.say("Mutation", requestId=request_id, udfPath=path, args=[args])

    def act(self, request_id: int, path: str, **args: Any) -> None:
        self.say("Action", requestId=request_id, udfPath=path, args=[args])

    # --- what it was told ---------------------------------------------------------------

    def of(self, type: str) -> list[Json]:
        """The messages of one type."""
        return [message for message in self.messages if message["type"] == type]

    def answer(self, request_id: int) -> Json | None:
        """The answer to a mutation or an action, if it has come."""
        answers = [
            m
            for m in self.messages
            if m["type"] in ("MutationResponse", "ActionResponse") and m["requestId"] == request_id
        ]
        assert len(answers) <= 1, "one answer per request and socket"
        return answers[0] if answers else None


def add(query_id: int, path: str, journal: str | None = None, **args: Any) -> Json:
    """An Add modification."""
    whole: Json = {"type": "Add", "queryId": query_id, "udfPath": path, "args": [args]}
    return whole if journal is None else {**whole, "journal": journal}


class World:
    """A running sample and those who are connected to it."""

    def __init__(self, backend: Harness) -> None:
        self.backend = backend
        self.node = backend.node
        self.hub = backend.node.hub
        self.log = backend.node.log
        self.storage = cast("MemoryStorage", backend.node.storage)

    def client(self, session: int | None = None) -> Client:
        """A new socket; with a session id when it says Connect."""
        made = Client(self)
        if session is not None:
            made.connect(session)
        return made

    async def settle(self, turns: int = 40) -> None:
        """Lets the loop turn until nothing that can go on is left."""
        for _ in range(turns):
            await self.backend.clock.sleep(0)

    async def mutate(self, path: str, **args: Any) -> Outcome:
        """What becomes of a mutation."""
        return await self.hub.runner.mutation(Call(path, orjson.dumps(args)))

    async def ask(self, path: str, **args: Any) -> Outcome:
        """What becomes of a query."""
        return await self.hub.runner.query(Call(path, orjson.dumps(args)))

    async def add(self, name: str = "x", by: int = 1) -> None:
        """Somebody else's mutation."""
        await self.backend.call("counters:add", {"name": name, "by": by})
        await self.settle()


@asynccontextmanager
async def open_world(**options: Any) -> AsyncGenerator[World]:
    """The sample with an open gate."""
    gate.waiting.clear()
    gate.is_shut = False
    async with harness(**options) as backend:
        yield World(backend)
