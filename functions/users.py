"""Accounts: signing in, profiles, roles, and what Clerk reports."""

from __future__ import annotations

from typing import Any

from functions import _accounts as accounts
from functions import _clerk as clerk
from functions import _errors as errors
from functions import _images as images
from functions import validation
from functions._bookkeeping import audit
from functions._lists import Listing, read_page
from functions._subscriptions import current_subscription, latest_subscription
from functions._webhooks import find_event, note_event
from functions.constants import DEFAULT_PREFERENCES
from functions.permissions import (
    Caller,
    admin_query,
    find_account,
    find_user,
    identify,
    require_admin,
    user_mutation,
)
from functions.types.accounts import ClerkOutcome, UserDetail, UserDoc, UserList, user_doc
from functions.types.billing import subscription_doc
from reactor import (
    ABSENT,
    Absent,
    Change,
    Id,
    MutationCtx,
    Page,
    PaginationOptions,
    QueryCtx,
    StoredFile,
    internal_mutation,
    mutation,
    query,
)
from schema import Preferences, Role, SubscriptionStatus, User

# ---------------------------------------------------------------- one's own account


@query
async def me(ctx: QueryCtx) -> UserDoc | None:
    """The caller's account; null for visitors and before the first `createOrUpdate`."""
    caller = await identify(ctx)
    return user_doc(caller.own) if caller.own else None


@mutation
async def create_or_update(
    ctx: MutationCtx,
    *,
    email: str,
    clerk_user_id: str | None = None,
    name: str | None = None,
    avatar: str | None = None,
) -> Id[User]:
    """Opens the caller's account, or brings it up to date; what is not given stays."""
    subject, claimed_email = await _signing_in(ctx, clerk_user_id)
    email = validation.email(email)
    if claimed_email is not None:
        email = validation.email(claimed_email)
    name = validation.given(validation.name, name)
    avatar = validation.given(validation.avatar, avatar)
    user = await find_account(ctx, subject)
    if user is None:
        return await accounts.open_account(ctx, subject, email=email, name=name, avatar=avatar)
    if user.deleted_at is not None:
        raise errors.user_not_found()
    caller = await identify(ctx, clerk_user_id)
    if caller.own is None or caller.own.id != user.id:
        await audit(ctx, caller, "users.createOrUpdate", "users", user.id)
    await ctx.db.patch(
        user.id,
        User.email.set(email),
        User.name.given(name),
        *accounts.signed_in_avatar(user, avatar or user.avatar),
        User.role.set(accounts.bootstrap_role(ctx, subject, user.role)),
        User.updated_at.set(ctx.now_ms()),
    )
    return user.id


async def _signing_in(ctx: QueryCtx, named: str | None) -> tuple[str, str | None]:
    """Whose account a sign-in is about, and the e-mail that the token vouches for."""
    identity = await ctx.auth.get_user_identity()
    if identity is not None and named in (None, identity.subject):
        return identity.subject, identity.email
    if identity is None and not ctx.auth.is_admin:
        raise errors.unauthenticated()
    if named is None:
        raise errors.invalid_argument("clerkUserId", "must name the user to act for")
    if identity is not None:
        await identify(ctx, named)  # only an admin may name somebody else, and only a known user
    return named, None


@user_mutation
async def update_profile(
    ctx: MutationCtx,
    user: User,
    *,
    name: str | Absent | None = ABSENT,
    avatar_storage_id: Id[StoredFile] | Absent | None = ABSENT,
) -> Id[User]:
    """Changes the name or the picture; null removes it."""
    changes: list[Change[User]] = [User.updated_at.set(ctx.now_ms())]
    if name is not ABSENT:
        changes.append(User.name.set(validation.given(validation.name, name)))
    await ctx.db.patch(user.id, *changes)
    if avatar_storage_id is None:
        await images.clear(ctx, user)
    elif avatar_storage_id is not ABSENT:
        await _show_avatar(ctx, user, avatar_storage_id)
    return user.id


async def _show_avatar(ctx: MutationCtx, user: User, storage_id: Id[StoredFile]) -> None:
    file = await images.find_file(ctx, storage_id)
    if file is None or file.owner_id != user.id or file.purpose != "avatar":
        raise errors.not_found("file")
    url = await ctx.storage.get_url(storage_id)
    if url is None:
        raise errors.not_found("file")
    await images.show(ctx, user, storage_id, url)


