"""What clients get: result shapes, and the presenters that build them from documents.

Documents never leave the server as they are. `Flat` puts the fields of one shape beside those of
another, so a card, the whole item and the item with a like are one object on the wire.
"""

from __future__ import annotations

from functions import utils
from reactor import Flat, Id, Object, field
from schema import (
    Language,
    News,
    NewsType,
    PeriodStatus,
    Plan,
    Preferences,
    Research,
    Role,
    Subscription,
    SubscriptionStatus,
    Transaction,
    User,
)

# ---------------------------------------------------------------- news and research


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


# ---------------------------------------------------------------- users


class UserDoc(Object):
    """An account, for its owner and for admins."""

    id: Id[User] = field(wire="_id")
    creation_time: float = field(wire="_creationTime")
    clerk_user_id: str
    email: str
    name: str | None = None
    avatar: str | None = None
    role: Role
    subscription_status: SubscriptionStatus
    subscription_expires_at: float | None = None
    preferences: Preferences | None = None
    manual_pro: bool | None = None
    created_at: float
    updated_at: float


class UserList(Object):
    """A page of accounts."""

    users: list[UserDoc]
    next_cursor: str | None


class SubscriptionDoc(Object):
    """A paid or given period of Pro."""

    id: Id[Subscription] = field(wire="_id")
    creation_time: float = field(wire="_creationTime")
    user_id: Id[User]
    plan: Plan
    status: PeriodStatus
    is_current: bool
    started_at: float
    expires_at: float
    last_payment_at: float | None = None
    next_billing_at: float | None = None
    xendit_subscription_id: str | None = None
    cancelled_at: float | None = None
    cancel_reason: str | None = None
    last_transaction_id: Id[Transaction] | None = None
    created_at: float
    updated_at: float


class UserDetail(Object):
    """An account with its latest subscription."""

    user: Flat[UserDoc]
    subscription: SubscriptionDoc | None


class ClerkOutcome(Object):
    """What became of a message from Clerk: `processed`, or `ignored:` and why."""

    outcome: str
    user_id: Id[User] | None = None


def user_doc(user: User) -> UserDoc:
    """An account without what only the server needs."""
    return UserDoc(
        id=user.id,
        creation_time=user.creation_time,
        clerk_user_id=user.clerk_user_id,
        email=user.email,
        name=user.name,
        avatar=user.avatar,
        role=user.role,
        subscription_status=user.subscription_status,
        subscription_expires_at=user.subscription_expires_at,
        preferences=user.preferences,
        manual_pro=user.manual_pro,
        created_at=user.created_at,
        updated_at=user.updated_at,
    )


def is_current(subscription: Subscription, now: float) -> bool:
    """Whether a period gives access now; a cancelled one does until its end."""
    return subscription.status in ("active", "cancelled") and subscription.expires_at > now


def subscription_doc(subscription: Subscription, now: float) -> SubscriptionDoc:
    """A subscription without what only the server needs."""
    return SubscriptionDoc(
        id=subscription.id,
        creation_time=subscription.creation_time,
        user_id=subscription.user_id,
        plan=subscription.plan,
        status=subscription.status,
        is_current=is_current(subscription, now),
        started_at=subscription.started_at,
        expires_at=subscription.expires_at,
        last_payment_at=subscription.last_payment_at,
        next_billing_at=subscription.next_billing_at,
        xendit_subscription_id=subscription.xendit_subscription_id,
        cancelled_at=subscription.cancelled_at,
        cancel_reason=subscription.cancel_reason,
        last_transaction_id=subscription.last_transaction_id,
        created_at=subscription.created_at,
        updated_at=subscription.updated_at,
    )


# ---------------------------------------------------------------- permissions


class PlaygroundUsage(Object):
    """How much of today's playground is taken; without a limit the first two are null."""

    limit: int | None
    remaining: int | None
    used: int
    resets_at: float


class Access(Object):
    """What the caller is and may do."""

    is_signed_in: bool
    is_admin: bool
    is_pro: bool
    subscription_expires_at: float | None
    playground: PlaygroundUsage | None
