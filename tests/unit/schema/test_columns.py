"""Columns as class attributes: ranges, changes, and values on documents."""

from __future__ import annotations

from typing import Any

import pytest

from reactor.schema.columns import Bound, Field, FieldRef, SystemField
from reactor.schema.fields import Id
from reactor.values.types import ABSENT
from tests.unit.transaction.world import Note, World, drive, note


def parts(bound: Bound[Any]) -> tuple[Any, ...]:
    return (bound.owner, bound.path, bound.op, bound.value)


def test_comparisons_build_bounds() -> None:
    n = Note.n
    assert parts(n == 1) == (Note, "n", "eq", 1)
    assert parts(n < 1) == (Note, "n", "lt", 1)
    assert parts(n <= 1) == (Note, "n", "lte", 1)
    assert parts(n > 1) == (Note, "n", "gt", 1)
    assert parts(n >= 1) == (Note, "n", "gte", 1)
    assert parts(Note.parent.is_(None)) == (Note, "parent", "eq", None)
    assert parts(Note.rank.is_absent()) == (Note, "rank", "eq", ABSENT)
    assert parts(Note.rank.is_present()) == (Note, "rank", "gt", ABSENT)
    assert repr(n >= 1) == "n gte 1"


def test_a_bound_has_no_truth_value() -> None:
    """`if News.n == 1` and `1 < News.n < 5` are mistakes, not silently true."""
    with pytest.raises(TypeError, match="with_index"):
        bool(Note.n == 1)
    with pytest.raises(TypeError):
        assert 1 < Note.n < 5  # pyright: ignore[reportGeneralTypeIssues]  # what is tested


def test_a_column_cannot_key_a_dictionary() -> None:
    with pytest.raises(TypeError):
        hash(Note.n)


def test_paths_inside_objects() -> None:
    assert Note.address.at(lambda a: a.city).path == "address.city"
    assert Note.meta.at(lambda m: m.deep.er).path == "meta.deep.er"
    assert parts(Note.address.at(lambda a: a.city) == "x") == (Note, "address.city", "eq", "x")


def test_changes() -> None:
    change = Note.n.set(5)
    assert (change.owner, change.path, change.value, change.skipped) == (Note, "n", 5, False)
    assert not Note.rank.set(None).skipped
    assert not Note.n.given(0).skipped
    assert Note.n.given(None).skipped
    assert Note.n.given(ABSENT).skipped


def test_on_a_document_a_column_is_its_value() -> None:
    world = World()
    (id,) = world.insert(note(n=5))
    row = drive(world.reader().require(id))
    assert (row.n, row.id, row.creation_time) == (5, id, 1_767_225_600_000.0)
    assert row.__dict__["n"] == 5, "after the first look it is read like any attribute"


def test_system_columns_are_columns() -> None:
    assert isinstance(Note.creation_time, FieldRef)
    assert parts(Note.id == Id("x"))[1] == "id"
    assert parts(Note.creation_time > 5.0)[1:] == ("creation_time", "gt", 5.0)


def test_columns_know_their_names() -> None:
    field: Field[int] = Field("n")
    assert field.name == "n"
    assert SystemField[float]("creation_time").name == "creation_time"
