"""A client that behaves as npm's: it reconnects, subscribes again, and sends again what it must."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from reactor.testing import Harness
from tests.compat.support.wire import timestamp
from tests.unit.sample.world import Client, World, add

Json = dict[str, Any]


@dataclass
class Sent:
    """A mutation of a client, and its answer once it has come.

    Args:
        path: the function.
        args: its arguments.
        answer: the MutationResponse.
    """

    path: str
    args: Json
    answer: Json | None = None

    @property
    def committed_ts(self) -> int | None:
        """The timestamp at which it took effect; None when it failed."""
        if self.answer is None or not self.answer["success"]:
            return None
        return timestamp(self.answer["ts"])

    @property
    def wrote(self) -> bool:
        """Whether the timestamp is its own commit's, not that of what it looked at."""
        assert self.answer is not None
        return self.path != "bank:look" and self.answer["result"] is not None


@dataclass(eq=False)
class Subscribed:
    """A query of a client.

    Args:
        path: the function.
        args: its arguments.
        journal: where its page ends, once the server has said so.
    """

    path: str
    args: Json
    journal: str | None = None


QuerySet = dict[int, Subscribed]


class Persistent:
    """One client over all its connections.

    Args:
        backend: the node.
        number: makes its session id.
    """

    def __init__(self, backend: Harness, number: int) -> None:
        self._backend = backend
        self._number = number
        self.queries: QuerySet = {}
        self.sent: list[Sent] = []
        self.observed_ts = 0
        self._seen = 0
        self._sets: list[QuerySet] = []
        self.line = self._connected()

    def _connected(self) -> Client:
        line = World(self._backend).client()
        seen = base64.b64encode(self.observed_ts.to_bytes(8, "little")).decode()
        line.connect(self._number, **({"maxObservedTimestamp": seen} if self.observed_ts else {}))
        self._seen = 0
        self._sets = [{}]
        return line

    def reconnect(self) -> None:
        """The connection is gone; what was known stays, what was not answered is sent again."""
        self.take()
        self.line.goodbye = self.line.goodbye or (None, "")
        self.line.session.closed()
        self.line = self._connected()
        if self.queries:
            queries = self.queries.items()
            self._modify(*(add(n, one.path, one.journal, **one.args) for n, one in queries))
        for number, sent in enumerate(self.sent):
            if sent.answer is None:
                self.line.mutate(number, sent.path, **sent.args)

    def subscribe(self, number: int, path: str, args: Json) -> None:
        """Adds a query, or replaces the one with this number."""
        self.unsubscribe(number)
        self.queries[number] = Subscribed(path, args)
        self._modify(add(number, path, **args))

    def unsubscribe(self, number: int) -> None:
        """Removes a query, if it is there."""
        if self.queries.pop(number, None) is not None:
            self._modify({"type": "Remove", "queryId": number})

    def _modify(self, *modifications: Json) -> None:
        self._sets.append(dict(self.queries))
        self.line.modify(*modifications)

    def shown(self) -> list[tuple[Subscribed, Any]]:
        """Each query of the last transition, with the result that the screen has now."""
        self.take()
        version: int = self.line.version["querySet"]
        subscribed = self._sets[version]
        return [(subscribed[number], shown) for number, shown in self.line.results.items()]

    def mutate(self, path: str, args: Json) -> None:
        """Sends a mutation."""
        self.sent.append(Sent(path, args))
        self.line.mutate(len(self.sent) - 1, path, **args)

    def take(self) -> None:
        """Takes in what has arrived since the last time."""
        arrived, self._seen = self.line.messages[self._seen :], len(self.line.messages)
        for message in arrived:
            if message["type"] == "MutationResponse":
                number: int = message["requestId"]
                sent = self.sent[number]
                assert sent.answer is None, "answered twice"
                sent.answer = message
            elif message["type"] == "Transition":
                self._follow(message)

    def _follow(self, transition: Json) -> None:
        end = transition["endVersion"]
        version: int = end["querySet"]
        self.observed_ts = timestamp(end["ts"])
        for change in transition["modifications"]:
            if change["type"] == "QueryUpdated":
                self._sets[version][change["queryId"]].journal = change.get("journal")

    @property
    def is_answered(self) -> bool:
        """Whether nothing that it sent is open."""
        return all(sent.answer is not None for sent in self.sent)
