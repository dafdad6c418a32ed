"""What outlives the node of a test."""

from __future__ import annotations

import pytest

from reactor.app import Reactor
from reactor.testing.machine import Machine
from tests.unit.sample import schema
from tests.unit.sample.world import FUNCTIONS


def machine(seed: int = 0) -> Machine:
    return Machine(Reactor(functions=FUNCTIONS, schema=schema), {}, seed)


def test_nothing_runs_before_it_is_started() -> None:
    for name in ("node", "faults"):
        with pytest.raises(AssertionError):
            getattr(machine(), name)


async def test_the_clock_and_the_disk_outlive_a_node() -> None:
    made = machine()
    await made.start()
    made.clock.advance(5)
    first, ts = made.node, made.node.log.last_ts
    await made.kill()
    await made.start()
    assert made.node is not first
    assert made.clock.monotonic() == 5
    assert made.node.log.last_ts >= ts
    assert not made.node.is_new
    await made.stop()


async def test_a_failing_node_leaves_the_process_alone() -> None:
    """A server ends itself when its disk refuses; a test goes on and looks."""
    made = machine()
    await made.start()
    made.node.fail(RuntimeError("the disk"))
    assert isinstance(made.node.failure, RuntimeError)
    await made.stop()


def test_chance_follows_from_the_seed() -> None:
    assert machine(1).random.random() == machine(1).random.random()
    assert machine(1).random.random() != machine(2).random.random()
