"""From components to spaces, and every way in which they cannot be mounted."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from reactor import Component, Field, Index, Reactor, Table
from reactor.app import load
from reactor.errors import ProjectError, SchemaError
from tests.unit.sample import schema
from tests.unit.sample.board import TALLY, left, nest
from tests.unit.sample.tally import schema as tally_schema
from tests.unit.sample.world import FUNCTIONS

BOARD = "tests.unit.sample.board.functions"


def tally(name: str = "x", **options: Any) -> Component:
    return Component(name, functions=TALLY, schema=tally_schema, **options)


def mounted(*components: Component, functions: str = FUNCTIONS, **options: Any) -> Any:
    return load(Reactor(functions=functions, components=components, **options))


def test_every_space_has_its_own_tables_and_functions() -> None:
    spaces = mounted(left, nest, functions=BOARD).spaces
    assert list(spaces) == ["", "left", "nest", "nest/inner"]
    assert spaces["left"].schema.tables["counters"].place == "left/counters"
    assert spaces["nest/inner"].schema.tables["_storage"].place == "nest/inner/_storage"
    assert "tallies:get" in spaces["left"].functions.by_path
    assert sorted(spaces["nest"].functions.by_path) == [
        "nests:add", "nests:get", "nests:innerHandle", "nests:who",
    ]  # fmt: skip


def test_functions_of_components_are_not_published_by_an_import() -> None:
    """`from audits import write` in an app, to aim calls at it, must not hand it to strangers."""
    own = mounted(left, functions=BOARD).root.functions.by_path
    assert "boards:addEverywhere" in own
    assert not {"boards:add", "boards:aimed"} & own.keys()


def test_a_component_may_live_inside_the_folder_of_functions() -> None:
    inside = Component("deep", functions="tests.unit.sample.board.functions")
    spaces = mounted(inside, functions="tests.unit.sample.board").spaces
    assert [path for path in spaces[""].functions.by_path if "boards" in path] == []
    assert "boards:allOf" in spaces["deep"].functions.by_path


def test_prefixes_of_routes_add_up() -> None:
    spaces = mounted(nest, http_prefix="/api/").spaces
    assert [space.http_prefix for space in spaces.values()] == [
        "/api",
        "/api/nest",
        "/api/nest/inner",
    ]
    hidden = Component("y", functions=TALLY, components=[tally(http_prefix="/x")])
    assert mounted(hidden).spaces["y/x"].http_prefix is None


@pytest.mark.parametrize(
    ("components", "says"),
    [
        ([tally(), tally()], "two components are mounted as 'x'"),
        ([tally("two words")], "'two words' cannot name a component"),
        ([tally("")], "cannot name a component"),
        ([tally("a/b")], "cannot name a component"),
        ([Component("x", functions="nowhere_at_all")], "component 'x': cannot import"),
        ([Component("x", functions=FUNCTIONS + ".notes")], "component 'x': "),
        ([tally(http_prefix="left")], "must start with a slash"),
        ([tally(http_prefix="/.files")], "is reserved"),
        ([tally("x", http_prefix="/a"), tally("y", http_prefix="/a/")], "both serve HTTP"),
        ([tally(http_prefix="/")], "both serve HTTP"),
        (
            [Component("y", functions=TALLY, components=[tally(env={"A": "SECRET"})])],
            "component 'y/x' is given SECRET, which component 'y' does not see itself",
        ),
    ],
)
def test_what_cannot_be_mounted_is_said_in_one_sentence(
    components: list[Component], says: str
) -> None:
    with pytest.raises((ProjectError, SchemaError)) as caught:
        mounted(*components, schema=schema)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def broken_schema() -> ModuleType:
    class Broken(Table, name="broken"):
        name: Field[str]

        by_nothing = Index("nothing")

    module = ModuleType("broken_schema")
    vars(module).update(Broken=Broken)
    return module


def test_a_schema_error_says_in_which_component() -> None:
    with pytest.raises(SchemaError, match="component 'x': "):
        mounted(Component("x", functions=FUNCTIONS, schema=broken_schema()))
