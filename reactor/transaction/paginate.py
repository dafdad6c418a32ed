"""Pages of a query, between cursors that are positions in an index.

A cursor names the last key of a page and the query it belongs to. The end of a live query's first
run is kept in its journal, so that the page grows and shrinks in place when the query re-runs, and
adjacent pages never overlap or leave a gap.

Source: protocol.md 5.5.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from reactor import limits
from reactor.errors import DatabaseError, InvalidCursor
from reactor.log.snapshot import IndexData, after_key
from reactor.schema.objects import Page, PaginationOptions
from reactor.transaction.transaction import SCAN_CHUNK, Transaction, consumed

if TYPE_CHECKING:
    from collections.abc import Callable

    from reactor.transaction.ranges import KeyRange

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


def _fingerprint(index: IndexData, span: KeyRange, *, reverse: bool) -> bytes:
    text = f"{index.table.name}\0{index.name}\0{span.depth}\0{reverse}\0".encode() + span.prefix
    return hashlib.blake2b(text, digest_size=_FINGERPRINT_BYTES).digest()


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
class _Rows:
    """What a page's scan found."""

    found: list[Any]
    found_keys: list[bytes]
    last_key: bytes | None
    is_exhausted: bool
    scanned: int
    hit_limit: bool


def paginate(
    tx: Transaction,
    index: IndexData,
    span: KeyRange,
    options: PaginationOptions,
    *,
    reverse: bool,
    materialize: Callable[[bytes], D],
    keeps: Callable[[D], bool],
) -> Page[D]:
    """One page of an index range.

    Args:
        tx: where it is read; its journal, when there is one, is where the page must end.
        index: the index.
        span: the whole range of the query.
        options: which page.
        reverse: whether the order is descending.
        materialize: from stored JSON to a document.
        keeps: the query's filters.

    Raises:
        DatabaseError: a page of no items or of too many, or a second page in one function.
        InvalidCursor: a cursor of another query.
    """
    _check(tx, options)
    tx.usage.query()
    fingerprint = _fingerprint(index, span, reverse=reverse)
    start = _read(fingerprint, options.cursor) if options.cursor is not None else None
    if start is not None and start.is_end:
        tx.page_end = _write(fingerprint, start)
        return _page([], True, tx.page_end, None, None)
    end = _end(fingerprint, tx, options)
    part = _between(span, start, end, reverse=reverse)
    low, high = part.low, part.high
    try:
        rows = _scan(tx, index, part, options, end is not None, reverse, materialize, keeps)
        if end is None:
            keys = [rows.last_key] if rows.last_key is not None else []
            low, high = consumed(low, high, keys, exhausted=rows.is_exhausted, reverse=reverse)
            end = _Position(None if rows.is_exhausted else rows.last_key)
    finally:
        # A filter that fails and a limit that is reached depend on these rows as well.
        tx.record(index, span.depth, span.prefix, low, high)
    tx.page_end = _write(fingerprint, end)
    split = None
    if len(rows.found) > 2:
        split = _write(fingerprint, _Position(rows.found_keys[len(rows.found_keys) // 2 - 1]))
    return _page(rows.found, end.is_end, tx.page_end, split, _status(rows, tx))


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


def _between(
    span: KeyRange, start: _Position | None, end: _Position | None, *, reverse: bool
) -> KeyRange:
    low, high = span.low, span.high
    if start is not None and start.key is not None:
        low, high = (
            (low, min(high, start.key)) if reverse else (max(low, after_key(start.key)), high)
        )
    if end is not None and end.key is not None:
        low, high = (max(low, end.key), high) if reverse else (low, min(high, after_key(end.key)))
    return span._replace(low=low, high=max(low, high))


def _scan(
    tx: Transaction,
    index: IndexData,
    part: KeyRange,
    options: PaginationOptions,
    is_pinned: bool,
    reverse: bool,
    materialize: Callable[[bytes], D],
    keeps: Callable[[D], bool],
) -> _Rows:
    rows = _Rows([], [], None, False, 0, False)
    rows_max = limits.DOCUMENTS_READ_MAX if is_pinned else (options.maximum_rows_read or 2**31)
    bytes_max = 2**62 if is_pinned else (options.maximum_bytes_read or 2**62)
    items = 2**62 if is_pinned else options.num_items
    low, high, size = part.low, part.high, 0
    while True:
        keys, raws = tx.slice(index, low, high, SCAN_CHUNK, reverse=reverse)
        for key, raw in zip(keys, raws, strict=True):
            if len(rows.found) >= items:
                return rows
            if rows.scanned >= rows_max or (size + len(raw) > bytes_max and rows.scanned):
                rows.hit_limit = True
                return rows
            tx.usage.read([raw])
            rows.scanned += 1
            size += len(raw)
            rows.last_key = key
            document = materialize(raw)
            if keeps(document):
                rows.found.append(document)
                rows.found_keys.append(key)
        if len(keys) < SCAN_CHUNK:
            rows.is_exhausted = len(rows.found) < items or is_pinned
            return rows
        low, high = (low, keys[-1]) if reverse else (after_key(keys[-1]), high)


Status = Literal["SplitRecommended", "SplitRequired"]


def _status(rows: _Rows, tx: Transaction) -> Status | None:
    if rows.hit_limit and len(rows.found) > 2:
        return "SplitRequired"
    full = (
        rows.scanned > limits.PAGE_SPLIT_DOCUMENTS
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
