"""From a module of tables to one checked schema."""

from __future__ import annotations

from types import ModuleType
from typing import Any, cast

import pytest

from reactor.errors import SchemaError
from reactor.schema.columns import Field
from reactor.schema.fields import Flat, Id, field
from reactor.schema.index import Index, SearchIndex, VectorIndex
from reactor.schema.load import Schema
from reactor.schema.objects import Object
from reactor.schema.table import Table


class Address(Object):
    city: str


class Person(Table, name="people"):
    full_name: Field[str]
    address: Field[Address | None] = field(default=None)
    email: Field[str]

    by_email = Index("email", unique=True)
    by_city = Index("address.city", name="by_place")
    search_name = SearchIndex("full_name", filters=["email"])


def module(*tables: type[Table]) -> ModuleType:
    made = ModuleType("schema")
    for table in tables:
        setattr(made, table.__name__, table)
    return made


def test_names_and_paths_are_resolved() -> None:
    people = Schema(module(Person)).tables["people"]
    assert people.indexes["by_email"].paths == (("email",),)
    assert people.indexes["by_email"].unique
    assert people.indexes["by_place"].paths == (("address", "city"),)
    assert people.search_indexes["search_name"].path == ("fullName",)
    assert people.column("address.city").wire_path == ("address", "city")


def test_an_unknown_column_suggests_the_nearest() -> None:
    with pytest.raises(SchemaError, match="did you mean 'email'"):
        Schema(module(Person)).tables["people"].column("emial")


def test_a_class_outside_the_schema_is_refused() -> None:
    class Stranger(Table, name="strangers"):
        name: Field[str]

    with pytest.raises(SchemaError):
        Schema(module(Person)).of(Stranger)
    assert Schema(None).of(Stranger).name == "strangers"


def refused(message: str, **body: Any) -> None:
    table: Any = type("Wrong", (Table,), body, name="wrong")
    with pytest.raises(SchemaError, match=message):
        Schema(module(table))


def columns(*names: str) -> dict[str, Any]:
    return {"__module__": __name__, "__annotations__": dict.fromkeys(names, "Field[str]")}


@pytest.mark.parametrize(
    ("indexes", "message"),
    [
        ({"by_none": Index()}, "EmptyIndex"),
        ({"by_b": Index("b")}, "has no column 'b'"),
        ({"by_a": Index("a", "a")}, "FieldsNotUniqueWithinIndex"),
        ({"by_a": Index("a"), "again": Index("a")}, "IndexNotUnique"),
        ({"one": Index("a", name="x"), "two": Index("c", name="x")}, "IndexNamesNotUnique"),
        ({"by_x": Index("a", name="by_id")}, "IndexNameReserved"),
        ({"by_x": Index("a", name="_a")}, "IndexNameReserved"),
        ({"by_x": Index("a", name="a b")}, "cannot name an index"),
        ({"by_x": Index("id")}, "follows every index"),
        ({"by_a": Index("a", sums=["c"])}, "holds no numbers"),
        ({"by_a": Index("a", sums=["b"])}, "has no column 'b'"),
    ],
)
def test_an_index_that_cannot_be(indexes: dict[str, Index], message: str) -> None:
    refused(message, **columns("a", "c"), **indexes)


def test_two_tables_of_one_name_are_refused() -> None:
    class Twin(Table, name="people"):
        name: Field[str]

    with pytest.raises(SchemaError, match="both named 'people'"):
        Schema(module(Person, Twin))


def test_a_system_name_is_refused() -> None:
    class Hidden(Table, name="_hidden"):
        name: Field[str]

    with pytest.raises(SchemaError, match="underscore"):
        Schema(module(Hidden))


def test_tables_are_found_by_the_number_in_an_id() -> None:
    schema = Schema(module(Person), numbers={"people": 10_001})
    assert schema.by_number(10_001) is schema.tables["people"]
    assert schema.by_number(10_002) is None


def fingerprint(cls: type[Table], *, validate: bool = True) -> str:
    schema = Schema(module(cls), validate=validate)
    return schema.fingerprint(schema.of(cls))


