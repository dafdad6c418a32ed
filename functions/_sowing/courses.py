"""Stores the demo courses, down to the questions."""

from __future__ import annotations

from dataclasses import dataclass, field

from functions import courses
from functions._bookkeeping import count
from functions._demo.courses import COURSES
from functions._demo.shapes import Chapter, CourseItem, LessonItem, Question, prose
from functions._editing import new_slug
from functions._sowing.people import People
from functions._sowing.sower import DRAFTING_DAYS, Sower
from functions.utils import slugify
from reactor import Id
from schema import Course, Lesson, Module, Quiz


@dataclass(frozen=True, slots=True)
class Page:
    """A stored lesson with its stored questions, in order."""

    item: LessonItem
    id: Id[Lesson]
    module_id: Id[Module]
    quiz_ids: tuple[Id[Quiz], ...]


@dataclass(frozen=True, slots=True)
class Shelf:
    """A stored course with its lessons, in the order in which they are taken."""

    id: Id[Course]
    pages: list[Page] = field(default_factory=list[Page])


Library = dict[str, Shelf]
"""The courses by title."""


async def sow_courses(sower: Sower, people: People) -> Library:
    """Inserts all courses; nobody has learned anything yet."""
    library: Library = {}
    for item in sorted(COURSES, key=lambda item: -item.days_ago):
        slug = await new_slug(sower.ctx, courses.COURSES, item.title)
        shelf = Shelf(await sower.insert(_course(sower, people, item, slug)))
        for order, chapter in enumerate(item.chapters, start=1):
            module_id = await sower.insert(_module(sower, shelf, item, chapter, order))
            for number, lesson in enumerate(chapter.lessons, start=1):
                row = _lesson(sower, shelf, module_id, item, chapter, lesson, number)
                lesson_id = await sower.insert(row)
                quiz_ids = [
                    await sower.insert(_quiz(row, lesson_id, question, place))
                    for place, question in enumerate(lesson.questions, start=1)
                ]
                shelf.pages.append(Page(lesson, lesson_id, module_id, tuple(quiz_ids)))
        library[item.title] = shelf
    await count(sower.ctx, courses.COURSES.counter, len(COURSES))
    return library


def _hours(minutes: int) -> float:
    return round(minutes / 60, 2)


def _course(sower: Sower, people: People, item: CourseItem, slug: str) -> Course:
    return Course(
        title=item.title,
        slug=slug,
        description=item.description,
        level=item.level,
        duration=_hours(sum(chapter.minutes for chapter in item.chapters)),
        language=item.language,
        is_published=not item.is_draft,
        published_at=None if item.is_draft else sower.ago(item.days_ago),
        created_by=people[item.author].id,
        created_at=sower.ago(item.days_ago + DRAFTING_DAYS),
        updated_at=sower.ago(item.days_ago),
    )


def _module(sower: Sower, shelf: Shelf, item: CourseItem, chapter: Chapter, order: int) -> Module:
    return Module(
        course_id=shelf.id,
        title=chapter.title,
        slug=slugify(chapter.title),
        description=chapter.description,
        order=float(order),
        duration=_hours(chapter.minutes),
        course_title=item.title,
        is_active=True,
        lesson_count=len(chapter.lessons),
        created_at=sower.ago(item.days_ago + DRAFTING_DAYS),
        updated_at=sower.ago(item.days_ago),
    )


def _lesson(
    sower: Sower,
    shelf: Shelf,
    module_id: Id[Module],
    item: CourseItem,
    chapter: Chapter,
    lesson: LessonItem,
    order: int,
) -> Lesson:
    return Lesson(
        module_id=module_id,
        course_id=shelf.id,
        title=lesson.title,
        slug=slugify(lesson.title),
        description=lesson.description,
        content=prose(lesson.content),
        video_url="",
        duration=float(lesson.minutes),
        order=float(order),
        module_title=chapter.title,
        course_title=item.title,
        is_free_preview=lesson.is_free_preview,
        is_active=True,
        created_at=sower.ago(item.days_ago + DRAFTING_DAYS),
        updated_at=sower.ago(item.days_ago),
    )


def _quiz(lesson: Lesson, lesson_id: Id[Lesson], question: Question, order: int) -> Quiz:
    return Quiz(
        lesson_id=lesson_id,
        question=question.question,
        options=list(question.options),
        correct_index=question.right,
        explanation=question.because,
        is_active=True,
        difficulty=question.difficulty,
        order=float(order),
        created_at=lesson.created_at,
        updated_at=lesson.updated_at,
    )
