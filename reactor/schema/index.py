"""Index declarations, and the references to them that queries take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reactor.schema.table import Document

D = TypeVar("D", bound="Document")


class IndexRef(Generic[D]):
    """An index of one table, as its class attribute."""

    __slots__ = ("index", "owner")

    def __init__(self, owner: type[D], index: Index) -> None:
        self.owner, self.index = owner, index


class Index:
    """An ordered index over one or more columns.

    Its wire name is the attribute's, unchanged, unless `name` says otherwise. "address.city"
    indexes inside an object. `_creationTime` and `_id` follow the declared columns by themselves.

    Args:
        fields: Python names of columns, most significant first; 1 to 15.
        name: the wire name.
        unique: whether two documents may not share a key; documents that lack one of the fields
            are not compared.
        staged: whether it is built in the background and not yet queried.
        sums: columns whose sums the index keeps.
    """

    def __init__(
        self,
        *fields: str,
        name: str | None = None,
        unique: bool = False,
        staged: bool = False,
        sums: Sequence[str] = (),
    ) -> None:
        self.fields, self.name, self.unique = fields, name or "", unique
        self.staged, self.sums = staged, tuple(sums)

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = self.name or name

    def __get__(self, obj: object, owner: type[D]) -> IndexRef[D]:
        return IndexRef(owner, self)


class SearchIndexRef(Generic[D]):
    """A text index of one table, as its class attribute."""

    __slots__ = ("index", "owner")

    def __init__(self, owner: type[D], index: SearchIndex) -> None:
        self.owner, self.index = owner, index


class SearchIndex:
    """A text index over one string column.

    Args:
        field: the Python name of the searched column.
        filters: columns that a search may be narrowed by, with equality.
        name: the wire name.
        staged: whether it is built in the background and not yet queried.
    """

    def __init__(
        self,
        field: str,
        *,
        filters: Sequence[str] = (),
        name: str | None = None,
        staged: bool = False,
    ) -> None:
        self.field, self.filters, self.name, self.staged = field, tuple(filters), name or "", staged

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = self.name or name

    def __get__(self, obj: object, owner: type[D]) -> SearchIndexRef[D]:
        return SearchIndexRef(owner, self)


class VectorIndexRef(Generic[D]):
    """A vector index of one table, as its class attribute."""

    __slots__ = ("index", "owner")

    def __init__(self, owner: type[D], index: VectorIndex) -> None:
        self.owner, self.index = owner, index


class VectorIndex:
    """A vector index over one column of floats.

    Args:
        field: the Python name of the vector column.
        dimensions: the length of every vector, 2 to 4096.
        filters: columns that a search may be narrowed by, with equality.
        name: the wire name.
        staged: whether it is built in the background and not yet queried.
    """

    def __init__(
        self,
        field: str,
        *,
        dimensions: int,
        filters: Sequence[str] = (),
        name: str | None = None,
        staged: bool = False,
    ) -> None:
        self.field, self.dimensions, self.filters = field, dimensions, tuple(filters)
        self.name, self.staged = name or "", staged

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = self.name or name

    def __get__(self, obj: object, owner: type[D]) -> VectorIndexRef[D]:
        return VectorIndexRef(owner, self)
