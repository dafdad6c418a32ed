"""What all sessions share: the gate of durability, the heartbeat, deduplication, the end."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from reactor import limits
from reactor.errors import StorageFailed
from reactor.testing.machine import MachineSettings
from tests.unit.sample.functions import counters
from tests.unit.sample.gate import gate
from tests.unit.sample.world import World, add, open_board, open_world


async def test_one_run_serves_everybody(world: World) -> None:
    """A thousand viewers of one page must not cost a thousand runs."""
    clients = [world.client(n) for n in range(20)]
    for client in clients:
        client.add(0, "counters:get", name="x")
    await world.settle()
    runs = world.hub.runner.query_runs
    await world.add()
    assert all(client.results == {0: 1} for client in clients)
    assert world.hub.runner.query_runs == runs + 1


async def test_a_failing_disk_stops_the_node_and_acknowledges_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Memory is never ahead of a disk that refused, as far as anybody is told."""
    stops: list[MachineSettings] = []

    def stop(settings: MachineSettings) -> None:
        stops.append(settings)

    monkeypatch.setattr(MachineSettings, "stop", stop)
    async with open_world() as world:
        watcher, writer = world.client(1), world.client(2)
        watcher.add(0, "counters:get", name="x")
        await world.settle()
        world.storage.fail_next(StorageFailed("the disk is full"))
        writer.mutate(0, "counters:add", name="x")
        await world.settle()
        writer.mutate(1, "counters:add", name="x")
        late = world.client(3)
        late.add(0, "counters:get", name="x")
        await world.settle()
        assert (len(stops), writer.messages, late.messages) == (1, [], [])
        assert watcher.results == {0: 0}
        assert isinstance(world.node.failure, StorageFailed)
        await world.hub.background.close()
        await world.hub.driver.close()


async def test_a_disk_that_refuses_while_the_node_closes(world: World) -> None:
    """SIGTERM with a last batch under way, and the disk is full: the process must end."""
    world.storage.fail_next(StorageFailed("the disk is full"))
    writer = world.client(1)
    writer.mutate(0, "counters:add", name="x")
    await world.backend.clock.sleep(0)
    await world.hub.close()
    assert writer.of("MutationResponse") == []


async def test_nothing_can_be_waited_for_after_the_disk_refused(world: World) -> None:
    world.storage.fail_next(StorageFailed("the disk is full"))
    for _ in range(2):
        with pytest.raises(StorageFailed):
            await world.backend.mutation(counters.add, name="x")


async def test_a_slow_mutator_gets_its_transition_later(world: World) -> None:
    """Its buffer was full when the Transition was due, and nothing else ever changes."""
    client = world.client(1)
    client.is_paused = True
    client.mutate(0, "counters:look", name="x")
    await world.settle()
    assert client.of("Transition") == []
    client.is_paused = False
    client.session.writable()
    await world.settle()
    assert len(client.of("Transition")) == 1


async def test_one_transition_per_commit_with_all_queries(world: World) -> None:
    client = world.client(1)
    client.modify(add(0, "counters:get", name="x"), add(1, "counters:bySleep", name="x"))
    client.modify(add(2, "counters:isBig", name="x"))
    await world.settle()
    before = len(client.of("Transition"))
    await world.add(by=200)
    last = client.of("Transition")[before:]
    assert [sorted(c["queryId"] for c in t["modifications"]) for t in last] == [[0, 1, 2]]


async def test_unchanged_results_are_not_sent(world: World) -> None:
    client = world.client(1)
    client.add(0, "counters:isBig", name="x")
    await world.settle()
    before = len(client.messages)
    await world.add()
    changes = [m for t in client.messages[before:] for m in t["modifications"]]
    assert changes == []


async def test_a_commit_elsewhere_runs_and_sends_nothing(world: World) -> None:
    client = world.client(1)
    client.add(0, "counters:get", name="x")
    await world.settle()
    runs, before = world.hub.runner.query_runs, len(client.messages)
    await world.add("y")
    assert (world.hub.runner.query_runs, len(client.messages)) == (runs, before)


