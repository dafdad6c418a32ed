"""One client at a time: what it asks, what it is told, and in which order."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest

from reactor import limits
from reactor.auth.identity import Caller, UserIdentity
from reactor.errors import AuthFailed, Conflict
from reactor.runner.run import Call
from reactor.session.messages import read_ts
from tests.unit.sample.gate import gate
from tests.unit.sample.world import World, add

SUSPENDING_QUERIES = ["bySleep", "byGather", "byGroup", "byTimeout", "slowGet"]
SUSPENDING_MUTATIONS = ["slowAdd", "addBySleep", "addByGather", "addByGroup", "addByTimeout"]


async def _from_claims(token: str) -> Caller:
    await gate.passing()
    identity = UserIdentity.from_claims(json.loads(token), custom=False)
    return Caller.user(identity, 2.0**53)


def unknown(_: str) -> None:
    """Keys that have not been fetched yet."""


async def test_a_query_is_answered_and_kept_up_to_date(world: World) -> None:
    client = world.client(1)
    client.add(0, "counters:get", name="x")
    await world.settle()
    assert client.results == {0: 0}
    await world.add()
    assert client.results == {0: 1}
    assert len(client.of("Transition")) == 2


@pytest.mark.parametrize("name", SUSPENDING_QUERIES)
async def test_handlers_that_suspend_work_as_live_queries(world: World, name: str) -> None:
    """A query that awaits anything of asyncio's would kill its connection."""
    client = world.client(1)
    client.add(0, f"counters:{name}", name="x")
    await world.settle()
    assert client.results == {0: 0}
    await world.add()
    assert client.results == {0: 1}
    assert client.goodbye is None


async def test_a_timeout_in_a_handler_ends_it_in_time(world: World) -> None:
    client = world.client(1)
    client.add(0, "counters:timesOut")
    await world.settle()
    assert client.results == {0: "timed out"}


@pytest.mark.parametrize("name", SUSPENDING_MUTATIONS)
async def test_handlers_that_suspend_work_as_mutations(world: World, name: str) -> None:
    client = world.client(1)
    client.add(0, "counters:get", name="x")
    for request in range(3):
        client.mutate(request, f"counters:{name}", name="x")
    await world.settle()
    assert [m["result"] for m in client.of("MutationResponse")] == [1, 2, 3]
    assert client.results == {0: 3}


@pytest.mark.parametrize("name", SUSPENDING_MUTATIONS)
async def test_racing_mutations_lose_no_increment(world: World, name: str) -> None:
    """Two people add to one counter while both are suspended: one of them runs again."""
    gate.shut()
    clients = [world.client(n) for n in (1, 2)]
    for client in clients:
        client.mutate(0, f"counters:{name}", name="x")
    await world.settle()
    gate.open()
    await world.settle()
    await world.backend.advance(timedelta(seconds=1))
    await world.settle()
    answers = [client.answer(0) for client in clients]
    assert sorted(answer["result"] for answer in answers if answer is not None) == [1, 2]
    assert await world.backend.call("counters:get", {"name": "x"}) == 2


async def test_queries_wait_for_one_that_suspended(world: World) -> None:
    """A Transition tells the truth at its timestamp about all queries or does not come."""
    client = world.client(1)
    client.modify(add(0, "counters:get", name="x"), add(1, "counters:slowGet", name="x"))
    await world.settle()
    gate.shut()
    await world.add()
    assert client.results == {0: 0, 1: 0}
    gate.open()
    await world.settle()
    assert client.results == {0: 1, 1: 1}
    assert len(client.of("Transition")) == 2


async def test_a_suspended_query_is_consistent(world: World) -> None:
    """A commit between its reads makes it start over; it never shows half of one."""
    gate.shut()
    client = world.client(1)
    client.add(0, "counters:slowPair", first="x", second="x")
    await world.settle()
    await world.add()
    gate.open()
    await world.settle()
    assert client.results == {0: [1, 1]}
    assert len(client.of("Transition")) == 1


async def test_the_response_comes_before_its_transition(world: World) -> None:
    """Optimistic updates would flicker if the Transition came first."""
    client = world.client(1)
    client.add(0, "counters:get", name="x")
    client.mutate(0, "counters:add", name="x")
    await world.settle()
    response = client.answer(0)
    assert response is not None
    kinds = [message["type"] for message in client.messages]
    at = kinds.index("MutationResponse")
    after = client.messages[at + 1]
    assert after["type"] == "Transition"
    assert read_ts(after["endVersion"]["ts"]) >= read_ts(response["ts"])


