"""What a course consists of, in order, and who finds and opens which part of it."""

from __future__ import annotations

from dataclasses import dataclass

from functions import _errors as errors
from functions.permissions import Caller, can_find_lesson, can_find_module
from functions.types.learning import lesson_card
from reactor import Id, QueryCtx
from schema import Course, Lesson, Module, Quiz


@dataclass(frozen=True, slots=True)
class Chapter:
    """An open module with its open lessons, in order."""

    module: Module
    lessons: list[Lesson]


# ---------------------------------------------------------------- open parts, in order


async def open_modules(ctx: QueryCtx, course_id: Id[Course]) -> list[Module]:
    """The modules that learners see."""
    modules = ctx.db.query(Module).with_index(
        Module.by_course_active_order,
        Module.course_id == course_id,
        Module.deleted_at.is_absent(),
        Module.is_active.is_(True),
    )
    return await modules.collect()


async def open_lessons(ctx: QueryCtx, module_id: Id[Module]) -> list[Lesson]:
    """The lessons that learners see."""
    lessons = ctx.db.query(Lesson).with_index(
        Lesson.by_module_active_order,
        Lesson.module_id == module_id,
        Lesson.deleted_at.is_absent(),
        Lesson.is_active.is_(True),
    )
    return await lessons.collect()


async def chapters(ctx: QueryCtx, course_id: Id[Course]) -> list[Chapter]:
    """All that learners see of a course."""
    return [
        Chapter(module, await open_lessons(ctx, module.id))
        for module in await open_modules(ctx, course_id)
    ]


async def open_quizzes(ctx: QueryCtx, lesson_id: Id[Lesson]) -> list[Quiz]:
    """The questions that learners answer."""
    quizzes = ctx.db.query(Quiz).with_index(
        Quiz.by_lesson_active_order,
        Quiz.lesson_id == lesson_id,
        Quiz.deleted_at.is_absent(),
        Quiz.is_active.is_(True),
    )
    return await quizzes.collect()


async def neighbours(ctx: QueryCtx, lesson: Lesson) -> tuple[Id[Lesson] | None, Id[Lesson] | None]:
    """The lessons before and after one, across the modules of the course; None at the ends."""
    order = [
        each.id for chapter in await chapters(ctx, lesson.course_id) for each in chapter.lessons
    ]
    if lesson.id not in order:
        return None, None  # an admin looks at a closed lesson
    place = order.index(lesson.id)
    before = order[place - 1] if place > 0 else None
    return before, order[place + 1] if place + 1 < len(order) else None


# ---------------------------------------------------------------- finding


async def find_course(ctx: QueryCtx, caller: Caller, id: Id[Course]) -> Course:
    """The course, if it exists for the caller.

    Raises:
        AppError: NOT_FOUND.
    """
    course = await ctx.db.get(id)
    if course is None or not caller.can_find(course):
        raise errors.not_found("course")
    return course


async def find_module(ctx: QueryCtx, caller: Caller, id: Id[Module]) -> Module:
    """The module, if it exists for the caller.

    Raises:
        AppError: NOT_FOUND.
    """
    module = await ctx.db.get(id)
    if module is None or not await can_find_module(ctx, caller, module):
        raise errors.not_found("module")
    return module


async def find_lesson(ctx: QueryCtx, caller: Caller, id: Id[Lesson]) -> Lesson:
    """The lesson, if it exists for the caller.

    Raises:
        AppError: NOT_FOUND.
    """
    lesson = await ctx.db.get(id)
    if lesson is None or not await can_find_lesson(ctx, caller, lesson):
        raise errors.not_found("lesson")
    return lesson


async def open_lesson(ctx: QueryCtx, caller: Caller, id: Id[Lesson]) -> Lesson:
    """The lesson, if the caller may read and take it.

    Raises:
        AppError: NOT_FOUND, PREMIUM_REQUIRED.
    """
    lesson = await find_lesson(ctx, caller, id)
    if not (lesson.is_free_preview or caller.reads_premium(ctx.now_ms())):
        raise errors.premium_required(lesson_card(lesson, reads_premium=False), "lesson")
    return lesson
