from __future__ import annotations

import pytest

from reactor.errors import InvalidId
from reactor.transaction.system import SystemTable
from reactor.transaction.transaction import Transaction
from tests.unit.transaction.world import World

TABLE = "_jobs"


@pytest.fixture
def world() -> World:
    world = World()
    world.log.snapshot.table(TABLE).add_index("by_state", (("state",), ("at",)), unique=False)
    return world


def table(world: World, tx: Transaction) -> SystemTable:
    return SystemTable(tx, TABLE, world.entropy)


def filled(world: World, *ats: float) -> list[str]:
    tx = world.tx()
    jobs = table(world, tx)
    ids = [jobs.insert({"state": "pending", "at": at}) for at in ats]
    tx.commit("test")
    return ids


def test_what_was_inserted_is_read_back(world: World) -> None:
    """The engine's own records survive as ordinary documents with ids and creation times."""
    (id,) = filled(world, 1.0)
    found = table(world, world.tx()).get(id)
    assert found is not None
    assert found["_id"] == id
    assert found["at"] == 1.0
    assert found["_creationTime"] == world.clock.now_ms()


def test_a_transaction_sees_its_own_writes(world: World) -> None:
    (id,) = filled(world, 1.0)
    jobs = table(world, world.tx())
    body = jobs.get(id)
    assert body is not None
    jobs.put(id, {**body, "at": 5.0})
    assert jobs.range("by_state", ["pending"], 10) == [{**body, "at": 5.0}]
    jobs.delete(id)
    assert jobs.range("by_state", ["pending"], 10) == []
    assert jobs.get(id) is None


def test_a_range_is_ordered_and_bounded(world: World) -> None:
    filled(world, 3.0, 1.0, 2.0)
    jobs = table(world, world.tx())
    assert [job["at"] for job in jobs.range("by_state", ["pending"], 2)] == [1.0, 2.0]
    assert [job["at"] for job in jobs.range("by_state", [], 9, reverse=True)] == [3.0, 2.0, 1.0]


def test_what_a_range_consumed_is_recorded(world: World) -> None:
    """A transaction that looked at due jobs conflicts with one that adds an earlier job."""
    filled(world, 2.0, 9.0)
    tx = world.tx()
    table(world, tx).range("by_state", ["pending"], 1)
    other = world.tx()
    table(world, other).insert({"state": "pending", "at": 1.0})
    done = other.commit("test")
    assert world.is_stale(tx.reads, done)
    later = world.tx()
    table(world, later).insert({"state": "pending", "at": 3.0})
    assert not world.is_stale(tx.reads, later.commit("test"))


def test_an_id_of_another_table_finds_nothing(world: World) -> None:
    filled(world, 1.0)
    tx = world.tx()
    other = SystemTable(tx, "_other", world.entropy).insert({})
    assert table(world, tx).get(other) is None
    with pytest.raises(InvalidId):
        table(world, tx).get("nonsense")
