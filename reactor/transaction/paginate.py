"""Pages of a query, between cursors that are positions in its order.

A cursor names the last key of a page and the query it belongs to. The end of a live query's first
run is kept in its journal, so that the page grows and shrinks in place when the query re-runs, and
adjacent pages never overlap or leave a gap.

Source: protocol.md 5.5.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from reactor import limits
from reactor.errors import DatabaseError, InvalidCursor
from reactor.log.snapshot import IndexData, after_key
from reactor.schema.objects import Page, PaginationOptions
from reactor.transaction.transaction import SCAN_CHUNK, Transaction, consumed

if TYPE_CHECKING:
    from collections.abc import Callable

    from reactor.transaction.ranges import KeyRange
    from reactor.transaction.reading import Rows

D = TypeVar("D")

_FINGERPRINT_BYTES: Final = 8
_AT_KEY: Final = b"k"
_AT_END: Final = b"e"
CURSOR_CHARS_MAX: Final = 16_384
"""Longer than any key's cursor; what is longer was not made here."""


@dataclass(frozen=True, slots=True)
class _Position:
    """Where a page ends: after a key, or at the end of the range."""

    key: bytes | None

    @property
    def is_end(self) -> bool:
        return self.key is None


@dataclass(frozen=True, slots=True)
class IndexRows:
    """The rows of an index range, in either direction (`Rows`)."""

    tx: Transaction
    index: IndexData
    span: KeyRange
    reverse: bool

    def fingerprint(self) -> bytes:
        """The index, the equality prefix and the direction."""
        index, span = self.index, self.span
        head = f"{index.table.name}\0{index.name}\0{span.depth}\0{self.reverse}\0"
        return head.encode() + span.prefix

    def between(self, start: bytes | None, end: bytes | None) -> IndexRows:
        """The rows after one key up to another, which is included."""
        low, high = self.span.low, self.span.high
        if start is not None:
            low, high = (
                (low, min(high, start)) if self.reverse else (max(low, after_key(start)), high)
            )
        if end is not None:
            low, high = (max(low, end), high) if self.reverse else (low, min(high, after_key(end)))
        return replace(self, span=self.span._replace(low=low, high=max(low, high)))

    def take(self, limit: int) -> tuple[list[bytes], list[bytes]]:
        """Keys and documents of the first rows."""
        span = self.span
        return self.tx.slice(self.index, span.low, span.high, limit, reverse=self.reverse)

    def record(self, last: bytes | None) -> None:
        """Records the interval up to a key, or all of it."""
        span = self.span
        low, high = span.low, span.high
        if last is not None:
            low, high = consumed(low, high, [last], exhausted=False, reverse=self.reverse)
        self.tx.record(self.index, span.depth, span.prefix, low, high)


def _fingerprint(rows: Rows) -> bytes:
    return hashlib.blake2b(rows.fingerprint(), digest_size=_FINGERPRINT_BYTES).digest()


def _write(fingerprint: bytes, position: _Position) -> str:
    body = _AT_END if position.key is None else _AT_KEY + position.key
    return base64.urlsafe_b64encode(fingerprint + body).decode().rstrip("=")


