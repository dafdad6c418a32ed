"""Where a learner stands in a course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from functions._curriculum import Chapter
from functions.types.learning import LessonStatus
from functions.types.progress import Completion, CourseProgress, LessonProgress, ModuleProgress
from reactor import Id, QueryCtx
from schema import Certificate, Course, Enrollment, Lesson, User, UserProgress


@dataclass(frozen=True, slots=True)
class Standing:
    """A learner's rows beside what the course consists of now.

    Args:
        course_id: the course.
        chapters: what learners see of it; what they do not see does not count.
        rows: the learner's progress by lesson, lessons out of sight included.
        enrollment: None before the first lesson.
        certificate: None until it is issued.
    """

    course_id: Id[Course]
    chapters: Sequence[Chapter]
    rows: dict[Id[Lesson], UserProgress]
    enrollment: Enrollment | None
    certificate: Certificate | None

    def status_of(self, lesson: Lesson) -> LessonStatus:
        """Where the learner stands with a lesson."""
        row = self.rows.get(lesson.id)
        return "not_started" if row is None else row.status

    def completed_lessons(self) -> list[Lesson]:
        """The lessons of the course, as it is now, that the learner completed."""
        return [lesson for chapter in self.chapters for lesson in self._completed(chapter)]

    def _completed(self, chapter: Chapter) -> list[Lesson]:
        return [lesson for lesson in chapter.lessons if self.status_of(lesson) == "completed"]

    def completion(self) -> Completion:
        """Whether the learner completed every lesson; a course without lessons never is."""
        total = sum(len(chapter.lessons) for chapter in self.chapters)
        return _completion(len(self.completed_lessons()), total)

    def module_completion(self, module_id: str) -> Completion:
        """The same of one module; one that learners do not see has no lessons."""
        chapter = next((one for one in self.chapters if one.module.id == module_id), None)
        if chapter is None:
            return _completion(0, 0)
        return _completion(len(self._completed(chapter)), len(chapter.lessons))

    def course_progress(self) -> CourseProgress:
        """All of it, for the learner.

        A completed course stays completed when an editor adds a lesson; `percent` then says that
        there is something new.
        """
        done = self.completion()
        modules: list[ModuleProgress] = []
        for chapter in self.chapters:
            part = self.module_completion(chapter.module.id)
            modules.append(
                ModuleProgress(
                    module_id=chapter.module.id,
                    total_lessons=part.total_lessons,
                    completed_lessons=part.completed_lessons,
                    completed=part.completed,
                )
            )
        return CourseProgress(
            course_id=self.course_id,
            total_lessons=done.total_lessons,
            completed_lessons=done.completed_lessons,
            percent=percent(done),
            status=self.enrollment.status if self.enrollment else "not_started",
            score=self.enrollment.score if self.enrollment else None,
            certificate_code=self.certificate.code if self.certificate else None,
            modules=modules,
            lessons=[
                self._lesson_progress(lesson)
                for chapter in self.chapters
                for lesson in chapter.lessons
            ],
        )

    def _lesson_progress(self, lesson: Lesson) -> LessonProgress:
        row = self.rows.get(lesson.id)
        score = None if row is None else row.score
        return LessonProgress(lesson_id=lesson.id, status=self.status_of(lesson), score=score)


def _completion(completed: int, total: int) -> Completion:
    return Completion(
        completed=0 < total == completed, completed_lessons=completed, total_lessons=total
    )


def percent(completion: Completion) -> int:
    """The share of completed lessons, rounded down: 100 means all."""
    return 100 * completion.completed_lessons // max(1, completion.total_lessons)


async def read(
    ctx: QueryCtx, user: User, course_id: Id[Course], chapters: Sequence[Chapter]
) -> Standing:
    """Where a learner stands; reads nobody else's rows."""
    rows = ctx.db.query(UserProgress).with_index(
        UserProgress.by_user_course,
        UserProgress.user_id == user.id,
        UserProgress.course_id == course_id,
    )
    return Standing(
        course_id=course_id,
        chapters=chapters,
        rows={row.lesson_id: row for row in await rows.collect()},
        enrollment=await enrollment_of(ctx, user, course_id),
        certificate=await certificate_of(ctx, user, course_id),
    )


async def progress_of(ctx: QueryCtx, user: User, lesson_id: Id[Lesson]) -> UserProgress | None:
    """A learner's progress with a lesson, once it is started."""
    rows = ctx.db.query(UserProgress).with_index(
        UserProgress.by_user_lesson,
        UserProgress.user_id == user.id,
        UserProgress.lesson_id == lesson_id,
    )
    return await rows.unique()


async def enrollment_of(ctx: QueryCtx, user: User, course_id: Id[Course]) -> Enrollment | None:
    """A learner's course, once a lesson of it is started."""
    rows = ctx.db.query(Enrollment).with_index(
        Enrollment.by_user_course,
        Enrollment.user_id == user.id,
        Enrollment.course_id == course_id,
    )
    return await rows.unique()


async def certificate_of(ctx: QueryCtx, user: User, course_id: Id[Course]) -> Certificate | None:
    """A learner's certificate of a course."""
    rows = ctx.db.query(Certificate).with_index(
        Certificate.by_user_course,
        Certificate.user_id == user.id,
        Certificate.course_id == course_id,
    )
    return await rows.unique()
