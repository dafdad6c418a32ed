"""Notifications: one way to write them, in the language of whom they are for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from functions import utils, validation
from functions.constants import NOTICES
from reactor import ABSENT, Id, MutationCtx
from schema import Notification, NotificationType, User


async def notify(
    ctx: MutationCtx,
    user: User,
    kind: NotificationType,
    *,
    values: Mapping[str, str] | None = None,
    metadata: Any = None,
    dedupe_key: str | None = None,
) -> Id[Notification] | None:
    """Puts a notification into a user's inbox; their open tabs count one more.

    Args:
        ctx: the mutation that has something to tell; both commit or neither does.
        user: whom to tell.
        kind: what to tell; its texts are `constants.NOTICES`.
        values: what the names in braces of the texts stand for, ready to be shown.
        metadata: JSON for the client, at most 4 KB; None for nothing.
        dedupe_key: of several notifications with this key the user gets the first.

    Returns:
        None when the user has one with this key, or deleted the account.

    Raises:
        AppError: INVALID_ARGUMENT for the metadata.
        KeyError: a value is missing.
    """
    notice = NOTICES[kind][utils.language_of(user)]
    return await post(
        ctx,
        user,
        kind,
        title=notice.title.format_map(values or {}),
        message=notice.message.format_map(values or {}),
        metadata=metadata,
        dedupe_key=dedupe_key,
    )


async def post(
    ctx: MutationCtx,
    user: User,
    kind: NotificationType,
    *,
    title: str,
    message: str,
    metadata: Any = None,
    dedupe_key: str | None = None,
) -> Id[Notification] | None:
    """As `notify`, with texts of the caller's own."""
    if user.deleted_at is not None:
        return None
    if dedupe_key is not None:
        known = ctx.db.query(Notification).with_index(
            Notification.by_user_dedupe,
            Notification.user_id == user.id,
            Notification.dedupe_key == dedupe_key,
        )
        if await known.unique() is not None:
            return None
    notification = Notification(
        user_id=user.id,
        type_=kind,
        title=title,
        message=message,
        metadata=ABSENT if metadata is None else validation.metadata(metadata),
        dedupe_key=dedupe_key,
        created_at=ctx.now_ms(),
    )
    return await ctx.db.insert(notification)
