"""Who sees which playground sessions: one's own, those in the gallery, and for admins all."""

from __future__ import annotations

from functions import _errors as errors
from functions import _sessions as sessions
from functions._lists import Listing
from functions.permissions import Caller
from functions.types.playground import PublicSession, SessionDoc, public_session, session_doc
from reactor import Id, QueryCtx
from schema import AiSession, User


def _created(session: AiSession) -> tuple[float]:
    return (session.created_at,)


PUBLIC = Listing(
    table=AiSession,
    index=AiSession.by_public,
    equal=[
        AiSession.is_public.is_(True),
        AiSession.deleted_at.is_absent(),
        AiSession.status == "done",
    ],
    columns=[AiSession.created_at],
    values=_created,
)
"""The gallery, the newest first."""


def mine(user: User) -> Listing[AiSession]:
    """A user's own sessions, the newest first."""
    return Listing(
        table=AiSession,
        index=AiSession.by_user_visible,
        equal=[AiSession.user_id == user.id, AiSession.deleted_at.is_absent()],
        columns=[AiSession.created_at],
        values=_created,
    )


async def shown(ctx: QueryCtx, session: AiSession) -> PublicSession:
    """A session as the gallery shows it."""
    return public_session(session, await ctx.db.get(session.user_id))


async def open_for(
    ctx: QueryCtx, caller: Caller, session_id: Id[AiSession]
) -> SessionDoc | PublicSession:
    """As much of a session as the caller may see.

    Raises:
        AppError: NOT_FOUND.
    """
    session = await _find(ctx, session_id)
    is_mine = _is_of(caller, session)
    if is_mine or caller.sees_everything:
        return session_doc(session, await sessions.text_of(ctx, session), is_mine=is_mine)
    if session.is_public and session.status == "done":
        return await shown(ctx, session)
    raise errors.not_found("session")


async def require_may_set(
    ctx: QueryCtx, caller: Caller, session_id: Id[AiSession], *, is_public: bool
) -> None:
    """Lets owners show and hide what is finished, and admins hide it.

    Raises:
        AppError: UNAUTHENTICATED, USER_NOT_FOUND, NOT_FOUND, CONFLICT.
    """
    if not caller.is_system:
        caller.require_user()
    session = await _find(ctx, session_id)
    if not _is_of(caller, session) and (is_public or not caller.sees_everything):
        raise errors.not_found("session")
    if session.status != "done":
        raise errors.conflict("only finished sessions can be shown")


async def _find(ctx: QueryCtx, session_id: Id[AiSession]) -> AiSession:
    session = await ctx.db.get(session_id)
    if session is None or session.deleted_at is not None:
        raise errors.not_found("session")
    return session


def _is_of(caller: Caller, session: AiSession) -> bool:
    return caller.user is not None and caller.user.id == session.user_id
