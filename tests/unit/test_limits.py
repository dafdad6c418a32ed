"""Every bound is Convex's where Convex has it, so that a program that fits there fits here."""

from __future__ import annotations

import ast
import inspect

import pytest

from reactor import limits

# protocol.md section 7.
CONVEX = {
    "VALUE_NESTING_MAX": 64,
    "DOCUMENT_NESTING_MAX": 16,
    "ARRAY_LENGTH_MAX": 8192,
    "OBJECT_FIELDS_MAX": 1024,
    "FIELD_NAME_CHARS_MAX": 1024,
    "DOCUMENT_BYTES_MAX": 1_048_576,
    "TABLES_MAX": 10_000,
    "INDEXES_PER_TABLE_MAX": 64,
    "INDEX_FIELDS_MAX": 16,
    "FIRST_SYSTEM_TABLE": 512,
    "FIRST_USER_TABLE": 10_001,
    "DOCUMENTS_READ_MAX": 32_000,
    "BYTES_READ_MAX": 16_777_216,
    "RANGES_READ_MAX": 4_096,
    "DOCUMENTS_WRITTEN_MAX": 16_000,
    "BYTES_WRITTEN_MAX": 16_777_216,
    "ARGUMENTS_BYTES_MAX": 16_777_216,
    "RESULT_BYTES_MAX": 16_777_216,
    "CALL_DEPTH_MAX": 8,
    "CONFLICT_RETRIES_MAX": 4,
    "CONFLICT_BACKOFF_MS": 100,
    "CONFLICT_BACKOFF_MAX_MS": 2_000,
    "PAGE_ITEMS_MAX": 32_000,
    "PAGE_SPLIT_DOCUMENTS": 6_144,
    "PAGE_SPLIT_SHARE": 0.75,
    "QUEUED_MUTATIONS_MAX": 1_000,
    "ACTIONS_PER_SESSION_MAX": 1_000,
    "PING_AFTER_S": 15,
    "SILENCE_MAX_S": 120,
    "SESSION_REQUEST_RETENTION_MS": 14 * 86_400_000,
    "RPC_BODY_BYTES_MAX": 16_777_216 + 2_000,
    "SITE_BODY_BYTES_MAX": 20 * 1_048_576,
}


@pytest.mark.parametrize(("name", "value"), CONVEX.items())
def test_convexs_number(name: str, value: float) -> None:
    assert getattr(limits, name) == value


def test_every_bound_is_positive() -> None:
    bounds = {name: value for name, value in vars(limits).items() if name.isupper()}
    assert all(value > 0 for value in bounds.values())
    assert set(CONVEX) <= set(bounds)


def test_every_bound_says_what_breaks() -> None:
    """Each number, or each group of numbers, is followed by a sentence about it."""
    body = ast.parse(inspect.getsource(limits)).body
    silent = [
        ast.unparse(node)
        for node, after in zip(body, [*body[1:], None], strict=True)
        if isinstance(node, ast.AnnAssign)
        and not isinstance(after, ast.AnnAssign)
        and not (isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant))
    ]
    assert not silent


def test_bounds_that_lean_on_each_other() -> None:
    """A client is pinged before it gives up, and a refused argument costs no connection."""
    assert limits.HEARTBEAT_S < limits.PING_AFTER_S < 60 < limits.SILENCE_MAX_S
    assert limits.WEBSOCKET_MESSAGE_BYTES_MAX > limits.ARGUMENTS_BYTES_MAX
    assert limits.RPC_BODY_BYTES_MAX > limits.ARGUMENTS_BYTES_MAX
    assert limits.CONFLICT_BACKOFF_MS <= limits.CONFLICT_BACKOFF_MAX_MS
    assert limits.BYTES_READ_MAX >= limits.DOCUMENT_BYTES_MAX
    assert limits.PAGE_SPLIT_DOCUMENTS < limits.PAGE_ITEMS_MAX <= limits.DOCUMENTS_READ_MAX
