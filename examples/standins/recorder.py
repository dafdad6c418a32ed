"""The log of API requests seen, for tests that ask what was sent to a vendor."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

REQUESTS_KEPT: Final = 2000
BODY_CHARS_KEPT: Final = 64 * 1024


@dataclass(slots=True)
class SeenRequest:
    """One request to a service; `status` is what was answered, None if nothing was."""

    service: str
    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any
    at: float
    status: int | None = None


class Recorder:
    """The newest requests, oldest first."""

    def __init__(self) -> None:
        self._seen: deque[SeenRequest] = deque(maxlen=REQUESTS_KEPT)

    def record(
        self, service: str, scope: Mapping[str, Any], path: str, body: bytes, at: float
    ) -> SeenRequest:
        """Notes a request; the caller fills in the status once it is known."""
        seen = SeenRequest(
            service=service,
            method=scope["method"],
            path=path,
            query=dict(parse_qsl(scope["query_string"].decode("latin-1"))),
            headers={k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]},
            body=_readable(body),
            at=at,
        )
        self._seen.append(seen)
        return seen

    def seen(self, service: str | None = None) -> list[dict[str, Any]]:
        """The requests to one service, or to all."""
        return [asdict(s) for s in self._seen if service in (None, s.service)]

    def clear(self) -> None:
        """Forgets every request."""
        self._seen.clear()


def _readable(body: bytes) -> Any:
    if not body:
        return None
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body.decode("utf-8", "replace")[:BODY_CHARS_KEPT]
