"""Search over titles and texts of what is listed."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, zip_longest
from typing import Literal, TypeVar

from functions import validation
from functions.constants import SEARCH_LIMIT_MAX, SUGGESTIONS
from functions.permissions import identify
from functions.types.content import news_card, research_card
from functions.types.learning import course_doc
from functions.types.searching import SearchResult, Suggestion, Suggestions
from reactor import Bound, LimitError, QueryCtx, SearchIndexRef, query
from schema import Course, News, Research

A = TypeVar("A", News, Research)
L = TypeVar("L", News, Research, Course)

What = Literal["news", "research", "courses", "all"]


@query
async def search_content(
    ctx: QueryCtx, *, query: str, type_: What = "all", limit: float | None = None
) -> SearchResult:
    """What matches by its title, then what matches by its text, each the most relevant first.

    Texts that the caller may not read are not searched, so that nobody learns from hits what they
    say.
    """
    caller = await identify(ctx)
    number = validation.limit(limit, most=SEARCH_LIMIT_MAX)
    text = " ".join(validation.search_terms(query))
    reads_premium = caller.reads_premium(ctx.now_ms())
    news: list[News] = []
    research: list[Research] = []
    courses: list[Course] = []
    if text and type_ in ("news", "all"):
        news = await _articles(ctx, News, text, number, reads_premium=reads_premium)
    if text and type_ in ("research", "all"):
        research = await _articles(ctx, Research, text, number, reads_premium=reads_premium)
    if text and type_ in ("courses", "all"):
        courses = await _titled(ctx, Course, text, number)
    return SearchResult(
        news=[news_card(item, reads_premium) for item in news],
        research=[research_card(item, reads_premium) for item in research],
        courses=[course_doc(course) for course in courses],
        total=len(news) + len(research) + len(courses),
    )


@query
async def suggest(ctx: QueryCtx, *, query: str, limit: float | None = None) -> Suggestions:
    """Titles that match what has been typed so far; all kinds take turns."""
    number = validation.limit(limit, default=SUGGESTIONS, most=SEARCH_LIMIT_MAX)
    text = " ".join(validation.search_terms(query))
    if not text:
        return Suggestions(items=[])
    news = [
        Suggestion(kind="news", id=item.id, slug=item.slug, title=item.title)
        for item in await _titled(ctx, News, text, number)
    ]
    research = [
        Suggestion(kind="research", id=item.id, slug=item.slug, title=item.title)
        for item in await _titled(ctx, Research, text, number)
    ]
    courses = [
        Suggestion(kind="course", id=item.id, slug=item.slug, title=item.title)
        for item in await _titled(ctx, Course, text, number)
    ]
    turns = chain.from_iterable(zip_longest(news, research, courses))
    return Suggestions(items=[item for item in turns if item is not None][:number])


# ---------------------------------------------------------------- the indexes


async def _articles(
    ctx: QueryCtx, table: type[A], text: str, number: int, *, reads_premium: bool
) -> list[A]:
    found = {item.id: item for item in await _titled(ctx, table, text, number)}
    if len(found) < number:
        readable = [] if reads_premium else [table.is_premium.is_(False)]
        index = table.search_content
        # As many again: those that match by title as well are left out.
        for item in await _hits(ctx, table, index, text, number, readable):
            found.setdefault(item.id, item)
    return list(found.values())[:number]


async def _titled(ctx: QueryCtx, table: type[L], text: str, number: int) -> list[L]:
    return await _hits(ctx, table, table.search_title, text, number)


async def _hits(
    ctx: QueryCtx,
    table: type[L],
    index: SearchIndexRef[L],
    text: str,
    number: int,
    filters: Sequence[Bound[L]] = (),
) -> list[L]:
    """The listed items that an index finds.

    A text that looks short can be many terms, in scripts without spaces; of those, as many as the
    index takes are looked for.
    """
    listed = [table.is_published.is_(True), table.deleted_at.is_absent()]
    while True:
        hits = ctx.db.query(table).with_search_index(index, text, *listed, *filters)
        try:
            return await hits.take(number)
        except LimitError as error:
            if error.code != "TooManySearchTerms":
                raise
            text = text[: len(text) // 2]
