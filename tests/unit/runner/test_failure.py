"""What a caller is told when a function fails."""

from __future__ import annotations

import json

import pytest

from reactor.errors import (
    AppError,
    DatabaseError,
    FunctionNotFound,
    InvalidCursor,
    ValidationFailed,
)
from reactor.runner.failure import TEXT_MAX, failure_of, request_id_of


@pytest.mark.parametrize(
    ("error", "code", "data"),
    [
        (AppError("no"), "AppError", '"no"'),
        (AppError({"code": "GONE", "at": 1}), "GONE", '{"at":1.0,"code":"GONE"}'),
        (
            InvalidCursor(),
            "InvalidCursor",
            '{"isConvexSystemError":true,"paginationError":"InvalidCursor"}',
        ),
        (ValidationFailed("no", code="ArgumentValidationError"), "ArgumentValidationError", None),
        (FunctionNotFound("no"), "FunctionNotFound", None),
        (DatabaseError("no"), "DatabaseError", None),
        (ZeroDivisionError("no"), "ZeroDivisionError", None),
        (AppError(object()), "AppError", None),
    ],
)
def test_errors_become_failures(error: Exception, code: str, data: str | None) -> None:
    failure = failure_of(error)
    assert failure.code == code
    assert failure.text.endswith("\n")
    given = None if failure.data is None else json.loads(failure.data)
    assert given == (None if data is None else json.loads(data))


def test_production_keeps_the_text_to_itself() -> None:
    """A stack in a client's console tells strangers how the server is built."""
    failure = failure_of(ZeroDivisionError("a secret"))
    assert "a secret" in failure.message("0" * 16, redacted=False)
    assert failure.message("0" * 16, redacted=True) == f"[Request ID: {'0' * 16}] Server Error"


def test_texts_have_a_largest_size() -> None:
    """One failing query's text travels to each of its watchers."""
    failure = failure_of(ZeroDivisionError("é" * TEXT_MAX))
    assert len(failure.text.encode()) <= TEXT_MAX + 1
    assert len(failure_of(AppError("x" * TEXT_MAX * 2)).text) <= TEXT_MAX + 1


def test_the_stack_names_the_developers_lines() -> None:
    try:
        raise ZeroDivisionError("no")
    except ZeroDivisionError as error:
        text = failure_of(error).text
    assert "test_failure.py" in text
    assert "test_the_stack_names" in text


def test_request_ids_repeat_and_differ() -> None:
    assert request_id_of("s", 1) == request_id_of("s", 1) != request_id_of("s", 2)
    assert len(request_id_of("s", 1)) == 16


def test_a_missing_permission_is_no_secret() -> None:
    """Else `npx convex` with a wrong key waits forever, and its user never learns why."""
    failure = failure_of(FunctionNotFound("You do not have permission", code="PermissionDenied"))
    assert "You do not have permission" in failure.message("0" * 16, redacted=True)
