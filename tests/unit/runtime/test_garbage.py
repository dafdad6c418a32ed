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
    for _ in range(4):
        clock.advance(garbage.YOUNG_EVERY_S)
        await clock.sleep(0)
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 0))
    clock.advance(garbage.YOUNG_EVERY_S)
    await clock.sleep(0)
    assert collected == [0, 1, 0, 2]
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_what_takes_long_to_visit_is_visited_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that had loaded millions of documents paused for seconds every two minutes."""
    clock = VirtualClock()
    frozen: list[float] = []
    durations = iter([garbage.FULL_S / 2, garbage.FULL_S * 2])

    def collect(_: int) -> None:
        clock.advance(next(durations))

    monkeypatch.setattr(gc, "collect", collect)
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(clock.monotonic()))
    monkeypatch.setattr(garbage, "FULL_EVERY", 1)
    task = asyncio.ensure_future(garbage.collect_when_idle(clock))
    await clock.sleep(0)
    for expected in (0, 1):
        clock.advance(garbage.YOUNG_EVERY_S)
        await clock.sleep(0)
        assert len(frozen) == expected
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def test_nothing_is_collected_behind_ones_back() -> None:
    with garbage.by_hand():
        assert not gc.isenabled()
    assert gc.isenabled()
