"""One connected client: takes its messages in order, answers them, keeps its queries up to date.

`state.py` knows the protocol's versions; this module does what they call for. Nothing that a client
sends can raise out of `receive`: a broken message ends its own connection and disturbs nobody.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, assert_never

from reactor import limits
from reactor.auth.identity import ANONYMOUS, Caller
from reactor.errors import AuthFailed, BadRequest, Conflict, InternalError, Overloaded
from reactor.runner.cache import LiveQuery, State
from reactor.runner.failure import request_id_of
from reactor.runner.run import Call, Outcome
from reactor.session import messages
from reactor.session.messages import (
    Action,
    Authenticate,
    ClientMessage,
    Connect,
    Event,
    ModifyQuerySet,
    Mutation,
)
from reactor.session.state import Subscription, SyncState, Version

if TYPE_CHECKING:
    from reactor.runner.executions import Origin
    from reactor.session.hub import Hub
    from reactor.session.transport import Transport

CLOSE_NORMAL = 1000
CLOSE_INTERNAL = 1011
CLOSE_TRY_AGAIN = 1013


Frames = dict[tuple[Version, Version, tuple[int, ...]], bytes]
Parts = dict[tuple[LiveQuery, int], bytes]


class Session:
    """The server's side of one socket.

    Args:
        hub: what all sessions share.
        transport: the socket.
        origin: what is known of the client.
    """

    __slots__ = (
        "_actions", "_caller", "_held", "_hub", "_inbox", "_is_mutating", "_is_open",
        "_is_verifying", "_lives", "_mutations", "_origin", "_session_id", "_transitions_held",
        "_transport", "sent_at", "state",
    )  # fmt: skip

    def __init__(self, hub: Hub, transport: Transport, origin: Origin) -> None:
        self._hub = hub
        self._origin = origin
        self._transport = transport
        self.state = SyncState()
        self._caller: Caller = ANONYMOUS
        self._lives: dict[int, LiveQuery] = {}
        self._session_id: str | None = None
        self._mutations: deque[tuple[Mutation, Caller]] | None = None
        self._inbox: deque[ClientMessage] | None = None
        self._held: list[tuple[int, bytes]] | None = None
        self._transitions_held = 0
        self._actions = 0
        self._is_mutating = False
        self._is_verifying = False
        self._is_open = True
        self.sent_at = hub.clock.monotonic()

    # --- from the client ------------------------------------------------------------------

    def receive(self, data: bytes) -> None:
        """Takes one message."""
        if not self._is_open:
            return
        try:
            message = messages.decode(data)
            if self._is_verifying:
                self._wait_in_line(message)
            else:
                self._handle(message)
        except InternalError as error:
            self._end_with(error)

    def _end_with(self, error: InternalError) -> None:
        if isinstance(error, BadRequest):
            self._send_now(messages.fatal_error(f"{error.code}: {error}"))
            self.close(None)
        elif isinstance(error, Overloaded):
            self.close(CLOSE_TRY_AGAIN, error.code)
        else:
            self._hub.note_error(error)
            self.close(CLOSE_INTERNAL, InternalError.code)

    def _wait_in_line(self, message: ClientMessage) -> None:
        if self._inbox is None:
            self._inbox = deque()
        if len(self._inbox) >= limits.SESSION_INBOX_MAX:
            raise Overloaded("too many messages", code="TooManyConcurrentRequests")
        self._inbox.append(message)

    def _handle(self, message: ClientMessage) -> None:
        match message:
            case Mutation():
                if self._has_live_token():
                    self._queue_mutation(message)
            case ModifyQuerySet():
                if self._has_live_token():
                    self._modify(message)
            case Action():
                if self._has_live_token():
                    self._start_action(message)
            case Authenticate():
                self._authenticate(message)
            case Connect():
                self._connect(message)
            case Event():
                pass
            case _:
                assert_never(message)

    def _connect(self, message: Connect) -> None:
        self._session_id = str(message.sessionId)
        if message.maxObservedTimestamp is not None:
            observed = messages.read_ts(message.maxObservedTimestamp)
            if observed > self._hub.log.last_ts:
                raise InternalError("the client has seen a later timestamp than this server")

    # --- identity -------------------------------------------------------------------------

    def _authenticate(self, message: Authenticate) -> None:
        self.state.authenticate(message.baseVersion)
        try:
            caller = self._caller_of(message)
        except AuthFailed as error:
            self._refuse_token(error)
            return
        if caller is not None:
            self._become(caller)
            return
        self._is_verifying = True
        self._hub.background.start(self._verify(message.value or ""))

    def _caller_of(self, message: Authenticate) -> Caller | None:
        authenticator = self._hub.authenticator
        match message.tokenType:
            case "None":
                return ANONYMOUS
            case "Admin":
                acting_as = message.impersonating or message.acting_as
                return authenticator.admin(message.value or "", acting_as)
            case "User":
                return authenticator.verify_now(message.value or "")
            case other:
                raise BadRequest(f"unknown tokenType {other!r}", code="WSMessageInvalidJson")

    async def _verify(self, token: str) -> None:
        """Waits for the provider's keys; messages that come meanwhile wait in line."""
        try:
            caller = await self._hub.authenticator.verify(token)
        except AuthFailed as error:
            self._refuse_token(error)
            return
        self._hub.soon(lambda: self._verified(caller))

    def _verified(self, caller: Caller) -> None:
        self._is_verifying = False
        if not self._is_open:
            return
        self._become(caller)
        waiting, self._inbox = self._inbox or deque(), None
        while waiting and self._is_open:
            message = waiting.popleft()
            if self._is_verifying:
                self._wait_in_line(message)
                continue
            try:
                self._handle(message)
            except InternalError as error:
                self._end_with(error)

    def _refuse_token(self, error: AuthFailed) -> None:
        base = self.state.identity - 1
        self._send_now(messages.auth_error(str(error), base, attempted=True))
        self.close(None)

    def _become(self, caller: Caller) -> None:
        self._caller = caller
        for subscription in self.state.subscriptions.values():
            self._resubscribe(subscription)
        self._hub.wake(self)

    def _has_live_token(self) -> bool:
        """Whether the identity still holds; tells the client and closes when it does not."""
        expires_ms = self._caller.expires_at_ms
        if expires_ms is None or self._hub.clock.now_ms() < expires_ms:
            return True
        self._send_now(messages.auth_error("Token expired", self.state.identity, attempted=False))
        self.close(None)
        return False

    # --- queries --------------------------------------------------------------------------

    def _modify(self, message: ModifyQuerySet) -> None:
        change = self.state.modify(message)
        for subscription in change.removed:
            self._drop(subscription.query_id)
        for subscription in change.added:
            if self.state.subscriptions.get(subscription.query_id) is subscription:
                self._subscribe(subscription, subscription.journal)
        if len(self._lives) > limits.SUBSCRIPTIONS_PER_SESSION_MAX:
            raise Overloaded("too many subscriptions", code="TooManyConcurrentRequests")
        self._hub.wake(self)

    def _subscribe(self, subscription: Subscription, journal: str | None) -> None:
        live = self._hub.queries.find(self._call(subscription), journal)
        self._lives[subscription.query_id] = live
        self._hub.queries.watch(live, self, subscription.query_id)
        self.state.changed(subscription.query_id)

    def _resubscribe(self, subscription: Subscription) -> None:
        old = self._lives.get(subscription.query_id)
        journal = subscription.journal if old is None else old.journal or subscription.journal
        self._drop(subscription.query_id)
        self._subscribe(subscription, journal)

    def _drop(self, query_id: int) -> None:
        live = self._lives.pop(query_id, None)
        if live is not None:
            self._hub.queries.unwatch(live, self, query_id)

    def _call(self, asked: Subscription) -> Call:
        is_admin = self._caller.kind == "admin"
        return Call(
            asked.path, asked.args, self._caller, asked.component, is_admin, origin=self._origin
        )

    def query_changed(self, query_id: int) -> None:
        """A live query has another result."""
        self.state.changed(query_id)
        self._hub.mark(self)

    def query_resubscribe(self, query_id: int) -> None:
        """A live query turned out to depend on who asks."""
        subscription = self.state.subscriptions.get(query_id)
        live = self._lives.get(query_id)
        if subscription is None or live is None or live.call.caller.key == self._caller.key:
            return
        self._resubscribe(subscription)
        self._hub.mark(self)

    def query_settled(self) -> None:
        """A live query that was under way has arrived."""
        self._hub.resume(self)

    # --- mutations and actions ------------------------------------------------------------

    def _queue_mutation(self, message: Mutation) -> None:
        if self._mutations is None:
            self._mutations = deque()
        if len(self._mutations) >= limits.QUEUED_MUTATIONS_MAX:
            raise Overloaded("too many mutations", code="TooManyConcurrentMutations")
        self._mutations.append((message, self._caller))
        self._run_mutations()

    def _run_mutations(self) -> None:
        """Runs queued mutations one after another, in the order they came."""
        while self._mutations and not self._is_mutating and self._is_open:
            message, caller = self._mutations.popleft()
            self._is_mutating = True
            self._mutate(message, caller)

    def _mutate(self, message: Mutation, caller: Caller) -> None:
        session_id, call = self._session_id, self._request(message, caller)
        request = None if session_id is None else (session_id, message.requestId)
        has_returned = False

        def answered(outcome: Outcome | None, error: BaseException | None) -> None:
            self._mutated(message, outcome, error)
            if has_returned:
                # Otherwise the loop that called us goes on, and the stack stays as it is.
                self._run_mutations()

        self._hub.once.run(call, request, answered)
        has_returned = True

    def _request(self, message: Mutation | Action, caller: Caller) -> Call:
        return Call(
            message.udfPath,
            bytes(message.args),
            caller,
            component=message.componentPath or "",
            sees_internal=caller.kind == "admin",
            request_id=request_id_of(self._session_id or "", message.requestId),
            origin=self._origin,
        )

    def _mutated(
        self, message: Mutation, outcome: Outcome | None, error: BaseException | None
    ) -> None:
        self._is_mutating = False
        if outcome is None:
            if isinstance(error, Conflict):
                self.close(CLOSE_TRY_AGAIN, error.code)
            elif error is not None:
                self._hub.note_error(error)
                self.close(CLOSE_INTERNAL, InternalError.code)
            return
        number, lines = message.requestId, messages.log_lines(self._hub.told(outcome))
        if outcome.failure is None:
            assert outcome.value is not None, "a success has a value"
            answer = messages.mutation_succeeded(number, outcome.value, outcome.ts, lines)
        else:
            text = outcome.failure.message(outcome.request_id, redacted=self._hub.redacts)
            answer = messages.mutation_failed(number, text, outcome.failure.data, lines)
        self.emit(self._hub.frame(answer), outcome.ts)
        # Order: the response first, then a Transition that covers it, whatever it changed.
        self._hub.wake(self)

    def _start_action(self, message: Action) -> None:
        if self._actions >= limits.ACTIONS_PER_SESSION_MAX:
            raise Overloaded("too many actions", code="TooManyInflightActionsForSingleClient")
        self._actions += 1
        self._hub.background.start(self._act(message, self._caller))

    async def _act(self, message: Action, caller: Caller) -> None:
        call = self._request(message, caller)
        try:
            outcome = await self._hub.runner.action(call)
        finally:
            self._actions -= 1
        lines = messages.log_lines(self._hub.told(outcome))
        if outcome.failure is None:
            assert outcome.value is not None, "a success has a value"
            answer = messages.action_succeeded(message.requestId, outcome.value, lines)
        else:
            text = outcome.failure.message(call.request_id, redacted=self._hub.redacts)
            answer = messages.action_failed(message.requestId, text, outcome.failure.data, lines)
        self.emit(self._hub.frame(answer), outcome.ts)
        self._hub.wake(self)

    # --- to the client --------------------------------------------------------------------

    @property
    def can_advance(self) -> bool:
        """Whether a Transition can be built now."""
        if not self._is_open or self._transport.is_paused:
            return False
        if self._transitions_held >= limits.TRANSITIONS_HELD_MAX:
            return False
        if self._hub.queries.has_running:
            return not any(live.state is State.RUNNING for live in self._lives.values())
        return True

    def refresh(self) -> None:
        """Runs what this client asks for and nobody has run yet."""
        for query_id in list(self.state.unsent):
            live = self._lives.get(query_id)
            if live is not None and live.state is State.STALE:
                self._hub.queries.refresh(live)

    def advance(self, ts: int, frames: Frames, parts: Parts) -> None:
        """Sends everything that the client lacks, as of a timestamp.

        Args:
            ts: the newest timestamp; every live query is true at it.
            frames: finished frames of this turn, shared between sessions.
            parts: finished modifications of this turn, shared likewise.
        """
        if not self._has_live_token():
            return
        state = self.state
        changes: list[bytes] = [messages.query_removed(query_id) for query_id in state.gone]
        is_shared = not changes
        for query_id in state.unsent:
            live = self._lives[query_id]
            subscription = state.subscriptions[query_id]
            if subscription.digest == live.digest:
                continue
            subscription.digest = live.digest
            part = parts.get((live, query_id))
            if part is None:
                part = parts[live, query_id] = self._result_of(live, query_id)
            changes.append(part)
        start, end = state.advance(ts)
        # The parts of a turn live as long as its frames, so their ids tell them apart.
        key = (start, end, tuple(map(id, changes)))
        frame = frames.get(key) if is_shared else None
        if frame is None:
            payload = messages.transition(_wire(start), _wire(end), changes)
            frame = self._hub.frame(payload)
            if is_shared:
                frames[key] = frame
        self.emit(frame, ts, is_transition=True)

    def _result_of(self, live: LiveQuery, query_id: int) -> bytes:
        outcome = live.outcome
        assert outcome is not None, "what has run has an outcome"
        assert live.state is State.FRESH, "only results that are true now are sent"
        lines = messages.log_lines(self._hub.told(outcome))
        if outcome.failure is None:
            assert outcome.value is not None, "a success has a value"
            return messages.query_updated(query_id, outcome.value, lines, outcome.journal)
        text = outcome.failure.message(live.request_id, redacted=self._hub.redacts)
        return messages.query_failed(query_id, text, outcome.failure.data, lines, outcome.journal)

    def emit(self, frame: bytes, ts: int, *, is_transition: bool = False) -> None:
        """Sends a frame once everything it tells is durable, after everything before it."""
        if not self._is_open:
            return
        if self._held is None and ts <= self._hub.log.durable_ts:
            self._write(frame)
            return
        if self._held is None:
            self._held = []
            self._hub.hold(self)
        self._held.append((ts, frame))
        self._transitions_held += is_transition

    def release(self, durable_ts: int) -> bool:
        """Sends what has become durable; returns whether something still waits."""
        held = self._held or []
        ready = 0
        while ready < len(held) and held[ready][0] <= durable_ts:
            ready += 1
        if ready:
            self._write(b"".join([frame for _, frame in held[:ready]]) if ready > 1 else held[0][1])
        self._held = held[ready:] or None
        self._transitions_held = len(self._held or ())
        return self._held is not None

    def _send_now(self, payload: bytes) -> None:
        self._transport.send(payload)

    def _write(self, frames: bytes) -> None:
        self.sent_at = self._hub.clock.monotonic()
        self._transport.write(frames)

    def beat(self, now: float) -> None:
        """Keeps a quiet line alive, and drops a client that has gone without a word.

        npm's client counts data messages only, so it gets one; its pong tells us that it is there.
        """
        if now - self._transport.last_received > limits.SILENCE_MAX_S:
            self.close(CLOSE_NORMAL, "silent")
        elif now - self.sent_at >= limits.PING_AFTER_S:
            self._transport.ping()
            self._write(self._hub.ping_frame)

    def writable(self) -> None:
        """The client has caught up."""
        self._hub.resume(self)

    def close(self, code: int | None, reason: str = "") -> None:
        """Ends the connection from our side."""
        self._transport.close(code, reason)
        self.closed()

    def closed(self) -> None:
        """The connection has ended, whoever ended it; subscriptions go with it."""
        if not self._is_open:
            return
        self._is_open = False
        for query_id in list(self._lives):
            self._drop(query_id)
        self._held = None
        self._mutations = None
        self._hub.forget(self)


def _wire(version: Version) -> bytes:
    return messages.version(version.query_set, version.identity, version.ts)
