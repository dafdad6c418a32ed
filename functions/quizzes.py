"""Questions of lessons: asked, answered, scored on the server.

A round is one pass through the questions of a lesson. In it each question takes three answers at
most; then it is closed, and the right answer is shown. Nothing shows it before.
"""

from __future__ import annotations

from functions import _curriculum as curriculum
from functions import _errors as errors
from functions import _learning as learning
from functions import _parts as parts
from functions import _scores as scores
from functions import validation
from functions._bookkeeping import audit, mark_active
from functions._parts import LESSONS, QUIZZES
from functions._scores import QuestionState
from functions._standing import progress_of
from functions.permissions import (
    Caller,
    admin_query,
    identify,
    require_admin,
    user_mutation,
    user_query,
)
from functions.types.learning import Difficulty, QuizDoc, QuizPublic, quiz_doc, quiz_public
from functions.types.progress import (
    Answer,
    AnswerResult,
    LessonResult,
    QuestionResult,
    QuizAnswerResult,
    QuizResults,
    RoundResult,
    ScoredAnswer,
)
from reactor import ABSENT, Absent, Id, MutationCtx, QueryCtx, mutation, query
from schema import Lesson, Quiz, QuizAttempt, User, UserProgress

# ---------------------------------------------------------------- learning


@query
async def list_by_lesson(
    ctx: QueryCtx, *, lesson_id: Id[Lesson], clerk_user_id: str | None = None
) -> list[QuizPublic]:
    """The questions of a lesson, in order, for those who may read it."""
    caller = await identify(ctx, clerk_user_id)
    lesson = await curriculum.open_lesson(ctx, caller, lesson_id)
    return [quiz_public(quiz) for quiz in await curriculum.open_quizzes(ctx, lesson.id)]


@mutation
async def submit_answer(
    ctx: MutationCtx,
    *,
    quiz_id: Id[Quiz],
    selected_option: float,
    clerk_user_id: str | None = None,
) -> ScoredAnswer:
    """Answers one question; the first answer of a lesson starts it."""
    caller, user = await learning.learner(ctx, clerk_user_id, "quizzes.submitAnswer")
    quiz = await _open_quiz(ctx, quiz_id)
    lesson = await curriculum.open_lesson(ctx, caller, quiz.lesson_id)
    progress = await learning.start_answering(ctx, user, lesson)
    result = await _answer(ctx, progress, quiz, selected_option)
    score = await _round_score(ctx, user, progress)
    await learning.raise_score(ctx, user, lesson, progress)
    return ScoredAnswer(result=result, lesson_score=score)


@mutation
async def submit_lesson(
    ctx: MutationCtx,
    *,
    lesson_id: Id[Lesson],
    answers: list[Answer],
    clerk_user_id: str | None = None,
) -> LessonResult:
    """Answers several questions of a lesson at once: all answers count, or none."""
    caller, user = await learning.learner(ctx, clerk_user_id, "quizzes.submitLesson")
    if len({answer.quiz_id for answer in answers}) < len(answers):
        raise errors.invalid_argument("answers", "must answer each question once")
    lesson = await curriculum.open_lesson(ctx, caller, lesson_id)
    progress = await learning.start_answering(ctx, user, lesson)
    results: list[QuizAnswerResult] = []
    for answer in answers:
        quiz = await _open_quiz(ctx, answer.quiz_id)
        if quiz.lesson_id != lesson_id:
            raise errors.not_found("quiz")
        result = await _answer(ctx, progress, quiz, answer.selected_option)
        results.append(QuizAnswerResult(quiz_id=quiz.id, result=result))
    score = await _round_score(ctx, user, progress)
    await learning.raise_score(ctx, user, lesson, progress)
    return LessonResult(results=results, lesson_score=score)


async def _open_quiz(ctx: QueryCtx, id: Id[Quiz]) -> Quiz:
    quiz = await parts.require_part(ctx, QUIZZES, id)
    if not quiz.is_active:
        raise errors.not_found("quiz")
    return quiz


