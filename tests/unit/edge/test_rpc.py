"""Functions over HTTP."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from reactor import limits
from reactor.edge.rpc import decode_body, guarded
from reactor.errors import BadRequest, Conflict
from tests.unit.edge.http import ADMIN, call, post, request
from tests.unit.sample.gate import gate
from tests.unit.sample.world import World, open_board


async def test_each_kind_has_its_endpoint(world: World) -> None:
    for path, body, value in [
        ("mutation", call("counters:add", name="x"), 1.0),
        ("query", call("counters:get", name="x"), 1.0),
        ("action", call("notes:twice", name="x"), 3.0),
        ("query", {"path": "counters:get", "args": [{"name": "x"}], "format": "json"}, 3.0),
        ("run/counters/get", {"args": {"name": "x"}}, 3.0),
        ("run/counters/add", {"args": {"name": "x"}}, 4.0),
        ("run/notes/twice", {"args": {"name": "x"}}, 6.0),
    ]:
        answer = await post(world, path, body)
        assert (answer.status_code, answer.json()) == (200, {"status": "success", "value": value})


async def test_a_query_can_stand_in_the_url(world: World) -> None:
    url = '/api/query?path=counters:get&args={"name":"x"}&format=json'
    answer = await request(world.node.http, "GET", url)
    assert answer.json() == {"status": "success", "value": 0.0}


async def test_functions_that_fail_answer_200_with_an_error(world: World) -> None:
    """Official clients throw ConvexError with its data from this very shape."""
    refused = await post(world, "mutation", call("counters:addAndFail", name="x"))
    body = refused.json()
    assert (refused.status_code, body["status"]) == (200, "error")
    assert body["errorData"] == {"code": "REFUSED"}
    for path, wrong in [
        ("query", call("notes:broken")),
        ("query", call("counters:nothing")),
        ("query", call("counters:add", name="x")),
        ("mutation", call("counters:get", name="x")),
        ("query", call("counters:secret")),
    ]:
        answer = await post(world, path, wrong)
        assert (answer.status_code, answer.json()["status"]) == (200, "error")
        assert "errorData" not in answer.json()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("query", b""),
        ("query", b"{"),
        ("query", b"[]"),
        ("query", b"{}"),
        ("query", b'{"path":3}'),
        ("query", b'{"path":"counters:get","args":3}'),
        ("query", b'{"path":"counters:get","args":[{},{}]}'),
        ("query_batch", b"{}"),
        ("query_at_ts", b'{"path":"counters:get"}'),
        ("run/counters/get", b"nothing"),
    ],
)
async def test_bodies_that_cannot_be_read(world: World, path: str, body: bytes) -> None:
    answer = await post(world, path, body)
    assert (answer.status_code, answer.json()["code"]) == (400, "BadJsonBody")


def test_half_a_surrogate_pair_is_the_arguments_fault() -> None:
    body = decode_body(b'{"path":"counters:get","args":{"name":"\\ud800"}}')
    assert (body.path, bytes(body.args)) == ("counters:get", b'{"name": "\\ud800"}')


async def test_bodies_have_a_largest_size(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "RPC_BODY_BYTES_MAX", 20)
    answer = await post(world, "query", call("counters:get", name="x" * 30))
    assert (answer.status_code, answer.json()["code"]) == (413, "BodyTooLarge")


async def test_a_mutation_is_answered_when_it_is_durable(world: World) -> None:
    """An answer before the disk has it would be a promise that a crash can break."""
    world.storage.hold()
    write = asyncio.ensure_future(post(world, "mutation", call("counters:add", name="x")))
    await world.settle()
    read = asyncio.ensure_future(post(world, "query", call("counters:get", name="x")))
    batch = {"queries": [call("counters:get", name="x")]}
    many = asyncio.ensure_future(post(world, "query_batch", batch))
    await world.settle()
    assert not any(task.done() for task in (write, read, many))
    world.storage.release()
    values = [(await task).json() for task in (write, read)]
    assert [value["value"] for value in values] == [1.0, 1.0]
    assert (await many).json()["results"][0]["value"] == 1.0


async def test_reads_at_a_timestamp(world: World) -> None:
    await world.add()
    ts = (await post(world, "query_ts", b"")).json()["ts"]
    world.backend.clock.advance(1)
    await world.add()
    then = {**call("counters:get", name="x"), "ts": ts}
    assert (await post(world, "query_at_ts", then)).json()["value"] == 1.0
    for wrong, code in [("/////////38=", "InvalidTimestamp"), ("x", "InvalidTimestamp")]:
        answer = await post(world, "query_at_ts", {**then, "ts": wrong})
        assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_a_batch_is_read_at_one_timestamp(world: World) -> None:
    gate.shut()
    body = {
        "queries": [
            call("counters:slowGet", name="x"), call("counters:get", name="x"),
            call("notes:broken"),
        ]
    }  # fmt: skip
    asked = asyncio.ensure_future(post(world, "query_batch", body))
    await world.settle()
    await world.add()
    gate.open()
    first, second, third = (await asked).json()["results"]
    assert (first["value"], second["value"], third["status"]) == (0.0, 0.0, "error")


async def test_the_admin_reaches_everything(world: World) -> None:
    answer = await post(world, "function", call("counters:secret"), **ADMIN)
    assert answer.json()["value"] == "internal"
    refused = await post(world, "function", call("counters:secret"))
    assert (refused.status_code, refused.json()["code"]) == (403, "BadDeployKey")
    wrong = await post(world, "query", call("counters:get"), authorization="Convex wrong")
    assert (wrong.status_code, wrong.json()["code"]) == (403, "BadDeployKey")
    nested = {**call("secret"), "path": "secret", "componentPath": "other"}
    assert (await post(world, "function", nested, **ADMIN)).json()["status"] == "error"


async def test_only_the_admin_reaches_components() -> None:
    async with open_board() as backend:
        board = World(backend)
        inside = {**call("tallies:add", name="x"), "componentPath": "nest/inner"}
        stranger = (await post(board, "mutation", inside)).json()
        assert "Could not find public function" in stranger["errorMessage"]
        unknown = {**inside, "componentPath": "nowhere"}
        there = stranger["errorMessage"].split("Could")[1]
        nowhere = (await post(board, "mutation", unknown)).json()["errorMessage"].split("Could")[1]
        assert nowhere.replace("nowhere", "nest/inner") == there, "what is mounted stays unknown"
        done = (await post(board, "mutation", inside, **ADMIN)).json()
        assert done["status"] == "success"
        read = {**call("tallies:get", name="x"), "componentPath": "nest/inner"}
        assert (await post(board, "query", read, **ADMIN)).json()["value"] == 1
        root = {**call("boards:allOf", name="x"), "componentPath": ""}
        assert (await post(board, "query", root)).json()["value"] == [0, 0, 0, 1]


async def test_a_function_path_needs_a_module(world: World) -> None:
    answer = await post(world, "run/get", {"args": {}})
    assert (answer.status_code, answer.json()["code"]) == (400, "MissingIdentifier")


async def test_integers_are_written_for_the_client_that_asks(world: World) -> None:
    """Old clients read `$integer`, others a plain number; the form says which."""
    for client in ("npm-1.4.1", "npm-1.31.0", "python-0.5.0", "python-0.8.1", "odd"):
        answer = await post(world, "query", call("counters:get", name="x"), convex_client=client)
        assert answer.json()["value"] == 0.0
    body = {**call("counters:get", name="x"), "format": "odd"}
    answer = await post(world, "query", body)
    assert answer.status_code == 400


async def test_a_lost_race_may_be_tried_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lose(*_: object) -> object:
        raise Conflict("lost")

    monkeypatch.setattr(world.hub.runner, "mutation", lose)
    answer = await post(world, "mutation", call("counters:add", name="x"))
    assert (answer.status_code, answer.json()["code"]) == (503, Conflict.code)


async def test_our_own_mistakes_are_noted_and_not_told() -> None:
    noted: list[BaseException] = []

    async def fail(_: object) -> Any:
        raise ZeroDivisionError("a secret")

    response = await guarded(fail, noted.append)(None)  # type: ignore[arg-type]  # never looked at
    assert response.status_code == 500
    assert b"secret" not in bytes(response.body)
    assert [type(error) for error in noted] == [ZeroDivisionError]


async def test_a_client_that_goes_away_is_no_mistake_of_ours(world: World) -> None:
    from starlette.requests import Request

    from reactor.edge.rpc import read_body

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    with pytest.raises(BadRequest) as caught:
        await read_body(Request({"type": "http", "headers": []}, receive), 10)
    assert caught.value.status == 408
