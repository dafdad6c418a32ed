"""Live queries: who shares a result, when it is run again, when it is forgotten."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import orjson
import pytest

from reactor import limits
from reactor.auth.identity import ANONYMOUS, Caller, UserIdentity
from reactor.errors import Conflict
from reactor.runner.cache import LiveQueries, State
from reactor.runner.run import Call
from tests.unit.sample.gate import gate
from tests.unit.sample.world import World, add

ISSUER = "https://issuer.test"


def caller(subject: str) -> Caller:
    claims = {"iss": ISSUER, "sub": subject}
    return Caller.user(UserIdentity.from_claims(claims, custom=False), 2.0**53)


def call(path: str, args: bytes = b'{"name":"x"}', by: Caller = ANONYMOUS) -> Call:
    return Call(path, args, by)


def queries(world: World) -> LiveQueries:
    return world.hub.queries


async def ask(world: World, *whole: Any, **named: Any) -> Any:
    outcome = await queries(world).ask(call(*whole, **named))
    return outcome.value


async def test_the_same_question_is_answered_once(world: World) -> None:
    """Names and arguments are the same in any spelling."""
    runner = world.hub.runner
    assert await ask(world, "counters:get", b'{"name": "x"}') == b"0.0"
    runs = runner.query_runs
    assert await ask(world, "counters.js:get", b'[{"name":"x"}]') == b"0.0"
    assert runner.query_runs == runs
    await world.add()
    assert await ask(world, "counters:get") == b"1.0"
    assert runner.query_runs == runs + 1


async def test_callers_share_only_what_does_not_depend_on_them(world: World) -> None:
    """A cache that forgot who asked would show one person's notes to another."""
    for name in ("ada", "bob"):
        await world.backend.call("notes:write", {"text": f"{name}'s", "owner": name})
    for _ in range(2):
        for name in ("ada", "bob"):
            assert await ask(world, "notes:who", b"{}", by=caller(name)) == f'"{name}"'.encode()
            mine = await ask(world, "notes:mine", b"{}", by=caller(name))
            assert mine == f'["{name}\'s"]'.encode()
            assert await ask(world, "notes:texts", b"{}", by=caller(name)) is not None
    assert await ask(world, "notes:who", b"{}") == b'"nobody"'
    runs = world.hub.runner.query_runs
    await ask(world, "notes:who", b"{}", by=caller("ada"))
    await ask(world, "notes:texts", b"{}", by=caller("eve"))
    assert world.hub.runner.query_runs == runs


async def test_what_only_an_admin_may_see_is_not_cached_for_others(world: World) -> None:
    whole = Call("counters:secret", b"{}", Caller.admin(), sees_internal=True)
    assert (await queries(world).ask(whole)).value == b'"internal"'
    assert (await queries(world).ask(Call("counters:secret", b"{}"))).failure is not None


async def test_errors_and_old_times_are_not_served_again(world: World) -> None:
    first = await ask(world, "notes:clock", b"{}")
    assert await ask(world, "notes:clock", b"{}") == first
    await world.backend.advance(timedelta(milliseconds=limits.CLOCK_RESULT_AGE_MS + 1))
    assert await ask(world, "notes:clock", b"{}") != first
    runs = world.hub.runner.query_runs
    for _ in range(2):
        await ask(world, "notes:broken", b"{}")
    assert world.hub.runner.query_runs == runs + 2


async def test_arguments_that_are_not_json_are_answered_too(world: World) -> None:
    outcome = await queries(world).ask(call("counters:get", b"{"))
    assert outcome.failure is not None
    assert outcome.failure.code == "ArgumentValidationError"


async def test_results_that_nobody_watches_make_room(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "CACHED_QUERIES_MAX", 3)
    for number in range(10):
        await ask(world, "counters:get", b'{"name":"%d"}' % number)
    assert len(queries(world)) == 3
    for number in range(10):
        await world.add(str(number))
    assert len(queries(world)) == 0


async def test_a_watched_result_stays_as_a_cached_one(world: World) -> None:
    client = world.client(1)
    client.add(0, "counters:get", name="x")
    await world.settle()
    client.remove(0)
    await world.settle()
    runs = world.hub.runner.query_runs
    assert await ask(world, "counters:get") == b"0.0"
    assert world.hub.runner.query_runs == runs


async def test_a_run_that_nobody_waits_for_leaves_nothing_behind(world: World) -> None:
    """Else the log would keep invalidating ghosts, and memory would grow with every tab closed."""
    gate.shut()
    client = world.client(1)
    client.add(0, "counters:slowGet", name="x")
    await world.settle()
    assert queries(world).has_running
    client.session.closed()
    gate.open()
    await world.settle()
    assert not queries(world).has_running
    assert len(queries(world)) == 0
    found = queries(world).find(call("counters:slowGet"), None)
    assert found.state is State.STALE


async def test_two_who_ask_at_once_both_get_an_answer(world: World) -> None:
    gate.shut()
    asked = [asyncio.ensure_future(ask(world, "counters:slowGet")) for _ in range(2)]
    await world.settle()
    gate.open()
    assert await asyncio.gather(*asked) == [b"0.0", b"0.0"]


async def test_a_watcher_joins_a_run_for_somebody_who_asked_once(world: World) -> None:
    gate.shut()
    asked = asyncio.ensure_future(ask(world, "counters:slowGet"))
    await world.settle()
    client = world.client(1)
    client.add(0, "counters:slowGet", name="x")
    await world.settle()
    gate.open()
    assert await asked == b"0.0"
    await world.settle()
    assert client.results == {0: 0}
    await world.add()
    assert client.results == {0: 1}