async def _answer(
    ctx: MutationCtx, progress: UserProgress, quiz: Quiz, selected: float
) -> AnswerResult:
    """Stores an answer, unless the question is closed."""
    choice, round = validation.selected_option(selected, quiz.options), _round_of(progress)
    made = ctx.db.query(QuizAttempt).with_index(
        QuizAttempt.by_user_quiz,
        QuizAttempt.user_id == progress.user_id,
        QuizAttempt.quiz_id == quiz.id,
        QuizAttempt.round == round,
    )
    earlier = await made.collect()
    if QuestionState(quiz, earlier).is_closed:
        raise errors.attempts_exhausted(len(earlier))
    number, is_correct = len(earlier) + 1, choice == quiz.correct_index
    attempt = QuizAttempt(
        user_id=progress.user_id,
        quiz_id=quiz.id,
        lesson_id=quiz.lesson_id,
        selected_option=choice,
        is_correct=is_correct,
        score=scores.attempt_score(is_correct, number),
        attempted_at=ctx.now_ms(),
        round=round,
        attempt_number=number,
    )
    await ctx.db.insert(attempt)
    question = QuestionState(quiz, [*earlier, attempt])
    return AnswerResult(
        is_correct=is_correct,
        score=int(attempt.score),
        attempt_number=number,
        attempts_left=question.attempts_left,
        round=round,
        correct_index=_answer_shown(question),
        explanation=_explanation_shown(question),
    )


def _answer_shown(question: QuestionState) -> int | None:
    return question.quiz.correct_index if question.is_closed else None


def _explanation_shown(question: QuestionState) -> str | None:
    return question.quiz.explanation if question.is_closed else None


def _round_of(progress: UserProgress | None) -> int:
    return 1 if progress is None or progress.quiz_round is None else progress.quiz_round


async def _round_score(ctx: QueryCtx, user: User, progress: UserProgress) -> int:
    """What the round scores so far; questions without an answer count as 0."""
    attempts = await learning.attempts_of(ctx, user, progress.lesson_id)
    quizzes = await curriculum.open_quizzes(ctx, progress.lesson_id)
    return scores.round_score(scores.states(quizzes, attempts, _round_of(progress)))


@user_query
async def get_my_results(ctx: QueryCtx, user: User, *, lesson_id: Id[Lesson]) -> QuizResults:
    """Where the caller stands with the questions of a lesson."""
    await curriculum.find_lesson(ctx, Caller(user=user), lesson_id)
    quizzes = await curriculum.open_quizzes(ctx, lesson_id)
    attempts = await learning.attempts_of(ctx, user, lesson_id)
    round = _round_of(await progress_of(ctx, user, lesson_id))
    questions = scores.states(quizzes, attempts, round)
    return QuizResults(
        round=round,
        lesson_score=scores.round_score(questions),
        best_score=scores.best_score(quizzes, attempts),
        can_retake=scores.why_no_retake(questions, round) is None,
        questions=[
            QuestionResult(
                quiz_id=question.quiz.id,
                attempts=len(question.attempts),
                closed=question.is_closed,
                is_correct=question.is_correct,
                correct_index=_answer_shown(question),
                explanation=_explanation_shown(question),
            )
            for question in questions
        ],
    )


@user_mutation
async def retake(ctx: MutationCtx, user: User, *, lesson_id: Id[Lesson]) -> RoundResult:
    """Begins a new round once every question of this one is closed; the best round counts."""
    lesson = await curriculum.open_lesson(ctx, Caller(user=user), lesson_id)
    await mark_active(ctx, user)
    progress = await progress_of(ctx, user, lesson.id)
    round = _round_of(progress)
    quizzes = await curriculum.open_quizzes(ctx, lesson_id)
    attempts = await learning.attempts_of(ctx, user, lesson_id)
    questions = scores.states(quizzes, attempts, round)
    reason = scores.why_no_retake(questions, round)
    if reason is not None or progress is None:
        made = sum(len(question.attempts) for question in questions)
        raise errors.retake_not_allowed(reason or "the lesson is not started", made)
    await ctx.db.patch(
        progress.id,
        UserProgress.quiz_round.set(round + 1),
        UserProgress.updated_at.set(ctx.now_ms()),
    )
    return RoundResult(round=round + 1)


# ---------------------------------------------------------------- editing


