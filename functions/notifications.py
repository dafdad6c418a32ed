"""The inbox: what a user was told, and announcements to many."""

from __future__ import annotations

from typing import Any

from functions import _errors as errors
from functions import letters, validation
from functions._bookkeeping import audit
from functions._lists import Listing, read_page
from functions._notices import notify, post
from functions.constants import (
    EMAILS_PER_BATCH,
    MARKED_PER_RUN,
    UNREAD_COUNT_MAX,
    USERS_PER_FAN_OUT,
)
from functions.permissions import (
    Caller,
    admin_query,
    identify,
    require_admin,
    user_mutation,
    user_query,
)
from functions.types.inbox import (
    AnnouncementList,
    AnnouncementStarted,
    NotificationDoc,
    NotificationList,
    announcement_doc,
    notification_doc,
)
from reactor import (
    ABSENT,
    Absent,
    ActionFn,
    Id,
    MutationCtx,
    Page,
    PaginationOptions,
    QueryCtx,
    internal_mutation,
    mutation,
    query,
)
from schema import Announcement, Audience, Notification, NotificationType, User

# ---------------------------------------------------------------- one's own inbox


@user_query
async def list_(
    ctx: QueryCtx,
    user: User,
    *,
    limit: float | None = None,
    cursor: str | Absent | None = ABSENT,
    unread_only: bool = False,
    type_: NotificationType | None = None,
) -> NotificationList:
    """The user's notifications, the newest first."""
    unread = [Notification.is_read.is_(False)] if unread_only else []
    listing = Listing(
        table=Notification,
        index=Notification.by_user_unread if unread_only else Notification.by_user_created_at,
        equal=[Notification.user_id == user.id, *unread],
        columns=[Notification.created_at],
        values=lambda row: (row.created_at,),
        keep=lambda row: type_ in (None, row.type_),
    )
    page = await read_page(ctx, listing, cursor, limit)
    return NotificationList(
        notifications=[notification_doc(row) for row in page.items], next_cursor=page.next_cursor
    )


@user_query
async def list_paginated(
    ctx: QueryCtx, user: User, *, pagination_opts: PaginationOptions
) -> Page[NotificationDoc]:
    """The same for `usePaginatedQuery`."""
    own = ctx.db.query(Notification).with_index(
        Notification.by_user_created_at, Notification.user_id == user.id
    )
    page = await own.order("desc").paginate(pagination_opts)
    return page.with_items([notification_doc(row) for row in page.page])


@query
async def unread_count(ctx: QueryCtx) -> int:
    """How many notifications the caller has not read; counting stops at 100."""
    caller = await identify(ctx)
    if caller.user is None:
        return 0
    unread = ctx.db.query(Notification).with_index(
        Notification.by_user_unread,
        Notification.user_id == caller.user.id,
        Notification.is_read.is_(False),
    )
    return len(await unread.take(UNREAD_COUNT_MAX))


@user_mutation
async def mark_read(ctx: MutationCtx, user: User, *, id: Id[Notification]) -> Id[Notification]:
    """Marks one of the user's notifications as read."""
    row = await _own(ctx, user, id)
    if not row.is_read:
        await ctx.db.patch(id, Notification.is_read.set(True))
    return id


@user_mutation
async def mark_all_read(ctx: MutationCtx, user: User) -> int:
    """Marks what the user has been told so far; says how many at once, the rest follows."""
    return await _mark_read(ctx, user.id, ctx.now_ms())


@internal_mutation
async def mark_rest_read(ctx: MutationCtx, *, user_id: Id[User], until: float) -> int:
    """Goes on with `markAllRead`; what came after the click stays unread."""
    return await _mark_read(ctx, user_id, until)


async def _mark_read(ctx: MutationCtx, user_id: Id[User], until: float) -> int:
    unread = ctx.db.query(Notification).with_index(
        Notification.by_user_unread,
        Notification.user_id == user_id,
        Notification.is_read.is_(False),
        Notification.created_at <= until,
    )
    rows = await unread.take(MARKED_PER_RUN)
    for row in rows:
        await ctx.db.patch(row.id, Notification.is_read.set(True))
    if len(rows) == MARKED_PER_RUN:
        await ctx.scheduler.run_after(0, mark_rest_read, user_id=user_id, until=until)
    return len(rows)


@user_mutation
async def remove(ctx: MutationCtx, user: User, *, id: Id[Notification]) -> Id[Notification]:
    """Removes one of the user's notifications."""
    await _own(ctx, user, id)
    await ctx.db.delete(id)
    return id