async def test_nothing_is_sent_before_it_is_durable(world: World) -> None:
    """A client told of a write that a crash then loses has been lied to."""
    watcher, writer = world.client(1), world.client(2)
    watcher.add(0, "counters:get", name="x")
    await world.settle()
    world.storage.hold()
    writer.mutate(0, "counters:add", name="x")
    await world.settle()
    assert (writer.messages, watcher.results) == ([], {0: 0})
    late = world.client(3)
    late.add(0, "counters:get", name="x")
    await world.settle()
    assert late.messages == []
    world.storage.release()
    await world.settle()
    assert writer.answer(0) is not None
    assert (watcher.results, late.results) == ({0: 1}, {0: 1})
    assert [m["type"] for m in writer.writes[0]] == ["MutationResponse", "Transition"]


async def test_many_commits_during_one_write_to_disk(world: World) -> None:
    writer = world.client(1)
    writer.add(0, "counters:get", name="x")
    await world.settle()
    world.storage.hold()
    for request in range(5):
        writer.mutate(request, "counters:add", name="x")
        await world.settle(3)
    world.storage.release()
    await world.settle()
    assert [m["result"] for m in writer.of("MutationResponse")] == [1, 2, 3, 4, 5]
    assert writer.results == {0: 5}


async def test_slow_clients_are_skipped_forward(world: World) -> None:
    """A phone in a tunnel gets the newest state, not every state in between."""
    slow, quick = world.client(1), world.client(2)
    for client in (slow, quick):
        client.add(0, "counters:get", name="x")
    await world.settle()
    slow.is_paused = True
    for _ in range(5):
        await world.add()
    assert (slow.results, quick.results) == ({0: 0}, {0: 5})
    slow.is_paused = False
    slow.session.writable()
    await world.settle()
    assert slow.results == {0: 5}
    assert (len(slow.of("Transition")), len(quick.of("Transition"))) == (2, 6)


async def test_durable_waits_for_the_disk(world: World) -> None:
    world.storage.hold()
    call = asyncio.ensure_future(world.backend.call("counters:add", {"name": "x"}))
    await world.settle()
    assert not call.done()
    world.storage.release()
    await world.settle()
    assert await call == 1
    await world.hub.durable(world.log.last_ts)


async def test_who_stopped_waiting_disturbs_nobody(world: World) -> None:
    world.storage.hold()
    calls = [
        asyncio.ensure_future(world.backend.call("counters:add", {"name": name})) for name in "ab"
    ]
    await world.settle()
    calls[0].cancel()
    await world.settle()
    world.storage.release()
    await world.settle()
    assert calls[1].result() == 1


async def test_quiet_clients_hear_a_ping(world: World) -> None:
    """npm's client reconnects when it hears nothing for long."""
    quiet = world.client(1)
    await world.settle()
    await world.backend.advance(timedelta(seconds=limits.HEARTBEAT_S))
    assert quiet.messages == []
    for _ in range(3):
        await world.backend.advance(timedelta(seconds=limits.HEARTBEAT_S))
    assert [m["type"] for m in quiet.messages] == ["Ping"]
    assert quiet.pings == 1


async def test_clients_that_are_gone_without_a_word_are_dropped(world: World) -> None:
    """Their queries would be run for nobody until the operating system notices."""
    gone = world.client(1)
    gone.last_received = world.backend.clock.monotonic()
    gone.add(0, "counters:get", name="x")
    await world.settle()
    world.backend.clock.advance(limits.SILENCE_MAX_S)
    await world.settle()
    await world.backend.advance(timedelta(seconds=limits.HEARTBEAT_S))
    assert gone.goodbye == (1000, "silent")
    assert not world.hub.sessions


async def test_a_mutation_sent_again_is_answered_and_not_run(world: World) -> None:
    """The answer was lost with the connection; the click must count once."""
    first = world.client(7)
    first.mutate(3, "counters:add", name="x")
    await world.settle()
    first.session.closed()
    await world.add("y")
    second = world.client(7)
    second.mutate(3, "counters:add", name="x")
    await world.settle()
    assert second.answer(3) == first.answer(3)
    assert [m["type"] for m in second.messages] == ["MutationResponse", "Transition"]
    assert await world.backend.call("counters:get", {"name": "x"}) == 1