@admin_query
async def admin_list_by_lesson(
    ctx: QueryCtx, admin: Caller, *, lesson_id: Id[Lesson]
) -> list[QuizDoc]:
    """All questions of a lesson by order, with their answers, closed and deleted ones included."""
    await curriculum.find_lesson(ctx, admin, lesson_id)
    return [quiz_doc(quiz) for quiz in await parts.parts_of(ctx, QUIZZES, lesson_id).collect()]


@mutation
async def create(
    ctx: MutationCtx,
    *,
    lesson_id: Id[Lesson],
    question: str,
    options: list[str],
    correct_index: float,
    difficulty: Difficulty,
    explanation: str | None = None,
    is_active: bool = True,
    order: float | None = None,
    clerk_user_id: str | None = None,
) -> Id[Quiz]:
    """Adds a question to a lesson, at its end unless a place is given."""
    editor = await require_admin(ctx, clerk_user_id)
    now, options = ctx.now_ms(), validation.options(options)
    order = validation.given(validation.order, order)
    question = validation.question(question)
    place = validation.correct_index(correct_index, options)
    explanation = validation.given(validation.explanation, explanation)
    await parts.require_part(ctx, LESSONS, lesson_id)
    quiz = Quiz(
        lesson_id=lesson_id,
        question=question,
        options=options,
        correct_index=place,
        explanation=explanation,
        is_active=is_active,
        difficulty=difficulty,
        order=await parts.next_order(ctx, QUIZZES, lesson_id) if order is None else order,
        created_at=now,
        updated_at=now,
    )
    quiz_id = await ctx.db.insert(quiz)
    await audit(ctx, editor, "quizzes.create", "quizzes", quiz_id)
    return quiz_id


@mutation
async def update(
    ctx: MutationCtx,
    *,
    id: Id[Quiz],
    question: str | None = None,
    options: list[str] | None = None,
    correct_index: float | None = None,
    explanation: str | Absent | None = ABSENT,
    difficulty: Difficulty | None = None,
    is_active: bool | None = None,
    clerk_user_id: str | None = None,
) -> Id[Quiz]:
    """Changes what is given; answers that were given before keep their scores."""
    editor = await require_admin(ctx, clerk_user_id)
    question = validation.given(validation.question, question)
    options = validation.given(validation.options, options)
    explanation = validation.clearable(validation.explanation, explanation)
    quiz = await parts.require_part(ctx, QUIZZES, id)
    wanted = quiz.correct_index if correct_index is None else correct_index
    await ctx.db.patch(
        id,
        Quiz.question.given(question),
        Quiz.options.given(options),
        Quiz.correct_index.set(validation.correct_index(wanted, options or quiz.options)),
        Quiz.explanation.set(quiz.explanation if explanation is ABSENT else explanation),
        Quiz.difficulty.given(difficulty),
        Quiz.is_active.given(is_active),
        Quiz.updated_at.set(ctx.now_ms()),
    )
    await audit(ctx, editor, "quizzes.update", "quizzes", id)
    return id


@mutation
async def reorder(
    ctx: MutationCtx,
    *,
    lesson_id: Id[Lesson],
    ordered_ids: list[Id[Quiz]],
    clerk_user_id: str | None = None,
) -> None:
    """Puts the questions of a lesson in this order."""
    editor = await require_admin(ctx, clerk_user_id)
    await parts.reorder(ctx, QUIZZES, editor, lesson_id, ordered_ids)


@mutation
async def remove(ctx: MutationCtx, *, id: Id[Quiz], clerk_user_id: str | None = None) -> Id[Quiz]:
    """Moves a question to the bin; again is fine."""
    editor = await require_admin(ctx, clerk_user_id)
    await parts.set_deleted(ctx, QUIZZES, editor, id, is_deleted=True)
    return id


@mutation
async def restore(ctx: MutationCtx, *, id: Id[Quiz], clerk_user_id: str | None = None) -> Id[Quiz]:
    """Takes a question out of the bin, in the state it had; again is fine."""
    editor = await require_admin(ctx, clerk_user_id)
    await parts.set_deleted(ctx, QUIZZES, editor, id, is_deleted=False)
    return id
