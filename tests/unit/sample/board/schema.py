"""The app's tables."""

from __future__ import annotations

from reactor import Field, Index, Table, field


class Counter(Table, name="counters"):
    name: Field[str]
    value: Field[int] = field(default=0)

    by_name = Index("name")
