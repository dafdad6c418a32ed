"""The playground: limits, streams, sharing, and the AI tools of editors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest

import schema
from functions import _clients as clients
from functions import ai
from functions._env import Env
from functions.types.playground import SessionDoc
from reactor import AppError, Id
from reactor.testing import Harness, open_harness
from schema import AiChunk, AiSession, AuditLog, DailyActive, Quiz
from tests.app.provider import Provider, prompt, serve_provider
from tests.app.support import ENV, Json, Reimaji, code_of, refusal

MODEL = "gpt-3.5-turbo"
ASK = "ai:generatePlaygroundResponse"


@pytest.fixture
async def provider(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Provider]:
    async with serve_provider() as provider:
        monkeypatch.setattr(clients, "pause", provider.pause)
        yield provider


@pytest.fixture
async def app(provider: Provider) -> AsyncIterator[Reimaji]:
    env = {**ENV, **provider.env, "AI_MODEL_MAP": '{"gpt-3.5-turbo": "stand-in-small"}'}
    harness = open_harness(schema=schema, functions="functions", env=env, settings=Env, crons=False)
    async with harness as backend:
        reimaji = Reimaji(backend)
        await reimaji.open()
        yield reimaji


async def ask(who: Harness, text: str | None = None, **more: Any) -> Json:
    """Asks and waits for the answer."""
    return dict(await who.call(ASK, {"prompt": text or prompt(), "model": MODEL, **more}))


async def session_of(app: Reimaji) -> AiSession:
    sessions: list[AiSession] = await app.rows(AiSession)
    assert len(sessions) == 1
    return sessions[0]


async def pending(app: Reimaji, text: str = "Halo") -> str:
    """A session that nobody works on yet."""
    args = {"clerkUserId": "free-1", "prompt": text, "model": MODEL}
    return str((await app.system.call("ai:reserve", args))["sessionId"])


# ---------------------------------------------------------------- asking


async def test_an_answer_is_stored_as_it_was_given(app: Reimaji, provider: Provider) -> None:
    """D94, D96: text, tokens and cost stand in the session; nothing is left of the stream."""
    answer = await ask(app.free, prompt(words=3))
    session = await session_of(app)
    assert answer == {
        "response": "w1 w2 w3",
        "sessionId": session.id,
        "tokensUsed": session.tokens_used,
    }
    assert (session.status, session.response) == ("done", "w1 w2 w3")
    assert session.completion_tokens == 3
    assert session.cost == pytest.approx(session.tokens_used * 0.002 / 1_000, abs=1e-8)
    assert await app.rows(AiChunk) == []
    assert len(await app.rows(DailyActive)) == 1
    (body,) = await provider.requests()
    assert (body["model"], body["max_tokens"], body["temperature"]) == ("stand-in-small", 1000, 0.7)
    assert "max_completion_tokens" not in body


async def test_ten_parallel_calls_get_five_answers(app: Reimaji) -> None:
    """D90, I13, journey 11: the place is taken before the provider is called."""
    calls = [ask(app.free) for _ in range(10)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    refused = [one.data for one in results if isinstance(one, AppError)]
    assert len(refused) == 5
    assert len(await app.rows(AiSession)) == 5
    usage = await app.free.call("ai:getUsage")
    for data in refused:
        assert data == {
            "code": "DAILY_LIMIT_REACHED",
            "message": "Daily limit reached for free users",
            "limit": 5,
            "used": 5,
            "resetsAt": usage["resetsAt"],
        }
    assert (usage["used"], usage["remaining"]) == (5, 0)
    assert (usage["resetsAt"] + 7 * 3_600_000) % 86_400_000 == 0
    await app.pass_time(hours=24)
    await ask(app.free)


async def test_admins_are_not_limited_and_nobody_asks_too_fast(app: Reimaji) -> None:
    """D91, D114: twenty a minute, for admins too; a minute later it goes on."""
    for _ in range(20):
        await ask(app.admin, prompt(words=1))
    error = await refusal(ask(app.admin))
    assert error["code"] == "RATE_LIMITED"
    assert 0 < error["retryAfterMs"] <= 60_000
    assert (await app.admin.call("ai:getUsage"))["limit"] is None
    await app.pass_time(seconds=60)
    await ask(app.admin)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"model": "gpt-9"}, "MODEL_NOT_ALLOWED"),
        ({"prompt": "   "}, "INVALID_ARGUMENT"),
        ({"prompt": "x" * 4_001}, "INVALID_ARGUMENT"),
        ({"clerkUserId": "pro-1"}, "IDENTITY_MISMATCH"),
    ],
)
async def test_what_is_refused_costs_nothing(
    app: Reimaji, provider: Provider, change: Json, code: str
) -> None:
    """D92, D93: no request, no session, no place taken."""
    assert await code_of(ask(app.free, **change)) == code
    assert await app.rows(AiSession) == []
    assert await provider.requests() == []


async def test_visitors_cannot_ask(app: Reimaji) -> None:
    """Nor can they name somebody."""
    assert await code_of(ask(app.visitor, clerkUserId="free-1")) == "UNAUTHENTICATED"
    start = app.visitor.call("ai:startPlayground", {"prompt": "Halo", "model": MODEL})
    assert await code_of(start) == "UNAUTHENTICATED"


async def test_an_admin_asks_as_somebody(app: Reimaji) -> None:
    """Their quota, their session, and a line in the audit log."""
    await ask(app.admin, clerkUserId="free-1")
    assert (await app.free.call("ai:getUsage"))["used"] == 1
    assert [row.summary for row in await app.rows(AuditLog) if row.action == "ai.reserve"] == [
        "for free-1"
    ]


async def test_emoji_survive(app: Reimaji) -> None:
    """D95: a title is cut between characters; what is short is not dotted."""
    long = "\U0001f600" * 60
    await ask(app.free, long + prompt(text="Ha \U0001f600"))
    session = await session_of(app)
    assert session.title == "\U0001f600" * 50 + "..."
    assert session.response == "Ha \U0001f600"
    await app.free.call("ai:deleteSession", {"sessionId": session.id})
    other = await pending(app, "  a \n b ")
    assert (await app.free.call("ai:getSession", {"sessionId": other}))["title"] == "a b"


# ---------------------------------------------------------------- providers that fail


async def test_a_failed_run_is_given_back(app: Reimaji, provider: Provider) -> None:
    """D98: after the second try the session says why, and does not count."""
    error = await refusal(ask(app.free, prompt(status=503)))
    assert (error["code"], error["retryable"]) == ("AI_PROVIDER_ERROR", True)
    session = await session_of(app)
    assert session.status == "error"
    assert session.error is not None
    assert session.error.code == "AI_PROVIDER_ERROR"
    assert (await app.free.call("ai:getUsage"))["used"] == 0
    assert (len(await provider.requests()), provider.pauses) == (2, [1.0])


@pytest.mark.parametrize("fault", [{"status": 429}, {"status": 500}, {"mode": "drop_before"}])
async def test_what_passes_is_tried_again(app: Reimaji, provider: Provider, fault: Json) -> None:
    """One retry before the first word."""
    await provider.fault(**fault)
    assert (await ask(app.free, prompt(words=1)))["response"] == "w1"
    assert len(await provider.requests()) == 2


async def test_a_wrong_key_is_not_tried_again(app: Reimaji, provider: Provider) -> None:
    """And what the provider says about keys stays here."""
    body = {"error": {"message": "Incorrect API key: sk-secret", "code": "invalid_api_key"}}
    await provider.fault(status=401, body=body)
    error = await refusal(ask(app.free))
    assert (error["code"], error["retryable"]) == ("AI_PROVIDER_ERROR", False)
    assert "sk-" not in str(error)
    assert "sk-" not in str((await session_of(app)).error)
    assert len(await provider.requests()) == 1


async def test_what_breaks_after_a_word_is_not_tried_again(
    app: Reimaji, provider: Provider
) -> None:
    """The text so far stays, with about what it cost; the run is given back."""
    assert await code_of(ask(app.free, prompt(breakAfter=4))) == "AI_PROVIDER_ERROR"
    session = await session_of(app)
    assert (session.status, session.response) == ("error", "w1 w2 w3 w4")
    assert session.completion_tokens == 3
    assert not session.counts_toward_limit
    assert await app.rows(AiChunk) == []
    assert len(await provider.requests()) == 1


@pytest.mark.parametrize("code", ["unsupported_parameter", "unsupported_value"])
async def test_a_parameter_that_a_model_lacks_is_left_out(
    app: Reimaji, provider: Provider, code: str
) -> None:
    """D99: models come and go, and so do their parameters."""
    body = {"error": {"message": "no", "code": code, "param": "temperature"}}
    await provider.fault(status=400, body=body)
    await ask(app.free)
    first, second = await provider.requests()
    assert set(first) - set(second) == {"temperature"}


async def test_without_a_key_nothing_starts(app: Reimaji) -> None:
    """The operator hears what to do; no place is taken."""
    harness = open_harness(schema=schema, functions="functions", env=ENV, settings=Env)
    async with harness as backend:
        bare = Reimaji(backend)
        await bare.open()
        error = await refusal(ask(bare.free))
        assert (error["code"], error["provider"]) == ("PROVIDER_NOT_CONFIGURED", "openai")
        assert await bare.rows(AiSession) == []
        summarize = "ai:summarizeContent"
        assert await code_of(bare.free.call(summarize, {"type": "news", "rawText": "x"})) == (
            "FORBIDDEN"
        )
        for text, code in (("x" * 50_001, "INVALID_ARGUMENT"), ("x", "PROVIDER_NOT_CONFIGURED")):
            call = bare.admin.call(summarize, {"type": "news", "rawText": text})
            assert await code_of(call) == code


async def test_sessions_that_go_silent_are_given_up(app: Reimaji) -> None:
    """After a crash: after two minutes, once, and the run is given back."""
    session = await pending(app)
    await app.system.call("ai:appendChunk", {"sessionId": session, "seq": 0, "text": "Se"})
    await app.pass_time(seconds=119)
    assert await app.system.call("ai:reapStale") == 0
    await app.pass_time(seconds=1)
    assert await app.system.call("ai:reapStale") == 1
    reaped = await session_of(app)
    assert (reaped.status, reaped.response, reaped.counts_toward_limit) == ("error", "Se", False)
    assert reaped.error is not None
    assert reaped.error.code == "TIMEOUT"
    late = {"sessionId": session, "seq": 1, "text": "lamat"}
    assert await app.system.call("ai:appendChunk", late) is False
    done = {"sessionId": session, "response": "x", "promptTokens": 1, "completionTokens": 1}
    await app.system.call("ai:finishSession", done)
    assert (await session_of(app)).status == "error"
    assert await app.system.call("ai:reapStale") == 0


# ---------------------------------------------------------------- watching


async def test_a_reader_sees_the_text_grow(app: Reimaji) -> None:
    """Journey 12: each push is the beginning of the next, and the last is all of it."""
    text = prompt(words=60, delayMs=15)
    args = {"prompt": text, "model": MODEL}
    session_id = Id[AiSession]((await app.free.call("ai:startPlayground", args))["sessionId"])
    seen: list[SessionDoc] = []
    async with app.free.subscribe(ai.get_session, session_id=session_id) as feed:
        while not seen or seen[-1].status in ("pending", "streaming"):
            session = await feed.next()
            assert isinstance(session, SessionDoc)
            seen.append(session)
    texts = [session.response for session in seen]
    assert all(later.startswith(earlier) for earlier, later in pairwise(texts))
    assert len({text for text in texts if text}) >= 5
    assert texts[-1] == " ".join(f"w{n}" for n in range(1, 61))
    assert (seen[-1].status, seen[-1].completion_tokens) == ("done", 60)
    assert seen[-1].cost > 0


async def test_what_wakes_the_meter(app: Reimaji) -> None:
    """Row of 2.22: own runs and refunds push; other people's do not even re-run it."""
    async with app.free.subscribe(ai.get_usage) as meter:
        assert (await meter.next()).used == 0
        session = await pending(app)
        assert (await meter.next()).remaining == 4
        before = app.backend.query_runs
        await app.system.call(
            "ai:reserve", {"clerkUserId": "pro-1", "prompt": "Halo", "model": MODEL}
        )
        await app.backend.drain()
        assert app.backend.query_runs == before
        failed = {"sessionId": session, "code": "X", "message": "x"}
        await app.system.call("ai:failSession", failed)
        assert (await meter.next()).used == 0


