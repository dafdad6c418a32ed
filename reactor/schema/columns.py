# Columns and documents are one mechanism in two modules:
# pyright: reportPrivateUsage=false
"""Columns: what a table's class attributes are, and the ranges and changes made from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, NoReturn, TypeVar, overload

from reactor.values.types import ABSENT, Absent

if TYPE_CHECKING:
    from collections.abc import Callable

    from reactor.schema.fields import Id
    from reactor.schema.table import Document

T = TypeVar("T")
U = TypeVar("U")
V = TypeVar("V")
D = TypeVar("D", bound="Document")
D_co = TypeVar("D_co", bound="Document", covariant=True)


class Bound(Generic[D_co]):
    """One comparison of one column with a value: a piece of an index range."""

    __slots__ = ("op", "owner", "path", "value")

    def __init__(self, owner: type[Any], path: str, op: str, value: object) -> None:
        self.owner, self.path, self.op, self.value = owner, path, op, value

    def __bool__(self) -> NoReturn:
        raise TypeError(
            "a column comparison has no truth value; pass it to with_index(), or filter with a "
            "function of the document"
        )

    def __repr__(self) -> str:
        return f"{self.path} {self.op} {self.value!r}"


class Change(Generic[D]):
    """A new value for one column, to be given to `patch` or `changed`."""

    __slots__ = ("owner", "path", "skipped", "value")

    def __init__(
        self, owner: type[Any], path: str, value: object, *, skipped: bool = False
    ) -> None:
        self.owner, self.path, self.value, self.skipped = owner, path, value, skipped


class _Path:
    """Records attribute access: what `at()` hands to its function."""

    def __init__(self, path: str) -> None:
        self.__dict__["path"] = path

    def __getattr__(self, name: str) -> _Path:
        return _Path(f"{self.__dict__['path']}.{name}")


class FieldRef(Generic[D, T]):
    """A column of a table, as its class attribute: compare it for ranges, `set` it in patches."""

    __slots__ = ("owner", "path")
    __hash__ = None  # type: ignore[assignment]  # == builds a range, so it cannot key a dict

    def __init__(self, owner: type[Any], path: str) -> None:
        self.owner, self.path = owner, path

    def __eq__(self, other: T) -> Bound[D]:  # type: ignore[override]  # a range is not a bool
        return Bound(self.owner, self.path, "eq", other)

    def __lt__(self, other: T) -> Bound[D]:
        return Bound(self.owner, self.path, "lt", other)

    def __le__(self, other: T) -> Bound[D]:
        return Bound(self.owner, self.path, "lte", other)

    def __gt__(self, other: T) -> Bound[D]:
        return Bound(self.owner, self.path, "gt", other)

    def __ge__(self, other: T) -> Bound[D]:
        return Bound(self.owner, self.path, "gte", other)

    def is_(self, value: T) -> Bound[D]:
        """Equality spelled as a word, for True, False and None."""
        return Bound(self.owner, self.path, "eq", value)

    def is_absent(self) -> Bound[D]:
        """Documents that lack the field."""
        return Bound(self.owner, self.path, "eq", ABSENT)

    def is_present(self) -> Bound[D]:
        """Documents that have the field, null included."""
        return Bound(self.owner, self.path, "gt", ABSENT)

    @overload
    def at(self: FieldRef[D, U | None], pick: Callable[[U], V], /) -> FieldRef[D, V]: ...
    @overload
    def at(self, pick: Callable[[T], V], /) -> FieldRef[D, V]: ...
    def at(self, pick: Callable[[Any], Any], /) -> FieldRef[D, Any]:
        """A column inside a nested object: `User.address.at(lambda a: a.city)`."""
        return FieldRef(self.owner, pick(_Path(self.path)).__dict__["path"])

    def set(self, value: T) -> Change[D]:
        """None on a column that may be missing removes it; ABSENT does on a three-state column."""
        return Change(self.owner, self.path, value)

    def given(self, value: T | Absent | None) -> Change[D]:
        """A change only when the argument was sent: None and ABSENT mean "leave it"."""
        return Change(self.owner, self.path, value, skipped=value is None or value is ABSENT)


class Field(Generic[T]):
    """`title: Field[str]`: on the class a column, on a document a value."""

    def __init__(self, name: str = "") -> None:
        self.name = name

    @overload
    def __get__(self, obj: None, owner: type[D]) -> FieldRef[D, T]: ...
    @overload
    def __get__(self, obj: Document, owner: Any) -> T: ...
    def __get__(self, obj: Document | None, owner: Any) -> Any:
        # Not a data descriptor at run time: once a document is decoded, its own dictionary
        # answers and this is not called again.
        if obj is None:
            ref: FieldRef[Any, Any] = FieldRef(owner, self.name)
            return ref
        return obj._decoded(self.name)

    if TYPE_CHECKING:

        def __set__(self, obj: Document, value: T) -> None: ...


class SystemField(Generic[T]):
    """A column that every stored document has."""

    def __init__(self, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, obj: None, owner: type[D]) -> FieldRef[D, T]: ...
    @overload
    def __get__(self, obj: Document, owner: Any) -> T: ...
    def __get__(self, obj: Document | None, owner: Any) -> Any:
        ref: FieldRef[Any, Any] = FieldRef(owner, self.name)
        return ref if obj is None else obj._decoded(self.name)


class IdField:
    """The `id` column: typed with the table it belongs to."""

    @overload
    def __get__(self, obj: None, owner: type[D]) -> FieldRef[D, Id[D]]: ...
    @overload
    def __get__(self, obj: D, owner: Any) -> Id[D]: ...
    def __get__(self, obj: Document | None, owner: Any) -> Any:
        ref: FieldRef[Any, Any] = FieldRef(owner, "id")
        return ref if obj is None else obj._decoded("id")
