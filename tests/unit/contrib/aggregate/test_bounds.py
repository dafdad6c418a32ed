"""Keys and the ranges of them."""

from __future__ import annotations

from typing import Any

import pytest

from reactor import ABSENT
from reactor.contrib import Bounds, prefix
from reactor.contrib.aggregate.bounds import Limit, key_parts
from reactor.errors import DeveloperError


def test_a_tuple_is_a_key_of_several_parts() -> None:
    assert key_parts("a") == ["a"]
    assert key_parts(("a", 1, None)) == ["a", 1, None]
    assert key_parts(["a", 1]) == [["a", 1]], "a list is one value"


@pytest.mark.parametrize("key", [(), tuple(range(7))])
def test_a_key_has_one_to_six_parts(key: tuple[Any, ...]) -> None:
    with pytest.raises(DeveloperError) as caught:
        key_parts(key)
    assert caught.value.code == "InvalidAggregateKey"


def test_ranges_are_built_step_by_step() -> None:
    """Each step makes another range, so that one can be kept and narrowed twice."""
    base = prefix("chess")
    assert base.at_least(1).below(2) == Bounds(
        prefix=["chess"],
        lower=Limit(value=1, closed=True),
        upper=Limit(value=2, closed=False),
    )
    assert base.above(1).at_most(2).upper == Limit(value=2, closed=True)
    assert base == prefix("chess")
    assert prefix() == Bounds()
    assert Bounds().at_least(None).lower is not ABSENT
