"""The versions of one socket, without any I/O."""

from __future__ import annotations

import random  # noqa: TID251  # from a fixed seed, which the test's id names

import msgspec
import pytest

from reactor.errors import BadRequest, InternalError
from reactor.session.messages import Add, ModifyQuerySet, Remove
from reactor.session.state import SyncState, Version
from tests.unit.sample.world import Json, World, add


def adding(query_id: int) -> Add:
    return Add(query_id, "counters:get", msgspec.Raw(b"{}"))


def test_a_transition_ends_at_what_was_received() -> None:
    state = SyncState()
    state.modify(ModifyQuerySet(0, 1, [adding(0)]))
    state.authenticate(0)
    assert state.unsent == {0: None}
    assert state.advance(7) == (Version(), Version(1, 1, 7))
    assert state.advance(7) == (Version(1, 1, 7), Version(1, 1, 7))
    assert not state.unsent
    state.check()


def test_a_result_that_the_client_never_had_is_not_taken_away() -> None:
    """npm's client throws on a QueryRemoved for a query that it does not know."""
    state = SyncState()
    state.modify(ModifyQuerySet(0, 1, [adding(0), adding(1)]))
    state.subscriptions[1].digest = b"known"
    state.modify(ModifyQuerySet(1, 2, [Remove(0), Remove(1)]))
    assert (state.gone, state.unsent) == ({1: None}, {})
    state.check()


def test_a_query_that_comes_back_at_once_is_not_removed() -> None:
    state = SyncState()
    state.modify(ModifyQuerySet(0, 1, [adding(0)]))
    state.subscriptions[0].digest = b"known"
    change = state.modify(ModifyQuerySet(1, 2, [Remove(0), adding(0)]))
    assert (len(change.added), len(change.removed)) == (1, 1)
    assert (state.gone, state.unsent) == ({}, {0: None})


def test_a_query_that_came_back_and_went_again_is_removed() -> None:
    """Else the client shows the first one's result for ever; a simulation found it."""
    state = SyncState()
    state.modify(ModifyQuerySet(0, 1, [adding(0)]))
    state.subscriptions[0].digest = b"known"
    for base in (1, 3):
        state.modify(ModifyQuerySet(base, base + 1, [Remove(0)]))
        assert state.gone == {0: None}
        state.modify(ModifyQuerySet(base + 1, base + 2, [adding(0)]))
        assert not state.gone
    state.check()


def test_a_change_of_a_query_that_is_gone_is_nothing() -> None:
    state = SyncState()
    state.changed(3)
    assert not state.unsent


@pytest.mark.parametrize(("base", "new"), [(1, 2), (0, 0)])
def test_query_set_versions_follow_each_other(base: int, new: int) -> None:
    with pytest.raises(BadRequest) as caught:
        SyncState().modify(ModifyQuerySet(base, new, []))
    assert caught.value.code == "BaseVersionMismatch"


@pytest.mark.parametrize("steps", [[Remove(0)], [adding(0), adding(0)]])
def test_impossible_steps(steps: list[Add | Remove]) -> None:
    with pytest.raises(InternalError):
        SyncState().modify(ModifyQuerySet(0, 1, steps))


def test_identity_versions_follow_each_other() -> None:
    with pytest.raises(InternalError):
        SyncState().authenticate(1)


def test_time_never_runs_backwards() -> None:
    state = SyncState()
    state.advance(5)
    with pytest.raises(AssertionError):
        state.advance(4)


PATHS = ["counters:get", "counters:slowGet", "counters:isBig", "notes:who", "notes:slowWho"]


def query(number: int, path: str) -> Json:
    return add(number, path, name="x") if path.startswith("counters") else add(number, path)


@pytest.mark.parametrize("seed", range(12))
async def test_any_interleaving_keeps_the_chain(world: World, seed: int) -> None:
    """Clients disconnect on a broken chain of versions; the fake client asserts each step."""
    chance = random.Random(seed)
    clients = [world.client(n) for n in range(3)]
    queries: list[dict[int, str]] = [{} for _ in clients]
    people: list[str | None] = [None] * len(clients)
    for step in range(120):
        at = chance.randrange(len(clients))
        client, mine = clients[at], queries[at]
        match chance.randrange(8):
            case 0 | 1:
                mine[step] = chance.choice(PATHS)
                client.modify(query(step, mine[step]))
            case 2 if mine:
                gone = chance.choice(list(mine))
                del mine[gone]
                client.remove(gone)
            case 3 | 4:
                path = chance.choice(["counters:add", "counters:slowAdd", "counters:look"])
                client.mutate(step, path, name="x")
            case 5:
                people[at] = chance.choice([None, "ada", "bob"])
                client.authenticate(people[at])
            case 6:
                client.is_paused = not client.is_paused
                client.session.writable()
            case _:
                await world.settle(chance.randrange(4))
    for client in clients:
        client.is_paused = False
        client.session.writable()
    await world.settle()
    world.backend.clock.advance(10)
    await world.settle()
    value = await world.backend.call("counters:get", {"name": "x"})
    for client, mine, person in zip(clients, queries, people, strict=True):
        assert client.goodbye is None
        expected = {
            "counters:get": value,
            "counters:slowGet": value,
            "counters:isBig": value >= 100,
            "notes:who": person or "nobody",
            "notes:slowWho": person or "nobody",
        }
        assert client.results == {number: expected[path] for number, path in mine.items()}
        client.session.state.check()
    added = [answer["result"] for client in clients for answer in client.of("MutationResponse")]
    assert max(added, default=0) == value
