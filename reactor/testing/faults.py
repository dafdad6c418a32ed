"""What a test can break on purpose: named points of the engine, until they are mended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self, assert_never

from reactor.errors import StorageFailed
from reactor.log.commit import Invalidation, Log, ReadsChanged

if TYPE_CHECKING:
    from collections.abc import Callable

    from reactor.storage.memory import MemoryStorage

FaultPoint = Literal["append", "commit", "disk"]
"""Where `Harness.fail` strikes.

`append`: the next batch does not reach the disk, so the node stops, and everyone who waits for that
batch gets `StorageFailed`. `commit`: the next commit finds that its reads have changed, so its
mutation runs again. `disk`: nothing becomes durable, so nothing is answered or pushed.
"""


class Fault:
    """Something that is broken; `with harness.fail(…):` mends it at the end.

    Args:
        mended: takes the fault away.
    """

    def __init__(self, mended: Callable[[], None]) -> None:
        self._mended = mended

    def mend(self) -> None:
        """Takes the fault away; one that has struck already stays done."""
        self._mended()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.mend()


class Faults:
    """Breaks one node.

    Args:
        log: whose commits can be refused.
        storage: whose disk can fail, or be slow.
    """

    def __init__(self, log: Log, storage: MemoryStorage) -> None:
        self._commit = log.commit
        self._storage = storage
        self._refusals = 0
        vars(log)["commit"] = self._try_commit  # in front of the log's own

    def fail(self, point: FaultPoint, times: int) -> Fault:
        """Breaks the node at a point; see `FaultPoint`.

        Args:
            point: where.
            times: how often a `commit` is refused.
        """
        match point:
            case "append":
                self._storage.fail_next(StorageFailed("No space is left on the test's disk."))
                return Fault(self._storage.spare_next)
            case "commit":
                self._refusals = times
                return Fault(self._allow_commits)
            case "disk":
                self._storage.hold()
                return Fault(self._storage.release)
            case _:
                assert_never(point)

    def _allow_commits(self) -> None:
        self._refusals = 0

    def _try_commit(self, *args: Any, **kwargs: Any) -> Invalidation:
        if self._refusals:
            self._refusals -= 1
            raise ReadsChanged("?", 'harness.fail("commit")')
        return self._commit(*args, **kwargs)
