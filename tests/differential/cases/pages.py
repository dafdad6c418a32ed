"""Pages: cursors walked while rows come and go, pinned ends, limits, refusals."""

from __future__ import annotations

from tests.compat.support.wire import Wire
from tests.differential.scenario import FAILS, Case, Step, case, gives, mutation, query, ref

ten = mutation(
    "rows:add",
    rows=[{"label": f"r{n}", "a": n % 3, "b": n} for n in (5, 2, 9, 0, 7, 3, 8, 1, 6, 4)],
)


def page(
    cursor: Wire = None, size: Wire = 3, end: Wire = None, *,
    rows_read: int | None = None, **rest: Wire
) -> Step:  # fmt: skip
    """A page of rows by label, unless `rest` says otherwise."""
    opts: Wire = {"numItems": size, "cursor": cursor}
    if end is not None:
        opts["endCursor"] = end
    if rows_read is not None:
        opts["maximumRowsRead"] = rows_read
    return query("rows:page", opts=opts, **({"index": "by_label"} | rest))


def after(name: str) -> Wire:
    return ref(name, "continueCursor")


def walk(*, times: int, size: int, **rest: Wire) -> list[Step]:
    """So many pages, each after the one before."""
    later = (
        page(after(f"p{number}"), size, **rest).keep(f"p{number + 1}") for number in range(1, times)
    )
    return [page(size=size, **rest).keep("p1"), *later]


def walked(name: str, times: int, size: int, **rest: Wire) -> Case:
    return case(f"pages of {name}", ten, *walk(times=times, size=size, **rest))


def full(step: Step, first: int) -> Step:
    """A page that its rows fill, from the row with this number to r9."""
    labels = [f"r{number}" for number in range(first, 10)]
    right = gives({"page": labels, "isDone": False, "continueCursor": "<cursor>"})
    return step.mock_differs(
        "a page that is full ends after its last row; the position has not reached the end "
        "(protocol.md 5.5); the mock looks ahead",
        right,
    )


def add(*labels: str, **columns: Wire) -> Step:
    return mutation("rows:add", rows=[{"label": label, **columns} for label in labels])


def remove(*labels: str) -> Step:
    return mutation("rows:remove", labels=list(labels))


CASES = [
    walked("an index in order", 4, 3),
    walked("an index backwards", 4, 3, order="desc"),
    walked("a table in the order of creation", 4, 3, index="by_creation_time"),
    walked("a range", 3, 2, index="by_a_and_b", range=[["eq", "a", 1]]),
    walked("a range backwards", 3, 2, index="by_a_and_b", range=[["eq", "a", 1]], order="desc"),
    walked("a range with two ends", 2, 3, range=[["gt", "label", "r2"], ["lte", "label", "r6"]]),
    walked("equal keys", 4, 3, index="by_a"),
    walked("a filtered query", 3, 2, filter=[["gt", "label", "r4"]]),
    walked("one row each", 3, 1),
    walked("more rows than there are", 1, 100),
    case(
        "pages of a size that divides the rows",
        ten,
        page(size=5).keep("p1"),
        full(page(after("p1"), 5).keep("p2"), 5),
    ),
    case("a page of exactly as many rows as there are", ten, full(page(size=10), 0)),
    case("a page of nothing is done", page(), page(size=1)),
    case(
        "a page of a range that is empty is done",
        ten,
        page(index="by_a_and_b", range=[["eq", "a", 9]]).keep("p1"),
        page(after("p1"), index="by_a_and_b", range=[["eq", "a", 9]]),
    ),
    case(
        "a filter that keeps nothing ends the pages",
        ten,
        page(filter=[["eq", "label", "nowhere"]]),
    ),
    case(
        "after the last page there is nothing, until rows come",
        ten,
        page(size=11).keep("p1"),
        page(after("p1"), 3),
        add("zz"),
        page(after("p1"), 3),
    ),
    case(
        "rows that come before the cursor are not shown",
        ten, page().keep("p1"), add("r0a", "r1a"), page(after("p1")).keep("p2"), page(after("p2")),
    ),
    case(
        "rows that come after the cursor are shown",
        ten, page().keep("p1"), add("r2a", "r3a"), page(after("p1")).keep("p2"), page(after("p2")),
    ),
    case(
        "a row that goes before the cursor shifts nothing",
        ten, page().keep("p1"), remove("r0", "r1"), page(after("p1")),
    ),
    case(
        "the row of the cursor may go",
        ten, page().keep("p1"), remove("r2"), page(after("p1")),
    ),
    case(
        "rows that go after the cursor are not shown",
        ten, page().keep("p1"), remove("r3", "r5"), page(after("p1")),
    ),
    case(
        "a row that moves behind the cursor is shown again",
        ten,
        page(index="by_a").keep("p1"),
        mutation("rows:move", label="r0", a=2),
        page(after("p1"), index="by_a"),
        page(after("p1"), 20, index="by_a"),
    ),
    case(
        "a pinned end takes whatever is between",
        ten,
        page().keep("p1"),
        add("r0a", "r1a", "r2a"),
        page(size=3, end=after("p1")),
        remove("r0"),
        page(size=1, end=after("p1")),
    ),
    case(
        "a pinned end and a start",
        ten,
        page().keep("p1"),
        page(after("p1")).keep("p2"),
        add("r3a", "r6"),
        page(after("p1"), 1, after("p2")),
        page(after("p2"), 3),
    ),
    case(
        "a pinned end backwards",
        ten,
        page(order="desc").keep("p1"),
        add("r8a", "r9a"),
        page(size=1, end=after("p1"), order="desc"),
    ),
    case(
        "the end of everything, pinned",
        ten,
        page(size=100).keep("p1"),
        add("zz"),
        page(size=1, end=after("p1")),
    ),
    case(
        "a page that may read only so many rows",
        ten,
        page(size=5, rows_read=2).keep("p1"),
        page(after("p1"), 5, rows_read=2),
    ),
    case(
        "a filtered page that may read only so many rows can be empty",
        ten,
        page(size=5, rows_read=4, filter=[["gt", "label", "r7"]]).keep("p1"),
        page(after("p1"), 5, rows_read=4, filter=[["gt", "label", "r7"]]).keep("p2"),
        page(after("p2"), 5, rows_read=4, filter=[["gt", "label", "r7"]]),
    ),
    case(
        "a page of no rows is refused",
        ten,
        page(size=0).says("Must request at least 1 document while paginating").mock_differs(
            "numItems of 0 is refused (protocol.md 5.5); the mock gives a row", FAILS
        ),
    ),
    case("options are checked", ten, page(size="3"), page(cursor=5), query("rows:page", opts={})),
    case(
        "two pages in one function are refused",
        ten,
        query("rows:twoPages", opts={"numItems": 1, "cursor": None}),
    ),
]  # fmt: skip
