"""Every change of a scheduled function's state, as the table records it."""

from __future__ import annotations

import orjson
import pytest

from reactor import limits
from reactor.errors import InvalidId, LimitError, ScheduleRefused
from reactor.log.commit import Log
from reactor.runner.jobs import BY_COMPLETION, INTERRUPTED, TABLE, Gone, Job, JobTable
from reactor.runtime.clock import VirtualClock
from reactor.runtime.random import SeededEntropy
from reactor.schema.places import TableNumbers
from reactor.transaction.transaction import Transaction

DAY_MS = 86_400_000


class World:
    """A table of jobs on a still clock."""

    def __init__(self) -> None:
        self.clock = VirtualClock()
        self.log = Log(self.clock, 0, TableNumbers())
        table = self.log.snapshot.table(TABLE)
        table.add_index(BY_COMPLETION, (("completedTime",), ("scheduledTime",)), unique=False)
        self.log.number_of(table)
        self.jobs = JobTable(self.log, SeededEntropy(1))

    def tx(self) -> Transaction:
        return Transaction(self.log, self.clock.now_ms())

    def add(self, due_ms: float = 5.0, *, is_canceled: bool = False) -> str:
        tx = self.tx()
        id = self.jobs.add(tx, "a.js:b", b'{"x":1.0}', due_ms, is_canceled=is_canceled)
        tx.commit("test")
        return id

    def move(self, id: str, before: str, after: str) -> None:
        tx = self.tx()
        self.jobs.move(tx, id, before, {"kind": after})  # type: ignore[arg-type]
        tx.commit("test")

    def cancel(self, id: str, by: str | None = None) -> bool:
        tx = self.tx()
        found = self.jobs.cancel(tx, id, by)
        tx.commit("test")
        return found

    def body(self, id: str) -> dict[str, object]:
        raws = self.jobs.data.documents.values()
        bodies: list[dict[str, object]] = [orjson.loads(raw) for raw in raws]
        return next(body for body in bodies if body["_id"] == id)

    def state(self, id: str) -> object:
        return self.body(id)["state"]


@pytest.fixture
def world() -> World:
    return World()


def test_a_new_job_is_pending(world: World) -> None:
    id = world.add()
    [job] = world.jobs.unfinished()
    assert job == Job(id, "a.js:b", b'[{"x":1.0}]', 5.0, "pending")
    assert "completedTime" not in world.body(id)


def test_jobs_move_from_state_to_state(world: World) -> None:
    id = world.add()
    world.move(id, "pending", "inProgress")
    assert "completedTime" not in world.body(id)
    world.move(id, "inProgress", "success")
    assert world.body(id)["completedTime"] == world.clock.now_ms()
    assert list(world.jobs.unfinished()) == []


def test_a_job_moves_only_from_where_it_is(world: World) -> None:
    """Otherwise a job that was canceled while it ran would come back to life."""
    id = world.add()
    world.cancel(id)
    for before in ("pending", "inProgress"):
        with pytest.raises(Gone):
            world.move(id, before, "success")
    assert world.state(id) == {"kind": "canceled"}


def test_canceling_what_has_ended_does_nothing(world: World) -> None:
    id = world.add()
    world.move(id, "pending", "success")
    assert world.cancel(id) is False
    assert world.state(id) == {"kind": "success"}


def test_canceling_what_is_deleted_does_nothing(world: World) -> None:
    """A job ends, a week passes, and its owner cancels it to be on the safe side."""
    id = world.add()
    world.move(id, "pending", "success")
    tx = world.tx()
    world.jobs.prune(tx, world.clock.now_ms() + 1, 10)
    tx.commit("test")
    assert world.cancel(id) is False


def test_canceling_twice_keeps_the_first_time(world: World) -> None:
    id = world.add()
    assert world.cancel(id) is True
    first = world.body(id)["completedTime"]
    world.clock.advance(5)
    assert world.cancel(id) is False
    assert world.body(id)["completedTime"] == first


