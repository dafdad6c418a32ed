"""Clerk's webhook: signed, once each, in any order, and nothing that Clerk did not send."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

import schema
from functions._env import Env
from reactor.testing import open_harness
from schema import User, WebhookEvent
from tests.app.support import ENV, Reimaji

KEY = b"a-secret-of-32-bytes-for-the-test"
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"
PATH = "/webhooks/clerk"


def person(subject: str = "user_1", **changes: Any) -> dict[str, Any]:
    """What Clerk says about somebody, with keys that mean nothing to us."""
    return {
        "id": subject,
        "object": "user",
        "email_addresses": [
            {"id": "e1", "email_address": "old@example.test", "verification": None},
            {"id": "e2", "email_address": "Ayu@Example.test", "linked_to": []},
        ],
        "primary_email_address_id": "e2",
        "first_name": "Ayu",
        "last_name": "Lestari",
        "username": None,
        "image_url": "https://img.clerk.test/ayu",
        "updated_at": 1_000,
        "public_metadata": {"role": "admin", "$odd": 10**30, "": {"caf\u00e9": None}},
        **changes,
    }


def event(type_: str = "user.created", data: Any = None, **changes: Any) -> dict[str, Any]:
    """The envelope."""
    whole = {"type": type_, "object": "event", "data": person() if data is None else data}
    return {**whole, "timestamp": 1_000, "instance_id": "ins_1", **changes}


def sign(event_id: str, timestamp: str, body: bytes, key: bytes = KEY) -> str:
    """A signature made by hand, as the documentation of Svix tells."""
    text = f"{event_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


async def send(
    app: Reimaji,
    body: Any,
    *,
    event_id: str = "msg_1",
    path: str = PATH,
    age_s: float = 0,
    name: str = "svix",
    **headers: str,
) -> httpx2.Response:
    """Delivers a body with a good signature, unless the headers say otherwise."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    timestamp = str(int(app.backend.clock.now_ms() / 1000 - age_s))
    whole = {
        "id": event_id,
        "timestamp": timestamp,
        "signature": sign(event_id, timestamp, raw),
        **headers,
    }
    named = {f"{name}-{key}": value for key, value in whole.items()}
    return await app.backend.request("POST", path, content=raw, headers=named)


def outcome(answer: httpx2.Response) -> tuple[int, str | None]:
    """What an answer tells Clerk, and the operator."""
    return answer.status_code, answer.headers.get("x-reimaji-outcome")


async def people(app: Reimaji) -> list[User]:
    """The accounts that the webhook made."""
    return [user for user in await app.rows(User) if user.clerk_user_id.startswith("user_")]


@pytest.fixture
async def signed() -> AsyncIterator[Reimaji]:
    """Reimaji with a webhook secret."""
    env = {**ENV, "CLERK_WEBHOOK_SECRET": SECRET}
    harness = open_harness(schema=schema, functions="functions", env=env, settings=Env, crons=False)
    async with harness as backend:
        yield Reimaji(backend)


# ---------------------------------------------------------------- what Clerk says


@pytest.mark.parametrize("path", [PATH, "/clerk-users-webhook"])
@pytest.mark.parametrize("name", ["svix", "webhook"])
async def test_a_person_becomes_an_account(signed: Reimaji, path: str, name: str) -> None:
    """Under either path and either name of the headers; metadata gives nobody a role."""
    answer = await send(signed, event(), path=path, name=name)
    assert outcome(answer) == (200, "processed")
    assert answer.text == "Webhook processed"
    (user,) = await people(signed)
    assert (user.email, user.name, user.role) == ("ayu@example.test", "Ayu Lestari", "free")
    (noted,) = await signed.rows(WebhookEvent)
    assert (noted.event_id, noted.type_, noted.outcome) == ("msg_1", "user.created", "processed")


async def test_a_delivery_counts_once(signed: Reimaji) -> None:
    """Clerk repeats what it got no answer to."""
    await send(signed, event())
    again = await send(signed, event(data=person(first_name="Budi", updated_at=2_000)))
    assert outcome(again) == (200, "duplicate")
    assert [user.name for user in await people(signed)] == ["Ayu Lestari"]


async def test_old_news_changes_nothing(signed: Reimaji) -> None:
    """Deliveries overtake each other."""
    newer = event("user.updated", person(first_name="New", updated_at=2_000))
    older = event("user.updated", person(first_name="Old", updated_at=1_000))
    assert outcome(await send(signed, newer, event_id="b")) == (200, "processed")
    assert outcome(await send(signed, older, event_id="a")) == (200, "ignored:stale")
    assert [user.name for user in await people(signed)] == ["New Lestari"]


async def test_a_deleted_person_stays_deleted(signed: Reimaji) -> None:
    """Also when the deletion arrives before everything else."""
    gone = event("user.deleted", {"id": "user_1", "object": "user", "deleted": True})
    assert outcome(await send(signed, gone, event_id="a")) == (200, "processed")
    assert outcome(await send(signed, event(), event_id="b")) == (200, "ignored:deleted")
    assert outcome(await send(signed, gone, event_id="c")) == (200, "ignored:deleted")
    (user,) = await people(signed)
    assert user.deleted_at is not None


