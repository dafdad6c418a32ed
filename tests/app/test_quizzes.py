"""Questions: what is asked, what is told when, and how answers score."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import schema
from functions import _scores as scores
from functions.constants import QUIZ_ROUNDS_MAX
from reactor import Id
from tests.app.school import QUIZ, RIGHT, WRONG, School, open_school
from tests.app.support import Json, Reimaji, code_of, refusal


async def lesson_with(app: Reimaji, count: int, **changes: Any) -> tuple[School, str, list[str]]:
    """A course of one lesson with so many questions."""
    school = await open_school(app, modules=1, lessons=1, quizzes=count, **changes)
    lesson = school.lessons[0]
    return school, lesson, school.quizzes[lesson]


# ---------------------------------------------------------------- answering


async def test_answers_stay_secret_until_the_question_is_closed(app: Reimaji) -> None:
    """D86: neither the list nor a wrong answer gives the right one away."""
    school, lesson, (quiz, other) = await lesson_with(app, 2)
    results: Json = {"lessonId": lesson}
    listed = await app.free.call("quizzes:listByLesson", results)
    assert [set(question) for question in listed] == [
        {"_id", "lessonId", "question", "options", "difficulty", "order"}
    ] * 2
    for attempt in (1, 2):
        answer = await school.answer(app.free, quiz, WRONG)
        mine = await app.free.call("quizzes:getMyResults", results)
        told = [answer["correctIndex"], answer["explanation"]]
        told += [mine["questions"][0]["correctIndex"], mine["questions"][0]["explanation"]]
        assert told == [None] * 4
        assert (answer["isCorrect"], answer["attemptsLeft"]) == (False, 3 - attempt)
    third = await school.answer(app.free, quiz, WRONG)
    assert (third["correctIndex"], third["explanation"]) == (RIGHT, "Count your fingers.")
    mine = await app.free.call("quizzes:getMyResults", results)
    assert mine["questions"] == [
        {"quizId": quiz, "attempts": 3, "closed": True, "isCorrect": False,
         "correctIndex": RIGHT, "explanation": "Count your fingers."},
        {"quizId": other, "attempts": 0, "closed": False, "isCorrect": False,
         "correctIndex": None, "explanation": None},
    ]  # fmt: skip


@pytest.mark.parametrize(("attempt", "score"), [(1, 100), (2, 50), (3, 25)])
async def test_later_right_answers_score_less(app: Reimaji, attempt: int, score: int) -> None:
    """D87: guessing until it fits gives no full marks."""
    school, _, (quiz,) = await lesson_with(app, 1)
    for _ in range(attempt - 1):
        await school.answer(app.free, quiz, WRONG)
    answer = await school.answer(app.free, quiz)
    assert answer == {
        "isCorrect": True, "score": score, "attemptNumber": attempt, "attemptsLeft": 0,
        "round": 1, "correctIndex": RIGHT, "explanation": "Count your fingers.",
        "lessonScore": score,
    }  # fmt: skip
    data = await refusal(school.answer(app.free, quiz))
    assert (data["code"], data["attempts"]) == ("ATTEMPTS_EXHAUSTED", attempt)


async def test_the_fourth_answer_is_refused(app: Reimaji) -> None:
    """I12, D87: also when many arrive at once."""
    school, _, (quiz,) = await lesson_with(app, 1)
    await school.start(app.free, school.lessons[0])

    async def attempt() -> str:
        try:
            await school.answer(app.free, quiz, WRONG)
        except Exception as error:
            return str(getattr(error, "data", {}).get("code"))
        return "stored"

    outcomes = await asyncio.gather(*(attempt() for _ in range(8)))
    assert sorted(outcomes) == ["ATTEMPTS_EXHAUSTED"] * 5 + ["stored"] * 3
    rows = await app.rows(schema.QuizAttempt)
    assert sorted(row.attempt_number for row in rows) == [1, 2, 3]
    assert (await school.answer(app.pro, quiz))["score"] == 100


async def test_the_lesson_score_is_the_mean_of_all_questions(app: Reimaji) -> None:
    """Open questions count as nothing; halves round up."""
    school, lesson, (one, two, three) = await lesson_with(app, 3)
    assert (await school.answer(app.free, one))["lessonScore"] == 33
    await school.answer(app.free, two, WRONG)
    assert (await school.answer(app.free, two))["lessonScore"] == 50
    await school.edit("quizzes", three, isActive=False)
    results = await app.free.call("quizzes:getMyResults", {"lessonId": lesson})
    assert (results["lessonScore"], len(results["questions"])) == (75, 2)
    assert await code_of(school.answer(app.free, three)) == "NOT_FOUND"


async def test_rounds(app: Reimaji) -> None:
    """A new round begins when all is closed; the best one counts."""
    school, lesson, quizzes = await lesson_with(app, 2)
    args: Json = {"lessonId": lesson}
    for reason in ("nothing answered", "one open"):
        data = await refusal(app.free.call("quizzes:retake", args))
        assert data["code"] == "RETAKE_NOT_ALLOWED", reason
        await school.answer(app.free, quizzes[0] if reason == "nothing answered" else quizzes[1])
    results = await app.free.call("quizzes:getMyResults", args)
    assert (results["canRetake"], results["bestScore"]) == (True, 100)
    assert await app.free.call("quizzes:retake", args) == {"round": 2}
    results = await app.free.call("quizzes:getMyResults", args)
    assert (results["round"], results["lessonScore"], results["bestScore"]) == (2, 0, 100)
    assert not results["canRetake"]
    assert results["questions"][0]["correctIndex"] is None
    answer = await school.answer(app.free, quizzes[0], WRONG)
    assert (answer["round"], answer["attemptNumber"]) == (2, 1)
    mine = await app.free.call("progress:getMyLesson", args)
    assert mine["quizRound"] == 2


async def test_rounds_are_bounded(app: Reimaji) -> None:
    """Twenty passes are enough; the twenty-first would only cost reads."""
    school, lesson, (quiz,) = await lesson_with(app, 1)
    for round in range(2, QUIZ_ROUNDS_MAX + 1):
        await school.answer(app.free, quiz)
        assert await app.free.call("quizzes:retake", {"lessonId": lesson}) == {"round": round}
    await school.answer(app.free, quiz)
    call = app.free.call("quizzes:retake", {"lessonId": lesson})
    assert await code_of(call) == "RETAKE_NOT_ALLOWED"


async def test_a_lesson_without_questions(app: Reimaji) -> None:
    """Nothing to answer is no error, and nothing to retake."""
    _, lesson, _ = await lesson_with(app, 0)
    args = {"lessonId": lesson}
    assert await app.visitor.call("quizzes:listByLesson", args) == []
    results = await app.free.call("quizzes:getMyResults", args)
    figures = {"round": 1, "lessonScore": 0, "bestScore": 0}
    assert results == {**figures, "canRetake": False, "questions": []}
    assert await code_of(app.free.call("quizzes:retake", args)) == "RETAKE_NOT_ALLOWED"


async def test_answering_starts_the_lesson(app: Reimaji) -> None:
    """A learner who goes straight to the questions is enrolled as well."""
    school, lesson, (quiz, _) = await lesson_with(app, 2)
    await school.answer(app.free, quiz)
    progress = await school.progress(app.free)
    assert (progress["status"], progress["lessons"][0]["status"]) == ("in_progress", "started")
    (enrollment,) = await app.rows(schema.Enrollment)
    assert (enrollment.course_id, enrollment.last_lesson_id) == (school.course, lesson)
    assert len(await app.rows(schema.DailyActive)) == 1


@pytest.mark.parametrize("option", [-1, 3, 0.5, 1e300])
async def test_options_that_do_not_exist(app: Reimaji, option: float) -> None:
    """An answer is one of those shown, or nothing is stored."""
    _, _, (quiz,) = await lesson_with(app, 1)
    call = app.free.call("quizzes:submitAnswer", {"quizId": quiz, "selectedOption": option})
    data = await refusal(call)
    assert (data["code"], data["field"]) == ("INVALID_ARGUMENT", "selectedOption")
    assert await app.rows(schema.UserProgress) == []


async def test_answers_need_access(app: Reimaji) -> None:
    """D82: questions of a paid lesson are paid, hidden ones are not there, visitors sign in."""
    school, lesson, (quiz,) = await lesson_with(app, 1, isFreePreview=False)
    data = await refusal(school.answer(app.free, quiz))
    assert (data["code"], data["preview"]["_id"]) == ("PREMIUM_REQUIRED", lesson)
    assert await code_of(school.answer(app.visitor, quiz)) == "UNAUTHENTICATED"
    await school.answer(app.pro, quiz, WRONG)
    await school.edit("lessons", lesson, isActive=False)
    assert await code_of(school.answer(app.pro, quiz)) == "NOT_FOUND"
    await school.edit("lessons", lesson, isActive=True)
    await app.admin.call("quizzes:remove", {"id": quiz})
    data = await refusal(school.answer(app.pro, quiz))
    assert (data["code"], data["message"]) == ("NOT_FOUND", "Quiz not found")
    named = {"quizId": quiz, "selectedOption": RIGHT, "clerkUserId": "pro-1"}
    assert await code_of(app.free.call("quizzes:submitAnswer", named)) == "IDENTITY_MISMATCH"


async def test_an_admin_answers_for_somebody(app: Reimaji) -> None:
    """Support works in the learner's rows, with the learner's rights, and that is noted."""
    _, _, (quiz,) = await lesson_with(app, 1)
    named = {"quizId": quiz, "selectedOption": RIGHT, "clerkUserId": "free-1"}
    await app.admin.call("quizzes:submitAnswer", named)
    free = (await app.free.call("users:me"))["_id"]
    assert [row.user_id for row in await app.rows(schema.QuizAttempt)] == [free]
    notes = [row for row in await app.rows(schema.AuditLog) if row.action == "quizzes.submitAnswer"]
    assert [(row.actor, row.entity_id) for row in notes] == [("admin-1", free)]


async def test_all_answers_at_once(app: Reimaji) -> None:
    """A whole form: every answer counts, or none does."""
    school, lesson, (one, two) = await lesson_with(app, 2)
    foreign = await school.add_quiz(await school.add_lesson(school.modules[0], title="Other"))

    async def submit(*answers: tuple[str, int]) -> Json:
        whole = [{"quizId": quiz, "selectedOption": option} for quiz, option in answers]
        args = {"lessonId": lesson, "answers": whole}
        return dict(await app.free.call("quizzes:submitLesson", args))

    assert await code_of(submit((one, RIGHT), (two, 7))) == "INVALID_ARGUMENT"
    assert await code_of(submit((one, RIGHT), (one, RIGHT))) == "INVALID_ARGUMENT"
    assert await code_of(submit((one, RIGHT), (foreign, RIGHT))) == "NOT_FOUND"
    assert await app.rows(schema.QuizAttempt) == []
    answer = await submit((one, RIGHT), (two, WRONG))
    assert answer["lessonScore"] == 50
    assert [(each["quizId"], each["isCorrect"]) for each in answer["results"]] == [
        (one, True), (two, False)
    ]  # fmt: skip
    assert await code_of(submit((two, RIGHT), (one, RIGHT))) == "ATTEMPTS_EXHAUSTED"
    assert len(await app.rows(schema.QuizAttempt)) == 2


# ---------------------------------------------------------------- editing


async def test_the_right_answer_is_one_of_the_options(app: Reimaji) -> None:
    """D49, I11: when creating, and for whatever a change leaves."""
    school, lesson, (quiz,) = await lesson_with(app, 1)
    bad: list[tuple[str, Any]] = [
        ("question", ""), ("options", ["one"]), ("options", ["a"] * 2), ("options", ["a", " a "]),
        ("options", [str(n) for n in range(7)]), ("correctIndex", 3), ("correctIndex", 0.5),
    ]  # fmt: skip
    for name, value in bad:
        args = {**QUIZ, "lessonId": lesson, name: value}
        data = await refusal(app.admin.call("quizzes:create", args))
        assert (data["code"], data["field"]) == ("INVALID_ARGUMENT", name)
        data = await refusal(app.admin.call("quizzes:update", {"id": quiz, name: value}))
        assert (data["code"], data["field"]) == ("INVALID_ARGUMENT", name)
    await school.edit("quizzes", quiz, correctIndex=2)
    shrink = {"id": quiz, "options": ["yes", "no"]}
    data = await refusal(app.admin.call("quizzes:update", shrink))
    assert data["field"] == "correctIndex"
    await school.edit("quizzes", quiz, options=["yes", "no"], correctIndex=0)
    (row,) = await app.rows(schema.Quiz)
    assert (row.options, row.correct_index) == (["yes", "no"], 0)


async def test_editing_questions(app: Reimaji) -> None:
    """Order, the bin and explanations; earlier answers keep their scores."""
    school, lesson, (one, two) = await lesson_with(app, 2)
    await school.answer(app.free, one)
    await school.edit("quizzes", one, correctIndex=0, explanation=None)
    results = await app.free.call("quizzes:getMyResults", {"lessonId": lesson})
    assert (results["lessonScore"], results["questions"][0]["isCorrect"]) == (50, True)
    last = await school.add_quiz(lesson, isActive=False)
    args = {"lessonId": lesson, "orderedIds": [last, two, one]}
    assert await app.admin.call("quizzes:reorder", args) is None
    for _ in range(2):
        assert await app.admin.call("quizzes:remove", {"id": two}) == two
    listed = await app.admin.call("quizzes:adminListByLesson", {"lessonId": lesson})
    assert [quiz["_id"] for quiz in listed] == [last, two, one]
    assert "explanation" not in listed[2]
    assert (listed[2]["correctIndex"], listed[0]["isActive"]) == (0, False)
    assert await code_of(app.admin.call("quizzes:update", {"id": two})) == "NOT_FOUND"
    shown = await app.visitor.call("quizzes:listByLesson", {"lessonId": lesson})
    assert [quiz["_id"] for quiz in shown] == [one]
    assert await app.admin.call("quizzes:restore", {"id": two}) == two
    shown = await app.visitor.call("quizzes:listByLesson", {"lessonId": lesson})
    assert [quiz["_id"] for quiz in shown] == [two, one]


# ---------------------------------------------------------------- scores


def question(*marks: int) -> scores.QuestionState:
    """A question with attempts of these scores."""
    user, quiz, lesson = Id[schema.User]("u"), Id[schema.Quiz]("q"), Id[schema.Lesson]("l")
    row = schema.Quiz(
        lesson_id=lesson, question="?", options=["a", "b"], correct_index=0, is_active=True,
        difficulty="easy", order=1.0, created_at=0.0, updated_at=0.0,
    )  # fmt: skip
    attempts = [
        schema.QuizAttempt(
            user_id=user, quiz_id=quiz, lesson_id=lesson, selected_option=0, attempted_at=0.0,
            is_correct=mark > 0, score=mark, round=1, attempt_number=number,
        )
        for number, mark in enumerate(marks, start=1)
    ]  # fmt: skip
    return scores.QuestionState(row, attempts)


@pytest.mark.parametrize(
    ("marks", "mean"),
    [((), 0), ((0,), 0), ((100, 0), 50), ((100, 25), 63), ((50, 25, 0), 25), ((25, 0), 13)],
)
def test_halves_round_up(marks: tuple[int, ...], mean: int) -> None:
    """62.5 is 63 for everybody, not 62 for some."""
    assert scores.round_score([question(mark) for mark in marks]) == mean


def test_a_question_closes() -> None:
    """After the right answer, or after three wrong ones."""
    assert [question(*[0] * count).is_closed for count in range(4)] == [False, False, False, True]
    assert question(0, 50).is_closed
    assert (question(0, 50).score, question().score) == (50, 0)
