"""`field(...)`, defaults, and the constructors made from them."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from reactor.errors import SchemaError
from reactor.schema.fields import (
    FieldSpec,
    Id,
    all_specs,
    check_default,
    field,
    fill,
    is_missable,
    own_specs,
    refuse_change,
    wire,
)
from reactor.values.types import ABSENT


class _Base:
    constant: ClassVar[int] = 5
    _private: int
    title: str
    n: int = 3
    tags: list[str] = field(default_factory=list)
    url: str | None = field(default=None, wire="URL", doc="where it is", secret=True)


class _More(_Base):
    n: int = 4
    extra: str


for _cls in (_Base, _More):
    setattr(_cls, "__specs__", own_specs(_cls))  # noqa: B010  # as Object's own machinery does


def test_own_specs() -> None:
    specs = own_specs(_Base)
    assert list(specs) == ["title", "n", "tags", "url"]
    assert not specs["title"].has_default
    assert specs["n"].value() == 3
    url: Any = specs["url"]
    assert (url.wire, url.doc, url.secret, url.default) == ("URL", "where it is", True, None)


def test_all_specs_take_bases_first_and_the_nearest_default() -> None:
    specs = all_specs(_More)
    assert list(specs) == ["title", "n", "tags", "url", "extra"]
    assert specs["n"].value() == 4


def test_defaults_are_made_afresh() -> None:
    """One document's list is not another's."""
    spec = FieldSpec(factory=list)
    assert spec.has_default
    assert spec.value() == []
    assert spec.value() is not spec.value()


def test_fill() -> None:
    specs = all_specs(_Base)
    assert fill(_Base, specs, {"title": "t"}) == {"title": "t", "n": 3, "tags": [], "url": None}
    assert fill(_Base, specs, {"title": "t", "n": 9})["n"] == 9
    with pytest.raises(TypeError, match="needs a value for 'title'"):
        fill(_Base, specs, {})
    with pytest.raises(TypeError, match="has no field 'x'"):
        fill(_Base, specs, {"title": "t", "x": 1})


def test_which_keys_may_be_missing() -> None:
    """API.md G3: a default of None or ABSENT, and no other."""
    assert is_missable(FieldSpec(default=None))
    assert is_missable(FieldSpec(default=ABSENT))
    for spec in (FieldSpec(), FieldSpec(default=0), FieldSpec(default=""), FieldSpec(factory=list)):
        assert not is_missable(spec)


@pytest.mark.parametrize("default", [list[int](), dict[str, int](), set[int]()])
def test_shared_defaults_are_refused(default: Any) -> None:
    with pytest.raises(SchemaError, match="default_factory"):
        check_default("News.tags", FieldSpec(default=default))


def test_other_defaults_are_fine() -> None:
    for default in (None, 0, "", (), ABSENT):
        check_default("News.x", FieldSpec(default=default))


def test_frozen_things_say_what_to_do_instead() -> None:
    with pytest.raises(AttributeError, match=r"ctx\.db\.patch"):
        refuse_change(_Base(), "title")


def test_an_id_is_a_plain_string() -> None:
    assert Id("x") == "x"
    assert isinstance(Id("x"), str)


def test_wire_markers_keep_their_name() -> None:
    assert wire("page_URL").name == "page_URL"
