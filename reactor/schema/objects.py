"""Objects: nested values, arguments and results with known fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, Literal, TypeVar

from typing_extensions import dataclass_transform

from reactor.schema.fields import FieldSpec, all_specs, field, fill, own_specs, refuse_change
from reactor.values.types import ABSENT, Absent

T = TypeVar("T")
U = TypeVar("U")


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
class Object:
    """A nested value, an argument or a result.

    `x: T | None = None` may be missing on the wire; `x: T | None` may be null.
    """

    __specs__: ClassVar[dict[str, FieldSpec]] = {}
    __camel__: ClassVar[bool] = True

    def __init_subclass__(cls, *, camel: bool = True) -> None:
        super().__init_subclass__()
        cls.__camel__ = camel
        cls.__specs__ = own_specs(cls)
        for name in cls.__specs__:
            if name in cls.__dict__:
                delattr(cls, name)

    if not TYPE_CHECKING:

        def __init__(self, **values: Any) -> None:
            self.__dict__.update(fill(type(self), all_specs(type(self)), values))

    def __setattr__(self, name: str, value: object) -> None:
        refuse_change(self, name)

    def __delattr__(self, name: str) -> None:
        refuse_change(self, name)

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]  # equal by value, and may hold lists

    def __wire__(self) -> Any:
        """What a result without a declared type sends of it."""
        from reactor.schema.shapes import loose_writer  # shapes is built on this module

        cls: Any = type(self)
        return loose_writer(cls)(self)

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({inside})"


class PaginationOptions(Object):
    """Which page a client asks for; Convex's `paginationOpts`.

    `num_items` documents after `cursor`, or everything up to `end_cursor` when that is given.
    """

    num_items: int
    cursor: str | None
    end_cursor: str | Absent | None = ABSENT
    id: int | None = None
    maximum_rows_read: int | None = None
    maximum_bytes_read: int | None = None


class Page(Object, Generic[T]):
    """One page of results, in the shape that `usePaginatedQuery` reads."""

    page: list[T]
    is_done: bool
    continue_cursor: str
    split_cursor: str | Absent | None = ABSENT
    page_status: Literal["SplitRecommended", "SplitRequired"] | Absent | None = ABSENT

    def with_items(self, items: list[U], /) -> Page[U]:
        """The same page position over mapped or joined items."""
        return Page(
            page=items,
            is_done=self.is_done,
            continue_cursor=self.continue_cursor,
            split_cursor=self.split_cursor,
            page_status=self.page_status,
        )


def make_object(cls: type[Any], values: dict[str, Any]) -> Any:
    """An Object from values that are known to be complete and right."""
    instance = object.__new__(cls)
    instance.__dict__.update(values)
    return instance
