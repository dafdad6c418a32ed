"""What people learned: progress, answers, enrollments, certificates, with their totals."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import floor
from typing import Final

from functions._load import texts
from functions._load.content import course_slug
from functions._load.sizes import mixed, state_of
from functions._load.writer import Writer
from functions._scores import attempt_score
from functions.constants import ATTEMPT_SCORES, MINUTE_MS, PASS_MARK
from reactor import Id
from schema import (
    Certificate,
    Course,
    Enrollment,
    Lesson,
    Module,
    Quiz,
    QuizAttempt,
    User,
    UserProgress,
)

_ROUNDS: Final = 20
_RIGHT: Final = 0.65
"""How likely an answer is right."""


@dataclass(slots=True)
class CourseOnShelf:
    """A course that people of one step learn from, and what they changed in its totals.

    Args:
        id: of the course.
        course: its row.
        lessons: the open ones, in order.
    """

    id: Id[Course]
    course: Course
    lessons: list[Lesson]
    enrolled: int = 0
    finished: int = 0
    started: Tally[str] = field(default_factory=Tally[str])
    completed: Tally[str] = field(default_factory=Tally[str])

    def open_lessons(self, *, reads_premium: bool) -> list[Lesson]:
        return [each for each in self.lessons if reads_premium or each.is_free_preview]


@dataclass(frozen=True, slots=True, kw_only=True)
class Learner:
    """Who learns, how much, and on which of the past days.

    Attributes:
        lessons: rows of progress.
        attempts: answers to questions.
        days_ago: ascending in time, so descending in number.
    """

    id: Id[User]
    name: str
    reads_premium: bool
    lessons: int
    attempts: int
    days_ago: Sequence[int]


@dataclass(frozen=True, slots=True)
class Feat:
    """Something that the inbox tells about."""

    course_id: Id[Course]
    course_title: str
    time: float
    code: str | None = None


class Shelf:
    """The courses that the people of one step learn from.

    A few courses a step, drawn by Zipf's law, keep one mutation within what it may read.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._quizzes: dict[str, list[Quiz]] = {}
        self.courses: list[CourseOnShelf] = []

    async def fill(self, need: int) -> None:
        """Draws courses until there are so many free lessons, and a half more for choice.

        Raises:
            ValueError: all courses together have too few.
        """
        free, left = 0, self._ranked()
        while left and free < need * 1.5:
            weights = [1 / (rank + 1) for rank, _ in left]
            place = self._writer.chance.choices(range(len(left)), weights)[0]
            course = await self._read(left.pop(place)[1])
            self.courses.append(course)
            free += len(course.open_lessons(reads_premium=False))
        if free < need:
            raise ValueError(f"the data set has {free} free lessons, and somebody took {need}")

    def _ranked(self) -> list[tuple[int, int]]:
        total = self._writer.size.courses
        listed = (number for number in range(total) if state_of(number) == "published")
        return [(mixed(number, total), number) for number in listed]

    async def _read(self, number: int) -> CourseOnShelf:
        db, slug = self._writer.ctx.db, course_slug(number)
        course = await db.query(Course).with_index(Course.by_slug, Course.slug == slug).unique()
        assert course is not None, "courses are stored before people"
        modules = db.query(Module).with_index(
            Module.by_course_active_order,
            Module.course_id == course.id,
            Module.deleted_at.is_absent(),
            Module.is_active.is_(True),
        )
        lessons: list[Lesson] = []
        for module in await modules.collect():
            of_module = db.query(Lesson).with_index(
                Lesson.by_module_active_order,
                Lesson.module_id == module.id,
                Lesson.deleted_at.is_absent(),
                Lesson.is_active.is_(True),
            )
            lessons += await of_module.collect()
        return CourseOnShelf(course.id, course, lessons)

    async def quizzes(self, lesson: Lesson) -> list[Quiz]:
        """The open questions of a lesson."""
        known = self._quizzes.get(lesson.id)
        if known is None:
            found = self._writer.ctx.db.query(Quiz).with_index(
                Quiz.by_lesson_active_order,
                Quiz.lesson_id == lesson.id,
                Quiz.deleted_at.is_absent(),
                Quiz.is_active.is_(True),
            )
            known = self._quizzes[lesson.id] = await found.collect()
        return known

    async def keep_totals(self) -> None:
        """Adds what the step's people did to the courses and lessons."""
        db = self._writer.ctx.db
        for each in self.courses:
            if each.enrolled:
                await db.patch(
                    each.id,
                    Course.enrollment_count.set(each.course.enrollment_count + each.enrolled),
                    Course.completion_count.set(each.course.completion_count + each.finished),
                )
            for lesson in each.lessons:
                if each.started[lesson.id]:
                    started = lesson.enrollment_count + each.started[lesson.id]
                    completed = lesson.completion_count + each.completed[lesson.id]
                    await db.patch(
                        lesson.id,
                        Lesson.enrollment_count.set(started),
                        Lesson.completion_count.set(completed),
                    )


