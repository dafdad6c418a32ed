"""Index ranges, orders, filters and what a query ends with."""

from __future__ import annotations

from itertools import product

from tests.compat.support.wire import Wire, integer, raw, special
from tests.differential.scenario import Case, Step, case, mutation, query, ref

MIXED: dict[str, Wire] = {
    "null": None, "int-1": integer(-1), "int2": integer(2), "-inf": special(float("-inf")),
    "-1.5": -1.5, "-0": special(-0.0), "0": 0, "1": 1, "2.5": 2.5,
    "inf": special(float("inf")), "nan": special(float("nan")), "false": False, "true": True,
    "empty": "", "A": "A", "a": "a", "aa": "aa", "é": "é", "🙂": "🙂",
    "raw": raw(b""), "raw1": raw(b"\x01"), "list": [], "list1": [1], "list1a": [1, "a"],
    "listtrue": [True], "object": {}, "object1": {"k": 1}, "object2": {"k": 2}, "objectb": {"j": 9},
}  # fmt: skip
"""A value of `a` for each label; one more row has none."""

SHUFFLED = [list(MIXED)[(place * 11) % len(MIXED)] for place in range(len(MIXED))]
everything = mutation(
    "rows:add",
    rows=[{"label": label, "a": MIXED[label]} for label in SHUFFLED] + [{"label": "missing"}],
)

grid = mutation(
    "rows:add",
    rows=[
        {"label": f"{a}{b}", "a": a, "b": b}
        for a, b in [*product("yx", (3, 1, 2)), ("z", 2), ("z", None), ("z", "text")]
    ]
    + [{"label": "y-", "a": "y"}, {"label": "-3", "b": 3}],
)


def read(index: str | None = None, *bounds: Wire, **rest: Wire) -> Step:
    """The labels of a query over the rows."""
    named = {} if index is None else {"index": index, "range": list(bounds)}
    return query("rows:read", **named, **rest)


def around(label: str) -> Case:
    value = MIXED[label]
    return case(
        f"ranges around {label}",
        everything,
        *(read("by_a", [op, "a", value]) for op in ("eq", "lt", "lte", "gt", "gte")),
        read("by_a", ["gt", "a", value], order="desc"),
    )


FILTERS: dict[str, list[list[Wire]]] = {
    "eq": [["eq", "b", 2]],
    "neq": [["neq", "label", "x1"]],
    "lt": [["lt", "label", "y"]],
    "lte": [["lte", "label", "y1"]],
    "gt": [["gt", "label", "x3"]],
    "gte": [["gte", "label", "x3"]],
    "not": [["not", "a", "x"]],
    "or": [["oneOf", "b", [1, "text"]]],
    "and": [["between", "label", ["x2", "y2"]]],
    "a missing field": [["absent", "b", None]],
    "one after the other": [["eq", "a", "x"], ["gt", "label", "x1"]],
    "nothing left": [["eq", "a", "nowhere"]],
}

