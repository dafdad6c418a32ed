"""A token issuer in the test's own hands: keys, tokens, and the key set as a `data:` URL."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

ISSUER = "https://issuer.compat.test"
KEY_ID = "compat-1"


class Issuer:
    """Signs tokens with a key of its own; `env` tells a server to trust it."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def env(self) -> dict[str, str]:
        """The settings that the compatibility project reads."""
        public = RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        keys = {"keys": [{**public, "kid": KEY_ID, "alg": "RS256", "use": "sig"}]}
        body = base64.b64encode(json.dumps(keys).encode()).decode()
        return {
            "COMPAT_ISSUER": ISSUER,
            "COMPAT_JWKS": f"data:application/jwk-set+json;base64,{body}",
        }

    def token(self, subject: str, *, seconds: float = 3600, age: float = 0, **claims: Any) -> str:
        """A signed token.

        Args:
            subject: who it speaks for.
            seconds: how long it is valid from now; negative for one that has run out.
            age: how long ago it says it was issued.
            claims: added to, or put in place of, the usual ones.
        """
        now = time.time()
        payload = {
            "iss": ISSUER,
            "aud": "compat",
            "sub": subject,
            "iat": int(now - age),
            "exp": int(now + seconds),
            **claims,
        }
        return jwt.encode(payload, self._key, "RS256", headers={"kid": KEY_ID})
