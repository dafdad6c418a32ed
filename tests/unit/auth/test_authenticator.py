"""Who gets in: every way a token, a key or a header may lie is refused with AuthFailed."""

from __future__ import annotations

import base64
import json

import jwt
import pytest

from reactor.auth.authenticator import Authenticator
from reactor.auth.identity import ANONYMOUS, Caller
from reactor.auth.keys import LOOK_AGAIN_S
from reactor.auth.oidc import Clerk, Oidc
from reactor.errors import AuthFailed
from reactor.runtime.clock import VirtualClock
from tests.unit.auth.issuer import (
    ISSUER,
    JWKS_URL,
    PrivateKey,
    confused,
    ec_key,
    ed_key,
    jwk,
    key_set,
    rsa_key,
    segment,
    signed,
    unsigned,
)
from tests.unit.auth.world import ADMIN_KEY, CUSTOM_ISSUER, World

NOT_VERIFIED = (
    "Could not verify OIDC token claim. Check that the token signature is valid and the token "
    "hasn't expired."
)


@pytest.fixture
def world() -> World:
    return World()


async def refused(world: World, token: str) -> AuthFailed:
    """The refusal, the same whether keys must be fetched, looked for again, or are cached."""
    with pytest.raises(AuthFailed):
        await world.auth.verify(token)
    with pytest.raises(AuthFailed) as waiting:
        await world.auth.verify(token)
    with pytest.raises(AuthFailed) as at_once:
        world.auth.verify_now(token)
    assert at_once.value.code == waiting.value.code
    assert str(at_once.value) == str(waiting.value)
    return waiting.value


# ---------------------------------------------------------------- good tokens


@pytest.mark.parametrize(
    ("algorithm", "kid"), [("RS256", "k1"), ("ES256", "ec"), ("EdDSA", "ed"), ("RS256", None)]
)
async def test_a_good_token_names_its_user(world: World, algorithm: str, kid: str | None) -> None:
    keys: dict[str, PrivateKey] = {"RS256": rsa_key(), "ES256": ec_key(), "EdDSA": ed_key()}
    headers = {} if kid is None else {"kid": kid}
    token = signed(world.claims(name="Ayu"), keys[algorithm], algorithm=algorithm, headers=headers)
    caller = await world.auth.verify(token)
    assert caller.kind == "user"
    assert caller.identity is not None
    assert caller.identity.token_identifier == f"{ISSUER}|user_1"
    assert caller.identity.name == "Ayu"
    assert caller.expires_at_ms == world.clock.now_ms() + 65_000


async def test_verify_now_waits_for_nothing(world: World) -> None:
    """The socket's own loop may call it: it answers, or says that it cannot yet."""
    token = signed(world.claims())
    assert world.auth.verify_now(token) is None
    assert world.network.asked == []
    caller = await world.auth.verify(token)
    assert world.auth.verify_now(token) == caller


@pytest.mark.parametrize(
    "overrides",
    [
        {"iss": f"{ISSUER}/"},
        {"iss": "issuer.test"},
        {"aud": ["other", "convex"]},
        {"nbf": 0},
        {"iat": None},
    ],
)
async def test_spellings_that_are_fine(world: World, overrides: dict[str, object]) -> None:
    assert (await world.auth.verify(signed(world.claims(**overrides)))).kind == "user"


async def test_custom_tokens_keep_their_raw_claims(world: World) -> None:
    claims = world.claims(iss=CUSTOM_ISSUER, aud=None, org={"role": "x"})
    token = signed(claims, ec_key(), algorithm="ES256", headers={"kid": "ec"})
    caller = await world.auth.verify(token)
    assert caller.identity is not None
    assert caller.identity.attributes()["org.role"] == "x"


async def test_two_providers_may_share_an_issuer() -> None:
    world = World(
        [
            Clerk(issuer=ISSUER, audience="web").resolve({}),
            Clerk(issuer=ISSUER, audience="mobile").resolve({}),
        ]
    )
    for audience in ("web", "mobile"):
        caller = await world.auth.verify(signed(world.claims(aud=audience)))
        assert caller.kind == "user"


# ---------------------------------------------------------------- bad claims


