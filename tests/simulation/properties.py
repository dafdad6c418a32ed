"""What must hold in every simulation, whatever has happened."""

from __future__ import annotations

import orjson

from reactor.errors import NotRetained
from reactor.runner.run import Call
from reactor.testing import Harness
from tests.compat.support.wire import timestamp
from tests.simulation.bank.schema import Receipt
from tests.simulation.clients import Persistent

SUSPENDING = ("bank:slowTotal",)
"""Queries that suspend, and may therefore be told that they always lost."""


async def check_views(backend: Harness, clients: list[Persistent]) -> int:
    """Each client's last transition is its queries, run fresh at that timestamp.

    Returns:
        How many results were compared.
    """
    log, compared = backend.node.log, 0
    for client in clients:
        ts = timestamp(client.line.version["ts"])
        if not ts or not log.window.covers(ts):
            continue
        compared += await _compare(backend, client, ts)
    return compared


async def check_latest(backend: Harness, clients: list[Persistent]) -> None:
    """When all is quiet, each client shows the newest state, and nothing that it sent is open."""
    for client in clients:
        assert client.is_answered, client.sent
        shown = [subscribed for subscribed, _ in client.shown()]
        assert set(shown) == set(client.queries.values()), "every query has a result"
        await _compare(backend, client, None)


async def _compare(backend: Harness, client: Persistent, ts: int | None) -> int:
    compared = client.shown()  # now: a query that suspends lets the client go on
    for one, shown in compared:
        call = Call(one.path, orjson.dumps(one.args))
        run = backend.node.hub.runner.query
        try:
            outcome = await run(call, journal=one.journal, at_ts=ts)
        except NotRetained:
            continue  # it suspended, and the log forgot that timestamp meanwhile
        assert outcome.value is not None, outcome.failure
        fresh = orjson.loads(outcome.value)
        if ts is not None and shown == "failed" and one.path in SUSPENDING:
            continue  # its reads changed on every retry; it will be tried again
        assert shown == fresh, f"{one} at {ts}: shown {shown}, fresh {fresh}"
    return len(compared)


async def check_serial(backend: Harness, clients: list[Persistent]) -> int:
    """Each committed mutation, run alone in the order of commits, reads and leaves the same.

    Returns:
        How many mutations were run again.
    """
    answered = [sent for client in clients for sent in client.sent]
    committed = [(ts, not one.wrote, one) for one in answered if (ts := one.committed_ts)]
    committed.sort(key=lambda one: one[:2])
    writes = [ts for ts, is_reader, _ in committed if not is_reader]
    assert len(writes) == len(set(writes)), "two commits share a timestamp"
    async with backend.replay() as alone:
        for ts, _, sent in committed:
            assert sent.answer is not None
            again = await alone.call(sent.path, sent.args)
            assert again == sent.answer["result"], f"{sent} at {ts}: alone it gave {again}"
        assert await alone.call("bank:whole") == await backend.call("bank:whole")
    return len(committed)


async def check_receipts(backend: Harness, clients: list[Persistent]) -> int:
    """What was scheduled by a mutation that committed has run once; by one that did not, never.

    Returns:
        How many there were.
    """
    answered = [sent for client in clients for sent in client.sent]
    ordered = [one for one in answered if one.path == "bank:orderReceipt" and one.committed_ts]
    filed = await backend.read(lambda db: db.query(Receipt).collect())
    numbers = sorted(receipt.number for receipt in filed)
    assert numbers == sorted(one.args["number"] for one in ordered)
    return len(numbers)
