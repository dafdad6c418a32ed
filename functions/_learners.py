"""How many people begin and complete courses and lessons.

The counts stand among the counters and not in the courses and lessons, for nearly everything that
is open in a classroom reads those: each pupil's start would run all of it again.
"""

from __future__ import annotations

from typing import Final

from functions._bookkeeping import count
from functions._statistics import counter
from functions.types.learning import CourseDoc, Learners, LessonDoc, course_doc, lesson_doc
from reactor import Id, MutationCtx, QueryCtx
from schema import Course, Lesson

ENROLLED: Final = "enrolled:"
"""Before the id of a course or lesson: the counter of people who began it."""

COMPLETED: Final = "completed:"
"""Before the id of a course or lesson: the counter of people who completed it."""


async def count_learners(
    ctx: MutationCtx, id: Id[Course] | Id[Lesson], *, enrolled: int = 0, completed: int = 0
) -> None:
    """Adds people to those who began and who completed a course or a lesson."""
    if enrolled:
        await count(ctx, f"{ENROLLED}{id}", enrolled)
    if completed:
        await count(ctx, f"{COMPLETED}{id}", completed)


async def learners_of(ctx: QueryCtx, id: Id[Course] | Id[Lesson]) -> Learners:
    """How many people began and completed a course or a lesson."""
    return Learners(
        enrolled=await counter(ctx, f"{ENROLLED}{id}"),
        completed=await counter(ctx, f"{COMPLETED}{id}"),
    )


async def counted_course(ctx: QueryCtx, course: Course) -> CourseDoc:
    """A course with its counts, for a client."""
    return course_doc(course, await learners_of(ctx, course.id))


async def counted_lesson(ctx: QueryCtx, lesson: Lesson) -> LessonDoc:
    """A lesson with its text and its counts; the caller made sure that the reader may have it."""
    return lesson_doc(lesson, await learners_of(ctx, lesson.id))