async def test_a_mutation_sent_again_while_it_still_runs_commits_once(world: World) -> None:
    """The socket broke while the handler was suspended; both runs must not count."""
    gate.shut()
    first = world.client(7)
    first.mutate(3, "counters:slowAdd", name="x")
    await world.settle()
    first.session.closed()
    second = world.client(7)
    second.mutate(3, "counters:slowAdd", name="x")
    await world.settle()
    for _ in range(4):
        gate.let_through()
        await world.settle()
        await world.backend.advance(timedelta(seconds=1))
    answer = second.answer(3)
    assert answer is not None
    assert answer["result"] == 1
    assert await world.backend.call("counters:get", {"name": "x"}) == 1


async def test_another_sessions_request_is_another_one(world: World) -> None:
    for session in (1, 2):
        world.client(session).mutate(0, "counters:add", name="x")
    await world.settle()
    assert await world.backend.call("counters:get", {"name": "x"}) == 2


async def test_a_failed_mutation_leaves_no_record(world: World) -> None:
    """It wrote nothing, so sending it again may succeed."""
    client = world.client(1)
    client.mutate(0, "counters:addAndFail", name="x")
    await world.settle()
    assert world.hub.requests.find("00000000-0000-0000-0000-000000000001", 0) is None
    client.session.closed()
    again = world.client(1)
    again.mutate(0, "counters:add", name="x")
    await world.settle()
    answer = again.answer(0)
    assert answer is not None
    assert answer["result"] == 1


async def test_old_records_are_forgotten(world: World) -> None:
    client = world.client(1)
    client.mutate(0, "counters:add", name="x")
    await world.settle()
    world.backend.clock.advance(limits.SESSION_REQUEST_RETENTION_MS / 1000 + 1)
    await world.settle()
    await world.backend.advance(timedelta(seconds=limits.HEARTBEAT_S))
    await world.settle()
    assert world.hub.requests.find("00000000-0000-0000-0000-000000000001", 0) is None


async def test_closing_says_goodbye_and_waits_for_the_disk() -> None:
    async with open_world() as world:
        client = world.client(1)
        client.modify(add(0, "counters:get", name="x"), add(1, "counters:slowGet", name="x"))
        client.mutate(0, "counters:add", name="x")
        await world.settle(2)
        last_ts = world.log.last_ts
    assert client.goodbye == (1012, "ServerRestart")
    assert world.log.durable_ts >= last_ts
    assert not world.hub.sessions


async def test_a_suspended_run_ends_with_the_node() -> None:
    gate.open()
    async with open_world() as world:
        gate.shut()
        client = world.client(1)
        client.add(0, "counters:slowGet", name="x")
        client.act(0, "notes:slow")
        client.mutate(1, "counters:slowAdd", name="x")
        await world.settle()
    assert client.goodbye is not None
    await world.settle()


async def test_the_admin_alone_reaches_components() -> None:
    async with open_board() as backend:
        board = World(backend)
        admin, stranger = board.client(1), board.client(2)
        admin.say("Authenticate", baseVersion=0, tokenType="Admin", value="test-admin-key")
        for client in (admin, stranger):
            client.modify({**add(0, "tallies:get", name="x"), "componentPath": "left"})
            client.say(
                "Mutation", requestId=0, udfPath="tallies:add", args=[{"name": "x"}],
                componentPath="left",
            )  # fmt: skip
            client.say(
                "Action", requestId=1, udfPath="tallies:addTwice", args=[{"name": "x"}],
                componentPath="left",
            )  # fmt: skip
        await board.settle()
        assert (admin.results[0], stranger.results[0]) == (3.0, "failed")
        for client, is_done in ((admin, True), (stranger, False)):
            answers = [client.answer(number) for number in (0, 1)]
            assert [answer and answer["success"] for answer in answers] == [is_done, is_done]


async def test_errors_are_logged_without_what_functions_held(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """A token in a local variable of a failing function must not end up in the log."""

    def failing() -> None:
        secret = "hunter" + "2"
        raise ZeroDivisionError(len(secret))

    try:
        failing()
    except ZeroDivisionError as error:
        world.hub.note_error(error)
    told = capsys.readouterr().out
    assert "ZeroDivisionError" in told
    assert "failing" in told
    assert "hunter2" not in told
