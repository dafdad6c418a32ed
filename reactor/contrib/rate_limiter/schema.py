"""The rate limiter's table."""

from __future__ import annotations

from reactor import Field, Index, Table, field


class Limit(Table, name="limits"):
    """What was left of one rate, for one key, after its last use."""

    name: Field[str]
    key: Field[str | None] = field(doc="whose limit it is; null for everybody's")
    shard: Field[int]
    tokens: Field[float]
    since: Field[float] = field(doc="ms since the epoch; for a window, when it opened")

    by_name = Index("name", "key", "shard", unique=True)
