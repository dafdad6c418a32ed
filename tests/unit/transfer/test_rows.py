"""Rows of files: what each format means, and which line is to blame."""

from __future__ import annotations

import io
from typing import Any

import orjson
import pytest

from reactor import limits
from reactor.errors import TransferRefused
from reactor.transfer.rows import count_lines, csv_rows, json_array, json_lines
from reactor.values.ids import encode_id
from reactor.values.json import dumps
from reactor.values.types import Int64

ID = encode_id(10_777, bytes(16))


def read(text: bytes, *, uniform: bool = False) -> list[dict[str, Any]]:
    found = json_lines(io.BytesIO(text), uniform=uniform)
    return [orjson.loads(row.raw) for row in found]


def refusal(text: bytes, *, uniform: bool = False) -> TransferRefused:
    with pytest.raises(TransferRefused) as refused:
        read(text, uniform=uniform)
    return refused.value


def test_numbers_are_floats_without_the_marker() -> None:
    assert read(b'{"a":1,"b":1.5,"c":[2],"d":{"e":3}}\n') == [
        {"a": 1.0, "b": 1.5, "c": [2.0], "d": {"e": 3.0}}
    ]
    (row,) = json_lines(io.BytesIO(b'{"a":1}'), uniform=False)
    assert row.raw == b'{"a":1.0}'


def test_numbers_keep_their_type_with_the_marker() -> None:
    """An int64 that comes back as a float breaks every query that compares it."""
    (row,) = json_lines(
        io.BytesIO(b'{"b":[1,1.0],"a":-9223372036854775808,"c":-0.0}'), uniform=True
    )
    assert row.raw == dumps({"a": Int64(-(2**63)), "b": [Int64(1), 1.0], "c": -0.0})


def test_system_fields_are_kept() -> None:
    text = orjson.dumps({"z": 1, "_id": ID, "_creationTime": 5})
    (row,) = json_lines(io.BytesIO(text), uniform=True)
    assert (row.line, row.id, row.number, row.internal) == (1, ID, 10_777, bytes(16))
    assert orjson.loads(row.raw) == {
        "_id": ID, "_creationTime": 5.0, "z": {"$integer": "AQAAAAAAAAA="},
    }  # fmt: skip
    (bare,) = json_lines(io.BytesIO(b'{"z":"x"}'), uniform=True)
    assert (bare.id, bare.number, bare.internal) == ("", 0, b"")


def test_blank_lines_and_windows_ends_are_passed_over() -> None:
    found = list(json_lines(io.BytesIO(b'\n{"a":"1"}\r\n\r\n  \n{"a":"2"}'), uniform=False))
    assert [row.line for row in found] == [2, 5]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b'{"a":1}\n{"a":\n', "line 2 is not JSON"),
        (b'{"a":1}\n[1]\n', "line 2 is no JSON object"),
        (b'{"_a":1}', "line 1: the field '_a' starts with an underscore"),
        (b'{"a":{"$b":1}}', "line 1: "),
        (b'{"$a":1}', "line 1: "),
        (b'{"a":1e999}', "line 1 is not JSON"),
        (b'{"a":"\xff"}', "line 1 is not JSON"),
        (b'{"_id":5}', "_id must be a text"),
        (b'{"_id":"nope"}', "is not a document id"),
        (b'{"_creationTime":"now"}', "_creationTime must be a number"),
        (b'\xef\xbb\xbf{"a":1}', "byte order mark"),
        (b'{"a":9223372036854775808}', "line 1: "),
        (b'{"a":' + b"[" * 70 + b"]" * 70 + b"}", "line 1: "),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: bytes, words: str) -> None:
    assert words in str(refusal(text, uniform=True))


def test_a_document_that_is_too_large_is_refused() -> None:
    text = orjson.dumps({"a": "x" * limits.DOCUMENT_BYTES_MAX})
    assert refusal(text).code == "ValueTooLargeError"


def test_a_giant_line_is_not_read_to_its_end() -> None:
    """Two gigabytes in one line would otherwise be in memory before anybody says a word."""

    class Endless(io.RawIOBase):
        given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: Any) -> int:
            buffer[:] = b"x" * len(buffer)
            self.given += len(buffer)
            return len(buffer)

    endless = Endless()
    with pytest.raises(TransferRefused, match="line 1 is longer"):
        list(json_lines(io.BufferedReader(endless), uniform=False))
    assert endless.given < limits.IMPORT_LINE_BYTES_MAX + 2**20


def test_arrays() -> None:
    found = list(json_array(io.BytesIO(b'[{"a":1},\n{"a":2}]')))
    assert [(row.line, row.raw) for row in found] == [(1, b'{"a":1.0}'), (2, b'{"a":2.0}')]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b'{"a":1}', "must be a JSON array"),
        (b"[1]", "element 1 is no JSON object"),
        (b"[{}", "the file is not JSON"),
        (b"\xef\xbb\xbf[]", "byte order mark"),
        (b"[" + b" " * limits.IMPORT_ARRAY_BYTES_MAX + b"]", "one object per line instead"),
    ],
)
def test_arrays_that_are_refused(text: bytes, words: str) -> None:
    with pytest.raises(TransferRefused, match=words):
        list(json_array(io.BytesIO(text)))


def cells(text: bytes) -> list[dict[str, Any]]:
    return [orjson.loads(row.raw) for row in csv_rows(io.BytesIO(text))]


def test_csv_cells_are_numbers_where_they_look_like_one() -> None:
    text = 'n,text\r\n1,a\r\n-2.5e3,"b, ""c""\r\nd"\r\n007,\n.5,1_000\nNaN,inf\n1e999,é\n'
    assert cells(text.encode()) == [
        {"n": 1.0, "text": "a"},
        {"n": -2500.0, "text": 'b, "c"\r\nd'},
        {"n": 7.0, "text": ""},
        {"n": 0.5, "text": "1_000"},
        {"n": "NaN", "text": "inf"},
        {"n": "1e999", "text": "é"},
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "must name the fields"),
        (b"a,a\n1,2\n", "each field once"),
        (b"a,\n1,2\n", "leave no name out"),
        (b"$a\n1\n", "the header"),
        (b"a,b\n1\n", "line 2 has 1 cells, and the header names 2"),
        (b'a\n"b\n', "is not CSV"),
        (b"a\n\xff\n", "line 2 is not UTF-8"),
        (b"\xef\xbb\xbfa\n1\n", "byte order mark"),
        (b"_x\n1\n", "underscore"),
        (b"a\n" + b"x" * (limits.IMPORT_LINE_BYTES_MAX + 1), "line 2 is longer"),
    ],
)
def test_csv_that_is_refused(text: bytes, words: str) -> None:
    with pytest.raises(TransferRefused, match=words):
        cells(text)


@pytest.mark.parametrize(
    ("text", "count"), [(b"", 0), (b"a", 1), (b"a\n", 1), (b"a\nb", 2), (b"a\nb\n", 2)]
)
def test_lines_are_counted(text: bytes, count: int) -> None:
    assert count_lines(io.BytesIO(text))[0] == count
