"""What tables, objects and parameters are declared with: `field`, `wire`, `Flat`, `New`, `Id`."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Final, Generic, TypeVar, overload

from reactor.errors import SchemaError
from reactor.values.types import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable

    from reactor.schema.table import Document

T = TypeVar("T")
D = TypeVar("D", bound="Document")


class Id(str, Generic[D]):
    """The id of a document; at run time a plain string."""

    __slots__ = ()


class wire:  # noqa: N801  # reads as a marker: Annotated[str, wire("page_URL")]
    """`Annotated[str, wire("created_at")]`: the exact wire name of a parameter."""

    def __init__(self, name: str) -> None:
        self.name = name


@dataclass(frozen=True, slots=True)
class Marker:
    """What an `Annotated` alias means to the loader."""

    label: str


FLAT: Final = Marker("flat")
NEW: Final = Marker("new")

Flat = Annotated[T, FLAT]
"""Spread on the wire: the fields of T sit beside their neighbours. In parameters, Objects, tables.

`Flat[dict[str, Any]]` takes every field that is not declared; a table with one is not validated.
"""

New = Annotated[T, NEW]
"""A document that is not stored yet: its own fields, without `_id` and `_creationTime`."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """What `field(...)` was given."""

    default: Any = inspect.Parameter.empty
    factory: Callable[[], Any] | None = None
    wire: str | None = None
    doc: str = ""
    secret: bool = False

    @property
    def has_default(self) -> bool:
        """Whether a missing value is filled in."""
        return self.factory is not None or self.default is not inspect.Parameter.empty

    def value(self) -> Any:
        """The default, made afresh when it has a factory."""
        return self.factory() if self.factory is not None else self.default


@overload
def field(*, default: Any, wire: str = ..., doc: str = ..., secret: bool = ...) -> Any: ...
@overload
def field(
    *, default_factory: Callable[[], Any], wire: str = ..., doc: str = ..., secret: bool = ...
) -> Any: ...
@overload
def field(*, wire: str = ..., doc: str = ..., secret: bool = ...) -> Any: ...
def field(**options: Any) -> Any:
    """Describes a column or a field of an Object.

    Args:
        **options: of these, each once:
            default, its value when none is given (None means the key may be missing);
            default_factory, which makes the default afresh, for lists, dicts and Objects;
            wire, the exact wire name; doc, a sentence that says the unit; secret, whether a
            public function should think twice before returning it.
    """
    factory = options.pop("default_factory", None)
    return FieldSpec(factory=factory, **options)


def own_specs(cls: type) -> dict[str, FieldSpec]:
    """The declared fields of one class, without its bases, in order."""
    specs: dict[str, FieldSpec] = {}
    for name, hint in inspect.get_annotations(cls).items():
        if name.startswith("_") or "ClassVar" in str(hint):
            continue
        given = cls.__dict__.get(name, inspect.Parameter.empty)
        specs[name] = given if isinstance(given, FieldSpec) else FieldSpec(default=given)
    return specs


@cache
def all_specs(cls: type) -> dict[str, FieldSpec]:
    """The declared fields of a class and its bases, bases first; computed once per class."""
    specs: dict[str, FieldSpec] = {}
    for base in reversed(cls.__mro__):
        specs.update(base.__dict__.get("__specs__", {}))
    return specs


def fill(cls: type, specs: dict[str, FieldSpec], values: dict[str, Any]) -> dict[str, Any]:
    """Values of a new instance with defaults filled in.

    Raises:
        TypeError: a value is missing or unknown, as Python's own constructors say it.
    """
    out: dict[str, Any] = {}
    for name, spec in specs.items():
        if name in values:
            out[name] = values[name]
        elif spec.has_default:
            out[name] = spec.value()
        else:
            raise TypeError(f"{cls.__name__} needs a value for {name!r}")
    if len(values) > len(specs) or any(name not in specs for name in values):
        unknown = ", ".join(repr(name) for name in values if name not in specs)
        raise TypeError(f"{cls.__name__} has no field {unknown}")
    return out


def is_missable(spec: FieldSpec) -> bool:
    """Whether the key may be missing on the wire: the default is None or ABSENT (API.md G3)."""
    return spec.factory is None and (spec.default is None or spec.default is ABSENT)


def refuse_change(instance: object, name: str) -> None:
    """Raises the error for assigning to something frozen."""
    raise AttributeError(
        f"{type(instance).__name__}.{name} cannot be assigned: documents and objects are frozen; "
        "use ctx.db.patch(id, ...) to store a change, or changed(document, ...) for a copy"
    )


def check_default(where: str, spec: FieldSpec) -> None:
    """Refuses defaults that all instances would share.

    Raises:
        SchemaError: the default is a list, a dict or a set.
    """
    kind = type(spec.default).__name__
    if kind in ("list", "dict", "set"):
        raise SchemaError(f"{where}: use field(default_factory={kind}) instead of a shared default")
