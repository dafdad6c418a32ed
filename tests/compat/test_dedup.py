"""Checks 10 and 11: a mutation whose answer was lost runs once, also over a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from tests.compat.conftest import Connect, OpenSocket
from tests.compat.support.client import Client
from tests.compat.support.proxy import Message, Proxy
from tests.compat.support.server import Server
from tests.compat.support.wire import timestamp

HOUR_MS = 3_600_000


def answers_success(message: Message) -> bool:
    return message["type"] == "MutationResponse" and message["success"] is True


def newest_ts(proxy: Proxy) -> int:
    """The largest timestamp that the server has sent through this proxy."""
    transitions = proxy.messages("server", "Transition")
    return max(timestamp(message["endVersion"]["ts"]) for message in transitions)


async def test_a_lost_answer_is_given_again(connect: Connect, proxy: Proxy, name: str) -> None:
    """Check 10: cut between commit and response; npm resends, the mutation ran exactly once."""
    client = await connect("npm", proxy.url)
    view = client.subscribe("counters:get", name=name)
    await view.until(0)
    proxy.cut(answers_success)
    assert await client.mutation("counters:increment", name=name) == 1
    await view.until(1)
    sent = proxy.messages("client", "Mutation")
    assert [message["requestId"] for message in sent] == [0, 0]
    assert view.values == [0, 1]
    assert await client.query("counters:get", name=name) == 1


async def test_an_answer_that_lost_only_its_transition_is_given_again(
    connect: Connect, proxy: Proxy, name: str
) -> None:
    """Check 10: npm also resends what was answered but not yet shown; still once."""
    client = await connect("npm", proxy.url)
    view = client.subscribe("counters:get", name=name)
    await view.until(0)

    def covers_the_write(message: Message) -> bool:
        return message["type"] == "Transition" and bool(
            proxy.messages("server", "MutationResponse")
        )

    proxy.cut(covers_the_write)
    assert await client.mutation("counters:increment", name=name) == 1
    responses = proxy.messages("server", "MutationResponse")
    assert len(responses) == 2
    assert responses[0] == responses[1]
    assert await client.query("counters:get", name=name) == 1


async def test_python_runs_it_again(connect: Connect, proxy: Proxy, name: str) -> None:
    """Check 10, the other client: a new session on every connection, so at least once."""
    client = await connect("pypi", proxy.url)
    proxy.cut(answers_success)
    assert await client.mutation("counters:increment", name=name) == 2
    sessions = [message["sessionId"] for message in proxy.messages("client", "Connect")]
    assert len(sessions) == len(set(sessions)) == 2


async def test_only_the_same_session_and_number_is_a_repetition(
    raw_socket: OpenSocket, server: Server, name: str
) -> None:
    """Check 10: the key is session and request number; the same number elsewhere runs anew."""
    session = str(uuid4())
    mutation = {
        "type": "Mutation",
        "requestId": 7,
        "udfPath": "counters:increment",
        "args": [{"name": name}],
    }
    answers: list[tuple[Any, Any]] = []
    for sender in (session, session, str(uuid4()), None, None):
        socket = await raw_socket(server.url)
        if sender is not None:
            await socket.connect(sessionId=sender)
        await socket.send(mutation)
        response = await socket.receive("MutationResponse")
        answers.append((response["result"], response["ts"]))
    assert [result for result, _ in answers] == [1, 1, 2, 3, 4]
    assert answers[0] == answers[1]


def back_in_time(server: Server) -> None:
    server.start(REACTOR_CLOCK_OFFSET_MS=str(-HOUR_MS))


@pytest.mark.parametrize("start", [Server.start, back_in_time], ids=["same clock", "clock back"])
async def test_a_lost_answer_survives_a_crash(
    connect: Connect,
    own_server: Server,
    own_proxy: Proxy,
    name: str,
    start: Callable[[Server], None],
) -> None:
    """Check 11: `kill -9` after the commit; the restarted server still knows the answer."""
    client = await connect("npm", own_proxy.url)
    view = client.subscribe("counters:get", name=name)
    await view.until(0)
    assert await client.mutation("counters:increment", name=name) == 1
    before = newest_ts(own_proxy)
    own_proxy.cut(answers_success)
    own_proxy_links = len(own_proxy.links)
    number = client.post("mutation", path="counters:increment", args={"name": name})
    await own_proxy.until(lambda: len(own_proxy.messages("client", "Mutation")) >= 2)
    own_proxy.refuses = True
    await own_proxy.until(lambda: own_proxy.links[0].client.transport.is_closing())
    await asyncio.to_thread(own_server.crash)
    await asyncio.to_thread(start, own_server)
    own_proxy.refuses = False
    assert await client.reply(number, 30) == 2
    await view.until(2)
    reconnect = own_proxy.messages("client", "Connect")[-1]
    assert len(own_proxy.links) > own_proxy_links
    assert timestamp(reconnect["maxObservedTimestamp"]) >= before
    assert newest_ts(own_proxy) > before
    assert await client.query("counters:get", name=name) == 2
    assert await client.mutation("counters:increment", name=name) == 3


async def test_a_client_from_the_future_is_turned_away(
    raw_socket: OpenSocket, server: Server
) -> None:
    """Check 11: `maxObservedTimestamp` beyond the newest commit closes 1011 and moves nothing."""
    socket = await raw_socket(server.url)
    await socket.connect(maxObservedTimestamp="/////////38=")
    await socket.add(0, "counters:get", {"name": "any"})
    messages, code, reason = await socket.closed()
    assert (code, reason) == (1011, "InternalServerError")
    assert not any(message["type"] == "FatalError" for message in messages)
    other = await raw_socket(server.url)
    await other.connect()
    await other.add(0, "counters:get", {"name": "any"})
    transition = await other.receive("Transition")
    assert timestamp(transition["endVersion"]["ts"]) < 2**62


async def acknowledged(client: Client, numbers: list[int]) -> list[int]:
    """What each of these mutations answered, once all have."""
    results = [await client.reply(number, 60) for number in numbers]
    return [int(result) for result in results]


@pytest.mark.timeout(150)
@pytest.mark.parametrize("start", [Server.start, back_in_time], ids=["same clock", "clock back"])
async def test_a_crash_in_the_middle_of_a_thousand_mutations(
    connect: Connect, own_server: Server, name: str, start: Callable[[Server], None]
) -> None:
    """Issue A: none of the acknowledged lost, none twice, and the client goes on by itself.

    Each mutation answers with the counter's new value. If one were lost or ran twice, the
    thousand answers could not be 1 to 1,000 in the order in which they were sent.
    """
    client = await connect("npm", own_server.url)
    view = client.subscribe("counters:get", name=name)
    await view.until(0)
    numbers: list[int] = []

    def post(count: int) -> None:
        args = {"name": name}
        numbers.extend(
            client.post("mutation", path="counters:increment", args=args) for _ in range(count)
        )

    def answered() -> int:
        return sum("reply" in line for line in client.log)

    while len(numbers) < 500:
        post(50)
        await client.until(lambda: answered() > len(numbers) - 40)
    post(100)
    await asyncio.to_thread(own_server.crash)
    assert answered() < 600, "the crash came too late to be in the middle"
    post(400)
    await asyncio.to_thread(start, own_server)
    assert await acknowledged(client, numbers) == [*range(1, 1001)]
    assert await client.query("counters:get", name=name) == 1000
    await view.until(1000)
    assert view.values == sorted(view.values), "the view never went back"