def test_a_mutation_cannot_cancel_itself_and_an_action_can(world: World) -> None:
    id = world.add()
    with pytest.raises(ScheduleRefused) as caught:
        world.cancel(id, by=id)
    assert str(caught.value) == "A mutation cannot cancel itself"
    world.move(id, "pending", "inProgress")
    assert world.cancel(id, by=id) is True


def test_what_a_canceled_job_schedules_is_canceled(world: World) -> None:
    parent = world.add()
    assert world.jobs.is_canceled(world.tx(), parent) is False
    world.cancel(parent)
    assert world.jobs.is_canceled(world.tx(), parent) is True
    child = world.add(is_canceled=True)
    assert world.state(child) == {"kind": "canceled"}
    assert world.body(child)["completedTime"] == world.clock.now_ms()


def test_unfinished_jobs_come_in_the_order_of_their_times(world: World) -> None:
    for due_ms in (3.0, 1.0, 2.0):
        world.add(due_ms)
    world.cancel(world.add(0.5))
    assert [job.due_ms for job in world.jobs.unfinished()] == [1.0, 2.0, 3.0]
    assert world.jobs.unfinished_count() == 3


def test_more_jobs_than_fit_into_one_look_are_all_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PRUNE_BATCH", 3)
    for due_ms in range(7):
        world.add(float(due_ms))
    assert [job.due_ms for job in world.jobs.unfinished()] == [float(n) for n in range(7)]


def test_there_is_an_end_to_outstanding_jobs(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SCHEDULED_OUTSTANDING_MAX", 2)
    first = world.add()
    world.add()
    with pytest.raises(LimitError) as caught:
        world.add()
    assert caught.value.code == "TooManyOutstandingScheduledFunctions"
    world.cancel(first)
    world.add()


def test_interrupted_actions_fail_and_pending_jobs_stay(world: World) -> None:
    ids = [world.add() for _ in range(3)]
    for id in ids[:2]:
        world.move(id, "pending", "inProgress")
    tx = world.tx()
    assert world.jobs.interrupt(tx, 1) == 1
    tx.commit("test")
    tx = world.tx()
    assert world.jobs.interrupt(tx, 5) == 1
    tx.commit("test")
    failed = {"kind": "failed", "error": INTERRUPTED}
    assert [world.state(id) for id in ids] == [failed, failed, {"kind": "pending"}]


def test_old_jobs_are_pruned_in_batches_oldest_first(world: World) -> None:
    assert world.jobs.oldest_ended_ms() is None
    ids = [world.add() for _ in range(4)]
    for id in ids[:3]:
        world.clock.advance(1)
        world.move(id, "pending", "success")
    assert world.jobs.oldest_ended_ms() == world.body(ids[0])["completedTime"]
    tx = world.tx()
    assert world.jobs.prune(tx, world.clock.now_ms(), 1) == 1
    tx.commit("test")
    assert world.jobs.oldest_ended_ms() == world.body(ids[1])["completedTime"]
    tx = world.tx()
    assert world.jobs.prune(tx, world.clock.now_ms(), 10) == 1  # the third ended just now
    tx.commit("test")
    assert len(world.jobs.data.documents) == 2


def test_the_job_of_an_id_can_be_found(world: World) -> None:
    world.add()
    [internal] = world.jobs.data.documents
    found = world.jobs.find(internal)
    assert found is not None
    assert found.kind == "pending"
    assert world.jobs.find(bytes(16)) is None


def test_ids_of_other_tables_are_refused(world: World) -> None:
    world.log.number_of(world.log.snapshot.table("notes"))
    other = JobTable(world.log, SeededEntropy(2), "_other_jobs")
    other.data.add_index(BY_COMPLETION, (("completedTime",), ("scheduledTime",)), unique=False)
    tx = world.tx()
    id = other.add(tx, "a.js:b", b"{}", 1.0)
    tx.commit("test")
    assert world.jobs.is_canceled(world.tx(), id) is False
    with pytest.raises(InvalidId, match="_other_jobs"):
        world.cancel(id)
