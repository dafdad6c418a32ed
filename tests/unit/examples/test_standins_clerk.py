"""Clerk's stand-in: tokens, the sign-in page, users and their webhooks."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from examples.standins.people import PEOPLE
from examples.standins.settings import (
    DEFAULT_CLERK_WEBHOOK_SECRET,
    Settings,
)
from examples.standins.webhooks import svix_signature
from functions._demo.people import PEOPLE as DEMO_PEOPLE
from reactor.auth.oidc import Clerk, Oidc
from reactor.errors import AuthFailed
from tests.unit.examples.world import ISSUER, World, claims_of


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World()
    yield made
    await made.client.aclose()


# ---------------------------------------------------------------- tokens


@pytest.mark.parametrize(
    "provider", [Clerk(issuer=ISSUER), Oidc(domain=ISSUER, application_id="convex")]
)
async def test_reactor_trusts_its_tokens(world: World, provider: Oidc) -> None:
    """Signing in works with the provider line of `server.py`, with and without discovery."""
    caller = await world.authenticator(provider).verify(await world.token())
    assert caller.identity is not None
    assert caller.identity.token_identifier == f"{ISSUER}|free-1"
    assert caller.identity.name == "Andi Saputra"
    assert caller.identity.email == "free-1@example.test"
    assert caller.identity.email_verified is True


async def test_a_token_has_what_the_javascript_client_needs(world: World) -> None:
    """It schedules its refresh from iat and exp."""
    claims = claims_of(await world.token())
    assert claims["exp"] - claims["iat"] == 3600
    assert claims["iat"] == int(world.clock.now_ms() / 1000)
    assert claims["aud"] == "convex"
    assert claims_of(await world.token(ttlSeconds=30))["exp"] == claims["iat"] + 30


async def test_tokens_can_be_shaped(world: World) -> None:
    claims = claims_of(
        await world.token(
            sub="somebody", email="a@b.test", name="A", claims={"aud": "x", "iat": None, "role": 1}
        )
    )
    assert claims["email"] == "a@b.test"
    assert claims["name"] == "A"
    assert claims["aud"] == "x"
    assert claims["role"] == 1
    assert "iat" not in claims
    assert claims_of(await world.token(sub="somebody"))["email"] == "somebody@example.test"


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "unknown"},
        {"alg": "none"},
        {"alg": "HS256"},
        {"ttlSeconds": -60},
        {"claims": {"exp": None}},
        {"claims": {"aud": "other"}},
        {"claims": {"iss": "https://evil.test"}},
        {"claims": {"nbf": 4_000_000_000}},
        {"claims": {"sub": None}},
    ],
)
async def test_its_wrong_tokens_are_wrong(world: World, wrong: dict[str, object]) -> None:
    with pytest.raises(AuthFailed):
        await world.authenticator().verify(await world.token(**wrong))


async def test_tokens_survive_a_restart(world: World) -> None:
    other = World()
    assert (await other.authenticator().verify(await world.token())).kind == "user"
    await other.client.aclose()


async def test_the_issuer_follows_the_environment() -> None:
    """Several servers run side by side, each with an issuer on its own port."""
    world = World({"CLERK_JWT_ISSUER_DOMAIN": "http://127.0.0.1:3630/clerk/"})
    assert claims_of(await world.token())["iss"] == "http://127.0.0.1:3630/clerk"
    world.env["CLERK_JWT_ISSUER_DOMAIN"] = "http://127.0.0.1:3631/clerk"
    document = (await world.client.get("/clerk/.well-known/openid-configuration")).json()
    assert document["issuer"] == "http://127.0.0.1:3631/clerk"
    assert document["jwks_uri"] == "http://127.0.0.1:3631/clerk/.well-known/jwks.json"
    await world.client.aclose()


async def test_the_key_set_is_public_only(world: World) -> None:
    (key,) = (await world.client.get("/clerk/.well-known/jwks.json")).json()["keys"]
    assert set(key) == {"kty", "n", "e", "kid", "use", "alg"}


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{}",
        '{"sub": ""}',
        '{"sub": 5}',
        '{"sub": "a", "alg": "RS512"}',
        '{"sub": "a", "key": "other"}',
        '{"sub": "a", "ttlSeconds": 1e999}',
        '{"sub": "a", "unknown": 1}',
    ],
)
async def test_bad_input_is_told(world: World, body: str) -> None:
    answer = await world.client.post("/clerk/dev/token", content=body)
    assert answer.status_code == 400
    assert answer.json()["details"]


# ---------------------------------------------------------------- signing in by hand


async def test_the_sign_in_page_lists_everybody(world: World) -> None:
    page = await world.client.get("/clerk/sign-in")
    assert page.status_code == 200
    assert re.findall(r'name="sub" value="([^"]+)"', page.text) == [p.id for p in PEOPLE]
    assert "http" not in re.sub(r"<style>.*?</style>", "", page.text, flags=re.DOTALL)


async def test_signing_in_shows_a_token(world: World) -> None:
    page = await world.client.post("/clerk/sign-in", content="sub=pro-1")
    found = re.search(r"<textarea[^>]*>([^<]+)</textarea>", page.text)
    assert found is not None
    assert claims_of(found[1])["sub"] == "pro-1"


async def test_pages_allow_only_their_own_style_and_script(world: World) -> None:
    """A browser shows a page unstyled, and its copy button dead, when a hash is wrong."""
    page = await world.client.post("/clerk/sign-in", content="sub=pro-1")
    policy = page.headers["content-security-policy"]
    parts = re.findall(r"<(style|script)>(.*?)</\1>", page.text, flags=re.DOTALL)
    assert [name for name, _ in parts] == ["style", "script"]
    for name, content in parts:
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy


async def test_signing_in_goes_back_to_the_app(world: World) -> None:
    back = "http://localhost:3000/callback"
    page = await world.client.get("/clerk/sign-in", params={"redirect_url": back})
    assert f'value="{back}"' in page.text
    answer = await world.client.post(
        "/clerk/sign-in", content=str(httpx2.QueryParams(sub="free-1", redirect_url=back + "#old"))
    )
    assert answer.status_code == 303
    location, _, token = answer.headers["location"].partition("#token=")
    assert location == back
    assert claims_of(token)["sub"] == "free-1"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.test/",
        "//evil.test",
        "http://127.0.0.1.evil.test/",
        "http://127.0.0.1@evil.test/",
        "javascript:alert(1)",
        "http://[",
        '"><script>',
    ],
)
async def test_a_token_is_never_sent_to_another_machine(world: World, target: str) -> None:
    page = await world.client.get("/clerk/sign-in", params={"redirect_url": target})
    assert page.status_code == 400
    assert "<script>" not in page.text
    answer = await world.client.post(
        "/clerk/sign-in", content=str(httpx2.QueryParams(sub="free-1", redirect_url=target))
    )
    assert answer.status_code == 400
    assert "location" not in answer.headers


async def test_a_stranger_cannot_sign_in_by_form(world: World) -> None:
    for content in ("sub=nobody", "", "%ff"):
        assert (await world.client.post("/clerk/sign-in", content=content)).status_code == 400


def test_the_demo_data_knows_the_same_people() -> None:
    """Whoever signs in as pro-1 finds pro-1's subscription, under the same name."""
    assert [(p.id, p.name, p.language) for p in PEOPLE] == [
        (p.clerk_user_id, p.name, p.language) for p in DEMO_PEOPLE
    ]


