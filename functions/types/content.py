"""News and research, as clients get them."""

from __future__ import annotations

from functions import utils
from reactor import Flat, Id, Object, field
from schema import Language, News, NewsType, Research, User


class ArticleCard(Object):
    """What news and research show of themselves in a list."""

    creation_time: float = field(wire="_creationTime")
    title: str
    slug: str
    summary: str
    tags: list[str]
    image_url: str | None = None
    language: Language | None = None
    is_premium: bool
    is_locked: bool
    is_published: bool
    published_at: float | None
    view_count: int
    created_by: Id[User]
    created_at: float
    updated_at: float
    deleted_at: float | None = None


class NewsCard(Object):
    """News without the text."""

    id: Id[News] = field(wire="_id")
    article: Flat[ArticleCard]
    type_: NewsType
    source_url: str | None = None
    like_count: int


class NewsDoc(Object):
    """News with the text, which is empty while it is locked."""

    card: Flat[NewsCard]
    content: str


class NewsDetail(Object):
    """News on a page of its own."""

    news: Flat[NewsDoc]
    liked_by_me: bool


class NewsList(Object):
    """A page of news."""

    news: list[NewsDoc | NewsCard]
    next_cursor: str | None


class ResearchCard(Object):
    """Research without the text."""

    id: Id[Research] = field(wire="_id")
    article: Flat[ArticleCard]
    implication: str
    paper_url: str | None = None
    citation_count: int


class ResearchDoc(Object):
    """Research with the text, which is empty while it is locked."""

    card: Flat[ResearchCard]
    content: str


class ResearchList(Object):
    """A page of research."""

    research: list[ResearchDoc | ResearchCard]
    next_cursor: str | None


class TagCount(Object):
    """A tag, and how many listed items have it."""

    tag: str
    count: int


class TagList(Object):
    """The most used tags."""

    tags: list[TagCount]


class ViewResult(Object):
    """Whether this view is a new one."""

    counted: bool


class LikeResult(Object):
    """Where a like stands after a click."""

    liked: bool
    like_count: int


class FlushResult(Object):
    """How many views went into the counts."""

    flushed: int


def _article_card(item: News | Research, *, is_locked: bool) -> ArticleCard:
    return ArticleCard(
        creation_time=item.creation_time,
        title=item.title,
        slug=item.slug,
        summary=item.summary,
        tags=item.tags,
        image_url=item.image_url,
        language=item.language,
        is_premium=item.is_premium,
        is_locked=is_locked,
        is_published=item.is_published,
        published_at=utils.publish_time(item),
        view_count=item.view_count,
        created_by=item.created_by,
        created_at=item.created_at,
        updated_at=item.updated_at,
        deleted_at=item.deleted_at,
    )


def news_card(news: News, reads_premium: bool) -> NewsCard:
    """News for a list, for a reader who may or may not read premium texts."""
    return NewsCard(
        id=news.id,
        article=_article_card(news, is_locked=news.is_premium and not reads_premium),
        type_=news.type_,
        source_url=news.source_url,
        like_count=news.like_count,
    )


def news_doc(news: News, reads_premium: bool) -> NewsDoc:
    """News with its text, if the reader may read it."""
    card = news_card(news, reads_premium)
    return NewsDoc(card=card, content="" if card.article.is_locked else news.content)


def research_card(research: Research, reads_premium: bool) -> ResearchCard:
    """Research for a list; the implication is part of what premium readers pay for."""
    is_locked = research.is_premium and not reads_premium
    return ResearchCard(
        id=research.id,
        article=_article_card(research, is_locked=is_locked),
        implication="" if is_locked else research.implication,
        paper_url=research.paper_url,
        citation_count=research.citation_count,
    )


def research_doc(research: Research, reads_premium: bool) -> ResearchDoc:
    """Research with its text, if the reader may read it."""
    card = research_card(research, reads_premium)
    return ResearchDoc(card=card, content="" if card.article.is_locked else research.content)
