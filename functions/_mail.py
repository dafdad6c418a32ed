"""E-mails: queued in the mutation that has something to tell, sent once it has committed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from functions import utils, validation
from functions._env import Env
from functions._templates import render
from functions.constants import DEFAULT_PREFERENCES, OPTIONAL_TEMPLATES, Template
from reactor import ActionFn, Id, MutationCtx, QueryCtx
from schema import EmailLog, User


async def queue(
    ctx: MutationCtx,
    *,
    key: str,
    template: Template,
    user: User,
    values: Mapping[str, Any] | None = None,
) -> Id[EmailLog] | None:
    """Queues an e-mail; it exists exactly when the mutation commits.

    Args:
        ctx: the mutation that has something to tell.
        key: what makes the e-mail unique, for ever, as in `welcome/<userId>`.
        template: what it says.
        user: whom it is for, in the language and at the address of now.
        values: what the template tells, see `_templates.render`; the user's name is added.

    Returns:
        The row of the log, `skipped` when the user wants no such e-mails; None when the key is
        known or the account deleted.

    Raises:
        AppError: INVALID_ARGUMENT for the key.
        KeyError: a value is missing.
    """
    row = await note(ctx, key=key, template=template, user=user, values=values)
    if row is None:
        return None
    if row.status == "queued":
        await ctx.scheduler.run_after(0, DELIVER, email_id=row.id)
    return row.id


async def note(
    ctx: MutationCtx,
    *,
    key: str,
    template: Template,
    user: User,
    values: Mapping[str, Any] | None = None,
) -> EmailLog | None:
    """As `queue`, but leaves the sending to the caller."""
    if user.deleted_at is not None or await find_email(ctx, validation.email_key(key)) is not None:
        return None
    now, language = ctx.now_ms(), utils.language_of(user)
    facts = {**({"name": user.name} if user.name else {}), **(values or {})}
    letter = render(template, language, facts, ctx.env(Env))
    preferences = user.preferences or DEFAULT_PREFERENCES
    is_wanted = preferences.notifications or template not in OPTIONAL_TEMPLATES
    email_id = await ctx.db.insert(
        EmailLog(
            key=key,
            template=template,
            to=user.email,
            subject=letter.subject,
            user_id=user.id,
            vars={**facts, "language": language},
            status="queued" if is_wanted else "skipped",
            last_error=None if is_wanted else "The user turned these e-mails off",
            next_attempt_at=now if is_wanted else None,
            created_at=now,
            updated_at=now,
        )
    )
    return await ctx.db.require(email_id)


async def find_email(ctx: QueryCtx, key: str) -> EmailLog | None:
    """The e-mail with a key."""
    return await ctx.db.query(EmailLog).with_index(EmailLog.by_key, EmailLog.key == key).unique()


DELIVER = ActionFn.ref("emails:deliver")
