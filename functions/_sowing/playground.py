"""Stores what people asked the playground."""

from __future__ import annotations

from typing import Final

from functions._demo.playground import SESSIONS
from functions._demo.shapes import Session, prose
from functions._sessions import title_of
from functions._sowing.people import Account, People
from functions._sowing.sower import Sower
from functions._tokens import cost_of, estimate
from schema import AiSession, SessionError

_MS_PER_TOKEN: Final = 40


async def sow_playground(sower: Sower, people: People) -> None:
    """Inserts all sessions, oldest first; whoever asked was active that day."""
    for item in sorted(SESSIONS, key=lambda item: -item.days_ago):
        asker = people[item.asker]
        sower.day(sower.ago(item.days_ago)).active.add(asker.id)
        await sower.insert(_session(sower, asker, item))


def _session(sower: Sower, asker: Account, item: Session) -> AiSession:
    response = prose(item.response)
    is_done = item.failure is None
    asked, answered = (estimate(item.prompt), estimate(response)) if is_done else (0, 0)
    created_at = sower.ago(item.days_ago)
    return AiSession(
        user_id=asker.id,
        title=title_of(item.prompt),
        prompt=item.prompt,
        response=response,
        model=item.model,
        tokens_used=asked + answered,
        cost=cost_of(item.model, asked + answered),
        is_public=item.is_public,
        status="done" if is_done else "error",
        error=_error(item),
        prompt_tokens=asked if is_done else None,
        completion_tokens=answered if is_done else None,
        counts_toward_limit=is_done,
        created_at=created_at,
        updated_at=created_at + 900 + answered * _MS_PER_TOKEN,
    )


def _error(item: Session) -> SessionError | None:
    if item.failure is None:
        return None
    code, message = item.failure
    return SessionError(code=code, message=message)
