"""OpenAI-compatible chat: asks once, and hands on the answer while it arrives."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, Final, cast
from urllib.parse import urlsplit

import httpx2
from openai import (
    APIStatusError,
    APITimeoutError,
    AsyncOpenAI,
    AsyncStream,
    BadRequestError,
    OpenAIError,
)
from openai.types.chat import ChatCompletionChunk
from pydantic import BaseModel, Field

from functions import _clients as clients
from functions._env import Env
from functions._tokens import Tokens, estimate

TIMEOUT_S: Final = 120.0
"""For the whole answer, the second try included."""

RETRY_DELAY_S: Final = 1.0
TOO_MANY_REQUESTS: Final = 429
SERVER_ERROR: Final = 500

_UNSUPPORTED: Final = ("unsupported_parameter", "unsupported_value")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What to ask: `model` is the public name, `max_tokens` bounds the answer."""

    model: str
    prompt: str
    temperature: float
    max_tokens: int
    wants_json: bool = False


class _Delta(BaseModel):
    content: str | None = None


class _Choice(BaseModel):
    delta: _Delta = _Delta()
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int = Field(ge=0)
    completion_tokens: int = Field(ge=0)


class _Chunk(BaseModel):
    """What we read of an event; the package's own class takes anything."""

    choices: list[_Choice] = []
    usage: _Usage | None = None


class _Cut(Exception):
    """The stream ended before the answer did."""


_BROKEN: Final = (OpenAIError, httpx2.HTTPError, ValueError, _Cut)


class ChatFailed(Exception):
    """The provider did not answer, or not to the end; the text is fit for users.

    Args:
        reason: what happened; never the provider's own words, which can hold part of a key.
        is_retryable: whether the same question can work later.
    """

    def __init__(self, reason: str, *, is_retryable: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_retryable = is_retryable


class Chat:
    """One question, and as much of its answer as has arrived in `text`."""

    def __init__(self, settings: Env, question: Question) -> None:
        self._settings = settings
        self._question = question
        self._counted: Tokens | None = None
        self._is_complete = False
        self.text = ""

    @property
    def tokens(self) -> Tokens:
        """As the provider counted them; estimated when it did not."""
        return self._counted or Tokens(estimate(self._question.prompt), estimate(self.text))

    async def pieces(self) -> AsyncGenerator[str]:
        """The answer piece by piece.

        What fails before the first piece is tried once more.

        Raises:
            ChatFailed: no answer, or only its beginning, which stays in `text`.
        """
        try:
            async with asyncio.timeout(TIMEOUT_S):
                async for piece in self._tries():
                    self.text += piece
                    yield piece
        except TimeoutError as error:
            raise ChatFailed("The AI provider took too long", is_retryable=True) from error
        except _BROKEN as error:
            raise _failure(error) from error

    async def whole(self) -> str:
        """The answer in one piece.

        Raises:
            ChatFailed: as `pieces`.
        """
        async for _ in self.pieces():
            pass
        return self.text

    async def _tries(self) -> AsyncGenerator[str]:
        try:
            async for piece in self._once():
                yield piece
            return
        except _BROKEN as error:
            if self.text or not _is_temporary(error):
                raise
        await clients.pause(RETRY_DELAY_S)
        async for piece in self._once():
            yield piece

    async def _once(self) -> AsyncGenerator[str]:
        http = clients.connect(self._settings.openai_base_url, timeout_s=TIMEOUT_S)
        async with AsyncOpenAI(
            api_key=self._settings.openai_api_key or "",
            base_url=self._settings.openai_base_url,
            http_client=http,
            max_retries=0,  # it does not know that nothing may be repeated after the first piece
        ) as client, await _ask(client, self._body()) as answer:  # fmt: skip
            async for event in answer:
                chunk = _Chunk.model_validate(event.to_dict())
                if chunk.usage is not None:
                    self._counted = Tokens(chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
                for choice in chunk.choices[:1]:
                    self._is_complete |= choice.finish_reason is not None
                    if choice.delta.content:
                        yield _storable(choice.delta.content)
        if not self._is_complete and self._counted is None:
            raise _Cut

    def _body(self) -> dict[str, Any]:
        question, base_url = self._question, self._settings.openai_base_url
        is_openai = urlsplit(base_url).hostname == "api.openai.com"
        body: dict[str, Any] = {
            "model": self._settings.provider_models.get(question.model, question.model),
            "messages": [{"role": "user", "content": question.prompt}],
            "temperature": question.temperature,
            "max_completion_tokens" if is_openai else "max_tokens": question.max_tokens,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if question.wants_json:
            body["response_format"] = {"type": "json_object"}
        return body


async def _ask(client: AsyncOpenAI, body: dict[str, Any]) -> AsyncStream[ChatCompletionChunk]:
    """Sends the request; without the parameter that the model turns out not to have."""
    try:
        return await _create(client, body)
    except BadRequestError as error:
        if error.code not in _UNSUPPORTED or error.param not in body:
            raise
        left = {name: value for name, value in body.items() if name != error.param}
    return await _create(client, left)


async def _create(client: AsyncOpenAI, body: dict[str, Any]) -> AsyncStream[ChatCompletionChunk]:
    return cast("AsyncStream[ChatCompletionChunk]", await client.chat.completions.create(**body))


def _storable(text: str) -> str:
    """The text without halves of characters, which no database takes."""
    return text.encode("utf-8", "replace").decode()


def _is_temporary(error: Exception) -> bool:
    if isinstance(error, APIStatusError):
        return error.status_code == TOO_MANY_REQUESTS or error.status_code >= SERVER_ERROR
    return not isinstance(error, ValueError)


def _failure(error: Exception) -> ChatFailed:
    is_temporary = _is_temporary(error)
    if isinstance(error, APIStatusError):
        reason = f"The AI provider answered with status {error.status_code}"
    elif isinstance(error, (APITimeoutError, httpx2.TimeoutException)):
        reason = "The AI provider took too long"
    elif isinstance(error, ValueError):
        reason = "The AI provider's answer cannot be read"
    else:
        reason = "The connection to the AI provider broke"
    return ChatFailed(reason, is_retryable=is_temporary)
