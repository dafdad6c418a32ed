"""Every exception that reactor raises, in one tree.

    ReactorError
    ├── AppError                    the client's: its data travels as ConvexError, its stack not
    │   └── InvalidCursor           a page position that belongs to another query
    ├── ParseError                  data from a third party does not have the shape it was read as
    ├── DeveloperError              the code's: full text in dev, redacted in production
    │   ├── SchemaError             a table, column or index cannot be what was declared
    │   ├── ProjectError            a project, a module or a setting cannot be loaded
    │   ├── ValueNotAllowed         a value Convex cannot store or send
    │   ├── InvalidId               a text that is no document id, or one of another table
    │   ├── ValidationFailed        a value does not match its validator
    │   ├── FunctionNotFound        no function of that name for this caller
    │   ├── WrongFunctionKind       a query called as a mutation, and so on
    │   ├── DatabaseError           a read or write that the database refuses
    │   │   └── UniqueViolation     two documents with one key in a unique index
    │   ├── ScheduleRefused         a function, a time or a name that cannot be scheduled
    │   ├── TransferRefused         an import's file, or where it should go, cannot be used
    │   ├── LimitError              a transaction went over a limit
    │   ├── TimedOut                a function took longer than it may
    │   ├── OutOfMemory             a function took more memory than it may
    │   └── NotInTransactions       a query or mutation reached for the world outside
    └── InternalError               ours, the disk's or the load's: redacted, logged, counted
        ├── BadRequest              a message or a request that cannot be read
        ├── AuthFailed              a token or key that cannot be trusted
        ├── Conflict                a transaction lost its race more often than it may retry
        ├── Overloaded              a queue is at its bound
        ├── NotRetained             the asked-for timestamp is older than the log keeps
        ├── FilesFailed             the place of the files refused or lost bytes; the node goes on
        └── StorageFailed           the disk said no; the node stops

Each class has a stable PascalCase `code` for clients, tests and metrics (Convex's where it has
one) and a message for people.
"""

from __future__ import annotations

from typing import Any, ClassVar


class ReactorError(Exception):
    """The base of everything reactor raises."""

    code: ClassVar[str] = "ReactorError"


class AppError(ReactorError):
    """Reaches the client as ConvexError with this data: a string, or anything JSON-like.

    Args:
        data: any Convex value; objects should carry a `code`.
    """

    code = "AppError"

    def __init__(self, data: Any, /) -> None:
        super().__init__(str(data))
        self.data = data


class InvalidCursor(AppError):
    """A page position that is garbled or belongs to another query; React clients start over.

    Source: protocol.md 5.5.
    """

    code = "InvalidCursor"

    def __init__(self) -> None:
        super().__init__({"isConvexSystemError": True, "paginationError": "InvalidCursor"})

    def __str__(self) -> str:
        return (
            "InvalidCursor: Tried to run a query starting from a cursor, but it looks like this "
            "cursor is from a different query."
        )


class ParseError(ReactorError, ValueError):
    """Data does not have the shape it was read as; `path` says where, as in `.items[0].id`."""

    code = "ParseError"

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(f"{message} (at {path})" if path else message)
        self.path = path


class DeveloperError(ReactorError):
    """Something the developer of the project can mend; shown in full in dev."""

    code = "DeveloperError"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code  # type: ignore[misc]  # the instance's own, finer code


class SchemaError(DeveloperError):
    """A table, column or index cannot be what was declared."""

    code = "SchemaError"


class ProjectError(DeveloperError):
    """A project, a module or a setting cannot be loaded."""

    code = "ProjectError"


class ValueNotAllowed(DeveloperError):
    """A value that Convex cannot store or send: too large, too deep, a bad field name."""

    code = "ValueNotAllowed"


class InvalidId(DeveloperError):
    """A text that is no document id, or an id of another table."""

    code = "InvalidId"


