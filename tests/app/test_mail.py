"""Queueing e-mails: with the change they tell of, once, and only to who wants them."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from functions._mail import queue
from functions.constants import Template
from reactor import AppError, Id, MutationCtx
from schema import EmailLog, Language, Preferences, User
from tests.app.support import Reimaji, refusal

FACTS: dict[str, Any] = {
    "amount": 99_000,
    "code": "ABCD1234EFGH",
    "courseTitle": "Dasar AI",
    "days": 3,
    "expiresAt": 1_800_000_000_000.0,
    "externalId": "INV_1",
    "message": "Hello.",
    "periodEnd": 1_800_000_000_000.0,
    "plan": "pro_monthly",
    "title": "News",
}
OPTIONAL = {"renewal_reminder", "course_completed", "announcement"}


async def write(app: Reimaji, user: Id[User], template: Template, **how: Any) -> Any:
    """Queues an e-mail with every fact that any template tells."""
    whole: dict[str, Any] = {"key": f"{template}/1", "values": FACTS, **how}

    async def body(ctx: MutationCtx) -> Id[EmailLog] | None:
        return await queue(ctx, template=template, user=await ctx.db.require(user), **whole)

    return await app.backend.run(body)


async def log_of(app: Reimaji, user: Id[User]) -> list[EmailLog]:
    """What is or was on its way to somebody."""
    return [row for row in await app.rows(EmailLog) if row.user_id == user]


@pytest.mark.parametrize("template", get_args(Template))
@pytest.mark.parametrize("language", get_args(Language))
async def test_every_template_can_be_queued(
    app: Reimaji, template: Template, language: Language
) -> None:
    """Each finds its values; only receipts and the like reach who wants no e-mails."""
    quiet = Preferences(language=language, notifications=False, theme="dark")
    user = await app.insert_user("ayu", name="Ayu", preferences=quiet)
    assert await write(app, user, template) is not None
    (row,) = await log_of(app, user)
    assert row.status == ("skipped" if template in OPTIONAL else "queued")
    assert "{" not in row.subject
    assert (row.to, row.vars["name"], row.vars["language"]) == (
        "ayu@example.test",
        "Ayu",
        language,
    )


async def test_a_key_is_queued_once_for_ever(app: Reimaji) -> None:
    """The second is no error: whoever runs again queues again."""
    user = await app.insert_user("ayu")
    assert await write(app, user, "welcome") is not None
    assert await write(app, user, "welcome") is None
    assert len(await log_of(app, user)) == 1


async def test_a_mutation_that_fails_queues_nothing(app: Reimaji) -> None:
    """No receipt for a payment that was not recorded."""
    user = await app.insert_user("ayu")

    async def pay(ctx: MutationCtx) -> None:
        await queue(ctx, key="k", template="welcome", user=await ctx.db.require(user))
        raise AppError("no")

    with pytest.raises(AppError):
        await app.backend.run(pay)
    assert await log_of(app, user) == []


async def test_deleted_accounts_get_no_mail(app: Reimaji) -> None:
    """Their address is none."""
    user = await app.insert_user("ayu", deleted_at=1.0)
    assert await write(app, user, "welcome") is None
    assert await log_of(app, user) == []


@pytest.mark.parametrize("key", ["", "a" * 257, "a\r\nBcc: b", "caf\u00e9", " a"])
async def test_a_key_is_fit_for_a_header(app: Reimaji, key: str) -> None:
    """It is sent to the provider as one."""
    error = await refusal(write(app, await app.insert_user("ayu"), "welcome", key=key))
    assert (error["code"], error["field"]) == ("INVALID_ARGUMENT", "key")


async def test_a_missing_value_fails_at_once(app: Reimaji) -> None:
    """In the test of whoever forgot it, not in the middle of the night."""
    with pytest.raises(KeyError):
        await write(app, await app.insert_user("ayu"), "certificate", values={})
