"""Drives an official client in a process of its own: npm's under Node, PyPI's under Python.

Both drivers speak one protocol over their standard streams, a JSON object per line: a command with
an `op` and an `id` is answered by a line with that `reply`; results of a subscription arrive as
lines with its `sub`; everything else is an `event`. Values travel in Convex's wire JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Final, Literal

from tests.compat.support.wire import Wire

FOLDER = Path(__file__).parent.parent
COMMANDS = {
    "npm": ["node", str(FOLDER / "node" / "driver.mjs")],
    "pypi": [sys.executable, str(FOLDER / "python" / "driver.py")],
    "react": ["node", str(FOLDER / "node" / "react.mjs")],
}
Kind = Literal["npm", "pypi", "react"]
Line = dict[str, Any]
LINE_BYTES_MAX = 64 * 2**20


class Missing:
    """Stands for error data that is absent, which is not null."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()


class RemoteError(Exception):
    """What the client's application would have caught.

    `data` is the ConvexError's, or MISSING when the client raised an ordinary error.
    """

    def __init__(self, line: Line) -> None:
        super().__init__(line["message"])
        self.message: str = line["message"]
        self.data: Wire = line.get("data", MISSING)


class Subscription:
    """A live query as the application sees it: every value or error, in order."""

    def __init__(self, client: Client, number: int) -> None:
        self.number = number
        self.seen: list[Wire | RemoteError] = []
        self._client = client

    @property
    def values(self) -> list[Wire]:
        """The values so far; an error among them fails the test."""
        for entry in self.seen:
            if isinstance(entry, RemoteError):
                raise entry
        return self.seen

    @property
    def changes(self) -> list[Wire]:
        """The values so far, equal neighbours once: Python's client and React repeat themselves."""
        values = self.values
        return [
            value for place, value in enumerate(values) if place == 0 or value != values[place - 1]
        ]

    async def until(self, value: Wire, seconds: float = 15.0) -> None:
        """Waits until the newest value is this one."""
        await self._client.until(lambda: bool(self.seen) and self.seen[-1] == value, seconds)

    async def until_error(self, seconds: float = 15.0) -> RemoteError:
        """Waits until the query's newest result is an error."""
        await self._client.until(
            lambda: bool(self.seen) and isinstance(self.seen[-1], RemoteError), seconds
        )
        error: RemoteError = self.seen[-1]
        return error


class Client:
    """One official client in its process; made by `open_client`."""

    def __init__(self, kind: Kind, process: asyncio.subprocess.Process) -> None:
        self.kind = kind
        self.log: list[Line] = []
        self._process = process
        self._subscriptions: dict[int, Subscription] = {}
        self._replies: dict[int, Line] = {}
        self._next = 0
        self._changed = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        """Takes in the driver's lines until it ends."""
        assert self._process.stdout is not None
        while text := await self._process.stdout.readline():
            line = json.loads(text)
            self.log.append(line)
            if "sub" in line:
                result = line["value"] if "value" in line else RemoteError(line)
                self._subscriptions[line["sub"]].seen.append(result)
            elif "reply" in line:
                self._replies[line["reply"]] = line
            async with self._changed:
                self._changed.notify_all()

    async def until(self, test: Callable[[], bool], seconds: float = 15.0) -> None:
        """Waits until the test holds; it is asked again after every line of the driver."""
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(test)
        except TimeoutError:
            tail = "\n".join(json.dumps(line)[:300] for line in self.log[-20:])
            raise AssertionError(f"waited {seconds} s in vain; {self.kind} said:\n{tail}") from None

    def post(self, op: str, **fields: Any) -> int:
        """Sends a command and does not wait; gives its number."""
        number, self._next = self._next, self._next + 1
        assert self._process.stdin is not None
        command = json.dumps({"op": op, "id": number, **fields})
        self._process.stdin.write(command.encode() + b"\n")
        return number

    async def reply(self, number: int, seconds: float = 15.0) -> Wire:
        """The answer to a command; raises RemoteError when the client raised."""
        await self.until(lambda: number in self._replies, seconds)
        line = self._replies[number]
        if "message" in line:
            raise RemoteError(line)
        return line.get("value")

    async def ask(self, op: str, seconds: float = 15.0, **fields: Any) -> Wire:
        """Sends a command and waits for its answer."""
        return await self.reply(self.post(op, **fields), seconds)

    async def query(self, path: str, **args: Wire) -> Wire:
        """Runs a query once, over the socket."""
        return await self.ask("query", path=path, args=args)

    async def mutation(self, path: str, **args: Wire) -> Wire:
        """Runs a mutation and waits for the client's promise."""
        return await self.ask("mutation", path=path, args=args)

    async def action(self, path: str, **args: Wire) -> Wire:
        """Runs an action and waits for the client's promise."""
        return await self.ask("action", path=path, args=args)

    def subscribe(self, path: str, **args: Wire) -> Subscription:
        """Starts a live query."""
        return self.watch("subscribe", path=path, args=args)

    def watch(self, op: str, **fields: Any) -> Subscription:
        """Starts anything that reports under a number of its own."""
        subscription = Subscription(self, self._next)
        self._subscriptions[self._next] = subscription
        self.post(op, **fields)
        return subscription

    async def unsubscribe(self, subscription: Subscription) -> None:
        """Ends a live query."""
        await self.ask("unsubscribe", sub=subscription.number)

    def events(self, name: str) -> list[Line]:
        """The events of a name so far."""
        return [line for line in self.log if line.get("event") == name]

    async def until_event(self, name: str, count: int = 1, seconds: float = 15.0) -> Line:
        """Waits for the n-th event of a name."""
        await self.until(lambda: len(self.events(name)) >= count, seconds)
        return self.events(name)[count - 1]

    def set_auth(self, tokens: Sequence[str | None]) -> None:
        """Signs in: each time the client asks for a token it gets the next one; the last stays."""
        self.post("setAuth", tokens=list(tokens))

    async def close(self) -> None:
        """Ends the driver's process."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await self._reader


@asynccontextmanager
async def open_client(kind: Kind, url: str, **options: Any) -> AsyncGenerator[Client]:
    """A client of this kind, connected to a URL; `options` go to its constructor."""
    process = await asyncio.create_subprocess_exec(
        *COMMANDS[kind],
        json.dumps({"url": url, "options": options}),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=LINE_BYTES_MAX,
    )
    client = Client(kind, process)
    try:
        await client.until_event("ready")
        yield client
    finally:
        await client.close()