class ValidationFailed(DeveloperError):
    """A value does not match its validator; the message is Convex's, prefix included."""

    code = "ValidationFailed"


class FunctionNotFound(DeveloperError):
    """No function of that name is visible to this caller."""

    code = "FunctionNotFound"


class WrongFunctionKind(DeveloperError):
    """A query was called as a mutation, a mutation as an action, and so on."""

    code = "WrongFunctionKind"


class DatabaseError(DeveloperError):
    """A read or a write that the database refuses."""

    code = "DatabaseError"


class UniqueViolation(DatabaseError):
    """Two documents would have one key in a unique index."""

    code = "UniqueViolation"


class ScheduleRefused(DeveloperError):
    """A function that cannot be scheduled, or a time that it cannot be scheduled for."""

    code = "ScheduleRefused"


class TransferRefused(DeveloperError):
    """An import's file cannot be read, or does not fit what is here; nothing has changed."""

    code = "InvalidImport"


class LimitError(DeveloperError):
    """A transaction, or a nested call under `ctx.within(...)`, went over a limit."""

    code = "LimitError"


class TimedOut(DeveloperError):
    """A function took longer than it may.

    Args:
        seconds: how long it may take.
    """

    code = "FunctionTimedOut"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Function execution timed out (maximum duration: {seconds:g}s)")


class OutOfMemory(DeveloperError):
    """A function took more memory than it may.

    Args:
        mib: how much it may take, in MiB.
    """

    code = "FunctionOutOfMemory"

    def __init__(self, mib: int) -> None:
        super().__init__(f"Function execution ran out of memory (maximum memory usage: {mib} MB)")


class NotInTransactions(DeveloperError):
    """A query or a mutation reached for something that may differ when it is run again.

    Args:
        thing: what it reached for, as in "the network".
        code: as in `NoNetworkInQueriesOrMutations`.

    Source: protocol.md 6.3.
    """

    code = "NotInTransactions"

    def __init__(self, thing: str, *, code: str) -> None:
        super().__init__(
            f"Can't use {thing} in queries and mutations. Please consider using an action: do this "
            "there, and hand the result to a mutation with ctx.run_mutation.",
            code=code,
        )


class InternalError(ReactorError):
    """Reactor's own failure, the disk's, or the load's; `status` is its HTTP answer."""

    code = "InternalServerError"
    status: ClassVar[int] = 500


class BadRequest(InternalError):
    """A message or a request that cannot be read."""

    code = "BadRequest"
    status = 400

    def __init__(self, message: str, *, code: str | None = None, status: int | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code  # type: ignore[misc]  # the instance's own, finer code
        if status is not None:
            self.status = status  # type: ignore[misc]  # 403, 404 and 413 share this class


class AuthFailed(InternalError):
    """A token or an admin key that cannot be trusted."""

    code = "Unauthenticated"
    status = 401

    def __init__(self, message: str, *, code: str | None = None, status: int | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code  # type: ignore[misc]  # NoAuthProvider, BadDeployKey and their like
        if status is not None:
            self.status = status  # type: ignore[misc]  # a bad admin key answers 403


class Conflict(InternalError):
    """A transaction lost its race more often than it may retry."""

    code = "OptimisticConcurrencyControlFailure"
    status = 503


class Overloaded(InternalError):
    """A queue is at its bound; `code` names it."""

    code = "TooManyConcurrentRequests"
    status = 503

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code  # type: ignore[misc]  # the instance's own, finer code


class NotRetained(InternalError):
    """The asked-for timestamp is older than the log keeps."""

    code = "OutOfRetention"
    status = 503


class FilesFailed(InternalError):
    """The place where files are kept refused, or has lost bytes; everything else goes on."""

    code = "FileStoreFailed"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code  # type: ignore[misc]  # FileBytesMissing shares this class


class StorageFailed(InternalError):
    """The disk said no. The node stops: memory is never ahead of a disk that refused."""

    code = "StorageFailed"
