"""Calls at their times, on a virtual clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from reactor import limits
from reactor.runtime.clock import VirtualClock
from reactor.runtime.tasks import Background, in_task
from reactor.scheduler.agenda import Agenda


class World:
    """An agenda, and what it has called when."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.start_ms = self.clock.now_ms()
        self.background = Background()
        self.turns = 0
        loop = asyncio.get_running_loop()
        self.agenda = Agenda(self.clock, self.background, lambda call: void(loop.call_soon(call)))
        self.called: list[tuple[str, float]] = []

    def note(self, name: str) -> None:
        assert not in_task(), "a driver cannot start work inside a task"
        self.called.append((name, self.clock.now_ms() - self.start_ms))

    def at(self, ms: float, name: str) -> None:
        self.agenda.at(self.start_ms + ms, self.note, name)

    async def settle(self) -> None:
        for _ in range(8):
            await self.clock.sleep(0)

    async def advance(self, ms: float) -> None:
        self.clock.advance(ms / 1000)
        await self.settle()


def void(_: object) -> None:
    """Drops a handle."""


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    await made.settle()
    yield made
    made.agenda.close()
    await made.background.close()


async def test_calls_are_made_in_the_order_of_their_times(world: World) -> None:
    for ms, name in ((30, "c"), (10, "a"), (20, "b"), (10, "a2")):
        world.at(ms, name)
    await world.advance(100)
    assert [name for name, _ in world.called] == ["a", "a2", "b", "c"]


async def test_nothing_is_called_before_its_time(world: World) -> None:
    world.at(10, "a")
    await world.advance(9.999)
    assert world.called == []
    await world.advance(0.001)
    assert [name for name, _ in world.called] == ["a"]


async def test_what_has_passed_is_called_in_the_next_turn(world: World) -> None:
    world.at(-5, "late")
    world.at(0, "now")
    assert world.called == []
    assert world.agenda.is_due
    await world.settle()
    assert world.called == [("late", 0.0), ("now", 0.0)]


async def test_an_earlier_call_is_not_kept_waiting_by_a_later_one(world: World) -> None:
    world.at(1000, "late")
    await world.settle()
    world.at(10, "early")
    await world.advance(10)
    assert [name for name, _ in world.called] == ["early"]
    await world.advance(990)
    assert [name for name, _ in world.called] == ["early", "late"]


async def test_a_long_queue_leaves_turns_to_others(world: World) -> None:
    """Clients of a server that works off ten thousand jobs are served between them."""
    count = limits.SCHEDULED_STARTS_PER_TURN * 3
    for n in range(count):
        world.at(0, str(n))
    await world.clock.sleep(0)
    assert len(world.called) == limits.SCHEDULED_STARTS_PER_TURN
    await world.settle()
    assert [name for name, _ in world.called] == [str(n) for n in range(count)]


async def test_an_idle_agenda_has_no_sleeper(world: World) -> None:
    assert world.agenda.next_ms is None
    assert not world.agenda.is_due
    world.at(10, "a")
    assert world.agenda.next_ms == world.start_ms + 10
    await world.advance(10)
    await world.advance(1e9)
    assert world.agenda.next_ms is None


async def test_far_times_are_slept_towards_in_pieces(world: World) -> None:
    """A machine's clock that is set forward by an hour makes nothing an hour late."""
    world.at(limits.AGENDA_SLEEP_MAX_S * 3000, "far")
    await world.settle()
    for _ in range(2):
        await world.advance(limits.AGENDA_SLEEP_MAX_S * 1000)
    assert world.called == []
    await world.advance(limits.AGENDA_SLEEP_MAX_S * 1000)
    assert [name for name, _ in world.called] == ["far"]


async def test_pointless_calls_can_be_sifted_out(world: World) -> None:
    for n in range(10):
        world.at(10 + n, str(n))
    world.agenda.sift(lambda _call, name: int(name) % 2 == 0)
    assert len(world.agenda) == 5
    await world.advance(50)
    assert [name for name, _ in world.called] == ["0", "2", "4", "6", "8"]


async def test_a_call_may_ask_for_another(world: World) -> None:
    def again(left: int) -> None:
        world.note(str(left))
        if left:
            world.agenda.at(world.clock.now_ms(), again, left - 1)

    world.agenda.at(world.start_ms, again, 3)
    await world.settle()
    assert [name for name, _ in world.called] == ["3", "2", "1", "0"]


async def test_a_closed_agenda_calls_nothing(world: World) -> None:
    world.at(10, "a")
    world.at(0, "b")
    await world.clock.sleep(0)
    world.agenda.close()
    world.at(0, "c")
    await world.advance(100)
    assert [name for name, _ in world.called] == ["b"]


async def test_one_that_fails_stops_no_other(world: World) -> None:
    """A defect in one thing that runs by time must not stop the clock of all."""
    reported: list[BaseException] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: reported.append(context["exception"]))

    def fail(_: int) -> None:
        raise ZeroDivisionError

    world.agenda.at(world.start_ms, fail, 0)
    world.at(0, "a")
    await world.settle()
    assert [name for name, _ in world.called] == ["a"]
    assert [type(error) for error in reported] == [ZeroDivisionError]
