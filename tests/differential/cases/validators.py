"""Arguments and results against every kind of validator; the words are protocol.md 5.7's."""

from __future__ import annotations

from tests.compat.support.wire import Wire, integer, raw, special
from tests.differential.cases.people import ADA
from tests.differential.scenario import FAILS, UNDEFINED, Case, case, gives, mutation, query, ref

KINDS: list[Wire] = [
    None, True, False, 0, 1, 1.5, special(-0.0), special(float("nan")), integer(1), "", "a", "yes",
    raw(b"a"), [], [1], ["a"], [["a"]], [None], {}, {"a": 1}, {"x": 1}, {"x": 1, "y": 2},
    {"x": 1, "z": 2}, {"kind": "circle", "radius": 1},
]  # fmt: skip
"""Each argument validator is tried with all of these."""

ARGUMENTS = "Server Error\nArgumentValidationError: "

VALIDATORS = [
    "text", "number", "big", "flag", "nil", "raw", "anything", "word", "digit", "truth", "words",
    "either", "nullable", "optional", "threeStates", "optionalAny", "list", "lists",
    "listOfEither", "point", "empty", "points", "tagged", "person",
    "personOrNull", "people",
]  # fmt: skip

RESULTS = [
    "text", "number", "big", "flag", "nil", "raw", "either", "nullable", "words", "list", "person",
]  # fmt: skip


def takes(name: str) -> Case:
    """An argument validator with every value, with none, and with one too many."""
    return case(
        f"the argument validator {name}",
        *(query(f"takes:{name}", it=value).refusing(ARGUMENTS) for value in KINDS),
        query(f"takes:{name}").refusing("Object is missing the required field `it`"),
        query(f"takes:{name}", it=UNDEFINED).refusing(ARGUMENTS),
        query(f"takes:{name}", it="a", more=1).says(ARGUMENTS),
    )


def gives_back(name: str) -> Case:
    """A result validator with every value."""
    return case(
        f"the result validator {name}",
        *(query(f"gives:{name}", it=value).refusing("ReturnsValidationError: ") for value in KINDS),
    )


LAX = "v.record checks its values (protocol.md 5.7); the mock lets anything through"


def numbers(value: Wire) -> bool:
    return value == {} or value in [{"a": 1}, {"x": 1}, {"x": 1, "y": 2}, {"x": 1, "z": 2}]


def record(path: str) -> Case:
    """A record of numbers with every value: the mock lets too much through."""
    steps = [(query(path, it=value), value) for value in KINDS]
    return case(
        f"the record validator {path}",
        *(step if numbers(value) else step.mock_differs(LAX, FAILS) for step, value in steps),
    )


ids = (
    mutation("docs:insert", table="people", doc=ADA).keep("ada"),
    mutation("docs:insert", table="pets", doc={"name": "Rex", "owner": ref("ada")}).keep("rex"),
)

CASES = [
    *(takes(name) for name in VALIDATORS),
    *(gives_back(name) for name in RESULTS),
    record("takes:record"),
    record("gives:record"),
    case(
        "ids are told by their table",
        *ids,
        query("takes:person", it=ref("ada")),
        query("takes:person", it=ref("rex")).says("does not match the table name in validator"),
        query("takes:person", it="no id"),
        query("takes:personOrNull", it=ref("ada")),
        query("takes:people", it=[ref("ada"), ref("ada")]),
        query("takes:people", it=[ref("ada"), ref("rex")]),
        query("gives:person", it=ref("ada")),
        query("gives:person", it=ref("rex")),
    ),
    case(
        "the id of a document that is gone is still an id",
        *ids,
        mutation("docs:remove", id=ref("ada")),
        query("takes:person", it=ref("ada")),
    ),
    case(
        "a nested object is checked inside",
        query("takes:nested", it={"name": "a", "at": {"x": 1}}),
        query("takes:nested", it={"name": "a", "at": {"x": 1, "y": 2}}),
        query("takes:nested", it={"name": "a", "at": {"x": "1"}}).says("Path: .it.at.x"),
        query("takes:nested", it={"name": "a", "at": {}}).says("missing the required field `x`"),
        query("takes:nested", it={"name": "a", "at": {"x": 1, "z": 2}}).says("extra field `z`"),
        query("takes:nested", it={"name": "a", "at": None}),
        query("takes:nested", it={"name": "a", "at": {"x": 1, "y": None}}),
    ),
    case(
        "an array's items are checked one by one",
        query("takes:list", it=[1, 2, 3]),
        query("takes:list", it=[1, "2", 3]).says("Path: .it[1]"),
        query("takes:points", it=[{"x": 1}, {"x": 2, "y": 3}]),
        query("takes:points", it=[{"x": 1}, {"y": 3}]),
        query("takes:lists", it=[["a"], []]),
        query("takes:lists", it=[["a"], [1]]),
        query("takes:listOfEither", it=["a", None]),
        query("takes:listOfEither", it=["a", 1]),
    ),
    case(
        "a record's values are checked one by one",
        query("takes:record", it={"a": 1, "b": 2}),
        query("takes:record", it={"a": 1, "b": "2"}).mock_differs(LAX, FAILS),
        query("takes:recordOfLists", it={"a": ["x"], "b": []}),
        query("takes:recordOfLists", it={"a": ["x"], "b": [1]}).mock_differs(LAX, FAILS),
        query("takes:recordOfPoints", it={"a": {"x": 1}}),
        query("takes:recordOfPoints", it={"a": {"x": 1, "z": 1}}).mock_differs(LAX, FAILS),
    ),
    case(
        "a union of objects takes each of them whole",
        query("takes:tagged", it={"kind": "circle", "radius": 1}),
        query("takes:tagged", it={"kind": "box", "width": 1, "height": 2}),
        query("takes:tagged", it={"kind": "box", "radius": 1}),
        query("takes:tagged", it={"kind": "circle", "radius": 1, "width": 1}),
        query("takes:tagged", it={"kind": "cone", "radius": 1}),
        query("takes:tagged", it={"radius": 1}),
    ),
    case(
        "several arguments are all checked",
        query("takes:two", a="x", b=1),
        query("takes:two", a="x"),
        query("takes:two", a="x", b="1"),
        query("takes:two", a="x", b=1, c=1),
        query("takes:none"),
        query("takes:none", a=1),
    ),
    case(
        "literals are exact",
        query("takes:word", it="yes"),
        query("takes:word", it="Yes").says('does not match literal validator `v.literal("yes")`'),
        query("takes:digit", it=1),
        query("takes:digit", it=1.5),
        query("takes:digit", it=integer(1)),
        query("takes:digit", it=True),
        query("takes:truth", it=True),
        query("takes:truth", it=1),
    ),
    case(
        "a result that does not fit takes the mutation's write back",
        mutation("gives:afterWrite", label="kept", it="fine"),
        mutation("gives:afterWrite", label="lost", it=5).says("ReturnsValidationError"),
        query("rows:read").mock_differs(
            "a result that fails its validator rolls back (protocol.md 5.7); the mock commits",
            gives(["kept"]),
        ),
    ),
]
