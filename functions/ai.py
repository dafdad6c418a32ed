"""The AI playground, and what the AI does for editors."""

from __future__ import annotations

from contextlib import aclosing
from typing import Literal

from functions import _errors as errors
from functions import _gallery as gallery
from functions import _prompts as prompts
from functions import _sessions as sessions
from functions import utils, validation
from functions._asking import ask_editor
from functions._clients.openai import Chat, ChatFailed, Question
from functions._env import Env
from functions._lists import read_page
from functions._quiz_drafts import Difficulty, QuizDraft, ask_for_drafts, store_drafts
from functions._streaming import in_batches
from functions._tokens import Tokens
from functions.constants import (
    ANSWER_CHARS_MAX,
    ANSWER_TOKENS_MAX,
    LESSON_CHARS_FOR_DRAFTS,
    STALE_SESSIONS_PER_RUN,
)
from functions.permissions import (
    can_read_premium,
    current_user,
    identify,
    playground_usage,
    require_admin,
    runs_since,
    user_mutation,
    user_query,
)
from functions.types.accounts import PlaygroundUsage
from functions.types.playground import (
    MODELS,
    Assignment,
    Explanation,
    LessonText,
    ModelInfo,
    NewsSummary,
    PlaygroundAnswer,
    PublicSession,
    PublicSessionList,
    QuizDrafts,
    ResearchSummary,
    Reserved,
    SessionDoc,
    SessionList,
    SessionPreview,
    ToExplain,
    session_doc,
)
from reactor import (
    ABSENT,
    Absent,
    ActionCtx,
    Id,
    MutationCtx,
    Page,
    PaginationOptions,
    QueryCtx,
    action,
    internal_action,
    internal_mutation,
    internal_query,
    mutation,
    query,
)
from schema import AiSession, Lesson, User

# ---------------------------------------------------------------- asking


@action
async def generate_playground_response(
    ctx: ActionCtx, *, prompt: str, model: str, clerk_user_id: str | None = None
) -> PlaygroundAnswer:
    """Asks, and returns the answer; who subscribes to the session sees it grow."""
    reserved = await ctx.run_mutation(
        reserve, clerk_user_id=clerk_user_id, prompt=prompt, model=model
    )
    chat, failure = await _stream(ctx, reserved.session_id, prompt, model)
    if failure is not None:
        raise errors.ai_provider_error(failure.reason, is_retryable=failure.is_retryable)
    return PlaygroundAnswer(
        response=chat.text, session_id=reserved.session_id, tokens_used=chat.tokens.total
    )


@mutation
async def start_playground(ctx: MutationCtx, *, prompt: str, model: str) -> Reserved:
    """Asks, and returns at once; the answer comes to who subscribes to `getSession`."""
    caller = await identify(ctx)
    session_id = await sessions.reserve(ctx, caller, prompt, model)
    await ctx.scheduler.run_after(0, run_playground, session_id=session_id)
    return Reserved(session_id=session_id)


@internal_action
async def run_playground(ctx: ActionCtx, *, session_id: Id[AiSession]) -> None:
    """Answers a session that waits; its end, good or bad, stands in the session."""
    assignment = await ctx.run_query(assignment_of, session_id=session_id)
    if assignment is not None:
        await _stream(ctx, session_id, assignment.prompt, assignment.model)


async def _stream(
    ctx: ActionCtx, session_id: Id[AiSession], prompt: str, model: str
) -> tuple[Chat, ChatFailed | None]:
    """Lets the answer flow into the session until it ends, fails, or nobody wants more."""
    question = Question(model=model, prompt=prompt, temperature=0.7, max_tokens=ANSWER_TOKENS_MAX)
    chat, seq, written = Chat(ctx.env(Env), question), 0, ""
    try:
        async with aclosing(in_batches(chat.pieces())) as batches:
            async for text in batches:
                is_wanted = await ctx.run_mutation(
                    append_chunk, session_id=session_id, seq=seq, text=text
                )
                seq, written = seq + 1, written + text
                if not is_wanted or len(written) > ANSWER_CHARS_MAX:
                    break
    except ChatFailed as failure:
        await ctx.run_mutation(
            fail_session, session_id=session_id, code="AI_PROVIDER_ERROR", message=failure.reason
        )
        return chat, failure
    chat.text = written
    await ctx.run_mutation(
        finish_session,
        session_id=session_id,
        response=written,
        prompt_tokens=chat.tokens.prompt,
        completion_tokens=chat.tokens.completion,
    )
    return chat, None


@query
async def get_usage(ctx: QueryCtx) -> PlaygroundUsage:
    """How much of today's playground the caller has taken."""
    return await playground_usage(ctx, await current_user(ctx))


@query
async def list_models(ctx: QueryCtx) -> list[ModelInfo]:
    """The models to choose from."""
    return MODELS


# ---------------------------------------------------------------- sessions


@query
async def get_session(ctx: QueryCtx, *, session_id: Id[AiSession]) -> SessionDoc | PublicSession:
    """A session: one's own with all there is, or one from the gallery."""
    return await gallery.open_for(ctx, await identify(ctx), session_id)