# ---------------------------------------------------------------- one learner


async def store_learning(writer: Writer, shelf: Shelf, learner: Learner) -> list[Feat]:
    """Stores all that somebody learned; gives what they would be congratulated on."""
    chosen = _choose(writer, shelf, learner)
    taken = [lesson for _, lessons in chosen for lesson in lessons]
    sheets = [_Sheet(lesson, await shelf.quizzes(lesson)) for lesson in taken]
    _answer(writer, sheets, learner.attempts)
    times = sorted(writer.moment(writer.chance.choice(learner.days_ago)) for _ in taken)
    feats: list[Feat] = []
    for course, lessons in chosen:
        own, sheets = sheets[: len(lessons)], sheets[len(lessons) :]
        when, times = times[: len(lessons)], times[len(lessons) :]
        feats += await _store_course(writer, learner, course, own, when)
    return feats


def _choose(
    writer: Writer, shelf: Shelf, learner: Learner
) -> list[tuple[CourseOnShelf, list[Lesson]]]:
    """The lessons, each course from its beginning."""
    chosen: list[tuple[CourseOnShelf, list[Lesson]]] = []
    rest, first = learner.lessons, writer.chance.randrange(len(shelf.courses))
    for course in [*shelf.courses[first:], *shelf.courses[:first]]:
        lessons = course.open_lessons(reads_premium=learner.reads_premium)[:rest]
        if lessons:
            chosen.append((course, lessons))
            rest -= len(lessons)
    assert rest == 0, "the shelf has enough for everybody"
    return chosen


class _Sheet:
    """Somebody's answers to the questions of one lesson: (question, option, number) by round."""

    def __init__(self, lesson: Lesson, quizzes: list[Quiz]) -> None:
        self.lesson = lesson
        self.quizzes = quizzes
        self.rounds: list[list[tuple[Quiz, int, int]]] = []

    @property
    def is_answered(self) -> bool:
        """Whether every question has been answered, rightly or not."""
        answered = {quiz.id for answers in self.rounds for quiz, _, _ in answers}
        return len(answered) == len(self.quizzes)

    def score(self) -> int | None:
        """The best round; None for a lesson without questions."""
        if not self.quizzes:
            return None
        rounds = (sum(points(*answer) for answer in answers) for answers in self.rounds)
        return floor(max(rounds, default=0) / len(self.quizzes) + 0.5)


def points(quiz: Quiz, option: int, number: int) -> int:
    """What one answer earns; only a right one does, and it is the question's last."""
    return attempt_score(option == quiz.correct_index, number)


def _answer(writer: Writer, sheets: list[_Sheet], attempts: int) -> None:
    """Spends the attempts lesson by lesson; what is left over goes into further rounds.

    Raises:
        ValueError: there are too few questions for them.
    """
    for _ in range(_ROUNDS):
        for sheet in sheets:
            if attempts and sheet.quizzes:
                answers = _answers(writer, sheet.quizzes, attempts)
                sheet.rounds.append(answers)
                attempts -= len(answers)
    if attempts:
        raise ValueError(f"{len(sheets)} lessons have too few questions: {attempts} answers left")


