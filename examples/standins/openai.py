"""OpenAI's stand-in: chat completions that are the same every time, whole or word by word."""

from __future__ import annotations

import asyncio
import json
import math
import re
from collections.abc import AsyncGenerator
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, Router
from starlette.types import Receive, Scope, Send

from examples.standins.sandbox import Clock, Drop, Link, Service

WORDS: Final = 24
WORD_DELAY_MS: Final = 10.0
MODELS: Final = ("gpt-4-turbo-preview", "gpt-3.5-turbo", "stand-in-large", "stand-in-small")

_DIRECTIVE: Final = re.compile(r"@@(\{.*?\})@@", re.DOTALL)


class Directive(BaseModel):
    """What a prompt may ask the stand-in for, as JSON between `@@`."""

    model_config = ConfigDict(extra="forbid")

    words: int = Field(default=WORDS, ge=0, le=10_000)
    delayMs: float = Field(default=WORD_DELAY_MS, ge=0, le=60_000)  # noqa: N815  # as in a prompt
    text: str | None = None
    status: int | None = Field(default=None, ge=400, le=599)
    breakAfter: int | None = Field(default=None, ge=0)  # noqa: N815  # as in a prompt
    hangAfter: int | None = Field(default=None, ge=0)  # noqa: N815  # as in a prompt
    badJson: bool = False  # noqa: N815  # as in a prompt


class ChatMessage(BaseModel):
    """One message of a chat."""

    role: str
    content: str


class ChatRequest(BaseModel):
    """`POST /chat/completions`; parameters that change nothing here are ignored."""

    model: str = Field(min_length=1)
    messages: list[ChatMessage] = Field(min_length=1)
    stream: bool = False
    stream_options: dict[str, Any] | None = None
    response_format: dict[str, Any] | None = None

    @property
    def wants_usage(self) -> bool:
        """Whether a stream ends with what it has cost."""
        return bool((self.stream_options or {}).get("include_usage"))

    @property
    def wants_json(self) -> bool:
        """Whether the answer must be a JSON object."""
        return (self.response_format or {}).get("type") in ("json_object", "json_schema")


