"""Objects: nested values, arguments and results."""

from __future__ import annotations

from typing import Any

import pytest

from reactor.schema.fields import field
from reactor.schema.objects import Object, Page, PaginationOptions, make_object
from reactor.values.json import to_json
from reactor.values.types import ABSENT


class Point(Object):
    x: float
    y: float = 0.0


class Labelled(Point):
    label_text: str | None = None
    tags: list[str] = field(default_factory=list)


class AsWritten(Object, camel=False):
    page_url: str


def test_construction() -> None:
    point = Labelled(x=1.0, label_text="a")
    assert (point.x, point.y, point.label_text, point.tags) == (1.0, 0.0, "a", [])
    assert Labelled(x=1.0).tags is not Labelled(x=1.0).tags
    with pytest.raises(TypeError):
        Point()  # type: ignore[call-arg]  # the mistake
    with pytest.raises(TypeError):
        Point(x=1.0, z=2.0)  # type: ignore[call-arg]  # the mistake


def test_objects_are_frozen() -> None:
    """What one handler holds cannot change under another."""
    point: Any = Point(x=1.0)
    with pytest.raises(AttributeError):
        point.x = 2.0
    with pytest.raises(AttributeError):
        del point.x


def test_equality_is_by_value_and_class() -> None:
    assert Point(x=1.0) == Point(x=1.0, y=0.0)
    assert Point(x=1.0) != Point(x=2.0)
    assert Point(x=1.0) != Labelled(x=1.0)
    assert Point(x=1.0) != {"x": 1.0, "y": 0.0}
    with pytest.raises(TypeError):
        hash(Point(x=1.0))


def test_repr() -> None:
    assert repr(Point(x=1.0)) == "Point(x=1.0, y=0.0)"


def test_objects_in_results_without_a_declared_type() -> None:
    """A function without a return annotation still sends the wire's names."""
    assert to_json([Labelled(x=1, label_text="a")]) == [
        {"labelText": "a", "tags": [], "x": 1.0, "y": 0.0}
    ]
    assert to_json(Labelled(x=1)) == {"tags": [], "x": 1.0, "y": 0.0}
    assert to_json(AsWritten(page_url="u")) == {"page_url": "u"}


def test_make_object() -> None:
    assert make_object(Point, {"x": 1.0, "y": 2.0}) == Point(x=1.0, y=2.0)


def test_pagination_options() -> None:
    """`usePaginatedQuery` sends no `endCursor` at first."""
    options = PaginationOptions(num_items=5, cursor=None)
    assert options.end_cursor is ABSENT
    assert (options.maximum_rows_read, options.id) == (None, None)
    assert to_json(options) == {"cursor": None, "numItems": 5.0}


def test_pages_of_other_items() -> None:
    """A joined page keeps its position."""
    page = Page(page=[1, 2], is_done=False, continue_cursor="c", split_cursor="s")
    names = page.with_items(["a", "b"])
    assert names.page == ["a", "b"]
    assert (names.is_done, names.continue_cursor, names.split_cursor) == (False, "c", "s")
    assert names.page_status is ABSENT
    assert page.page == [1, 2]


def test_pages_on_the_wire() -> None:
    """`usePaginatedQuery` reads these names."""
    page = Page(page=[1.0], is_done=True, continue_cursor="c", split_cursor=None, page_status=None)
    assert to_json(page) == {
        "continueCursor": "c", "isDone": True, "page": [1.0], "pageStatus": None,
        "splitCursor": None,
    }  # fmt: skip
