"""Reading foreign data, changing a copy, measuring a value."""

from __future__ import annotations

import math
from typing import Any

import pytest

from reactor.errors import ParseError, SchemaError
from reactor.schema.columns import Field
from reactor.schema.fields import field
from reactor.schema.objects import Object
from reactor.schema.reading import changed, parse, size_of
from reactor.schema.table import Table


class Invoice(Object):
    external_id: str
    amounts: list[int]
    note: str | None = None


class Note(Table, name="notes"):
    title: Field[str]
    n: Field[int] = field(default=0)


class Other(Table, name="others"):
    title: Field[str]


def test_a_webhook_is_read_by_wire_names() -> None:
    read = parse(Invoice, {"externalId": "a-1", "amounts": [1, 2.0]})
    assert (read.external_id, read.amounts, read.note) == ("a-1", [1, 2], None)


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"externalId": "a", "amounts": [1, "2"]}, ".amounts[1]"),
        ({"externalId": 5, "amounts": []}, ".externalId"),
        ({"amounts": []}, ""),
        ([], ""),
    ],
)
def test_what_does_not_fit_is_named_by_its_path(data: Any, path: str) -> None:
    with pytest.raises(ParseError) as caught:
        parse(Invoice, data)
    assert caught.value.path == path


def test_infinity_is_no_null() -> None:
    """JSON has no infinity; read as null it would pass for a missing number."""
    with pytest.raises(ParseError):
        parse(Invoice, {"externalId": "a", "amounts": [math.inf]})


def test_what_is_not_json_like_says_so() -> None:
    with pytest.raises(ParseError):
        parse(Invoice, {"externalId": object(), "amounts": []})


def test_a_changed_copy_leaves_the_original() -> None:
    first = Note(title="a")
    second = changed(first, Note.title.set("b"), Note.n.given(None))
    assert (first.title, second.title, second.n) == ("a", "b", 0)


def test_a_change_of_another_table_is_refused() -> None:
    wrong: Any = Other.title.set("b")
    with pytest.raises(SchemaError):
        changed(Note(title="a"), wrong)


def test_sizes_are_convexs() -> None:
    assert size_of({"a": 1, "bb": [None]}) == 19
