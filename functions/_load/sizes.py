"""How much the load data set has of everything, and in which pieces it is stored.

Every choice follows from a number: of the item, the person or the piece. So any piece can be
stored by itself, in any run, and comes out the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from random import Random  # noqa: TID251  # `ctx.random` differs from run to run
from typing import Final, Literal

Chance = Random
SizeName = Literal["S", "M", "L"]
State = Literal["published", "draft", "deleted"]
Kind = Literal["editors", "course", "people", "news", "research"]

_STRIDE: Final = 7_919
"""A prime that divides none of the totals: stepping by it visits everything, well mixed."""

_ACTIVITY_SKEW: Final = 3
"""The most active person does so many times what the average does."""

_PEOPLE_PER_STEP: Final = 40
"""Some 3,000 documents at L: a third of a mutation's limits of writes and of time."""

_ARTICLES_PER_STEP: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """What a data set has, all in all.

    The modules are dealt out evenly to the courses, the lessons to the modules, the questions to
    the lessons. Editors are users too: one in a thousand.
    """

    users: int
    news: int
    research: int
    courses: int
    modules: int
    lessons: int
    questions: int
    progress: int
    attempts: int
    transactions: int
    sessions: int
    notifications: int

    @property
    def editors(self) -> int:
        return max(1, self.users // 1_000)

    @property
    def people(self) -> int:
        """The users who learn, read and pay."""
        return self.users - self.editors

    @property
    def buyers(self) -> int:
        """The people who have ever paid."""
        return self.people // 5

    @property
    def subscribers(self) -> int:
        """The buyers whose period still runs."""
        return self.users * 5 // 100


SIZES: Final[dict[SizeName, Size]] = {
    "S": Size(
        users=1_000,
        news=500,
        research=200,
        courses=10,
        modules=50,
        lessons=250,
        questions=750,
        progress=10_000,
        attempts=20_000,
        transactions=300,
        sessions=3_000,
        notifications=10_000,
    ),
    "M": Size(
        users=20_000,
        news=5_000,
        research=2_000,
        courses=50,
        modules=300,
        lessons=2_000,
        questions=6_000,
        progress=300_000,
        attempts=600_000,
        transactions=8_000,
        sessions=50_000,
        notifications=200_000,
    ),
    "L": Size(
        users=100_000,
        news=50_000,
        research=10_000,
        courses=200,
        modules=1_200,
        lessons=8_000,
        questions=24_000,
        progress=2_000_000,
        attempts=4_000_000,
        transactions=60_000,
        sessions=300_000,
        notifications=1_000_000,
    ),
}


def chance_of(what: str) -> Chance:
    """The chances of one thing, always the same."""
    return Random(f"reimaji {what}")


# ---------------------------------------------------------------- steps


@dataclass(frozen=True, slots=True)
class Step:
    """What one mutation stores: the editors, one course, or some people or articles."""

    kind: Kind
    numbers: range


@cache
def steps(size: Size) -> tuple[Step, ...]:
    """The whole data set in the order in which it is stored.

    People learn from courses that are there, and articles are liked by people who are there.
    """
    return (
        Step("editors", range(size.editors)),
        *(Step("course", range(course, course + 1)) for course in range(size.courses)),
        *_pieces("people", size.people, _PEOPLE_PER_STEP),
        *_pieces("news", size.news, _ARTICLES_PER_STEP),
        *_pieces("research", size.research, _ARTICLES_PER_STEP),
    )


def _pieces(kind: Kind, total: int, most: int) -> Iterator[Step]:
    for first in range(0, total, most):
        yield Step(kind, range(first, min(first + most, total)))


# ---------------------------------------------------------------- shares


def share(total: int, place: int, places: int) -> int:
    """What the one at a place gets of a total that is dealt out evenly."""
    return total * (place + 1) // places - total * place // places


def dealt(total: int, place: int, places: int) -> range:
    """The numbers of what the one at a place gets."""
    return range(total * place // places, total * (place + 1) // places)


def mixed(number: int, total: int) -> int:
    """Another number below the total; all numbers give all numbers.

    Used as a rank it makes the popular and the active ones lie anywhere.
    """
    return number * _STRIDE % total


def earned(total: int, rank: int, people: int) -> range:
    """The numbers of what the person of a rank gets of a total; the active ones get more."""

    def below(place: int) -> int:
        return total - int(total * (1 - place / people) ** _ACTIVITY_SKEW)

    return range(below(rank), below(rank + 1))


def activity(total: int, rank: int, people: int) -> int:
    """How much the person of a rank gets of a total."""
    return len(earned(total, rank, people))


def answers_to(size: Size, lessons: range) -> int:
    """How often somebody who took these of all lessons answered a question."""
    all_answers, all_lessons = size.attempts, size.progress
    return all_answers * lessons.stop // all_lessons - all_answers * lessons.start // all_lessons


# ---------------------------------------------------------------- states


def state_of(number: int) -> State:
    """5 % of everything that editors make are drafts, 3 % are in the bin."""
    place = number % 100
    if place in (9, 29, 49, 69, 89):
        return "draft"
    return "deleted" if place in (13, 43, 73) else "published"


def repeats_title(number: int) -> bool:
    """2 % bear the title of the item before."""
    return number % 100 in (21, 71)


def script_of(number: int) -> Literal["latin", "emoji", "arabic", "javanese"]:
    """1 % of the titles are written in something else than plain letters."""
    if number % 100 != 37:
        return "latin"
    others: tuple[Literal["emoji", "arabic", "javanese"], ...] = ("emoji", "arabic", "javanese")
    return others[number // 100 % 3]