async def test_other_sessions_do_not_wake_a_reader(app: Reimaji) -> None:
    """Row of 2.22: each piece of one's own answer is one push, a stranger's none and no run."""
    session = Id[AiSession](await pending(app))
    args = {"clerkUserId": "pro-1", "prompt": "Halo", "model": MODEL}
    other = (await app.system.call("ai:reserve", args))["sessionId"]
    async with app.free.subscribe(ai.get_session, session_id=session) as feed:
        await feed.next()
        before = app.backend.query_runs
        await app.system.call("ai:appendChunk", {"sessionId": other, "seq": 0, "text": "x"})
        await app.backend.drain()
        assert (app.backend.query_runs, feed.pushes) == (before, 1)
        await app.system.call("ai:appendChunk", {"sessionId": session, "seq": 0, "text": "a"})
        assert (await feed.next()).response == "a"
        assert feed.pushes == 2


async def test_pieces_come_without_gaps(app: Reimaji) -> None:
    """The same piece twice is one; a later one before its time is refused."""
    session = await pending(app)

    async def append(seq: int, text: str) -> Any:
        args = {"sessionId": session, "seq": seq, "text": text}
        return await app.system.call("ai:appendChunk", args)

    assert await append(0, "a")
    assert await append(0, "a")
    assert await code_of(append(2, "c")) == "CONFLICT"
    assert await append(1, "b")
    assert (await app.free.call("ai:getSession", {"sessionId": session}))["response"] == "ab"


