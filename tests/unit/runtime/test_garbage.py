"""Garbage collection between requests."""

from __future__ import annotations

import asyncio
import gc

import pytest

from reactor.runtime import garbage
from reactor.runtime.clock import VirtualClock


async def test_collections_come_in_turns_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A full collection in the middle of a request would be everybody's delay."""
    collected: list[int] = []
    monkeypatch.setattr(gc, "collect", collected.append)
    monkeypatch.setattr(gc, "get_count", lambda: (garbage.YOUNG_OBJECTS + 1, 0, 0))
    monkeypatch.setattr(garbage, "MIDDLE_EVERY", 2)
    monkeypatch.setattr(garbage, "FULL_EVERY", 4)
    clock = VirtualClock()
    task = asyncio.ensure_future(garbage.collect_when_idle(clock))
    await clock.sleep(0)
    assert not gc.isenabled()
    for _ in range(4):
        clock.advance(garbage.YOUNG_EVERY_S)
        await clock.sleep(0)
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 0))
    clock.advance(garbage.YOUNG_EVERY_S)
    await clock.sleep(0)
    assert collected == [0, 1, 0, 2]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert gc.isenabled()
