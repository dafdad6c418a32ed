"""Forgetting: deleted content and old logs, some rows at a time, every night."""

from __future__ import annotations

from functions import _images as images
from functions._env import Env
from functions.constants import DAY_MS, ITEMS_PER_PURGE, ROWS_PER_PURGE
from reactor import Id, MutationCtx, PaginationOptions, internal_mutation
from schema import (
    AiChunk,
    AiSession,
    ContentView,
    Course,
    EmailLog,
    Enrollment,
    Lesson,
    Module,
    News,
    Quiz,
    QuizAttempt,
    Research,
    UserProgress,
    WebhookEvent,
)

# ---------------------------------------------------------------- deleted content


@internal_mutation
async def deleted_content(ctx: MutationCtx) -> None:
    """Removes what was deleted long ago, with its pictures.

    What somebody has begun stays: their progress and their certificate refer to it.
    """
    for part in (
        deleted_news,
        deleted_research,
        deleted_courses,
        deleted_modules,
        deleted_lessons,
        deleted_questions,
        deleted_sessions,
    ):
        await ctx.scheduler.run_after(0, part)


@internal_mutation
async def deleted_news(ctx: MutationCtx, *, cursor: str | None = None) -> int:
    """Removes news that was deleted long ago; how many in this run."""
    old = ctx.db.query(News).with_index(
        News.by_deleted_at_updated_at, News.deleted_at >= 0, News.deleted_at < _deleted_before(ctx)
    )
    page = await old.paginate(_options(cursor))
    for item in page.page:
        await _remove(ctx, item)
    if not page.is_done:
        await ctx.scheduler.run_after(0, deleted_news, cursor=page.continue_cursor)
    return len(page.page)


@internal_mutation
async def deleted_research(ctx: MutationCtx, *, cursor: str | None = None) -> int:
    """Removes research that was deleted long ago; how many in this run."""
    old = ctx.db.query(Research).with_index(
        Research.by_deleted_at_updated_at,
        Research.deleted_at >= 0,
        Research.deleted_at < _deleted_before(ctx),
    )
    page = await old.paginate(_options(cursor))
    for item in page.page:
        await _remove(ctx, item)
    if not page.is_done:
        await ctx.scheduler.run_after(0, deleted_research, cursor=page.continue_cursor)
    return len(page.page)


@internal_mutation
async def deleted_courses(ctx: MutationCtx, *, cursor: str | None = None) -> int:
    """Removes courses that were deleted long ago and that nobody began; how many in this run."""
    old = ctx.db.query(Course).with_index(
        Course.by_deleted_at_updated_at,
        Course.deleted_at >= 0,
        Course.deleted_at < _deleted_before(ctx),
    )
    page = await old.paginate(_options(cursor))
    unused = [course for course in page.page if not await _is_begun(ctx, course.id)]
    for course in unused:
        await _remove_parts(ctx, course.id)
        await _remove(ctx, course)
    if not page.is_done:
        await ctx.scheduler.run_after(0, deleted_courses, cursor=page.continue_cursor)
    return len(unused)


@internal_mutation
async def deleted_modules(ctx: MutationCtx, *, cursor: str | None = None) -> int:
    """Removes modules that were deleted long ago and that nobody began; how many in this run."""
    old = ctx.db.query(Module).with_index(
        Module.by_deleted_at, Module.deleted_at >= 0, Module.deleted_at < _deleted_before(ctx)
    )
    page = await old.paginate(_options(cursor))
    unused = [module for module in page.page if not await _has_learners(ctx, module.id)]
    for module in unused:
        await _remove_module(ctx, module.id)
    if not page.is_done:
        await ctx.scheduler.run_after(0, deleted_modules, cursor=page.continue_cursor)
    return len(unused)


@internal_mutation
async def deleted_lessons(ctx: MutationCtx, *, cursor: str | None = None) -> int:
    """Removes lessons that were deleted long ago and that nobody began; how many in this run."""
    old = ctx.db.query(Lesson).with_index(
        Lesson.by_deleted_at, Lesson.deleted_at >= 0, Lesson.deleted_at < _deleted_before(ctx)
    )
    page = await old.paginate(_options(cursor))
    unused = [lesson for lesson in page.page if not await _has_progress(ctx, lesson.id)]
    for lesson in unused:
        await _remove_lesson(ctx, lesson.id)
    if not page.is_done:
        await ctx.scheduler.run_after(0, deleted_lessons, cursor=page.continue_cursor)
    return len(unused)


@internal_mutation
async def deleted_questions(ctx: MutationCtx, *, cursor: str | None = None) -> int:
    """Removes questions that were deleted long ago and never answered; how many in this run."""
    old = ctx.db.query(Quiz).with_index(
        Quiz.by_deleted_at, Quiz.deleted_at >= 0, Quiz.deleted_at < _deleted_before(ctx)
    )
    page = await old.paginate(_options(cursor))
    unused = [question for question in page.page if not await _is_answered(ctx, question.id)]
    for question in unused:
        await ctx.db.delete(question.id)
    if not page.is_done:
        await ctx.scheduler.run_after(0, deleted_questions, cursor=page.continue_cursor)
    return len(unused)


