"""The shop, in memory, with what it mounts."""

from __future__ import annotations

from typing import Any

from reactor.contrib import Aggregate, RateLimiter, Workpool
from reactor.testing import Harness, open_harness
from tests.unit.contrib.shop import schema

FUNCTIONS = "tests.unit.contrib.shop.functions"


def open_shop(**options: Any) -> Harness:
    """The shop with every component that it uses."""
    return open_harness(
        functions=FUNCTIONS,
        schema=schema,
        components=[RateLimiter.component, Aggregate.component, Workpool.component],
        **options,
    )
