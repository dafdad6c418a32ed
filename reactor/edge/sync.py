"""From a WebSocket handshake to a session: paths, versions, and the listener in between.

Source: protocol.md 3.1.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import msgspec

from reactor.edge.origin import origin_of
from reactor.edge.socket import Handshake, Listener, Refusal, SyncSocket

if TYPE_CHECKING:
    from collections.abc import Mapping

    from reactor.runner.executions import Origin
    from reactor.session.hub import Hub
    from reactor.session.worker import Session

_PATH: Final = re.compile(r"/api/(?:(?P<version>[^/]+)/)?sync\Z")
_SEMVER: Final = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:[-+][0-9A-Za-z.+-]+)?\Z")
_TOO_OLD: Final = {"npm": (0, 19, 1), "python": (0, 0, 2)}


def is_sync_path(path: str) -> bool:
    """Whether a path is the sync protocol's."""
    return _PATH.match(path) is not None


def version_problem(path: str, headers: Mapping[str, str]) -> tuple[str, str] | None:
    """Why a client of this version is refused, as code and message; None when it is welcome.

    Args:
        path: the request's path; npm's version stands in it.
        headers: lower-case names; other clients' version stands in `convex-client`.
    """
    match = _PATH.match(path)
    text = match.group("version") if match is not None else None
    client = "npm"
    if text is None:
        client, _, text = headers.get("convex-client", "").rpartition("-")
        if client not in _TOO_OLD:
            return None
    parsed = _SEMVER.match(text)
    if parsed is None:
        return "InvalidVersion", f"{text!r} is not a client version"
    if tuple(int(part) for part in parsed.groups()) <= _TOO_OLD[client]:
        return "ClientVersionUnsupported", f"{client} {text} is too old; upgrade the convex package"
    return None


class _SyncListener:
    """Passes a socket's events to its session."""

    __slots__ = ("_hub", "_origin", "_session")

    def __init__(self, hub: Hub, origin: Origin) -> None:
        self._hub = hub
        self._origin = origin
        self._session: Session | None = None

    def opened(self, socket: SyncSocket) -> None:
        self._session = self._hub.connect(socket, self._origin)

    def message(self, data: bytes) -> None:
        assert self._session is not None, "opened comes first"
        self._session.receive(data)

    def writable(self) -> None:
        assert self._session is not None, "opened comes first"
        self._session.writable()

    def closed(self) -> None:
        if self._session is not None:
            self._session.closed()


class Acceptor:
    """Decides about a handshake: a session, a refusal, or somebody else's business.

    Args:
        hub: the node.
    """

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def __call__(self, handshake: Handshake) -> Listener | Refusal | None:
        """The listener of a sync client; None for every other path."""
        if not is_sync_path(handshake.path):
            return None
        problem = version_problem(handshake.path, handshake.headers)
        if problem is None:
            origin = origin_of("SyncWorker", handshake.client, handshake.headers)
            return _SyncListener(self._hub, origin)
        code, message = problem
        headers = {"content-type": "application/json"}
        if code == "ClientVersionUnsupported":
            headers["x-convex-deprecation-state"] = "unsupported"
            headers["x-convex-deprecation-message"] = message
        body = msgspec.json.encode({"code": code, "message": message})
        return Refusal(400, headers, body)