async def test_what_we_do_not_follow_is_taken_and_ignored(signed: Reimaji) -> None:
    """Anything but a 2xx would be repeated for days, and then the endpoint is turned off."""
    session = event("session.created", {"id": "sess_1"})
    assert outcome(await send(signed, session, event_id="a")) == (200, "ignored:type")
    phone = event(data=person(email_addresses=[]))
    assert outcome(await send(signed, phone, event_id="b")) == (200, "ignored:no_email")
    assert await people(signed) == []


# ---------------------------------------------------------------- what Clerk did not say


@pytest.mark.parametrize(
    "headers",
    [
        {"signature": ""},
        {"signature": "v1,"},
        {"signature": "v1,AAAA"},
        {"signature": "v1,no base64"},
        {"signature": "v1,\u00e9"},
        {"signature": "nonsense"},
        {"signature": "v1,a,b v2"},
        {"id": ""},
        {"id": "msg_other"},
        {"timestamp": ""},
        {"timestamp": "soon"},
        {"timestamp": "NaN"},
        {"timestamp": "9" * 40},
        {"timestamp": "-1"},
    ],
)
async def test_other_signatures_are_refused(signed: Reimaji, headers: dict[str, str]) -> None:
    """Without a word about why."""
    raw = {name: value.encode("latin-1") for name, value in headers.items()}
    answer = await send(signed, event(), **raw)  # type: ignore[arg-type]
    assert (answer.status_code, answer.text) == (401, "Invalid signature")
    assert await signed.rows(WebhookEvent) == []


async def test_nothing_but_what_was_signed(signed: Reimaji) -> None:
    """Another body, another key, another version, another time."""
    body = json.dumps(event()).encode()
    now = str(int(signed.backend.clock.now_ms() / 1000))
    good = sign("msg_1", now, body)
    forged = [
        sign("msg_1", now, b"{}"),
        sign("msg_1", now, body, b"another key"),
        good.replace("v1,", "v1a,"),
        good.replace("v1,", "v2,"),
    ]
    for signature in forged:
        assert (await send(signed, body, signature=signature)).status_code == 401
    assert (await send(signed, body, signature=" ".join([*forged, good]))).status_code == 200


@pytest.mark.parametrize(("age_s", "status"), [(299, 200), (301, 401), (-299, 200), (-302, 401)])
async def test_a_delivery_is_of_now(signed: Reimaji, age_s: float, status: int) -> None:
    """One that was recorded is no use five minutes later."""
    assert (await send(signed, event(), age_s=age_s)).status_code == status


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no JSON",
        b"[]",
        b"[" * 100_000,
        b'{"type": "user.created"}',
        b'{"type": 1, "data": {}}',
        b'{"type": "\\ud800", "data": {}}',
        b'{"type": "user.created", "data": []}',
        b'{"type": "user.created", "data": {}}',
        b'{"type": "user.created", "data": {"id": 1, "email_addresses": "x"}}',
        b'{"type": "user.deleted", "data": {}}',
        b'{"type": "user.deleted", "data": {"id": 7}}',
        b'{"type": "user.created", "data": {"id": "\\ud800", "email_addresses": []}, "x": 1}',
    ],
)
async def test_bodies_that_mean_nothing_are_refused(signed: Reimaji, body: bytes) -> None:
    """A good signature does not make sense of them; nothing is kept."""
    answer = await send(signed, body)
    assert (answer.status_code, answer.text) == (400, "Invalid payload")
    assert await signed.rows(WebhookEvent) == []


async def test_a_body_that_is_no_text_is_refused(signed: Reimaji) -> None:
    """The signature is over text."""
    assert (await send(signed, b"\xff\xfe")).status_code == 401


async def test_a_body_has_a_largest_size(signed: Reimaji) -> None:
    """One mebibyte; the log keeps 64 KB of it."""
    pad = event(data=person(), padding="x" * 900_000)
    assert (await send(signed, pad)).status_code == 200
    (noted,) = await signed.rows(WebhookEvent)
    assert len(noted.payload.encode()) == 64 * 1024
    too_long = event(data=person(), padding="x" * 1_100_000)
    assert (await send(signed, too_long, event_id="b")).status_code == 413


@pytest.mark.parametrize("name", ["CLERK_WEBHOOK_SECRET", "CLERK_WEBHOOK_SIGNING_SECRET", None])
async def test_the_secret_has_two_names(name: str | None) -> None:
    """Without one nothing is believed, and the rest of Reimaji works."""
    env = ENV if name is None else {**ENV, name: SECRET}
    harness = open_harness(schema=schema, functions="functions", env=env, crons=False)
    async with harness as backend:
        answer = await send(Reimaji(backend), event())
        assert answer.status_code == (500 if name is None else 200)


async def test_a_secret_that_is_none_is_an_error_of_ours(app: Reimaji) -> None:
    """Clerk repeats until the operator has mended it."""
    env = {**ENV, "CLERK_WEBHOOK_SECRET": "whsec_"}
    harness = open_harness(schema=schema, functions="functions", env=env, crons=False)
    async with harness as backend:
        assert (await send(Reimaji(backend), event())).status_code == 500
