"""How values appear in the messages that a developer reads."""

from __future__ import annotations

from typing import Any

import pytest

from reactor.values.display import at, display, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (1, "1.0"),
        (1.5, "1.5"),
        ('say "hi"', '"say \\"hi\\""'),
        ({"$integer": "BQAAAAAAAAA="}, "5n"),
        ({"$bytes": "AQID"}, "Bytes(010203)"),
        ({"$strange": 1}, "{'$strange': 1}"),
        ([1, "a"], '[1.0, "a"]'),
        ({"b": "x", "a": 1}, '{a: 1.0, b: "x"}'),
    ],
)
def test_values_look_as_convex_prints_them(value: Any, text: str) -> None:
    assert display(value) == text


def test_a_huge_value_does_not_bury_its_message() -> None:
    assert len(shown("x" * 5000)) == 1001


def test_the_root_has_no_path() -> None:
    assert at("") == ""
    assert at(".a[0]") == "Path: .a[0]"
