"""The recent log in memory: for conflict checks and reads at a recent timestamp."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reactor import limits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from reactor.log.snapshot import TableData, Touch


@dataclass(frozen=True, slots=True)
class Commit:
    """One transaction's place in the log.

    Args:
        ts: its commit timestamp, nanoseconds.
        source: the function that made it, such as `news:create`.
        touches: every write with the keys that it touched.
    """

    ts: int
    source: str
    touches: list[Touch]


class Window:
    """The newest commits, bounded by age and by number of writes.

    Args:
        floor: the timestamp of the state before the first commit kept.
    """

    def __init__(self, floor: int) -> None:
        self.floor = floor
        self._commits: deque[Commit] = deque()
        self._writes = 0

    def append(self, commit: Commit) -> None:
        """Adds the newest commit, and forgets those past the bounds."""
        self._commits.append(commit)
        self._writes += len(commit.touches)
        oldest_ts = commit.ts - limits.LOG_WINDOW_NS
        while self._commits and (
            self._commits[0].ts < oldest_ts or self._writes > limits.LOG_WINDOW_WRITES_MAX
        ):
            gone = self._commits.popleft()
            self._writes -= len(gone.touches)
            self.floor = gone.ts

    def cut(self, ts: int) -> None:
        """Forgets every commit: what was before `ts` cannot be told from its writes alone."""
        self._commits.clear()
        self._writes = 0
        self.floor = ts

    def since(self, ts: int) -> Iterator[Commit]:
        """Commits newer than `ts`, newest first; the caller has checked `covers(ts)`."""
        for commit in reversed(self._commits):
            if commit.ts <= ts:
                return
            yield commit

    def covers(self, ts: int) -> bool:
        """Whether every commit after `ts` is still here."""
        return ts >= self.floor

    def undo(self, ts: int) -> dict[TableData, dict[bytes, bytes | None]]:
        """What documents held at `ts` where they have changed since; None = not there."""
        before: dict[TableData, dict[bytes, bytes | None]] = {}
        for commit in self.since(ts):
            for touch in reversed(commit.touches):
                before.setdefault(touch.table, {})[touch.id] = touch.old
        return before
