"""The component's tables; `counters` is a table of the app as well."""

from __future__ import annotations

from reactor import Field, Index, Table, field


class Tally(Table, name="counters"):
    name: Field[str]
    value: Field[int] = field(default=0)

    by_name = Index("name", unique=True)
