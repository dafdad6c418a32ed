"""Check 18: pages that neither tear nor overlap while rows come and go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.compat.conftest import Connect
from tests.compat.support.client import Client, Kind, RemoteError, Subscription
from tests.compat.support.proxy import Proxy
from tests.compat.support.server import Server
from tests.compat.support.wire import Wire

FIRST = {"numItems": 3.0, "cursor": None}


def ranks(page: Wire) -> list[float]:
    return [row["rank"] for row in page["page"]]


class Feed:
    """A paginated view as npm's `onPaginatedUpdate` keeps it."""

    def __init__(self, client: Client, bucket: str, size: int) -> None:
        self._client = client
        self.view: Subscription = client.watch(
            "paginate", path="items:page", args={"bucket": bucket}, initialNumItems=size
        )

    async def until(self, expected: Sequence[float], status: str | None = None) -> None:
        """Waits until exactly these rows are shown."""

        def shown() -> bool:
            if not self.view.seen:
                return False
            newest: dict[str, Any] = self.view.values[-1]
            rows = [row["rank"] for row in newest["results"]]
            return rows == [*expected] and status in (None, newest["status"])

        await self._client.until(shown)

    async def load_more(self, count: int) -> None:
        """Asks for a further page."""
        await self._client.ask("loadMore", sub=self.view.number, count=count)

    def assert_never_torn(self) -> None:
        """No state that was ever shown had a row twice or out of order."""
        for shown in self.view.values:
            rows = [row["rank"] for row in shown["results"]]
            assert rows == sorted(set(rows))


async def test_pages_in_turn(connect: Connect, server: Server, kind: Kind, name: str) -> None:
    """Cursor by cursor, each row comes once, and the last page says that it is the last."""
    client = await connect(kind, server.url)
    await client.mutation("items:addMany", bucket=name, ranks=[float(n) for n in range(7)])
    seen: list[float] = []
    cursor, done = None, False
    while not done:
        options = {"numItems": 3.0, "cursor": cursor}
        page = await client.query("items:page", bucket=name, paginationOpts=options)
        seen += ranks(page)
        cursor, done = page["continueCursor"], page["isDone"]
        assert isinstance(cursor, str)
    assert seen == [0, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ([5.0], [5, 10, 20, 30, 40, 50, 60]),
        ([15.0], [10, 15, 20, 30, 40, 50, 60]),
        ([35.0], [10, 20, 30, 35, 40, 50, 60]),
        ([55.0], [10, 20, 30, 40, 50, 55, 60]),
        ([5.0, 15.0, 35.0, 55.0], [5, 10, 15, 20, 30, 35, 40, 50, 55, 60]),
    ],
    ids=["before", "inside page 1", "between", "inside page 2", "everywhere"],
)
async def test_rows_inserted_under_two_pages(
    connect: Connect, server: Server, name: str, change: list[float], expected: list[float]
) -> None:
    """A page grows instead of sliding: no row is shown twice, none falls between the pages."""
    client = await connect("npm", server.url)
    await client.mutation(
        "items:addMany", bucket=name, ranks=[float(n) for n in range(10, 100, 10)]
    )
    feed = Feed(client, name, 3)
    await feed.until([10, 20, 30], "CanLoadMore")
    await feed.load_more(3)
    await feed.until([10, 20, 30, 40, 50, 60], "CanLoadMore")
    await client.mutation("items:addMany", bucket=name, ranks=change)
    await feed.until(expected)
    await feed.load_more(100)
    await feed.until([*expected, 70, 80, 90], "Exhausted")
    feed.assert_never_torn()


async def test_a_row_at_the_very_end_is_seen(connect: Connect, server: Server, name: str) -> None:
    """An exhausted view stays open at its end."""
    client = await connect("npm", server.url)
    await client.mutation("items:addMany", bucket=name, ranks=[1.0, 2.0])
    feed = Feed(client, name, 3)
    await feed.until([1, 2], "Exhausted")
    await client.mutation("items:add", bucket=name, rank=3.0)
    await feed.until([1, 2, 3])


async def test_rows_removed_from_a_page(connect: Connect, server: Server, name: str) -> None:
    """A page shrinks, even to nothing, and its neighbour does not move."""
    client = await connect("npm", server.url)
    ids = await client.mutation("items:addMany", bucket=name, ranks=[float(n) for n in range(1, 8)])
    feed = Feed(client, name, 3)
    await feed.until([1, 2, 3])
    await feed.load_more(3)
    await feed.until([1, 2, 3, 4, 5, 6])
    for row_id, expected in (
        (ids[2], [1, 2, 4, 5, 6]),
        (ids[0], [2, 4, 5, 6]),
        (ids[1], [4, 5, 6]),
    ):
        await client.mutation("items:remove", id=row_id)
        await feed.until(expected)
    await client.mutation("items:add", bucket=name, rank=3.5)
    await feed.until([3.5, 4, 5, 6])
    feed.assert_never_torn()


