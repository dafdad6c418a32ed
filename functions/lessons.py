"""Lessons: what learners read and watch."""

from __future__ import annotations

from functions import _curriculum as curriculum
from functions import _parts as parts
from functions import validation
from functions._bookkeeping import audit
from functions._parts import LESSONS, MODULES
from functions._standing import progress_of
from functions.permissions import Caller, admin_query, can_find_lesson, identify, require_admin
from functions.types.learning import LessonCard, LessonDoc, lesson_card, lesson_doc
from functions.types.progress import LessonDetail, progress_doc
from reactor import Id, MutationCtx, QueryCtx, mutation, query
from schema import Lesson, Module

# ---------------------------------------------------------------- reading


@query
async def list_by_module(ctx: QueryCtx, *, module_id: Id[Module]) -> list[LessonCard]:
    """The open lessons of a module, in order."""
    caller = await identify(ctx)
    await curriculum.find_module(ctx, caller, module_id)
    reads_premium = caller.reads_premium(ctx.now_ms())
    lessons = await curriculum.open_lessons(ctx, module_id)
    return [lesson_card(lesson, reads_premium) for lesson in lessons]


@query
async def get_by_id(
    ctx: QueryCtx, *, id: Id[Lesson], clerk_user_id: str | None = None
) -> LessonDetail:
    """One lesson with its text, for those who may read it."""
    caller = await identify(ctx, clerk_user_id)
    lesson = await curriculum.open_lesson(ctx, caller, id)
    progress = await progress_of(ctx, caller.user, id) if caller.user else None
    before, after = await curriculum.neighbours(ctx, lesson)
    return LessonDetail(
        lesson=lesson_doc(lesson),
        quiz_count=len(await curriculum.open_quizzes(ctx, id)),
        progress=progress_doc(progress) if progress else None,
        prev_lesson_id=before,
        next_lesson_id=after,
    )


@query
async def list_free_previews(ctx: QueryCtx, *, limit: float | None = None) -> list[LessonCard]:
    """Lessons that everybody may read, the newest first."""
    number = validation.limit(limit)
    visitor = Caller()
    lessons = ctx.db.query(Lesson).with_index(
        Lesson.by_free,
        Lesson.is_free_preview.is_(True),
        Lesson.deleted_at.is_absent(),
        Lesson.is_active.is_(True),
    )
    found: list[LessonCard] = []
    async for lesson in lessons.order("desc"):
        if await can_find_lesson(ctx, visitor, lesson):
            found.append(lesson_card(lesson, reads_premium=False))
        if len(found) == number:
            break
    return found


# ---------------------------------------------------------------- editing


@mutation
async def create(
    ctx: MutationCtx,
    *,
    module_id: Id[Module],
    title: str,
    description: str,
    content: str,
    video_url: str,
    duration: float,
    is_free_preview: bool,
    order: float | None = None,
    clerk_user_id: str | None = None,
) -> Id[Lesson]:
    """Adds a lesson to a module, at its end unless a place is given."""
    editor = await require_admin(ctx, clerk_user_id)
    title, now = validation.title(title), ctx.now_ms()
    description, content = validation.description(description), validation.content(content)
    video_url, duration = validation.video_url(video_url), validation.duration(duration)
    order = validation.given(validation.order, order)
    module = await parts.require_part(ctx, MODULES, module_id)
    lesson = Lesson(
        module_id=module_id,
        course_id=module.course_id,
        title=title,
        slug=await parts.lesson_slug(ctx, module_id, title),
        description=description,
        content=content,
        video_url=video_url,
        duration=duration,
        order=await parts.next_order(ctx, LESSONS, module_id) if order is None else order,
        module_title=module.title,
        course_title=module.course_title,
        is_free_preview=is_free_preview,
        is_active=True,
        created_at=now,
        updated_at=now,
    )
    lesson_id = await ctx.db.insert(lesson)
    await parts.count_lessons(ctx, module_id)
    await audit(ctx, editor, "lessons.create", "lessons", lesson_id)
    return lesson_id


@mutation
async def update(
    ctx: MutationCtx,
    *,
    id: Id[Lesson],
    title: str | None = None,
    description: str | None = None,
    content: str | None = None,
    video_url: str | None = None,
    duration: float | None = None,
    is_free_preview: bool | None = None,
    is_active: bool | None = None,
    slug: str | None = None,
    clerk_user_id: str | None = None,
) -> Id[Lesson]:
    """Changes what is given."""
    editor = await require_admin(ctx, clerk_user_id)
    changes = (
        Lesson.title.given(validation.given(validation.title, title)),
        Lesson.description.given(validation.given(validation.description, description)),
        Lesson.content.given(validation.given(validation.content, content)),
        Lesson.video_url.given(validation.given(validation.video_url, video_url)),
        Lesson.duration.given(validation.given(validation.duration, duration)),
        Lesson.is_free_preview.given(is_free_preview),
        Lesson.is_active.given(is_active),
        Lesson.slug.given(validation.given(validation.slug, slug)),
        Lesson.updated_at.set(ctx.now_ms()),
    )
    lesson = await parts.require_part(ctx, LESSONS, id)
    if slug is not None:
        await parts.check_lesson_slug(ctx, lesson, slug)
    await ctx.db.patch(id, *changes)
    await parts.count_lessons(ctx, lesson.module_id)
    await audit(ctx, editor, "lessons.update", "lessons", id)
    return id


@mutation
async def reorder(
    ctx: MutationCtx,
    *,
    module_id: Id[Module],
    ordered_ids: list[Id[Lesson]],
    clerk_user_id: str | None = None,
) -> None:
    """Puts the lessons of a module in this order."""
    editor = await require_admin(ctx, clerk_user_id)
    await parts.reorder(ctx, LESSONS, editor, module_id, ordered_ids)


@mutation
async def remove(
    ctx: MutationCtx, *, id: Id[Lesson], clerk_user_id: str | None = None
) -> Id[Lesson]:
    """Moves a lesson to the bin; again is fine."""
    return await _set_deleted(ctx, id, clerk_user_id, is_deleted=True)


@mutation
async def restore(
    ctx: MutationCtx, *, id: Id[Lesson], clerk_user_id: str | None = None
) -> Id[Lesson]:
    """Takes a lesson out of the bin, in the state it had; again is fine."""
    return await _set_deleted(ctx, id, clerk_user_id, is_deleted=False)


async def _set_deleted(
    ctx: MutationCtx, id: Id[Lesson], named: str | None, *, is_deleted: bool
) -> Id[Lesson]:
    editor = await require_admin(ctx, named)
    lesson = await parts.set_deleted(ctx, LESSONS, editor, id, is_deleted)
    await parts.count_lessons(ctx, lesson.module_id)
    return id


@admin_query
async def admin_list_by_module(
    ctx: QueryCtx, admin: Caller, *, module_id: Id[Module]
) -> list[LessonDoc]:
    """All lessons of a module by order, closed and deleted ones included."""
    await curriculum.find_module(ctx, admin, module_id)
    return [
        lesson_doc(lesson) for lesson in await parts.parts_of(ctx, LESSONS, module_id).collect()
    ]