@user_mutation
async def update_preferences(
    ctx: MutationCtx,
    user: User,
    *,
    language: str | None = None,
    notifications: bool | None = None,
    theme: str | None = None,
) -> Preferences:
    """Changes the settings that are given."""
    old = user.preferences or DEFAULT_PREFERENCES
    preferences = Preferences(
        language=old.language if language is None else validation.language(language),
        notifications=old.notifications if notifications is None else notifications,
        theme=old.theme if theme is None else validation.theme(theme),
    )
    await ctx.db.patch(
        user.id, User.preferences.set(preferences), User.updated_at.set(ctx.now_ms())
    )
    return preferences


# ---------------------------------------------------------------- other people's accounts


@query
async def get_by_clerk_id(ctx: QueryCtx, *, clerk_user_id: str) -> UserDoc | None:
    """An account, for its owner and admins; for everybody else there is none."""
    caller = await identify(ctx)
    if caller.subject != clerk_user_id and not caller.sees_everything:
        return None
    user = await find_user(ctx, clerk_user_id)
    return user_doc(user) if user else None


@admin_query
async def get(ctx: QueryCtx, admin: Caller, *, id: Id[User]) -> UserDetail:
    """An account with its latest subscription."""
    user = await ctx.db.get(id)
    if user is None or user.deleted_at is not None:
        raise errors.user_not_found()
    latest = await latest_subscription(ctx, id)
    return UserDetail(
        user=user_doc(user),
        subscription=subscription_doc(latest, ctx.now_ms()) if latest else None,
    )


@admin_query
async def list_(
    ctx: QueryCtx,
    admin: Caller,
    *,
    limit: float | None = None,
    cursor: str | Absent | None = ABSENT,
    role: Role | None = None,
    subscription_status: SubscriptionStatus | None = None,
    email_prefix: str | None = None,
) -> UserList:
    """Living accounts: the newest first, or by e-mail when the start of one is given."""
    prefix = None if email_prefix is None else email_prefix.strip().lower()

    def keep(user: User) -> bool:
        return (
            user.deleted_at is None
            and role in (None, user.role)
            and subscription_status in (None, user.subscription_status)
            and user.email.startswith(prefix or "")
        )

    if prefix is not None:
        listing = Listing(
            table=User,
            index=User.by_email,
            columns=[User.email],
            values=lambda user: (user.email,),
            order="asc",
            start=[User.email >= prefix],
            end=[User.email < prefix + chr(0x10FFFF)],
            keep=keep,
            kind=str,
        )
    elif role is not None:
        listing = Listing(table=User, index=User.by_role, equal=[User.role == role], keep=keep)
    elif subscription_status is not None:
        match = User.subscription_status == subscription_status
        listing = Listing(table=User, index=User.by_subscription_status, equal=[match], keep=keep)
    else:
        listing = Listing(table=User, index=User.by_creation_time, keep=keep)
    page = await read_page(ctx, listing, cursor, limit)
    return UserList(users=[user_doc(user) for user in page.items], next_cursor=page.next_cursor)


@admin_query
async def list_paginated(
    ctx: QueryCtx,
    admin: Caller,
    *,
    pagination_opts: PaginationOptions,
    role: Role | None = None,
) -> Page[UserDoc]:
    """Living accounts for `usePaginatedQuery`, the newest first."""
    users = ctx.db.query(User)
    if role is None:
        chosen = users.order("desc")
    else:
        chosen = users.with_index(User.by_role, User.role == role).order("desc")
    page = await chosen.filter(lambda user: user.deleted_at is None).paginate(pagination_opts)
    return page.with_items([user_doc(user) for user in page.page])


# ---------------------------------------------------------------- roles


@mutation
async def update_role(
    ctx: MutationCtx, *, clerk_user_id: str, role: Role, admin_clerk_user_id: str | None = None
) -> Id[User]:
    """Makes somebody an admin, gives complimentary Pro, or takes either away."""
    identity = await ctx.auth.get_user_identity()
    if identity is not None and admin_clerk_user_id not in (None, identity.subject):
        raise errors.identity_mismatch("adminClerkUserId")
    admin = await require_admin(ctx)
    user_id = await _set_role(ctx, clerk_user_id, role)
    await audit(ctx, admin, "users.updateRole", "users", user_id, role)
    return user_id


