"""What one function run has used of its limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from reactor import limits
from reactor.errors import LimitError

if TYPE_CHECKING:
    from collections.abc import Mapping

_READ_ADVICE: Final = (
    ". Consider using smaller limits in your queries, paginating your queries, or using indexed "
    "queries with a selective index range."
)


class _Counted(NamedTuple):
    """One thing that is counted: its limit, its error's code, and Convex's words for it.

    Source: protocol.md 6.4 and 7.
    """

    limit: str
    code: str
    refusal: str
    unit: str = ""
    advice: str = ""

    @property
    def warning(self) -> str:
        """What is said of most of it: `Many reads` instead of `Too many reads`."""
        words = self.refusal.removeprefix("Too ")
        return words[0].upper() + words[1:]

    @property
    def most(self) -> int:
        """How much a transaction may use."""
        most: int = getattr(limits, self.limit)
        return most


_IN_ONE: Final = "in a single function execution"

COUNTED: Final[dict[str, _Counted]] = {
    "bytes_read": _Counted(
        "BYTES_READ_MAX", "TooManyBytesRead", f"Too many bytes read {_IN_ONE}", " bytes",
        _READ_ADVICE,
    ),
    "bytes_written": _Counted(
        "BYTES_WRITTEN_MAX", "TooManyBytesWritten", f"Too many bytes written {_IN_ONE}"
    ),
    "database_queries": _Counted(
        "RANGES_READ_MAX", "TooManyReads", f"Too many reads {_IN_ONE}", "", _READ_ADVICE
    ),
    "documents_read": _Counted(
        "DOCUMENTS_READ_MAX", "TooManyDocumentsRead", f"Too many documents read {_IN_ONE}", "",
        _READ_ADVICE,
    ),
    "documents_written": _Counted(
        "DOCUMENTS_WRITTEN_MAX", "TooManyWrites", f"Too many writes {_IN_ONE}"
    ),
    "functions_scheduled": _Counted(
        "FUNCTIONS_SCHEDULED_MAX", "TooManyFunctionsScheduled",
        "Too many functions scheduled by this mutation", "",
        ". Schedule one function that schedules the rest in batches.",
    ),
    "scheduled_function_args_bytes": _Counted(
        "SCHEDULED_ARGS_BYTES_MAX", "ScheduledFunctionsArgumentsTooLarge",
        "Too large total size of the arguments of scheduled functions from this mutation",
        " bytes", ". Store the data in a table and pass its id.",
    ),
}  # fmt: skip
"""Everything that is counted, by the counter's name."""


@dataclass(slots=True)
class Usage:
    """Counters of one transaction; each method adds and checks."""

    documents_read: int = 0
    bytes_read: int = 0
    database_queries: int = 0
    documents_written: int = 0
    bytes_written: int = 0
    functions_scheduled: int = 0
    scheduled_function_args_bytes: int = 0
    caps: Mapping[str, tuple[int, int]] | None = None
    """What a nested call may bring counters to at most, and how much of it is its own."""

    def query(self) -> None:
        """Counts one index range or id that is read.

        Raises:
            LimitError: TooManyReads.
        """
        self.database_queries += 1
        if self.database_queries > limits.RANGES_READ_MAX or self.caps is not None:
            self._check("database_queries")

    def read(self, documents: list[bytes]) -> None:
        """Counts documents that were read.

        Raises:
            LimitError: TooManyDocumentsRead or TooManyBytesRead.
        """
        self.documents_read += len(documents)
        self.bytes_read += sum(map(len, documents))
        if self.documents_read > limits.DOCUMENTS_READ_MAX or self.caps is not None:
            self._check("documents_read")
        if self.bytes_read > limits.BYTES_READ_MAX or self.caps is not None:
            self._check("bytes_read")

    def write(self, size_bytes: int) -> None:
        """Counts one document that is written.

        Raises:
            LimitError: TooManyWrites or TooManyBytesWritten.
        """
        self.documents_written += 1
        self.bytes_written += size_bytes
        if self.documents_written > limits.DOCUMENTS_WRITTEN_MAX or self.caps is not None:
            self._check("documents_written")
        if self.bytes_written > limits.BYTES_WRITTEN_MAX or self.caps is not None:
            self._check("bytes_written")

    def schedule(self, args_bytes: int) -> None:
        """Counts one function that is scheduled.

        Raises:
            LimitError: TooManyFunctionsScheduled or ScheduledFunctionsArgumentsTooLarge.
        """
        self.functions_scheduled += 1
        self.scheduled_function_args_bytes += args_bytes
        self._check("functions_scheduled")
        self._check("scheduled_function_args_bytes")

    def _check(self, counter: str) -> None:
        used: int = getattr(self, counter)
        counted = COUNTED[counter]
        most = counted.most
        cap, own = (self.caps or {}).get(counter, (most, most))
        if used > min(cap, most):
            raise LimitError(
                f"{counted.refusal} (limit: {own if cap < most else most}{counted.unit})"
                f"{counted.advice}",
                code=counted.code,
            )

    def remaining(self, counter: str) -> int:
        """How much more may be used, at least 0."""
        used: int = getattr(self, counter)
        most = COUNTED[counter].most
        cap, _ = (self.caps or {}).get(counter, (most, most))
        return max(0, min(most, cap) - used)

    def narrowed(self, allowed: Mapping[str, int]) -> dict[str, tuple[int, int]]:
        """The caps of a nested call that may use so much more, and never more than its caller."""
        caps = dict(self.caps or {})
        for counter, own in allowed.items():
            used: int = getattr(self, counter)
            before = caps.get(counter)
            if before is None or used + own < before[0]:
                caps[counter] = used + own, own
        return caps

    def warnings(self) -> list[str]:
        """A sentence for each limit that is nearly used up."""
        share = limits.WARNING_SHARE
        if (
            self.documents_read <= share * limits.DOCUMENTS_READ_MAX
            and self.bytes_read <= share * limits.BYTES_READ_MAX
            and self.database_queries <= share * limits.RANGES_READ_MAX
            and self.documents_written <= share * limits.DOCUMENTS_WRITTEN_MAX
            and self.bytes_written <= share * limits.BYTES_WRITTEN_MAX
            and self.functions_scheduled <= share * limits.FUNCTIONS_SCHEDULED_MAX
            and self.scheduled_function_args_bytes <= share * limits.SCHEDULED_ARGS_BYTES_MAX
        ):
            return []
        return [
            f"{counted.warning} (actual: {getattr(self, counter)}{counted.unit}, "
            f"limit: {counted.most}{counted.unit}){counted.advice}"
            for counter, counted in COUNTED.items()
            if getattr(self, counter) > share * counted.most
        ]
