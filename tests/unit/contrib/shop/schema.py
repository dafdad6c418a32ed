"""The app's tables."""

from __future__ import annotations

from reactor import Field, Table, field


class Order(Table, name="orders"):
    who: Field[str]
    price: Field[float]


class Note(Table, name="notes"):
    """What handlers and jobs were heard to say."""

    text: Field[str]
    number: Field[int] = field(default=0, doc="the clock of a test stands still; this does not")
