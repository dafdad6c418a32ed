"""The limits of one run: Convex's codes, at Convex's numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reactor import limits
from reactor.errors import LimitError
from reactor.transaction.usage import Usage


def test_everything_is_counted() -> None:
    """`ctx.meta` shows a developer what a function costs."""
    usage = Usage()
    usage.query()
    usage.read([b"12", b"345"])
    usage.write(7)
    usage.write(0)
    assert usage == Usage(
        documents_read=2, bytes_read=5, database_queries=1, documents_written=2, bytes_written=7
    )


Use = Callable[[Usage], None]


def reads(document: bytes) -> Use:
    return lambda usage: usage.read([document])


def writes(size_bytes: int) -> Use:
    return lambda usage: usage.write(size_bytes)


def schedules(args_bytes: int) -> Use:
    return lambda usage: usage.schedule(args_bytes)


@pytest.mark.parametrize(
    ("usage", "use", "code", "text"),
    [
        (
            Usage(database_queries=limits.RANGES_READ_MAX - 1),
            Usage.query,
            "TooManyReads",
            "Too many reads in a single function execution (limit: 4096).",
        ),
        (
            Usage(documents_read=limits.DOCUMENTS_READ_MAX - 1),
            reads(b""),
            "TooManyDocumentsRead",
            "Too many documents read in a single function execution (limit: 32000).",
        ),
        (
            Usage(bytes_read=limits.BYTES_READ_MAX - 1),
            reads(b"x"),
            "TooManyBytesRead",
            "Too many bytes read in a single function execution (limit: 16777216 bytes).",
        ),
        (
            Usage(documents_written=limits.DOCUMENTS_WRITTEN_MAX - 1),
            writes(0),
            "TooManyWrites",
            "Too many writes in a single function execution (limit: 16000)",
        ),
        (
            Usage(bytes_written=limits.BYTES_WRITTEN_MAX - 1),
            writes(1),
            "TooManyBytesWritten",
            "Too many bytes written in a single function execution (limit: 16777216)",
        ),
        (
            Usage(functions_scheduled=limits.FUNCTIONS_SCHEDULED_MAX - 1),
            schedules(0),
            "TooManyFunctionsScheduled",
            "Too many functions scheduled by this mutation (limit: 1000)",
        ),
        (
            Usage(scheduled_function_args_bytes=limits.SCHEDULED_ARGS_BYTES_MAX - 1),
            schedules(1),
            "ScheduledFunctionsArgumentsTooLarge",
            "Too large total size of the arguments of scheduled functions from this mutation",
        ),
    ],
)
def test_limits(usage: Usage, use: object, code: str, text: str) -> None:
    """The last one allowed is allowed, and the next one is refused in Convex's words."""
    assert callable(use)
    use(usage)
    with pytest.raises(LimitError) as caught:
        use(usage)
    assert caught.value.code == code
    assert str(caught.value).startswith(text)
