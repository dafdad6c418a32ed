"""Places, found by what they are like."""

from __future__ import annotations

from reactor import Field, Table, VectorIndex, field


class Place(Table, name="places"):
    name: Field[str]
    country: Field[str]
    climate: Field[str | None] = field(default=None)
    likeness: Field[list[float]]

    nearest = VectorIndex("likeness", dimensions=3, filters=["country", "climate"])
    later = VectorIndex("likeness", dimensions=3, staged=True)
