"""Every bound is Convex's where Convex has it, so that a program that fits there fits here."""

from __future__ import annotations

import ast
import inspect
import os
from pathlib import Path

import pytest

from reactor import limits
from reactor.runtime.settable import purposes

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "limits.md"
HEAD = """# Limits

Where Convex has the number, it is Convex's. An operator sets another with `REACTOR_LIMIT_<NAME>`,
as in `REACTOR_LIMIT_DOCUMENTS_READ_MAX=64000 reactor serve`; it is read once, when the node starts.
A value that is no number, is out of range, or does not fit the others ends the start with a
sentence that says so. `reactor limits` (and `--json`) shows what a node would run with.

| name | default | unit | may be |
|---|---|---|---|
"""


def page() -> str:
    """The reference page, from `limits.py`."""
    told = purposes(limits)
    lines: list[str] = []
    for name, limit in limits.SETTABLE.items():
        allowed = f"{limit.lowest:,} to {limit.highest:,}"
        lines.append(f"| `{name}` | {limit.default:,} | {limit.unit} | {allowed} |")
    whys: dict[str, list[str]] = {}
    for name in limits.SETTABLE:
        whys.setdefault(told[name], []).append(f"`{name}`")
    text = "\n\n".join(f"{', '.join(names)}: {why}" for why, names in whys.items())
    return HEAD + "\n".join(lines) + f"\n\n## What they are\n\n{text}\n"


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
    "FUNCTIONS_SCHEDULED_MAX": 1_000,
    "SCHEDULED_ARGS_BYTES_MAX": 16_777_216,
    "WARNING_SHARE": 0.8,
    "TRANSACTION_MS_MAX": 1_000,
    "TRANSACTION_S_MAX": 15,
    "ACTION_S_MAX": 1_800,
    "EXECUTIONS_KEPT_MAX": 4_096,
    "EXECUTIONS_POLL_S": 60,
    "LOG_LINES_MAX": 256,
    "LOG_LINE_CHARS_MAX": 32_768,
    "CALL_DEPTH_MAX": 8,
    "CONFLICT_RETRIES_MAX": 4,
    "CONFLICT_BACKOFF_MS": 100,
    "CONFLICT_BACKOFF_MAX_MS": 2_000,
    "SEARCH_INDEXES_PER_TABLE_MAX": 4,
    "SEARCH_FILTERS_PER_INDEX_MAX": 16,
    "SEARCH_TERMS_MAX": 16,
    "SEARCH_FILTERS_MAX": 8,
    "SEARCH_RESULTS_MAX": 1_024,
    "SEARCH_TERM_CHARS_MAX": 32,
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
    "SCHEDULED_ARGS_BYTES_WARNED": 4_194_304,
    "SCHEDULED_OUTSTANDING_MAX": 1_000_000,
    "SCHEDULED_CONFLICT_BACKOFF_MS": 100,
    "SCHEDULED_CONFLICT_BACKOFF_MAX_MS": 60_000,
    "SCHEDULED_ERROR_BACKOFF_MS": 500,
    "SCHEDULED_ERROR_BACKOFF_MAX_MS": 7_200_000,
    "SCHEDULED_RETENTION_MS": 7 * 86_400_000,
    "SITE_RESPONSE_BYTES_MAX": 20 * 1_048_576,
    "UPLOAD_S": 120,
    "UPLOAD_URL_S": 3_600,
}


@pytest.mark.parametrize(("name", "value"), CONVEX.items())
def test_convexs_number(name: str, value: float) -> None:
    assert getattr(limits, name) == value


def test_every_bound_is_a_plain_positive_number() -> None:
    """Also one that stands below `SETTABLE`, where its default would not reach its readers."""
    others = ("ASCENDING", "SETTABLE")
    bounds = {n: v for n, v in vars(limits).items() if n.isupper() and n not in others}
    assert all(type(value) in (int, float) and value > 0 for value in bounds.values())
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
    assert limits.PAGE_SPLIT_DOCUMENTS < limits.PAGE_ITEMS_MAX <= limits.DOCUMENTS_READ_MAX
    for lower, upper in limits.ASCENDING:
        assert getattr(limits, lower) <= getattr(limits, upper)


def test_the_reference_page_is_up_to_date() -> None:
    """Run with REACTOR_WRITE_DOCS=1 to write it anew."""
    if "REACTOR_WRITE_DOCS" in os.environ:
        PAGE.write_text(page())
    assert PAGE.read_text() == page()
