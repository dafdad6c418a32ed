"""The demo courses: their texts, and that the rows keep the rules that the functions keep."""

from __future__ import annotations

import math
import re
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import AsyncIterator
from itertools import pairwise

import pytest

import schema
from functions import demo
from functions._demo.courses import BASICS, COURSES, DATA, GOVERNANCE, PROMPTING
from functions._demo.learners import STUDIES
from functions._demo.shapes import CourseItem, LessonItem, prose
from functions.utils import slugify
from reactor.testing import Harness, open_harness
from tests.app.support import all_of, words

LESSONS = [lesson for course in COURSES for lesson in course.lessons]
QUESTIONS = [question for lesson in LESSONS for question in lesson.questions]


def title_of(item: CourseItem | LessonItem) -> str:
    return slugify(item.title)


# ---------------------------------------------------------------- the data


def test_courses_have_the_promised_shape() -> None:
    """What the journeys and the price page promise: sizes, languages, and what is free."""
    shapes = {course.title: [len(part.lessons) for part in course.chapters] for course in COURSES}
    assert shapes == {
        "Dasar Literasi AI": [2, 2],
        "Prompting untuk Profesional": [4, 4, 4, 4],
        "AI Governance in Practice": [4, 4, 4],
        "Bertanya kepada Data": [3],
    }
    assert [course.level for course in COURSES] == ["basic", "intermediate", "advanced", "basic"]
    assert [course.language for course in COURSES] == ["id", "id", "en", "id"]
    assert [course for course in COURSES if course.is_draft] == [DATA]
    free = [[lesson.is_free_preview for lesson in course.lessons] for course in COURSES]
    assert free == [[True] * 4, [True] * 4 + [False] * 12, [True] + [False] * 11, [False] * 3]
    assert BASICS.level == "basic"
    assert PROMPTING.days_ago > GOVERNANCE.days_ago > DATA.days_ago > 0


@pytest.mark.parametrize("lesson", LESSONS, ids=title_of)
def test_lessons_respect_the_input_limits(lesson: LessonItem) -> None:
    """An editor can open a demo lesson or question and save it unchanged."""
    assert 1 <= len(lesson.title) <= 200
    assert 1 <= len(lesson.description) <= 5_000
    for question in lesson.questions:
        assert 1 <= len(question.question) <= 1_000
        assert 1 <= len(question.because) <= 1_000
        assert 2 <= len(set(question.options)) == len(question.options) <= 6
        assert all(option == option.strip() != "" for option in question.options)
        assert all(len(option) <= 300 for option in question.options)
        assert 0 <= question.right < len(question.options)
    assert len({question.question for question in lesson.questions}) == len(lesson.questions)


@pytest.mark.parametrize("lesson", LESSONS, ids=title_of)
def test_lessons_are_as_long_as_they_say(lesson: LessonItem) -> None:
    """A lesson has something to read, a few questions, and time left to try what it says."""
    length = words(prose(lesson.content))
    assert 320 <= length <= 700
    assert 2 <= len(lesson.questions) <= 4
    reading_and_answering = length / 100 + len(lesson.questions)
    assert 1 <= lesson.minutes - reading_and_answering <= 5


def test_about_a_hundred_questions() -> None:
    """A learner who finishes everything has answered enough to be judged by."""
    assert 96 <= len(QUESTIONS) <= 104


def test_the_right_answer_has_no_favourite_place() -> None:
    """Nobody passes by always choosing the same option, or the longest one."""
    places = Tally(question.right for question in QUESTIONS)
    assert max(places.values()) < 0.4 * places.total()
    longest = [max(question.options, key=len) for question in QUESTIONS]
    guessed = sum(
        option == question.options[question.right]
        for option, question in zip(longest, QUESTIONS, strict=True)
    )
    assert guessed < 0.4 * len(QUESTIONS)


def test_recorded_answers_fit_the_questions() -> None:
    """Who finished a lesson has answered all its questions, and nobody any other."""
    for study in STUDIES:
        assert len(study.sittings) <= len(study.course.lessons)
        for lesson, sitting in zip(study.course.lessons, study.sittings, strict=False):
            assert len(sitting.tries) == len(lesson.questions), f"{study.learner}: {lesson.title}"
            assert ("-" in sitting.tries) <= (not sitting.is_finished)


