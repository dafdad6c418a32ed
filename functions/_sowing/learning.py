"""Stores what the demo learners did, with the counts that follow from it."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass

from functions._demo.learners import STUDIES
from functions._demo.shapes import Question, Sitting, Study
from functions._sowing.courses import Library, Page, Shelf
from functions._sowing.people import Account, People
from functions._sowing.sower import Sower
from functions.constants import ATTEMPT_SCORES, MINUTE_MS
from reactor import Id
from schema import Certificate, Course, Enrollment, Lesson, QuizAttempt, UserProgress


@dataclass(frozen=True, slots=True)
class Finish:
    """A course that somebody has completed, certified at the same moment."""

    learner: Account
    certificate_id: Id[Certificate]
    certificate: Certificate


async def sow_learning(sower: Sower, people: People, library: Library) -> list[Finish]:
    """Inserts progress, answers, enrollments and certificates; returns the finished courses."""
    started: Tally[Id[Lesson]] = Tally()
    completed: Tally[Id[Lesson]] = Tally()
    enrolled: Tally[Id[Course]] = Tally()
    finishes: list[Finish] = []
    for study in STUDIES:
        learner, shelf = people[study.learner], library[study.course.title]
        rows = [
            await _sow_sitting(sower, learner, shelf, page, sitting)
            for page, sitting in zip(shelf.pages, study.sittings, strict=False)
        ]
        started.update(row.lesson_id for row in rows)
        completed.update(row.lesson_id for row in rows if row.status == "completed")
        enrolled[shelf.id] += 1
        enrollment = _enrollment(sower, learner, shelf, study, rows)
        await sower.insert(enrollment)
        if enrollment.completed_at is not None and study.certificate_code is not None:
            certificate = _certificate(
                learner, study, enrollment, study.certificate_code, enrollment.completed_at
            )
            finishes.append(Finish(learner, await sower.insert(certificate), certificate))
    finished = Tally(finish.certificate.course_id for finish in finishes)
    await _count(sower, started, completed, enrolled, finished)
    return finishes


async def _sow_sitting(
    sower: Sower, learner: Account, shelf: Shelf, page: Page, sitting: Sitting
) -> UserProgress:
    """Inserts the answers and the progress of one lesson."""
    started_at = sower.ago(sitting.days_ago)
    ended_at = started_at + round(sitting.minutes * MINUTE_MS)
    sower.day(started_at).active.add(learner.id)
    sower.day(ended_at).active.add(learner.id)
    scores = [
        await _sow_answers(sower, learner, page, place, tries, sitting)
        for place, tries in enumerate(sitting.tries)
    ]
    row = UserProgress(
        user_id=learner.id,
        lesson_id=page.id,
        module_id=page.module_id,
        course_id=shelf.id,
        status="completed" if sitting.is_finished else "started",
        score=float(_rounded_mean(scores)) if sitting.is_finished else None,
        completed_at=ended_at if sitting.is_finished else None,
        time_spent=sitting.minutes,
        created_at=started_at,
        updated_at=ended_at,
    )
    await sower.insert(row)
    return row


async def _sow_answers(
    sower: Sower, learner: Account, page: Page, place: int, tries: str, sitting: Sitting
) -> int:
    """Inserts the answers to one question and returns its score."""
    if tries == "-":
        return 0
    is_solved = tries != "x"
    count = int(tries) if is_solved else len(ATTEMPT_SCORES)
    begins_at = sower.ago(sitting.days_ago)
    step = sitting.minutes * MINUTE_MS / (len(page.quiz_ids) + 1)
    for number in range(1, count + 1):
        is_correct = is_solved and number == count
        question = page.item.questions[place]
        await sower.insert(
            QuizAttempt(
                user_id=learner.id,
                quiz_id=page.quiz_ids[place],
                lesson_id=page.id,
                selected_option=question.right if is_correct else _wrong(question, number),
                is_correct=is_correct,
                score=float(ATTEMPT_SCORES[number - 1]) if is_correct else 0.0,
                attempted_at=begins_at + round(step * (place + number / (count + 1))),
                round=1,
                attempt_number=number,
            )
        )
    return ATTEMPT_SCORES[count - 1] if is_solved else 0


def _wrong(question: Question, number: int) -> int:
    """A wrong option, another one at each attempt while there are any."""
    wrong = [option for option in range(len(question.options)) if option != question.right]
    return wrong[(number - 1) % len(wrong)]


def _rounded_mean(scores: list[int]) -> int:
    """The mean with halves rounded up, as lessons are scored."""
    return (2 * sum(scores) + len(scores)) // (2 * len(scores))


def _enrollment(
    sower: Sower, learner: Account, shelf: Shelf, study: Study, rows: list[UserProgress]
) -> Enrollment:
    scores = [row.score for row in rows if row.score is not None]
    is_finished = len(scores) == len(shelf.pages)
    ended_at = max(row.updated_at for row in rows)
    return Enrollment(
        user_id=learner.id,
        course_id=shelf.id,
        status="completed" if is_finished else "in_progress",
        completed_lesson_count=len(scores),
        last_lesson_id=rows[-1].lesson_id,
        score=sum(scores) / len(scores) if scores else None,
        started_at=sower.ago(study.sittings[0].days_ago),
        last_activity_at=ended_at,
        completed_at=ended_at if is_finished else None,
    )


def _certificate(
    learner: Account, study: Study, enrollment: Enrollment, code: str, issued_at: float
) -> Certificate:
    return Certificate(
        user_id=learner.id,
        course_id=enrollment.course_id,
        code=code,
        recipient_name=learner.person.name,
        course_title=study.course.title,
        score=enrollment.score,
        issued_at=issued_at,
    )


async def _count(
    sower: Sower,
    started: Tally[Id[Lesson]],
    completed: Tally[Id[Lesson]],
    enrolled: Tally[Id[Course]],
    finished: Tally[Id[Course]],
) -> None:
    """Writes how many learners began and completed each lesson and course."""
    for lesson_id, learners in started.items():
        await sower.ctx.db.patch(
            lesson_id,
            Lesson.enrollment_count.set(learners),
            Lesson.completion_count.set(completed[lesson_id]),
        )
    for course_id, learners in enrolled.items():
        await sower.ctx.db.patch(
            course_id,
            Course.enrollment_count.set(learners),
            Course.completion_count.set(finished[course_id]),
        )
