"""Playground sessions: pending, streaming, then done, failed or cancelled.

The text of a session that runs lies in its chunks, so that each new piece is a small write; when
the session ends it moves into `response`, in the same mutation. Whatever a reader saw before is
therefore always the beginning of what they see next.
"""

from __future__ import annotations

from typing import Final, Literal

from functions import _errors as errors
from functions import validation
from functions._bookkeeping import audit, mark_active
from functions._env import Env
from functions._rates import spend
from functions._tokens import Tokens, cost_of, estimate
from functions.constants import (
    AI_MODELS,
    MINUTE_MS,
    SESSION_TITLE_CHARS,
    STALE_SESSIONS_PER_RUN,
)
from functions.permissions import Caller, can_read_premium, playground_usage
from functions.types.playground import Status
from functions.utils import take_chars
from reactor import ActionCtx, Id, IndexedQuery, MutationCtx, QueryCtx
from schema import AiChunk, AiSession, SessionError, User

RUNNING: Final[tuple[Literal["pending", "streaming"], ...]] = ("pending", "streaming")


# ---------------------------------------------------------------- beginning


async def reserve(ctx: MutationCtx, caller: Caller, prompt: str, model: str) -> Id[AiSession]:
    """Opens a session, if the user may still ask today.

    The count and the insert are one transaction: of calls that race for the last place, one wins.

    Raises:
        AppError: INVALID_ARGUMENT, MODEL_NOT_ALLOWED, PROVIDER_NOT_CONFIGURED, RATE_LIMITED,
            DAILY_LIMIT_REACHED.
    """
    user, now = caller.require_user(), ctx.now_ms()
    validation.prompt(prompt)
    if model not in AI_MODELS:
        raise errors.model_not_allowed(list(AI_MODELS))
    require_provider(ctx)
    await spend_burst(ctx, user)
    await _require_quota(ctx, user)
    await mark_active(ctx, user)
    session_id = await ctx.db.insert(
        AiSession(
            user_id=user.id,
            title=title_of(prompt),
            prompt=prompt,
            response="",
            model=model,
            status="pending",
            created_at=now,
            updated_at=now,
        )
    )
    if caller.own is None or caller.own.id != user.id:
        await audit(ctx, caller, "ai.reserve", "aiSessions", session_id, model)
    return session_id


def require_provider(ctx: QueryCtx | ActionCtx) -> None:
    """Refuses before anything is written, when there is no key.

    Raises:
        AppError: PROVIDER_NOT_CONFIGURED.
    """
    if not ctx.env(Env).openai_api_key:
        raise errors.provider_not_configured("openai")


async def spend_burst(ctx: MutationCtx, user: User) -> None:
    """Counts one question to the provider against what a user may ask in a minute.

    Raises:
        AppError: RATE_LIMITED.
    """
    limit = ctx.env(Env).reimaji_ai_burst_per_minute
    await spend(ctx, f"ai:{user.id}", limit=limit, window_ms=MINUTE_MS)


async def _require_quota(ctx: QueryCtx, user: User) -> None:
    usage = await playground_usage(ctx, user)
    if usage.limit is None or usage.used < usage.limit:
        return
    is_pro = can_read_premium(user, ctx.now_ms())
    raise errors.daily_limit_reached(
        "Daily limit reached" if is_pro else "Daily limit reached for free users",
        limit=usage.limit,
        used=usage.used,
        resets_at=usage.resets_at,
    )


def title_of(prompt: str) -> str:
    """The beginning of the prompt on one line."""
    line = " ".join(prompt.split())
    start = take_chars(line, SESSION_TITLE_CHARS)
    return start if start == line else f"{start}..."


# ---------------------------------------------------------------- running


