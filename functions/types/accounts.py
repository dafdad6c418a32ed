"""Accounts, as their owners and admins get them."""

from __future__ import annotations

from functions.types.billing import SubscriptionDoc
from reactor import Flat, Id, Object, field
from schema import Preferences, Role, SubscriptionStatus, User


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
