"""Which keys a figure is about."""

from __future__ import annotations

from typing import Any, Literal

from reactor import ABSENT, Absent, Object, field, limits
from reactor.errors import DeveloperError


class Limit(Object):
    """One end of a range."""

    value: Any
    closed: bool


class Bounds(Object):
    """A range of keys: those that start with `prefix`, and whose next part lies between two ends.

    `Bounds()` is everything. `prefix("chess").at_least(1200).below(1400)` is every key
    `("chess", rating)` with such a rating.
    """

    prefix: list[Any] = field(default_factory=list)
    lower: Limit | Absent = field(default=ABSENT)
    upper: Limit | Absent = field(default=ABSENT)

    def at_least(self, value: Any) -> Bounds:
        """Only keys whose next part is this or more."""
        return Bounds(prefix=self.prefix, lower=Limit(value=value, closed=True), upper=self.upper)

    def above(self, value: Any) -> Bounds:
        """Only keys whose next part is more than this."""
        return Bounds(prefix=self.prefix, lower=Limit(value=value, closed=False), upper=self.upper)

    def at_most(self, value: Any) -> Bounds:
        """Only keys whose next part is this or less."""
        return Bounds(prefix=self.prefix, lower=self.lower, upper=Limit(value=value, closed=True))

    def below(self, value: Any) -> Bounds:
        """Only keys whose next part is less than this."""
        return Bounds(prefix=self.prefix, lower=self.lower, upper=Limit(value=value, closed=False))


def prefix(*parts: Any) -> Bounds:
    """The keys that start with these parts.

    Raises:
        DeveloperError: there are more parts than a key has.
    """
    return Bounds(prefix=key_parts(parts) if parts else [])


def key_parts(key: Any) -> list[Any]:
    """A key as its parts: a tuple's elements, or the key itself.

    Raises:
        DeveloperError: it has no parts, or too many.
    """
    parts: list[Any] = list(key) if isinstance(key, tuple) else [key]  # pyright: ignore[reportUnknownArgumentType]  # any tuple
    most = limits.AGGREGATE_KEY_PARTS_MAX
    if not 1 <= len(parts) <= most:
        raise DeveloperError(
            f"a key of an aggregate has 1 to {most} parts, not {len(parts)}; put what belongs "
            "together into a list inside it",
            code="InvalidAggregateKey",
        )
    return parts


Order = Literal["asc", "desc"]