async def append(ctx: MutationCtx, session_id: Id[AiSession], seq: int, text: str) -> bool:
    """Adds a piece of the answer; the same piece again changes nothing.

    Returns:
        False when nobody wants more: the session was cancelled, deleted, or given up.

    Raises:
        AppError: CONFLICT for a piece that leaves a gap.
    """
    session = await ctx.db.get(session_id)
    if session is None or session.status not in RUNNING:
        return False
    last = await _chunks(ctx, session_id).order("desc").first()
    expected = 0 if last is None else last.seq + 1
    if seq > expected:
        raise errors.conflict(f"piece {seq} came before piece {expected}")
    if seq == expected:
        await ctx.db.insert(AiChunk(session_id=session_id, seq=seq, text=text))
        await ctx.db.patch(
            session_id,
            AiSession.status.set("streaming"),
            AiSession.updated_at.set(ctx.now_ms()),
        )
    return True


async def text_of(ctx: QueryCtx, session: AiSession) -> str:
    """What has been answered so far."""
    if session.status not in RUNNING:
        return session.response
    return "".join([chunk.text async for chunk in _chunks(ctx, session.id)])


def _chunks(ctx: QueryCtx, session_id: Id[AiSession]) -> IndexedQuery[AiChunk]:
    return ctx.db.query(AiChunk).with_index(
        AiChunk.by_session_seq, AiChunk.session_id == session_id
    )


# ---------------------------------------------------------------- ending


async def finish(
    ctx: MutationCtx, session_id: Id[AiSession], response: str, tokens: Tokens
) -> None:
    """Stores the whole answer and what it cost; does nothing when the session has ended."""
    session = await ctx.db.get(session_id)
    if session is not None and session.status in RUNNING:
        await _end(ctx, session, "done", response, tokens)


async def fail(ctx: MutationCtx, session_id: Id[AiSession], code: str, message: str) -> None:
    """Ends a session that got no whole answer: what there is stays, and the run is given back."""
    session = await ctx.db.get(session_id)
    if session is not None and session.status in RUNNING:
        error = SessionError(code=code, message=message)
        text = await text_of(ctx, session)
        await _end(ctx, session, "error", text, _spent(session, text), error)


async def cancel(ctx: MutationCtx, session: AiSession) -> None:
    """Ends a session because its user wants no more; the run counts."""
    if session.status in RUNNING:
        text = await text_of(ctx, session)
        await _end(ctx, session, "cancelled", text, _spent(session, text))


def _spent(session: AiSession, text: str) -> Tokens:
    """About what an answer without an end has cost; nothing when it never began."""
    return Tokens(estimate(session.prompt), estimate(text)) if text else Tokens(0, 0)


async def _end(
    ctx: MutationCtx,
    session: AiSession,
    status: Status,
    response: str,
    tokens: Tokens,
    error: SessionError | None = None,
) -> None:
    await ctx.db.patch(
        session.id,
        AiSession.status.set(status),
        AiSession.response.set(response),
        AiSession.prompt_tokens.set(tokens.prompt),
        AiSession.completion_tokens.set(tokens.completion),
        AiSession.tokens_used.set(tokens.total),
        AiSession.cost.set(cost_of(session.model, tokens.total)),
        AiSession.error.set(error),
        AiSession.counts_toward_limit.set(error is None),
        AiSession.updated_at.set(ctx.now_ms()),
    )
    for chunk in await _chunks(ctx, session.id).collect():
        await ctx.db.delete(chunk.id)


async def reap(ctx: MutationCtx) -> int:
    """Fails sessions that nobody works on any more, say after a crash; a bounded number."""
    before = ctx.now_ms() - ctx.env(Env).reimaji_ai_stale_ms
    reaped = 0
    for status in RUNNING:
        stale = ctx.db.query(AiSession).with_index(
            AiSession.by_status_updated_at,
            AiSession.status == status,
            AiSession.updated_at <= before,
        )
        for session in await stale.take(STALE_SESSIONS_PER_RUN - reaped):
            await fail(ctx, session.id, "TIMEOUT", "The answer stopped coming")
            reaped += 1
    return reaped


# ---------------------------------------------------------------- access


async def find_own(ctx: QueryCtx, user: User, session_id: Id[AiSession]) -> AiSession:
    """A session of the user.

    Raises:
        AppError: NOT_FOUND, also for other people's.
    """
    session = await ctx.db.get(session_id)
    if session is None or session.user_id != user.id or session.deleted_at is not None:
        raise errors.not_found("session")
    return session
