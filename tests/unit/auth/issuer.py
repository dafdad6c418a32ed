"""A token issuer for tests: keys of every kind, and tokens of every honesty."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from reactor.runtime.clock import VirtualClock

ISSUER = "https://issuer.test"
JWKS_URL = f"{ISSUER}/.well-known/jwks.json"

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


@cache
def rsa_key(name: str = "main", bits: int = 2048) -> rsa.RSAPrivateKey:
    """One key per name and size, made once per run."""
    return rsa.generate_private_key(65537, bits)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def ed_key() -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.generate()


def jwk(key: PrivateKey, kid: str | None = "k1", **members: object) -> dict[str, Any]:
    """The public half as a JWK, with `use` and the given members."""
    if isinstance(key, rsa.RSAPrivateKey):
        public = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    elif isinstance(key, ec.EllipticCurvePrivateKey):
        public = ECAlgorithm.to_jwk(key.public_key(), as_dict=True)
    else:
        public = OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**public, "use": "sig", **({} if kid is None else {"kid": kid}), **members}


def key_set(*keys: dict[str, Any]) -> bytes:
    return json.dumps({"keys": list(keys)}).encode()


def segment(value: object) -> str:
    """One part of a compact token."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def claims_at(clock: VirtualClock, **overrides: object) -> dict[str, Any]:
    """Good claims; an override of None takes a claim away."""
    now = int(clock.now_ms() / 1000)
    good: dict[str, Any] = {
        "iss": ISSUER,
        "aud": "convex",
        "sub": "user_1",
        "iat": now,
        "exp": now + 60,
    }
    return {name: value for name, value in {**good, **overrides}.items() if value is not None}


def signed(
    claims: dict[str, Any],
    key: PrivateKey | None = None,
    *,
    algorithm: str = "RS256",
    headers: dict[str, Any] | None = None,
) -> str:
    """A token with this content, honestly signed."""
    chosen = headers if headers is not None else {"kid": "k1"}
    return jwt.encode(claims, key or rsa_key(), algorithm=algorithm, headers=chosen)


def unsigned(claims: dict[str, Any], algorithm: str = "none") -> str:
    return f"{segment({'alg': algorithm, 'kid': 'k1'})}.{segment(claims)}."


def confused(claims: dict[str, Any], algorithm: str = "HS256") -> str:
    """A token whose HMAC secret is the provider's public key, in PEM."""
    secret = rsa_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    text = f"{segment({'alg': algorithm, 'kid': 'k1'})}.{segment(claims)}"
    digest = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}[algorithm]
    return f"{text}.{segment(hmac.new(secret, text.encode(), digest).digest())}"


@dataclass
class Network:
    """What the provider's URLs answer; counts who asks. An OSError is raised, not answered."""

    answers: dict[str, bytes | OSError] = field(default_factory=dict[str, bytes | OSError])
    asked: list[str] = field(default_factory=list[str])

    async def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        answer = self.answers.get(url, ConnectionError("nobody there"))
        if isinstance(answer, OSError):
            raise answer
        return answer
