"""What people asked the playground, and what their inboxes hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from functions._load import texts
from functions._load.learning import Feat
from functions._load.writer import Writer
from functions.constants import NOTICES, PLAN_NAMES
from functions.utils import format_idr, take_chars
from reactor import ABSENT, Absent, Id
from schema import AiSession, Notification, NotificationType, Plan, SessionError, User

_MODELS: Final = (("gpt-4-turbo-preview", 0.01), ("gpt-3.5-turbo", 0.002))
"""Names and US dollars per 1,000 tokens."""

_READ: Final = 0.7
_TITLE_CHARS: Final = 50

SessionStatus = Literal["done", "error", "cancelled"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """A payment that the inbox tells about."""

    external_id: str
    plan: Plan
    amount: int
    time: float
    until: float


# ---------------------------------------------------------------- the playground


async def store_sessions(
    writer: Writer, user_id: Id[User], days_ago: Sequence[int], number: int
) -> None:
    """Stores finished sessions, dealt out to the days so that nobody exceeds a day's limit."""
    for place in range(number):
        time = writer.moment(days_ago[place % len(days_ago)])
        await writer.insert(_session(writer, user_id, time))


def _session(writer: Writer, user_id: Id[User], time: float) -> AiSession:
    chance = writer.chance
    statuses: tuple[SessionStatus, ...] = ("done", "error", "cancelled")
    (status,) = chance.choices(statuses, (94, 4, 2))
    prompt = f"{texts.words(chance, 12).capitalize()}?"
    response = "" if status == "error" else texts.words(chance, chance.randint(30, 90))
    model, rate = chance.choice(_MODELS)
    asked = -(-len(prompt) // 4)
    tokens = asked + -(-len(response) // 4) if status == "done" else 0
    failure = SessionError(code="AI_PROVIDER_ERROR", message="The provider did not answer.")
    cut = take_chars(prompt, _TITLE_CHARS)
    return AiSession(
        user_id=user_id,
        title=cut if cut == prompt else f"{cut}...",
        prompt=prompt,
        response=response,
        model=model,
        tokens_used=tokens,
        cost=round(tokens * rate / 1_000, 8),
        is_public=status == "done" and chance.random() < 0.1,
        status=status,
        error=failure if status == "error" else None,
        prompt_tokens=asked if tokens else None,
        completion_tokens=tokens - asked if tokens else None,
        deleted_at=writer.present if chance.random() < 0.03 else None,
        counts_toward_limit=status != "error",
        created_at=time,
        updated_at=time,
    )


# ---------------------------------------------------------------- the inbox


async def store_notifications(
    writer: Writer,
    user_id: Id[User],
    days_ago: Sequence[int],
    number: int,
    receipts: Sequence[Receipt],
    feats: Sequence[Feat],
) -> None:
    """Stores so many notifications: about payments and courses first, then announcements."""
    told = [_receipt_row(writer, user_id, receipt) for receipt in receipts]
    told += [_feat_row(writer, user_id, feat) for feat in feats]
    for row in told[:number]:
        await writer.insert(row)
    for place in range(len(told), number):
        time = writer.moment(days_ago[place % len(days_ago)])
        values = {
            "title": texts.words(writer.chance, 4).capitalize(),
            "message": texts.words(writer.chance, 20).capitalize(),
        }
        key = f"ann:load-{place}"
        await writer.insert(_row(writer, user_id, "system_announcement", values, time, key))


def _receipt_row(writer: Writer, user_id: Id[User], receipt: Receipt) -> Notification:
    values = {
        "amount": format_idr(receipt.amount),
        "plan": PLAN_NAMES[receipt.plan]["id"],
        "until": writer.day(receipt.until),
    }
    key = f"payment:{receipt.external_id}"
    return _row(writer, user_id, "payment_success", values, receipt.time, key)


def _feat_row(writer: Writer, user_id: Id[User], feat: Feat) -> Notification:
    values = {"course": feat.course_title}
    metadata: dict[str, str] = {"courseId": feat.course_id}
    kind: NotificationType = "course_completed"
    key = f"course:{feat.course_id}"
    if feat.code is not None:
        kind, key = "certificate_issued", f"certificate:{feat.course_id}"
        values, metadata = values | {"code": feat.code}, metadata | {"code": feat.code}
    return _row(writer, user_id, kind, values, feat.time, key, metadata)


def _row(
    writer: Writer,
    user_id: Id[User],
    kind: NotificationType,
    values: dict[str, str],
    time: float,
    dedupe_key: str,
    metadata: Any | Absent = ABSENT,
) -> Notification:
    notice = NOTICES[kind]["id"]
    return Notification(
        user_id=user_id,
        type_=kind,
        title=notice.title.format(**values),
        message=notice.message.format(**values),
        is_read=writer.chance.random() < _READ,
        metadata=metadata,
        created_at=time,
        dedupe_key=dedupe_key,
    )
