"""OpenAI's stand-in, asked by OpenAI's own client."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from tests.unit.examples.world import World

HEADERS = {"authorization": "Bearer sandbox"}


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    yield made
    await made.client.aclose()


async def ask(world: World, prompt: str, **more: Any) -> httpx2.Response:
    """One completion, without waiting between words."""
    body = {"model": "m", "messages": [{"role": "user", "content": prompt}], **more}
    return await world.client.post("/openai/v1/chat/completions", json=body, headers=HEADERS)


def events(answer: httpx2.Response) -> list[dict[str, Any]]:
    lines = [line.removeprefix("data: ") for line in answer.text.split("\n\n") if line]
    assert lines.pop() == "[DONE]"
    return [json.loads(line) for line in lines]


async def test_the_answer_is_the_same_every_time(world: World) -> None:
    first = (await ask(world, '@@{"delayMs": 0}@@ halo')).json()
    text = first["choices"][0]["message"]["content"]
    assert text.startswith("w1 w2 ")
    assert text.endswith(" w24")
    assert first["usage"] == {"prompt_tokens": 6, "completion_tokens": 24, "total_tokens": 30}


async def test_a_stream_adds_up_to_the_answer(world: World) -> None:
    prompt = '@@{"text": "satu dua  tiga", "delayMs": 0}@@'
    answer = await ask(world, prompt, stream=True, stream_options={"include_usage": True})
    assert answer.headers["content-type"].startswith("text/event-stream")
    *chunks, usage = events(answer)
    deltas = [chunk["choices"][0]["delta"].get("content", "") for chunk in chunks]
    assert "".join(deltas) == "satu dua  tiga"
    assert chunks[-1]["choices"][0]["finish_reason"] == "stop"
    assert (usage["choices"], usage["usage"]["completion_tokens"]) == ([], 4)


async def test_usage_comes_only_when_it_is_asked_for(world: World) -> None:
    answer = await ask(world, '@@{"words": 1, "delayMs": 0}@@', stream=True)
    assert all(chunk["choices"] for chunk in events(answer))


@pytest.mark.parametrize(("status", "code"), [(429, "rate_limit_exceeded"), (503, "server_error")])
async def test_it_fails_when_it_is_told_to(world: World, status: int, code: str) -> None:
    answer = await ask(world, f'@@{{"status": {status}}}@@')
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_a_stream_that_breaks(world: World) -> None:
    """No end, no usage: the connection is gone in the middle."""
    with pytest.raises(ConnectionAbortedError):
        await ask(world, '@@{"breakAfter": 2, "delayMs": 0}@@', stream=True)


async def test_json_on_request(world: World) -> None:
    wants = {"response_format": {"type": "json_object"}}
    good = (await ask(world, '@@{"delayMs": 0}@@', **wants)).json()
    questions = json.loads(good["choices"][0]["message"]["content"])["questions"]
    assert len(questions) == 10
    assert all(0 <= one["correctIndex"] < len(one["options"]) for one in questions)
    bad = (await ask(world, '@@{"badJson": true, "delayMs": 0}@@', **wants)).json()
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(bad["choices"][0]["message"]["content"])


async def test_what_openai_would_refuse_is_refused(world: World) -> None:
    path = "/openai/v1/chat/completions"
    assert (await world.client.post(path, json={})).status_code == 401
    bodies: list[dict[str, Any]] = [{}, {"model": "m", "messages": []}]
    for body in bodies:
        answer = await world.client.post(path, json=body, headers=HEADERS)
        assert answer.json()["error"]["type"] == "invalid_request_error"
    assert (await ask(world, '@@{"words": "many"}@@')).status_code == 400
    models = await world.client.get("/openai/v1/models", headers=HEADERS)
    assert "gpt-3.5-turbo" in [row["id"] for row in models.json()["data"]]
