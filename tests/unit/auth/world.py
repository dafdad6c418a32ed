"""An authenticator with providers on a network that only exists here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reactor.auth.authenticator import Authenticator
from reactor.auth.oidc import Clerk, CustomJwt, Provider
from reactor.runtime.clock import VirtualClock
from tests.unit.auth.issuer import (
    ISSUER,
    JWKS_URL,
    Network,
    claims_at,
    ec_key,
    ed_key,
    jwk,
    key_set,
    rsa_key,
)

ADMIN_KEY = "dev-admin-key"
GOOD_KEYS = key_set(jwk(rsa_key()), jwk(ec_key(), "ec"), jwk(ed_key(), "ed"))
CUSTOM_ISSUER = "https://custom.test"


class World:
    """An authenticator with a provider on a network that only exists here."""

    def __init__(
        self, providers: Sequence[Provider] | None = None, *, admin_key: str = ADMIN_KEY
    ) -> None:
        self.clock = VirtualClock()
        self.network = Network({JWKS_URL: GOOD_KEYS, f"{CUSTOM_ISSUER}/jwks": GOOD_KEYS})
        default = [
            Clerk(issuer=ISSUER).resolve({}),
            CustomJwt(
                issuer=CUSTOM_ISSUER, jwks=f"{CUSTOM_ISSUER}/jwks", algorithm="ES256"
            ).resolve({}),
        ]
        self.auth = Authenticator(
            default if providers is None else providers,
            admin_key=admin_key,
            clock=self.clock,
            fetch=self.network.fetch,
        )

    def claims(self, **overrides: object) -> dict[str, Any]:
        return claims_at(self.clock, **overrides)
