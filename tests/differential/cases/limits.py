"""Values that are too much: the mock lets most of them through; see protocol.md 7."""

from __future__ import annotations

from tests.compat.support.wire import Wire
from tests.differential.scenario import FAILS, Step, case, mutation, query

LIMITS = "documents have limits (protocol.md 7); the mock stores anything"


def nested(levels: int) -> Wire:
    value: Wire = 1
    for _ in range(levels):
        value = [value]
    return value


def many_fields(count: int) -> Wire:
    return {f"f{number}": number for number in range(count)}


def refused(value: Wire, words: str) -> Step:
    """A value that no document can hold."""
    return mutation("values:store", value=value).says(words).mock_differs(LIMITS, FAILS)


CASES = [
    case(
        "deep documents",
        mutation("values:store", value=nested(14)),
        mutation("values:store", value=nested(15)),
        refused(nested(16), "too nested"),
    ),
    case(
        "deep arguments",
        query("values:echo", value=nested(60)),
        query("values:echo", value=nested(70)).says("too nested").mock_differs(LIMITS, FAILS),
    ),
    case(
        "long arrays",
        mutation("values:store", value=[0] * 8192),
        mutation("values:store", value=[0] * 8193)
        .says("Array length is too long")
        .mock_differs(LIMITS, FAILS),
    ),
    case(
        "many fields",
        mutation("values:store", value=many_fields(1024)),
        mutation("values:store", value=many_fields(1025))
        .says("too many fields")
        .mock_differs(LIMITS, FAILS),
    ),
    case(
        "large documents",
        mutation("values:store", value="x" * (2**20 - 200)),
        refused("x" * 2**20, "too large"),
    ),
    case(
        "long field names",
        mutation("values:store", value={"f" * 1024: 1}),
        mutation("values:store", value={"f" * 1025: 1}),
    ),
    case(
        "field names of other alphabets",
        query("values:echo", value={"é": 1}),
        query("values:echo", value={"a\n": 1}),
    ),
    case(
        "underscores inside a value",
        mutation("values:store", value={"_a": 1}),
        query("values:echo", value={"_a": {"_b": 1}}),
    ),
]