@pytest.mark.parametrize(
    "overrides",
    [
        {"iss": "https://evil.test"},
        {"iss": f"{ISSUER}.evil.test"},
        {"iss": "http://issuer.test"},
        {"aud": "other"},
        {"aud": ["other"]},
        {"aud": []},
        {"aud": None},
    ],
)
async def test_nobodys_token(world: World, overrides: dict[str, object]) -> None:
    failure = await refused(world, signed(world.claims(**overrides)))
    assert failure.code == "NoAuthProvider"
    assert str(failure).startswith("No auth provider found matching the given token")
    assert "OIDC(domain=https://issuer.test, app_id=convex)" in str(failure)
    assert world.network.asked == []


async def test_without_providers_every_token_is_nobodys() -> None:
    assert (await refused(World([]), signed(World().claims()))).code == "NoAuthProvider"


@pytest.mark.parametrize(
    "overrides",
    [
        {"exp": None},
        {"exp": 5},
        {"exp": "tomorrow"},
        {"nbf": 4_000_000_000},
        {"sub": None},
        {"sub": ""},
        {"sub": 5},
    ],
)
async def test_claims_that_do_not_hold(world: World, overrides: dict[str, object]) -> None:
    claims = {**world.claims(), **overrides}
    token_text = json.dumps({k: v for k, v in claims.items() if v is not None}).encode()
    signed_part = f"{segment({'alg': 'RS256', 'kid': 'k1'})}.{segment(token_text)}"
    failure = await refused(world, f"{signed_part}.{segment(b'any')}")
    assert str(failure) == NOT_VERIFIED
    assert failure.code == "Unauthenticated"
    # Nothing that can be refused without a key costs the provider a request.
    assert world.network.asked == []


async def test_a_token_expires_as_the_clock_moves(world: World) -> None:
    token = signed(world.claims())
    await world.auth.verify(token)
    world.clock.advance(64.9)
    assert world.auth.verify_now(token) is not None
    world.clock.advance(0.1)
    assert str(await refused(world, token)) == NOT_VERIFIED


# ---------------------------------------------------------------- bad signatures


async def test_algorithm_none(world: World) -> None:
    for name in ("none", "None", "NONE", "nOnE", ""):
        assert str(await refused(world, unsigned(world.claims(), name))) == NOT_VERIFIED
    stripped = signed(world.claims()).rpartition(".")[0] + "."
    await world.auth.verify(signed(world.claims()))
    assert str(await refused(world, stripped)) == NOT_VERIFIED


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
async def test_the_public_key_is_no_shared_secret(world: World, algorithm: str) -> None:
    assert str(await refused(world, confused(world.claims(), algorithm))) == NOT_VERIFIED


async def test_a_symmetric_key_in_the_key_set_changes_nothing(world: World) -> None:
    oct_key = {"kty": "oct", "k": segment(b"secret" * 8), "kid": "k1", "alg": "HS256"}
    world.network.answers[JWKS_URL] = key_set(oct_key, jwk(rsa_key(), "k2"))
    token = jwt.encode(world.claims(), b"secret" * 8, "HS256", headers={"kid": "k1"})
    assert str(await refused(world, token)) == NOT_VERIFIED


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
async def test_other_algorithms_of_the_right_key(world: World, algorithm: str) -> None:
    assert str(await refused(world, signed(world.claims(), algorithm=algorithm))) == NOT_VERIFIED


async def test_a_custom_provider_takes_its_own_algorithm_only(world: World) -> None:
    token = signed(world.claims(iss=CUSTOM_ISSUER))
    assert str(await refused(world, token)) == NOT_VERIFIED


async def test_a_custom_provider_needs_a_kid(world: World) -> None:
    claims = world.claims(iss=CUSTOM_ISSUER)
    token = signed(claims, ec_key(), algorithm="ES256", headers={})
    assert str(await refused(world, token)) == NOT_VERIFIED


async def test_somebody_elses_key(world: World) -> None:
    """Under the right kid, under an unknown one, and under none."""
    for headers in ({"kid": "k1"}, {"kid": "unknown"}, {}):
        token = signed(world.claims(), rsa_key("evil"), headers=headers)
        assert str(await refused(world, token)) == NOT_VERIFIED


async def test_keys_inside_the_token_are_not_looked_at(world: World) -> None:
    evil = jwk(rsa_key("evil"))
    for headers in (
        {"kid": "k1", "jwk": evil},
        {"jwk": evil},
        {"kid": "k1", "jku": "https://evil.test/keys", "x5u": "https://evil.test/cert"},
    ):
        token = signed(world.claims(), rsa_key("evil"), headers=headers)
        assert str(await refused(world, token)) == NOT_VERIFIED
    assert set(world.network.asked) == {JWKS_URL}


