"""What all sessions share: the turn of the loop, the gate of durability, the heartbeat.

A turn closes the open batch of commits and hands it to storage; while the disk works, it re-runs
the live queries that the batch touched and prepares every Transition. Nothing leaves before storage
says that the batch is durable; then each client gets its responses and its Transition in one write.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from typing import TYPE_CHECKING, Final

import structlog

from reactor import limits
from reactor.errors import StorageFailed
from reactor.runner.cache import LiveQueries
from reactor.runner.dedup import SessionRequests
from reactor.runner.executions import Origin
from reactor.runner.once import Once
from reactor.runtime.stacks import stack_of
from reactor.runtime.tasks import Background, Driver
from reactor.session import messages
from reactor.session.worker import Frames, Parts, Session

if TYPE_CHECKING:
    from collections.abc import Callable

    from reactor.auth.authenticator import Authenticator
    from reactor.log.commit import Invalidation, Log
    from reactor.runner.run import Outcome, Runner
    from reactor.runtime.clock import Clock
    from reactor.session.transport import Transport
    from reactor.storage.base import Storage

_log = structlog.get_logger("reactor.session")

UNKNOWN: Final = Origin("SyncWorker")
"""A client of the sync protocol of whom nothing more is known."""


class Hub:
    """The sessions of a node, and what moves them.

    Args:
        log: the data.
        storage: where batches go.
        clock: for heartbeats and token expiry.
        authenticator: who may connect as whom.
        frame: from a payload to a prepared WebSocket frame.
        redacts: whether error texts and log lines stay on the server.
    """

    def __init__(
        self,
        log: Log,
        storage: Storage,
        clock: Clock,
        authenticator: Authenticator,
        *,
        frame: Callable[[bytes], bytes],
        redacts: bool,
    ) -> None:
        self.log = log
        self.clock = clock
        self.authenticator = authenticator
        self.frame = frame
        self.redacts = redacts
        self.ping_frame = frame(messages.PING)
        self.driver = Driver()
        self.background = Background()
        self.requests = SessionRequests(log)
        self.runner: Runner
        self.queries: LiveQueries
        self.once: Once
        self.sessions: dict[Session, None] = {}
        self.opened_total = 0
        self._loop = asyncio.get_running_loop()
        self._storage = storage
        self._failed: Callable[[BaseException], None]
        self._dirty: dict[Session, None] = {}
        self._holding: dict[Session, None] = {}
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = itertools.count()
        self._is_scheduled = False
        self._in_flight: int | None = None
        self._stored_once: asyncio.Future[None] | None = None
        self._failure: StorageFailed | None = None

    def attach(self, runner: Runner, failed: Callable[[BaseException], None]) -> None:
        """Gives the hub the runner, which in turn reports its commits to the hub.

        Args:
            runner: runs the functions.
            failed: told when storage has failed; the node must stop.
        """
        self.runner = runner
        self._failed = failed
        self.queries = LiveQueries(runner, self.log, self.driver)
        self.once = Once(runner, self.requests, self.driver)

    def connect(self, transport: Transport, origin: Origin = UNKNOWN) -> Session:
        """A new client.

        Args:
            transport: its socket.
            origin: what is known of it.
        """
        session = Session(self, transport, origin)
        self.sessions[session] = None
        self.opened_total += 1
        return session

    def forget(self, session: Session) -> None:
        """A client is gone."""
        self.sessions.pop(session, None)
        self._dirty.pop(session, None)
        self._holding.pop(session, None)

    def soon(self, call: Callable[[], None]) -> None:
        """Runs something outside the current task, in this turn of the loop or the next."""
        self._loop.call_soon(call)

    # --- the turn -------------------------------------------------------------------------

    def committed(self, invalidation: Invalidation) -> None:
        """A commit is in memory: whom it touched must re-run, and the batch must go to disk."""
        self.queries.invalidate(invalidation)
        if self._in_flight is None:
            self.schedule()

    def mark(self, session: Session) -> None:
        """A client lacks something; the next turn sends it."""
        self._dirty[session] = None
        if self._in_flight is None:
            self.schedule()

    def wake(self, session: Session) -> None:
        """A client waits for an answer; unless a batch will bring it, a turn is due."""
        self._dirty[session] = None
        if self._in_flight is None or not self.log.has_batch:
            self.schedule()

    def resume(self, session: Session) -> None:
        """A client that had to wait may go on; if it lacks something, a turn is due."""
        if session in self._dirty:
            self.wake(session)

    def schedule(self) -> None:
        """Makes sure that a turn comes."""
        if not self._is_scheduled:
            self._is_scheduled = True
            self._loop.call_soon(self._turn)

    def _turn(self) -> None:
        self._is_scheduled = False
        if self._in_flight is None and self.log.has_batch:
            batch = self.log.take_batch()
            self._in_flight = batch.ts
            self._storage.append(batch, self._stored)
        self.queries.refresh_stale()
        if self._dirty:
            self._advance_sessions()

    def _advance_sessions(self) -> None:
        frames: Frames = {}
        parts: Parts = {}
        dirty, self._dirty = self._dirty, {}
        for session in dirty:
            session.refresh()
        # A first run may have found out that it depends on the caller, and asked anew for others.
        for session in list(self._dirty):
            session.refresh()
        dirty.update(self._dirty)
        self._dirty = {}
        ts = self.log.last_ts
        for session in dirty:
            if session not in self.sessions:
                continue
            if session.can_advance:
                session.advance(ts, frames, parts)
            else:
                self._dirty[session] = None

    def _stored(self, error: BaseException | None) -> None:
        if error is not None:
            self._failure = StorageFailed(str(error))
            for _, _, waiter in self._waiting:
                if not waiter.done():
                    waiter.set_exception(self._failure)
            if self._stored_once is not None and not self._stored_once.done():
                self._stored_once.set_result(None)
            self._failed(error)
            return
        assert self._in_flight is not None, "storage answers what it was given"
        self.log.durable_ts, self._in_flight = self._in_flight, None
        self._release()
        if self._stored_once is not None and not self._stored_once.done():
            self._stored_once.set_result(None)
        if self.log.has_batch or self._dirty:
            self._turn()

    # --- durability -----------------------------------------------------------------------

    def hold(self, session: Session) -> None:
        """A client's frames wait for the disk."""
        self._holding[session] = None

    def _release(self) -> None:
        durable_ts = self.log.durable_ts
        holding, self._holding = self._holding, {}
        for session in holding:
            if session.release(durable_ts):
                self._holding[session] = None
        while self._waiting and self._waiting[0][0] <= durable_ts:
            _, _, waiter = heapq.heappop(self._waiting)
            if not waiter.done():
                waiter.set_result(None)

    async def durable(self, ts: int) -> None:
        """Returns once everything up to a timestamp has reached the disk.

        Raises:
            StorageFailed: it never will.
        """
        if ts <= self.log.durable_ts:
            return
        if self._failure is not None:
            raise self._failure
        waiter: asyncio.Future[None] = self._loop.create_future()
        heapq.heappush(self._waiting, (ts, next(self._order), waiter))
        if self._in_flight is None:
            self.schedule()
        await waiter

    # --- the heartbeat --------------------------------------------------------------------

    async def beat(self) -> None:
        """Keeps quiet connections alive and forgets old request records; runs until cancelled."""
        while True:
            await self.clock.sleep(limits.HEARTBEAT_S)
            now = self.clock.monotonic()
            for session in list(self.sessions):
                session.beat(now)
            if self.requests.prune():
                self.schedule()

    def told(self, outcome: Outcome) -> tuple[str, ...]:
        """What clients are told of what a function printed: in production, nothing."""
        return () if self.redacts else outcome.log_lines

    def note_error(self, error: BaseException) -> None:
        """Something that is our fault; it is logged with its stack."""
        _log.error("internal error", exception=stack_of(error))

    async def close(self, *, failed: bool = False) -> None:
        """Ends every session and waits for the batch in flight.

        Args:
            failed: storage has refused, so there is nothing to wait for.
        """
        for session in list(self.sessions):
            session.close(CLOSE_RESTART, "ServerRestart")
        while not (failed or self._failure) and (self._in_flight is not None or self.log.has_batch):
            if self._in_flight is None:
                self._turn()
            self._stored_once = self._loop.create_future()
            await self._stored_once
        await self.background.close()
        await self.driver.close()


CLOSE_RESTART = 1012