def _answers(writer: Writer, quizzes: list[Quiz], most: int) -> list[tuple[Quiz, int, int]]:
    """One pass through the questions: each until it is right, three times at most."""
    answers: list[tuple[Quiz, int, int]] = []
    for quiz in quizzes:
        for number in range(1, len(ATTEMPT_SCORES) + 1):
            if len(answers) == most:
                return answers
            is_right = writer.chance.random() < _RIGHT
            step = 0 if is_right else writer.chance.randint(1, len(quiz.options) - 1)
            answers.append((quiz, (quiz.correct_index + step) % len(quiz.options), number))
            if is_right:
                break
    return answers


async def _store_course(
    writer: Writer,
    learner: Learner,
    course: CourseOnShelf,
    sheets: list[_Sheet],
    times: list[float],
) -> list[Feat]:
    is_finisher = writer.chance.random() < 0.5
    scores: list[float] = []
    completed = 0
    for sheet, time in zip(sheets, times, strict=True):
        is_done = is_finisher or (sheet.is_answered and writer.chance.random() < 0.8)
        await _store_lesson(writer, learner, sheet, time, is_done)
        course.started[sheet.lesson.id] += 1
        if is_done:
            completed += 1
            course.completed[sheet.lesson.id] += 1
            earned = sheet.score()
            if earned is not None:
                scores.append(float(earned))
    course.enrolled += 1
    score = sum(scores) / len(scores) if scores else None
    is_finished = completed == len(course.lessons)
    enrollment = Enrollment(
        user_id=learner.id,
        course_id=course.id,
        status="completed" if is_finished else "in_progress",
        completed_lesson_count=completed,
        last_lesson_id=sheets[-1].lesson.id,
        score=score,
        started_at=times[0],
        last_activity_at=times[-1],
        completed_at=times[-1] if is_finished else None,
    )
    await writer.insert(enrollment)
    if not is_finished:
        return []
    course.finished += 1
    return await _store_certificate(writer, learner, course, score, times[-1])


async def _store_lesson(
    writer: Writer, learner: Learner, sheet: _Sheet, time: float, is_done: bool
) -> None:
    lesson, rounds = sheet.lesson, len(sheet.rounds)
    minutes = writer.chance.randint(2, int(lesson.duration))
    progress = UserProgress(
        user_id=learner.id,
        lesson_id=lesson.id,
        module_id=lesson.module_id,
        course_id=lesson.course_id,
        status="completed" if is_done else "started",
        score=sheet.score() if is_done else None,
        completed_at=time if is_done else None,
        time_spent=float(minutes),
        quiz_round=rounds if rounds > 1 else None,
        created_at=time - minutes * MINUTE_MS,
        updated_at=time,
    )
    await writer.insert(progress)
    for round_number, answers in enumerate(sheet.rounds, 1):
        for quiz, option, number in answers:
            earned = points(quiz, option, number)
            attempt = QuizAttempt(
                user_id=learner.id,
                quiz_id=quiz.id,
                lesson_id=lesson.id,
                selected_option=option,
                is_correct=earned > 0,
                score=float(earned),
                attempted_at=time - MINUTE_MS,
                round=round_number,
                attempt_number=number,
            )
            await writer.insert(attempt)


async def _store_certificate(
    writer: Writer, learner: Learner, course: CourseOnShelf, score: float | None, time: float
) -> list[Feat]:
    title = course.course.title
    feats = [Feat(course.id, title, time)]
    if score is None or score >= PASS_MARK:
        code = texts.code(writer.chance)
        feats.append(Feat(course.id, title, time, code))
        certificate = Certificate(
            user_id=learner.id,
            course_id=course.id,
            code=code,
            recipient_name=learner.name,
            course_title=title,
            score=score,
            issued_at=time,
        )
        await writer.insert(certificate)
    return feats
