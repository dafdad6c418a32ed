"""The error shapes of the HTTP API."""

from __future__ import annotations

import json

import pytest

from reactor.edge.answers import problem_response
from reactor.errors import AuthFailed, BadRequest, Conflict, InternalError, StorageFailed


@pytest.mark.parametrize(
    ("error", "status", "code", "is_shown"),
    [
        (BadRequest("why", code="BadJsonBody"), 400, "BadJsonBody", True),
        (BadRequest("why", code="BodyTooLarge", status=413), 413, "BodyTooLarge", True),
        (AuthFailed("why"), 401, "Unauthenticated", True),
        (Conflict("why"), 503, Conflict.code, True),
        (StorageFailed("why"), 500, "StorageFailed", False),
        (InternalError("why"), 500, "InternalServerError", False),
    ],
)
def test_infrastructure_errors(
    error: InternalError, status: int, code: str, is_shown: bool
) -> None:
    """Clients read code and message; what is our fault is not told to strangers."""
    response = problem_response(error)
    body = json.loads(bytes(response.body))
    assert (response.status_code, body["code"]) == (status, code)
    assert (body["message"] == "why") is is_shown
    assert set(body) == {"code", "message"}
