"""Quiz questions as the AI drafts them, held against the same rules as an editor's."""

from __future__ import annotations

import json
from typing import Any, Literal

from functions import validation
from reactor import ABSENT, Absent, AppError, Flat, Object, ParseError, parse

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
