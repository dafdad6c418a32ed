"""Notifications, announcements and the e-mail log, as clients get them."""

from __future__ import annotations

from typing import Any, Literal

from reactor import ABSENT, Absent, Id, Object, field
from schema import (
    Announcement,
    Audience,
    EmailLog,
    Notification,
    NotificationType,
    User,
)

EmailStatus = Literal["queued", "sent", "failed", "skipped"]
AnnouncementStatus = Literal["sending", "sent"]


class NotificationDoc(Object):
    """A notification, for whom it is."""

    id: Id[Notification] = field(wire="_id")
    creation_time: float = field(wire="_creationTime")
    user_id: Id[User]
    type_: NotificationType
    title: str
    message: str
    is_read: bool
    metadata: Any | Absent = ABSENT
    created_at: float


class NotificationList(Object):
    """A page of notifications."""

    notifications: list[NotificationDoc]
    next_cursor: str | None


class AnnouncementDoc(Object):
    """What an admin told many users, and how many it has reached."""

    id: Id[Announcement] = field(wire="_id")
    creation_time: float = field(wire="_creationTime")
    title: str
    message: str
    audience: Audience
    send_email: bool
    created_by: Id[User]
    status: AnnouncementStatus
    sent_count: int
    created_at: float
    completed_at: float | None = None


class AnnouncementList(Object):
    """A page of announcements."""

    announcements: list[AnnouncementDoc]
    next_cursor: str | None


class AnnouncementStarted(Object):
    """What `announce` answers."""

    announcement_id: Id[Announcement]


class EmailDoc(Object):
    """An e-mail and what became of it, without what it told."""

    id: Id[EmailLog] = field(wire="_id")
    creation_time: float = field(wire="_creationTime")
    key: str
    template: str
    to: str
    subject: str
    user_id: Id[User] | None = None
    status: EmailStatus
    attempts: int
    provider_id: str | None = None
    last_error: str | None = None
    next_attempt_at: float | None = None
    created_at: float
    updated_at: float


class EmailList(Object):
    """A page of the e-mail log."""

    emails: list[EmailDoc]
    next_cursor: str | None


class Attached(Object):
    """Where an attached file can be seen."""

    url: str


class Outgoing(Object):
    """An e-mail that is about to be sent; for the action that sends it."""

    email_id: Id[EmailLog]
    key: str
    attempt: int
    to: str
    subject: str
    html: str
    text: str
    template: str


def notification_doc(row: Notification) -> NotificationDoc:
    """A notification without what only the server needs."""
    return NotificationDoc(
        id=row.id,
        creation_time=row.creation_time,
        user_id=row.user_id,
        type_=row.type_,
        title=row.title,
        message=row.message,
        is_read=row.is_read,
        metadata=row.metadata,
        created_at=row.created_at,
    )


def announcement_doc(row: Announcement) -> AnnouncementDoc:
    """An announcement, for admins."""
    return AnnouncementDoc(
        id=row.id,
        creation_time=row.creation_time,
        title=row.title,
        message=row.message,
        audience=row.audience,
        send_email=row.send_email,
        created_by=row.created_by,
        status=row.status,
        sent_count=row.sent_count,
        created_at=row.created_at,
        completed_at=row.completed_at,
    )


def email_doc(row: EmailLog) -> EmailDoc:
    """A row of the e-mail log, for admins."""
    return EmailDoc(
        id=row.id,
        creation_time=row.creation_time,
        key=row.key,
        template=row.template,
        to=row.to,
        subject=row.subject,
        user_id=row.user_id,
        status=row.status,
        attempts=row.attempts,
        provider_id=row.provider_id,
        last_error=row.last_error,
        next_attempt_at=row.next_attempt_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