@internal_mutation
async def deleted_sessions(ctx: MutationCtx, *, cursor: str | None = None) -> int:
    """Removes what askers deleted long ago from the playground; how many in this run."""
    old = ctx.db.query(AiSession).with_index(
        AiSession.by_deleted_at,
        AiSession.deleted_at >= 0,
        AiSession.deleted_at < _deleted_before(ctx),
    )
    page = await old.paginate(_options(cursor))
    for session in page.page:
        of_session = AiChunk.session_id == session.id
        chunks = ctx.db.query(AiChunk).with_index(AiChunk.by_session_seq, of_session)
        for chunk in await chunks.collect():
            await ctx.db.delete(chunk.id)
        await ctx.db.delete(session.id)
    if not page.is_done:
        await ctx.scheduler.run_after(0, deleted_sessions, cursor=page.continue_cursor)
    return len(page.page)


def _deleted_before(ctx: MutationCtx) -> float:
    return ctx.now_ms() - ctx.env(Env).reimaji_keep_deleted_days * DAY_MS


def _options(cursor: str | None) -> PaginationOptions:
    return PaginationOptions(num_items=ITEMS_PER_PURGE, cursor=cursor)


async def _remove(ctx: MutationCtx, item: News | Research | Course) -> None:
    if item.image_storage_id is not None:
        await images.drop(ctx, item.image_storage_id)
    await ctx.db.delete(item.id)


async def _is_begun(ctx: MutationCtx, course_id: Id[Course]) -> bool:
    match = Enrollment.course_id == course_id
    learners = ctx.db.query(Enrollment).with_index(Enrollment.by_course_status, match)
    return await learners.first() is not None


async def _has_learners(ctx: MutationCtx, module_id: Id[Module]) -> bool:
    return any([await _has_progress(ctx, lesson.id) for lesson in await _lessons(ctx, module_id)])


async def _has_progress(ctx: MutationCtx, lesson_id: Id[Lesson]) -> bool:
    match = UserProgress.lesson_id == lesson_id
    learners = ctx.db.query(UserProgress).with_index(UserProgress.by_lesson_status, match)
    return await learners.first() is not None


async def _is_answered(ctx: MutationCtx, quiz_id: Id[Quiz]) -> bool:
    match = QuizAttempt.quiz_id == quiz_id
    answers = ctx.db.query(QuizAttempt).with_index(QuizAttempt.by_quiz_id, match)
    return await answers.first() is not None


async def _lessons(ctx: MutationCtx, module_id: Id[Module]) -> list[Lesson]:
    match = Lesson.module_id == module_id
    return await ctx.db.query(Lesson).with_index(Lesson.by_module_order, match).collect()


async def _remove_parts(ctx: MutationCtx, course_id: Id[Course]) -> None:
    of_course = Module.course_id == course_id
    modules = ctx.db.query(Module).with_index(Module.by_course_order, of_course)
    for module in await modules.collect():
        await _remove_module(ctx, module.id)


async def _remove_module(ctx: MutationCtx, module_id: Id[Module]) -> None:
    for lesson in await _lessons(ctx, module_id):
        await _remove_lesson(ctx, lesson.id)
    await ctx.db.delete(module_id)


async def _remove_lesson(ctx: MutationCtx, lesson_id: Id[Lesson]) -> None:
    of_lesson = Quiz.lesson_id == lesson_id
    questions = ctx.db.query(Quiz).with_index(Quiz.by_lesson_order, of_lesson)
    for question in await questions.collect():
        await ctx.db.delete(question.id)
    await ctx.db.delete(lesson_id)


# ---------------------------------------------------------------- logs


@internal_mutation
async def logs(ctx: MutationCtx) -> int:
    """Removes old rows of webhooks, views and e-mails; how many in this run."""
    now, env = ctx.now_ms(), ctx.env(Env)
    events = ctx.db.query(WebhookEvent).with_index(
        WebhookEvent.by_received_at,
        WebhookEvent.received_at < now - env.reimaji_keep_webhooks_days * DAY_MS,
    )
    views = ctx.db.query(ContentView).with_index(
        ContentView.by_flushed,
        ContentView.flushed.is_(True),
        ContentView.creation_time < now - env.reimaji_keep_views_days * DAY_MS,
    )
    emails = ctx.db.query(EmailLog).with_index(
        EmailLog.by_creation_time,
        EmailLog.creation_time < now - env.reimaji_keep_emails_days * DAY_MS,
    )
    gone = 0
    for old in (events, views, emails):
        for row in await old.take(ROWS_PER_PURGE):
            await ctx.db.delete(row.id)
            gone += 1
    if gone >= ROWS_PER_PURGE:
        await ctx.scheduler.run_after(0, logs)
    return gone
