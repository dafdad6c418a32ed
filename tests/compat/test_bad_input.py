"""Issue A, "Bad input": the answer the protocol gives, nobody disturbed, nothing half-written."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from tests.compat.conftest import Connect, OpenSocket
from tests.compat.support.client import Client, RemoteError, Subscription
from tests.compat.support.frames import CLOSE, TEXT, FrameReader, client_frame
from tests.compat.support.raw import NPM_PATH, RawSocket
from tests.compat.support.server import Server
from tests.compat.support.wire import Wire

CONNECT = {"type": "Connect", "sessionId": "5f0c2b1e-7a1d-4d3e-9d52-1a2b3c4d5e6f"}
ADD = {"type": "Add", "queryId": 0, "udfPath": "values:echo", "args": [{"value": 1.0}]}
FATAL: dict[str, str | bytes] = {
    "no JSON": "hello",
    "nothing": "",
    "half a message": '{"type":"Connect"',
    "no object": "[1, 2]",
    "no type": "{}",
    "an unknown type": '{"type":"Dance"}',
    "a type that is no string": '{"type":7}',
    "Connect without a session": '{"type":"Connect","connectionCount":0}',
    "a session that is no UUID": json.dumps(
        {"type": "Connect", "sessionId": "me", "connectionCount": 0, "lastCloseReason": None}
    ),
    "a number for a path": '{"type":"Mutation","requestId":0,"udfPath":5,"args":[{}]}',
    "no arguments": '{"type":"Mutation","requestId":0,"udfPath":"a:b"}',
    "a negative request": '{"type":"Mutation","requestId":-1,"udfPath":"a:b","args":[{}]}',
    "a request past u32": '{"type":"Mutation","requestId":4294967296,"udfPath":"a:b","args":[{}]}',
    "a fraction for a request": '{"type":"Mutation","requestId":0.5,"udfPath":"a:b","args":[{}]}',
    "modifications that are no list": json.dumps(
        {"type": "ModifyQuerySet", "baseVersion": 0, "newVersion": 1, "modifications": {}}
    ),
    "an unknown modification": json.dumps(
        {
            "type": "ModifyQuerySet",
            "baseVersion": 0,
            "newVersion": 1,
            "modifications": [{"type": "Keep", "queryId": 0}],
        }
    ),
    "a wrong base version": json.dumps(
        {"type": "ModifyQuerySet", "baseVersion": 3, "newVersion": 4, "modifications": []}
    ),
    "a version that does not grow": json.dumps(
        {"type": "ModifyQuerySet", "baseVersion": 0, "newVersion": 0, "modifications": []}
    ),
    "an unknown token type": '{"type":"Authenticate","baseVersion":0,"tokenType":"Magic"}',
    "bytes that are no UTF-8": b'{"type":"Connect\xff"}',
}
INTERNAL = {
    "a query added twice": [ADD, ADD],
    "a query removed that is not there": [{"type": "Remove", "queryId": 9}],
}


def deep(levels: int) -> Wire:
    """Arrays in arrays."""
    value: Wire = 1.0
    for _ in range(levels):
        value = [value]
    return value


REFUSED: dict[str, str] = {
    "a $-key": '{"value": {"$set": [1]}}',
    "a $-key among others": '{"value": {"a": 1, "$b": 2}}',
    "a $-key in the arguments": '{"$value": 1, "value": 2}',
    "an int64 that is no base64": '{"value": {"$integer": "!!!"}}',
    "an int64 of 7 bytes": '{"value": {"$integer": "AAAAAAAAAA=="}}',
    "an int64 without padding": '{"value": {"$integer": "AAAAAAAAAAA"}}',
    "a float that needs no $float": '{"value": {"$float": "AAAAAAAA+D8="}}',
    "a float of 4 bytes": '{"value": {"$float": "AADAfw=="}}',
    "bytes that are no base64": '{"value": {"$bytes": "?"}}',
    "a lone surrogate": '{"value": "\\ud800"}',
    "a lone surrogate in a key": '{"value": {"\\udc00": 1}}',
    "a key that is not ASCII": '{"value": {"é": 1}}',
    "a key with a newline": '{"value": {"a\\nb": 1}}',
    "a key of 1025 characters": json.dumps({"value": {"k" * 1025: 1}}),
    "65 levels": json.dumps({"value": deep(64)}),
    "8193 elements": json.dumps({"value": [0] * 8193}),
    "1025 fields": json.dumps({"value": {f"f{n}": 0 for n in range(1025)}}),
}


@pytest.fixture
async def bystander(connect: Connect, server: Server, name: str) -> AsyncIterator[Client]:
    """A client that must not notice; what it shows afterwards proves it."""
    client = await connect("npm", server.url)
    view: Subscription = client.subscribe("counters:get", name=name)
    await view.until(0)
    yield client
    assert await client.mutation("counters:increment", name=name) == 1
    await view.until(1)
    assert (await client.ask("state"))["connectionCount"] == 1


async def usable(socket: RawSocket) -> None:
    """The socket still answers."""
    await socket.add(99, "values:echo", {"value": "fine"})
    assert (await socket.result_of(99))["value"] == "fine"


@pytest.mark.parametrize("case", sorted(FATAL))
async def test_what_cannot_be_read_is_fatal_for_its_sender(
    raw_socket: OpenSocket, server: Server, bystander: Client, case: str
) -> None:
    """FatalError and a close without a code, for this connection only."""
    socket = await raw_socket(server.url)
    message = FATAL[case]
    if isinstance(message, bytes):
        await socket.send_bytes(message)
    else:
        await socket.send_text(message)
    messages, code, _ = await socket.closed()
    if isinstance(message, bytes):
        assert code in (None, 1007)  # a WebSocket library may refuse the frame itself
    else:
        assert [entry["type"] for entry in messages] == ["FatalError"]
        assert isinstance(messages[0]["error"], str)
        assert code is None


@pytest.mark.parametrize("case", sorted(INTERNAL))
async def test_a_query_set_that_does_not_add_up(
    raw_socket: OpenSocket, server: Server, bystander: Client, case: str
) -> None:
    """Adding twice or removing nothing closes 1011, without FatalError."""
    socket = await raw_socket(server.url)
    modifications = INTERNAL[case]
    await socket.send(
        {
            "type": "ModifyQuerySet",
            "baseVersion": 0,
            "newVersion": 1,
            "modifications": modifications,
        }
    )
    messages, code, _ = await socket.closed()
    assert code == 1011
    assert not any(entry["type"] == "FatalError" for entry in messages)


async def test_a_wrong_identity_version_closes(
    raw_socket: OpenSocket, server: Server, bystander: Client
) -> None:
    """Authenticate on a version that is not the current one is an internal error."""
    socket = await raw_socket(server.url)
    await socket.send({"type": "Authenticate", "baseVersion": 5, "tokenType": "None"})
    _, code, _ = await socket.closed()
    assert code == 1011


@pytest.mark.parametrize("case", sorted(REFUSED))
async def test_a_value_that_is_none_is_a_function_error(
    raw_socket: OpenSocket, server: Server, bystander: Client, case: str
) -> None:
    """The mutation fails, nothing is written, and the socket goes on."""
    socket = await raw_socket(server.url)
    await socket.connect()
    text = f'{{"type":"Mutation","requestId":0,"udfPath":"values:store","args":[{REFUSED[case]}]}}'
    await socket.send_text(text)
    response = await socket.receive("MutationResponse")
    assert response["success"] is False
    assert response["ts"] is None
    assert isinstance(response["result"], str)
    assert "errorData" not in response
    await usable(socket)


async def test_64_levels_are_a_value(raw_socket: OpenSocket, server: Server) -> None:
    """The bound itself is inside."""
    socket = await raw_socket(server.url)
    await socket.connect()
    await socket.add(0, "values:echo", {"value": deep(63)})
    assert (await socket.result_of(0))["value"] == deep(63)


async def test_a_document_nests_16_levels(connect: Connect, server: Server) -> None:
    """Deeper than a document may be is refused when it is written."""
    client = await connect("npm", server.url)
    assert await client.mutation("values:store", value=deep(14))
    with pytest.raises(RemoteError):
        await client.mutation("values:store", value=deep(17))


async def test_nan_is_a_number_but_no_integer(connect: Connect, server: Server) -> None:
    """NaN where a whole number is declared is refused, as NaN in plain JSON is."""
    client = await connect("npm", server.url)
    nan = {"$float": "AAAAAAAA+H8="}
    with pytest.raises(RemoteError, match="Error"):
        await client.mutation("counters:increment", name="nan", by=nan)
    assert await client.query("values:echo", value=nan) == nan


async def test_bare_nan_is_no_json(
    raw_socket: OpenSocket, server: Server, bystander: Client
) -> None:
    """Python's own JSON would take it; the wire does not."""
    socket = await raw_socket(server.url)
    text = '{"type":"Mutation","requestId":0,"udfPath":"values:store","args":[{"value":NaN}]}'
    await socket.send_text(text)
    messages, _, _ = await socket.closed()
    assert [entry["type"] for entry in messages] == ["FatalError"]


