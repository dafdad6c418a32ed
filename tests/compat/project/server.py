"""The compatibility project: one issuer, whose keys the test makes."""

from __future__ import annotations

import reactor
import schema
from reactor.contrib import Aggregate, RateLimiter

app = reactor.Reactor(
    schema=schema,
    functions="functions",
    components=[RateLimiter.component, Aggregate.component],
    auth=[
        reactor.CustomJwt(
            issuer="env:COMPAT_ISSUER",
            jwks="env:COMPAT_JWKS",
            algorithm="RS256",
            application_id="compat",
        )
    ],
)
