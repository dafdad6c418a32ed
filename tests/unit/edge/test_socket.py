"""The socket class alone, then under a real uvicorn on both kinds of event loop."""

from __future__ import annotations

import json

import httpx2
import pytest
from structlog.testing import capture_logs
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Opcode

from reactor import limits
from reactor.edge.frames import close_payload, control_frame, text_frame
from reactor.edge.socket import Refusal
from tests.unit.edge.fakes import Door, Ear, Line, raw, text
from tests.unit.edge.server import (
    MESSAGE_BYTES_MAX,
    Complaints,
    close_of,
    on_both_loops,
    serving,
    tls,
)

CLOSE_1011 = control_frame(0x8, close_payload(1011, "InternalServerError"))
HEAD = (
    b"GET /api/sync?a=1 HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)

# --- the socket alone ---------------------------------------------------------------------------


def test_messages_and_answers() -> None:
    line = Line()
    line.feed(text(b"one") + text(b"two")[:3], text(b"two")[:0])
    assert line.ear.calls == ["opened", "message"]
    assert line.connections == {line.socket}
    line.socket.send(b"answer")
    line.socket.write(text_frame(b"a") + text_frame(b"b"))
    assert line.transport.written == [text_frame(b"answer"), text_frame(b"a") + text_frame(b"b")]


def test_pings_are_answered_and_sent() -> None:
    line = Line()
    line.feed(text(b"hi", opcode=Opcode.PING), text(b"", opcode=Opcode.PONG))
    assert line.output == control_frame(0xA, b"hi")
    line.socket.ping()
    assert line.transport.written[-1] == control_frame(0x9)


def test_a_slow_client_cannot_fill_the_buffer_with_pings() -> None:
    """One that pings and never reads would grow the write buffer for ever."""
    line = Line()
    line.socket.pause_writing()
    assert line.socket.is_paused
    line.feed(*(text(bytes([number]), opcode=Opcode.PING) for number in range(100)))
    line.socket.ping()
    assert line.output == b""
    line.socket.resume_writing()
    assert line.output == control_frame(0xA, bytes([99]))
    assert line.ear.calls == ["opened", "writable"]
    line.socket.resume_writing()
    assert line.transport.written == [control_frame(0xA, bytes([99]))]


def test_a_client_with_too_much_unread_is_cut_off() -> None:
    """Its backlog would otherwise be the memory of everybody."""
    line = Line()
    line.transport.backlog = limits.BACKLOG_BYTES_MAX + 1
    line.socket.send(b"not paused: what the transport says does not count")
    line.socket.pause_writing()
    line.socket.send(b"x")
    assert line.transport.has_aborted
    assert line.socket.is_closing
    line.feed(text(b"late") + raw(0x83))
    line.socket.send(b"late")
    line.lose()
    assert line.ear.calls == ["opened", "closed"]
    assert len(line.transport.written) == 2


def test_a_paused_client_within_bounds_is_written_to() -> None:
    line = Line()
    line.socket.pause_writing()
    line.socket.send(b"x")
    assert line.output == text_frame(b"x")
    assert not line.transport.has_aborted


def test_writing_to_a_closed_transport_is_silent() -> None:
    """A dead client that raised into the committer would stall everybody's acknowledgements."""
    line = Line()
    line.transport.write_error = RuntimeError("closed")
    line.socket.send(b"uvloop raises here")
    line.transport.write_error = AssertionError("must not be called")
    line.transport.has_closed = True
    assert line.socket.is_closing
    line.socket.send(b"x")
    line.socket.ping()
    line.socket.close(1000)


@pytest.mark.parametrize(("code", "payload"), [(None, b""), (1000, close_payload(1000, "done"))])
def test_close_waits_for_the_client(code: int | None, payload: bytes) -> None:
    line = Line()
    line.socket.close(code, "done")
    line.socket.close(1011)
    line.socket.send(b"late")
    assert line.output == control_frame(0x8, payload)
    assert line.socket.is_closing
    assert not line.transport.has_closed
    line.feed(text(b"late") + text(b"", opcode=Opcode.PING))
    line.socket.pause_writing()
    line.socket.resume_writing()
    line.feed(text(payload, opcode=Opcode.CLOSE))
    assert line.transport.has_closed
    line.lose()
    assert line.ear.calls == ["opened", "closed"]
    assert line.output == control_frame(0x8, payload)
    assert line.connections == set()
    line.loop.advance(60)
    assert not line.transport.has_aborted


def test_close_does_not_wait_for_ever() -> None:
    """A half-open connection would hold its memory, and the server's shutdown, for ever."""
    line = Line()
    line.socket.close(1000)
    line.loop.advance(limits.CLOSE_WAIT_S - 0.1)
    assert not line.transport.has_aborted
    line.loop.advance(0.2)
    assert line.transport.has_aborted


def test_the_clients_close_is_echoed() -> None:
    line = Line()
    payload = close_payload(4000, "bye")
    line.feed(text(payload, opcode=Opcode.CLOSE) + text(b"behind"))
    line.feed(text(b"behind"))
    assert line.output == control_frame(0x8, payload)
    assert line.transport.has_closed
    line.loop.advance(60)  # its buffer never drained
    assert line.transport.has_aborted
    line.lose()
    assert line.ear.calls == ["opened", "closed"]


def test_a_violation_is_answered_and_the_rest_dropped() -> None:
    line = Line()
    line.feed(text(b"fine") + raw(0x81, said=1001), text(b"behind"))
    assert line.ear.messages == [b"fine"]
    assert line.output == control_frame(0x8, close_payload(1009, "message too big"))
    assert line.transport.has_written_eof
    assert not line.transport.has_closed
    line.socket.eof_received()
    line.loop.advance(60)
    assert line.transport.has_aborted


@pytest.mark.parametrize("error", [NotImplementedError, OSError, RuntimeError])
def test_a_transport_that_cannot_be_half_closed(error: type[Exception]) -> None:
    """TLS cannot; a reset connection will not."""
    line = Line()
    line.transport.eof_error = error()
    line.socket.close(1000)
    line.feed(raw(0x83))
    assert line.output == control_frame(0x8, close_payload(1000))
    assert line.transport.has_closed


def test_end_of_file_is_a_close() -> None:
    """The Python client hangs up without a close frame."""
    line = Line()
    line.socket.eof_received()
    line.feed(text(b"late"))
    line.socket.send(b"late")
    line.lose()
    assert line.ear.calls == ["opened", "closed"]
    assert line.output == b""
    assert all(timer.call is None for timer in line.loop.timers)


@pytest.mark.parametrize("name", ["opened", "message", "writable"])
def test_a_listener_that_raises_closes_its_own_socket(name: str) -> None:
    """A bug in one session must not reach the loop, uvicorn or anybody else's socket."""
    with capture_logs() as logs:
        line = Line(Ear(name))
        line.feed(text(b"one") + text(b"two"), text(b"three"))
        line.socket.resume_writing()
        line.feed(text(close_payload(1011), opcode=Opcode.CLOSE))
    assert line.output == CLOSE_1011
    assert line.transport.has_closed
    assert line.ear.calls.count(name) == 1
    assert [entry["log_level"] for entry in logs] == ["error"]


def test_a_listener_that_raises_at_the_end() -> None:
    with capture_logs() as logs:
        line = Line(Ear("closed"))
        line.lose()
    assert len(logs) == 1
    assert line.connections == set()


def test_the_client_is_heard_of_with_every_byte() -> None:
    """A large message on a slow line must not look like a dead client."""
    line = Line()
    assert line.socket.last_received == 100.0
    line.loop.advance(7)
    line.feed(text(b"one")[:1])
    assert line.socket.last_received == 107.0


def test_shutdown_says_that_the_server_restarts() -> None:
    line = Line()
    line.socket.shutdown()
    assert line.output == control_frame(0x8, close_payload(1012))


# --- the entrance -------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 50, 10_000])
async def test_a_handshake(size: int) -> None:
    ear = Ear()
    door = Door(ear)
    head = HEAD.replace(b"/api/", b"/%61pi/").replace(b"Host", b"X-A: 1\r\nx-a: 2\r\nHost")
    stream = head + text(b"early")
    line = await door.receive(*(stream[i : i + size] for i in range(0, len(stream), size)))
    assert line == b"HTTP/1.1 101 Switching Protocols"
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in door.transport.output
    (asked,) = door.asked
    assert (asked.path, asked.query, asked.scheme) == ("/api/sync", "a=1", "wss")
    assert asked.client == ("10.0.0.1", 4711)
    assert asked.headers["x-a"] == "1, 2"
    assert ear.messages == [b"early"]
    assert door.transport.protocol is ear.socket
    assert door.connections == {ear.socket}


async def test_no_extension_is_accepted() -> None:
    """Compressing each push for each client costs more than all the rest."""
    door = Door(Ear())
    offer = b"Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Protocol: chat\r\nHost"
    assert b"101" in await door.receive(HEAD.replace(b"Host", offer))
    assert b"Sec-WebSocket-Extensions" not in door.transport.output


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        (b"Sec-WebSocket-Key", b"X-Key", b"400 Bad Request"),
        (b"dGhlIHNhbXBsZSBub25jZQ==", b"short", b"400 Bad Request"),
        (b"Version: 13", b"Version: 8", b"426 Upgrade Required"),
        (b"Sec-WebSocket-Version: 13\r\n", b"", b"400 Bad Request"),
        (b"Upgrade: websocket", b"Upgrade: h2c", b"426 Upgrade Required"),
        (b"GET", b"PUT", b"405 Method Not Allowed"),
        (b"Host: test", b"Host test", b"400 Bad Request"),
        (b"Host: test", b"a: b\r\n" * 200, b"431 Request Header Fields Too Large"),
        (b"Host: test", b"a: " + b"b" * 9000, b"431 Request Header Fields Too Large"),
        (b"/api/sync", b"/" + b"a" * 9000, b"414 Request-URI Too Long"),
        (b"Host: test", b"a: " + b"b" * 70_000, b"431 Request Header Fields Too Large"),
    ],
)
async def test_bad_handshakes(old: bytes, new: bytes, status: bytes) -> None:
    door = Door(Ear())
    assert await door.receive(HEAD.replace(old, new)) == b"HTTP/1.1 " + status
    assert door.asked == []
    assert door.transport.has_closed
    assert (b"Sec-WebSocket-Version: 13" in door.transport.output) == (new == b"Version: 8")
    door.entrance.data_received(b"more")
    door.entrance.connection_lost(None)
    assert door.connections == set()


