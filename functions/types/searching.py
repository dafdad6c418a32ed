"""What a search finds, as clients get it."""

from __future__ import annotations

from typing import Literal

from functions.types.content import NewsCard, ResearchCard
from functions.types.learning import CourseDoc
from reactor import Id, Object
from schema import Course, News, Research


class SearchResult(Object):
    """What was found; `total` is how many there are here, not how many there could be."""

    news: list[NewsCard]
    research: list[ResearchCard]
    courses: list[CourseDoc]
    total: int


class Suggestion(Object):
    """A title to offer while somebody types."""

    kind: Literal["news", "research", "course"]
    id: Id[News] | Id[Research] | Id[Course]
    slug: str
    title: str


class Suggestions(Object):
    """Titles, the most relevant first."""

    items: list[Suggestion]
