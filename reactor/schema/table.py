"""Tables and the documents in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from typing_extensions import dataclass_transform

from reactor.schema.columns import Field, IdField, SystemField
from reactor.schema.fields import FieldSpec, all_specs, field, fill, own_specs, refuse_change
from reactor.schema.index import Index

Decode = Callable[[bytes], dict[str, Any]]


class Document:
    """What a stored row has, whether the table is yours or the system's.

    A stored document starts as its canonical JSON and is decoded when a field is first read; it is
    frozen, so what a handler holds can never reach the store.
    """

    __slots__ = ("_decode", "_raw")

    __table_name__: ClassVar[str]
    __specs__: ClassVar[dict[str, FieldSpec]] = {}
    __camel__: ClassVar[bool] = True
    __variants__: ClassVar[list[type[Document]]] = []

    _raw: bytes | None
    _decode: Decode

    id = IdField()
    creation_time = SystemField[float]("creation_time")
    by_id = Index("id", name="by_id")
    by_creation_time = Index("creation_time", name="by_creation_time")

    def __init_subclass__(cls, *, name: str | None = None, camel: bool = True) -> None:
        super().__init_subclass__()
        if name is not None:
            cls.__table_name__, cls.__camel__, cls.__variants__ = name, camel, []
        elif hasattr(cls, "__table_name__"):
            cls.__variants__.append(cls)
        cls.__specs__ = own_specs(cls)
        for key in cls.__specs__:
            descriptor: Field[Any] = Field(key)
            setattr(cls, key, descriptor)

    if not TYPE_CHECKING:

        def __init__(self, **values: Any) -> None:
            object.__setattr__(self, "_raw", None)
            self.__dict__.update(fill(type(self), all_specs(type(self)), values))

    def _decoded(self, name: str) -> Any:
        values = self.__dict__
        if self._raw is None:
            raise AttributeError(
                f"this {type(self).__name__} has no {name!r}; only stored documents have an id"
            )
        if "id" not in values:
            values.update(self._decode(self._raw))
        if name not in values:
            raise AttributeError(
                f"the stored {type(self).__name__} {values['id']} has no {name!r}: the column is "
                "newer than the document; give it a default, or migrate"
            )
        return values[name]

    def __setattr__(self, name: str, value: object) -> None:
        refuse_change(self, name)

    def __delattr__(self, name: str) -> None:
        refuse_change(self, name)

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other) or not isinstance(other, Document):
            return False
        if self._raw is not None and other._raw is not None:
            return self._raw == other._raw
        return self._raw is other._raw and self.__dict__ == other.__dict__

    def __wire__(self) -> Any:
        """What a result without a declared type sends of it."""
        from reactor.schema.shapes import loose_writer  # shapes is built on this module

        cls: Any = type(self)
        return loose_writer(cls)(self)

    def __hash__(self) -> int:
        return hash(self.id) if self._raw is not None else object.__hash__(self)

    def __repr__(self) -> str:
        if self._raw is not None and "id" not in self.__dict__:
            self.__dict__.update(self._decode(self._raw))
        inside = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({inside})"


def stored(cls: type[Document], raw: bytes, decode: Decode) -> Document:
    """A stored document from its canonical JSON; nothing is decoded yet."""
    document = cls.__new__(cls)
    object.__setattr__(document, "_raw", raw)
    object.__setattr__(document, "_decode", decode)
    return document


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
class Table(Document):
    """`class News(Table, name="news")`: one class, one table.

    A subclass of a table without `name` is a variant: the table holds the union. `camel=False`
    keeps names as written.
    """