async def test_a_page_that_grew_is_split(
    connect: Connect, server: Server, proxy: Proxy, name: str
) -> None:
    """Past twice its size npm splits a page at `splitCursor` and shows the same rows."""
    client = await connect("npm", proxy.url)
    await client.mutation("items:addMany", bucket=name, ranks=[0.0, 100.0, 200.0, 300.0])
    feed = Feed(client, name, 3)
    await feed.until([0, 100, 200])
    inside = [float(rank) for rank in range(1, 8)]
    await client.mutation("items:addMany", bucket=name, ranks=inside)
    expected = [0, *inside, 100, 200]
    await feed.until(expected)

    def split() -> list[Any]:
        return [
            change
            for message in proxy.messages("client", "ModifyQuerySet")
            for change in message["modifications"]
            if change["type"] == "Add" and change["args"][0]["paginationOpts"].get("endCursor")
        ]

    await proxy.until(lambda: len(split()) == 2)
    await client.mutation("items:add", bucket=name, rank=8.5)
    await feed.until([0, *inside, 8.5, 100, 200])
    feed.assert_never_torn()


async def test_an_end_cursor_bounds_the_page(
    connect: Connect, server: Server, kind: Kind, name: str
) -> None:
    """With `endCursor` everything up to it is returned, whatever `numItems` says."""
    client = await connect(kind, server.url)
    await client.mutation("items:addMany", bucket=name, ranks=[float(n) for n in range(9)])
    first = await client.query("items:page", bucket=name, paginationOpts={**FIRST, "numItems": 6.0})
    end, middle = first["continueCursor"], first["splitCursor"]
    options = {"numItems": 1.0, "cursor": None, "endCursor": middle}
    left = await client.query("items:page", bucket=name, paginationOpts=options)
    options = {"numItems": 1.0, "cursor": middle, "endCursor": end}
    right = await client.query("items:page", bucket=name, paginationOpts=options)
    assert ranks(left) + ranks(right) == ranks(first)
    assert 0 < len(ranks(left)) < 6
    assert (left["continueCursor"], right["continueCursor"]) == (middle, end)


async def test_the_journal_keeps_the_end_over_a_reconnect(
    connect: Connect, server: Server, proxy: Proxy, name: str
) -> None:
    """npm resends the journal; rows that came meanwhile widen the page and do not move its end."""
    client, other = await connect("npm", proxy.url), await connect("npm", server.url)
    await other.mutation("items:addMany", bucket=name, ranks=[10.0, 20.0, 30.0, 40.0])
    feed = Feed(client, name, 3)
    await feed.until([10, 20, 30])
    proxy.refuses = True
    proxy.last.abort()
    await other.mutation("items:addMany", bucket=name, ranks=[5.0, 15.0, 35.0])
    proxy.refuses = False
    await feed.until([5, 10, 15, 20, 30])
    again = proxy.messages("client", "ModifyQuerySet", connection=len(proxy.links) - 1)[0]
    assert isinstance(again["modifications"][0]["journal"], str)
    await feed.load_more(2)
    await feed.until([5, 10, 15, 20, 30, 35, 40])


async def other_bucket(client: Client, bucket: str) -> str:
    page = await client.query("items:page", bucket=f"{bucket} other", paginationOpts=FIRST)
    cursor: str = page["continueCursor"]
    return cursor


async def garbage(_client: Client, _bucket: str) -> str:
    return "no cursor of ours"


async def truncated(client: Client, bucket: str) -> str:
    page = await client.query("items:page", bucket=bucket, paginationOpts=FIRST)
    cursor: str = page["continueCursor"]
    return cursor[:-3]


@pytest.mark.parametrize("make", [other_bucket, garbage, truncated])
async def test_a_foreign_cursor_says_so(
    connect: Connect, server: Server, kind: Kind, name: str, make: Callable[..., Any]
) -> None:
    """React resets on exactly this ConvexError data; its message starts with `InvalidCursor`."""
    client = await connect(kind, server.url)
    for bucket in (name, f"{name} other"):
        await client.mutation("items:addMany", bucket=bucket, ranks=[1.0, 2.0, 3.0, 4.0])
    options = {"numItems": 3.0, "cursor": await make(client, name)}
    with pytest.raises(RemoteError) as refused:
        await client.query("items:page", bucket=name, paginationOpts=options)
    assert refused.value.data == {
        "isConvexSystemError": True,
        "paginationError": "InvalidCursor",
    }
    assert "InvalidCursor" in refused.value.message


@pytest.mark.parametrize("size", [0.0, 32001.0, 1.5])
async def test_a_page_has_a_size(connect: Connect, server: Server, name: str, size: float) -> None:
    """`numItems` is a whole number from 1 to 32,000."""
    client = await connect("npm", server.url)
    options = {"numItems": size, "cursor": None}
    with pytest.raises(RemoteError):
        await client.query("items:page", bucket=name, paginationOpts=options)