async def test_the_right_key_of_another_type(world: World) -> None:
    """A kid names a key; the token's algorithm must fit that key."""
    token = signed(world.claims(), ec_key(), algorithm="ES256", headers={"kid": "k1"})
    assert str(await refused(world, token)) == NOT_VERIFIED


async def test_one_providers_key_does_not_open_anothers_door(world: World) -> None:
    world.network.answers[f"{CUSTOM_ISSUER}/jwks"] = key_set(jwk(ec_key(), "ec"))
    claims = world.claims()
    world.network.answers[JWKS_URL] = key_set(jwk(rsa_key()))
    token = signed(claims, ec_key(), algorithm="ES256", headers={"kid": "ec"})
    assert str(await refused(world, token)) == NOT_VERIFIED


async def test_claims_changed_after_signing(world: World) -> None:
    head, _, signature = signed(world.claims()).split(".")
    token = f"{head}.{segment(world.claims(sub='admin-1'))}.{signature}"
    assert str(await refused(world, token)) == NOT_VERIFIED


async def test_garbage_and_huge_tokens(world: World) -> None:
    for token in ("", "x", "a.b.c", "Bearer x", "x" * 1_000_000, "\0", "é.é.é"):
        assert (await refused(world, token)).code == "InvalidAuthHeader"


# ---------------------------------------------------------------- keys that change


async def test_key_rotation(world: World) -> None:
    """A provider may change its keys at any time; its users notice nothing."""
    await world.auth.verify(signed(world.claims()))
    world.network.answers[JWKS_URL] = key_set(jwk(rsa_key(), "k1"), jwk(rsa_key("new"), "k9"))
    token = signed(world.claims(), rsa_key("new"), headers={"kid": "k9"})
    assert world.auth.verify_now(token) is None
    assert (await world.auth.verify(token)).kind == "user"
    assert world.auth.verify_now(signed(world.claims())) is not None


async def test_made_up_key_ids_cost_one_request_a_minute(world: World) -> None:
    await world.auth.verify(signed(world.claims()))
    for number in range(20):
        await refused(world, signed(world.claims(), headers={"kid": f"made-up-{number}"}))
    assert len(world.network.asked) == 2
    world.clock.advance(LOOK_AGAIN_S)
    await refused(world, signed(world.claims(), headers={"kid": "made-up"}))
    assert len(world.network.asked) == 3


async def test_a_provider_that_cannot_be_reached(world: World) -> None:
    world.network.answers[JWKS_URL] = ConnectionError("connection refused")
    failure = await refused(world, signed(world.claims()))
    assert failure.code == "AuthProviderDiscoveryFailed"
    assert "connection refused" in str(failure)
    assert failure.status == 401


async def test_a_failed_refetch_leaves_users_signed_in(world: World) -> None:
    await world.auth.verify(signed(world.claims()))
    world.network.answers[JWKS_URL] = ConnectionError("down")
    await refused(world, signed(world.claims(), headers={"kid": "other"}))
    assert (await world.auth.verify(signed(world.claims()))).kind == "user"


async def test_providers_change_while_the_server_runs(world: World) -> None:
    """An environment variable may name another provider; users of the others notice nothing."""
    await world.auth.verify(signed(world.claims()))
    asked = len(world.network.asked)
    world.auth.trust(
        [Clerk(issuer=ISSUER).resolve({}), Oidc(domain="b", application_id="b").resolve({})]
    )
    assert world.auth.verify_now(signed(world.claims())) is not None
    assert len(world.network.asked) == asked
    world.auth.trust([])
    assert (await refused(world, signed(world.claims()))).code == "NoAuthProvider"


# ---------------------------------------------------------------- the admin key


@pytest.mark.parametrize(
    ("configured", "given"),
    [
        (ADMIN_KEY, ADMIN_KEY),
        (ADMIN_KEY, f"dev:{ADMIN_KEY}"),
        (f"prod:{ADMIN_KEY}", ADMIN_KEY),
        ("happy-otter-1|0123456789abcdef", "happy-otter-1|0123456789abcdef"),
        ("happy-otter-1|0123456789abcdef", "prod:happy-otter-1|0123456789abcdef"),
        ("happy-otter-1|0123456789abcdef", "preview:team:project|0123456789abcdef"),
        ("happy-otter-1|0123456789abcdef", "0123456789abcdef"),
        ("0123456789abcdef", "happy-otter-1|0123456789abcdef"),
    ],
)
def test_textual_forms_of_the_admin_key(configured: str, given: str) -> None:
    assert World(admin_key=configured).auth.admin(given) == Caller.admin()


