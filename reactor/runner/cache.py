"""Live queries: one run, one result and one read set, shared by everyone who asks the same.

A live query is FRESH while nothing it read has been written, STALE from the commit that touched it,
and RUNNING while a handler that suspended is on its way:

    FRESH --commit--> STALE --refresh--> RUNNING --> FRESH      (RUNNING is skipped by most)

Its key is function, arguments, journal and visibility, and the caller if the function asked who is
calling. Live queries without watchers are kept as a bounded cache until they are invalidated.
"""

from __future__ import annotations

import enum
import hashlib
import itertools
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import orjson

from reactor import limits
from reactor.errors import Conflict, InternalError, ValidationFailed
from reactor.log.reads import ReadSet
from reactor.runner.arguments import parse_args
from reactor.runner.failure import Failure, failure_of
from reactor.runner.loader import canonical
from reactor.runner.run import Call, Outcome, Runner
from reactor.values.json import compact

if TYPE_CHECKING:
    from reactor.auth.identity import Caller
    from reactor.log.commit import Invalidation, Log
    from reactor.runtime.tasks import Driver


class State(enum.Enum):
    """Where a live query stands."""

    FRESH = "fresh"
    STALE = "stale"
    RUNNING = "running"


class Watcher(Protocol):
    """Who is told that a live query has another result: a session."""

    def query_changed(self, query_id: int) -> None:
        """The result differs from the one before."""
        ...

    def query_resubscribe(self, query_id: int) -> None:
        """The result turned out to depend on the caller; ask for it anew."""
        ...

    def query_settled(self) -> None:
        """A result that was under way has arrived, changed or not."""
        ...


class Key(NamedTuple):
    """What makes two queries the same."""

    component: str
    path: str
    args: bytes
    journal: str | None
    sees_internal: bool
    caller: str | None


class LiveQuery:
    """One query that is kept up to date; `serial` is its place in the order of first asking."""

    __slots__ = (
        "call", "digest", "journal", "key", "outcome", "ran_ms", "request_id", "serial", "state",
        "watchers",
    )  # fmt: skip

    def __init__(self, call: Call, key: Key, serial: int) -> None:
        self.serial = serial
        self.call = call
        self.key: Key | None = key
        self.journal = key.journal
        self.outcome: Outcome | None = None
        self.state = State.STALE
        self.digest = b""
        self.request_id = ""
        self.ran_ms = 0.0
        self.watchers: dict[tuple[Watcher, int], None] = {}


