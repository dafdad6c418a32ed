"""Calls of system functions, as a dashboard makes them."""

from __future__ import annotations

from typing import Any

import pytest

from reactor.errors import DeveloperError
from tests.unit.sample.world import Client, World


async def ask(world: World, path: str, /, **args: Any) -> Any:
    """Calls a system function of the dashboard as the admin."""
    return await world.backend.as_admin().call(f"_system/frontend/{path}", args)


async def refusal(world: World, path: str, /, **args: Any) -> DeveloperError:
    """The same, when it must fail."""
    with pytest.raises(DeveloperError) as refused:
        await ask(world, path, **args)
    return refused.value


async def write(world: World, *texts: str, owner: str = "") -> list[str]:
    """Stores notes, a second apart, and returns their ids."""
    ids: list[str] = []
    for text in texts:
        ids.append(await world.backend.call("notes:write", {"text": text, "owner": owner}))
        world.backend.clock.advance(1)
    await world.settle()
    return ids


async def texts(world: World) -> list[str]:
    """The texts of all notes, by age."""
    found: list[str] = await world.backend.call("notes:texts")
    return found


def admin_client(world: World) -> Client:
    """A dashboard's socket."""
    client = world.client()
    client.say("Authenticate", baseVersion=0, tokenType="Admin", value="test-admin-key")
    return client


def opts(items: int = 100, cursor: str | None = None) -> dict[str, Any]:
    """The first page, or the one after a cursor."""
    return {"numItems": items, "cursor": cursor}
