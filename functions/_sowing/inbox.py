"""Stores announcements, notifications and the e-mail log, as they follow from what happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from functions._demo.inbox import BULLETINS, UNREAD
from functions._demo.shapes import Bulletin
from functions._env import Env
from functions._sowing.billing import REMINDED_DAYS, Bill
from functions._sowing.learning import Finish
from functions._sowing.people import Account, People
from functions._sowing.sower import Sower
from functions.constants import DAY_MS, NOTICES, PLAN_NAMES
from functions.utils import format_date, format_idr
from reactor import Id
from schema import Announcement, Notification, NotificationType, Subscription

_FAN_OUT_MS: Final = 1_300
"""How long an announcement takes to reach everybody."""


@dataclass(frozen=True, slots=True)
class Note:
    """A notification before it is written in its reader's language."""

    reader: Account
    kind: NotificationType
    at: float
    values: Mapping[str, str]
    metadata: Mapping[str, Any]
    dedupe_key: str


async def sow_inbox(
    sower: Sower, people: People, bills: list[Bill], finishes: list[Finish]
) -> None:
    """Inserts what everybody was told, oldest first; the newest ones are unread."""
    notes = [note for bill in bills for note in _billing_notes(sower, bill)]
    notes += [note for finish in finishes for note in _learning_notes(finish)]
    for bulletin in BULLETINS:
        notes += await _announce(sower, people, bulletin)
    by_reader = defaultdict[str, list[Note]](list)
    for note in sorted(notes, key=lambda note: note.at):
        by_reader[note.reader.person.clerk_user_id].append(note)
    for reader, mine in by_reader.items():
        read = len(mine) - UNREAD.get(reader, 0)
        for place, note in enumerate(mine):
            await sower.insert(_notification(note, is_read=place < read))


def _notification(note: Note, *, is_read: bool) -> Notification:
    notice = NOTICES[note.kind][note.reader.person.language]
    return Notification(
        user_id=note.reader.id,
        type_=note.kind,
        title=notice.title.format_map(note.values),
        message=notice.message.format_map(note.values),
        is_read=is_read,
        metadata=dict(note.metadata),
        created_at=note.at,
        dedupe_key=note.dedupe_key,
    )


# ---------------------------------------------------------------- what happened


def _billing_notes(sower: Sower, bill: Bill) -> list[Note]:
    if bill.period is not None:
        return [_paid(sower, bill, bill.period), *_ending(sower, bill, bill.period)]
    if bill.row.status != "EXPIRED":
        return []
    values = {"amount": format_idr(bill.row.amount), "plan": _plan(bill)}
    about = {"transactionId": bill.id}
    key = f"tx-expired:{bill.id}"
    return [Note(bill.payer, "payment_expired", bill.row.expires_at, values, about, key)]


def _paid(sower: Sower, bill: Bill, period: Subscription) -> Note:
    values = {
        "amount": format_idr(bill.row.amount),
        "plan": _plan(bill),
        "until": _until(sower, bill, period),
    }
    about = {"transactionId": bill.id, "subscriptionId": period.id}
    return Note(bill.payer, "payment_success", period.started_at, values, about, f"tx:{bill.id}")


def _ending(sower: Sower, bill: Bill, period: Subscription) -> list[Note]:
    """The reminders of a period that has run out, and that it has."""
    if period.status != "expired":
        return []
    about = {"subscriptionId": period.id}
    notes: list[Note] = []
    for days in REMINDED_DAYS:
        values = {"days": str(days), "plan": _plan(bill), "until": _until(sower, bill, period)}
        at = period.expires_at - days * DAY_MS
        key = f"sub-expiring:{period.id}:{days * DAY_MS}:{period.expires_at:.0f}"
        notes.append(Note(bill.payer, "subscription_expiring", at, values, about, key))
    key = f"sub-expired:{period.id}:{period.expires_at:.0f}"
    values = {"plan": _plan(bill)}
    ended = Note(bill.payer, "subscription_expired", period.expires_at, values, about, key)
    return [*notes, ended]


def _plan(bill: Bill) -> str:
    return PLAN_NAMES[bill.row.plan][bill.payer.person.language]


def _until(sower: Sower, bill: Bill, period: Subscription) -> str:
    utc_offset = sower.ctx.env(Env).reimaji_day_utc_offset_minutes
    return format_date(period.expires_at, utc_offset, bill.payer.person.language)


def _learning_notes(finish: Finish) -> list[Note]:
    paper = finish.certificate
    course, code, at = paper.course_id, paper.code, paper.issued_at
    values = {"course": paper.course_title, "code": code}
    return [
        Note(
            finish.learner,
            "course_completed",
            at,
            values,
            {"courseId": course},
            f"course:{course}",
        ),
        Note(
            finish.learner,
            "certificate_issued",
            at,
            values,
            {"courseId": course, "code": code},
            f"certificate:{course}",
        ),
    ]


async def _announce(sower: Sower, people: People, bulletin: Bulletin) -> list[Note]:
    """Inserts the announcement; it reached whoever had joined by then."""
    at = sower.ago(bulletin.days_ago)
    readers = [
        account
        for account in people.values()
        if account.person.joined_days_ago > bulletin.days_ago
        and bulletin.audience in ("all", account.person.role)
    ]
    announcement_id: Id[Announcement] = await sower.insert(
        Announcement(
            title=bulletin.title,
            message=bulletin.message,
            audience=bulletin.audience,
            send_email=False,
            created_by=people[bulletin.author].id,
            status="sent",
            sent_count=len(readers),
            created_at=at,
            completed_at=at + _FAN_OUT_MS,
        )
    )
    values = {"title": bulletin.title, "message": bulletin.message}
    about = {"announcementId": announcement_id}
    key = f"ann:{announcement_id}"
    return [Note(one, "system_announcement", at, values, about, key) for one in readers]