async def test_a_mutation_without_effect_gets_its_transition(world: World) -> None:
    """npm's client resolves a mutation when a Transition reaches its timestamp, changed or not."""
    client = world.client(1)
    client.mutate(0, "counters:look", name="x")
    await world.settle()
    assert [m["type"] for m in client.messages] == ["MutationResponse", "Transition"]


async def test_a_transition_waits_for_a_run_that_changes_nothing(world: World) -> None:
    """The result stays the same, yet the mutation's promise must resolve."""
    client = world.client(1)
    client.add(0, "counters:slowIsBig", name="x")
    await world.settle()
    gate.shut()
    client.mutate(0, "counters:add", name="x")
    await world.settle()
    before = len(client.of("Transition"))
    gate.open()
    await world.settle()
    assert len(client.of("Transition")) == before + 1


async def test_removed_queries_are_forgotten(world: World) -> None:
    client = world.client(1)
    client.add(0, "counters:get", name="x")
    await world.settle()
    client.remove(0)
    await world.settle()
    assert client.results == {}
    before = len(client.messages)
    await world.add()
    assert len(client.messages) == before


async def test_add_remove_add_in_one_message_leaves_one_watcher(world: World) -> None:
    client = world.client(1)
    gone = {"type": "Remove", "queryId": 0}
    client.modify(add(0, "counters:get", name="x"), gone, add(0, "counters:get", name="y"))
    await world.settle()
    assert client.results == {0: 0}
    await world.add("y")
    assert client.results == {0: 1}
    calls = [Call("counters:get", b'{"name":"%s"}' % name) for name in (b"x", b"y")]
    lives = [world.hub.queries.find(call, None) for call in calls]
    client.session.closed()
    assert all(not live.watchers for live in lives)


async def test_mutations_run_in_the_order_they_were_sent(world: World) -> None:
    """The first suspends; the second must not overtake it."""
    gate.shut()
    client = world.client(1)
    client.mutate(0, "counters:slowAdd", name="x")
    client.mutate(1, "counters:add", name="x", by=10)
    await world.settle()
    assert client.of("MutationResponse") == []
    gate.open()
    await world.settle()
    assert [m["result"] for m in client.of("MutationResponse")] == [1, 11]


async def test_a_long_queue_behind_a_suspended_mutation(world: World) -> None:
    """Hundreds of queued clicks are run one after another, without a pile of stack frames."""
    gate.shut()
    client = world.client(1)
    client.mutate(0, "counters:slowAdd", name="x")
    for request in range(1, 900):
        client.mutate(request, "counters:add", name="x")
    await world.settle()
    gate.open()
    await world.settle()
    assert len(client.of("MutationResponse")) == 900
    assert await world.backend.call("counters:get", {"name": "x"}) == 900


async def test_too_many_queued_mutations_ask_for_patience(world: World) -> None:
    gate.shut()
    client = world.client(1)
    for request in range(limits.QUEUED_MUTATIONS_MAX + 2):
        client.mutate(request, "counters:slowAdd", name="x")
    await world.settle()
    assert client.goodbye == (1013, "TooManyConcurrentMutations")


async def test_actions_answer_and_their_writes_are_seen(world: World) -> None:
    client = world.client(1)
    client.add(0, "counters:get", name="x")
    client.act(0, "notes:twice", name="x")
    await world.settle()
    answer = client.answer(0)
    assert answer is not None
    assert (answer["type"], answer["success"], answer["result"]) == ("ActionResponse", True, 2)
    assert client.results == {0: 2}


async def test_failures_carry_their_data(world: World) -> None:
    client = world.client(1)
    client.add(0, "notes:mine")
    client.mutate(0, "counters:addAndFail", name="x")
    client.act(1, "counters:get", name="x")
    client.mutate(2, "counters:nothing")
    await world.settle()
    assert client.results == {0: {"code": "UNAUTHENTICATED"}}
    refused, wrong, unknown = (client.answer(n) for n in (0, 1, 2))
    assert refused is not None
    assert wrong is not None
    assert unknown is not None
    assert (refused["success"], refused["errorData"]) == (False, {"code": "REFUSED"})
    assert "errorData" not in wrong
    assert not wrong["success"]
    assert not unknown["success"]


