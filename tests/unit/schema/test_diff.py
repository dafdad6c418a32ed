"""Which stored documents a changed schema does not allow."""

from __future__ import annotations

from types import ModuleType

import orjson

from reactor.schema.columns import Field
from reactor.schema.diff import misfits
from reactor.schema.load import Schema, TableDef
from reactor.schema.table import Table


class Score(Table, name="scores"):
    player: Field[str]
    points: Field[int]


class Shape(Table, name="shapes"):
    """A union of two."""


class Circle(Shape):
    radius: Field[float]


class Square(Shape):
    side: Field[float]


def table(cls: type[Table]) -> TableDef:
    module = ModuleType("tables")
    vars(module)["One"] = cls
    return Schema(module).of(cls)


def raw(id: str, **fields: object) -> bytes:
    return orjson.dumps({"_id": id, "_creationTime": 1.0, **fields})


def test_documents_that_fit_are_only_counted() -> None:
    found = misfits(table(Score), [raw("a", player="x", points=1.0)], {})
    assert (found.checked, found.count, found.first) == (1, 0, [])


def test_every_offender_is_counted_and_the_first_are_named() -> None:
    """An operator sees how much there is to mend, and where to look."""
    documents = [raw(f"s{n}", player="x", points=n % 2 + 0.5 * (n % 2)) for n in range(20)]
    found = misfits(table(Score), documents, {}, named_max=3)
    assert (found.checked, found.count) == (20, 10)
    assert [one.id for one in found.first] == ["s1", "s3", "s5"]
    text = str(found)
    assert text.startswith("10 of 20 documents of table 'scores' do not match schema.py: s1: ")
    assert text.endswith("; and 7 more")
    assert "\n" not in text


def test_the_problem_is_said_in_convexs_words() -> None:
    (one,) = misfits(table(Score), [raw("a", points=1.0)], {}).first
    assert one.problem.startswith("Object is missing the required field `player`.")
    (one,) = misfits(table(Score), [raw("a", player="x", points=1.0, more=1.0)], {}).first
    assert one.problem.startswith("Object contains extra field `more`")


def test_a_union_takes_each_of_its_variants() -> None:
    documents = [raw("a", radius=1.0), raw("b", side=1.0), raw("c", width=1.0)]
    assert [one.id for one in misfits(table(Shape), documents, {}).first] == ["c"]
