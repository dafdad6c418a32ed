"""The limits of one run: Convex's codes, at Convex's numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reactor import limits
from reactor.errors import LimitError
from reactor.transaction.usage import COUNTED, Usage


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


def test_a_nested_call_gets_no_more_than_its_own_or_its_callers() -> None:
    usage = Usage(documents_written=10)
    assert usage.narrowed({"documents_written": 5}) == {"documents_written": (15, 5)}
    usage.caps = usage.narrowed({"documents_written": 5})
    assert usage.remaining("documents_written") == 5
    for _ in range(2):
        usage.write(1)
    wider = usage.narrowed({"documents_written": 4, "bytes_read": 9})
    assert wider == {"documents_written": (15, 5), "bytes_read": (9, 9)}
    assert usage.narrowed({"documents_written": 1}) == {"documents_written": (13, 1)}
    for _ in range(3):
        usage.write(1)
    with pytest.raises(LimitError) as caught:
        usage.write(1)
    assert str(caught.value) == "Too many writes in a single function execution (limit: 5)"
    assert usage.remaining("documents_written") == 0


def test_a_cap_above_the_limit_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RANGES_READ_MAX", 1)
    usage = Usage()
    usage.caps = usage.narrowed({"database_queries": 100})
    assert usage.remaining("database_queries") == 1
    usage.query()
    with pytest.raises(LimitError) as caught:
        usage.query()
    assert "(limit: 1)" in str(caught.value)


@pytest.mark.parametrize("counter", COUNTED)
def test_most_of_a_limit_is_worth_a_warning(counter: str) -> None:
    """At Convex's 80 %, and one sentence for each limit."""
    most = COUNTED[counter].most
    usage = Usage()
    setattr(usage, counter, int(0.8 * most))
    assert usage.warnings() == []
    setattr(usage, counter, int(0.8 * most) + 1)
    (sentence,) = usage.warnings()
    assert f"limit: {most}" in sentence
    assert f"actual: {int(0.8 * most) + 1}" in sentence