@pytest.mark.parametrize(
    "args", [[], [{}, {}], {}, "text", [5], [None]], ids=lambda args: json.dumps(args)
)
async def test_arguments_are_one_object(
    raw_socket: OpenSocket, server: Server, bystander: Client, args: Any
) -> None:
    """Anything but an array of one object is refused: as a message or as a call."""
    socket = await raw_socket(server.url)
    await socket.connect()
    await socket.send({"type": "Mutation", "requestId": 0, "udfPath": "values:store", "args": args})
    answer = await socket.receive("MutationResponse", "FatalError")
    assert answer["type"] == "FatalError" or answer["success"] is False


@pytest.mark.parametrize(
    ("path", "args", "words"),
    [
        ("values:measure", {}, "ArgumentValidationError: Object is missing the required field"),
        ("counters:increment", {"name": 1.0}, "ArgumentValidationError: Value does not match"),
        ("counters:increment", {"name": "x", "more": 1}, "contains extra field `more`"),
        ("items:remove", {"id": "nonsense"}, "ArgumentValidationError: "),
        ("items:remove", {"id": 5.0}, "ArgumentValidationError: Value does not match"),
        ("nowhere:nothing", {}, "Could not find public function for 'nowhere:nothing'"),
        ("counters:reset", {"name": "x"}, "Could not find public function for 'counters:reset'"),
        ("counters:get", {"name": "x"}, "as Mutation, but it is defined as Query."),
        ("_system/cli/tables", {}, "do not have permission"),
        ("../../etc:passwd", {}, "Could not find public function"),
        ("counters:__init__", {}, "Could not find public function"),
        ("counters:find", {"name": "x"}, "Could not find public function"),
    ],
)
async def test_wrong_calls(
    connect: Connect, server: Server, bystander: Client, path: str, args: Wire, words: str
) -> None:
    """Each says what is wrong in Convex's words, and the client goes on."""
    client = await connect("npm", server.url)
    with pytest.raises(RemoteError) as refused:
        await client.mutation(path, **args)
    assert words in refused.value.message
    assert await client.query("values:echo", value=1.0) == 1


