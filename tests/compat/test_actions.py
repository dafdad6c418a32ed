"""Check 13: an action that was under way when the connection broke."""

from __future__ import annotations

import pytest

from tests.compat.conftest import Connect
from tests.compat.support.client import RemoteError
from tests.compat.support.proxy import Proxy


def answers_action(message: dict[str, object]) -> bool:
    return message["type"] == "ActionResponse"


async def test_npm_gives_up_on_it(connect: Connect, proxy: Proxy, name: str) -> None:
    """npm rejects with its own words and does not send it again."""
    client = await connect("npm", proxy.url)
    proxy.cut(answers_action)
    with pytest.raises(RemoteError, match="Connection lost while action was in flight"):
        await client.action("actions:bump", name=name)
    assert await client.query("counters:get", name=name) == 1
    assert len(proxy.messages("client", "Action")) == 1


async def test_python_sends_it_again(connect: Connect, proxy: Proxy, name: str) -> None:
    """Python resends after its reconnect: at least once, as documented."""
    client = await connect("pypi", proxy.url)
    proxy.cut(answers_action)
    assert await client.action("actions:bump", name=name) == 2
    assert len(proxy.messages("client", "Action")) == 2
