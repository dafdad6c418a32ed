"""The playground and the AI tools of editors, as clients get them."""

from __future__ import annotations

from typing import Literal

from functions.constants import AI_MODELS, DEFAULT_AUTHOR
from reactor import Id, Object, field
from schema import AiSession, Quiz, SessionError, User

Status = Literal["pending", "streaming", "done", "error", "cancelled"]


class SessionDoc(Object):
    """A session, for whom it belongs to and for admins; `response` is the text so far."""

    id: Id[AiSession] = field(wire="_id")
    creation_time: float = field(wire="_creationTime")
    user_id: Id[User]
    title: str
    prompt: str
    response: str
    model: str
    tokens_used: int
    cost: float
    explanation: str | None = None
    is_public: bool
    is_mine: bool
    status: Status
    error: SessionError | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    created_at: float
    updated_at: float


class PublicSession(Object):
    """A session in the gallery; of its author only the name."""

    id: Id[AiSession] = field(wire="_id")
    title: str
    prompt: str
    response: str
    model: str
    explanation: str | None = None
    created_at: float
    author_name: str


class SessionPreview(Object):
    """What a session that cannot be explained without Pro is called."""

    id: Id[AiSession] = field(wire="_id")
    title: str


class SessionList(Object):
    """A page of one's own sessions."""

    sessions: list[SessionDoc]
    next_cursor: str | None


class PublicSessionList(Object):
    """A page of the gallery."""

    sessions: list[PublicSession]
    next_cursor: str | None


class PlaygroundAnswer(Object):
    """What the playground answered."""

    response: str
    session_id: Id[AiSession]
    tokens_used: int


class Reserved(Object):
    """The session that will hold the answer."""

    session_id: Id[AiSession]


class Assignment(Object):
    """What a session still has to ask."""

    prompt: str
    model: str


class ModelInfo(Object):
    """A model to choose; the cost is in US dollars."""

    id: str
    label: str
    cost_per_1k_tokens: float = field(wire="costPer1kTokens")


class NewsSummary(Object):
    """A draft for an editor."""

    summary: str


class ResearchSummary(Object):
    """A draft for an editor, with what it means in practice."""

    summary: str
    implication: str


class LessonText(Object):
    """What questions are drafted from."""

    title: str
    text: str


class QuizDrafts(Object):
    """Questions that an editor has to look through."""

    quiz_ids: list[Id[Quiz]]


class Explanation(Object):
    """What can be learned from a session."""

    explanation: str


class ToExplain(Object):
    """A session to explain; with the explanation when there is one."""

    prompt: str
    response: str
    explanation: str | None = None


MODELS = [
    ModelInfo(id=name, label=model.label, cost_per_1k_tokens=model.usd_per_1k_tokens)
    for name, model in AI_MODELS.items()
]


def session_doc(session: AiSession, response: str, *, is_mine: bool) -> SessionDoc:
    """A session without what only the server needs."""
    return SessionDoc(
        id=session.id,
        creation_time=session.creation_time,
        user_id=session.user_id,
        title=session.title,
        prompt=session.prompt,
        response=response,
        model=session.model,
        tokens_used=session.tokens_used,
        cost=session.cost,
        explanation=session.explanation,
        is_public=session.is_public,
        is_mine=is_mine,
        status=session.status,
        error=session.error,
        prompt_tokens=session.prompt_tokens,
        completion_tokens=session.completion_tokens,
        created_at=session.created_at,
        updated_at=session.updated_at,
    )


def public_session(session: AiSession, author: User | None) -> PublicSession:
    """A session for everybody."""
    return PublicSession(
        id=session.id,
        title=session.title,
        prompt=session.prompt,
        response=session.response,
        model=session.model,
        explanation=session.explanation,
        created_at=session.created_at,
        author_name=(author and author.name) or DEFAULT_AUTHOR,
    )