async def test_an_endless_head_is_refused() -> None:
    door = Door(Ear())
    assert await door.receive(HEAD[:-2], b"a: b\r\n" * 5000) == b""
    assert b"431" in await door.receive(b"a: b\r\n" * 7000)


async def test_a_refusal() -> None:
    """The client reads a status and the JSON that says why."""
    door = Door(Refusal(400, {"content-type": "application/json"}, b'{"code":"InvalidVersion"}'))
    assert await door.receive(HEAD) == b"HTTP/1.1 400 Bad Request"
    head, _, body = door.transport.output.partition(b"\r\n\r\n")
    assert body == b'{"code":"InvalidVersion"}'
    assert {b"content-type: application/json", b"Content-Length: 25"} <= set(head.split(b"\r\n"))
    assert door.transport.has_closed


@pytest.mark.parametrize("answer", [ZeroDivisionError(), Refusal(999, {}, b"")])
async def test_an_accept_that_raises(answer: Exception | Refusal) -> None:
    door = Door(answer)
    with capture_logs() as logs:
        assert await door.receive(HEAD) == b"HTTP/1.1 500 Internal Server Error"
    assert len(logs) == 1


async def test_other_paths_are_uvicorns() -> None:
    """What happens before uvicorn's protocol is in place reaches it all the same."""
    door = Door(None)
    door.entrance.pause_writing()
    door.entrance.resume_writing()
    assert not door.entrance.eof_received()
    door.entrance.data_received(HEAD)
    (fallback,) = door.fallbacks
    door.entrance.pause_writing()
    door.entrance.resume_writing()
    door.entrance.data_received(b"more")
    assert door.entrance.eof_received()
    await door.receive()
    assert door.transport.protocol is fallback
    door.entrance.connection_lost(None)
    assert fallback.calls == ["made", HEAD, "pause", "resume", b"more", "eof", "lost"]
    assert door.connections == set()


