# Parsed JSON is Any, and narrowing it by its type leaves the types of its elements open:
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# pyright: reportUnknownMemberType=false
"""From the text of a file to documents: JSON lines, a JSON array, or CSV.

A row is a document in canonical wire JSON, with `_id` and `_creationTime` where the file has them.
Errors name the line.

Source: protocol.md 8.6.
"""

from __future__ import annotations

import csv
import math
import re
from types import NoneType
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from reactor import limits
from reactor.errors import InvalidId, TransferRefused, ValueNotAllowed
from reactor.transaction.database import encode_document
from reactor.values.ids import decode_id
from reactor.values.json import check_fields, from_json, to_json
from reactor.values.types import Int64

if TYPE_CHECKING:
    from collections.abc import Iterator

_PLAIN: Final = frozenset((str, bool, NoneType, float))
_BOM: Final = b"\xef\xbb\xbf"
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\Z", re.ASCII)
_BOM_FOUND: Final = (
    "the file starts with a byte order mark, which is no part of JSON or CSV; save it as UTF-8 "
    "without one"
)


class Row(NamedTuple):
    """One document of a file.

    Args:
        line: where it starts, from 1; in an array, which element it is.
        id: its id; "" when the file gives none.
        number: the table number in the id; 0 without one.
        internal: the 16 bytes in the id; empty without one.
        raw: its canonical JSON, system fields included where the file has them.
    """

    line: int
    id: str
    number: int
    internal: bytes
    raw: bytes


def json_lines(stream: IO[bytes], *, uniform: bool) -> Iterator[Row]:
    """The documents of a file with one JSON object per line; blank lines are passed over.

    Args:
        stream: the file's bytes.
        uniform: whether numbers without a point are int64; otherwise all are floats.

    Raises:
        TransferRefused: a line is not JSON, no document, or too long.
    """
    limit = limits.IMPORT_LINE_BYTES_MAX
    line = 0
    while text := stream.readline(limit + 1):
        line += 1
        if line == 1 and text.startswith(_BOM):
            raise TransferRefused(_BOM_FOUND)
        if len(text) > limit:
            raise TransferRefused(
                f"line {line} is longer than {limit} bytes; a document has at most "
                f"{limits.DOCUMENT_BYTES_MAX}"
            )
        if not text.isspace():
            yield _row(line, _parsed(text, f"line {line}"), uniform=uniform)


def json_array(stream: IO[bytes]) -> Iterator[Row]:
    """The documents of a file that is one JSON array of objects.

    Raises:
        TransferRefused: it is something else, or too large.
    """
    limit = limits.IMPORT_ARRAY_BYTES_MAX
    text = stream.read(limit + 1)
    if len(text) > limit:
        raise TransferRefused(
            f"a JSON array is read as a whole, so it may have at most {limit} bytes; write one "
            "object per line instead (.jsonl)"
        )
    if text.startswith(_BOM):
        raise TransferRefused(_BOM_FOUND)
    items = _parsed(text, "the file")
    if type(items) is not list:
        raise TransferRefused("the file must be a JSON array of objects")
    for at, item in enumerate(items, 1):
        yield _row(at, item, uniform=False, word="element")


def csv_rows(stream: IO[bytes]) -> Iterator[Row]:
    """The documents of a CSV file; its first row names the fields.

    Cells that are written as a number become floats, all others texts.

    Raises:
        TransferRefused: it is not CSV, or a row has more or fewer cells than the header.
    """
    csv.field_size_limit(limits.IMPORT_LINE_BYTES_MAX)
    reader = csv.reader(_text_lines(stream), strict=True)
    try:
        header = next(reader, None)
        if header is None:
            raise TransferRefused("the file is empty; its first line must name the fields")
        _check_header(header)
        while (row := next(reader, None)) is not None:
            line = reader.line_num
            if not row:
                continue
            if len(row) != len(header):
                raise TransferRefused(
                    f"line {line} has {len(row)} cells, and the header names {len(header)}"
                )
            yield _row(line, dict(zip(header, map(_cell, row), strict=True)), uniform=False)
    except csv.Error as error:
        raise TransferRefused(f"line {reader.line_num} is not CSV: {error}") from None