async def test_an_id_of_another_table(connect: Connect, server: Server, name: str) -> None:
    """The id of a value is no id of an item; both tables keep what they have."""
    client = await connect("npm", server.url)
    value_id = await client.mutation("values:store", value=name)
    with pytest.raises(RemoteError) as refused:
        await client.mutation("items:remove", id=value_id)
    assert f'Found ID "{value_id}" from table `values`' in refused.value.message
    assert await client.query("values:load", id=value_id) == name


async def close_code_after(server: Server, frames: Iterable[bytes]) -> int:
    """Sends these bytes over a socket opened by hand; gives the code of the answering close."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        writer.write(
            f"GET {NPM_PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\n"
            "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n".encode()
        )
        assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
        with suppress(ConnectionError):  # the server need not read on once it has refused
            for frame in frames:
                writer.write(frame)
                await writer.drain()
        answer = FrameReader()
        async with asyncio.timeout(10):
            while data := await reader.read(65536):
                for sent in answer.feed(data):
                    if sent.opcode == CLOSE:
                        return int.from_bytes(sent.payload[:2], "big")
        raise AssertionError("the server said nothing")
    finally:
        writer.transport.abort()


async def test_an_oversized_frame_is_refused_by_its_head(server: Server, bystander: Client) -> None:
    """1009 as soon as the length is known: the server's memory is not the client's to fill."""
    assert await close_code_after(server, [client_frame(TEXT, 2**40, b"{")]) == 1009


async def test_an_oversized_message_in_small_frames(server: Server, bystander: Client) -> None:
    """Fragments are counted together."""
    part = b" " * 2**20
    first = client_frame(TEXT, len(part), part, last=False)
    more = client_frame(0, len(part), part, last=False)
    assert await close_code_after(server, [first, *[more] * 79]) == 1009


async def test_arguments_of_17_mebibytes(
    raw_socket: OpenSocket, server: Server, bystander: Client
) -> None:
    """Arguments past 16 MiB are a function error with both numbers."""
    socket = await raw_socket(server.url)
    await socket.connect()
    await socket.mutate("values:echoWrite", {"value": ["x" * 2**20] * 17})
    response = await socket.receive("MutationResponse")
    assert response["success"] is False
    assert "are too large" in response["result"]
    await usable(socket)


async def test_binary_frames(raw_socket: OpenSocket, server: Server, bystander: Client) -> None:
    """Only text frames are messages."""
    socket = await raw_socket(server.url)
    await socket.send_binary(json.dumps(CONNECT).encode())
    messages, code, _ = await socket.closed()
    assert code in (None, 1003)
    assert all(entry["type"] == "FatalError" for entry in messages)


@pytest.mark.parametrize("version", ["banana", "1", "1.48", "1.48.0.0", "-1.0.0"])
async def test_a_version_that_is_none(raw_socket: OpenSocket, server: Server, version: str) -> None:
    """The path's version must be one: 400 `InvalidVersion`."""
    with pytest.raises(InvalidStatus) as refused:
        await raw_socket(server.url, path=f"/api/{version}/sync")
    response = refused.value.response
    assert response.status_code == 400
    assert json.loads(response.body or b"")["code"] == "InvalidVersion"