# ---------------------------------------------------------------- the rows


@pytest.fixture
async def backend() -> AsyncIterator[Harness]:
    env = {"CLERK_JWT_ISSUER_DOMAIN": "https://issuer.test"}
    async with open_harness(schema=schema, functions="functions", env=env) as harness:
        await harness.mutation(demo.seed)
        yield harness


async def test_the_outline_is_consistent(backend: Harness) -> None:
    """Copies, counts, orders and slugs are those that the editing functions would keep."""
    courses = {row.id: row for row in await all_of(backend, schema.Course)}
    modules = {row.id: row for row in await all_of(backend, schema.Module)}
    lessons = await all_of(backend, schema.Lesson)
    assert len({row.slug for row in courses.values()}) == len(courses) == 4
    assert sum(row.is_published for row in courses.values()) == 3
    assert all((row.published_at is not None) == row.is_published for row in courses.values())
    by_course = defaultdict[str, list[schema.Module]](list)
    for module in modules.values():
        assert module.course_title == courses[module.course_id].title
        by_course[module.course_id].append(module)
    by_module = defaultdict[str, list[schema.Lesson]](list)
    for lesson in lessons:
        assert lesson.course_id == modules[lesson.module_id].course_id
        assert lesson.module_title == modules[lesson.module_id].title
        assert lesson.course_title == courses[lesson.course_id].title
        by_module[lesson.module_id].append(lesson)
    in_course = [[(row.slug, row.order) for row in rows] for rows in by_course.values()]
    in_module = [[(row.slug, row.order) for row in rows] for rows in by_module.values()]
    for siblings in in_course + in_module:
        assert len({slug for slug, _ in siblings}) == len(siblings)
        assert sorted(order for _, order in siblings) == [n + 1.0 for n in range(len(siblings))]
    for module in modules.values():
        assert module.lesson_count == len(by_module[module.id])


async def test_questions_belong_to_lessons_in_order(backend: Harness) -> None:
    """Each lesson has two to four questions, numbered from one."""
    by_lesson = defaultdict[str, list[schema.Quiz]](list)
    for quiz in await all_of(backend, schema.Quiz):
        by_lesson[quiz.lesson_id].append(quiz)
        assert quiz.correct_index < len(quiz.options)
    assert set(by_lesson) == {row.id for row in await all_of(backend, schema.Lesson)}
    for quizzes in by_lesson.values():
        orders = sorted(quiz.order for quiz in quizzes)
        assert orders[0] == 1.0
        assert all(later - earlier == 1.0 for earlier, later in pairwise(orders))


# ---------------------------------------------------------------- progress


async def test_six_learners_and_one_certificate(backend: Harness) -> None:
    """The dashboard of a learner, of an admin and the page of a certificate have something."""
    people = {row.id: row for row in await all_of(backend, schema.User)}
    progress = await all_of(backend, schema.UserProgress)
    learners = sorted({people[row.user_id].clerk_user_id for row in progress})
    assert learners == ["expired-1", "free-2", "free-3", "pro-1", "pro-2", "pro-3"]
    (certificate,) = await all_of(backend, schema.Certificate)
    (finished,) = [
        row for row in await all_of(backend, schema.Enrollment) if row.status == "completed"
    ]
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{12}", certificate.code)
    assert certificate.recipient_name == people[certificate.user_id].name == "Rizky Hidayat"
    assert certificate.course_title == "Dasar Literasi AI"
    assert (certificate.user_id, certificate.course_id) == (finished.user_id, finished.course_id)
    assert certificate.score == finished.score
    assert (certificate.score or 0) >= 60
    assert certificate.issued_at == finished.completed_at