CASES = [
    case(
        "an index orders values of all types, and a missing one comes first",
        everything,
        read("by_a"),
        read("by_a", order="desc"),
        read("by_a", ["absent", "a"]),
        read("by_a", ["present", "a"]),
        read("by_a", ["present", "a"], order="desc", end="take", n=3),
    ),
    *(around(label) for label in MIXED),
    case(
        "ranges with two ends",
        everything,
        read("by_a", ["gte", "a", -1.5], ["lt", "a", 2.5]),
        read("by_a", ["gt", "a", -1.5], ["lte", "a", 2.5], order="desc"),
        read("by_a", ["gt", "a", ""], ["lt", "a", "b"]),
        read("by_a", ["gt", "a", 5], ["lt", "a", 1]),
        read("by_a", ["gte", "a", None], ["lte", "a", True]),
        read("by_a", ["gt", "a", 1], ["lt", "a", 1]),
        read("by_a", ["lt", "a", "b"], ["gt", "a", ""]),
    ),
    case(
        "a prefix of two columns",
        grid,
        read("by_a_and_b"),
        read("by_a_and_b", order="desc"),
        read("by_a_and_b", ["eq", "a", "x"]),
        read("by_a_and_b", ["eq", "a", "x"], order="desc"),
        read("by_a_and_b", ["eq", "a", "z"]),
        read("by_a_and_b", ["eq", "a", "nowhere"]),
        read("by_a_and_b", ["absent", "a"]),
    ),
    case(
        "a prefix and a range below it",
        grid,
        read("by_a_and_b", ["eq", "a", "x"], ["gt", "b", 1]),
        read("by_a_and_b", ["eq", "a", "x"], ["gte", "b", 1], ["lt", "b", 3]),
        read("by_a_and_b", ["eq", "a", "x"], ["lte", "b", 2], order="desc"),
        read("by_a_and_b", ["eq", "a", "y"], ["absent", "b"]),
        read("by_a_and_b", ["eq", "a", "y"], ["present", "b"]),
        read("by_a_and_b", ["eq", "a", "z"], ["eq", "b", None]),
        read("by_a_and_b", ["eq", "a", "z"], ["eq", "b", 2]),
    ),
    case(
        "a range over the first of two columns",
        grid,
        read("by_a_and_b", ["gt", "a", "x"]),
        read("by_a_and_b", ["lt", "a", "y"], order="desc"),
        read("by_a_and_b", ["gte", "a", "x"], ["lte", "a", "y"]),
    ),
    case(
        "equal keys come in the order of creation",
        mutation("rows:add", rows=[{"label": name, "a": 1} for name in "cab"]),
        read("by_a", ["eq", "a", 1]),
        read("by_a", ["eq", "a", 1], order="desc"),
    ),
    case(
        "a column inside an object",
        mutation(
            "rows:add",
            rows=[
                {"label": "two", "inner": {"x": 2}}, {"label": "one", "inner": {"x": 1}},
                {"label": "empty", "inner": {}}, {"label": "none"},
                {"label": "null", "inner": {"x": None}},
            ],
        ),
        read("by_inner_x"),
        read("by_inner_x", ["eq", "inner.x", 1]),
        read("by_inner_x", ["gt", "inner.x", 1]),
        read("by_inner_x", ["absent", "inner.x"]),
    ),
    case(
        "without an index rows come in the order of creation",
        grid,
        read(),
        read(order="asc"),
        read(order="desc"),
        read("by_creation_time"),
        read("by_creation_time", order="desc"),
    ),
    case(
        "by_creation_time and by_id take ranges",
        grid,
        mutation("rows:add", rows=[{"label": "last"}]).keep("ids"),
        read("by_id", ["eq", "_id", ref("ids", 0)]),
        read("by_creation_time", ["gt", "_creationTime", 0], end="take", n=2),
        read("by_creation_time", ["lt", "_creationTime", 0]),
    ),
    *(
        case(
            f"a filter with {name}",
            grid,
            read(filter=steps),
            read("by_a_and_b", filter=steps, order="desc"),
            read("by_label", filter=steps, end="take", n=2),
            read(filter=steps, end="first"),
        )
        for name, steps in FILTERS.items()
    ),
    case(
        "take gives so many and no more",
        grid,
        *(read("by_label", end="take", n=n) for n in (0, 1, 3, 100)),
        read("by_label", order="desc", end="take", n=2),
        read("by_label", end="take", n=1.5),
        read("by_label", end="take", n=-1),
    ),
    case(
        "first gives one row or null",
        read(end="first"),
        grid,
        read(end="first"),
        read("by_label", order="desc", end="first"),
        read("by_a", ["eq", "a", "nowhere"], end="first"),
    ),
    case(
        "unique gives one row or null, and refuses two",
        grid,
        read("by_label", ["eq", "label", "x1"], end="unique"),
        read("by_label", ["eq", "label", "nowhere"], end="unique"),
        read("by_a", ["eq", "a", "x"], end="unique").says(
            "unique() query returned more than one result from table rows:\n ["
        ),
    ),
    case(
        "rows can be iterated, and the loop left early",
        grid,
        read("by_label", end="iterate"),
        read("by_label", end="iterate", n=2),
        read("by_a_and_b", ["eq", "a", "x"], end="iterate", order="desc"),
    ),
    case(
        "a range must follow its index's columns",
        grid,
        read("by_a_and_b", ["eq", "b", 1]),
        read("by_a_and_b", ["gt", "a", "x"], ["eq", "b", 1]),
        read("by_a_and_b", ["gt", "a", "x"], ["lt", "b", 1]),
        read("by_a", ["eq", "label", "x1"]),
        read("by_a", ["gt", "a", 1], ["gte", "a", 2]),
        read("by_a", ["lt", "a", 1], ["lte", "a", 2]),
        read("by_a", ["eq", "a", 1], ["eq", "a", 2]),
        read("by_a", ["eq", "a", 1], ["gt", "a", 2]),
    ),
    case("an order is chosen once", query("rows:orderedTwice")),
    case(
        "a table starts many queries, an ordered one is read once",
        grid,
        query("rows:usedTwice"),
        query("rows:orderedUsedTwice"),
    ),
    case(
        "a row moves in its index when it is patched",
        grid,
        mutation("rows:move", label="x1", a="zz"),
        read("by_a"),
        read("by_a_and_b", ["eq", "a", "x"]),
        read("by_a", ["gt", "a", "z"]),
        mutation("rows:remove", labels=["x1", "y1"]),
        read("by_a"),
    ),
    case(
        "a mutation's own writes stand in their places",
        grid,
        mutation(
            "rows:addAndRead", index="by_a_and_b", range=[["eq", "a", "x"]], drop=["x2"],
            rows=[{"label": "new0", "a": "x", "b": 0}, {"label": "new2", "a": "x", "b": 2}],
        ),
        read("by_a_and_b", ["eq", "a", "x"]),
        mutation("rows:addAndRead", rows=[{"label": "last"}], drop=["y3"], order="desc"),
        read(),
    ),
    case(
        "several ids at once, those that are gone as null",
        mutation("rows:add", rows=[{"label": "a"}, {"label": "b"}]).keep("ids"),
        mutation("rows:remove", labels=["a"]),
        query("rows:byIds", ids=[ref("ids", 1), ref("ids", 0), ref("ids", 1)]),
    ),
]  # fmt: skip
