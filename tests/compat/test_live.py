"""Checks 15, 16 and 17: what is pushed together, what is pushed at all, and what is run again."""

from __future__ import annotations

import pytest

from tests.compat.conftest import Connect
from tests.compat.support.client import Client, Kind
from tests.compat.support.proxy import Proxy
from tests.compat.support.server import Server

ORDERS = 20
RANKS = [float(rank) for rank in range(10, 70, 10)]


async def settle(client: Client, name: str) -> None:
    """A write and its push: what came before on this socket has arrived by now."""
    await client.mutation("counters:increment", name=f"{name} settle")


@pytest.fixture
async def quiet_server(own_server: Server) -> Server:
    """A server of its own: nobody else's queries count in its metrics."""
    return own_server


def runs(server: Server) -> float:
    """Executions of queries so far."""
    return server.metrics()["reactor_query_runs_total"]


async def test_two_views_always_show_one_moment(
    connect: Connect, server: Server, kind: Kind, name: str
) -> None:
    """Check 15: an order's count and its lines never disagree, in any Transition."""
    client, writer = await connect(kind, server.url), await connect("npm", server.url)
    count = client.subscribe("orders:lineCount", name=name)
    lines = client.subscribe("orders:lines", name=name)
    everything = client.watch("watchAll")
    for _ in range(ORDERS):
        await writer.mutation("orders:addLine", name=name)
    await count.until(ORDERS)
    await lines.until([*range(1, ORDERS + 1)])
    for moment in everything.values:
        if len(moment) == 2:
            shown = moment[str(lines.number)]
            assert len(shown) == moment[str(count.number)]
            assert shown == [*range(1, len(shown) + 1)]
    assert len(everything.values) > 2


async def test_both_results_travel_in_one_transition(
    connect: Connect, proxy: Proxy, server: Server, name: str
) -> None:
    """Check 15: one commit, one Transition, both QueryUpdated."""
    client, writer = await connect("npm", proxy.url), await connect("npm", server.url)
    count = client.subscribe("orders:lineCount", name=name)
    lines = client.subscribe("orders:lines", name=name)
    await count.until(0)
    await lines.until([])
    before = len(proxy.messages("server", "Transition"))
    await writer.mutation("orders:addLine", name=name)
    await lines.until([1])
    pushed = proxy.messages("server", "Transition")[before:]
    assert [len(transition["modifications"]) for transition in pushed] == [2]


async def test_a_row_beyond_the_fifth_is_nobodys_business(
    connect: Connect, quiet_server: Server, own_proxy: Proxy, name: str
) -> None:
    """Check 16: `take(5)` is neither run nor pushed for the sixth row; it is for the third."""
    client = await connect("npm", own_proxy.url)
    await client.mutation("items:addMany", bucket=name, ranks=RANKS)
    view = client.subscribe("items:firstFive", bucket=name)
    await view.until(RANKS[:5])
    before = runs(quiet_server)
    await client.mutation("items:add", bucket=name, rank=65.0)
    await client.mutation("items:add", bucket=f"{name} other", rank=1.0)
    await settle(client, name)
    assert runs(quiet_server) == before
    assert view.changes == [RANKS[:5]]
    await client.mutation("items:add", bucket=name, rank=25.0)
    await view.until([10, 20, 25, 30, 40])
    assert runs(quiet_server) == before + 1


async def test_only_the_range_that_was_read_counts(
    connect: Connect, quiet_server: Server, name: str
) -> None:
    """Check 16: a bounded range hears of rows inside it, ends as written, and of no others."""
    client = await connect("npm", quiet_server.url)
    view = client.subscribe("items:between", bucket=name, low=10.0, high=20.0)
    await view.until([])
    before = runs(quiet_server)
    for rank in (9.999, 20.0, 1e9):
        await client.mutation("items:add", bucket=name, rank=rank)
    await settle(client, name)
    assert runs(quiet_server) == before
    await client.mutation("items:add", bucket=name, rank=10.0)
    await view.until([10])
    await client.mutation("items:add", bucket=name, rank=19.999)
    await view.until([10, 19.999])
    assert view.changes == [[], [10], [10, 19.999]]


async def test_a_missing_document_is_watched(
    connect: Connect, server: Server, kind: Kind, name: str
) -> None:
    """Check 16: a point read is invalidated by deletion, an empty range by creation."""
    client = await connect(kind, server.url)
    view = client.subscribe("items:highest", bucket=name)
    await view.until(None)
    row_id = await client.mutation("items:add", bucket=name, rank=1.0)
    await view.until(1)
    document = client.subscribe("items:get", id=row_id)
    await client.until(lambda: len(document.seen) == 1)
    assert document.values[0]["_id"] == row_id
    await client.mutation("items:remove", id=row_id)
    await document.until(None)
    await view.until(None)


async def test_a_point_read_hears_only_of_its_document(
    connect: Connect, quiet_server: Server, name: str
) -> None:
    """Check 16: `db.get` is not run again for a neighbour's change, and is for its own."""
    client = await connect("npm", quiet_server.url)
    first, second = await client.mutation("items:addMany", bucket=name, ranks=[1.0, 2.0])
    view = client.subscribe("items:get", id=first)
    await client.until(lambda: len(view.seen) == 1)
    before = runs(quiet_server)
    await client.mutation("items:relabel", id=second, label="changed")
    await settle(client, name)
    assert runs(quiet_server) == before
    await client.mutation("items:relabel", id=first, label="changed")
    await client.until(lambda: len(view.seen) == 2)
    assert view.values[1]["label"] == "changed"


async def test_an_equal_result_is_not_sent_again(
    connect: Connect, quiet_server: Server, own_proxy: Proxy, name: str
) -> None:
    """Check 17: the query runs, its result is the same, the Transition comes without it."""
    client = await connect("npm", own_proxy.url)
    row_id = await client.mutation("items:add", bucket=name, rank=1.0)
    view = client.subscribe("items:highest", bucket=name)
    await view.until(1)
    before, seen = runs(quiet_server), len(own_proxy.messages("server", "Transition"))
    await client.mutation("items:relabel", id=row_id, label="changed")
    assert runs(quiet_server) == before + 1
    pushed = own_proxy.messages("server", "Transition")[seen:]
    assert pushed
    assert all(transition["modifications"] == [] for transition in pushed)
    assert view.changes == [1]


async def test_writing_what_is_there_runs_nothing(
    connect: Connect, quiet_server: Server, name: str
) -> None:
    """Check 17: a patch that changes nothing invalidates nothing."""
    client = await connect("npm", quiet_server.url)
    await client.mutation("counters:increment", name=name)
    view = client.subscribe("counters:get", name=name)
    await view.until(1)
    before = runs(quiet_server)
    await client.mutation("counters:touch", name=name)
    await settle(client, name)
    assert runs(quiet_server) == before
    assert view.changes == [1]


async def test_one_run_serves_every_subscriber(
    connect: Connect, quiet_server: Server, name: str
) -> None:
    """Check 17's other half: equal queries of many sockets are one run per commit."""
    clients = [await connect("npm", quiet_server.url) for _ in range(3)]
    views = [client.subscribe("counters:get", name=name) for client in clients]
    for view in views:
        await view.until(0)
    before = runs(quiet_server)
    await clients[0].mutation("counters:increment", name=name)
    for view in views:
        await view.until(1)
    assert runs(quiet_server) == before + 1