async def test_scores_follow_from_the_answers(backend: Harness) -> None:
    """Nobody has a score that the answers do not give; three answers a question at most."""
    quizzes = await all_of(backend, schema.Quiz)
    correct = {quiz.id: quiz.correct_index for quiz in quizzes}
    answers = defaultdict[tuple[str, str, str], list[schema.QuizAttempt]](list)
    for attempt in await all_of(backend, schema.QuizAttempt):
        answers[attempt.user_id, attempt.lesson_id, attempt.quiz_id].append(attempt)
        is_correct = attempt.selected_option == correct[attempt.quiz_id]
        assert attempt.is_correct == is_correct
        worth = (100, 50, 25)[attempt.attempt_number - 1]
        assert attempt.score == (worth if is_correct else 0)
    for tries in answers.values():
        assert [one.attempt_number for one in tries] == list(range(1, len(tries) + 1))
        assert len(tries) <= 3
        assert not any(one.is_correct for one in tries[:-1])
        assert all(one.attempted_at < other.attempted_at for one, other in pairwise(tries))
    for row in await all_of(backend, schema.UserProgress):
        best = [
            max((one.score for one in answers[row.user_id, row.lesson_id, quiz.id]), default=0.0)
            for quiz in quizzes
            if quiz.lesson_id == row.lesson_id
        ]
        mine = [
            one
            for key, tries in answers.items()
            if key[:2] == (row.user_id, row.lesson_id)
            for one in tries
        ]
        assert all(row.created_at < one.attempted_at < row.updated_at for one in mine)
        assert (row.status == "completed") == (row.completed_at is not None)
        if row.status == "completed":
            assert row.score == math.floor(sum(best) / len(best) + 0.5)
        else:
            assert row.score is None


async def test_enrollments_and_counts_follow_from_progress(backend: Harness) -> None:
    """Counters of lessons and courses are those that `startLesson` would have written."""
    progress = await all_of(backend, schema.UserProgress)
    lessons = {row.id: row for row in await all_of(backend, schema.Lesson)}
    enrollments = await all_of(backend, schema.Enrollment)
    courses = {row.id: row for row in await all_of(backend, schema.Course)}
    assert len({(row.user_id, row.lesson_id) for row in progress}) == len(progress)
    assert len({(row.user_id, row.course_id) for row in enrollments}) == len(enrollments)
    for row in progress:
        lesson = lessons[row.lesson_id]
        assert (row.module_id, row.course_id) == (lesson.module_id, lesson.course_id)
    for lesson in lessons.values():
        mine = [row for row in progress if row.lesson_id == lesson.id]
        assert lesson.enrollment_count == len(mine)
        assert lesson.completion_count == sum(row.status == "completed" for row in mine)
    for course in courses.values():
        ours = [row for row in enrollments if row.course_id == course.id]
        assert course.enrollment_count == len(ours)
        assert course.completion_count == sum(row.status == "completed" for row in ours)
    for enrollment in enrollments:
        who = (enrollment.user_id, enrollment.course_id)
        taken = [row for row in progress if (row.user_id, row.course_id) == who]
        scores = [row.score for row in taken if row.score is not None]
        total = sum(lesson.course_id == enrollment.course_id for lesson in lessons.values())
        last = max(taken, key=lambda row: row.updated_at)
        assert enrollment.completed_lesson_count == len(scores)
        assert enrollment.score == sum(scores) / len(scores)
        assert enrollment.last_lesson_id == last.lesson_id
        assert enrollment.last_activity_at == last.updated_at
        assert enrollment.started_at == min(row.created_at for row in taken)
        assert (enrollment.status == "completed") == (len(scores) == total)
        assert (enrollment.status == "completed") == (enrollment.completed_at is not None)


async def test_premium_lessons_were_taken_while_pro(backend: Harness) -> None:
    """No learner has progress that access would have refused, or from before the course."""
    lessons = {row.id: row for row in await all_of(backend, schema.Lesson)}
    courses = {row.id: row for row in await all_of(backend, schema.Course)}
    people = {row.id: row for row in await all_of(backend, schema.User)}
    periods = await all_of(backend, schema.Subscription)
    for row in await all_of(backend, schema.UserProgress):
        published_at = courses[row.course_id].published_at
        assert isinstance(published_at, float)
        assert row.created_at > max(published_at, people[row.user_id].created_at)
        if not lessons[row.lesson_id].is_free_preview:
            mine = [period for period in periods if period.user_id == row.user_id]
            assert any(one.started_at < row.created_at < one.expires_at for one in mine)


async def test_active_days_are_counted_once(backend: Harness) -> None:
    """`dailyStats.activeUsers` is the number of rows of that day."""
    days = Tally(row.day for row in await all_of(backend, schema.DailyActive))
    stats = {row.day: row.active_users for row in await all_of(backend, schema.DailyStats)}
    assert days
    assert {day: active for day, active in stats.items() if active} == days