async def test_cancelling_stops_the_answer(app: Reimaji) -> None:
    """What was said stays; the run counts; the provider's stream is closed."""
    args = {"prompt": prompt(words=5_000, delayMs=5), "model": MODEL}
    session_id = Id[AiSession]((await app.free.call("ai:startPlayground", args))["sessionId"])
    async with app.free.subscribe(ai.get_session, session_id=session_id) as feed:
        while True:
            session = await feed.next()
            assert isinstance(session, SessionDoc)
            if session.response:
                break
        await app.free.call("ai:cancelSession", {"sessionId": session_id})
    await app.backend.drain()
    ended = await session_of(app)
    assert ended.status == "cancelled"
    assert ended.response.startswith(session.response)
    assert await app.rows(AiChunk) == []
    assert (await app.free.call("ai:getUsage"))["used"] == 1


# ---------------------------------------------------------------- keeping and sharing


async def test_sessions_are_private_until_shared(app: Reimaji) -> None:
    """D100: the gallery shows finished sessions, and of their authors a name."""
    answer = await ask(app.free, prompt(words=2))
    one = {"sessionId": answer["sessionId"]}
    for who in (app.visitor, app.pro):
        assert await code_of(who.call("ai:getSession", one)) == "NOT_FOUND"
    assert (await app.admin.call("ai:getSession", one))["isMine"] is False
    share = {**one, "isPublic": True}
    assert await code_of(app.pro.call("ai:setPublic", share)) == "NOT_FOUND"
    assert await code_of(app.admin.call("ai:setPublic", share)) == "NOT_FOUND"
    async with app.visitor.subscribe(ai.list_public) as gallery:
        assert (await gallery.next()).sessions == []
        await app.free.call("ai:setPublic", share)
        (shown,) = (await gallery.next()).sessions
        assert (shown.response, shown.author_name) == ("w1 w2", "Pengguna Reimaji")
        public = await app.visitor.call("ai:getSession", one)
        assert set(public) == {
            "_id", "title", "prompt", "response", "model", "createdAt", "authorName",
        }  # fmt: skip
        await app.admin.call("ai:setPublic", {**one, "isPublic": False})
        assert (await gallery.next()).sessions == []
        await app.free.call("ai:setPublic", share)
        assert len((await gallery.next()).sessions) == 1
        await app.free.call("ai:deleteSession", one)
        assert (await gallery.next()).sessions == []
    assert await code_of(app.free.call("ai:getSession", one)) == "NOT_FOUND"
    assert (await app.free.call("ai:getUsage"))["used"] == 1
    assert (await app.free.call("ai:listMySessions", {}))["sessions"] == []


