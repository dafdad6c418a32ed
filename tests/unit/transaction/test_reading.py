"""Filters, whatever is read through them."""

from __future__ import annotations

from typing import Any

import pytest

from reactor.errors import DatabaseError
from reactor.transaction.reading import kept
from tests.unit.transaction.world import note


def test_every_filter_must_want_a_document() -> None:
    one = note(n=3)
    assert kept((), one)
    assert kept((lambda row: row.n > 2, lambda row: row.topic == "ai"), one)
    assert not kept((lambda row: row.n > 3, lambda row: 1 / 0 > 0), one), "the first no ends it"


@pytest.mark.parametrize("answer", [None, 1, "yes", []])
def test_a_filter_that_answers_something_else_is_refused(answer: Any) -> None:
    """A forgotten comparison is an error, not an empty list."""
    with pytest.raises(DatabaseError, match="True or False"):
        kept((lambda row: answer,), note())
