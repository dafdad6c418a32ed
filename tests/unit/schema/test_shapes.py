"""Type annotations to validators."""

from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

import pytest

from reactor.errors import SchemaError
from reactor.schema.columns import Field
from reactor.schema.fields import Flat, Id, New, field, wire
from reactor.schema.objects import Object, Page
from reactor.schema.shapes import document_validator, loose_writer, object_validator, validator_of
from reactor.schema.table import Table
from reactor.values.scalars import Mismatch
from reactor.values.types import ABSENT, Absent, Int64

T = TypeVar("T")


class Color(enum.StrEnum):
    RED = "red"


class Note(Table, name="notes"):
    title: Field[str]
    body: Field[str | None] = field(default=None)


class Shape(Table, name="shapes"):
    """A union."""


class Circle(Shape):
    kind: Field[Literal["circle"]]
    radius: Field[float]


class Square(Shape):
    kind: Field[Literal["square"]]
    side: Field[float]


class Joined(Object):
    note: Flat[New[Note]]
    author_name: str


class Box(Object, Generic[T]):
    items: list[T]


class Three(Object):
    state: str | Absent | None = ABSENT


@pytest.mark.parametrize(
    ("hint", "text"),
    [
        (str, "v.string()"),
        (float, "v.number()"),
        (int, "v.number()"),
        (Int64, "v.int64()"),
        (bool, "v.boolean()"),
        (bytes, "v.bytes()"),
        (None, "v.null()"),
        (Any, "v.any()"),
        (Literal["a", 1], 'v.union(v.literal("a"), v.literal(1.0))'),
        (Color, 'v.literal("red")'),
        (Id[Note], 'v.id("notes")'),
        (list[str | None], "v.array(v.union(v.string(), v.null()))"),
        (dict[str, int], "v.record(v.string(), v.number())"),
        (Box[str], "v.object({items: v.array(v.string())})"),
        (New[Note], "v.object({title: v.string(), body: v.optional(v.string())})"),
    ],
)
def test_what_an_annotation_means(hint: Any, text: str) -> None:
    assert validator_of(hint, "test").text() == text


@pytest.mark.parametrize("hint", [datetime, tuple[int, int], set, complex])
def test_types_without_a_form_on_the_wire_are_refused(hint: Any) -> None:
    with pytest.raises(SchemaError, match="here"):
        validator_of(hint, "here")


def test_a_flat_part_stands_beside_its_neighbours() -> None:
    """`{...note, authorName}`, the commonest result in Convex code."""
    validator = object_validator(Joined, {})
    whole = Joined(note=Note(title="a"), author_name="Ayu")
    assert validator.writer({})(whole) == {"title": "a", "authorName": "Ayu"}
    read = validator.reader({})({"title": "a", "authorName": "Ayu"})
    assert (read.note.title, read.author_name) == ("a", "Ayu")


def test_missing_null_and_value_are_three_states() -> None:
    read, write = object_validator(Three, {}).reader({}), object_validator(Three, {}).writer({})
    assert (read({}).state, read({"state": None}).state) == (ABSENT, None)
    assert (write(Three()), write(Three(state=None))) == ({}, {"state": None})


def test_null_is_not_missing() -> None:
    with pytest.raises(Mismatch):
        validator_of(New[Note], "test").reader({})({"title": "a", "body": None})


def test_a_table_with_variants_is_a_union() -> None:
    validator = document_validator(Shape, stored=False)
    read = validator.reader({})
    assert type(read({"kind": "square", "side": 2.0})) is Square
    assert type(read({"kind": "circle", "radius": 2.0})) is Circle
    with pytest.raises(Mismatch):
        read({"kind": "circle", "side": 2.0})


def test_two_names_for_one_wire_name_are_refused() -> None:
    class Twice(Object):
        full_name: str
        other: str = field(wire="fullName")

    with pytest.raises(SchemaError, match="fullName"):
        object_validator(Twice, {})


def test_a_parameter_may_name_its_wire_name() -> None:
    class Named(Object):
        page_url: Annotated[str, wire("page_URL")]

    assert object_validator(Named, {}).text() == "v.object({page_URL: v.string()})"


def test_results_without_a_declared_type_are_written_too() -> None:
    page = Page(page=[Note(title="a")], is_done=True, continue_cursor="c")
    written = loose_writer(Page)(page)
    assert written["isDone"] is True
    assert written["page"] == [{"title": "a"}]
