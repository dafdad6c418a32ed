"""Quiz questions as the AI drafts them, held against the same rules as an editor's."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal

from functions import _errors as errors
from functions import _prompts as prompts
from functions import validation
from functions._asking import ask
from functions._clients.openai import Question
from functions.constants import EDITOR_MODEL
from functions.types.playground import LessonText
from reactor import (
    ABSENT,
    Absent,
    ActionCtx,
    AppError,
    Flat,
    Id,
    MutationCtx,
    Object,
    ParseError,
    parse,
)
from schema import Lesson, Quiz

Difficulty = Literal["easy", "medium", "hard"]


class QuizDraft(Object):
    """One question that fits the rules."""

    question: str
    options: list[str]
    correct_index: int
    explanation: str | None = None
    difficulty: Difficulty


class _Drafted(Object):
    """A question as it came."""

    question: str
    options: list[str]
    correct_index: float
    explanation: str | Absent | None = ABSENT
    difficulty: str | Absent | None = ABSENT
    more: Flat[dict[str, Any]]


class _Drafts(Object):
    questions: list[_Drafted]
    more: Flat[dict[str, Any]]


LEVELS: dict[str, Difficulty] = {"easy": "easy", "medium": "medium", "hard": "hard"}


async def ask_for_drafts(
    ctx: ActionCtx, lesson: LessonText, count: int, difficulty: Difficulty | None
) -> list[QuizDraft]:
    """Questions about a lesson; what breaks the rules is asked for once more.

    Raises:
        AppError: AI_PROVIDER_ERROR, AI_BAD_OUTPUT.
    """
    level = f"Their difficulty: {difficulty}." if difficulty else ""
    prompt = prompts.QUIZ.format(count=count, level=level, title=lesson.title, text=lesson.text)
    question = Question(
        model=EDITOR_MODEL, prompt=prompt, temperature=0.4, max_tokens=4_000, wants_json=True
    )
    for _ in range(2):
        answer = await ask(ctx, question)
        try:
            return read_drafts(json.loads(answer), count, difficulty)
        except (ValueError, RecursionError):
            continue
    raise errors.ai_bad_output("The AI did not write usable questions")


def read_drafts(data: Any, count: int, difficulty: Difficulty | None) -> list[QuizDraft]:
    """The first questions of an answer.

    Args:
        data: the decoded answer.
        count: how many there must be.
        difficulty: what they must be called; None: as the AI says, else medium.

    Raises:
        ValueError: they are too few, or one breaks a rule.
    """
    json.dumps(data, ensure_ascii=False).encode()  # halves of characters are refused here
    try:
        drafted = parse(_Drafts, data).questions[:count]
        drafts = [_checked(draft, difficulty) for draft in drafted]
    except (ParseError, AppError) as error:
        raise ValueError(str(error)) from error
    if len(drafts) < count:
        raise ValueError(f"there are {len(drafts)} questions, not {count}")
    return drafts


def _checked(draft: _Drafted, difficulty: Difficulty | None) -> QuizDraft:
    answers = validation.options(draft.options)
    explanation = draft.explanation if isinstance(draft.explanation, str) else None
    said = draft.difficulty if isinstance(draft.difficulty, str) else ""
    return QuizDraft(
        question=validation.question(draft.question),
        options=answers,
        correct_index=validation.correct_index(draft.correct_index, answers),
        explanation=validation.given(validation.explanation, explanation or None),
        difficulty=difficulty or LEVELS.get(said, "medium"),
    )


async def store_drafts(
    ctx: MutationCtx, lesson_id: Id[Lesson], drafts: Sequence[QuizDraft]
) -> list[Id[Quiz]]:
    """Inserts the drafts after the lesson's other questions, inactive."""
    now = ctx.now_ms()
    mine = ctx.db.query(Quiz).with_index(Quiz.by_lesson_order, Quiz.lesson_id == lesson_id)
    last = await mine.order("desc").first()
    order = 0.0 if last is None else last.order
    ids: list[Id[Quiz]] = []
    for number, draft in enumerate(drafts, 1):
        quiz = Quiz(
            lesson_id=lesson_id,
            question=draft.question,
            options=draft.options,
            correct_index=draft.correct_index,
            explanation=draft.explanation,
            is_active=False,
            difficulty=draft.difficulty,
            order=order + number,
            created_at=now,
            updated_at=now,
        )
        ids.append(await ctx.db.insert(quiz))
    return ids
