"""The project of the differential suite: the functions of convex/, in Python."""

from __future__ import annotations

import components

import reactor
import schema

app = reactor.Reactor(
    schema=schema,
    functions="functions",
    components=[components.ledger, components.spare],
)
