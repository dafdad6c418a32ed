"""E-mails through Resend's stand-in: once each, two a second, and what happens when it fails."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import httpx2
import pytest

from functions import _clients as clients
from functions._clients import resend
from functions._env import Env
from reactor import Id, MutationCtx
from reactor.runner.env import read_env
from schema import EmailLog, Preferences, User
from tests.app.mailed import MAIL_ENV, Mailed, open_mailed
from tests.app.support import URLS, refusal

# ---------------------------------------------------------------- delivered


async def test_a_welcome_arrives_in_the_mailbox(mailed: Mailed) -> None:
    """With its tag, its key, and the sender that the operator chose."""
    await mailed.join("ayu")
    await mailed.backend.drain()
    (letter,) = await mailed.mailbox()
    assert letter["to"] == ["ayu@example.test"]
    assert letter["from"] == "Reimaji <halo@reimaji.test>"
    assert letter["subject"] == "Selamat datang di Reimaji"
    assert letter["tags"] == [{"name": "template", "value": "welcome"}]
    (row,) = await mailed.log()
    assert letter["idempotencyKey"] == row.key
    assert (row.status, row.attempts, row.provider_id) == ("sent", 1, letter["id"])
    assert row.next_attempt_at is None
    (request,) = await mailed.requests()
    assert request["headers"]["user-agent"] == "reimaji"


async def test_one_welcome_whoever_opens_the_account(mailed: Mailed) -> None:
    """Sign-in and Clerk's webhook race each other; a person is welcomed once."""
    data = {"id": "ayu", "email_addresses": [{"id": "e", "email_address": "ayu@example.test"}]}
    for _ in range(2):
        await mailed.join("ayu")
        args = {"data": data, "eventTimestamp": mailed.backend.clock.now_ms()}
        await mailed.system.call("users:upsertFromClerk", args)
    user = (await mailed.rows(User))[0]
    assert await mailed.system.call("emails:sendWelcome", {"userId": user.id}) is None
    await mailed.backend.drain()
    assert len(await mailed.mailbox()) == 1


async def test_two_a_second_however_many(mailed: Mailed) -> None:
    """The stand-in refuses a third within a second; none has to be tried twice."""
    users = [await mailed.recipient(f"user-{number}") for number in range(12)]
    for number, user in enumerate(users):
        await mailed.enqueue(user, f"key-{number}")
    await mailed.pass_time(seconds=10)
    assert [row.attempts for row in await mailed.log()] == [1] * 12
    letters = await mailed.mailbox()
    assert len(letters) == 12
    start = letters[0]["createdAt"]
    assert max(Counter((each["createdAt"] - start) // 1000 for each in letters).values()) == 2


async def test_a_key_is_sent_once(mailed: Mailed) -> None:
    """Queueing again answers with the row that is there."""
    user = await mailed.recipient()
    first = await mailed.enqueue(user)
    assert await mailed.enqueue(user) == first
    await mailed.system.call("emails:deliver", {"emailId": first})
    await mailed.system.call("emails:deliver", {"emailId": first})
    assert len(await mailed.mailbox()) == 1


async def test_an_account_that_is_deleted_in_between_gets_nothing(mailed: Mailed) -> None:
    """Its address is no longer ours to use."""
    await mailed.fault(status=500)
    await mailed.join("ayu")
    await mailed.backend.drain()
    args = {"clerkUserId": "ayu", "eventTimestamp": 1.0}
    await mailed.system.call("users:deleteFromClerk", args)
    await mailed.pass_time(hours=2)
    (row,) = await mailed.log()
    assert (row.status, row.last_error) == ("skipped", "The account was deleted")
    assert await mailed.mailbox() == []


# ---------------------------------------------------------------- refused


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500, "body": {"name": "internal_server_error", "message": "Oops"}},
        {"status": 503, "body": "no JSON"},
        {"status": 429, "body": {"name": "daily_quota_exceeded"}},
        {"status": 409, "body": {"name": "concurrent_idempotent_requests"}},
        {"mode": "drop_before"},
        {"status": 200, "body": {"unexpected": True}},
    ],
)
async def test_what_may_pass_is_tried_again(mailed: Mailed, fault: dict[str, Any]) -> None:
    """After five seconds, and then it arrives."""
    await mailed.fault(**fault)
    await mailed.enqueue(await mailed.recipient())
    await mailed.backend.drain()
    (row,) = await mailed.log()
    assert (row.status, row.attempts) == ("queued", 1)
    assert row.last_error is not None
    await mailed.pass_time(seconds=4.9)
    assert await mailed.mailbox() == []
    await mailed.pass_time(seconds=0.2)
    (row,) = await mailed.log()
    assert (row.status, row.attempts, row.last_error) == ("sent", 2, None)
    assert len(await mailed.mailbox()) == 1


