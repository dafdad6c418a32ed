"""Check 9: optimistic updates give way to the server's values without a flicker."""

from __future__ import annotations

import pytest

from tests.compat.conftest import Connect
from tests.compat.support.client import RemoteError
from tests.compat.support.server import Server


async def test_old_then_optimistic_then_the_servers_value(
    connect: Connect, server: Server, name: str
) -> None:
    """The guess stays until the covering Transition brings the value in the same step."""
    client = await connect("npm", server.url)
    view = client.subscribe("counters:get", name=name)
    await view.until(0)
    update = {"query": "counters:get", "args": {"name": name}, "by": 99}
    args = {"name": name}
    await client.ask("mutation", path="counters:increment", args=args, optimisticUpdate=update)
    assert view.values == [0, 99, 1]


async def test_two_overlapping_guesses(connect: Connect, server: Server, name: str) -> None:
    """Each guess is dropped with its own mutation; the view only ever counts upwards."""
    client = await connect("npm", server.url)
    view = client.subscribe("counters:get", name=name)
    await view.until(0)
    update = {"query": "counters:get", "args": {"name": name}, "by": 1}
    posts = [
        client.post(
            "mutation", path="counters:increment", args={"name": name}, optimisticUpdate=update
        )
        for _ in range(2)
    ]
    for post in posts:
        await client.reply(post)
    await view.until(2)
    assert view.values == sorted(view.values)
    assert {0, 1, 2} == set(view.values)


async def test_a_guess_is_taken_back_when_the_mutation_fails(
    connect: Connect, server: Server, name: str
) -> None:
    """A refused mutation leaves the view as it was."""
    client = await connect("npm", server.url)
    view = client.subscribe("counters:get", name=name)
    await view.until(0)
    update = {"query": "counters:get", "args": {"name": name}, "by": 99}
    args = {"data": "no", "name": name}
    with pytest.raises(RemoteError):
        await client.ask(
            "mutation", path="failures:refuseWrite", args=args, optimisticUpdate=update
        )
    await view.until(0)
    assert view.values == [0, 99, 0]