# ---------------------------------------------------------------- users and webhooks


def verified(request: httpx2.Request, secret: str = DEFAULT_CLERK_WEBHOOK_SECRET) -> dict[str, Any]:
    """The event, once its signature holds."""
    message_id, timestamp = request.headers["svix-id"], request.headers["svix-timestamp"]
    expected = svix_signature(secret, message_id, timestamp, request.content)
    assert request.headers["svix-signature"] == expected
    event: dict[str, Any] = json.loads(request.content)
    return event


def test_the_signature_is_svixs() -> None:
    """The test vector of the Standard Webhooks libraries."""
    signature = svix_signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "1614265330",
        b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


async def test_a_users_life_is_announced(world: World) -> None:
    answer = await world.client.post(
        "/clerk/dev/users",
        json={"id": "user_9", "email": "a@b.test", "first_name": "Ayu", "last_name": "L"},
    )
    assert answer.json()["webhook"] == {"status": 200, "outcome": "processed"}
    await world.client.patch("/clerk/dev/users/user_9", json={"email": "c@d.test"})
    await world.client.delete("/clerk/dev/users/user_9")
    created, updated, deleted = (verified(request) for request in world.webhooks)
    assert [str(r.url) for r in world.webhooks] == ["http://127.0.0.1:3211/webhooks/clerk"] * 3
    assert len({r.headers["svix-id"] for r in world.webhooks}) == 3
    assert (created["type"], created["object"]) == ("user.created", "event")
    assert created["timestamp"] == int(world.clock.now_ms())
    user = created["data"]
    assert user["primary_email_address_id"] == user["email_addresses"][0]["id"]
    assert user["email_addresses"][0]["email_address"] == "a@b.test"
    assert user["has_image"] is False
    assert updated["type"] == "user.updated"
    assert updated["data"]["email_addresses"][0]["email_address"] == "c@d.test"
    assert updated["data"]["first_name"] == "Ayu"
    assert updated["data"]["updated_at"] > user["updated_at"]
    assert deleted["type"] == "user.deleted"
    assert deleted["data"] == {"id": "user_9", "object": "user", "deleted": True}
    for method in ("PATCH", "DELETE"):
        gone = await world.client.request(method, "/clerk/dev/users/user_9", json={})
        assert gone.status_code == 404