def _read(fingerprint: bytes, cursor: str) -> _Position:
    try:
        if len(cursor) > CURSOR_CHARS_MAX:
            raise ValueError
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        data = base64.b64decode(padded, altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raise InvalidCursor from None
    kind = data[_FINGERPRINT_BYTES : _FINGERPRINT_BYTES + 1]
    key = data[_FINGERPRINT_BYTES + 1 :]
    if data[:_FINGERPRINT_BYTES] != fingerprint or kind not in (_AT_END, _AT_KEY):
        raise InvalidCursor
    return _Position(key if kind == _AT_KEY else None)


@dataclass(slots=True)
class _Found:
    """What a page's scan found."""

    rows: list[Any]
    keys: list[bytes]
    last_key: bytes | None
    is_exhausted: bool
    scanned: int
    hit_limit: bool


def paginate(
    tx: Transaction,
    rows: Rows,
    options: PaginationOptions,
    *,
    materialize: Callable[[bytes], D],
    keeps: Callable[[D], bool],
) -> Page[D]:
    """One page of a query.

    Args:
        tx: where it is read; its journal, when there is one, is where the page must end.
        rows: everything that the query reads, in its order.
        options: which page.
        materialize: from stored JSON to a document.
        keeps: the query's filters.

    Raises:
        DatabaseError: a page of no items or of too many, or a second page in one function.
        InvalidCursor: a cursor of another query.
    """
    _check(tx, options)
    tx.usage.query()
    fingerprint = _fingerprint(rows)
    start = _read(fingerprint, options.cursor) if options.cursor is not None else None
    if start is not None and start.is_end:
        tx.page_end = _write(fingerprint, start)
        return _page([], True, tx.page_end, None, None)
    end = _end(fingerprint, tx, options)
    part = rows.between(None if start is None else start.key, None if end is None else end.key)
    last: bytes | None = None
    try:
        found = _scan(tx, part, options, end is not None, materialize, keeps)
        if end is None:
            last = None if found.is_exhausted else found.last_key
            end = _Position(last)
    finally:
        # A filter that fails and a limit that is reached depend on these rows as well.
        part.record(last)
    tx.page_end = _write(fingerprint, end)
    split = None
    if len(found.rows) > 2:
        split = _write(fingerprint, _Position(found.keys[len(found.keys) // 2 - 1]))
    return _page(found.rows, end.is_end, tx.page_end, split, _status(found, tx))


def _check(tx: Transaction, options: PaginationOptions) -> None:
    if tx.page_end is not None:
        raise DatabaseError(
            "This query or mutation function ran multiple paginated queries. Convex only supports "
            "a single paginated query in each function.",
            code="MultiplePaginatedQueries",
        )
    if options.num_items < 1:
        raise DatabaseError("Must request at least 1 document while paginating")
    for bound in (options.maximum_rows_read, options.maximum_bytes_read):
        if bound is not None and bound < 1:
            raise DatabaseError(f"a page that may read at most {bound} rows or bytes reads nothing")
    if options.num_items > limits.PAGE_ITEMS_MAX:
        raise DatabaseError(
            f"a page of {options.num_items} items (limit: {limits.PAGE_ITEMS_MAX})",
            code="PageSizeTooLarge",
        )


def _end(fingerprint: bytes, tx: Transaction, options: PaginationOptions) -> _Position | None:
    if isinstance(options.end_cursor, str):
        return _read(fingerprint, options.end_cursor)
    if tx.journal is not None:
        try:
            return _read(fingerprint, tx.journal)
        except InvalidCursor:
            return None  # the code changed since this journal was written
    return None


def _scan(
    tx: Transaction,
    part: Rows,
    options: PaginationOptions,
    is_pinned: bool,
    materialize: Callable[[bytes], D],
    keeps: Callable[[D], bool],
) -> _Found:
    found = _Found([], [], None, False, 0, False)
    rows_max = limits.DOCUMENTS_READ_MAX if is_pinned else (options.maximum_rows_read or 2**31)
    bytes_max = 2**62 if is_pinned else (options.maximum_bytes_read or 2**62)
    items = 2**62 if is_pinned else options.num_items
    size = 0
    while True:
        keys, raws = part.take(SCAN_CHUNK)
        for key, raw in zip(keys, raws, strict=True):
            if len(found.rows) >= items:
                return found
            if found.scanned >= rows_max or (size + len(raw) > bytes_max and found.scanned):
                found.hit_limit = True
                return found
            tx.usage.read([raw])
            found.scanned += 1
            size += len(raw)
            found.last_key = key
            document = materialize(raw)
            if keeps(document):
                found.rows.append(document)
                found.keys.append(key)
        if len(keys) < SCAN_CHUNK:
            found.is_exhausted = len(found.rows) < items or is_pinned
            return found
        part = part.between(keys[-1], None)


Status = Literal["SplitRecommended", "SplitRequired"]


def _status(found: _Found, tx: Transaction) -> Status | None:
    if found.hit_limit and len(found.rows) > 2:
        return "SplitRequired"
    full = (
        found.scanned > limits.PAGE_SPLIT_DOCUMENTS
        or tx.usage.bytes_read > limits.BYTES_READ_MAX * limits.PAGE_SPLIT_SHARE
    )
    return "SplitRecommended" if full else None


def _page(
    items: list[Any], is_done: bool, cursor: str, split: str | None, status: Status | None
) -> Page[Any]:
    return Page(
        page=items,
        is_done=is_done,
        continue_cursor=cursor,
        split_cursor=split,
        page_status=status,
    )