async def test_only_finished_sessions_are_shared(app: Reimaji) -> None:
    """A half answer is not for the gallery."""
    session = await pending(app)
    share = app.free.call("ai:setPublic", {"sessionId": session, "isPublic": True})
    assert await code_of(share) == "CONFLICT"


async def test_own_sessions_in_pages(app: Reimaji) -> None:
    """Newest first, renamed by their owner only."""
    user = (await app.free.call("users:me"))["_id"]
    ids: list[str] = []
    for number in range(5):
        args = {
            "userId": user, "title": f"T{number}", "prompt": "p", "response": "r",
            "model": MODEL, "tokensUsed": 1, "cost": 0.1,
        }  # fmt: skip
        ids.insert(0, await app.system.call("ai:createSession", args))
        await app.pass_time(seconds=1)
    first = await app.free.call("ai:listMySessions", {"limit": 3})
    rest = await app.free.call("ai:listMySessions", {"limit": 3, "cursor": first["nextCursor"]})
    assert [one["_id"] for one in first["sessions"] + rest["sessions"]] == ids
    assert rest["nextCursor"] is None
    rename = {"sessionId": ids[0], "title": " Baru "}
    assert await app.free.call("ai:renameSession", rename) == ids[0]
    assert await code_of(app.pro.call("ai:renameSession", rename)) == "NOT_FOUND"
    bad = app.free.call("ai:renameSession", {**rename, "title": " "})
    assert await code_of(bad) == "INVALID_ARGUMENT"
    renamed = await app.free.call("ai:getSession", {"sessionId": ids[0]})
    assert renamed["title"] == "Baru"
    today = {"userId": user, "startOfDay": 0}
    assert await app.system.call("ai:getTodaySessions", today) == 5


