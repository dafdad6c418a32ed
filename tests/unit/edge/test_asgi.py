"""The sync protocol over an ASGI server's own WebSockets."""

from __future__ import annotations

from collections import deque
from typing import Any

import pytest
from starlette.testclient import TestClient
from starlette.types import Message
from starlette.websockets import WebSocketDisconnect
from websockets.frames import Frame, Opcode

from reactor import Reactor
from reactor.edge.asgi import AsgiSync, payloads_of
from reactor.edge.frames import text_frame
from tests.unit.sample import schema
from tests.unit.sample.world import FUNCTIONS, World, add


class Wire:
    """An ASGI WebSocket whose far end a test plays."""

    def __init__(self, world: World, path: str = "/api/1.31.0/sync") -> None:
        self.incoming: deque[Message] = deque([{"type": "websocket.connect"}])
        self.sent: list[Message] = []
        self.is_broken = False
        self._world = world
        scope: dict[str, Any] = {"type": "websocket", "path": path, "headers": []}
        background = world.hub.background
        self.task = background.start(AsgiSync(world.hub)(scope, self.receive, self.send))

    async def receive(self) -> Message:
        while not self.incoming:
            await self._world.backend.clock.sleep(0)
        return self.incoming.popleft()

    async def send(self, message: Message) -> None:
        if self.is_broken:
            raise OSError("gone")
        self.sent.append(message)

    def say(self, text: str) -> None:
        self.incoming.append({"type": "websocket.receive", "text": text})

    def leave(self) -> None:
        self.incoming.append({"type": "websocket.disconnect", "code": 1001})

    def of(self, kind: str) -> list[Message]:
        return [message for message in self.sent if kind in message.get("text", "")]


MUTATION = '{"type":"Mutation","requestId":%d,"udfPath":"counters:add","args":[{"name":"x"}]}'


async def test_a_client_is_served_until_it_goes(world: World) -> None:
    wire = Wire(world)
    wire.say(MUTATION % 0)
    await world.settle()
    assert [len(wire.of(kind)) for kind in ("MutationResponse", "Transition")] == [1, 1]
    wire.leave()
    await world.settle()
    assert wire.task.done()
    assert not world.hub.sessions


async def test_broken_messages_end_the_connection(world: World) -> None:
    wire = Wire(world)
    wire.say("{")
    await world.settle()
    assert len(wire.of("FatalError")) == 1
    assert wire.sent[-1]["type"] == "websocket.close"
    wire.leave()
    await world.settle()
    assert wire.task.done()


async def test_bytes_are_no_message(world: World) -> None:
    wire = Wire(world)
    wire.incoming.append({"type": "websocket.receive", "bytes": b"x"})
    await world.settle()
    assert wire.task.done()
    assert not world.hub.sessions


async def test_a_line_that_breaks_while_sending(world: World) -> None:
    wire = Wire(world)
    await world.settle()
    wire.is_broken = True
    wire.say(MUTATION % 0)
    await world.settle()
    wire.leave()
    await world.settle()
    assert wire.task.done()
    assert not world.hub.sessions


async def test_old_clients_are_turned_away(world: World) -> None:
    wire = Wire(world, "/api/0.1.0/sync")
    await world.settle()
    assert wire.sent == [
        {"type": "websocket.close", "code": 1008, "reason": "unsupported client version"}
    ]


@pytest.mark.parametrize("size", [0, 5, 125, 126, 65_535, 65_536])
def test_prepared_frames_give_their_payloads_back(size: int) -> None:
    frames = text_frame(b"x" * size) + Frame(Opcode.TEXT, b"end", True).serialize(mask=False)
    assert payloads_of(frames) == [b"x" * size, b"end"]


def test_a_project_is_an_asgi_application(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """`uvicorn server:app`: the server's lifespan opens and closes the database."""
    monkeypatch.setenv("REACTOR_ENV", "dev")
    monkeypatch.setenv("REACTOR_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("REACTOR_WRITER", "thread")
    app = Reactor(functions=FUNCTIONS, schema=schema)
    with TestClient(app) as client, client.websocket_connect("/api/1.31.0/sync") as socket:
        socket.send_json(
            {
                "type": "ModifyQuerySet", "baseVersion": 0, "newVersion": 1,
                "modifications": [add(0, "counters:get", name="x")],
            }
        )  # fmt: skip
        assert socket.receive_json()["modifications"][0]["value"] == 0
        body = {"path": "counters:add", "args": {"name": "x"}}
        assert client.post("/api/mutation", json=body).json()["value"] == 1
        assert socket.receive_json()["modifications"][0]["value"] == 1
        with pytest.raises(WebSocketDisconnect), client.websocket_connect("/api/0.1.0/sync"):
            pass
    with TestClient(app) as client:
        body = {"path": "counters:get", "args": {"name": "x"}}
        assert client.post("/api/query", json=body).json()["value"] == 1
