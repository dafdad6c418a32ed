"""What functions know of themselves."""

from __future__ import annotations

from tests.differential.scenario import action, case, mutation, query

CASES = [
    case(
        "a function knows its name, whatever its kind",
        query("about:asQuery"),
        mutation("about:asMutation"),
        action("about:asAction"),
    ),
    case("a called function has a name of its own", mutation("about:nested")),
    case("through an action as well", action("about:byAction")),
]