async def test_a_new_identity_brings_new_results_only(world: World) -> None:
    client = world.client(1)
    client.modify(add(0, "notes:who"), add(1, "counters:get", name="x"))
    await world.settle()
    client.authenticate("ada")
    await world.settle()
    last = client.of("Transition")[-1]
    assert [(c["queryId"], c["value"]) for c in last["modifications"]] == [(0, "ada")]
    assert last["endVersion"]["identity"] == 1


async def test_a_refused_token_says_which_version(world: World) -> None:
    client = world.client(1)
    client.say("Authenticate", baseVersion=0, tokenType="User", value="no token")
    await world.settle()
    [refusal] = client.of("AuthError")
    assert (refusal["baseVersion"], refusal["authUpdateAttempted"]) == (0, True)
    assert client.goodbye is not None


async def test_the_admin_may_act_as_somebody(world: World) -> None:
    client = world.client(1)
    person = {"issuer": "https://issuer.test", "subject": "ada"}
    client.say(
        "Authenticate", baseVersion=0, tokenType="Admin", value="test-admin-key",
        impersonating=person,
    )  # fmt: skip
    client.modify(add(0, "notes:who"), add(1, "counters:secret"))
    await world.settle()
    assert client.results == {0: "ada", 1: "internal"}


async def test_messages_wait_while_a_token_is_verified(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was sent after a token is run as its bearer, even if its keys are still on their way."""
    real = world.hub.authenticator.verify
    monkeypatch.setattr(world.hub.authenticator, "verify_now", unknown)

    async def verify(token: str) -> object:
        await gate.passing()
        monkeypatch.undo()
        return await real(token)

    monkeypatch.setattr(world.hub.authenticator, "verify", verify)
    gate.shut()
    client = world.client(1)
    client.authenticate("ada")
    client.add(0, "notes:who")
    await world.settle()
    assert client.messages == []
    gate.open()
    await world.settle()
    assert client.results == {0: "ada"}


@pytest.mark.parametrize(
    ("queue", "kind", "goodbye"),
    [
        (
            b'{"type":"ModifyQuerySet","baseVersion":7,"newVersion":8,"modifications":[]}',
            "Fatal",
            None,
        ),
        (b'{"type":"Authenticate","baseVersion":7,"tokenType":"None"}', "", 1011),
    ],
)
async def test_broken_messages_that_waited_end_the_connection_alike(
    world: World, monkeypatch: pytest.MonkeyPatch, queue: bytes, kind: str, goodbye: int | None
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(world.hub.authenticator, "verify_now", unknown)
        client = world.client(1)
        client.authenticate("ada")
        client.say_raw(queue)
        client.say("Event", eventType="x", event=None)
        monkeypatch.setattr(world.hub.authenticator, "verify", _from_claims)
        await world.settle()
    assert client.goodbye is not None
    assert client.goodbye[0] == goodbye
    assert bool(client.of("FatalError")) is bool(kind)


async def test_a_second_token_waits_its_turn(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sign-ins while keys are fetched: what follows runs as the second."""
    monkeypatch.setattr(world.hub.authenticator, "verify_now", unknown)
    monkeypatch.setattr(world.hub.authenticator, "verify", _from_claims)
    client = world.client(1)
    client.authenticate("ada")
    client.authenticate("bob")
    client.add(0, "notes:who")
    await world.settle()
    assert client.results == {0: "bob"}


async def test_a_client_that_left_while_its_token_was_verified(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.hub.authenticator, "verify_now", unknown)
    monkeypatch.setattr(world.hub.authenticator, "verify", _from_claims)
    gate.shut()
    client = world.client(1)
    client.authenticate("ada")
    await world.settle(2)
    client.session.closed()
    gate.open()
    await world.settle()
    assert client.messages == []


async def test_a_client_has_bounds(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One runaway page must not take the whole server."""
    monkeypatch.setattr(limits, "SUBSCRIPTIONS_PER_SESSION_MAX", 2)
    monkeypatch.setattr(limits, "ACTIONS_PER_SESSION_MAX", 2)
    gate.shut()
    asking, acting = world.client(1), world.client(2)
    asking.modify(*[add(n, "counters:get", name=str(n)) for n in range(3)])
    for request in range(3):
        acting.act(request, "notes:slow")
    await world.settle()
    assert asking.goodbye == (1013, "TooManyConcurrentRequests")
    assert acting.goodbye == (1013, "TooManyInflightActionsForSingleClient")
    gate.open()


async def test_a_token_refused_after_its_keys_came(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def verify(_: str) -> object:
        raise AuthFailed("no")

    monkeypatch.setattr(world.hub.authenticator, "verify_now", unknown)
    monkeypatch.setattr(world.hub.authenticator, "verify", verify)
    client = world.client(1)
    client.authenticate("ada")
    await world.settle()
    assert [m["type"] for m in client.messages] == ["AuthError"]


async def test_an_inbox_has_an_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def verify(_: str) -> object:
        return await asyncio.get_running_loop().create_future()

    monkeypatch.setattr(world.hub.authenticator, "verify_now", unknown)
    monkeypatch.setattr(world.hub.authenticator, "verify", verify)
    client = world.client(1)
    client.authenticate("ada")
    for _ in range(limits.SESSION_INBOX_MAX + 1):
        client.say("Event", eventType="x", event=None)
    await world.settle()
    assert client.goodbye == (1013, "TooManyConcurrentRequests")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b'{"type":"Unknown"}',
        b'{"type":"Mutation"}',
        b'{"type":"ModifyQuerySet","baseVersion":7,"newVersion":8,"modifications":[]}',
        b'{"type":"Authenticate","baseVersion":0,"tokenType":"Odd"}',
    ],
)
async def test_a_broken_message_ends_its_own_connection(world: World, data: bytes) -> None:
    other, client = world.client(1), world.client(2)
    other.add(0, "counters:get", name="x")
    client.say_raw(data)
    client.say_raw(data)
    await world.settle()
    assert [m["type"] for m in client.messages] == ["FatalError"]
    assert client.goodbye is not None
    await world.add()
    assert other.results == {0: 1}


async def test_impossible_query_sets_end_the_connection_gently(world: World) -> None:
    """FatalError stops npm's client for good; this one may connect anew."""
    client = world.client(1)
    client.remove(7)
    await world.settle()
    assert client.goodbye == (1011, "InternalServerError")
    assert client.of("FatalError") == []


async def test_a_client_from_the_future_is_turned_away(world: World) -> None:
    """A database restored from an old copy must not serve those who saw the newer one."""
    client = world.client()
    client.connect(1, maxObservedTimestamp="/////////38=")
    await world.settle()
    assert client.goodbye is not None


async def test_a_mutation_that_always_loses_is_sent_again_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lose(*_: object) -> object:
        raise Conflict("lost")

    monkeypatch.setattr(world.hub.runner, "mutation", lose)
    client = world.client(1)
    client.mutate(0, "counters:add", name="x")
    await world.settle()
    assert client.goodbye == (1013, Conflict.code)


async def test_our_own_mistakes_close_the_connection(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> object:
        raise ZeroDivisionError

    monkeypatch.setattr(world.hub.runner, "mutation", fail)
    client = world.client(1)
    client.mutate(0, "counters:add", name="x")
    await world.settle()
    assert client.goodbye == (1011, "InternalServerError")


async def test_an_expired_token_is_announced(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from reactor.testing import machine

    until = world.backend.clock.now_ms() + 60_000
    monkeypatch.setattr(machine, "NEVER_MS", until)
    client = world.client(1)
    client.authenticate("ada")
    client.add(0, "counters:get", name="x")
    await world.settle()
    await world.backend.advance(timedelta(minutes=2))
    await world.add()
    [expired] = client.of("AuthError")
    assert (expired["baseVersion"], expired["authUpdateAttempted"]) == (1, False)
    assert client.results == {0: 0}


async def test_a_mutation_outlives_its_socket(world: World) -> None:
    """The client is gone, its write is not, and nobody is told."""
    gate.shut()
    client = world.client(1)
    client.mutate(0, "counters:slowAdd", name="x")
    await world.settle()
    client.session.closed()
    gate.open()
    await world.settle()
    assert client.messages == []
    assert await world.backend.call("counters:get", {"name": "x"}) == 1
