"""One socket's place in the sync protocol: versions and subscriptions, without any I/O.

A client tells us about its query set and its identity in versioned steps; we answer with
Transitions from one version to the next, each of which must start exactly where the last one ended:

    received   what the client has said so far: a query-set version, an identity version
    current    what the last Transition told the client: both versions, and a timestamp
    unsent     subscriptions whose result the client does not have, or ones to be taken away

Source: protocol.md 3.4 and 3.11.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from reactor.errors import BadRequest, InternalError
from reactor.session.messages import Add, ModifyQuerySet, Remove

if TYPE_CHECKING:
    from collections.abc import Iterable


class Version(NamedTuple):
    """A point in a socket's history; a tuple, because many are compared on every push."""

    query_set: int = 0
    identity: int = 0
    ts: int = 0


@dataclass(slots=True)
class Subscription:
    """One query of a client.

    Args:
        query_id: the client's number for it.
        component: the path of the function's space; "" for the root.
        path: the function, as the client named it.
        args: its arguments, raw.
        journal: where its page ends, from this server or an earlier one.
        digest: of the result that the client has; empty when it has none.
        replaces: whether the client may still show what was this number's before.
    """

    query_id: int
    component: str
    path: str
    args: bytes
    journal: str | None
    digest: bytes = b""
    replaces: bool = False


@dataclass(frozen=True, slots=True)
class QuerySetChange:
    """What a ModifyQuerySet did."""

    added: list[Subscription]
    removed: list[Subscription]


@dataclass(slots=True)
class SyncState:
    """The state machine of one socket.

    Invariant: `current` never runs ahead of what was received, and its `ts` never goes back.
    """

    current: Version = field(default_factory=Version)
    query_set: int = 0
    identity: int = 0
    subscriptions: dict[int, Subscription] = field(default_factory=dict[int, Subscription])
    unsent: dict[int, None] = field(default_factory=dict[int, None])
    gone: dict[int, None] = field(default_factory=dict[int, None])

    def modify(self, message: ModifyQuerySet) -> QuerySetChange:
        """Takes a change of the query set in.

        Raises:
            BadRequest: the versions do not follow each other.
            InternalError: a query is added twice or one is removed that is not there.
        """
        if message.baseVersion != self.query_set or message.newVersion <= self.query_set:
            raise BadRequest(
                f"Base version {message.baseVersion} passed up doesn't match the current version "
                f"{self.query_set}",
                code="BaseVersionMismatch",
            )
        self.query_set = message.newVersion
        change = QuerySetChange([], [])
        for step in message.modifications:
            if isinstance(step, Add):
                change.added.append(self._add(step))
            else:
                change.removed.append(self._remove(step))
        return change

    def _add(self, step: Add) -> Subscription:
        if step.queryId in self.subscriptions:
            raise InternalError(f"query {step.queryId} is there already")
        added = Subscription(
            step.queryId, step.componentPath or "", step.udfPath, bytes(step.args), step.journal
        )
        added.replaces = step.queryId in self.gone
        self.gone.pop(step.queryId, None)
        self.subscriptions[step.queryId] = added
        self.unsent[step.queryId] = None
        return added

    def _remove(self, step: Remove) -> Subscription:
        removed = self.subscriptions.pop(step.queryId, None)
        if removed is None:
            raise InternalError(f"query {step.queryId} is not there")
        self.unsent.pop(step.queryId, None)
        if removed.digest or removed.replaces:
            # The client was told a result, so it is told that there will be no more.
            self.gone[step.queryId] = None
        return removed

    def authenticate(self, base_version: int) -> None:
        """Takes a new identity in; every result may depend on it.

        Raises:
            InternalError: the version does not follow the last one.
        """
        if base_version != self.identity:
            raise InternalError(
                f"identity version {base_version} does not match the current {self.identity}"
            )
        self.identity += 1

    def changed(self, query_id: int) -> None:
        """Notes that the client's result of a query is out of date."""
        if query_id in self.subscriptions:
            self.unsent[query_id] = None

    def advance(self, ts: int) -> tuple[Version, Version]:
        """Moves to everything received so far, at a timestamp.

        Returns:
            The versions that the next Transition goes from and to.
        """
        assert ts >= self.current.ts, "a client never sees time run backwards"
        start = self.current
        self.current = Version(self.query_set, self.identity, ts)
        self.unsent = {}
        self.gone = {}
        return start, self.current

    def check(self) -> None:
        """States the invariants; for tests and dev."""
        assert self.current.query_set <= self.query_set
        assert self.current.identity <= self.identity
        _subset(self.unsent, self.subscriptions)
        assert not (self.gone.keys() & self.subscriptions.keys())


def _subset(inner: Iterable[int], outer: Iterable[int]) -> None:
    assert set(inner) <= set(outer), "only subscriptions have unsent results"
