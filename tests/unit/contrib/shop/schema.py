"""The app's tables."""

from __future__ import annotations

from reactor import Field, Table


class Order(Table, name="orders"):
    who: Field[str]
    price: Field[float]
