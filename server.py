"""Reimaji: what `reactor dev` and `reactor serve` start."""

from __future__ import annotations

import reactor
import schema
from functions import demo
from functions._env import Env

app = reactor.Reactor(
    schema=schema,
    functions="functions",
    env=Env,
    auth=[reactor.Clerk(issuer="env:CLERK_JWT_ISSUER_DOMAIN")],
    dev=reactor.Dev(sandbox="examples.standins:app", seed=demo.seed),
)
