"""How answers score. Pure: attempts in, numbers out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from functions.constants import ATTEMPT_SCORES, QUIZ_ROUNDS_MAX
from schema import Quiz, QuizAttempt


@dataclass(frozen=True, slots=True)
class QuestionState:
    """One question in one round, with the attempts at it."""

    quiz: Quiz
    attempts: Sequence[QuizAttempt]

    @property
    def is_correct(self) -> bool:
        """Whether the right answer was found."""
        return any(attempt.is_correct for attempt in self.attempts)

    @property
    def attempts_left(self) -> int:
        """How many more answers the round takes; none after the right one."""
        return 0 if self.is_correct else max(0, len(ATTEMPT_SCORES) - len(self.attempts))

    @property
    def is_closed(self) -> bool:
        """Whether the round takes no more answers; then the right one is shown."""
        return self.attempts_left == 0

    @property
    def score(self) -> int:
        """The score of the best attempt, 0 without any."""
        return max((int(attempt.score) for attempt in self.attempts), default=0)


def attempt_score(is_correct: bool, attempt_number: int) -> int:
    """What an answer scores at its 1st, 2nd or 3rd attempt."""
    return ATTEMPT_SCORES[attempt_number - 1] if is_correct else 0


def states(
    quizzes: Iterable[Quiz], attempts: Iterable[QuizAttempt], round: int
) -> list[QuestionState]:
    """Where each question stands in a round; attempts at other questions are left out."""
    made = [attempt for attempt in attempts if attempt.round == round]
    return [
        QuestionState(quiz, [attempt for attempt in made if attempt.quiz_id == quiz.id])
        for quiz in quizzes
    ]


def round_score(questions: Sequence[QuestionState]) -> int:
    """The mean over the questions, halves rounded up; 0 without questions."""
    count = len(questions)
    total = sum(question.score for question in questions)
    return (2 * total + count) // (2 * count) if count else 0


def best_score(quizzes: Sequence[Quiz], attempts: Sequence[QuizAttempt]) -> int:
    """The score of the best round."""
    rounds = {attempt.round for attempt in attempts}
    return max((round_score(states(quizzes, attempts, round)) for round in rounds), default=0)


def why_no_retake(questions: Sequence[QuestionState], round: int) -> str | None:
    """What keeps a new round from beginning; None when nothing does."""
    if not questions:
        return "the lesson has no questions"
    if not all(question.is_closed for question in questions):
        return "this round still has open questions"
    if round >= QUIZ_ROUNDS_MAX:
        return f"{QUIZ_ROUNDS_MAX} rounds are the most"
    return None