class OpenAI:
    """One account.

    Args:
        clock: stamps answers and waits between words.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._count = 0

    def service(self) -> Service:
        """What the sandbox mounts under `/openai`."""
        routes = [
            Route("/v1/models", self._models),
            Route("/v1/chat/completions", _Chat(self), methods=["POST"]),
        ]
        return Service(
            name="openai",
            title="OpenAI",
            app=Router(routes),
            reset=self._reset,
            links=_LINKS,
        )

    async def _models(self, request: Request) -> Response:
        if not _has_key(request):
            return _no_key()
        rows = [{"id": name, "object": "model", "owned_by": "stand-in"} for name in MODELS]
        return JSONResponse({"object": "list", "data": rows})

    async def answer(self, request: Request) -> Response | Answer:
        """What to do with a request: refuse it, or say these words."""
        if not _has_key(request):
            return _no_key()
        try:
            asked = ChatRequest.model_validate_json(await request.body())
            directive = _directive(asked)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(map(str, first["loc"]))
            return _problem(400, f"{where}: {first['msg']}", "invalid_request_error", None)
        if directive.status is not None:
            kind = "rate_limit_exceeded" if directive.status == 429 else "server_error"
            return _problem(directive.status, "The stand-in was told to fail.", kind, kind)
        self._count += 1
        created = int(self._clock.now_ms() / 1000)
        return Answer(f"chatcmpl-{self._count}", created, asked, directive)

    async def sleep(self, ms: float) -> None:
        """Waits between two words."""
        if ms:
            await self._clock.sleep(ms / 1000)

    def _reset(self) -> None:
        self._count = 0


class Answer:
    """One answer, decided before its first word is sent.

    Args:
        id: the completion's.
        created: seconds since the epoch.
        asked: the request.
        directive: what its prompt asked for.
    """

    def __init__(self, id: str, created: int, asked: ChatRequest, directive: Directive) -> None:
        self.id, self.created, self.asked, self.directive = id, created, asked, directive
        text = _questions() if asked.wants_json else directive.text
        if text is None:
            text = " ".join(f"w{number}" for number in range(1, directive.words + 1))
        self.text = text[: len(text) // 2] if directive.badJson else text

    @property
    def pieces(self) -> list[str]:
        """The words, each with the blank before it, so that they add up to the text."""
        first, *rest = self.text.split(" ")
        return [first, *(f" {word}" for word in rest)]

    @property
    def usage(self) -> dict[str, int]:
        """Tokens: one for four code points of a prompt, and one for each word of an answer."""
        letters = sum(len(message.content) for message in self.asked.messages)
        prompt, completion = max(1, math.ceil(letters / 4)), len(self.pieces) if self.text else 0
        return {
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "total_tokens": prompt + completion,
        }

    def whole(self) -> dict[str, Any]:
        """The answer in one piece."""
        message = {"role": "assistant", "content": self.text}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        return {**self._head("chat.completion"), "choices": [choice], "usage": self.usage}

    async def events(self, openai: OpenAI) -> AsyncGenerator[bytes]:
        """The answer word by word, as server-sent events.

        Raises:
            Drop: the prompt asked for a connection that breaks.
        """
        told = self.directive
        for number, piece in enumerate(self.pieces if self.text else []):
            await self._maybe_spoil(number)
            yield self._chunk({"role": "assistant", "content": piece} if not number else piece)
            await openai.sleep(told.delayMs)
        await self._maybe_spoil(len(self.pieces))
        yield self._event({"index": 0, "delta": {}, "finish_reason": "stop"})
        if self.asked.wants_usage:
            body = {**self._head("chat.completion.chunk"), "choices": [], "usage": self.usage}
            yield b"data: %b\n\n" % json.dumps(body).encode()
        yield b"data: [DONE]\n\n"

    async def _maybe_spoil(self, words_sent: int) -> None:
        if self.directive.breakAfter == words_sent:
            raise Drop
        if self.directive.hangAfter == words_sent:
            await asyncio.Event().wait()

    def _chunk(self, delta: dict[str, str] | str) -> bytes:
        whole = delta if isinstance(delta, dict) else {"content": delta}
        return self._event({"index": 0, "delta": whole, "finish_reason": None})

    def _event(self, choice: dict[str, Any]) -> bytes:
        body = {**self._head("chat.completion.chunk"), "choices": [choice]}
        return b"data: %b\n\n" % json.dumps(body).encode()

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.asked.model}


class _Chat:
    """The completions endpoint, as ASGI: a stream that breaks has no place in a Response."""

    def __init__(self, openai: OpenAI) -> None:
        self._openai = openai

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._openai.answer(Request(scope, receive))
        if isinstance(answer, Response):
            await answer(scope, receive, send)
        elif answer.asked.stream:
            await self._stream(answer, receive, send)
        else:
            await self._openai.sleep(answer.directive.delayMs * len(answer.pieces))
            await JSONResponse(answer.whole())(scope, receive, send)

    async def _stream(self, answer: Answer, receive: Receive, send: Send) -> None:
        gone = asyncio.ensure_future(_disconnected(receive))
        work = asyncio.ensure_future(self._send_all(answer, send))
        try:
            await asyncio.wait([gone, work], return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()
        finally:
            for task in (gone, work):
                task.cancel()
            await asyncio.gather(gone, work, return_exceptions=True)

    async def _send_all(self, answer: Answer, send: Send) -> None:
        headers = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-cache")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        async for event in answer.events(self._openai):
            await send({"type": "http.response.body", "body": event, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _directive(asked: ChatRequest) -> Directive:
    for message in reversed(asked.messages):
        found = _DIRECTIVE.search(message.content)
        if found is not None:
            return Directive.model_validate_json(found.group(1))
    return Directive()


def _questions() -> str:
    """Ten valid quiz questions."""
    levels = ("easy", "medium", "hard")
    rows = [
        {
            "question": f"Question {number}: which answer is right?",
            "options": [f"Answer {number}.{place}" for place in range(1, 5)],
            "correctIndex": number % 4,
            "explanation": f"Answer {number}.{number % 4 + 1} is right.",
            "difficulty": levels[number % 3],
        }
        for number in range(1, 11)
    ]
    return json.dumps({"questions": rows})


def _has_key(request: Request) -> bool:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    return scheme.lower() == "bearer" and bool(key.strip())


def _problem(status: int, message: str, kind: str, code: str | None) -> Response:
    error = {"message": message, "type": kind, "param": None, "code": code}
    return JSONResponse({"error": error}, status)


def _no_key() -> Response:
    message = "You didn't provide an API key."
    return _problem(401, message, "invalid_request_error", "invalid_api_key")


_LINKS: Final = (
    Link("GET /openai/v1/models", "any key will do"),
    Link(
        "POST /openai/v1/chat/completions",
        "a prompt may carry @@{words, delayMs, text, status, breakAfter, hangAfter, badJson}@@",
    ),
)