@internal_mutation
async def grant_role(ctx: MutationCtx, *, clerk_user_id: str, role: Role) -> Id[User]:
    """The same for operators: how a deployment gets its first admin."""
    return await _set_role(ctx, clerk_user_id, role)


async def _set_role(ctx: MutationCtx, clerk_user_id: str, role: Role) -> Id[User]:
    user = await find_user(ctx, clerk_user_id)
    if user is None:
        raise errors.user_not_found()
    if user.role == "admin" and role != "admin" and not await accounts.has_other_admin(ctx, user):
        raise errors.last_admin()
    paid = await current_subscription(ctx, user.id) if role == "free" else None
    if paid is not None:
        raise errors.active_subscription(paid.expires_at)
    changes: list[Change[User]] = [User.role.set(role), User.updated_at.set(ctx.now_ms())]
    if role != "admin":
        changes.append(User.manual_pro.set(True if role == "pro" else None))
    await ctx.db.patch(user.id, *changes)
    return user.id


# ---------------------------------------------------------------- Clerk


@internal_mutation
async def upsert_from_clerk(ctx: MutationCtx, *, data: Any, event_timestamp: float) -> ClerkOutcome:
    """Opens or updates an account as Clerk says; older news than we have is ignored."""
    person = clerk.read_person(data, event_timestamp)
    user = await find_account(ctx, person.subject)
    if user is None:
        user_id = await accounts.open_account(
            ctx,
            person.subject,
            email=person.email,
            name=person.name,
            avatar=person.avatar,
            clerk_updated_at=person.updated_at,
        )
        return ClerkOutcome(outcome="processed", user_id=user_id)
    if user.deleted_at is not None:
        return ClerkOutcome(outcome="ignored:deleted", user_id=user.id)
    if user.clerk_updated_at is not None and person.updated_at < user.clerk_updated_at:
        return ClerkOutcome(outcome="ignored:stale", user_id=user.id)
    await ctx.db.patch(
        user.id,
        User.email.set(person.email),
        User.name.set(person.name),
        *accounts.signed_in_avatar(user, person.avatar),
        User.role.set(accounts.bootstrap_role(ctx, person.subject, user.role)),
        User.clerk_updated_at.set(person.updated_at),
        User.updated_at.set(ctx.now_ms()),
    )
    return ClerkOutcome(outcome="processed", user_id=user.id)


@internal_mutation
async def delete_from_clerk(
    ctx: MutationCtx, *, clerk_user_id: str, event_timestamp: float
) -> ClerkOutcome:
    """Closes an account; again is fine."""
    user = await find_account(ctx, clerk_user_id)
    if user is None:
        user_id = await accounts.bury(ctx, clerk_user_id, event_timestamp)
        return ClerkOutcome(outcome="processed", user_id=user_id)
    if user.deleted_at is not None:
        return ClerkOutcome(outcome="ignored:deleted", user_id=user.id)
    await accounts.close_account(ctx, user, event_timestamp)
    return ClerkOutcome(outcome="processed", user_id=user.id)


@internal_mutation
async def apply_clerk_event(
    ctx: MutationCtx,
    *,
    event_id: str,
    type_: str,
    data: Any,
    event_timestamp: float,
    payload: str,
) -> ClerkOutcome:
    """Does what a webhook of Clerk asks for, once, however often it is delivered."""
    if await find_event(ctx, "clerk", event_id) is not None:
        return ClerkOutcome(outcome="duplicate")
    done = await _apply_clerk_event(ctx, type_, data, event_timestamp)
    await note_event(ctx, "clerk", event_id, type_=type_, outcome=done.outcome, payload=payload)
    return done


async def _apply_clerk_event(
    ctx: MutationCtx, type_: str, data: Any, event_timestamp: float
) -> ClerkOutcome:
    if type_ in ("user.created", "user.updated"):
        if data.get("email_addresses") == []:
            return ClerkOutcome(outcome="ignored:no_email")  # signed up by phone, for example
        return await ctx.run_mutation(upsert_from_clerk, data=data, event_timestamp=event_timestamp)
    if type_ == "user.deleted":
        clerk_user_id = data.get("id")
        if not isinstance(clerk_user_id, str) or not clerk_user_id:
            raise errors.invalid_argument("data", "has no id")
        return await ctx.run_mutation(
            delete_from_clerk, clerk_user_id=clerk_user_id, event_timestamp=event_timestamp
        )
    return ClerkOutcome(outcome="ignored:type")