def _text_lines(stream: IO[bytes]) -> Iterator[str]:
    limit = limits.IMPORT_LINE_BYTES_MAX
    line = 0
    while text := stream.readline(limit + 1):
        line += 1
        if line == 1 and text.startswith(_BOM):
            raise TransferRefused(_BOM_FOUND)
        if len(text) > limit:
            raise TransferRefused(f"line {line} is longer than {limit} bytes")
        try:
            yield text.decode()
        except UnicodeDecodeError:
            raise TransferRefused(f"line {line} is not UTF-8; save the file as UTF-8") from None


def _check_header(header: list[str]) -> None:
    try:
        check_fields(dict.fromkeys(header))
    except ValueNotAllowed as error:
        raise TransferRefused(f"the header: {error}") from None
    if "" in header or len(set(header)) != len(header):
        raise TransferRefused("the header must name each field once, and leave no name out")


def _cell(text: str) -> float | str:
    if _NUMBER.match(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text


def _parsed(text: bytes, where: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise TransferRefused(f"{where} is not JSON: {error}") from None


def _row(line: int, item: Any, *, uniform: bool, word: str = "line") -> Row:
    where = f"{word} {line}"
    if type(item) is not dict:
        raise TransferRefused(f"{where} is no JSON object, so it is no document")
    id = item.pop("_id", None)
    created = item.pop("_creationTime", None)
    for name in item:
        if name.startswith("_"):
            raise TransferRefused(
                f"{where}: the field {name[:64]!r} starts with an underscore, which only _id and "
                "_creationTime may"
            )
    try:
        body = _own_fields(item, uniform=uniform)
        number, internal = (0, b"") if id is None else _decoded(id)
        if id is not None:
            body["_id"] = id
        if created is not None:
            body["_creationTime"] = _creation_time(created)
        return Row(line, id or "", number, internal, encode_document(body))
    except (ValueNotAllowed, InvalidId) as error:
        raise TransferRefused(f"{where}: {error}", code=error.code) from None


def _decoded(id: Any) -> tuple[int, bytes]:
    if type(id) is not str:
        raise InvalidId(f"_id must be a text, not {str(id)[:64]}")
    return decode_id.__wrapped__(id)  # an import's ids are not worth a place in the cache


def _creation_time(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueNotAllowed(f"_creationTime must be a number of milliseconds, not {value!r}")
    return float(value)


def _own_fields(item: dict[str, Any], *, uniform: bool) -> dict[str, Any]:
    """A document's own fields as canonical wire JSON."""
    if _PLAIN.issuperset(map(type, item.values())) and not any(map(_is_odd, item.values())):
        check_fields(item)
        return item
    fields: dict[str, Any] = to_json(from_json(_lossless(item) if uniform else item))
    return fields


def _is_odd(value: Any) -> bool:
    """Whether a float may have a `$float` form; which one is for others to say."""
    return type(value) is float and (value == 0.0 or value - value != 0.0)


def _lossless(value: Any) -> Any:
    """Numbers without a point as int64; special forms stay as they are."""
    kind = type(value)
    if kind is int:
        return to_json(Int64(value))
    if kind is list:
        return [_lossless(item) for item in value]
    if kind is dict:
        return {name: _lossless(item) for name, item in value.items()}
    return value


def count_lines(stream: IO[bytes]) -> tuple[int, bytes]:
    """How many lines a file has, blank ones too, and its first one; much cheaper than reading."""
    first = stream.readline(limits.IMPORT_LINE_BYTES_MAX + 1)
    count, last = first.count(b"\n"), first[-1:]
    while chunk := stream.read(2**18):
        count += chunk.count(b"\n")
        last = chunk[-1:]
    return count + (last not in (b"", b"\n")), first
