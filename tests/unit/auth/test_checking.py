"""`reactor check auth`: each step to a provider's keys."""

from __future__ import annotations

import json

import pytest

from reactor.auth.checking import Step, check_provider
from reactor.auth.oidc import Clerk, CustomJwt, Oidc, Provider
from tests.unit.auth.issuer import Network, ec_key, jwk, key_set, rsa_key

ISSUER = "https://issuer.test"
DISCOVERY = f"{ISSUER}/.well-known/openid-configuration"
KEYS = f"{ISSUER}/keys"
DOCUMENT = json.dumps({"issuer": ISSUER, "jwks_uri": KEYS}).encode()
OIDC = Oidc(domain=ISSUER, application_id="app").resolve({})


async def steps(provider: Provider, answers: dict[str, bytes | OSError]) -> list[Step]:
    return [step async for step in check_provider(provider, Network(answers).fetch)]


async def test_all_is_well() -> None:
    answers: dict[str, bytes | OSError] = {DISCOVERY: DOCUMENT, KEYS: key_set(jwk(rsa_key()))}
    found = await steps(OIDC, answers)
    assert [step.is_fine for step in found] == [True, True, True]
    assert KEYS in found[0].found
    assert "k1" in found[2].found
    assert "'app'" in found[2].found


@pytest.mark.parametrize(
    ("answers", "advice"),
    [
        ({DISCOVERY: ConnectionError("connection refused")}, "proxy"),
        ({DISCOVERY: b"<html>"}, "no discovery document"),
        ({DISCOVERY: b"[]"}, "no discovery document"),
        (
            {DISCOVERY: json.dumps({"issuer": "https://other.test", "jwks_uri": KEYS}).encode()},
            "set the domain to 'https://other.test'",
        ),
        (
            {DISCOVERY: json.dumps({"issuer": ISSUER, "jwks_uri": "http://x.test"}).encode()},
            "https",
        ),
        ({DISCOVERY: DOCUMENT, KEYS: ConnectionError("answered 404")}, "curl"),
        ({DISCOVERY: DOCUMENT, KEYS: b"{}"}, "curl"),
        ({DISCOVERY: DOCUMENT, KEYS: key_set()}, "symmetric"),
    ],
)
async def test_the_step_that_fails_says_what_to_do(
    answers: dict[str, bytes | OSError], advice: str
) -> None:
    """One learns it here, and not from users who cannot sign in."""
    *fine, last = await steps(OIDC, answers)
    assert all(step.is_fine for step in fine)
    assert advice in (last.advice or "")


async def test_keys_at_a_known_place_need_no_discovery() -> None:
    at = f"{ISSUER}/.well-known/jwks.json"
    found = await steps(Clerk(issuer=ISSUER).resolve({}), {at: key_set(jwk(rsa_key()))})
    assert [step.is_fine for step in found] == [True, True]


async def test_a_custom_provider_with_its_keys_in_the_project() -> None:
    def inline(*keys: dict[str, object], algorithm: str = "ES256") -> Provider:
        body = "data:application/json," + key_set(*keys).decode()
        made = CustomJwt(issuer=ISSUER, jwks=body, algorithm="ES256")
        made.algorithm = algorithm
        return made.resolve({})

    assert all(step.is_fine for step in await steps(inline(jwk(ec_key(), "ec")), {}))
    *_, last = await steps(inline(jwk(ec_key(), None)), {})
    assert "kid" in (last.advice or "")


async def test_keys_for_another_algorithm() -> None:
    custom = CustomJwt(issuer=ISSUER, jwks=KEYS, algorithm="ES256").resolve({})
    *_, last = await steps(custom, {KEYS: key_set(jwk(rsa_key()))})
    assert "RS256" in last.found
    assert "algorithm" in (last.advice or "")
