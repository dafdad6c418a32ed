"""A subscription in a test: a real session of the sync protocol, without a socket."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar

import orjson

from reactor.edge.asgi import payloads_of
from reactor.errors import AppError, DeveloperError
from reactor.values.json import from_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from reactor.runner.run import Call
    from reactor.session.hub import Hub
    from reactor.session.worker import Session

R = TypeVar("R")


class _Line:
    """A transport that keeps what it is sent."""

    def __init__(self, received: Callable[[dict[str, Any]], None]) -> None:
        self._received = received

    @property
    def is_paused(self) -> bool:
        return False

    @property
    def last_received(self) -> float:
        return math.inf  # never silent

    def ping(self) -> None:
        """Nothing: there is no line to keep alive."""

    def send(self, payload: bytes) -> None:
        self._received(orjson.loads(payload))

    def write(self, frames: bytes) -> None:
        for payload in payloads_of(frames):
            self.send(payload)

    def close(self, code: int | None, reason: str = "") -> None:
        self._received({"type": "Closed", "code": code, "reason": reason})


class Feed(Generic[R]):
    """The results of one live query, as they are pushed.

    Args:
        hub: the node.
        token: the identity to sign in with; None for nobody.
        call: the query and its arguments.
        read: from wire JSON to the Python result.
    """

    def __init__(self, hub: Hub, token: str | None, call: Call, read: Callable[[Any], R]) -> None:
        self._hub = hub
        self._token = token
        self._call = call
        self._read = read
        self._results: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._session: Session | None = None
        self.pushes = 0
        self.transitions = 0

    async def __aenter__(self) -> Self:
        self._session = self._hub.connect(_Line(self._take))
        if self._token is not None:
            self._say(
                {
                    "type": "Authenticate",
                    "baseVersion": 0,
                    "tokenType": "User",
                    "value": self._token,
                }
            )
        add = {
            "type": "Add",
            "queryId": 0,
            "udfPath": self._call.path,
            "componentPath": self._call.component,
            "args": [orjson.Fragment(self._call.args)],
        }
        self._say(
            {"type": "ModifyQuerySet", "baseVersion": 0, "newVersion": 1, "modifications": [add]}
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            self._session.closed()

    def _say(self, message: dict[str, Any]) -> None:
        session, data = self._session, orjson.dumps(message)
        assert session is not None, "entered"
        self._hub.soon(lambda: session.receive(data))

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] in ("AuthError", "FatalError", "Closed"):
            self._results.put_nowait(message)
        if message["type"] != "Transition":
            return
        self.transitions += 1
        for change in message["modifications"]:
            self.pushes += 1
            self._results.put_nowait(change)

    async def next(self) -> R:
        """The next result that is pushed.

        Raises:
            AppError: the query raised it.
            DeveloperError: the query failed otherwise, or the session was closed.
        """
        change = await self._results.get()
        if change["type"] == "QueryUpdated":
            return self._read(change["value"])
        if "errorData" in change:
            raise AppError(from_json(change["errorData"]))
        raise DeveloperError(str(change.get("errorMessage", change)), code="QueryFailed")
