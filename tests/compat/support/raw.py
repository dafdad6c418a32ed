"""A bare sync socket: sends what no official client would."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.compat.support.wire import Wire

Message = dict[str, Any]
NPM_PATH = "/api/1.48.0/sync"


class RawSocket:
    """Speaks the sync protocol by hand and keeps its versions."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._query_set = 0
        self._request = -1

    async def send_text(self, text: str) -> None:
        """Sends a text frame as it is."""
        await self._connection.send(text)

    async def send_bytes(self, data: bytes) -> None:
        """Sends a text frame whose bytes need not be UTF-8."""
        await self._connection.send(data, text=True)

    async def send_binary(self, data: bytes) -> None:
        """Sends a binary frame."""
        await self._connection.send(data)

    async def send(self, message: Message) -> None:
        """Sends a message."""
        await self.send_text(json.dumps(message))

    async def connect(self, **fields: Any) -> None:
        """Says Connect, as a new session unless `sessionId` is given."""
        first = {"sessionId": str(uuid4()), "connectionCount": 0, "lastCloseReason": None}
        await self.send({"type": "Connect", **first, **fields})

    async def add(self, number: int, path: str, args: Wire) -> None:
        """Adds one query to the set."""
        before, self._query_set = self._query_set, self._query_set + 1
        query = {"type": "Add", "queryId": number, "udfPath": path, "args": [args]}
        await self.send(
            {
                "type": "ModifyQuerySet",
                "baseVersion": before,
                "newVersion": self._query_set,
                "modifications": [query],
            }
        )

    async def mutate(self, path: str, args: Wire) -> int:
        """Sends a mutation; gives its request number."""
        self._request += 1
        await self.send(
            {"type": "Mutation", "requestId": self._request, "udfPath": path, "args": [args]}
        )
        return self._request

    async def receive(self, *types: str, seconds: float = 10.0) -> Message:
        """The next message of these types; others are passed over."""
        async with asyncio.timeout(seconds):
            while True:
                message: Message = json.loads(await self._connection.recv())
                if not types or message["type"] in types:
                    return message

    async def result_of(self, number: int) -> Message:
        """The next result of a query: a QueryUpdated or a QueryFailed."""
        while True:
            transition = await self.receive("Transition")
            for change in transition["modifications"]:
                if change["queryId"] == number:
                    found: Message = change
                    return found

    async def closed(self, seconds: float = 10.0) -> tuple[list[Message], int | None, str]:
        """What still comes until the server closes; the close code, if there is one; the reason."""
        messages: list[Message] = []
        async with asyncio.timeout(seconds):
            while True:
                try:
                    messages.append(json.loads(await self._connection.recv()))
                except ConnectionClosed as closed:
                    frame = closed.rcvd
                    code = None if frame is None or frame.code == 1005 else frame.code
                    return messages, code, "" if frame is None else frame.reason


@asynccontextmanager
async def open_socket(url: str, path: str = NPM_PATH) -> AsyncGenerator[RawSocket]:
    """A socket to a server."""
    address = url.replace("http://", "ws://") + path
    async with connect(address, compression=None, max_size=None, proxy=None) as connection:
        yield RawSocket(connection)