def test_shutdown_before_the_head() -> None:
    door = Door(None)
    door.entrance.shutdown()
    assert door.transport.has_closed


# --- under a real uvicorn -----------------------------------------------------------------------


@on_both_loops
async def test_echo() -> None:
    async with serving() as (server, _):
        client, echo = await server.open("/api/sync?x=1", additional_headers={"X-A": "1"})
        assert echo.handshake.headers["x-a"] == "1"
        assert (echo.handshake.query, echo.handshake.scheme) == ("x=1", "ws")
        assert echo.handshake.client == client.local_address
        for message in ("", "☃" * 100, "x" * MESSAGE_BYTES_MAX):
            await client.send(message)
            assert await client.recv() == message
        await client.send(["in ", "three ", "parts"])
        assert await client.recv() == "in three parts"
        await (await client.ping())
        for number in range(1000):
            await client.send(str(number))
        assert [await client.recv() for _ in range(1000)] == [str(n) for n in range(1000)]
        await client.close(4000, "bye")
        assert close_of(client) == (4000, "bye")
        await echo.is_closed.wait()


@on_both_loops
async def test_other_routes_on_the_same_port() -> None:
    """The developer's own Starlette routes must keep working beside the sync paths."""
    async with serving() as (server, running):
        async with server.connect("/shout") as client:
            await client.send("hello")
            assert await client.recv() == "HELLO"
            assert len(running.server_state.connections) == 1
        async with httpx2.AsyncClient(trust_env=False) as http:
            answer = await http.get(f"http://127.0.0.1:{server.port}/page")
        assert answer.text == "page /page"
        with pytest.raises(InvalidStatus) as missing:
            await server.connect("/nowhere")
        assert missing.value.response.status_code == 403
        with pytest.raises(InvalidStatus) as refused:
            await server.connect("/api/refused")
        assert json.loads(refused.value.response.body) == {"code": "InvalidVersion"}
        assert server.echoes == []


