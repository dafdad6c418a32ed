"""What one function run has used of its limits."""

from __future__ import annotations

from dataclasses import dataclass

from reactor import limits
from reactor.errors import LimitError

_ADVICE = (
    " Consider using smaller limits in your queries, paginating your queries, or using indexed "
    "queries with a selective index range."
)


@dataclass(slots=True)
class Usage:
    """Counters of one transaction; each method adds and checks.

    Source: protocol.md 6.4 and 7.
    """

    documents_read: int = 0
    bytes_read: int = 0
    database_queries: int = 0
    documents_written: int = 0
    bytes_written: int = 0
    functions_scheduled: int = 0
    scheduled_function_args_bytes: int = 0

    def query(self) -> None:
        """Counts one index range or id that is read.

        Raises:
            LimitError: TooManyReads.
        """
        self.database_queries += 1
        if self.database_queries > limits.RANGES_READ_MAX:
            raise LimitError(
                "Too many reads in a single function execution "
                f"(limit: {limits.RANGES_READ_MAX}).{_ADVICE}",
                code="TooManyReads",
            )

    def read(self, documents: list[bytes]) -> None:
        """Counts documents that were read.

        Raises:
            LimitError: TooManyDocumentsRead or TooManyBytesRead.
        """
        self.documents_read += len(documents)
        self.bytes_read += sum(map(len, documents))
        if self.documents_read > limits.DOCUMENTS_READ_MAX:
            raise LimitError(
                "Too many documents read in a single function execution "
                f"(limit: {limits.DOCUMENTS_READ_MAX}).{_ADVICE}",
                code="TooManyDocumentsRead",
            )
        if self.bytes_read > limits.BYTES_READ_MAX:
            raise LimitError(
                "Too many bytes read in a single function execution "
                f"(limit: {limits.BYTES_READ_MAX} bytes).{_ADVICE}",
                code="TooManyBytesRead",
            )

    def write(self, size_bytes: int) -> None:
        """Counts one document that is written.

        Raises:
            LimitError: TooManyWrites or TooManyBytesWritten.
        """
        self.documents_written += 1
        self.bytes_written += size_bytes
        if self.documents_written > limits.DOCUMENTS_WRITTEN_MAX:
            raise LimitError(
                "Too many writes in a single function execution "
                f"(limit: {limits.DOCUMENTS_WRITTEN_MAX})",
                code="TooManyWrites",
            )
        if self.bytes_written > limits.BYTES_WRITTEN_MAX:
            raise LimitError(
                "Too many bytes written in a single function execution "
                f"(limit: {limits.BYTES_WRITTEN_MAX})",
                code="TooManyBytesWritten",
            )

    def schedule(self, args_bytes: int) -> None:
        """Counts one function that is scheduled.

        Raises:
            LimitError: TooManyFunctionsScheduled or ScheduledFunctionsArgumentsTooLarge.
        """
        self.functions_scheduled += 1
        self.scheduled_function_args_bytes += args_bytes
        if self.functions_scheduled > limits.FUNCTIONS_SCHEDULED_MAX:
            raise LimitError(
                "Too many functions scheduled by this mutation "
                f"(limit: {limits.FUNCTIONS_SCHEDULED_MAX}). Schedule one function that schedules "
                "the rest in batches.",
                code="TooManyFunctionsScheduled",
            )
        if self.scheduled_function_args_bytes > limits.SCHEDULED_ARGS_BYTES_MAX:
            raise LimitError(
                "Too large total size of the arguments of scheduled functions from this mutation "
                f"(limit: {limits.SCHEDULED_ARGS_BYTES_MAX} bytes). Store the data in a table and "
                "pass its id.",
                code="ScheduledFunctionsArgumentsTooLarge",
            )
