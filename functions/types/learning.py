"""Courses, their parts and questions, as clients get them."""

from __future__ import annotations

from typing import Literal

from functions import utils
from reactor import Flat, Id, Object, field
from schema import Course, CourseLevel, Language, Lesson, Module, Quiz, User

LessonStatus = Literal["not_started", "started", "completed"]
Difficulty = Literal["easy", "medium", "hard"]


class CourseDoc(Object):
    """A course."""

    id: Id[Course] = field(wire="_id")
    creation_time: float = field(wire="_creationTime")
    title: str
    slug: str
    description: str
    level: CourseLevel
    duration: float
    image_url: str | None = None
    language: Language | None = None
    is_published: bool
    published_at: float | None
    enrollment_count: int
    completion_count: int
    created_by: Id[User]
    created_at: float
    updated_at: float
    deleted_at: float | None = None


class CourseList(Object):
    """A page of courses."""

    courses: list[CourseDoc]
    next_cursor: str | None


class ModuleDoc(Object):
    """A module of a course."""

    id: Id[Module] = field(wire="_id")
    creation_time: float = field(wire="_creationTime")
    course_id: Id[Course]
    title: str
    slug: str
    description: str
    order: float
    duration: float
    course_title: str
    is_active: bool
    lesson_count: int
    created_at: float
    updated_at: float
    deleted_at: float | None = None


class CourseWithModules(Object):
    """A course and its open modules, in order."""

    course: CourseDoc
    modules: list[ModuleDoc]


class LessonHead(Object):
    """What a lesson shows of itself, whoever looks."""

    id: Id[Lesson] = field(wire="_id")
    creation_time: float = field(wire="_creationTime")
    module_id: Id[Module]
    course_id: Id[Course]
    title: str
    slug: str
    description: str
    duration: float
    order: float
    is_free_preview: bool
    is_locked: bool


class LessonCard(Object):
    """A lesson in a list."""

    head: Flat[LessonHead]


class OutlineLesson(Object):
    """A lesson in an outline, with where the caller stands."""

    head: Flat[LessonHead]
    status: LessonStatus


class LessonDoc(Object):
    """A lesson with its text, for those who may read it."""

    head: Flat[LessonHead]
    content: str
    video_url: str
    module_title: str
    course_title: str
    is_active: bool
    enrollment_count: int
    completion_count: int
    created_at: float
    updated_at: float
    deleted_at: float | None = None


class ModuleWithLessons(Object):
    """A module and its open lessons, in order."""

    module: Flat[ModuleDoc]
    lessons: list[LessonCard]


class QuizPublic(Object):
    """A question, without the answer."""

    id: Id[Quiz] = field(wire="_id")
    lesson_id: Id[Lesson]
    question: str
    options: list[str]
    difficulty: Difficulty
    order: float


class QuizDoc(Object):
    """A question with its answer, for editors."""

    quiz: Flat[QuizPublic]
    creation_time: float = field(wire="_creationTime")
    correct_index: int
    explanation: str | None = None
    is_active: bool
    created_at: float
    updated_at: float
    deleted_at: float | None = None


def course_doc(course: Course) -> CourseDoc:
    """A course without what only the server needs."""
    return CourseDoc(
        id=course.id,
        creation_time=course.creation_time,
        title=course.title,
        slug=course.slug,
        description=course.description,
        level=course.level,
        duration=course.duration,
        image_url=course.image_url,
        language=course.language,
        is_published=course.is_published,
        published_at=utils.publish_time(course),
        enrollment_count=course.enrollment_count,
        completion_count=course.completion_count,
        created_by=course.created_by,
        created_at=course.created_at,
        updated_at=course.updated_at,
        deleted_at=course.deleted_at,
    )


def module_doc(module: Module) -> ModuleDoc:
    """A module."""
    return ModuleDoc(
        id=module.id,
        creation_time=module.creation_time,
        course_id=module.course_id,
        title=module.title,
        slug=module.slug,
        description=module.description,
        order=module.order,
        duration=module.duration,
        course_title=module.course_title,
        is_active=module.is_active,
        lesson_count=module.lesson_count,
        created_at=module.created_at,
        updated_at=module.updated_at,
        deleted_at=module.deleted_at,
    )


def _lesson_head(lesson: Lesson, reads_premium: bool) -> LessonHead:
    return LessonHead(
        id=lesson.id,
        creation_time=lesson.creation_time,
        module_id=lesson.module_id,
        course_id=lesson.course_id,
        title=lesson.title,
        slug=lesson.slug,
        description=lesson.description,
        duration=lesson.duration,
        order=lesson.order,
        is_free_preview=lesson.is_free_preview,
        is_locked=not (lesson.is_free_preview or reads_premium),
    )


def lesson_card(lesson: Lesson, reads_premium: bool) -> LessonCard:
    """A lesson for a list, for a reader who may or may not read premium texts."""
    return LessonCard(head=_lesson_head(lesson, reads_premium))


def outline_lesson(lesson: Lesson, reads_premium: bool, status: LessonStatus) -> OutlineLesson:
    """A lesson for an outline."""
    return OutlineLesson(head=_lesson_head(lesson, reads_premium), status=status)


def lesson_doc(lesson: Lesson) -> LessonDoc:
    """A lesson with its text; the caller made sure that the reader may have it."""
    return LessonDoc(
        head=_lesson_head(lesson, reads_premium=True),
        content=lesson.content,
        video_url=lesson.video_url,
        module_title=lesson.module_title,
        course_title=lesson.course_title,
        is_active=lesson.is_active,
        enrollment_count=lesson.enrollment_count,
        completion_count=lesson.completion_count,
        created_at=lesson.created_at,
        updated_at=lesson.updated_at,
        deleted_at=lesson.deleted_at,
    )


def quiz_public(quiz: Quiz) -> QuizPublic:
    """A question without anything that gives the answer away."""
    return QuizPublic(
        id=quiz.id,
        lesson_id=quiz.lesson_id,
        question=quiz.question,
        options=quiz.options,
        difficulty=quiz.difficulty,
        order=quiz.order,
    )


def quiz_doc(quiz: Quiz) -> QuizDoc:
    """A question with its answer."""
    return QuizDoc(
        quiz=quiz_public(quiz),
        creation_time=quiz.creation_time,
        correct_index=quiz.correct_index,
        explanation=quiz.explanation,
        is_active=quiz.is_active,
        created_at=quiz.created_at,
        updated_at=quiz.updated_at,
        deleted_at=quiz.deleted_at,
    )
