"""Providers: settings are read once at start, and a wrong one stops the start in one sentence."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from reactor.auth.oidc import Clerk, CustomJwt, Oidc, is_loopback, normalized_issuer
from reactor.errors import ProjectError
from tests.unit.auth.issuer import ISSUER, JWKS_URL, Network, ec_key, jwk, key_set, rsa_key

DISCOVERY_URL = f"{ISSUER}/.well-known/openid-configuration"


def discovery(**overrides: object) -> bytes:
    return json.dumps({"issuer": ISSUER, "jwks_uri": "https://keys.test/all", **overrides}).encode()


@pytest.mark.parametrize(
    "domain", ["https://issuer.test", "https://issuer.test/", "issuer.test", "env:DOMAIN"]
)
def test_an_issuer_is_known_in_every_spelling(domain: str) -> None:
    provider = Oidc(domain=domain, application_id="app").resolve({"DOMAIN": " issuer.test/ "})
    assert provider.issuer == ISSUER
    assert provider.accepts("https://issuer.test/", ("other", "app"))
    assert provider.accepts("issuer.test", ("app",))
    assert not provider.accepts("https://issuer.test", ("other",))
    assert not provider.accepts("https://issuer.test", ())
    assert not provider.accepts("https://issuer.test.evil.test", ("app",))
    assert not provider.accepts("http://issuer.test", ("app",))


def test_normalizing_drops_one_slash_only() -> None:
    assert normalized_issuer("a.test//") == "https://a.test/"


def test_clerk_defaults_to_convexs_audience() -> None:
    clerk = Clerk(issuer="env:CLERK_ISSUER")
    assert isinstance(clerk, Oidc)
    provider = clerk.resolve({"CLERK_ISSUER": "http://127.0.0.1:3215/clerk"})
    assert provider.accepts("http://127.0.0.1:3215/clerk", ("convex",))


async def test_clerks_keys_are_read_without_discovery() -> None:
    network = Network({JWKS_URL: key_set(jwk(rsa_key()))})
    keys = await Clerk(issuer=ISSUER).resolve({}).keys.load(network.fetch)
    assert [key.key_id for key in keys] == ["k1"]
    assert network.asked == [JWKS_URL]


async def test_oidc_keys_are_found_through_discovery() -> None:
    answers: dict[str, bytes | OSError] = {
        DISCOVERY_URL: discovery(),
        "https://keys.test/all": key_set(jwk(rsa_key())),
    }
    provider = Oidc(domain=ISSUER, application_id="a").resolve({})
    assert len(await provider.keys.load(Network(answers).fetch)) == 1


@pytest.mark.parametrize(
    "document",
    [
        b"[]",
        b"<html>",
        discovery(issuer="https://other.test"),
        discovery(issuer=None),
        discovery(jwks_uri=None),
        discovery(jwks_uri="http://keys.test/all"),
        discovery(jwks_uri="file:///etc/passwd"),
        discovery(jwks_uri="https://"),
    ],
)
async def test_a_bad_discovery_document_is_refused(document: bytes) -> None:
    """Otherwise whoever can change the document decides, over plain http, who may sign in."""
    network = Network({DISCOVERY_URL: document})
    provider = Oidc(domain=ISSUER, application_id="a").resolve({})
    with pytest.raises(ValueError):  # noqa: PT011  # the one contract of load; no finer class
        await provider.keys.load(network.fetch)
    assert network.asked == [DISCOVERY_URL]


def custom(**overrides: Any) -> CustomJwt:
    settings: dict[str, Any] = {
        "issuer": ISSUER,
        "jwks": JWKS_URL,
        "algorithm": "RS256",
        **overrides,
    }
    return CustomJwt(**settings)


async def test_custom_keys_are_read_from_their_url() -> None:
    network = Network({JWKS_URL: key_set(jwk(rsa_key()))})
    provider = custom(jwks="env:KEYS").resolve({"KEYS": JWKS_URL})
    assert len(await provider.keys.load(network.fetch)) == 1
    assert provider.algorithms == {"RS256"}


def test_custom_audience_counts_only_when_it_is_set() -> None:
    assert custom().resolve({}).accepts(ISSUER, ())
    strict = custom(application_id="env:APP").resolve({"APP": "app"})
    assert not strict.accepts(ISSUER, ())
    assert strict.accepts(ISSUER, ("app",))


KEYS = key_set(jwk(rsa_key()), jwk(ec_key(), "k2"))


@pytest.mark.parametrize(
    "url",
    [
        "data:application/json;base64," + base64.b64encode(KEYS).decode(),
        "data:application/jwk-set+json;base64," + base64.b64encode(KEYS).decode().rstrip("="),
        "data:text/plain;charset=utf-8;base64," + base64.b64encode(KEYS).decode(),
        "data:application/json," + KEYS.decode().replace(" ", "%20"),
    ],
)
async def test_custom_keys_may_stand_in_the_setting_itself(url: str) -> None:
    network = Network()
    assert len(await custom(jwks=url).resolve({}).keys.load(network.fetch)) == 2
    assert network.asked == []


@pytest.mark.parametrize(
    "provider",
    [
        Clerk(issuer="env:CLERK_ISSUER"),
        Oidc(domain="", application_id="a"),
        Oidc(domain="https://a.test", application_id="env:MISSING"),
        Oidc(domain="https://a.test", application_id="env:EMPTY"),
        Oidc(domain="http://a.test", application_id="a"),
        Oidc(domain="ftp://a.test", application_id="a"),
        Oidc(domain="https://user:secret@a.test", application_id="a"),
        Oidc(domain="https://a.test/#x", application_id="a"),
        Oidc(domain="https://a b.test", application_id="a"),
        Oidc(domain="https://a.test:port", application_id="a"),
        Oidc(domain="https://[::1", application_id="a"),
        Oidc(domain="https://", application_id="a"),
        custom(algorithm="HS256"),
        custom(algorithm="none"),
        custom(issuer=""),
        custom(application_id=""),
        custom(jwks="keys.json"),
        custom(jwks="file:///etc/keys"),
        custom(jwks="http://keys.test"),
        custom(jwks="data:application/json"),
        custom(jwks="data:application/json;base64,***"),
        custom(jwks="data:application/json,{}"),
        custom(jwks='data:application/json,{"keys":[]}'),
        custom(jwks="data:application/json," + key_set(jwk(ec_key())).decode()),
    ],
)
def test_a_setting_that_cannot_work_stops_the_start(provider: Oidc | CustomJwt) -> None:
    with pytest.raises(ProjectError) as caught:
        provider.resolve({"EMPTY": " "})
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(ProjectError, match=r"Clerk.*CLERK_ISSUER"):
        Clerk(issuer="env:CLERK_ISSUER").resolve({})


def test_plain_http_beyond_loopback_is_for_dev_only() -> None:
    provider = Oidc(domain="http://keycloak.internal:8080/realms/a", application_id="a")
    with pytest.raises(ProjectError):
        provider.resolve({})
    assert provider.resolve({}, dev=True).issuer == "http://keycloak.internal:8080/realms/a"


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("127.0.0.1.evil.test", False),
        ("localhost.evil.test", False),
        ("10.0.0.1", False),
        ("0.0.0.0", False),
        ("", False),
    ],
)
def test_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected
