"""What one piece of demo data looks like, before it meets a clock or a database.

Times are ages in days, so that the same data set looks fresh on whichever day it is first loaded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from inspect import cleandoc
from typing import Final, Literal

from schema import Audience, CourseLevel, Language, NewsType, PeriodStatus, Plan, Role, Theme

State = Literal["published", "draft", "unpublished", "deleted"]

PERIOD_DAYS: Final[dict[Plan, int]] = {"pro_monthly": 30, "pro_yearly": 365}

_BLOCK_START: Final = re.compile(r"#|- |> |\||\d{1,2}\. ")
"""A line that begins a Markdown block and therefore never continues the line above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One subscription row of a person.

    Attributes:
        days_left: days until it expires; negative when it already has.
        cancelled_days_ago: set exactly when `status` is "cancelled".
    """

    plan: Plan
    status: PeriodStatus
    days_left: float
    cancelled_days_ago: float | None = None
    cancel_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One account; `periods` are its subscription rows, oldest first."""

    clerk_user_id: str
    name: str
    language: Language
    joined_days_ago: float
    role: Role = "free"
    manual_pro: bool = False
    notifications: bool = True
    theme: Theme = "light"
    periods: tuple[Period, ...] = ()

    @property
    def email(self) -> str:
        """An address that can never exist (`.test` is reserved by RFC 2606)."""
        return f"{self.clerk_user_id}@example.test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What news and research share.

    Attributes:
        content: Markdown, wrapped and indented for the source file; `prose` undoes both.
        days_ago: age of the first publication; of the last edit for a draft.
        withdrawn_days_ago: when it was unpublished or deleted; set exactly for those two states.
        author: `clerk_user_id` of the admin who wrote it.
    """

    title: str
    summary: str
    content: str
    tags: tuple[str, ...]
    language: Language
    days_ago: float
    author: str
    views: int = 0
    is_premium: bool = False
    state: State = "published"
    withdrawn_days_ago: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsItem(Article):
    """One news item."""

    type_: NewsType
    likes: int = 0
    source_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest(Article):
    """One research digest: a line of research retold, with what it implies for daily work."""

    implication: str
    paper_url: str | None = None


Difficulty = Literal["easy", "medium", "hard"]


@dataclass(frozen=True, slots=True)
class Question:
    """One quiz question; `right` is the number of the right option, from 0."""

    difficulty: Difficulty
    question: str
    options: tuple[str, ...]
    right: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonItem:
    """One lesson; `content` is wrapped and indented as that of an `Article`."""

    title: str
    description: str
    minutes: int
    content: str
    questions: tuple[Question, ...]
    is_free_preview: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One module of a course, with its lessons in order."""

    title: str
    description: str
    lessons: tuple[LessonItem, ...]

    @property
    def minutes(self) -> int:
        """How long its lessons take."""
        return sum(lesson.minutes for lesson in self.lessons)


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseItem:
    """One course; `days_ago` is the age of its publication, of the last edit for a draft."""

    title: str
    description: str
    level: CourseLevel
    language: Language
    days_ago: float
    author: str
    chapters: tuple[Chapter, ...]
    is_draft: bool = False

    @property
    def lessons(self) -> tuple[LessonItem, ...]:
        """All lessons, in the order in which they are taken."""
        return tuple(lesson for chapter in self.chapters for lesson in chapter.lessons)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One lesson as one learner took it.

    Attributes:
        minutes: how long it took; the answers are spread over that time.
        tries: a character per question: how many answers until the right one, `x` for three wrong
            ones, `-` for none.
    """

    days_ago: float
    minutes: float
    tries: str
    is_finished: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """One course as one learner took it; the sittings are those of its first lessons.

    Attributes:
        learner: `clerk_user_id`.
        certificate_code: set exactly when all lessons are finished and well enough.
    """

    learner: str
    course: CourseItem
    sittings: tuple[Sitting, ...]
    certificate_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """How a person paid for one of their periods.

    Attributes:
        period: which of the person's `periods`, from 0.
        minutes: how long after the invoice the money came.
    """

    payer: str
    period: int
    minutes: float
    method: str
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """An invoice that was never paid, or not yet."""

    payer: str
    plan: Plan
    status: Literal["EXPIRED", "FAILED", "PENDING"]
    days_ago: float
    failure_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """An announcement that has reached everybody it was for."""

    title: str
    message: str
    author: str
    days_ago: float
    audience: Audience = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One question to the playground and its answer.

    Attributes:
        response: wrapped as the content of an `Article`; empty when it failed.
        failure: code and message of the error.
    """

    asker: str
    days_ago: float
    model: Literal["gpt-4-turbo-preview", "gpt-3.5-turbo"]
    prompt: str
    response: str = ""
    is_public: bool = False
    failure: tuple[str, str] | None = None


def prose(text: str) -> str:
    """The text with one line per paragraph, list item or heading.

    The source files wrap at 100 columns; readers and search excerpts should not see those breaks.
    """
    lines: list[str] = []
    for line in (raw.strip() for raw in cleandoc(text).splitlines()):
        continues = bool(line and lines and lines[-1]) and not lines[-1].startswith("#")
        if continues and not _BLOCK_START.match(line):
            lines[-1] = f"{lines[-1]} {line}"
        else:
            lines.append(line)
    return "\n".join(lines)
