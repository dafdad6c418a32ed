"""From stored JSON to typed documents and back."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from reactor.errors import DatabaseError
from reactor.schema.columns import Field
from reactor.schema.documents import (
    decoder,
    is_stored,
    make_new,
    splice_stored,
    take_values,
    values_of,
)
from reactor.schema.fields import field
from reactor.schema.shapes import document_validator
from reactor.schema.table import Table, stored
from reactor.values.scalars import Mismatch
from reactor.values.types import Int64
from reactor.values.validators import VObject


class Row(Table, name="rows"):
    name: Field[str]
    count: Field[int]
    ratio: Field[float]
    big: Field[Int64 | None] = field(default=None)
    tags: Field[list[str]] = field(default_factory=list)


RAW = (
    b'{"_creationTime":5.0,"_id":"j57000820c20a1g7104gm2rc1m70ynr8","big":{"$integer":"BQAAAAAAAAA="},"count":2.0,"name":"a",'
    b'"ratio":{"$float":"AAAAAAAA8H8="}}'
)


def decode(raw: bytes) -> dict[str, Any]:
    shape = document_validator(Row, stored=True)
    assert isinstance(shape, VObject)
    return decoder(shape, {}, "rows")(raw)


def test_every_type_comes_back_as_declared() -> None:
    values = decode(b'{"_creationTime":5.0,"_id":"x","count":2.0,"name":"a","ratio":0.5}')
    assert values == {
        "creation_time": 5.0, "id": "x", "count": 2, "name": "a", "ratio": 0.5, "big": None,
        "tags": [],
    }  # fmt: skip
    assert type(values["count"]) is int


def test_the_forms_that_json_lacks_are_read() -> None:
    values = decode(RAW)
    assert values["ratio"] == float("inf")
    assert values["big"] == Int64(5)


def test_a_row_that_no_longer_fits_says_which_field() -> None:
    with pytest.raises(DatabaseError, match="count"):
        decode(RAW.replace(b'"count":2.0', b'"count":"two"'))


def test_a_document_is_decoded_once_and_when_it_is_needed() -> None:
    calls: list[bytes] = []

    def counting(raw: bytes) -> dict[str, Any]:
        calls.append(raw)
        return decode(raw)

    document: Any = stored(Row, RAW, counting)
    assert not calls
    assert document.name == "a"
    assert (document.count, values_of(document)["name"]) == (2, "a")
    assert len(calls) == 1


def test_stored_documents_are_spliced_and_others_are_not() -> None:
    splice = splice_stored(Row)
    document = stored(Row, RAW, decode)
    assert orjson.dumps(splice(document)) == RAW
    assert splice(Row(name="a", count=1, ratio=1.0)) is None
    assert splice("text") is None


def test_whether_a_document_has_an_id() -> None:
    assert is_stored(stored(Row, RAW, decode))
    assert is_stored(make_new(Row)({"id": "x", "name": "a"}))
    assert not is_stored(Row(name="a", count=1, ratio=1.0))


def test_only_the_tables_own_documents_are_taken_apart() -> None:
    take = take_values(Row)
    assert take(stored(Row, RAW, decode))["name"] == "a"
    with pytest.raises(Mismatch):
        take({"name": "a"})
