"""Python names on the wire: a column that is renamed by accident loses its data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reactor.errors import SchemaError
from reactor.schema.names import check_identifier, wire_name


@pytest.mark.parametrize(
    ("name", "wire"),
    [
        ("title", "title"),
        ("html_url", "htmlUrl"),
        ("is_published", "isPublished"),
        ("a_b_c", "aBC"),
        ("type_", "type"),
        ("list_of_", "listOf"),
        ("alreadyCamel", "alreadyCamel"),
        ("x2", "x2"),
    ],
)
def test_camel_case(name: str, wire: str) -> None:
    assert wire_name(name) == wire


def test_as_written() -> None:
    """`camel=False` keeps names for data that was there before."""
    assert wire_name("html_url", camel=False) == "html_url"
    assert wire_name("type_", camel=False) == "type"


@pytest.mark.parametrize("name", ["line_1", "a__b", "_private", "fooBar_baz", "a__", "__"])
def test_names_without_a_way_back(name: str) -> None:
    """`line_1` and `line1` would be one field on the wire."""
    with pytest.raises(SchemaError):
        wire_name(name)


@given(st.lists(st.from_regex(r"[a-z][a-z0-9]{0,4}", fullmatch=True), min_size=1, max_size=4))
def test_no_two_names_share_a_wire_name(words: list[str]) -> None:
    camelled = wire_name("_".join(words))
    assert camelled == words[0] + "".join(word.capitalize() for word in words[1:])


@pytest.mark.parametrize("text", ["a", "_a", "by_x1", "A" * 64])
def test_identifiers(text: str) -> None:
    assert check_identifier(text, "a table") == text


@pytest.mark.parametrize("text", ["", "1a", "a-b", "a b", "a.b", "é", "_", "__", "a" * 65, "a\n"])
def test_what_is_no_identifier(text: str) -> None:
    with pytest.raises(SchemaError) as caught:
        check_identifier(text, "a table")
    assert caught.value.code == "SchemaError"
