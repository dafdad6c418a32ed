"""Stores the log of the e-mails that went out with what happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from functions._env import Env
from functions._sowing.billing import Bill
from functions._sowing.codes import hex_code
from functions._sowing.learning import Finish
from functions._sowing.people import Account, People
from functions._sowing.sower import Sower
from functions._templates import render
from functions.constants import DAY_MS, EMAIL_RETRIES_MS, OPTIONAL_TEMPLATES, Template
from schema import EmailLog, Subscription

_KEPT_DAYS: Final = 80
"""Older e-mails are left out: the log is purged after 90 days."""

_DELIVERY_MS: Final = 1_400
"""How long an e-mail takes to be sent."""

_NEWCOMER: Final = "free-7"
"""Whose welcome is in the log."""

_BROKEN: Final = ("pro-1", "subscription_expired")
"""Whose e-mail of which kind never arrived, so that the log shows a failure."""


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail before it is written in its reader's language."""

    reader: Account
    template: Template
    at: float
    key: str
    values: Mapping[str, Any]

    @property
    def status(self) -> Literal["sent", "failed", "skipped"]:
        """How it ended."""
        if not self.reader.person.notifications and self.template in OPTIONAL_TEMPLATES:
            return "skipped"
        is_broken = (self.reader.person.clerk_user_id, self.template) == _BROKEN
        return "failed" if is_broken else "sent"


async def sow_emails(
    sower: Sower, people: People, bills: list[Bill], finishes: list[Finish]
) -> None:
    """Inserts the e-mails of the last weeks, oldest first."""
    mails = [mail for bill in bills for mail in _billing_mails(bill)]
    mails += [mail for finish in finishes for mail in _learning_mails(finish)]
    newcomer = people[_NEWCOMER]
    joined_at = sower.ago(newcomer.person.joined_days_ago)
    mails.append(Mail(newcomer, "welcome", joined_at, f"welcome/{newcomer.id}", {}))
    for mail in sorted(mails, key=lambda mail: mail.at):
        if mail.at > sower.ago(_KEPT_DAYS):
            await sower.insert(_log(sower, mail))


def _billing_mails(bill: Bill) -> list[Mail]:
    period = bill.period
    if period is None:
        return []
    facts = {
        "amount": bill.row.amount,
        "plan": period.plan,
        "periodEnd": period.expires_at,
        "externalId": bill.row.external_id,
    }
    key = f"payment_confirmation/{bill.id}"
    paid = Mail(bill.payer, "payment_confirmation", period.started_at, key, facts)
    return [paid] if period.status != "expired" else [paid, *_ending(bill, period)]


def _ending(bill: Bill, period: Subscription) -> list[Mail]:
    end = period.expires_at
    values = {"plan": period.plan, "expiresAt": end}
    key = f"subscription_expired/{period.id}/{end:.0f}"
    mails = [Mail(bill.payer, "subscription_expired", end, key, values)]
    if not bill.payer.person.notifications:
        key = f"renewal_reminder/{period.id}/{DAY_MS}/{end:.0f}"
        reminder = {"days": 1, **values}
        mails.append(Mail(bill.payer, "renewal_reminder", end - DAY_MS, key, reminder))
    return mails


def _learning_mails(finish: Finish) -> list[Mail]:
    paper = finish.certificate
    values = {"courseTitle": paper.course_title}
    course_key = f"course_completed/{paper.user_id}/{paper.course_id}"
    paper_key = f"certificate/{finish.certificate_id}"
    with_code = {**values, "code": paper.code}
    return [
        Mail(finish.learner, "course_completed", paper.issued_at, course_key, values),
        Mail(finish.learner, "certificate", paper.issued_at, paper_key, with_code),
    ]


def _log(sower: Sower, mail: Mail) -> EmailLog:
    person, status = mail.reader.person, mail.status
    facts = {"name": person.name, **mail.values}
    ended_after = {"sent": _DELIVERY_MS, "failed": sum(EMAIL_RETRIES_MS), "skipped": 0}
    reasons = {
        "sent": None,
        "failed": "Resend answered 503",
        "skipped": "The user turned these e-mails off",
    }
    return EmailLog(
        key=mail.key,
        template=mail.template,
        to=person.email,
        subject=render(mail.template, person.language, facts, sower.ctx.env(Env)).subject,
        user_id=mail.reader.id,
        vars={**facts, "language": person.language},
        status=status,
        attempts={"sent": 1, "failed": len(EMAIL_RETRIES_MS) + 1, "skipped": 0}[status],
        provider_id=hex_code(f"{person.email}/{mail.template}", 32) if status == "sent" else None,
        last_error=reasons[status],
        created_at=mail.at,
        updated_at=mail.at + ended_after[status],
    )