class LiveQueries:
    """Every live query of a node.

    Args:
        runner: runs them.
        log: tells who must re-run.
        driver: drives runs that do not suspend without a task.
    """

    def __init__(self, runner: Runner, log: Log, driver: Driver) -> None:
        self._runner = runner
        self._log = log
        self._driver = driver
        self._by_key: dict[Key, LiveQuery] = {}
        self._stale: dict[LiveQuery, None] = {}
        self._idle: OrderedDict[LiveQuery, None] = OrderedDict()
        self._running = 0
        self._serials = itertools.count()

    def __len__(self) -> int:
        return len(self._by_key)

    @property
    def has_running(self) -> bool:
        """Whether a run has suspended and is still on its way."""
        return self._running > 0

    def find(self, call: Call, journal: str | None) -> LiveQuery:
        """The live query of a call; a new one is STALE until it is refreshed."""
        shared = _key(call, journal, None)
        found = self._by_key.get(shared)
        if found is None:
            own = shared._replace(caller=call.caller.key)
            found = self._by_key.get(own)
        if found is None or self._is_outdated(found):
            if found is not None:
                self._forget(found)
            found = LiveQuery(call, shared, next(self._serials))
            self._by_key[shared] = found
            self._idle[found] = None
        elif found.state is State.FRESH and found.outcome is not None:
            self._runner.served(call, found.outcome)
        return found

    def _is_outdated(self, live: LiveQuery) -> bool:
        """A cached result that depends on the clock or is an error serves no new request."""
        if live.watchers or live.outcome is None or live.state is not State.FRESH:
            return False
        if live.outcome.failure is not None:
            return True
        age_ms = self._runner.clock.now_ms() - live.ran_ms
        return live.outcome.read_clock and age_ms > limits.CLOCK_RESULT_AGE_MS

    def watch(self, live: LiveQuery, watcher: Watcher, query_id: int) -> None:
        """Adds a watcher."""
        live.watchers[watcher, query_id] = None
        self._idle.pop(live, None)

    def unwatch(self, live: LiveQuery, watcher: Watcher, query_id: int) -> None:
        """Removes a watcher; the last one leaves a cached result behind."""
        live.watchers.pop((watcher, query_id), None)
        if live.watchers:
            return
        if live.key is None or live.state is not State.FRESH:
            self._forget(live)
            return
        self._keep(live)

    def _keep(self, live: LiveQuery) -> None:
        """Keeps a result that nobody watches; the oldest make room."""
        self._idle[live] = None
        while len(self._idle) > limits.CACHED_QUERIES_MAX:
            self._forget(next(iter(self._idle)))

    def _forget(self, live: LiveQuery) -> None:
        self._idle.pop(live, None)
        self._stale.pop(live, None)
        if live.key is not None and self._by_key.get(live.key) is live:
            del self._by_key[live.key]
        live.key = None
        if live.outcome is not None and live.state is State.FRESH:
            self._log.subscriptions.remove(live, live.outcome.reads)
        live.state = State.STALE

    def invalidate(self, invalidation: Invalidation) -> None:
        """Marks everyone that a commit touched.

        Order: the oldest are marked last, and so re-run first (`refresh_stale`). Tokens come in the
        order of their addresses, which no seed repeats.
        """
        for live in sorted(invalidation.tokens, key=_serial, reverse=True):
            assert isinstance(live, LiveQuery), "only live queries subscribe"
            self._mark_stale(live)

    def invalidate_all(self) -> None:
        """Marks every live query, as when ids among arguments may mean other tables."""
        for live in list(self._by_key.values()):
            self._mark_stale(live)

    def _mark_stale(self, live: LiveQuery) -> None:
        if live.state is not State.FRESH:
            return
        assert live.outcome is not None, "a fresh query has run"
        self._log.subscriptions.remove(live, live.outcome.reads)
        live.state = State.STALE
        if live.watchers:
            self._stale[live] = None
        else:
            self._forget(live)

    def refresh_stale(self) -> None:
        """Runs every watched live query that a commit has touched."""
        while self._stale:
            live, _ = self._stale.popitem()
            self.refresh(live)

    def refresh(self, live: LiveQuery) -> None:
        """Runs a stale live query; afterwards it is FRESH, or RUNNING if it suspended."""
        if live.state is not State.STALE:
            return
        self._stale.pop(live, None)
        live.state = State.RUNNING
        self._running += 1

        def finished(outcome: Any, error: BaseException | None) -> None:
            self._finished(live, outcome, error)
            if isinstance(error, Conflict):
                lost = live.outcome

                def paused(_: Any, __: BaseException | None) -> None:
                    self._try_again(live, lost)

                pause = self._runner.clock.back_off(limits.CONFLICT_BACKOFF_MAX_MS / 1000)
                self._driver.start(pause, paused)

        self._driver.start(self._runner.query(live.call, journal=live.journal), finished)

    def _try_again(self, live: LiveQuery, lost: Outcome | None) -> None:
        """Runs a query that always lost: nothing that it read is known, so no commit would."""
        if live.watchers and live.outcome is lost:
            self._mark_stale(live)
            self.refresh(live)

    async def ask(self, call: Call) -> Outcome:
        """A query's result for somebody who asks once: shared when it is at hand, else run.

        Must be called from inside a task.

        Raises:
            Conflict: it suspended, and what it read kept changing.
        """
        live = self.find(call, None)
        if live.state is State.FRESH and live.outcome is not None:
            return live.outcome
        if live.state is State.RUNNING or live.watchers:
            return await self._runner.query(call)
        live.state = State.RUNNING
        self._running += 1
        try:
            outcome = await self._runner.query(call)
        except BaseException:
            self._abandon(live)
            raise
        if outcome.ts != self._log.last_ts and self._changed_since(outcome):
            self._abandon(live)
            return outcome
        self._finished(live, outcome, None)
        if live.key is not None and not live.watchers:
            self._keep(live)
        return outcome

    def _abandon(self, live: LiveQuery) -> None:
        """A run for somebody who asked once came to nothing; who watches by now has it run anew."""
        self._running -= 1
        live.state = State.STALE
        if not live.watchers:
            self._forget(live)
        for watcher, _ in list(live.watchers):
            watcher.query_settled()

    def _finished(
        self, live: LiveQuery, outcome: Outcome | None, error: BaseException | None
    ) -> None:
        self._running -= 1
        if live.key is None:
            # Forgotten while it ran: nobody would ever take its subscriptions back.
            return
        if outcome is None:
            outcome = _failed(error, self._log.last_ts, self._runner.request_id())
        if outcome.ts != self._log.last_ts and self._changed_since(outcome):
            # It suspended, and a commit after its last read touched what it read.
            live.state = State.STALE
            self.refresh(live)
            return
        before, old_digest = live.outcome, live.digest
        if outcome.value is not None:
            outcome.value = compact(outcome.value)
        live.outcome = outcome
        live.request_id = outcome.request_id
        live.state = State.FRESH
        live.ran_ms = self._runner.clock.now_ms()
        live.digest = _digest(outcome, with_lines=not self._runner.is_production)
        self._log.subscriptions.add(live, outcome.reads)
        self._rekey(live, before)
        if live.digest != old_digest:
            for watcher, query_id in list(live.watchers):
                watcher.query_changed(query_id)
        for watcher, _ in list(live.watchers):
            watcher.query_settled()

    def _changed_since(self, outcome: Outcome) -> bool:
        log = self._log
        return not log.window.covers(outcome.ts) or any(
            outcome.reads.is_touched_by(commit.touches) for commit in log.window.since(outcome.ts)
        )

    def _rekey(self, live: LiveQuery, before: Outcome | None) -> None:
        """Puts a live query where those who ask the same will find it."""
        outcome = live.outcome
        assert (outcome is not None and live.key is not None) or not live.watchers
        if outcome is None or live.key is None:
            return
        key = live.key
        was_shared = key.caller is None
        if outcome.read_identity:
            key = key._replace(caller=live.call.caller.key)
        if outcome.journal is not None:
            if before is not None:
                # The page is pinned now; who asks without a journal wants a page of their own.
                key = key._replace(journal=outcome.journal)
            live.journal = outcome.journal
        if key != live.key:
            if self._by_key.get(live.key) is live:
                del self._by_key[live.key]
            self._by_key.setdefault(key, live)
            live.key = key
        if outcome.read_identity and was_shared:
            # Order: only now, so that other callers no longer find what belongs to this one.
            for watcher, query_id in list(live.watchers):
                watcher.query_resubscribe(query_id)


