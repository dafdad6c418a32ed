"""What stands between a handler and the server: bounds, and clients that go."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import pytest
from starlette.types import Message

from reactor import limits
from reactor.edge.exchange import Exchange
from reactor.errors import BadRequest, LimitError
from reactor.runtime.tasks import Background

Body = Callable[["Line"], Awaitable[None]]


class Line:
    """A request that a test makes piece by piece, and the answer as it was sent."""

    def __init__(self, method: str = "POST", **headers: str) -> None:
        self.incoming: asyncio.Queue[Message] = asyncio.Queue()
        self.sent: list[Message] = []
        self.background = Background()
        self.answering = anyio.CancelScope()
        scope: dict[str, Any] = {
            "type": "http",
            "method": method,
            "headers": [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()],
        }
        self.exchange = Exchange(
            scope, self.incoming.get, self._send, self.background, self.answering
        )

    async def _send(self, message: Message) -> None:
        self.sent.append(message)

    async def run(self, body: Body) -> None:
        with self.answering:
            await body(self)
        self.exchange.close()
        await self.background.close()

    def says(self, body: bytes, *, more: bool = False) -> None:
        self.incoming.put_nowait({"type": "http.request", "body": body, "more_body": more})

    def goes(self) -> None:
        self.incoming.put_nowait({"type": "http.disconnect"})

    async def start(self, **headers: str) -> None:
        raw = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
        await self.exchange.send({"type": "http.response.start", "status": 200, "headers": raw})

    async def send(self, body: bytes, *, more: bool) -> None:
        await self.exchange.send({"type": "http.response.body", "body": body, "more_body": more})


async def test_a_stream_ends_when_the_client_goes() -> None:
    """An endless stream of events does not run on for nobody."""
    line = Line()
    line.says(b"unread")
    reached: list[str] = []

    async def forever(line: Line) -> None:
        await line.start()
        await line.send(b"first", more=True)
        line.goes()
        await asyncio.Event().wait()
        reached.append("the end")

    await line.run(forever)
    assert line.answering.cancelled_caught
    assert not reached


async def test_a_handler_may_read_while_it_answers() -> None:
    """Who listens for the client's end must not eat what the client says."""
    line = Line()
    line.says(b"a", more=True)
    heard: list[bytes] = []

    async def echo(line: Line) -> None:
        await line.start()
        await line.send(b"ready", more=True)
        await asyncio.sleep(0)  # noqa: TID251  # lets the listening begin
        line.says(b"b")
        for _ in range(2):
            message = await line.exchange.receive()
            heard.append(message["body"])
            await line.send(message["body"], more=True)
        await line.send(b"", more=False)

    await line.run(echo)
    assert heard == [b"a", b"b"]
    assert [message.get("body") for message in line.sent[1:]] == [b"ready", b"a", b"b", b""]


async def test_a_whole_answer_is_not_listened_to() -> None:
    line = Line()
    line.goes()

    async def answer(line: Line) -> None:
        await line.start()
        await line.send(b"x", more=False)

    await line.run(answer)
    assert not line.answering.cancelled_caught
    assert line.incoming.qsize() == 1


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
async def test_methods_without_a_body(method: str) -> None:
    line = Line(method)
    line.says(b"nonsense", more=True)

    async def read(line: Line) -> None:
        assert await line.exchange.receive() == {
            "type": "http.request", "body": b"", "more_body": False,
        }  # fmt: skip

    await line.run(read)


async def test_head_ends_a_stream_at_its_head() -> None:
    line = Line("HEAD")

    async def forever(line: Line) -> None:
        await line.start()
        while True:
            await line.send(b"x", more=True)
            await asyncio.sleep(0)  # noqa: TID251  # a stream lets others run

    await line.run(forever)
    assert [message.get("body", b"-") for message in line.sent] == [b"-", b""]


async def test_a_request_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "SITE_BODY_BYTES_MAX", 3)
    announced, growing = Line(content_length="4"), Line()
    growing.says(b"abc", more=True)
    growing.says(b"d")

    async def read(line: Line) -> None:
        while True:
            await line.exchange.receive()

    for line in (announced, growing):
        with pytest.raises(BadRequest) as refusal:
            await line.run(read)
        assert (refusal.value.status, refusal.value.code) == (413, "HttpRequestTooLarge")


async def test_an_answer_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """What announces its size is refused before it begins; a stream is cut."""
    monkeypatch.setattr(limits, "SITE_RESPONSE_BYTES_MAX", 3)

    async def announced(line: Line) -> None:
        await line.start(content_length="4")

    async def growing(line: Line) -> None:
        await line.start()
        await line.send(b"ab", more=True)
        await line.send(b"cd", more=True)

    whole, stream = Line(), Line()
    for line, body in ((whole, announced), (stream, growing)):
        with pytest.raises(LimitError):
            await line.run(body)
    assert not whole.exchange.is_started
    assert stream.exchange.is_started
    assert len(stream.sent) == 2
