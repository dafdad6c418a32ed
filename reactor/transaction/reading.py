"""What the ways to read a query need of it, whether it follows an index or a text search."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from reactor.errors import DatabaseError

if TYPE_CHECKING:
    from reactor.schema.load import TableDef
    from reactor.schema.objects import Page, PaginationOptions
    from reactor.schema.table import Document

Keep = Callable[[Any], bool]


class Reading(Protocol):
    """What a query reads, through its filters, in its order."""

    @property
    def definition(self) -> TableDef:
        """The table."""
        ...

    def filtered(self, keep: Keep) -> Reading:
        """The same through one more filter."""
        ...

    def keeps(self, document: Document) -> bool:
        """Whether every filter wants the document."""
        ...

    def read(self, limit: int) -> list[Any]:
        """The first `limit` documents that the filters keep, recorded as read."""
        ...

    def chunk(self) -> tuple[list[Any], Reading | None]:
        """Some first documents, not filtered yet, and how to read on; None at the end."""
        ...

    def page(self, options: PaginationOptions) -> Page[Any]:
        """One page."""
        ...


class Rows(Protocol):
    """Stored documents in an order, each with a key that is its position."""

    def fingerprint(self) -> bytes:
        """What is different for every query that its positions do not fit."""
        ...

    def between(self, start: bytes | None, end: bytes | None) -> Rows:
        """The rows after one position up to another, which is included.

        Raises:
            InvalidCursor: a position that could not have come from these rows.
        """
        ...

    def take(self, limit: int) -> tuple[list[bytes], list[bytes]]:
        """Keys and documents of the first rows; fewer than `limit` only at the end."""
        ...

    def record(self, last: bytes | None) -> None:
        """Records the rows up to and with a key as read; None for all of them."""
        ...


def kept(filters: tuple[Keep, ...], document: Document) -> bool:
    """Whether every filter wants the document.

    Raises:
        DatabaseError: a filter answers neither True nor False.
    """
    for keep in filters:
        wanted = keep(document)
        if wanted is not True and wanted is not False:
            raise DatabaseError(
                f"filter() needs a function that answers True or False, not {wanted!r}"
            )
        if not wanted:
            return False
    return True
