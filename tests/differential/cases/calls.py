"""Functions that call functions: one transaction or several, undo, and errors on their way."""

from __future__ import annotations

from tests.compat.support.wire import Wire, integer
from tests.differential.scenario import FAILS, Case, action, case, gives, mutation, query

NO_INT64 = "runMutation keeps a ConvexError's data (protocol.md 5.8); the mock cannot with an int64"
ALL_PUBLIC = "clients may call public functions only (protocol.md 5.1); the mock calls any"

labels = query("calls:labels")

DATA: dict[str, Wire] = {
    "text": "no",
    "a number": 5,
    "null": None,
    "an object": {"code": "NO", "inside": {"list": [1, integer(2)]}},
    "an array": [1, "a", None],
    "false": False,
    "an empty string": "",
    "an int64": integer(5),
}


def carried(name: str, data: Wire) -> Case:
    catches = mutation("calls:catchesData", data=data)
    if "$integer" in str(data):
        catches = catches.mock_differs(NO_INT64, gives({"data": data}))
    return case(
        f"a ConvexError carries {name} through every layer",
        query("errors:refuse", data=data),
        mutation("errors:refuseWrite", data=data),
        action("errors:refuseAction", data=data),
        catches,
        action("calls:dataThroughLayers", data=data),
        action("calls:dataCaughtOutside", data=data),
        labels,
    )


CASES = [
    case(
        "a mutation inside a mutation commits with it", mutation("calls:mutationInMutation"), labels
    ),
    case("a child that fails takes back its own writes only", mutation("calls:childFails"), labels),
    case("undo two levels down", mutation("calls:grandchildFails"), labels),
    case(
        "a child's error that nobody catches undoes everything",
        mutation("calls:childUncaught"),
        labels,
    ),
    case(
        "a parent that fails takes its child's writes back", mutation("calls:parentFails"), labels
    ),
    case("a query in a mutation sees what the mutation wrote", mutation("calls:childSees"), labels),
    case("a query in a query", mutation("calls:add", label="a"), query("calls:queryInQuery")),
    case("an internal function can be called from inside", mutation("calls:callsSecret"), labels),
    case("arguments of inner calls are checked", mutation("calls:badArguments"), labels),
    case("an inner call of a function that is not there", mutation("calls:missing")),
    case("an inner call of a function of another kind", mutation("calls:wrongKind")),
    case(
        "each call of an action is a transaction of its own", action("calls:actionWrites"), labels
    ),
    case("an action that fails late undoes nothing", action("calls:actionFailsLate"), labels),
    case("an action catches what its mutation raised", action("calls:actionChild"), labels),
    case("an action in an action", action("calls:actionInAction"), labels),
    case("mutations of an action side by side", action("calls:together"), labels),
    *(carried(name, data) for name, data in DATA.items()),
    case(
        "an ordinary error has no data",
        query("errors:crash", message="boom").says("Server Error\nUncaught "),
        mutation("errors:crashWrite", message="boom"),
        action("errors:crashAction", message="boom"),
    ),
    case(
        "a function that is not there",
        query("calls:nowhere").says("Could not find public function for 'calls:nowhere'"),
        mutation("nowhere:nothing"),
        action("calls:nowhere"),
    ),
    case(
        "internal functions are not for clients",
        *(
            step.says("Could not find public function for").mock_differs(ALL_PUBLIC, FAILS)
            for step in (
                query("calls:secretCount"),
                mutation("calls:secretAdd", label="a"),
                action("calls:secretAct"),
            )
        ),
        query("calls:count").mock_differs(ALL_PUBLIC, gives(0)),
    ),
    case(
        "a function of another kind",
        query("calls:add", label="x"),
        mutation("calls:labels"),
        action("calls:labels"),
        labels,
    ),
]
