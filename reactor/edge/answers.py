"""The error shapes of the HTTP API.

Source: protocol.md 4.1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

if TYPE_CHECKING:
    from reactor.errors import InternalError

_GENERIC = "Your request couldn't be completed. Try again later."


def problem_response(error: InternalError) -> Response:
    """`{"code", "message"}` with the error's status; the text of a 500 stays here."""
    message = _GENERIC if error.status == 500 else str(error)
    body = msgspec.json.encode({"code": error.code, "message": message})
    return Response(body, error.status, media_type="application/json")