@user_query
async def list_my_sessions(
    ctx: QueryCtx, user: User, *, limit: float | None = None, cursor: str | Absent | None = ABSENT
) -> SessionList:
    """The caller's sessions, the newest first."""
    page = await read_page(ctx, gallery.mine(user), cursor, limit)
    texts = [await sessions.text_of(ctx, session) for session in page.items]
    return SessionList(
        sessions=[
            session_doc(session, text, is_mine=True)
            for session, text in zip(page.items, texts, strict=True)
        ],
        next_cursor=page.next_cursor,
    )


@query
async def list_public(
    ctx: QueryCtx, *, limit: float | None = None, cursor: str | Absent | None = ABSENT
) -> PublicSessionList:
    """The gallery, the newest first."""
    page = await read_page(ctx, gallery.PUBLIC, cursor, limit)
    return PublicSessionList(
        sessions=[await gallery.shown(ctx, session) for session in page.items],
        next_cursor=page.next_cursor,
    )


@query
async def list_public_paginated(
    ctx: QueryCtx, *, pagination_opts: PaginationOptions
) -> Page[PublicSession]:
    """The gallery for `usePaginatedQuery`."""
    page = await gallery.PUBLIC.query(ctx).paginate(pagination_opts)
    return page.with_items([await gallery.shown(ctx, session) for session in page.page])


@mutation
async def set_public(
    ctx: MutationCtx, *, session_id: Id[AiSession], is_public: bool
) -> Id[AiSession]:
    """Shows a finished session in the gallery, or hides it; admins can hide anybody's."""
    await gallery.require_may_set(ctx, await identify(ctx), session_id, is_public=is_public)
    await ctx.db.patch(session_id, AiSession.is_public.set(is_public))
    return session_id


@user_mutation
async def rename_session(
    ctx: MutationCtx, user: User, *, session_id: Id[AiSession], title: str
) -> Id[AiSession]:
    """Gives a session another title."""
    title = validation.title(title)
    session = await sessions.find_own(ctx, user, session_id)
    await ctx.db.patch(session.id, AiSession.title.set(title))
    return session_id


@user_mutation
async def delete_session(
    ctx: MutationCtx, user: User, *, session_id: Id[AiSession]
) -> Id[AiSession]:
    """Takes a session away, out of the gallery too; a run that was used stays used."""
    session = await sessions.find_own(ctx, user, session_id)
    await sessions.cancel(ctx, session)
    await ctx.db.patch(session_id, AiSession.deleted_at.set(ctx.now_ms()))
    return session_id


@user_mutation
async def cancel_session(
    ctx: MutationCtx, user: User, *, session_id: Id[AiSession]
) -> Id[AiSession]:
    """Stops an answer; what has been said stays, and the run counts."""
    await sessions.cancel(ctx, await sessions.find_own(ctx, user, session_id))
    return session_id


# ---------------------------------------------------------------- the steps of a session


@internal_query
async def get_today_sessions(ctx: QueryCtx, *, user_id: Id[User], start_of_day: float) -> int:
    """How many runs of a user count since a moment."""
    return await runs_since(ctx, user_id, start_of_day)


@internal_mutation
async def reserve(
    ctx: MutationCtx, *, prompt: str, model: str, clerk_user_id: str | None = None
) -> Reserved:
    """Opens a session for the caller, or for whom an admin or the system names."""
    caller = await identify(ctx, clerk_user_id)
    return Reserved(session_id=await sessions.reserve(ctx, caller, prompt, model))


@internal_query
async def assignment_of(ctx: QueryCtx, *, session_id: Id[AiSession]) -> Assignment | None:
    """What a session that waits has to ask; None when it no longer waits."""
    session = await ctx.db.get(session_id)
    if session is None or session.status != "pending":
        return None
    return Assignment(prompt=session.prompt, model=session.model)


@internal_mutation
async def create_session(
    ctx: MutationCtx,
    *,
    user_id: Id[User],
    title: str,
    prompt: str,
    response: str,
    model: str,
    tokens_used: int,
    cost: float,
) -> Id[AiSession]:
    """Stores a finished session, as imports do."""
    now = ctx.now_ms()
    return await ctx.db.insert(
        AiSession(
            user_id=user_id,
            title=title,
            prompt=prompt,
            response=response,
            model=model,
            tokens_used=tokens_used,
            cost=cost,
            status="done",
            created_at=now,
            updated_at=now,
        )
    )


@internal_mutation
async def append_chunk(ctx: MutationCtx, *, session_id: Id[AiSession], seq: int, text: str) -> bool:
    """Adds a piece of the answer; false when nobody wants more."""
    return await sessions.append(ctx, session_id, seq, text)


@internal_mutation
async def finish_session(
    ctx: MutationCtx,
    *,
    session_id: Id[AiSession],
    response: str,
    prompt_tokens: int,
    completion_tokens: int,
) -> None:
    """Stores the whole answer and what it cost."""
    await sessions.finish(ctx, session_id, response, Tokens(prompt_tokens, completion_tokens))


