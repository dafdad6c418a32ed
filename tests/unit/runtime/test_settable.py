"""Limits that an operator sets: what is taken, and the one sentence for what is not."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import pytest

from reactor import limits
from reactor.errors import ProjectError
from reactor.runtime.settable import declared, purposes, set_limits, settable


def module() -> ModuleType:
    made = ModuleType("numbers")
    names: dict[str, Any] = {
        "LINES_MAX": settable(256, "lines", 1, 1_000),
        "LINES_KEPT_MAX": settable(500, "lines", 1, 1_000),
        "SHARE": settable(0.75, "of a limit", 0.05, 1.0),
        "FIRST": 7,
    }
    made.__dict__.update(names)
    made.__dict__["SETTABLE"] = declared(made.__dict__)
    made.__dict__["ASCENDING"] = (("LINES_MAX", "LINES_KEPT_MAX"),)
    return made


def test_readers_see_plain_numbers() -> None:
    names = module()
    assert (names.LINES_MAX, type(names.LINES_MAX), names.SHARE) == (256, int, 0.75)
    assert set(names.SETTABLE) == {"LINES_MAX", "LINES_KEPT_MAX", "SHARE"}


def test_what_the_environment_says_holds_and_the_rest_is_default() -> None:
    names = module()
    set_limits(names, {"REACTOR_LIMIT_LINES_MAX": "64", "REACTOR_LIMIT_SHARE": "0.5", "HOME": "/"})
    assert (names.LINES_MAX, names.LINES_KEPT_MAX, names.SHARE, names.FIRST) == (64, 500, 0.5, 7)
    set_limits(names, {})
    assert (names.LINES_MAX, names.SHARE) == (256, 0.75)


@pytest.mark.parametrize(
    ("variable", "text", "said"),
    [
        ("LINES_MAX", "many", "whole number from 1 to 1000"),
        ("LINES_MAX", "1.5", "whole number from 1 to 1000"),
        ("LINES_MAX", "", "whole number from 1 to 1000"),
        ("LINES_MAX", "0", "from 1 to 1000 lines"),
        ("LINES_MAX", "1001", "from 1 to 1000 lines"),
        ("SHARE", "half", "a number from 0.05 to 1.0"),
        ("SHARE", "nan", "from 0.05 to 1.0"),
        ("SHARE", "inf", "from 0.05 to 1.0"),
        ("LINE_MAX", "5", "did you mean REACTOR_LIMIT_LINES_MAX?"),
        ("ZZZ", "5", "`reactor limits` lists all"),
        ("FIRST", "5", "names no limit that can be set"),
        ("LINES_MAX", "501", "REACTOR_LIMIT_LINES_KEPT_MAX (500)"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_name(variable: str, text: str, said: str) -> None:
    """An operator's slip ends the start, and nothing is half set."""
    names = module()
    with pytest.raises(ProjectError) as refused:
        set_limits(names, {"REACTOR_LIMIT_SHARE": "0.6", f"REACTOR_LIMIT_{variable}": text})
    assert f"REACTOR_LIMIT_{variable}" in str(refused.value)
    assert said in str(refused.value)
    assert (names.LINES_MAX, names.SHARE) == (256, 0.75)


def test_a_default_outside_of_its_range_cannot_be_declared() -> None:
    with pytest.raises(AssertionError):
        settable(5, "lines", 6, 7)


def test_every_limit_says_what_it_is() -> None:
    assert set(limits.SETTABLE) <= set(purposes(limits))
    assert purposes(limits)["SITE_BODY_BYTES_MAX"].startswith("Bytes of a request")
