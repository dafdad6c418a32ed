"""Resend's stand-in: e-mails are taken once, and can be read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from tests.unit.examples.world import World

LETTER: dict[str, Any] = {
    "from": "Reimaji <halo@reimaji.test>",
    "to": "free-1@example.test",
    "subject": "Selamat datang",
    "html": "<p>Halo <script>alert(1)</script></p>",
    "text": "Halo",
    "tags": [{"name": "template", "value": "welcome"}],
}


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    yield made
    await made.client.aclose()


async def send(
    world: World, body: Any = LETTER, path: str = "/resend/emails", **headers: str
) -> httpx2.Response:
    whole = {"authorization": "Bearer re_sandbox", "user-agent": "test", **headers}
    return await world.client.post(path, json=body, headers=whole)


async def kept(world: World, query: str = "") -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await world.client.get(f"/resend/_sandbox/emails{query}")).json()
    return rows


async def test_an_email_is_taken_and_listed(world: World) -> None:
    id = (await send(world)).json()["id"]
    (row,) = await kept(world, "?to=free-1@example.test&template=welcome")
    assert (row["id"], row["subject"], row["to"]) == (
        id, "Selamat datang", ["free-1@example.test"],
    )  # fmt: skip
    assert await kept(world, "?template=other") == []
    read = await world.client.get(f"/resend/emails/{id}")
    assert read.json()["last_event"] == "delivered"


async def test_a_key_sends_once(world: World) -> None:
    """The same request again is no second mail; another body under the key is refused."""
    key = {"idempotency-key": "welcome/1"}
    first, again = await send(world, **key), await send(world, **key)
    assert first.json() == again.json()
    assert len(await kept(world)) == 1
    other = await send(world, {**LETTER, "subject": "Other"}, **key)
    assert (other.status_code, other.json()["name"]) == (409, "invalid_idempotent_request")
    world.clock.advance(24 * 3_600)
    await send(world, **key)
    assert len(await kept(world)) == 2, "a key is remembered for a day"


async def test_a_batch(world: World) -> None:
    answer = await send(world, [LETTER, LETTER], "/resend/emails/batch")
    assert len(answer.json()["data"]) == 2
    too_many = await send(world, [LETTER] * 101, "/resend/emails/batch")
    assert too_many.json()["name"] == "validation_error"


@pytest.mark.parametrize(
    "broken",
    [
        {"to": []},
        {"to": "nobody"},
        {"to": "a@b.test\r\nBcc: c@d.test"},
        {"from": ""},
        {"subject": ""},
        {"subject": "a\r\nBcc: c@d.test"},
        {"html": None, "text": None},
        {"tags": [{"name": "template", "value": "with blanks"}]},
    ],
)
async def test_what_resend_would_refuse_is_refused(world: World, broken: dict[str, Any]) -> None:
    answer = await send(world, {**LETTER, **broken})
    assert (answer.status_code, answer.json()["name"]) == (400, "validation_error")
    assert await kept(world) == []


async def test_a_key_is_asked_for(world: World) -> None:
    none = await world.client.post("/resend/emails", json=LETTER)
    assert (none.status_code, none.json()["name"]) == (401, "missing_api_key")
    wrong = await send(world, authorization="Bearer sk_1")
    assert (wrong.status_code, wrong.json()["name"]) == (403, "invalid_api_key")


async def test_two_a_second_when_the_limit_holds(world: World) -> None:
    world.env["SANDBOX_RESEND_RATE_LIMIT"] = "1"
    statuses = [(await send(world)).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    world.clock.advance(1)
    assert (await send(world)).status_code == 200


async def test_letters_are_read_in_a_frame_that_does_nothing(world: World) -> None:
    """A letter is somebody's words: its scripts must not run on this machine."""
    id = (await send(world)).json()["id"]
    assert "Selamat datang" in (await world.client.get("/resend/mailbox")).text
    page = (await world.client.get(f"/resend/mailbox/{id}")).text
    assert "<script>" not in page
    frame = await world.client.get(f"/resend/mailbox/{id}/html")
    assert "sandbox" in frame.headers["content-security-policy"]
    assert (await world.client.get("/resend/mailbox/none")).status_code == 400
