"""What happens in a simulation: clients call and subscribe, and things break."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from reactor.testing import Fault, Harness
from tests.simulation.clients import Persistent

Json = dict[str, Any]

OWNERS = ["ada", "bob", "cleo", "dan"]
QUERIES_MAX = 6
TURNS = 40
"""Turns of the loop after which everything that can go on has."""

JOBS_S = 120.0
"""Seconds after which every scheduled function has been tried again, however often it lost."""


class Workload:
    """A few clients of one node, and what chance makes of them.

    Args:
        backend: the node.
        clients: how many.
    """

    def __init__(self, backend: Harness, clients: int) -> None:
        self.backend = backend
        self.random = backend.random
        self.clients = [Persistent(backend, number + 1) for number in range(clients)]
        self.restarts = 0
        self._receipts = 0
        self._faults: list[Fault] = []

    async def step(self) -> None:
        """Does one thing, and lets the loop turn a little."""
        happenings: list[tuple[int, Callable[[], Any]]] = [
            (40, self._mutate), (20, self._subscribe), (5, self._unsubscribe),
            (5, self._drop_connection), (4, self._refuse_commits), (4, self._hold_disk),
            (3, self._pause), (1, self._refuse_append), (1, self._kill), (5, self._pass_time),
        ]  # fmt: skip
        weights = [weight for weight, _ in happenings]
        [(_, happening)] = self.random.choices(happenings, weights)
        done = happening()
        if done is not None:
            await done
        await self._turn(self.random.randrange(4))
        if self.backend.node.failure is not None:
            await self._restart()

    async def settle(self) -> None:
        """Mends everything, and waits until all is done and every client has been told."""
        for fault in self._faults:
            fault.mend()
        self._faults.clear()
        for client in self.clients:
            client.line.is_paused = False
            client.line.session.writable()
        await self._turn(TURNS)
        if self.backend.node.failure is not None:
            await self._restart()
            await self._turn(TURNS)
        self.backend.clock.advance(JOBS_S)
        await self._turn(TURNS)

    async def _turn(self, turns: int) -> None:
        for _ in range(turns):
            await self.backend.clock.sleep(0)
        for client in self.clients:
            client.take()
            if client.line.goodbye is not None:
                client.reconnect()

    def _owner(self) -> str:
        return self.random.choice(OWNERS)

    def _client(self) -> Persistent:
        return self.random.choice(self.clients)

    def _mutate(self) -> None:
        amount = self.random.randrange(1, 20)
        calls: list[tuple[str, Json]] = [
            ("bank:deposit", {"owner": self._owner(), "amount": amount}),
            ("bank:slowDeposit", {"owner": self._owner(), "amount": amount}),
            ("bank:transfer", {"giver": self._owner(), "taker": self._owner(), "amount": amount}),
            ("bank:close", {"owner": self._owner()}),
            ("bank:richest", {}),
            ("bank:look", {}),
            ("bank:orderReceipt", {"number": self._receipts, "seconds": self.random.randrange(3)}),
        ]
        path, args = self.random.choices(calls, [4, 4, 6, 1, 2, 2, 3])[0]
        self._receipts += path == "bank:orderReceipt"
        self._client().mutate(path, args)

    def _subscribe(self) -> None:
        low = self.random.randrange(30)
        page = {"numItems": self.random.randrange(1, 4), "cursor": None}
        calls: list[tuple[str, Json]] = [
            ("bank:balance", {"owner": self._owner()}),
            ("bank:total", {}),
            ("bank:slowTotal", {}),
            ("bank:top", {"count": self.random.randrange(1, 4)}),
            ("bank:between", {"low": low, "high": low + self.random.randrange(30)}),
            ("bank:page", {"opts": page}),
        ]
        path, args = self.random.choice(calls)
        self._client().subscribe(self.random.randrange(QUERIES_MAX), path, args)

    def _unsubscribe(self) -> None:
        self._client().unsubscribe(self.random.randrange(QUERIES_MAX))

    def _drop_connection(self) -> None:
        self._client().reconnect()

    def _pause(self) -> None:
        """A client stops reading, or goes on."""
        line = self._client().line
        line.is_paused = not line.is_paused
        if not line.is_paused:
            line.session.writable()

    def _refuse_commits(self) -> None:
        times = self.random.randrange(1, 3)
        self._faults.append(self.backend.fail("commit", times=times))

    def _hold_disk(self) -> None:
        """The disk gets slow, or is quick again."""
        if self._faults and self.random.random() < 0.7:
            self._faults.pop().mend()
        else:
            self._faults.append(self.backend.fail("disk"))

    def _refuse_append(self) -> None:
        self.backend.fail("append")

    async def _kill(self) -> None:
        await self._restart()

    async def _restart(self) -> None:
        for client in self.clients:
            client.take()
        await self.backend.restart()
        self.restarts += 1
        self._faults.clear()
        for client in self.clients:
            client.reconnect()

    async def _pass_time(self) -> None:
        await self.backend.clock.sleep(0)
        self.backend.clock.advance(timedelta(seconds=self.random.randrange(3)).total_seconds())