def _serial(token: object) -> int:
    assert isinstance(token, LiveQuery), "only live queries subscribe"
    return token.serial


def _key(call: Call, journal: str | None, caller: Caller | None) -> Key:
    try:
        # Sessions send a list of one object, HTTP clients may send the object alone.
        args = orjson.dumps(parse_args(call.args), option=orjson.OPT_SORT_KEYS)
    except (ValidationFailed, TypeError):
        args = call.args
    name = None if caller is None else caller.key
    path = canonical(call.path)
    return Key(call.component, path, compact(args), journal, call.sees_internal, name)


def _failed(error: BaseException | None, ts: int, request_id: str) -> Outcome:
    if isinstance(error, InternalError):
        failure = Failure(f"{error}\n", None, error.code)
    elif isinstance(error, Exception):
        failure = failure_of(error)
    else:
        failure = Failure("the query was cancelled\n", None, "Cancelled")
    return Outcome(None, failure, ReadSet.empty(), ts, request_id=request_id)


def _digest(outcome: Outcome, *, with_lines: bool) -> bytes:
    hashed = hashlib.blake2b(digest_size=16)
    if outcome.failure is None:
        hashed.update(outcome.value or b"")
    else:
        hashed.update(b"error\0" + outcome.failure.text.encode(errors="replace"))
        hashed.update(outcome.failure.data or b"\0")
    for line in outcome.log_lines if with_lines else ():
        hashed.update(line.encode(errors="replace"))
    return hashed.digest()
