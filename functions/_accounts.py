"""How accounts begin and end, whoever says so: the person's own call or Clerk."""

from __future__ import annotations

import logging

from functions import _images as images
from functions._bookkeeping import count, count_today
from functions._env import Env
from functions._mail import queue
from functions._subscriptions import current_subscription, end_now
from functions.constants import DEFAULT_PREFERENCES, TOMBSTONE_EMAIL
from reactor import Change, Id, MutationCtx, QueryCtx
from schema import AiSession, Notification, Role, User

log = logging.getLogger(__name__)


def signed_in_avatar(user: User, avatar: str | None) -> list[Change[User]]:
    """Takes over the picture of the sign-in service, unless the user has uploaded one."""
    return [] if user.avatar_storage_id is not None else [User.avatar.set(avatar)]


def bootstrap_role(ctx: QueryCtx, clerk_user_id: str, role: Role) -> Role:
    """The role of an account, which is "admin" for the people that the operator names."""
    admins = ctx.env(Env).admin_clerk_user_ids.split(",")
    return "admin" if clerk_user_id in map(str.strip, admins) else role


async def open_account(
    ctx: MutationCtx,
    clerk_user_id: str,
    *,
    email: str,
    name: str | None,
    avatar: str | None,
    clerk_updated_at: float | None = None,
) -> Id[User]:
    """Stores a new account, counts it and queues the welcome."""
    now = ctx.now_ms()
    user = User(
        clerk_user_id=clerk_user_id,
        email=email,
        name=name,
        avatar=avatar,
        role=bootstrap_role(ctx, clerk_user_id, "free"),
        subscription_status="trial",
        preferences=DEFAULT_PREFERENCES,
        clerk_updated_at=clerk_updated_at,
        created_at=now,
        updated_at=now,
    )
    user_id = await ctx.db.insert(user)
    await count(ctx, "totalUsers", 1)
    await count_today(ctx, new_users=1)
    account = await ctx.db.require(user_id)
    await queue(ctx, key=f"welcome/{user_id}", template="welcome", user=account)
    return user_id


async def close_account(ctx: MutationCtx, user: User, deleted_at: float) -> None:
    """Leaves a tombstone: nothing personal, no access, but the billing rows stay."""
    now = ctx.now_ms()
    if user.role == "admin" and not await has_other_admin(ctx, user):
        log.error("The last admin, %s, was deleted at Clerk", user.clerk_user_id)
    await ctx.db.patch(
        user.id,
        User.email.set(TOMBSTONE_EMAIL.format(id=user.id)),
        User.name.set(None),
        User.avatar.set(None),
        User.avatar_storage_id.set(None),
        User.role.set("admin" if user.role == "admin" else "free"),
        User.manual_pro.set(None),
        User.clerk_updated_at.set(deleted_at),
        User.deleted_at.set(now),
        User.updated_at.set(now),
    )
    if user.avatar_storage_id is not None:
        await images.drop(ctx, user.avatar_storage_id)
    current = await current_subscription(ctx, user.id)
    if current is not None:
        await end_now(ctx, current)
    await _hide_sessions(ctx, user)
    await _drop_unread(ctx, user)
    await count(ctx, "totalUsers", -1)


async def bury(ctx: MutationCtx, clerk_user_id: str, deleted_at: float) -> Id[User]:
    """Stores a tombstone for an account we never had, so that a late message cannot open it."""
    now = ctx.now_ms()
    tombstone = User(
        clerk_user_id=clerk_user_id,
        email="",
        role="free",
        subscription_status="trial",
        clerk_updated_at=deleted_at,
        deleted_at=now,
        created_at=now,
        updated_at=now,
    )
    user_id = await ctx.db.insert(tombstone)
    await ctx.db.patch(user_id, User.email.set(TOMBSTONE_EMAIL.format(id=user_id)))
    return user_id


async def _hide_sessions(ctx: MutationCtx, user: User) -> None:
    sessions = ctx.db.query(AiSession).with_index(
        AiSession.by_user_visible, AiSession.user_id == user.id, AiSession.deleted_at.is_absent()
    )
    for session in await sessions.filter(lambda session: session.is_public).collect():
        await ctx.db.patch(session.id, AiSession.is_public.set(False))


async def _drop_unread(ctx: MutationCtx, user: User) -> None:
    unread = ctx.db.query(Notification).with_index(
        Notification.by_user_unread,
        Notification.user_id == user.id,
        Notification.is_read.is_(False),
    )
    for notification in await unread.collect():
        await ctx.db.delete(notification.id)


async def has_other_admin(ctx: QueryCtx, user: User) -> bool:
    """Whether somebody else could administer the platform."""
    admins = ctx.db.query(User).with_index(User.by_role, User.role == "admin")
    others = admins.filter(lambda admin: admin.deleted_at is None and admin.id != user.id)
    return await others.first() is not None