AT = "Wed, 25 Nov 2026 08:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"retry-after": "90"}, 90),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "Wed, 25 Nov 2026 08:02:00 GMT", "date": AT}, 120),
        ({"retry-after": "Wed, 25 Nov 2026 08:02:00 -0000", "date": AT}, 120),
        ({"retry-after": "1e999"}, 86_400),
        ({"retry-after": "99999999999"}, 86_400),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "Wed, 25 Nov 2026 07:00:00 GMT", "date": AT}, None),
        ({"retry-after": "Wed, 25 Nov 2026 08:02:00 GMT"}, None),
        ({"retry-after": "Wed, 25 Nov 2026 08:02:00 +99999999999999", "date": AT}, None),
        ({"retry-after": "Wed, 25 Nov 99999 08:02:00 GMT", "date": AT}, None),
    ],
)
async def test_what_resend_says_about_waiting(
    monkeypatch: pytest.MonkeyPatch, headers: dict[str, str], wait_s: float | None
) -> None:
    """Seconds or a date, at most a day; what cannot be read is as if it were not there."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(429, headers=headers, json={"name": "rate_limit_exceeded"})

    monkeypatch.setattr(clients, "transport", httpx2.MockTransport(answer))
    settings = read_env(Env, {**URLS, **MAIL_ENV, "REACTOR_ENV": "dev"})
    message = resend.Message(to="a@b.test", subject="s", html="h", text="t", template="welcome")
    refused = await resend.send(settings, message, "k")
    assert isinstance(refused, resend.Refused)
    assert refused.is_temporary
    assert refused.retry_after_ms == (None if wait_s is None else wait_s * 1000)


async def test_an_email_waits_as_long_as_resend_asks(
    mailed: Mailed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rather than after five seconds; then it arrives."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(429, headers={"retry-after": "47"}, json={})

    with monkeypatch.context() as patch:
        patch.setattr(clients, "transport", httpx2.MockTransport(answer))
        await mailed.enqueue(await mailed.recipient())
        await mailed.backend.drain()
    (row,) = await mailed.log()
    assert row.next_attempt_at == mailed.backend.clock.now_ms() + 47_000
    await mailed.pass_time(seconds=46.9)
    assert await mailed.mailbox() == []
    await mailed.pass_time(seconds=0.2)
    assert len(await mailed.mailbox()) == 1


async def test_an_answer_that_is_lost_is_no_second_email(mailed: Mailed) -> None:
    """Resend took it, the connection broke: the key makes the second try the first."""
    await mailed.fault(mode="drop_after")
    await mailed.enqueue(await mailed.recipient())
    await mailed.pass_time(seconds=10)
    (row,) = await mailed.log()
    assert (row.status, row.attempts) == ("sent", 2)
    assert len(await mailed.mailbox()) == 1


async def test_the_sixth_try_is_the_last(mailed: Mailed) -> None:
    """5 s, 30 s, 2 min, 10 min and 1 h apart."""
    await mailed.fault(status=500, times=100)
    await mailed.enqueue(await mailed.recipient())
    await mailed.pass_time(days=2)
    times = [request["at"] for request in await mailed.requests()]
    gaps = [round((after - before) / 1000) for before, after in pairwise(times)]
    assert gaps == [5, 30, 120, 600, 3600]
    (row,) = await mailed.log()
    assert (row.status, row.attempts) == ("failed", 6)


@pytest.mark.parametrize(("status", "name"), [(403, "invalid_api_key"), (422, "validation_error")])
async def test_what_cannot_pass_fails_at_once(mailed: Mailed, status: int, name: str) -> None:
    """The operator reads why in the log."""
    await mailed.fault(status=status, body={"name": name, "message": "No."})
    await mailed.enqueue(await mailed.recipient())
    await mailed.pass_time(hours=2)
    (row,) = await mailed.log()
    assert (row.status, row.attempts, row.last_error) == ("failed", 1, f"{status} {name}: No.")
    assert len(await mailed.requests()) == 1


async def test_a_deployment_without_a_key_says_so() -> None:
    """Signing up works; the log tells what is missing; once it is set, e-mails go out."""
    env = {name: value for name, value in MAIL_ENV.items() if name != "RESEND_API_KEY"}
    async with open_mailed(env) as mailed:
        await mailed.join("ayu")
        await mailed.backend.drain()
        (row,) = await mailed.log()
        assert (row.status, row.last_error) == (
            "queued",
            "PROVIDER_NOT_CONFIGURED: RESEND_API_KEY is not set",
        )
        assert await mailed.requests() == []


# ---------------------------------------------------------------- lost


async def test_a_lost_job_is_taken_up_after_five_minutes(mailed: Mailed) -> None:
    """The process died between taking the e-mail and hearing from Resend."""
    user = await mailed.recipient()
    await _insert(mailed, user)
    assert await mailed.system.call("emails:retryStuck", {}) == 0
    await mailed.pass_time(minutes=6)
    assert await mailed.system.call("emails:retryStuck", {}) == 1
    assert await mailed.system.call("emails:retryStuck", {}) == 0
    await mailed.backend.drain()
    (row,) = await mailed.log()
    assert row.status == "sent"


async def test_an_email_that_breaks_its_job_fails_in_the_end(mailed: Mailed) -> None:
    """Such as one whose template is gone; it must not come back for ever."""
    await _insert(mailed, await mailed.recipient(), template="unknown")
    for _ in range(8):
        await mailed.pass_time(minutes=6)
        await mailed.system.call("emails:retryStuck", {})
    (row,) = await mailed.log()
    assert (row.status, row.last_error) == ("failed", "Its job was lost again and again")


async def test_waiting_emails_are_not_stuck(mailed: Mailed) -> None:
    """One that waits an hour for its last try has a job."""
    await mailed.fault(status=500, times=5)
    await mailed.enqueue(await mailed.recipient())
    await mailed.pass_time(minutes=30)
    assert await mailed.system.call("emails:retryStuck", {}) == 0


async def _insert(mailed: Mailed, user: Id[User], **columns: Any) -> None:
    now = mailed.backend.clock.now_ms()
    whole: dict[str, Any] = {
        "key": "lost",
        "template": "welcome",
        "to": "ayu@example.test",
        "subject": "s",
        "user_id": user,
        "vars": {"language": "id"},
        "status": "queued",
        "next_attempt_at": now,
        "created_at": now,
        "updated_at": now,
        **columns,
    }

    async def body(ctx: MutationCtx) -> None:
        await ctx.db.insert(EmailLog(**whole))

    await mailed.backend.run(body)


# ---------------------------------------------------------------- by hand, and the log


@pytest.mark.parametrize(
    ("vars", "field"), [({}, "vars"), ("text", "vars"), ({"courseTitle": "x"}, "vars")]
)
async def test_an_email_is_queued_whole_or_not(mailed: Mailed, vars: Any, field: str) -> None:
    """What the template needs must be there."""
    user = await mailed.recipient()
    args = {"userId": user, "key": "k", "template": "certificate", "vars": vars}
    error = await refusal(mailed.system.call("emails:enqueue", args))
    assert (error["code"], error["field"]) == ("INVALID_ARGUMENT", field)
    assert await mailed.log() == []


async def test_admins_read_the_log_without_what_it_told(mailed: Mailed) -> None:
    """The newest first; by status too."""
    await mailed.join("admin-1")
    await mailed.pass_time(seconds=1)
    quiet = Preferences(language="id", notifications=False, theme="light")
    user = await mailed.recipient("budi", preferences=quiet)
    args = {"userId": user, "key": "c", "template": "course_completed"}
    await mailed.system.call("emails:enqueue", {**args, "vars": {"courseTitle": "Dasar"}})
    await mailed.backend.drain()
    page = await mailed.admin.call("emails:adminListLog", {"limit": 1})
    (newest,) = page["emails"]
    assert (newest["key"], newest["status"]) == ("c", "skipped")
    assert "vars" not in newest
    assert page["nextCursor"] is not None
    sent = await mailed.admin.call("emails:adminListLog", {"status": "sent"})
    assert [row["template"] for row in sent["emails"]] == ["welcome"]
    error = await refusal(mailed.visitor.call("emails:adminListLog", {}))
    assert error["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize("amount", ["many", None, [], 1e400, "\u0663x"])
async def test_values_of_another_kind_are_refused_at_once(mailed: Mailed, amount: Any) -> None:
    """The operator hears it; nothing is queued that could never be written."""
    facts = {"plan": "pro_monthly", "periodEnd": 1.0, "externalId": "INV_1", "amount": amount}
    args = {"key": "k", "template": "payment_confirmation", "vars": facts}
    user = await mailed.recipient()
    error = await refusal(mailed.system.call("emails:enqueue", {**args, "userId": user}))
    assert (error["code"], error["field"]) == ("INVALID_ARGUMENT", "vars")
    assert await mailed.log() == []
