"""The execution log: what every function run was, did, took and printed, for who runs the node.

A bounded ring in memory. What is kept of a run is little and cheap to keep; its entry in the words
of `/api/stream_function_logs` is made when somebody asks.

Source: protocol.md 8.3.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import math
import uuid
from collections import deque
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from reactor import limits
from reactor.runner.logs import LogLines
from reactor.runtime.tasks import within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reactor.errors import DeveloperError
    from reactor.runner.context import Run
    from reactor.runner.failure import Failure
    from reactor.runner.logs import LogLine
    from reactor.runner.perform import Call
    from reactor.runtime.clock import Clock
    from reactor.runtime.random import Entropy
    from reactor.transaction.usage import Usage

UdfType = Literal["Query", "Mutation", "Action", "HttpAction"]
Sender = Literal["SyncWorker", "HttpApi", "HttpEndpoint", "Scheduler", "Cron", "Action", "Tester"]

_IDENTITIES: Final = {"anonymous": "unknown", "user": "user", "admin": "instance_admin"}
_UNMEASURED: Final = dict.fromkeys(
    (
        "databaseIoReadBytes", "databaseIoWriteBytes", "storageReadBytes", "storageWriteBytes",
        "vectorIndexReadBytes", "vectorIndexWriteBytes", "textIndexQueryBytes",
        "textIndexWriteQueryBytes", "vectorIndexReadQueryBytes", "vectorIndexWriteQueryBytes",
        "networkEgressBytes",
    ),
    0,
)  # fmt: skip
"""What a client may expect to find and this engine does not meter."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from.

    Args:
        sender: the part of the node that asks for the function.
        ip: the client's address; None where there is no client.
        user_agent: what the client calls itself.
    """

    sender: Sender
    ip: str | None = None
    user_agent: str | None = None


INSIDE: Final = Origin("Tester")
"""The node itself: seeds, tests."""


class Execution:
    """One run of a function, with everything that it runs inside its own transaction.

    Args:
        kind: what it runs as.
        call: what was asked for, by whom, from where.
        log: where it will be recorded.
        number: counts the executions of this node.
        started_ms: when, since the epoch.
        began: the same moment in seconds of the monotonic clock.
        usage: what its transaction uses; None in an action.
        parent: the action that called it, if one did.
        request_id: 16 hex digits, shared by all executions of one request.

    Attributes:
        path: the function, such as `news:list`; `POST /hook` for an HTTP route.
        ticks: how often it was seen at work; see `watch.py`.
        grown: bytes by which the process grew while it was.
        over: what it is ended with, once it has used up what it may.
        caught: how often it was told so.
    """

    __slots__ = (
        "_log", "_logs", "began", "call", "caught", "grown", "kind", "number", "over", "parent",
        "path", "request_id", "started_ms", "ticks", "usage",
    )  # fmt: skip

    def __init__(
        self,
        kind: UdfType,
        call: Call,
        log: Executions,
        number: int,
        started_ms: float,
        began: float,
        usage: Usage | None,
        parent: Execution | None,
        request_id: str,
    ) -> None:
        self.kind: UdfType = kind
        self.call = call
        self.path = call.path
        self._log = log
        self.number = number
        self.started_ms = started_ms
        self.began = began
        self.usage = usage
        self.parent = parent
        self.request_id = request_id
        self.ticks = self.grown = self.caught = 0
        self.over: DeveloperError | None = None
        self._logs: LogLines | None = None

    @property
    def logs(self) -> LogLines:
        """What it prints."""
        if self._logs is None:
            # The lines of what takes long are wanted while it runs.
            heard = self._log.wake if self.usage is None else None
            self._logs = LogLines(self._log.now_ms, heard)
        return self._logs

    def is_inside(self, run: Run) -> bool:
        """Whether a run is that of a function which this execution called inside itself."""
        return run.name != self.path or run.space.path != self.call.component

    @property
    def lines(self) -> Sequence[LogLine]:
        """Everything that it has printed."""
        return () if self._logs is None else self._logs.lines

    def new_lines(self) -> Sequence[LogLine]:
        """What it has printed since this was last asked."""
        return () if self._logs is None else self._logs.taken()

    def finish(self, *, forgets: bool = False) -> None:
        """Ends an unfinished line.

        Args:
            forgets: everything printed, because it will be printed again.
        """
        if forgets:
            self._logs = None
        elif self._logs is not None:
            self._logs.finish()


class End(NamedTuple):
    """What became of an execution.

    Args:
        seconds: how long it took.
        result_bytes: bytes of its result as wire JSON; None when it failed.
        failure: why it failed; None when it did not.
        status: the status of an HTTP response.
        is_cached: whether it did not run at all, since its result was at hand.
        conflict: the table that was changed under it, and the function that did, when it lost.
        will_retry: whether it is run again.
    """

    seconds: float
    result_bytes: int | None = None
    failure: Failure | None = None
    status: int | None = None
    is_cached: bool = False
    conflict: tuple[str, str] | None = None
    will_retry: bool = False


class Entry(NamedTuple):
    """One place in the log: an execution that has ended, or lines of one that has not.

    Args:
        cursor: its place: milliseconds since the epoch, and larger than every entry before it.
        execution: whose.
        lines: what it printed, as far as no earlier entry has it.
        end: what became of it, in its last entry.
        chars: how long its texts are.
    """

    cursor: float
    execution: Execution
    lines: Sequence[LogLine]
    end: End | None
    chars: int


class Executions:
    """The newest entries, and those who wait for more.

    Args:
        clock: tells entries' times, and how long to wait.
        entropy: where ids come from.
    """

    def __init__(self, clock: Clock, entropy: Entropy) -> None:
        self.now_ms = clock.now_ms
        self._clock = clock
        self._entropy = entropy
        self._seed = entropy.token(16)
        self._entries: deque[Entry] = deque()
        self._chars = 0
        self._cursor = 0.0
        self._count = itertools.count(1)
        self._open: dict[Execution, None] = {}
        self._news: asyncio.Future[None] | None = None

    def begin(
        self, kind: UdfType, call: Call, usage: Usage | None, parent: Execution | None = None
    ) -> Execution:
        """A new execution."""
        clock = self._clock
        request_id = call.request_id or self._entropy.token(8).hex()
        execution = Execution(
            kind, call, self, next(self._count), clock.now_ms(), clock.monotonic(), usage, parent,
            request_id,
        )  # fmt: skip
        if usage is None:
            # What takes long is asked for its lines before it ends.
            self._open[execution] = None
        return execution

    def closed(self, execution: Execution) -> None:
        """An execution has ended, or was cancelled; its lines can wait for its last entry."""
        self._open.pop(execution, None)

    def ended(self, execution: Execution, end: End) -> None:
        """An execution has ended."""
        self._add(execution, execution.new_lines(), end)

    def _add(self, execution: Execution, lines: Sequence[LogLine], end: End | None) -> None:
        cursor = self.now_ms()
        if cursor <= self._cursor:
            cursor = math.nextafter(self._cursor, math.inf)
        self._cursor = cursor
        entries = self._entries
        chars = 0
        if lines or (end is not None and end.failure is not None):
            chars = _chars(lines, end)
        entries.append(Entry(cursor, execution, lines, end, chars))
        self._chars += chars
        while (
            len(entries) > limits.EXECUTIONS_KEPT_MAX
            or self._chars > limits.EXECUTION_CHARS_KEPT_MAX
        ):
            self._chars -= entries.popleft().chars
        if self._news is not None:
            self.wake()

    def wake(self) -> None:
        """Those who wait look again: an execution has ended, or an open one has printed."""
        if self._news is not None and not self._news.done():
            self._news.set_result(None)

    async def after(
        self, cursor: float, request_id: str | None = None
    ) -> tuple[list[Entry], float]:
        """The entries after a place, oldest first, and the place to ask after next.

        Waits for one when there is none, unless the place is 0, the beginning: who starts there
        wants to know where the log stands, and npm's CLI throws that first answer away.

        Args:
            cursor: from an earlier answer.
            request_id: only entries of this request.
        """
        until = self._clock.monotonic() + limits.EXECUTIONS_POLL_S
        while True:
            found, end = self._since(cursor, request_id)
            if found or cursor == 0:
                return found, end or self._clock.now_ms()
            remaining = until - self._clock.monotonic()
            if remaining <= 0:
                return [], end or cursor
            if self._news is None or self._news.done():
                self._news = asyncio.get_running_loop().create_future()
            await within(self._clock, remaining, self._news)

    def _since(self, cursor: float, request_id: str | None) -> tuple[list[Entry], float]:
        for execution in self._open:
            lines = execution.new_lines()
            if lines:
                self._add(execution, lines, None)
        newer = list(takewhile(lambda entry: entry.cursor > cursor, reversed(self._entries)))
        found = [e for e in reversed(newer) if request_id in (None, e.execution.request_id)]
        return found, newer[0].cursor if newer else 0.0

    def id_of(self, execution: Execution) -> str:
        """The id of an execution, as a UUID; made when somebody asks, since few are ever read."""
        made = hashlib.blake2b(
            execution.number.to_bytes(8, "big"), digest_size=16, key=self._seed
        ).digest()
        return str(uuid.UUID(bytes=made, version=4))

    def entry_json(self, entry: Entry, *, structured: bool) -> dict[str, Any]:
        """An entry in the words of `/api/stream_function_logs`.

        Args:
            entry: the entry.
            structured: whether its lines are objects, as for the CLI and dashboards, or texts.
        """
        execution, end = entry.execution, entry.end
        common = {
            "kind": "Progress" if end is None else "Completion",
            "udfType": execution.kind,
            "identifier": execution.path,
            "componentPath": execution.call.component or None,
            "timestamp": entry.cursor / 1000,
            "logLines": [_line(line) if structured else str(line) for line in entry.lines],
            "requestId": execution.request_id,
            "executionId": self.id_of(execution),
        }
        if end is None:
            return common
        caller, parent = execution.call.caller, execution.parent
        acting = caller.kind == "admin" and caller.identity is not None
        return {
            **common,
            "cachedResult": end.is_cached,
            "executionTime": end.seconds,
            "userExecutionTime": end.seconds,
            "success": None if end.status is None else {"status": str(end.status)},
            "error": None if end.failure is None else end.failure.text.rstrip("\n"),
            "parentExecutionId": None if parent is None else self.id_of(parent),
            "caller": execution.call.origin.sender,
            "environment": "isolate",
            "identityType": "acting_user" if acting else _IDENTITIES[caller.kind],
            "usageStats": _usage(execution),
            "returnBytes": None if end.result_bytes is None else float(end.result_bytes),
            "occInfo": _conflict(end.conflict),
            "willRetry": end.will_retry,
            "executionTimestamp": execution.started_ms / 1000,
        }


def _chars(lines: Sequence[LogLine], end: End | None) -> int:
    failure = None if end is None else end.failure
    text = 0 if failure is None else len(failure.text)
    return text + sum(sum(map(len, line.messages)) for line in lines)


def _conflict(conflict: tuple[str, str] | None) -> dict[str, Any] | None:
    if conflict is None:
        return None
    table, source = conflict
    return {
        "tableName": table, "documentId": None, "writeSource": source,
        "retryCount": limits.CONFLICT_RETRIES_MAX,
    }  # fmt: skip


def _usage(execution: Execution) -> dict[str, int]:
    usage = execution.usage
    measured = {
        "memoryUsedMb": math.ceil(execution.grown / 2**20),
        "databaseReadBytes": 0 if usage is None else usage.bytes_read,
        "databaseWriteBytes": 0 if usage is None else usage.bytes_written,
        "databaseReadDocuments": 0 if usage is None else usage.documents_read,
        "databaseWriteDocuments": 0 if usage is None else usage.documents_written,
    }
    return {**_UNMEASURED, **measured}


def _line(line: LogLine) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "messages": list(line.messages),
        "level": line.level,
        "timestamp": line.timestamp_ms,
        "isTruncated": line.is_truncated,
        "systemMetadata": None,
    }
    if line.path:
        shown |= {"componentPath": line.component or None, "udfPath": line.path}
    return shown