async def _own(ctx: QueryCtx, user: User, id: Id[Notification]) -> Notification:
    row = await ctx.db.get(id)
    if row is None or row.user_id != user.id:
        raise errors.not_found("notification")
    return row


@internal_mutation
async def create(
    ctx: MutationCtx,
    *,
    user_id: Id[User],
    type_: NotificationType,
    title: str,
    message: str,
    metadata: Any | Absent = ABSENT,
    dedupe_key: str | None = None,
) -> Id[Notification] | None:
    """Tells a user something in given words; null when the key was told before."""
    user = await ctx.db.get(user_id)
    if user is None or user.deleted_at is not None:
        raise errors.user_not_found()
    return await post(
        ctx,
        user,
        type_,
        title=validation.title(title),
        message=validation.message(message),
        metadata=None if metadata is ABSENT else metadata,
        dedupe_key=dedupe_key,
    )


# ---------------------------------------------------------------- announcements


@mutation
async def announce(
    ctx: MutationCtx,
    *,
    title: str,
    message: str,
    audience: Audience = "all",
    send_email: bool = False,
    clerk_user_id: str | None = None,
) -> AnnouncementStarted:
    """Tells all users, or those of a role; they are reached in the background."""
    admin = await require_admin(ctx, clerk_user_id)
    announcement_id = await ctx.db.insert(
        Announcement(
            title=validation.title(title),
            message=validation.message(message),
            audience=audience,
            send_email=send_email,
            created_by=admin.require_user().id,
            status="sending",
            created_at=ctx.now_ms(),
        )
    )
    await audit(ctx, admin, "notifications.announce", "announcements", announcement_id, audience)
    await ctx.scheduler.run_after(0, fan_out, announcement_id=announcement_id, cursor=None)
    return AnnouncementStarted(announcement_id=announcement_id)


@internal_mutation
async def fan_out(
    ctx: MutationCtx, *, announcement_id: Id[Announcement], cursor: str | None
) -> None:
    """Reaches the next users of an announcement; whom it reached before is left alone."""
    announcement = await ctx.db.require(announcement_id)
    page = await _audience(ctx, announcement.audience, cursor)
    reached = [user for user in page.page if await _tell(ctx, announcement, user)]
    if announcement.send_email:
        await _send_emails(ctx, announcement, reached)
    now, is_done = ctx.now_ms(), page.is_done
    await ctx.db.patch(
        announcement_id,
        Announcement.sent_count.set(announcement.sent_count + len(reached)),
        Announcement.status.set("sent" if is_done else "sending"),
        Announcement.completed_at.set(now if is_done else None),
    )
    if not is_done:
        await ctx.scheduler.run_after(
            0, fan_out, announcement_id=announcement_id, cursor=page.continue_cursor
        )


async def _audience(ctx: QueryCtx, audience: Audience, cursor: str | None) -> Page[User]:
    users = ctx.db.query(User)
    chosen = (
        users.order("asc")
        if audience == "all"
        else users.with_index(User.by_role, User.role == audience).order("asc")
    )
    return await chosen.paginate(PaginationOptions(num_items=USERS_PER_FAN_OUT, cursor=cursor))


async def _tell(ctx: MutationCtx, announcement: Announcement, user: User) -> bool:
    told = await notify(
        ctx,
        user,
        "system_announcement",
        values={"title": announcement.title, "message": announcement.message},
        metadata={"announcementId": announcement.id},
        dedupe_key=f"ann:{announcement.id}",
    )
    return told is not None


async def _send_emails(ctx: MutationCtx, announcement: Announcement, users: list[User]) -> None:
    wanting: list[Id[User]] = []
    for user in users:
        row = await letters.announcement(ctx, announcement, user)
        if row is not None and row.status == "queued":
            wanting.append(user.id)
    for start in range(0, len(wanting), EMAILS_PER_BATCH):
        await ctx.scheduler.run_after(
            0,
            ActionFn.ref("emails:sendAnnouncementBatch"),
            announcement_id=announcement.id,
            user_ids=wanting[start : start + EMAILS_PER_BATCH],
        )


@admin_query
async def list_announcements(
    ctx: QueryCtx,
    admin: Caller,
    *,
    limit: float | None = None,
    cursor: str | Absent | None = ABSENT,
) -> AnnouncementList:
    """What was announced, the newest first, and how many it has reached."""
    listing = Listing(table=Announcement, index=Announcement.by_creation_time)
    page = await read_page(ctx, listing, cursor, limit)
    return AnnouncementList(
        announcements=[announcement_doc(row) for row in page.items], next_cursor=page.next_cursor
    )