@pytest.mark.parametrize(
    ("configured", "given"),
    [
        (ADMIN_KEY, ""),
        (ADMIN_KEY, ADMIN_KEY + " "),
        (ADMIN_KEY, ADMIN_KEY.upper()),
        (ADMIN_KEY, ADMIN_KEY[:-1]),
        (ADMIN_KEY, f"name|{ADMIN_KEY}"),
        (ADMIN_KEY, "\ud800"),
        (ADMIN_KEY, "x" * 1_000_000),
        ("s3|cr3t", "cr3t"),
        ("name|", ""),
        ("", ""),
        ("", "x"),
        ("prod:", ""),
        ("prod:", "prod:"),
    ],
)
def test_wrong_admin_keys(configured: str, given: str) -> None:
    """An unset or odd key must not turn into one that everybody knows."""
    with pytest.raises(AuthFailed) as caught:
        World(admin_key=configured).auth.admin(given)
    assert (caught.value.code, caught.value.status) == ("BadDeployKey", 403)


def test_acting_as(world: World) -> None:
    caller = world.auth.admin(ADMIN_KEY, {"issuer": ISSUER, "subject": "user_1", "name": "Ayu"})
    assert caller.kind == "admin"
    assert caller.identity is not None
    assert caller.identity.token_identifier == f"{ISSUER}|user_1"
    assert caller.expires_at_ms is None
    with pytest.raises(AuthFailed):
        world.auth.admin(ADMIN_KEY, {"name": "Ayu"})


# ---------------------------------------------------------------- the header


def acting(attributes: object) -> str:
    return base64.b64encode(json.dumps(attributes).encode()).decode()


async def test_headers_that_are_fine(world: World) -> None:
    ayu = {"issuer": "i", "subject": "s"}
    assert await world.auth.from_header(None) is ANONYMOUS
    for scheme in ("Bearer", "bearer", "BEARER"):
        assert (await world.auth.from_header(f"{scheme} {signed(world.claims())}")).kind == "user"
    for key in (ADMIN_KEY, f"prod:{ADMIN_KEY}"):
        assert await world.auth.from_header(f"Convex {key}") == Caller.admin()
        caller = await world.auth.from_header(f"Convex {key}:{acting(ayu)}")
        assert caller == world.auth.admin(ADMIN_KEY, ayu)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "InvalidAuthHeader"),
        ("Bearer", "InvalidAuthHeader"),
        ("Bearer ", "InvalidAuthHeader"),
        ("Bearer x", "InvalidAuthHeader"),
        ("Basic eG5kOg==", "InvalidAuthHeader"),
        ("Convex", "InvalidAuthHeader"),
        ("Convex wrong", "BadDeployKey"),
        (f"Convex wrong:{acting({'tokenIdentifier': 'a|b'})}", "BadDeployKey"),
        (f"Convex {ADMIN_KEY}:", "InvalidAuthHeader"),
        (f"Convex {ADMIN_KEY}:***", "InvalidAuthHeader"),
        (f"Convex {ADMIN_KEY}:{acting([])}", "InvalidAuthHeader"),
        (f"Convex {ADMIN_KEY}:{acting({})}", "InvalidIdentity"),
        (f"Convex {ADMIN_KEY}:{base64.b64encode(b'[' * 5000).decode()}", "InvalidAuthHeader"),
        ("Convex " + "x" * 100_000, "InvalidAuthHeader"),
        ("é", "InvalidAuthHeader"),
    ],
)
async def test_headers_that_are_not(world: World, header: str, code: str) -> None:
    with pytest.raises(AuthFailed) as caught:
        await world.auth.from_header(header)
    assert caught.value.code == code


async def test_a_discovered_provider_end_to_end() -> None:
    world = World([Oidc(domain=ISSUER, application_id="convex").resolve({})])
    document = {"issuer": f"{ISSUER}/", "jwks_uri": JWKS_URL}
    world.network.answers[f"{ISSUER}/.well-known/openid-configuration"] = json.dumps(
        document
    ).encode()
    assert (await world.auth.verify(signed(world.claims()))).kind == "user"
    await world.auth.close()


async def test_the_default_network_is_closed() -> None:
    auth = Authenticator([], admin_key="", clock=VirtualClock())
    await auth.close()