async def test_a_watcher_outlives_the_request_that_it_joined(world: World) -> None:
    """The request is cancelled, or what it read has changed; the watcher's query must run."""
    for ending in ("cancelled", "changed"):
        gate.shut()
        asked = asyncio.ensure_future(
            ask(world, "counters:slowGet", b'{"name":"%s"}' % ending.encode())
        )
        await world.settle()
        client = world.client(1)
        client.add(0, "counters:slowGet", name=ending)
        await world.settle()
        if ending == "cancelled":
            asked.cancel()
        else:
            await world.add(ending)
        await world.settle()
        gate.open()
        await asyncio.gather(asked, return_exceptions=True)
        await world.settle()
        assert client.results == {0: 0 if ending == "cancelled" else 1}
        client.session.closed()


async def test_a_query_that_changes_while_it_runs_is_run_again(world: World) -> None:
    gate.shut()
    client = world.client(1)
    client.add(0, "counters:slowGet", name="x")
    await world.settle()
    await world.add()
    gate.let_through()
    await world.settle()
    assert client.results == {}
    await world.add("y")
    gate.open()
    await world.settle()
    assert client.results == {0: 1}


async def test_a_query_that_cannot_be_run_fails_for_its_watchers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lose(*_: object, **__: object) -> object:
        raise Conflict("lost")

    async def break_(*_: object, **__: object) -> object:
        raise ZeroDivisionError

    for number, failing in enumerate([lose, break_]):
        monkeypatch.setattr(world.hub.runner, "query", failing)
        client = world.client(1)
        client.add(0, "counters:get", name=str(number))
        await world.settle()
        assert client.results == {0: "failed"}


async def test_a_query_that_always_lost_is_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing that it read is known, so no commit would ever bring it back to the screen."""
    runner = world.hub.runner
    run, losses = runner.query, iter(range(3))

    async def lose_thrice(*args: Any, **options: Any) -> Any:
        if next(losses, None) is not None:
            raise Conflict("lost")
        return await run(*args, **options)

    monkeypatch.setattr(runner, "query", lose_thrice)
    client, gone = world.client(1), world.client(2)
    client.add(0, "counters:get", name="x")
    gone.add(0, "counters:get", name="y")
    await world.backend.clock.sleep(0)
    gone.session.closed()
    await world.settle()
    assert client.results == {0: 0}
    await world.add()
    assert client.results == {0: 1}
    assert len(world.hub.queries) <= 2


async def test_everything_runs_again_when_the_environment_changes(world: World) -> None:
    client = world.client(1)
    client.add(0, "counters:get", name="x")
    await world.settle()
    runs = world.hub.runner.query_runs
    queries(world).invalidate_all()
    world.hub.schedule()
    await world.settle()
    assert world.hub.runner.query_runs == runs + 1


async def test_identities_see_their_own(world: World) -> None:
    """Sharing a result that depends on the caller would show one user another's data."""
    ada, bob, nobody = (world.client(n) for n in (1, 2, 3))
    ada.authenticate("ada")
    bob.authenticate("bob")
    for client in (ada, bob, nobody):
        client.modify(add(0, "notes:who"), add(1, "notes:slowWho"), add(2, "notes:both"))
    await world.settle()
    assert ada.results == {0: "ada", 1: "ada", 2: ["ada"]}
    assert bob.results == {0: "bob", 1: "bob", 2: ["bob"]}
    assert nobody.results == {0: "nobody", 1: "nobody", 2: ["nobody"]}


async def test_a_journal_keeps_its_pages_end(world: World) -> None:
    """Items added at the front must not push others off the page's end, or they show twice."""
    for number in range(4):
        await world.backend.call("notes:write", {"text": f"{number}"})
        await world.backend.advance(timedelta(seconds=1))
    client = world.client(1)
    options = {"numItems": 2, "cursor": None}
    client.add(0, "notes:page", paginationOpts=options)
    await world.settle()
    page = client.results[0]
    assert [item["text"] for item in page["page"]] == ["0", "1"]
    await world.backend.call("notes:remove", {"id": page["page"][0]["_id"]})
    await world.settle()
    assert [item["text"] for item in client.results[0]["page"]] == ["1"]
    journal = client.of("Transition")[-1]["modifications"][0]["journal"]
    client.session.closed()
    again = world.client(1)
    again.add(0, "notes:page", journal, paginationOpts=options)
    await world.settle()
    assert [item["text"] for item in again.results[0]["page"]] == ["1"]
    fresh = world.client(2)
    fresh.add(0, "notes:page", paginationOpts=options)
    await world.settle()
    assert [item["text"] for item in fresh.results[0]["page"]] == ["1", "2"]


async def test_live_queries_rerun_oldest_first_wherever_they_lie_in_memory(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A seed repeats a run: were the order that of addresses, `ctx.random` would differ."""
    await world.backend.call("notes:write", {"text": "a"})
    client = world.client(1)
    pages = [{"numItems": 1, "cursor": None, "id": number} for number in range(40)]
    client.modify(*(add(at, "notes:page", paginationOpts=page) for at, page in enumerate(pages)))
    await world.settle()
    runner, seen = world.hub.runner, list[int]()
    run = runner.query

    def noted(asked: Call, **options: Any) -> Any:
        seen.append(orjson.loads(asked.args)[0]["paginationOpts"]["id"])
        return run(asked, **options)

    monkeypatch.setattr(runner, "query", noted)
    note = (await world.backend.call("notes:page", {"paginationOpts": pages[0]}))["page"][0]
    seen.clear()
    await world.backend.call("notes:remove", {"id": note["_id"]})
    await world.settle()
    assert seen == list(range(40))
