"""Journeys 11 and 12: asking the AI, up to the limit, while others watch the answer grow."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from tests.compat.support.client import RemoteError
from tests.journeys.stage import DAY_MS, Stage, Tab

MODEL = "gpt-3.5-turbo"
JAKARTA_MS = 7 * 3_600_000.0


async def ask(tab: Tab) -> Any:
    """One question: the answer, or the error's data."""
    try:
        return await tab.action("ai:generatePlaygroundResponse", prompt="Why?", model=MODEL)
    except RemoteError as error:
        return error.data


def next_midnight() -> float:
    """Of Jakarta, in ms."""
    now = time.time() * 1000 + JAKARTA_MS
    return now - now % DAY_MS + DAY_MS - JAKARTA_MS


async def test_playground_limit(stage: Stage) -> None:
    """Ten questions at once: five answers, and the page shows that none is left."""
    tab, admin = await stage.newcomer(), await stage.admin()
    usage = tab.live("ai:getUsage")
    assert (await usage.shows(lambda value: value is not None))["remaining"] == 5
    midnight = next_midnight()
    results = await asyncio.gather(*(ask(tab) for _ in range(10)))
    answers = [one["response"] for one in results if "response" in one]
    assert len(answers) == 5
    assert set(answers) == {" ".join(f"w{number}" for number in range(1, 25))}
    refusals = [one for one in results if "response" not in one]
    refused = {
        "code": "DAILY_LIMIT_REACHED",
        "message": "Daily limit reached for free users",
        "limit": 5,
        "used": 5,
        "resetsAt": midnight,
    }
    assert refusals == [refused] * 5
    assert (await usage.shows(lambda value: value["remaining"] == 0))["resetsAt"] == midnight
    assert await ask(tab) == refused
    assert all("response" in one for one in [await ask(admin) for _ in range(6)])


async def test_watching_tokens(stage: Stage) -> None:
    """Another tab of the same person sees the answer grow; only when shared do others see it."""
    tab, stranger = await stage.newcomer(), await stage.newcomer()
    other, visitor = await stage.tab(tab.subject), await stage.tab(kind="pypi")
    prompt = '@@{"words":60,"delayMs":40}@@'
    started = await tab.mutation("ai:startPlayground", prompt=prompt, model=MODEL)
    session = started["sessionId"]
    view = other.live("ai:getSession", sessionId=session)
    done = await view.shows(lambda value: value["status"] == "done", 30)
    whole = " ".join(f"w{number}" for number in range(1, 61))
    assert done["response"] == whole
    assert done["tokensUsed"] == done["promptTokens"] + done["completionTokens"] > 0
    assert done["cost"] == round(done["tokensUsed"] * 0.002 / 1000, 8)
    grown = [value["response"] for value in view.changes]
    assert all(whole.startswith(text) for text in grown)
    assert [len(text) for text in grown] == sorted(len(text) for text in grown)
    assert len(set(grown) - {""}) >= 5
    refused = await stranger.refusal("query", "ai:getSession", sessionId=session)
    assert refused["code"] == "NOT_FOUND"

    gallery = visitor.live("ai:listPublic")
    await gallery.shows(lambda value: value is not None)
    await tab.mutation("ai:setPublic", sessionId=session, isPublic=True)
    shared = await gallery.shows(lambda value: session in [it["_id"] for it in value["sessions"]])
    shown = next(it for it in shared["sessions"] if it["_id"] == session)
    assert set(shown) <= {
        "_id", "title", "prompt", "response", "model", "explanation", "createdAt", "authorName",
    }  # fmt: skip
    assert str(tab.subject) not in str(shown)
