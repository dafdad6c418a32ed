"""Forgetting: deleted content and old logs, some rows at a time, every night."""

from __future__ import annotations

from functions import _images as images
from functions._env import Env
from functions.constants import DAY_MS, ITEMS_PER_PURGE, ROWS_PER_PURGE
from reactor import Id, MutationCtx, PaginationOptions, internal_mutation
from schema import (
    ContentView,
    Course,
    EmailLog,
    Enrollment,
    Lesson,
    Module,
    News,
    Quiz,
    Research,
    WebhookEvent,
)

# ---------------------------------------------------------------- deleted content


@internal_mutation
async def deleted_content(ctx: MutationCtx) -> None:
    """Removes what editors deleted long ago, with its pictures.

    A course that somebody has begun stays: their progress and their certificate refer to it.
    """
    await ctx.scheduler.run_after(0, deleted_news)
    await ctx.scheduler.run_after(0, deleted_research)
    await ctx.scheduler.run_after(0, deleted_courses)


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


async def _remove_parts(ctx: MutationCtx, course_id: Id[Course]) -> None:
    of_course = Module.course_id == course_id
    modules = ctx.db.query(Module).with_index(Module.by_course_order, of_course)
    for module in await modules.collect():
        of_module = Lesson.module_id == module.id
        lessons = ctx.db.query(Lesson).with_index(Lesson.by_module_order, of_module)
        for lesson in await lessons.collect():
            of_lesson = Quiz.lesson_id == lesson.id
            questions = ctx.db.query(Quiz).with_index(Quiz.by_lesson_order, of_lesson)
            for question in await questions.collect():
                await ctx.db.delete(question.id)
            await ctx.db.delete(lesson.id)
        await ctx.db.delete(module.id)


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
