"""The execution log over HTTP, for `npx convex logs` and dashboards.

Source: protocol.md 8.3.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import msgspec

from reactor.edge.access import admin_caller
from reactor.edge.rpc import json_response
from reactor.errors import BadRequest
from reactor.runner.failure import request_id_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from reactor.session.hub import Hub

_STRUCTURED: Final = ("npm-cli-", "dashboard-")
"""Clients that get lines as objects; everybody else gets texts."""


class FunctionLogs:
    """`GET /api/stream_function_logs`: what has been run since a cursor; waits for something.

    Args:
        hub: the node.
        only_ended: leave out what is still running, as `/api/stream_udf_execution` does.
    """

    def __init__(self, hub: Hub, *, only_ended: bool = False) -> None:
        self._hub = hub
        self._only_ended = only_ended

    async def __call__(self, request: Request) -> Response:
        """The entries after `cursor`; with `sessionId` and `clientRequestCounter`, of one request.

        Raises:
            BadRequest: the cursor is no number (400), or somebody without the admin key asks (403).
            AuthFailed: the key is not this deployment's (403).
        """
        await admin_caller(self._hub, request)
        query = request.query_params
        session, counter = query.get("sessionId"), query.get("clientRequestCounter")
        cursor = _number(query.get("cursor", "0"))
        request_id = None
        if session is not None and counter is not None:
            request_id = request_id_of(session, int(_number(counter)))
        executions = self._hub.runner.executions
        entries, after = await executions.after(cursor, request_id)
        structured = request.headers.get("convex-client", "").startswith(_STRUCTURED)
        shown = [executions.entry_json(entry, structured=structured) for entry in entries]
        if self._only_ended:
            shown = [entry for entry in shown if entry["kind"] == "Completion"]
        return json_response(msgspec.json.encode({"entries": shown, "newCursor": after}))


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise BadRequest(f"{text[:100]!r} is no number", code="BadCursor")
    return number
