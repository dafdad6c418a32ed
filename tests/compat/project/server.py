"""The compatibility project: one issuer, whose keys the test makes."""

from __future__ import annotations

import reactor
import schema

app = reactor.Reactor(
    schema=schema,
    functions="functions",
    auth=[
        reactor.CustomJwt(
            issuer="env:COMPAT_ISSUER",
            jwks="env:COMPAT_JWKS",
            algorithm="RS256",
            application_id="compat",
        )
    ],
)
