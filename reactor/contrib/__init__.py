"""Components that ship with reactor: each a package of tables and functions, and a class in front.

Mount what you use: `Reactor(components=[RateLimiter.component])`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from reactor.contrib.aggregate.aggregate import Aggregate, TableAggregate
from reactor.contrib.aggregate.bounds import Bounds, prefix
from reactor.contrib.aggregate.functions.items import Entry
from reactor.contrib.rate_limiter.limiter import RateLimited, RateLimiter
from reactor.contrib.rate_limiter.rate import Rate
from reactor.contrib.workpool.outcome import Outcome, Status
from reactor.contrib.workpool.retry import Retry
from reactor.contrib.workpool.workpool import Workpool

SECOND: Final = timedelta(seconds=1)
MINUTE: Final = timedelta(minutes=1)
HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)

__all__ = [
    "DAY",
    "HOUR",
    "MINUTE",
    "SECOND",
    "Aggregate",
    "Bounds",
    "Entry",
    "Outcome",
    "Rate",
    "RateLimited",
    "RateLimiter",
    "Retry",
    "Status",
    "TableAggregate",
    "Workpool",
    "prefix",
]
