"""The same scenarios on Convex's mock and on a reactor server; what they give must agree."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.differential.cases import CASES
from tests.differential.conftest import Outcomes
from tests.differential.outcomes import Spelling

CASES_MIN = 150


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= CASES_MIN


@pytest.mark.parametrize("side", ["http", "socket"])
@pytest.mark.parametrize("name", CASES)
def test_case(name: str, side: str, mock: Outcomes, reactor_sides: Mapping[str, Outcomes]) -> None:
    """What a project of Convex's gives, it gives after the move as well."""
    raw = {"mock": mock[name], "reactor": reactor_sides[side][name]}
    spellings = {one: Spelling(outcomes) for one, outcomes in raw.items()}
    for place, step in enumerate(CASES[name].steps):
        given = {one: spellings[one].outcome(raw[one][place]) for one in raw}
        where = f"step {place + 1}: {step.kind} {step.path} {step.args}\n{raw}"
        if step.right is None:
            assert given["reactor"] == given["mock"], where
        else:
            assert given["reactor"] == step.right, f"{step.because}\n{where}"
            assert given["mock"] != step.right, f"the mock no longer differs: {where}"
        error = raw["reactor"][place].get("error")
        assert step.words in (error or ""), where
        assert error is None or step.refusal in error, where
