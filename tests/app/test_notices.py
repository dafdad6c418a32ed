"""What the rest of Reimaji tells people: notifications, in their language, once."""

from __future__ import annotations

from string import Formatter
from typing import Any, get_args

import pytest

from functions._notices import notify
from functions.constants import NOTICES, PLAN_NAMES, SUBJECTS, Template
from reactor import Id, MutationCtx
from schema import Language, Notification, NotificationType, Plan, Preferences, User
from tests.app.support import Reimaji, refusal


async def tell(app: Reimaji, user: Id[User], **how: Any) -> Id[Notification] | None:
    """Notifies somebody that a course is completed."""

    async def body(ctx: MutationCtx) -> Id[Notification] | None:
        whole: dict[str, Any] = {"values": {"course": "Dasar {AI}"}, **how}
        return await notify(ctx, await ctx.db.require(user), "course_completed", **whole)

    return await app.backend.run(body)


@pytest.mark.parametrize(
    ("language", "title"), [("id", "Kursus selesai"), ("en", "Course completed")]
)
async def test_people_are_told_in_their_language(
    app: Reimaji, language: Language, title: str
) -> None:
    """Braces in a value are text, not another name to fill in."""
    preferences = Preferences(language=language, notifications=True, theme="dark")
    user = await app.insert_user("ayu", preferences=preferences)
    await tell(app, user, metadata={"courseId": "c1"})
    (row,) = await app.rows(Notification)
    assert (row.title, row.is_read, row.metadata) == (title, False, {"courseId": "c1"})
    assert "\u201cDasar {AI}\u201d" in row.message


async def test_people_without_preferences_are_told_in_indonesian(app: Reimaji) -> None:
    """Rows of the seed have none."""
    await tell(app, await app.insert_user("ayu"))
    (row,) = await app.rows(Notification)
    assert row.title == "Kursus selesai"


async def test_a_key_is_told_once_to_each(app: Reimaji) -> None:
    """Webhooks and jobs run again; without a key everything is told."""
    ayu, budi = await app.insert_user("ayu"), await app.insert_user("budi")
    assert await tell(app, ayu, dedupe_key="course:1") is not None
    assert await tell(app, ayu, dedupe_key="course:1") is None
    assert await tell(app, budi, dedupe_key="course:1") is not None
    assert await tell(app, ayu) is not None
    assert await tell(app, ayu) is not None
    assert len(await app.rows(Notification)) == 4


async def test_deleted_accounts_are_told_nothing(app: Reimaji) -> None:
    """A tombstone has no inbox."""
    assert await tell(app, await app.insert_user("ayu", deleted_at=1.0)) is None
    assert await app.rows(Notification) == []


@pytest.mark.parametrize("metadata", [{"text": "x" * 4_090}, {"bytes": b"no JSON"}])
async def test_metadata_is_a_little_json(app: Reimaji, metadata: Any) -> None:
    """Inboxes are sent whole, again and again."""
    error = await refusal(tell(app, await app.insert_user("ayu"), metadata=metadata))
    assert (error["code"], error["field"]) == ("INVALID_ARGUMENT", "metadata")


def test_every_text_exists_in_every_language_with_the_same_names() -> None:
    """A text that lacks a value would fail the mutation that tells it."""
    assert set(NOTICES) == set(get_args(NotificationType))
    assert set(SUBJECTS) == set(get_args(Template))
    assert set(PLAN_NAMES) == set(get_args(Plan))
    texts = [{k: n.title + n.message for k, n in notice.items()} for notice in NOTICES.values()]
    for languages in (*texts, *SUBJECTS.values()):
        assert set(languages) == set(get_args(Language))
        assert len({frozenset(_names(text)) for text in languages.values()}) == 1


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