async def test_models_to_choose(app: Reimaji) -> None:
    """With what they cost."""
    models = await app.visitor.call("ai:listModels")
    assert {model["id"]: model["costPer1kTokens"] for model in models} == {
        "gpt-4-turbo-preview": 0.01,
        "gpt-3.5-turbo": 0.002,
    }


async def test_a_session_is_explained_once(app: Reimaji, provider: Provider) -> None:
    """For Pro; the second time it is there already."""
    free = {"sessionId": (await ask(app.free))["sessionId"]}
    error = await refusal(app.free.call("ai:explainSession", free))
    assert error["code"] == "PREMIUM_REQUIRED"
    assert "response" not in error["preview"]
    mine = {"sessionId": (await ask(app.pro, prompt(words=2)))["sessionId"]}
    assert await code_of(app.free.call("ai:explainSession", mine)) == "NOT_FOUND"
    first = await app.pro.call("ai:explainSession", mine)
    assert await app.pro.call("ai:explainSession", mine) == first
    assert len(await provider.requests()) == 3
    session = await app.pro.call("ai:getSession", mine)
    assert session["explanation"] == first["explanation"]


# ---------------------------------------------------------------- editors


async def test_summaries(app: Reimaji, provider: Provider) -> None:
    """One request for news, two for research; none for who may not."""
    text = prompt(text="Ringkas.")
    news: Json = {"type": "news", "rawText": text}
    assert await code_of(app.free.call("ai:summarizeContent", news)) == "FORBIDDEN"
    assert await code_of(app.visitor.call("ai:summarizeContent", news)) == "UNAUTHENTICATED"
    long = app.admin.call("ai:summarizeContent", {**news, "rawText": "x" * 50_001})
    assert await code_of(long) == "INVALID_ARGUMENT"
    assert await provider.requests() == []
    assert await app.admin.call("ai:summarizeContent", news) == {"summary": "Ringkas."}
    research = await app.admin.call("ai:summarizeContent", {**news, "type": "research"})
    assert research["summary"] == "Ringkas."
    assert research["implication"].startswith("w1 w2")
    asked = [(body["temperature"], body["max_tokens"]) for body in await provider.requests()]
    assert asked == [(0.3, 300), (0.3, 300), (0.4, 200)]


async def lesson_of(app: Reimaji, content: str) -> str:
    """A lesson with this text."""
    author = (await app.admin.call("users:me"))["_id"]
    stamps: Json = {"created_at": 0.0, "updated_at": 0.0}
    course = await app.backend.insert(
        schema.Course(title="C", slug="c", description="", level="basic", duration=1,
                      created_by=author, **stamps)
    )  # fmt: skip
    module = await app.backend.insert(
        schema.Module(course_id=course, title="M", slug="m", description="", order=1, duration=1,
                      course_title="C", is_active=True, **stamps)
    )  # fmt: skip
    return await app.backend.insert(
        schema.Lesson(module_id=module, course_id=course, title="L", slug="l", description="",
                      content=content, video_url="", duration=5, order=1, module_title="M",
                      course_title="C", is_free_preview=True, is_active=True, **stamps)
    )  # fmt: skip


async def test_quiz_drafts_wait_for_an_editor(app: Reimaji) -> None:
    """They are inactive, in order, and follow the rules of questions."""
    lesson = await lesson_of(app, prompt())
    args: Json = {"lessonId": lesson, "count": 3, "difficulty": "hard"}
    assert await code_of(app.free.call("ai:generateQuizDrafts", args)) == "FORBIDDEN"
    drafts = await app.admin.call("ai:generateQuizDrafts", args)
    rows: list[Quiz] = await app.rows(Quiz)
    assert [row.id for row in rows] == drafts["quizIds"]
    assert [row.order for row in rows] == [1, 2, 3]
    assert all(row.difficulty == "hard" and not row.is_active for row in rows)
    for count in (0, 11, 1.5):
        call = app.admin.call("ai:generateQuizDrafts", {**args, "count": count})
        assert await code_of(call) == "INVALID_ARGUMENT"


async def test_unusable_drafts_are_asked_for_once_more(app: Reimaji, provider: Provider) -> None:
    """Then nothing is stored."""
    lesson = await lesson_of(app, prompt(badJson=True))
    call = app.admin.call("ai:generateQuizDrafts", {"lessonId": lesson, "count": 2})
    assert await code_of(call) == "AI_BAD_OUTPUT"
    assert len(await provider.requests()) == 2
    assert await app.rows(Quiz) == []