@on_both_loops
async def test_the_client_learns_why() -> None:
    """Back-off and error text of the official clients come from the code and the reason."""
    sent: list[tuple[str | bytes, int, str]] = [
        ("close 1013 TooManyConcurrentMutations", 1013, "TooManyConcurrentMutations"),
        ("close", 1005, ""),
        ("raise", 1011, "InternalServerError"),
        (b"binary", 1003, "only text messages are accepted"),
        ("x" * (2 * MESSAGE_BYTES_MAX), 1009, "message too big"),
    ]
    async with serving() as (server, _):
        bystander, _echo = await server.open()
        for message, code, reason in sent:
            client, echo = await server.open()
            with capture_logs():
                await client.send(message)
                with pytest.raises(ConnectionClosed):
                    await client.recv()
            assert close_of(client) == (code, reason)
            await echo.is_closed.wait()
        await bystander.send("still here")
        assert await bystander.recv() == "still here"


@on_both_loops
async def test_a_graceful_stop() -> None:
    async with serving() as (server, running):
        clients = [(await server.open())[0] for _ in range(20)]
        shouting = await server.connect("/shout")
        assert len(running.server_state.connections) == 21
    assert running.server_state.connections == set()
    for client in [*clients, shouting]:
        await client.wait_closed()
        assert client.close_code == 1012
    assert [echo.closed_count for echo in server.echoes] == [1] * 20


@on_both_loops
async def test_vanishing_clients() -> None:
    """Phones lose their network all the time: that is neither an error nor a line in the log."""
    with capture_logs() as logs, Complaints() as lines:
        async with serving() as (server, running):
            for number in range(20):
                client, echo = await server.open()
                if number % 2:
                    await client.send("fill")
                client.transport.abort()
                echo.socket.send(b"into the void" * 10_000)
                await echo.is_closed.wait()
                echo.socket.send(b"into the void")
            assert running.server_state.connections == set()
            assert [echo.closed_count for echo in server.echoes] == [1] * 20
    assert logs == []
    assert lines == []


@on_both_loops
async def test_a_slow_client_is_told_apart() -> None:
    async with serving() as (server, _):
        client, echo = await server.open(max_queue=1)
        await client.send("fill")
        await echo.is_full.wait()
        assert echo.socket.is_paused
        assert not echo.is_writable.is_set()
        while not echo.is_writable.is_set():
            assert len(await client.recv()) == 50_000
        assert not echo.socket.is_paused
        client.transport.abort()


@on_both_loops
async def test_over_tls() -> None:
    with tls() as (options, trust):
        async with serving("wss", **options) as (server, _):
            client, echo = await server.open(ssl=trust)
            assert echo.handshake.scheme == "wss"
            await client.send("x" * 100_000)
            assert await client.recv() == "x" * 100_000
            await client.send(b"binary")
            await client.wait_closed()
            assert client.close_code == 1003
            await echo.is_closed.wait()
