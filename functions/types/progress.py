"""How far learners are, as they get it themselves."""

from __future__ import annotations

from typing import Literal

from functions.types.learning import CourseDoc, LessonDoc, LessonStatus, ModuleDoc, OutlineLesson
from reactor import Flat, Id, Object, field
from schema import Certificate, Course, Enrollment, Lesson, Module, Quiz, User, UserProgress

CourseStatus = Literal["not_started", "in_progress", "completed"]


class ProgressDoc(Object):
    """How far a learner is with a lesson."""

    id: Id[UserProgress] = field(wire="_id")
    creation_time: float = field(wire="_creationTime")
    user_id: Id[User]
    lesson_id: Id[Lesson]
    module_id: Id[Module]
    course_id: Id[Course]
    status: Literal["started", "completed"]
    score: float | None = None
    completed_at: float | None = None
    time_spent: float
    quiz_round: int | None = None
    created_at: float
    updated_at: float


class LessonDetail(Object):
    """A lesson on a page of its own."""

    lesson: Flat[LessonDoc]
    quiz_count: int
    progress: ProgressDoc | None
    prev_lesson_id: Id[Lesson] | None
    next_lesson_id: Id[Lesson] | None


class ModuleProgress(Object):
    """How far a learner is with a module."""

    module_id: Id[Module]
    total_lessons: int
    completed_lessons: int
    completed: bool


class LessonProgress(Object):
    """Where a learner stands with a lesson of a course."""

    lesson_id: Id[Lesson]
    status: LessonStatus
    score: float | None = None


class CourseProgress(Object):
    """How far a learner is with a course; closed and deleted parts do not count."""

    course_id: Id[Course]
    total_lessons: int
    completed_lessons: int
    percent: int
    status: CourseStatus
    score: float | None
    certificate_code: str | None
    modules: list[ModuleProgress]
    lessons: list[LessonProgress]


class OutlineModule(Object):
    """A module in an outline."""

    module: Flat[ModuleDoc]
    lessons: list[OutlineLesson]


class Outline(Object):
    """A course with all that it consists of; `progress` is null for visitors."""

    course: CourseDoc
    modules: list[OutlineModule]
    progress: CourseProgress | None


class CourseInProgress(Object):
    """A course to go on with."""

    course: CourseDoc
    percent: int
    last_lesson_id: Id[Lesson] | None


class Dashboard(Object):
    """A learner's own numbers, and where to go on."""

    in_progress: list[CourseInProgress]
    completed_courses: int
    lessons_completed: int
    minutes_spent: float
    certificates: int
    streak_days: int
    recent: list[ProgressDoc]


class EnrollmentDoc(Object):
    """A course that a learner has begun."""

    id: Id[Enrollment] = field(wire="_id")
    creation_time: float = field(wire="_creationTime")
    user_id: Id[User]
    course_id: Id[Course]
    status: Literal["in_progress", "completed"]
    completed_lesson_count: int
    last_lesson_id: Id[Lesson] | None = None
    score: float | None = None
    started_at: float
    last_activity_at: float
    completed_at: float | None = None


class EnrollmentList(Object):
    """A page of courses that a learner has begun."""

    enrollments: list[EnrollmentDoc]
    next_cursor: str | None


class Completion(Object):
    """Whether all lessons are completed."""

    completed: bool
    completed_lessons: int
    total_lessons: int


class TimeSpent(Object):
    """Minutes spent on a lesson, all in all."""

    time_spent: float


class Answer(Object):
    """A learner's answer to one question."""

    quiz_id: Id[Quiz]
    selected_option: float


class AnswerResult(Object):
    """What became of an answer; the right one is told once the question is closed."""

    is_correct: bool
    score: int
    attempt_number: int
    attempts_left: int
    round: int
    correct_index: int | None
    explanation: str | None


class ScoredAnswer(Object):
    """An answer, and what the lesson's round scores with it."""

    result: Flat[AnswerResult]
    lesson_score: int


class QuizAnswerResult(Object):
    """What became of one of several answers."""

    quiz_id: Id[Quiz]
    result: Flat[AnswerResult]


class LessonResult(Object):
    """What became of several answers, and what the lesson's round scores with them."""

    results: list[QuizAnswerResult]
    lesson_score: int


class QuestionResult(Object):
    """Where a learner stands with a question in this round."""

    quiz_id: Id[Quiz]
    attempts: int
    closed: bool
    is_correct: bool
    correct_index: int | None
    explanation: str | None


class QuizResults(Object):
    """Where a learner stands with the questions of a lesson."""

    round: int
    lesson_score: int
    best_score: int
    can_retake: bool
    questions: list[QuestionResult]


class RoundResult(Object):
    """The round that begins."""

    round: int


class CertificateDoc(Object):
    """A certificate, for its owner."""

    id: Id[Certificate] = field(wire="_id")
    course_id: Id[Course]
    code: str
    course_title: str
    score: float | None = None
    issued_at: float


class CertificateList(Object):
    """All certificates of a learner."""

    certificates: list[CertificateDoc]


class PublicCertificate(Object):
    """What anybody with the code may see."""

    code: str
    recipient_name: str
    course_title: str
    score: float | None
    issued_at: float


def progress_doc(progress: UserProgress) -> ProgressDoc:
    """A learner's progress with a lesson."""
    return ProgressDoc(
        id=progress.id,
        creation_time=progress.creation_time,
        user_id=progress.user_id,
        lesson_id=progress.lesson_id,
        module_id=progress.module_id,
        course_id=progress.course_id,
        status=progress.status,
        score=progress.score,
        completed_at=progress.completed_at,
        time_spent=progress.time_spent,
        quiz_round=progress.quiz_round,
        created_at=progress.created_at,
        updated_at=progress.updated_at,
    )


def enrollment_doc(enrollment: Enrollment) -> EnrollmentDoc:
    """A course that a learner has begun."""
    return EnrollmentDoc(
        id=enrollment.id,
        creation_time=enrollment.creation_time,
        user_id=enrollment.user_id,
        course_id=enrollment.course_id,
        status=enrollment.status,
        completed_lesson_count=enrollment.completed_lesson_count,
        last_lesson_id=enrollment.last_lesson_id,
        score=enrollment.score,
        started_at=enrollment.started_at,
        last_activity_at=enrollment.last_activity_at,
        completed_at=enrollment.completed_at,
    )


def certificate_doc(certificate: Certificate) -> CertificateDoc:
    """A certificate for its owner."""
    return CertificateDoc(
        id=certificate.id,
        course_id=certificate.course_id,
        code=certificate.code,
        course_title=certificate.course_title,
        score=certificate.score,
        issued_at=certificate.issued_at,
    )


def public_certificate(certificate: Certificate) -> PublicCertificate:
    """A certificate without ids and addresses."""
    return PublicCertificate(
        code=certificate.code,
        recipient_name=certificate.recipient_name,
        course_title=certificate.course_title,
        score=certificate.score,
        issued_at=certificate.issued_at,
    )