@internal_mutation
async def fail_session(
    ctx: MutationCtx, *, session_id: Id[AiSession], code: str, message: str
) -> None:
    """Ends a session without a whole answer, and gives the run back."""
    await sessions.fail(ctx, session_id, code, message)


@internal_mutation
async def reap_stale(ctx: MutationCtx) -> int:
    """Fails the sessions that have gone silent; goes on while there are more."""
    reaped = await sessions.reap(ctx)
    if reaped == STALE_SESSIONS_PER_RUN:
        await ctx.scheduler.run_after(0, reap_stale)
    return reaped


# ---------------------------------------------------------------- explaining


@action
async def explain_session(ctx: ActionCtx, *, session_id: Id[AiSession]) -> Explanation:
    """What can be learned from a session, for its owner with Pro; it is asked for once."""
    session = await ctx.run_mutation(begin_explanation, session_id=session_id)
    if session.explanation is not None:
        return Explanation(explanation=session.explanation)
    prompt = prompts.EXPLANATION.format(prompt=session.prompt, response=session.response)
    explanation = await ask_editor(ctx, prompt, 0.3, 400)
    await ctx.run_mutation(save_explanation, session_id=session_id, explanation=explanation)
    return Explanation(explanation=explanation)


@internal_mutation
async def begin_explanation(ctx: MutationCtx, *, session_id: Id[AiSession]) -> ToExplain:
    """The session, if the caller may have it explained."""
    user = await current_user(ctx)
    session = await sessions.find_own(ctx, user, session_id)
    if not can_read_premium(user, ctx.now_ms()):
        raise errors.premium_required(SessionPreview(id=session.id, title=session.title))
    if session.status != "done":
        raise errors.conflict("only finished sessions can be explained")
    if session.explanation is None:
        sessions.require_provider(ctx)
        await sessions.spend_burst(ctx, user)
    return ToExplain(
        prompt=session.prompt, response=session.response, explanation=session.explanation
    )


@internal_mutation
async def save_explanation(
    ctx: MutationCtx, *, session_id: Id[AiSession], explanation: str
) -> None:
    """Keeps an explanation with its session."""
    if await ctx.db.get(session_id) is not None:
        await ctx.db.patch(session_id, AiSession.explanation.set(explanation))


# ---------------------------------------------------------------- for editors


@action
async def summarize_content(
    ctx: ActionCtx,
    *,
    type_: Literal["news", "research"],
    raw_text: str,
    clerk_user_id: str | None = None,
) -> NewsSummary | ResearchSummary:
    """Drafts the summary of a text, and for research what it means in practice."""
    await ctx.run_query(check_editor, clerk_user_id=clerk_user_id)
    text = validation.raw_text(raw_text)
    sessions.require_provider(ctx)
    if type_ == "news":
        prompt = prompts.NEWS_SUMMARY.format(text=text)
        return NewsSummary(summary=await ask_editor(ctx, prompt, 0.3, 300))
    prompt = prompts.RESEARCH_SUMMARY.format(text=text)
    summary = await ask_editor(ctx, prompt, 0.3, 300)
    prompt = prompts.IMPLICATION.format(text=summary)
    implication = await ask_editor(ctx, prompt, 0.4, 200)
    return ResearchSummary(summary=summary, implication=implication)


@action
async def generate_quiz_drafts(
    ctx: ActionCtx,
    *,
    lesson_id: Id[Lesson],
    count: float,
    difficulty: Difficulty | None = None,
    clerk_user_id: str | None = None,
) -> QuizDrafts:
    """Drafts inactive questions about a lesson; what breaks the rules is asked for once more."""
    await ctx.run_query(check_editor, clerk_user_id=clerk_user_id)
    number = validation.draft_count(count)
    lesson = await ctx.run_query(lesson_to_draft_from, lesson_id=lesson_id)
    sessions.require_provider(ctx)
    drafts = await ask_for_drafts(ctx, lesson, number, difficulty)
    return await ctx.run_mutation(save_quiz_drafts, lesson_id=lesson_id, drafts=drafts)


@internal_query
async def check_editor(ctx: QueryCtx, *, clerk_user_id: str | None = None) -> None:
    """Refuses who may not use the tools of editors."""
    await require_admin(ctx, clerk_user_id)


@internal_query
async def lesson_to_draft_from(ctx: QueryCtx, *, lesson_id: Id[Lesson]) -> LessonText:
    """What the questions are about."""
    lesson = await ctx.db.get(lesson_id)
    if lesson is None or lesson.deleted_at is not None:
        raise errors.not_found("lesson")
    text = utils.take_chars(lesson.content, LESSON_CHARS_FOR_DRAFTS)
    return LessonText(title=lesson.title, text=text)


@internal_mutation
async def save_quiz_drafts(
    ctx: MutationCtx, *, lesson_id: Id[Lesson], drafts: list[QuizDraft]
) -> QuizDrafts:
    """Stores the drafts after the lesson's other questions."""
    if await ctx.db.get(lesson_id) is None:
        raise errors.not_found("lesson")
    return QuizDrafts(quiz_ids=await store_drafts(ctx, lesson_id, drafts))