async def test_a_new_user_can_sign_in(world: World) -> None:
    await world.client.post(
        "/clerk/dev/users",
        json={"id": "user_9", "email": "a@b.test", "first_name": "Ayu", "image_url": "http://i"},
    )
    claims = claims_of(await world.token(sub="user_9"))
    assert (claims["email"], claims["name"]) == ("a@b.test", "Ayu")
    assert claims["picture"] == "http://i"
    assert "family_name" not in claims


async def test_a_demo_person_can_be_changed(world: World) -> None:
    await world.client.patch("/clerk/dev/users/free-1", json={"first_name": "Andika"})
    assert claims_of(await world.token())["name"] == "Andika Saputra"


async def test_raw_webhooks_may_lie(world: World) -> None:
    world.reply = lambda _: httpx2.Response(401)
    answer = await world.client.post(
        "/clerk/dev/webhook",
        json={
            "type": "user.exploded",
            "data": [1],
            "svixId": "msg_1",
            "timestamp": 5,
            "signature": "v1,bm8=",
        },
    )
    assert answer.json() == {"status": 401, "outcome": None}
    (request,) = world.webhooks
    assert request.headers["svix-id"] == "msg_1"
    assert request.headers["svix-timestamp"] == "5"
    assert request.headers["svix-signature"] == "v1,bm8="
    assert json.loads(request.content)["data"] == [1]


async def test_a_repeated_svix_id_is_signed_again(world: World) -> None:
    for _ in range(2):
        await world.client.post(
            "/clerk/dev/webhook", json={"type": "user.created", "data": {}, "svixId": "msg_1"}
        )
    assert [verified(request)["type"] for request in world.webhooks] == ["user.created"] * 2


async def test_where_and_how_webhooks_are_sent_is_a_setting() -> None:
    world = World(
        {
            "SANDBOX_CLERK_WEBHOOK_URL": "http://localhost:3631/hook",
            "CLERK_WEBHOOK_SIGNING_SECRET": "whsec_c2VjcmV0",
        }
    )
    await world.client.post("/clerk/dev/webhook", json={"type": "t", "data": None})
    assert str(world.webhooks[0].url) == "http://localhost:3631/hook"
    verified(world.webhooks[0], "whsec_c2VjcmV0")
    assert Settings({**world.env, "CLERK_WEBHOOK_SECRET": "whsec_eA=="}).clerk_webhook_secret == (
        "whsec_eA=="
    )
    await world.client.aclose()


async def test_webhooks_never_leave_the_machine() -> None:
    world = World({"SANDBOX_CLERK_WEBHOOK_URL": "https://evil.test/hook"})
    answer = await world.client.post("/clerk/dev/webhook", json={"type": "t", "data": None})
    assert answer.json()["status"] is None
    assert "not on this machine" in answer.json()["error"]
    assert world.webhooks == []
    await world.client.aclose()


async def test_a_webhook_nobody_takes_is_told(world: World) -> None:
    def refuse(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("connection refused", request=request)

    world.reply = refuse
    answer = await world.client.delete("/clerk/dev/users/free-1")
    assert answer.status_code == 200
    assert "connection refused" in answer.json()["webhook"]["error"]
