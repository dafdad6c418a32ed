"""The aggregate's table: every figure is one read of its index, so there is no tree to maintain."""

from __future__ import annotations

from typing import Any, Final

from reactor import ABSENT, Absent, Field, FieldRef, Index, Table, field


class Item(Table, name="items"):
    """One item under its key; the parts of the key are columns, so that prefixes are ranges."""

    name: Field[str] = field(doc="of the aggregate")
    namespace: Field[Any]
    item: Field[str] = field(doc="unique in the aggregate")
    value: Field[float]
    k0: Field[Any]
    k1: Field[Any | Absent] = field(default=ABSENT)
    k2: Field[Any | Absent] = field(default=ABSENT)
    k3: Field[Any | Absent] = field(default=ABSENT)
    k4: Field[Any | Absent] = field(default=ABSENT)
    k5: Field[Any | Absent] = field(default=ABSENT)

    by_key = Index("name", "namespace", "k0", "k1", "k2", "k3", "k4", "k5", "item", sums=["value"])
    by_item = Index("name", "item", unique=True)


PARTS: Final[tuple[FieldRef[Item, Any], ...]] = (
    Item.k0, Item.k1, Item.k2, Item.k3, Item.k4, Item.k5,
)  # fmt: skip
"""The columns of a key, most significant first; a shorter key lacks the last of them."""
