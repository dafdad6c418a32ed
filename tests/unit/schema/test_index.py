"""Index declarations: attribute, wire name, and the reference that queries take."""

from __future__ import annotations

from reactor.schema.columns import Field
from reactor.schema.index import (
    Index,
    IndexRef,
    SearchIndex,
    SearchIndexRef,
    VectorIndex,
    VectorIndexRef,
)
from reactor.schema.table import Table


class Paper(Table, name="papers"):
    title: Field[str]
    year: Field[int]
    vector: Field[list[float]]

    by_year_and_title = Index("year", "title", unique=True, staged=True, sums=["year"])
    newest = Index("year", name="by_year")
    words = SearchIndex("title", filters=["year"], staged=True)
    texts = SearchIndex("title", name="by_text")
    near = VectorIndex("vector", dimensions=4, filters=["year"], staged=True)
    closest = VectorIndex("vector", dimensions=4, name="by_vector")


def test_an_index_is_named_by_its_attribute() -> None:
    ref = Paper.by_year_and_title
    assert isinstance(ref, IndexRef)
    assert (ref.owner, ref.index.name) == (Paper, "by_year_and_title")
    index = ref.index
    assert (index.fields, index.unique, index.staged) == (("year", "title"), True, True)
    assert index.sums == ("year",)


def test_a_name_of_its_own() -> None:
    """The wire name stays when the attribute is renamed."""
    assert Paper.newest.index.name == "by_year"
    assert Paper.texts.index.name == "by_text"
    assert Paper.closest.index.name == "by_vector"


def test_plain_defaults() -> None:
    index = Paper.newest.index
    assert (index.unique, index.staged, index.sums) == (False, False, ())


def test_text_indexes() -> None:
    ref = Paper.words
    assert isinstance(ref, SearchIndexRef)
    index = ref.index
    assert (index.name, index.field, index.filters) == ("words", "title", ("year",))
    assert index.staged
    assert ref.owner is Paper


def test_vector_indexes() -> None:
    ref = Paper.near
    assert isinstance(ref, VectorIndexRef)
    index = ref.index
    assert (index.name, index.field, index.dimensions) == ("near", "vector", 4)
    assert (index.filters, index.staged, ref.owner) == (("year",), True, Paper)


def test_every_table_has_the_system_indexes() -> None:
    assert Paper.by_id.index.name == "by_id"
    assert Paper.by_creation_time.index.name == "by_creation_time"
    assert Paper.by_id.owner is Paper