def test_the_fingerprint_changes_with_what_documents_must_be() -> None:
    class Wider(Table, name="people"):
        full_name: Field[str]
        age: Field[int]
        boss: Field[Id[Person] | None] = field(default=None)

    class Counted(Table, name="counted"):
        n: Field[int]

    class Measured(Table, name="counted"):
        n: Field[float]

    class Only(Table, name="people"):
        full_name: Field[str]
        age: Field[int]
        boss: Field[Id[Person] | None] = field(default=None)
        by_name = Index("full_name", unique=True)

    class Twice(Table, name="people"):
        full_name: Field[str]
        age: Field[int]
        boss: Field[Id[Person] | None] = field(default=None)
        by_name = Index("full_name")

    assert fingerprint(Counted) != fingerprint(Measured)
    assert fingerprint(Only) != fingerprint(Twice), "keys that nobody has compared may be shared"
    same, other = fingerprint(Person), fingerprint(Wider)
    assert fingerprint(Person) == same
    assert other != same
    assert fingerprint(Person, validate=False) != same


def test_columns_take_no_names_of_the_system() -> None:
    class Hidden(Table, name="hidden"):
        mine: Field[str] = field(wire="_mine")

    with pytest.raises(SchemaError, match="system fields"):
        Schema(module(Hidden))


class Parts(Table, name="parts"):
    where: Flat[Address]
    n: Field[int]

    by_city = Index("where.city")


def test_a_flattened_part_is_stored_beside_its_neighbours_and_read_back() -> None:
    parts = Schema(module(Parts)).tables["parts"]
    assert parts.indexes["by_city"].paths == (("city",),)
    row: Any = parts.materialize(b'{"_creationTime":1.0,"_id":"x","city":"Bogor","n":2.0}')
    assert (row.where, row.n) == (Address(city="Bogor"), 2)


class Event(Table, name="events"):
    """A union with one variant."""


class Click(Event):
    x: Field[int]


def test_a_union_of_one_variant_gives_that_variant() -> None:
    events = Schema(module(Event)).tables["events"]
    raw = b'{"_creationTime":1.0,"_id":"j57000820c20a1g7104gm2rc1m70ynr8","x":2.0}'
    assert type(events.materialize(raw)) is Click


def test_without_validation_a_union_takes_any_values() -> None:
    events = Schema(module(Event), validate=False).tables["events"]
    assert events.write(Click(x=cast("Any", "text"))) == {"x": "text"}


def test_search_indexes_have_limits() -> None:
    """As Convex's: 4 of a table, each with 16 filter columns, each once."""
    many = [f"c{n}" for n in range(17)]
    whole = {f"s{n}": SearchIndex("c0") for n in range(4)}
    wrong: Any = type("Right", (Table,), {**columns(*many), **whole}, name="right")
    assert len(Schema(module(wrong)).tables["right"].search_indexes) == 4
    refused("5 search indexes", **columns("c0"), **{f"s{n}": SearchIndex("c0") for n in range(5)})
    refused("17 filter columns", **columns(*many), s=SearchIndex("c0", filters=many))
    refused("twice", **columns("c0", "c1"), s=SearchIndex("c0", filters=["c1", "c1"]))
    refused("no column 'c9'", **columns("c0"), s=SearchIndex("c9"))
    refused("no column 'c9'", **columns("c0"), s=SearchIndex("c0", filters=["c9"]))


def test_a_staged_search_index_is_known_as_such() -> None:
    staged = SearchIndex("c0", staged=True)
    table: Any = type("Right", (Table,), {**columns("c0"), "s": staged}, name="staged")
    assert Schema(module(table)).tables["staged"].search_indexes["s"].staged


@pytest.mark.parametrize(
    ("index", "words"),
    [
        (VectorIndex("full_name", dimensions=1), "dimensions"),
        (VectorIndex("full_name", dimensions=5_000), "dimensions"),
        (VectorIndex("nothing", dimensions=3), "nothing"),
        (VectorIndex("full_name", dimensions=3, filters=["age", "age"]), "twice"),
    ],
)
def test_vector_indexes_are_checked(index: VectorIndex, words: str) -> None:
    class Vectors(Table, name="vectors"):
        full_name: Field[str]
        age: Field[int]
        nearest = index

    with pytest.raises(SchemaError, match=words):
        Schema(module(Vectors))