@pytest.mark.parametrize("path", ["/api/0.19.1/sync", "/api/0.1.0/sync"])
async def test_a_version_that_is_too_old(raw_socket: OpenSocket, server: Server, path: str) -> None:
    """npm up to 0.19.1 is refused with words for its console."""
    with pytest.raises(InvalidStatus) as refused:
        await raw_socket(server.url, path=path)
    response = refused.value.response
    assert response.status_code == 400
    assert json.loads(response.body or b"")["code"] == "ClientVersionUnsupported"
    assert "x-convex-deprecation-message" in response.headers


async def test_events_are_swallowed(raw_socket: OpenSocket, server: Server) -> None:
    """`Event` never fails and is never answered, whatever it holds."""
    socket = await raw_socket(server.url)
    await socket.send({"type": "Event", "eventType": "ClientConnect", "event": None})
    await socket.send({"type": "Event", "eventType": "Nonsense", "event": {"deep": [[]]}})
    await usable(socket)


async def test_unknown_fields_are_ignored(raw_socket: OpenSocket, server: Server) -> None:
    """A newer client may say more."""
    socket = await raw_socket(server.url)
    await socket.connect(newIdea={"a": 1}, clientTs=5)
    await usable(socket)


@pytest.mark.parametrize("path", ["values:echo", "values.js:echo"])
async def test_paths_with_and_without_js(raw_socket: OpenSocket, server: Server, path: str) -> None:
    """Python sends `values.js:echo` after a reconnect."""
    socket = await raw_socket(server.url)
    await socket.add(0, path, {"value": 1.0})
    assert (await socket.result_of(0))["value"] == 1


async def test_more_mutations_than_a_socket_may_queue(
    raw_socket: OpenSocket, server: Server, bystander: Client, name: str
) -> None:
    """Past 1,000 waiting the socket closes with 1013 and the reason; what ran had its answer."""
    socket = await raw_socket(server.url)
    for _ in range(1100):
        await socket.mutate("counters:incrementSlowly", {"name": f"{name} many", "ms": 20.0})
    messages, code, reason = await socket.closed()
    assert (code, reason) == (1013, "TooManyConcurrentMutations")
    assert all(entry["type"] in ("MutationResponse", "Transition") for entry in messages)
