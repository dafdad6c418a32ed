"""Every value, through arguments and results of each kind of function, and through a document."""

from __future__ import annotations

import math

from tests.compat.support.wire import Wire, integer, raw, special
from tests.differential.scenario import UNDEFINED, Case, action, case, mutation, query, ref

deep: Wire = 1.0
for _ in range(12):
    deep = [deep]

ACCEPTED: dict[str, Wire] = {
    "null": None,
    "true": True,
    "false": False,
    "zero": 0,
    "negative zero": special(-0.0),
    "a fraction": 1.5,
    "the largest safe integer": 2**53 - 1,
    "a number past the safe integers": 2.0**53 + 2,
    "a huge number": 1.7976931348623157e308,
    "the smallest number": 5e-324,
    "NaN": special(math.nan),
    "infinity": special(math.inf),
    "negative infinity": special(-math.inf),
    "int64 zero": integer(0),
    "the largest int64": integer(2**63 - 1),
    "the smallest int64": integer(-(2**63)),
    "an empty string": "",
    "text of every width": "aé漢🙂\u0000\u2028",
    "a string that looks like a number": "12",
    "no bytes": raw(b""),
    "every byte": raw(bytes(range(256))),
    "an empty array": [],
    "an array of every type": [None, True, 1, integer(1), "a", raw(b"a"), [], {}],
    "an empty object": {},
    "an object with odd names": {"a-b": 1, "a.b": 2, "a b": 3, "": 4, "0": 5, "A": 6},
    "nested objects": {"a": {"b": {"c": [1, {"d": None}]}}},
    "deep nesting": deep,
    "int64 and bytes inside": {"a": [integer(5), {"b": raw(b"xyz")}]},
}


def there_and_back(name: str, value: Wire) -> Case:
    return case(
        name,
        query("values:echo", value=value),
        mutation("values:echoWrite", value=value),
        action("values:echoAction", value=value),
        mutation("values:store", value=value).keep("id"),
        query("values:load", id=ref("id")),
    )


CASES = [
    *(there_and_back(name, value) for name, value in ACCEPTED.items()),
    case("a function without a result gives null", query("values:nothing")),
    case(
        "undefined in an object is left out",
        query("values:echo", value={"a": UNDEFINED, "b": 1}),
        mutation("values:store", value={"a": UNDEFINED, "b": 1}).keep("id"),
        query("values:load", id=ref("id")),
    ),
    case("undefined in an array is refused", query("values:echo", value=[1, UNDEFINED])),
    case("undefined as an argument is a missing argument", query("values:echo", value=UNDEFINED)),
    case("missing arguments are refused", query("values:echo")),
    case("arguments that nobody asked for are refused", query("values:nothing", more=1)),
]
