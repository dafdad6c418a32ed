"""Tokens before they are believed: what can be read, and when they count."""

from __future__ import annotations

import json

import pytest

from reactor.auth.jwt import CLOCK_TOLERANCE_S, TOKEN_BYTES_MAX, parse_token
from reactor.errors import AuthFailed
from reactor.runtime.clock import VirtualClock
from tests.unit.auth.issuer import ISSUER, claims_at, segment, signed

HEADER = segment({"alg": "RS256", "kid": "k1"})
PAYLOAD = segment({"iss": ISSUER})


def test_a_token_is_taken_apart() -> None:
    clock = VirtualClock()
    text = signed(claims_at(clock, aud=["a", 5, "b"]))
    token = parse_token(text)
    assert (token.algorithm, token.key_id, token.issuer) == ("RS256", "k1", ISSUER)
    assert token.audiences == ("a", "b")
    assert token.signed == text.rpartition(".")[0].encode()
    assert len(token.signature) == 256


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "...",
        "a.b",
        "a.b.c",
        "a.b.c.d.e",
        f"{HEADER}.{PAYLOAD}",
        f"{HEADER}.{PAYLOAD}.x.y",
        f" {HEADER}.{PAYLOAD}.",
        f"{HEADER}.{PAYLOAD}.\n",
        f"{HEADER}=.{PAYLOAD}.",
        f"{HEADER}.{PAYLOAD}.+/",
        f"{HEADER}.{PAYLOAD}.a",
        f"{HEADER}.{PAYLOAD}.\u0661",
        f"{HEADER}.{PAYLOAD}.\ud800",
        f"{segment(b'')}.{PAYLOAD}.",
        f"{segment(b'{')}.{PAYLOAD}.",
        f"{segment([])}.{PAYLOAD}.",
        f"{segment({})}.{PAYLOAD}.",
        f"{segment({'alg': 5})}.{PAYLOAD}.",
        f"{segment({'alg': 'RS256', 'kid': 5})}.{PAYLOAD}.",
        f"{segment({'alg': 'RS256', 'crit': ['exp']})}.{PAYLOAD}.",
        f"{HEADER}.{segment(5)}.",
        f"{HEADER}.{segment({})}.",
        f"{HEADER}.{segment({'iss': None})}.",
        f"{HEADER}.{segment({'iss': ISSUER, 'aud': 5})}.",
        f"{HEADER}.{segment({'iss': ISSUER, 'aud': None})}.",
        f"{HEADER}.{segment({'iss': ISSUER, 'n': float('nan')})}.",
        f"{HEADER}.{segment(json.dumps({'iss': chr(0xD800)}).encode())}.",
        f"{HEADER}.{segment(b'[' * 5000)}.",
        f"{segment(b'{' * 5000)}.{PAYLOAD}.",
        "a" * (TOKEN_BYTES_MAX + 1),
        signed({"iss": ISSUER, "x": "x" * TOKEN_BYTES_MAX}),
    ],
)
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(AuthFailed) as caught:
        parse_token(text)
    assert caught.value.code == "InvalidAuthHeader"
    assert str(caught.value).startswith("Could not parse JWT payload")


NOW = int(VirtualClock().now_ms() / 1000)


@pytest.mark.parametrize(
    ("claims", "counts"),
    [
        ({"exp": NOW + 60}, True),
        ({"exp": NOW + 0.5}, True),
        ({"exp": NOW - 4}, True),
        ({"exp": NOW - 5}, False),
        ({"exp": NOW - 3600}, False),
        ({"exp": 0}, False),
        ({}, False),
        ({"exp": None}, False),
        ({"exp": str(NOW + 60)}, False),
        ({"exp": True}, False),
        ({"exp": 1e300}, False),
        ({"exp": -1}, False),
        ({"exp": 10**30}, False),
        ({"exp": NOW + 60, "nbf": NOW}, True),
        ({"exp": NOW + 60, "nbf": NOW + 5}, True),
        ({"exp": NOW + 60, "nbf": NOW + 6}, False),
        ({"exp": NOW + 60, "nbf": "now"}, False),
        ({"exp": NOW + 60, "nbf": None}, False),
        ({"exp": NOW + 60, "nbf": 1e300}, False),
    ],
)
def test_times(claims: dict[str, object], counts: bool) -> None:
    """Five seconds of difference between two clocks lock nobody out; more is refused."""
    token = parse_token(f"{HEADER}.{segment({'iss': ISSUER, **claims})}.")
    now_ms = VirtualClock().now_ms()
    if counts:
        assert token.honoured_until_ms(now_ms) > now_ms
    else:
        with pytest.raises(AuthFailed):
            token.honoured_until_ms(now_ms)


def test_the_tolerance_is_part_of_the_answer() -> None:
    """Else a token taken within its tolerance would end the session at once."""
    token = parse_token(f"{HEADER}.{segment({'iss': ISSUER, 'exp': NOW})}.")
    assert token.honoured_until_ms(NOW * 1000.0) == (NOW + CLOCK_TOLERANCE_S) * 1000.0
